// mailscope test: plays scenarios and checks what they expect.
//
// A World per thread: scenarios share nothing, so their order of running cannot be seen.
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/cli/narrator.h"
#include "sim/cli/paths.h"
#include "sim/cli/text_layout.h"
#include "sim/scenario/expect.h"
#include "sim/scenario/parse.h"
#include "sim/trace/topic.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace mailscope::cli
{
namespace
{

using Clock = std::chrono::steady_clock;

/// What became of one file.
struct FileOutcome
{
    std::string file;
    std::vector<std::string> errors; ///< why it could not be played
    Scenario scenario;
    std::vector<ExpectationResult> results;
    std::vector<std::string> last_trouble; ///< by result; empty where it holds
    double seconds = 0;

    std::size_t failures() const
    {
        return static_cast<std::size_t>(
            std::count_if(results.begin(), results.end(),
                          [](const ExpectationResult &result) { return !result.holds; }));
    }
    bool good() const { return errors.empty() && failures() == 0; }
};

/// The last record that tells of trouble, in one line.
std::string last_trouble_of(const Scenario &scenario, const std::string &remedy)
{
    PlayOptions options;
    options.remedy = remedy;
    const Result<Play> played = play(scenario, options);
    if (!played)
        return std::string();
    const std::vector<std::string> hosts = host_names(played->world);
    for (std::size_t i = played->records.size(); i-- > 0;) {
        const Record &record = played->records[i];
        if (trouble_of(record) == Trouble::None)
            continue;
        const std::string_view text = record.text.view();
        const std::string where =
            record.host.is_none() ? std::string() : " " + hosts[record.host.value];
        return fmt::format("record {} at {}{}: {}{}", record.id.value, clock_text(record.at), where,
                           info_of(record.kind).name,
                           text.empty() ? std::string()
                                        : ": " + printable(text.substr(0, text.find('\r'))));
    }
    return std::string();
}

void test_file(FileOutcome &outcome)
{
    const Clock::time_point begin = Clock::now();
    ParseResult parsed = parse_scenario_file(outcome.file);
    for (const Diagnostic &diagnostic : parsed.diagnostics)
        outcome.errors.push_back(to_string(diagnostic));
    if (parsed.is_good()) {
        outcome.scenario = std::move(parsed.scenario);
        Result<std::vector<ExpectationResult>> results = test_scenario(outcome.scenario);
        if (results)
            outcome.results = std::move(*results);
        else
            outcome.errors.push_back(outcome.file + ": " + results.error().message);
    }
    for (const ExpectationResult &result : outcome.results)
        outcome.last_trouble.push_back(
            result.holds ? std::string()
                         : last_trouble_of(outcome.scenario,
                                           result.spec == nullptr ? "" : result.spec->after));
    outcome.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Runs all files, the next free thread takes the next file. Shows progress at a terminal.
void test_all(std::vector<FileOutcome> &outcomes, std::uint32_t jobs, Output &err)
{
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> done{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < outcomes.size(); i = next++) {
            test_file(outcomes[i]);
            ++done;
        }
    };
    const std::uint32_t wanted =
        jobs != 0 ? jobs : std::max(1U, std::thread::hardware_concurrency());
    const std::size_t count = std::min<std::size_t>(wanted, outcomes.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < count; ++i)
        threads.emplace_back(work);
    for (std::size_t i = next++; i < outcomes.size(); i = next++) {
        test_file(outcomes[i]);
        ++done;
        if (err.is_terminal())
            err.write(fmt::format("\r{}/{}", done.load(), outcomes.size()));
    }
    for (std::thread &thread : threads)
        thread.join();
    if (err.is_terminal())
        err.write("\r\x1b[K");
}

void report(const FileOutcome &outcome, Output &out)
{
    if (outcome.good()) {
        out.line(out.styled(Style::Good, "✓ ") +
                 fmt::format("{} ({} expectations)", outcome.file, outcome.results.size()));
        return;
    }
    out.line(out.styled(Style::Bad, "× ") + outcome.file);
    for (const std::string &error : outcome.errors)
        out.line(error);
    for (std::size_t i = 0; i < outcome.results.size(); ++i) {
        const ExpectationResult &result = outcome.results[i];
        if (result.holds)
            continue;
        const std::string line =
            result.spec == nullptr ? std::string() : ":" + std::to_string(result.spec->line);
        out.line(fmt::format("{}{}: expected: {}", outcome.file, line, result.sentence));
        if (!result.found.empty())
            out.line("    instead: " + result.found);
        if (!outcome.last_trouble[i].empty())
            out.line("    last trouble: " + outcome.last_trouble[i]);
    }
}

std::string xml_escaped(std::string_view text)
{
    std::string result;
    for (const char c : printable(text)) {
        if (c == '<')
            result += "&lt;";
        else if (c == '&')
            result += "&amp;";
        else if (c == '"')
            result += "&quot;";
        else
            result += c;
    }
    return result;
}

/// A test suite per scenario, a case per expectation, in the form that CI servers read.
std::string junit(const std::vector<FileOutcome> &outcomes)
{
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (const FileOutcome &outcome : outcomes) {
        const std::string name = xml_escaped(outcome.file);
        const bool broken = !outcome.errors.empty();
        xml += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
                           "time=\"{:.3f}\">\n",
                           name, outcome.results.size() + (broken ? 1U : 0U), outcome.failures(),
                           broken ? 1 : 0, outcome.seconds);
        for (const std::string &error : outcome.errors)
            xml += fmt::format("    <testcase classname=\"{0}\" name=\"can be played\">"
                               "<error message=\"{1}\"/></testcase>\n",
                               name, xml_escaped(error));
        for (const ExpectationResult &result : outcome.results) {
            xml += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", name,
                               xml_escaped(result.sentence));
            xml += result.holds ? std::string("/>\n")
                                : fmt::format("><failure message=\"{}\"/></testcase>\n",
                                              xml_escaped(result.found));
        }
        xml += "  </testsuite>\n";
    }
    return xml + "</testsuites>\n";
}

} // namespace

ExitStatus test(const TestOptions &options, Streams streams)
{
    const std::optional<std::vector<std::string>> files =
        scenario_files(options.paths, streams.err);
    if (!files)
        return ExitStatus::BadInput;
    std::vector<FileOutcome> outcomes(files->size());
    for (std::size_t i = 0; i < files->size(); ++i)
        outcomes[i].file = (*files)[i];
    test_all(outcomes, options.jobs, streams.err);
    std::size_t good = 0;
    std::size_t broken = 0;
    for (const FileOutcome &outcome : outcomes) {
        report(outcome, streams.out);
        good += outcome.good() ? 1U : 0U;
        broken += outcome.errors.empty() ? 0U : 1U;
    }
    streams.out.line(fmt::format("{} of {} scenarios good", good, outcomes.size()));
    if (!options.junit_file.empty() && !write_file(options.junit_file, junit(outcomes))) {
        complain(streams.err, options.junit_file + ": cannot be written");
        return ExitStatus::BadInput;
    }
    if (broken > 0)
        return ExitStatus::BadInput;
    return good == outcomes.size() ? ExitStatus::Good : ExitStatus::ExpectationFailed;
}

} // namespace mailscope::cli
