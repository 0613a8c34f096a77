// mailscope states: the state table of an engine, as a table and as a Mermaid diagram.
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/cli/text_layout.h"
#include "sim/scenario/diagnostics.h"
#include "sim/world/engine_tables.h"

#include <algorithm>
#include <array>

namespace mailscope::cli
{
namespace
{

void print_table(const std::vector<EngineStep> &rows, Output &out)
{
    std::array<std::size_t, 3> widths = {5, 5, 4};
    for (const EngineStep &row : rows) {
        widths[0] = std::max(widths[0], row.from.size());
        widths[1] = std::max(widths[1], row.input.size());
        widths[2] = std::max(widths[2], row.to.size());
    }
    const auto print = [&](const EngineStep &row, Style style) {
        out.line(out.styled(style, padded(row.from, widths[0] + 2) +
                                       padded(row.input, widths[1] + 2) +
                                       padded(row.refused ? "×" : row.to, widths[2] + 2)) +
                 row.note);
    };
    print({"state", "input", "next", "what happens", false}, Style::Heading);
    for (const EngineStep &row : rows)
        print(row, row.refused ? Style::Dim : Style::Plain);
}

void print_diagram(const std::vector<EngineStep> &rows, Output &out)
{
    out.line("```mermaid");
    out.line("stateDiagram-v2");
    for (const EngineStep &row : rows)
        if (!row.refused)
            out.line("    " + row.from + " --> " + row.to + ": " + row.input);
    out.line("```");
}

/// All tables as one page: docs/states.md.
void print_page(Output &out)
{
    out.line("# The state tables of the engines");
    out.line();
    out.line(
        "Printed by `mailscope states`; a test holds this page against the engines' own tables.");
    out.line(
        "What is in no row is refused or cannot happen. × marks an input that is answered by a");
    out.line("refusal and does nothing else; the diagrams leave those out.");
    for (const EngineTable &engine : engine_tables()) {
        out.line();
        out.line("## " + std::string(engine.name));
        out.line();
        out.line("| state | input | next | what happens |");
        out.line("|---|---|---|---|");
        const std::vector<EngineStep> rows = engine.rows();
        for (const EngineStep &row : rows)
            out.line("| " + row.from + " | " + row.input + " | " + (row.refused ? "×" : row.to) +
                     " | " + row.note + " |");
        out.line();
        print_diagram(rows, out);
    }
}

} // namespace

ExitStatus states(const std::string &name, Streams streams)
{
    if (name.empty()) {
        print_page(streams.out);
        return ExitStatus::Good;
    }
    std::vector<std::string_view> names;
    for (const EngineTable &engine : engine_tables())
        names.push_back(engine.name);
    const auto named = std::find(names.begin(), names.end(), name);
    if (named == names.end()) {
        std::string message = "\"" + printable(name) + "\": expected";
        for (const std::string_view each : names)
            message += " " + std::string(each);
        const std::string_view near = nearest_name(name, names);
        complain(streams.err,
                 message + (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
        return ExitStatus::BadInput;
    }
    const std::vector<EngineStep> rows =
        engine_tables()[static_cast<std::size_t>(named - names.begin())].rows();
    print_table(rows, streams.out);
    streams.out.line();
    print_diagram(rows, streams.out);
    return ExitStatus::Good;
}

} // namespace mailscope::cli
