// mailscope explain: what the text catalogue knows about a code or a word.
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/cli/text_layout.h"
#include "sim/core/text.h"
#include "sim/scenario/diagnostics.h"

#include <array>

namespace mailscope::cli
{
namespace
{

class Explanation
{
public:
    Explanation(const Catalogue &catalogue, Output &out) : catalogue_(catalogue), out_(out) {}

    void tell(const Entry &entry);
    void tell_cases(const Entry &entry);

private:
    void paragraph(std::string_view text);
    void field(std::string_view label, std::string_view text);

    const Catalogue &catalogue_;
    Output &out_;
};

void Explanation::paragraph(std::string_view text)
{
    if (text.empty())
        return;
    for (const std::string &line : wrap(text, out_.columns() - 2))
        out_.line("  " + line);
}

void Explanation::field(std::string_view label, std::string_view text)
{
    constexpr std::size_t label_columns = 22;
    if (text.empty())
        return;
    const std::vector<std::string> lines = wrap(text, out_.columns() - label_columns - 2);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view left = i == 0 ? catalogue_.ui(label) : std::string_view();
        out_.line("  " + out_.styled(Style::Heading, padded(left, label_columns)) + lines[i]);
    }
}

void Explanation::tell(const Entry &entry)
{
    constexpr std::array<std::string_view, 5> faults = {"nobody", "sender", "recipient", "server",
                                                        "network"};
    constexpr std::array<std::string_view, 3> lastings = {"none", "temporary", "permanent"};
    out_.line(out_.styled(Style::Heading, entry.title.empty() ? entry.key : entry.title));
    // A sentence with names in braces is about one record; here it is about all of them.
    if (names_in(entry.say).empty())
        paragraph(entry.say);
    paragraph(entry.detail);
    out_.line();
    field("wire", entry.wire);
    field("cause", entry.cause);
    field("remedy", entry.remedy);
    if (entry.lasting != Lasting::None)
        field("lasting",
              catalogue_.ui("lasting-" +
                            std::string(lastings[static_cast<std::size_t>(entry.lasting)])));
    if (entry.fault != Fault::Nobody)
        field("fault",
              catalogue_.ui("fault-" + std::string(faults[static_cast<std::size_t>(entry.fault)])));
    field("rfc", entry.rfc);
    for (const std::string_view lesson : entry.lessons)
        field("lessons", "mailscope run scenarios/" + std::string(lesson) + ".json");
}

/// The special cases of a code: 550 5.1.1, 550 5.7.1 ...
void Explanation::tell_cases(const Entry &entry)
{
    const std::span<const Entry> cases = catalogue_.starting_with(std::string(entry.key) + ".");
    if (cases.empty())
        return;
    out_.line();
    out_.line(out_.styled(Style::Heading, catalogue_.ui("cases")));
    for (const Entry &each : cases) {
        const std::string_view name = each.key.substr(each.key.find('.') + 1);
        out_.line("  " + padded(name, 24) + std::string(each.title));
    }
}

} // namespace

ExitStatus explain(const ExplainOptions &options, Streams streams)
{
    const Catalogue catalogue = load_catalogue(options.language);
    Explanation explanation(catalogue, streams.out);
    if (const Entry *entry = catalogue.look_up(options.term)) {
        explanation.tell(*entry);
        explanation.tell_cases(*entry);
        return ExitStatus::Good;
    }
    std::vector<std::string_view> known;
    for (const Entry &entry : catalogue.entries())
        for (const std::string_view name : entry.names)
            known.push_back(name);
    const std::string_view near = nearest_name(options.term, known);
    complain(streams.err, fill(catalogue.ui("unknown-word"), {{"text", printable(options.term)}}) +
                              (near.empty() ? std::string()
                                            : " " + fill(catalogue.ui("near-words"),
                                                         {{"text", std::string(near)}})));
    return ExitStatus::BadInput;
}

} // namespace mailscope::cli
