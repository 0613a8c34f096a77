// mailscope diff: where two stories part, and how both end.
#include "sim/cli/commands.h"
#include "sim/cli/ending.h"
#include "sim/cli/loading.h"
#include "sim/cli/narrator.h"
#include "sim/cli/text_layout.h"
#include "sim/world/timeline.h"

#include <fmt/format.h>

namespace mailscope::cli
{
namespace
{

/// One of the two stories.
struct Side
{
    std::string label;
    Scenario scenario;
    Play play;
    std::vector<std::string> hosts;
};

std::optional<Side> load_side(const std::string &file, const std::string &remedy, Output &err)
{
    std::optional<Scenario> scenario = load_scenario(file, err);
    if (!scenario)
        return std::nullopt;
    PlayOptions how;
    how.remedy = remedy;
    std::optional<Play> played = play_scenario(*scenario, how, err);
    if (!played)
        return std::nullopt;
    std::vector<std::string> hosts = host_names(played->world);
    return Side{remedy.empty() ? file : file + " --remedy " + remedy, std::move(*scenario),
                std::move(*played), std::move(hosts)};
}

void tell_record(const Side &side, std::size_t index, bool there, const Catalogue &catalogue,
                 Output &out)
{
    out.line(out.styled(Style::Heading, side.label));
    if (!there)
        return tell_item("", Style::Dim, catalogue.ui("cli.diff.ended"), out);
    const Record &record = side.play.records[index];
    const Narrator narrator(
        {side.scenario, side.play.records, side.hosts, catalogue, Detail::Packets}, out);
    tell_item(
        "", trouble_of(record) == Trouble::None ? Style::Plain : Style::Bad,
        fmt::format("{}  {}  {}", record.id.value, clock_text(record.at), narrator.summary(record)),
        out);
    const std::string sentence = narrator.sentence(record);
    if (!sentence.empty())
        tell_item("", Style::Dim, sentence, out);
}

void tell_outcome(const Side &side, const Catalogue &catalogue, Output &out)
{
    out.line(out.styled(Style::Heading, side.label) + "  " + clock_text(side.play.world.now));
    for (const std::string &text : letter_place_texts(side.play.world, catalogue, side.hosts))
        tell_item("✉", Style::Plain, text, out);
}

} // namespace

ExitStatus diff(const DiffOptions &options, Streams streams)
{
    if (options.second.empty() == options.remedy.empty()) {
        complain(streams.err, "diff needs either a second file or --remedy ID");
        return ExitStatus::BadInput;
    }
    const std::optional<Side> first = load_side(options.first, "", streams.err);
    const std::optional<Side> second = load_side(
        options.second.empty() ? options.first : options.second, options.remedy, streams.err);
    if (!first || !second)
        return ExitStatus::BadInput;
    const Catalogue catalogue = load_catalogue(options.language);
    const std::optional<Difference> difference =
        first_difference(first->play.records, second->play.records);
    Output &out = streams.out;
    if (!difference) {
        out.line(catalogue.ui("diff-same"));
        return ExitStatus::Good;
    }
    out.line(fill(catalogue.ui("cli.diff.first"), {{"count", std::to_string(difference->index)}}));
    out.line();
    tell_record(*first, difference->index, difference->in_first, catalogue, out);
    tell_record(*second, difference->index, difference->in_second, catalogue, out);
    tell_heading(catalogue.ui("cli.diff.outcomes"), out);
    tell_outcome(*first, catalogue, out);
    tell_outcome(*second, catalogue, out);
    return ExitStatus::Good;
}

} // namespace mailscope::cli
