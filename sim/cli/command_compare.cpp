// mailscope compare: one story by different protocols, side by side, scene by scene.
#include "sim/cli/commands.h"
#include "sim/cli/ending.h"
#include "sim/cli/loading.h"
#include "sim/cli/text_layout.h"
#include "sim/scenario/compare.h"
#include "sim/trace/topic.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::cli
{
namespace
{

using Lines = std::vector<std::string>;

/// Prints a comparison as a table per scene: a row per letter, a column per scenario.
class Board
{
public:
    Board(const Comparison &comparison, const std::vector<std::string> &files,
          const Catalogue &catalogue, Output &out)
        : comparison_(comparison), files_(files), catalogue_(catalogue), out_(out)
    {
    }

    void introduction(const std::vector<Scenario> &scenarios);
    void scene(std::size_t number);
    void difference();

private:
    std::string copy_text(const Copy &copy) const;
    Lines cell(const SceneState &state, const std::string &subject) const;
    void row(const std::string &name, const std::vector<Lines> &cells, Style style);
    std::string heading(std::size_t number) const;
    std::string reason(const NotDone &not_done, const std::vector<std::string> &hosts) const;

    const Comparison &comparison_;
    const std::vector<std::string> &files_;
    const Catalogue &catalogue_;
    Output &out_;
};

/// "hana-laptop: device, folder Choir, read".
std::string Board::copy_text(const Copy &copy) const
{
    const std::string where(catalogue_.ui("cli.where." + std::string(to_string(copy.place))));
    const bool may_be_unread = copy.place == Place::Mailbox || copy.place == Place::Device;
    if (!may_be_unread)
        return copy.host + ": " + where;
    std::string folder;
    if (!copy.folder.empty())
        folder = fill(catalogue_.ui("cli.compare.folder"), {{"what", printable(copy.folder)}});
    return fmt::format("{}: {}, {}{}", copy.host, where, folder,
                       catalogue_.ui(copy.seen ? "cli.compare.read" : "cli.compare.unread"));
}

Lines Board::cell(const SceneState &state, const std::string &subject) const
{
    Lines lines;
    for (const Copy &copy : state.copies)
        if (copy.subject == subject)
            lines.push_back(copy_text(copy));
    if (lines.empty())
        lines.emplace_back(catalogue_.ui("cli.compare.nowhere"));
    return lines;
}

/// Cells side by side, each as wide as the terminal allows, in as many lines as they need.
void Board::row(const std::string &name, const std::vector<Lines> &cells, Style style)
{
    if (!name.empty())
        out_.line(out_.styled(style, cut(name, out_.columns())));
    const std::size_t width = (out_.columns() - 2) / cells.size();
    std::vector<Lines> wrapped(cells.size());
    std::size_t height = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        for (const std::string &line : cells[i])
            for (std::string &piece : wrap(line, width - 2))
                wrapped[i].push_back(std::move(piece));
        height = std::max(height, wrapped[i].size());
    }
    for (std::size_t y = 0; y < height; ++y) {
        std::string line = "  ";
        for (std::size_t i = 0; i < wrapped.size(); ++i) {
            const std::string text = y < wrapped[i].size() ? wrapped[i][y] : std::string();
            line += i + 1 == wrapped.size() ? text : padded(text, width);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out_.line(name.empty() ? out_.styled(style, line) : line);
    }
}

std::string Board::heading(std::size_t number) const
{
    return printable(in_language(comparison_.scenes[number].heading, catalogue_.language()));
}

/// The sentence about it, as in a run; where there is none, what the record says.
std::string Board::reason(const NotDone &not_done, const std::vector<std::string> &hosts) const
{
    const Entry *entry = catalogue_.find_first(topic_keys(not_done.record));
    if (entry == nullptr)
        return printable(fmt::format("{}: {}", not_done.host, not_done.record.text.view()));
    return printable(fill(entry->say, topic_values(not_done.record, hosts, catalogue_.language())));
}

/// What is compared, in the scenarios' own words, and what the marks mean.
void Board::introduction(const std::vector<Scenario> &scenarios)
{
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        const std::string title = printable(in_language(scenarios[i].title, catalogue_.language()));
        out_.line(out_.styled(Style::Heading, fmt::format("{}  {}", files_[i], title)));
        const std::string about =
            printable(in_language(scenarios[i].summary, catalogue_.language()));
        for (const std::string &line : wrap(about, out_.columns() - 2))
            out_.line("  " + line);
    }
    out_.line();
    for (const std::string &line : wrap(catalogue_.ui("cli.compare.marks"), out_.columns()))
        out_.line(line);
}

void Board::scene(std::size_t number)
{
    const ComparedScene &scene = comparison_.scenes[number];
    tell_heading(fmt::format("{}. {}", number + 1, heading(number)), out_);
    std::vector<Lines> names;
    names.reserve(files_.size());
    for (const std::string &file : files_)
        names.push_back({file});
    row("", names, Style::Dim);
    for (const std::string &subject : scene.subjects()) {
        std::vector<Lines> cells;
        cells.reserve(scene.states.size());
        for (const SceneState &state : scene.states)
            cells.push_back(cell(state, subject));
        const bool differs = std::any_of(cells.begin(), cells.end(),
                                         [&](const Lines &each) { return each != cells.front(); });
        row(fmt::format("{} {}", differs ? "≠" : "✉", printable(subject)), cells,
            differs ? Style::Bad : Style::Plain);
    }
    std::vector<Lines> not_done;
    bool any = false;
    for (std::size_t i = 0; i < scene.states.size(); ++i) {
        any = any || !scene.states[i].not_done.empty();
        not_done.emplace_back();
        for (const NotDone &each : scene.states[i].not_done)
            not_done.back().push_back(reason(each, comparison_.hosts[i]));
    }
    if (any)
        row(std::string(catalogue_.ui("cli.compare.not-done")), not_done, Style::Bad);
}

void Board::difference()
{
    if (!comparison_.first_difference) {
        out_.line();
        return out_.line(catalogue_.ui("cli.compare.same"));
    }
    const SceneDifference &found = *comparison_.first_difference;
    tell_heading(fill(catalogue_.ui("cli.compare.first"),
                      {{"count", std::to_string(found.scene + 1)}, {"text", heading(found.scene)}}),
                 out_);
    if (!found.subject.empty())
        out_.line("✉ " + printable(found.subject));
    const auto line = [&](std::size_t scenario, const std::optional<Copy> &copy) {
        out_.line(fmt::format("  {}: {}", files_[scenario],
                              copy ? copy_text(*copy)
                                   : std::string(catalogue_.ui("cli.compare.not-there"))));
    };
    line(0, found.here);
    line(found.scenario, found.there);
}

} // namespace

ExitStatus compare(const CompareOptions &options, Streams streams)
{
    std::vector<Scenario> scenarios;
    for (const std::string &file : options.files) {
        std::optional<Scenario> scenario = load_scenario(file, streams.err);
        if (!scenario)
            return ExitStatus::BadInput;
        scenarios.push_back(std::move(*scenario));
    }
    const Result<Comparison> comparison = mailscope::compare(scenarios);
    if (!comparison) {
        complain(streams.err, comparison.error().message);
        return ExitStatus::BadInput;
    }
    std::vector<std::string> names;
    for (const std::string &file : options.files) {
        const std::size_t slash = file.rfind('/') + 1; // 0 when there is none
        names.push_back(file.substr(slash, file.rfind('.') - slash));
    }
    const Catalogue catalogue = load_catalogue(options.language);
    Board board(*comparison, names, catalogue, streams.out);
    board.introduction(scenarios);
    for (std::size_t i = 0; i < comparison->scenes.size(); ++i)
        board.scene(i);
    board.difference();
    return ExitStatus::Good;
}

} // namespace mailscope::cli
