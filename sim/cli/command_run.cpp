// mailscope run: plays a scenario and tells what happens.
#include "sim/cli/commands.h"
#include "sim/cli/ending.h"
#include "sim/cli/loading.h"
#include "sim/cli/narrator.h"
#include "sim/cli/stepping.h"
#include "sim/cli/text_layout.h"
#include "sim/scenario/expect.h"
#include "sim/trace/json_lines.h"
#include "sim/trace/query.h"

#include <algorithm>

namespace mailscope::cli
{
namespace
{

/// The query of --filter; nothing, said on `err`, when it is none.
std::optional<Query> read_filter(const RunOptions &options, const std::vector<std::string> &hosts,
                                 Output &err)
{
    Result<Query> query = Query::parse(options.filter, hosts);
    if (query)
        return std::move(*query);
    complain(err, "--filter: " + query.error().message);
    return std::nullopt;
}

void write_trace(const Play &play, const std::vector<std::string> &hosts, const Query &filter,
                 Output &out)
{
    std::string line;
    for (std::size_t i = 0; i < play.records.size() && !out.closed(); ++i) {
        if (!filter.matches(play.records[i]))
            continue;
        line.clear();
        append_json_line(line, play.records[i], play.records, hosts);
        out.write(line);
    }
}

/// Tells all of a story. With a remedy: in short what everybody knows from the run without it, and
/// in full what comes of it.
void tell(const Play &play, Narrator &narrator, const Query &filter, const Output &out)
{
    const std::size_t fork = play.forked_at.value_or(0);
    for (std::size_t i = 0; i < play.records.size() && !out.closed(); ++i) {
        if (i == fork && play.forked_at)
            narrator.tell_fork();
        if (!filter.matches(play.records[i]))
            continue;
        if (i < fork)
            narrator.tell_in_short(i);
        else
            narrator.tell(i);
    }
}

ExitStatus status_of(const std::vector<ExpectationResult> &results)
{
    const bool good = std::all_of(results.begin(), results.end(),
                                  [](const ExpectationResult &result) { return result.holds; });
    return good ? ExitStatus::Good : ExitStatus::ExpectationFailed;
}

} // namespace

ExitStatus run(const RunOptions &options, Streams streams)
{
    const std::optional<Scenario> scenario = load_scenario(options.file, streams.err);
    if (!scenario)
        return ExitStatus::BadInput;
    PlayOptions how;
    how.seed = options.seed;
    how.until = options.until;
    how.remedy = options.remedy;
    const std::optional<Play> played = play_scenario(*scenario, how, streams.err);
    if (!played)
        return ExitStatus::BadInput;
    const std::vector<std::string> hosts = host_names(played->world);
    const std::optional<Query> filter = read_filter(options, hosts, streams.err);
    if (!filter)
        return ExitStatus::BadInput;
    // With --until the end is not the story's end, and nothing can be expected of it.
    std::vector<ExpectationResult> results;
    if (!options.until)
        results = check_expectations(*scenario, *played, options.remedy);
    if (options.format == RunFormat::JsonLines)
        write_trace(*played, hosts, *filter, streams.out);
    if (options.format == RunFormat::Text) {
        const Catalogue catalogue = load_catalogue(options.language);
        tell_title(*scenario, catalogue, streams.out);
        const Telling telling{*scenario, played->records, hosts,
                              catalogue, options.detail,  options.filter.empty()};
        Narrator narrator(telling, streams.out);
        if (options.step && streams.out.is_terminal() &&
            step_through(telling, *filter, streams.out))
            return status_of(results);
        if (!options.step || !streams.out.is_terminal())
            tell(*played, narrator, *filter, streams.out);
        tell_ending({*scenario, *played, hosts, catalogue, results, options}, streams.out);
    }
    return status_of(results);
}

} // namespace mailscope::cli
