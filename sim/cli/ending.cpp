// The title of a told run and its ending.
#include "sim/cli/ending.h"

#include "sim/cli/loading.h"
#include "sim/cli/narrator.h"
#include "sim/cli/text_layout.h"
#include "sim/world/inspect.h"

#include <array>

namespace mailscope::cli
{
namespace
{

std::string host_name(const std::vector<std::string> &hosts, HostId id)
{
    return !id.is_none() && id.value < hosts.size() ? hosts[id.value] : std::string();
}

void tell_places(const Ending &ending, Output &out)
{
    const std::vector<std::string> texts =
        letter_place_texts(ending.play.world, ending.catalogue, ending.hosts);
    for (const std::string &text : texts)
        tell_item("✉", Style::Plain, text, out);
    if (texts.empty())
        tell_item("✉", Style::Plain, ending.catalogue.ui("cli.no-letters"), out);
}

void tell_expectations(const Ending &ending, Output &out)
{
    if (ending.results.empty())
        return;
    out.line();
    out.line(out.styled(Style::Heading, ending.catalogue.ui("expectations")));
    for (const ExpectationResult &result : ending.results) {
        tell_item(result.holds ? "✓" : "×", result.holds ? Style::Good : Style::Bad,
                  expectation_text(*result.spec, ending.catalogue), out);
        if (!result.holds)
            tell_item("", Style::Dim, result.found, out);
    }
}

void tell_remedies(const Ending &ending, Output &out)
{
    if (ending.scenario.remedies.empty())
        return;
    out.line();
    out.line(out.styled(Style::Heading, ending.catalogue.ui("remedies")));
    for (const RemedySpec &remedy : ending.scenario.remedies) {
        const bool applied = remedy.id == ending.options.remedy;
        tell_item(applied ? "✓" : "·", applied ? Style::Good : Style::Plain,
                  in_language(remedy.label, ending.catalogue.language()), out);
        if (!applied) // on one line, however long: it is there to be copied
            out.line(out.styled(Style::Dim, "    mailscope run " + ending.options.file +
                                                " --remedy " + remedy.id));
    }
}

} // namespace

void tell_heading(std::string_view text, Output &out)
{
    out.line();
    tell_rule(text, out);
}

void tell_item(std::string_view mark, Style style, std::string_view text, Output &out)
{
    constexpr std::size_t indent = 4;
    const std::vector<std::string> lines = wrap(text, out.columns() - indent);
    for (std::size_t i = 0; i < lines.size(); ++i)
        out.line(
            out.styled(style, padded("  " + std::string(i == 0 ? mark : ""), indent) + lines[i]));
}

void tell_title(const Scenario &scenario, const Catalogue &catalogue, Output &out)
{
    out.line(out.styled(Style::Heading, in_language(scenario.title, catalogue.language())));
    const std::string &summary = in_language(scenario.summary, catalogue.language());
    if (!summary.empty())
        for (const std::string &line : wrap(summary, out.columns()))
            out.line(line);
}

std::vector<std::string> letter_place_texts(const World &world, const Catalogue &catalogue,
                                            const std::vector<std::string> &hosts)
{
    std::vector<std::string> texts;
    for (const LetterPlace &letter : letter_places(world)) {
        if (letter.place == Place::Sent)
            continue;
        std::string key = "cli.place." + std::string(to_string(letter.place));
        if (letter.place == Place::Device)
            key += letter.seen ? ".read" : ".unread";
        const std::string folder = letter.folder.empty() ? std::string()
                                                         : fill(catalogue.ui("cli.place.folder"),
                                                                {{"what", letter.folder}});
        texts.push_back(fill(catalogue.ui(key), {{"what", letter.subject},
                                                 {"who", letter.owner},
                                                 {"host", host_name(hosts, letter.host)},
                                                 {"size", std::to_string(letter.size)}}) +
                        folder);
    }
    return texts;
}

std::string expectation_text(const ExpectationSpec &spec, const Catalogue &catalogue)
{
    const bool never = spec.kind == ExpectationKind::Happened && spec.count_max == 0U;
    constexpr std::array<std::string_view, 11> keys = {
        "delivered", "not-delivered", "on-device", "not-on-device", "on-server", "not-on-server",
        "bounce",    "delayed",       "refused",   "queued",        "happened"};
    const std::string_view key =
        never ? "never-happened" : keys[static_cast<std::size_t>(spec.kind)];
    const std::string who = spec.kind == ExpectationKind::Refused ||
                                    spec.kind == ExpectationKind::OnDevice ||
                                    spec.kind == ExpectationKind::NotOnDevice
                                ? spec.who
                                : spec.to;
    std::string text = fill(catalogue.ui("cli.expect." + std::string(key)),
                            {{"who", who},
                             {"host", spec.host},
                             {"status", spec.status},
                             {"code", spec.code == 0 ? "" : std::to_string(spec.code)},
                             {"text", spec.query}});
    if (!spec.subject.empty())
        text += fill(catalogue.ui("cli.expect.subject"), {{"what", spec.subject}});
    if (!spec.own_folder.empty())
        text += fill(catalogue.ui("cli.expect.own-folder"), {{"what", spec.own_folder}});
    if (spec.folder != FolderSpec::Inbox)
        text += catalogue.ui(spec.folder == FolderSpec::Drafts ? "cli.expect.folder.drafts"
                                                               : "cli.expect.folder.sent");
    if (spec.count)
        text += fill(catalogue.ui("cli.expect.count"), {{"count", std::to_string(*spec.count)}});
    if (!spec.device.empty())
        text += " (" + spec.device + ")";
    return text;
}

void tell_ending(const Ending &ending, Output &out)
{
    tell_heading(
        fill(ending.catalogue.ui("cli.ending"), {{"text", clock_text(ending.play.world.now)}}),
        out);
    tell_places(ending, out);
    tell_expectations(ending, out);
    tell_remedies(ending, out);
}

} // namespace mailscope::cli
