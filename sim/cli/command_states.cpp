// mailscope states: the state table of an engine, as a table and as a Mermaid diagram.
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/cli/text_layout.h"
#include "sim/hosts/mail_queue.h"
#include "sim/net/tcp.h"
#include "sim/protocol/dns/states.h"
#include "sim/protocol/http/states.h"
#include "sim/protocol/imap/states.h"
#include "sim/protocol/pop3/states.h"
#include "sim/protocol/smtp/states.h"
#include "sim/scenario/diagnostics.h"

#include <algorithm>
#include <array>

namespace mailscope::cli
{
namespace
{

/// One row of any table, in words.
struct Row
{
    std::string from;
    std::string input;
    std::string to;
    std::string note;
    bool refused = false; ///< the input does nothing but be refused
};

template <class Table> std::vector<Row> rows_of(const Table &table)
{
    std::vector<Row> rows;
    for (const auto &row : table)
        rows.push_back({std::string(to_string(row.state)), std::string(to_string(row.input)),
                        std::string(to_string(row.next)), std::string(row.note), false});
    return rows;
}

std::vector<Row> smtp_server_rows()
{
    std::vector<Row> rows;
    for (const smtp::ServerTransition &row : smtp::server_transitions())
        rows.push_back({std::string(to_string(row.from)), std::string(to_string(row.input)),
                        std::string(to_string(row.to)), std::string(row.note),
                        row.refusal != smtp::Phrase::None});
    return rows;
}

std::vector<Row> smtp_client_rows()
{
    std::vector<Row> rows;
    for (const smtp::ClientTransition &row : smtp::client_transitions())
        rows.push_back({std::string(to_string(row.from)), std::string(to_string(row.input)),
                        std::string(to_string(row.to)), std::string(row.note), false});
    return rows;
}

/// An engine with a table.
struct Engine
{
    std::string_view name;
    std::vector<Row> (*rows)();
};

const std::array engines = {
    Engine{"smtp-server", smtp_server_rows},
    Engine{"smtp-client", smtp_client_rows},
    Engine{"pop3-server", [] { return rows_of(pop3::server_transitions()); }},
    Engine{"pop3-client", [] { return rows_of(pop3::client_transitions()); }},
    Engine{"imap-server", [] { return rows_of(imap::server_transitions()); }},
    Engine{"imap-client", [] { return rows_of(imap::client_transitions()); }},
    Engine{"http-server", [] { return rows_of(http::server_transitions()); }},
    Engine{"http-client", [] { return rows_of(http::client_transitions()); }},
    Engine{"dns-resolver", [] { return rows_of(dns::resolution_transitions()); }},
    Engine{"tcp", [] { return rows_of(net::tcp_transitions()); }},
    Engine{"delivery", [] { return rows_of(delivery_transitions()); }},
};

void print_table(const std::vector<Row> &rows, Output &out)
{
    std::array<std::size_t, 3> widths = {5, 5, 4};
    for (const Row &row : rows) {
        widths[0] = std::max(widths[0], row.from.size());
        widths[1] = std::max(widths[1], row.input.size());
        widths[2] = std::max(widths[2], row.to.size());
    }
    const auto print = [&](const Row &row, Style style) {
        out.line(out.styled(style, padded(row.from, widths[0] + 2) +
                                       padded(row.input, widths[1] + 2) +
                                       padded(row.refused ? "×" : row.to, widths[2] + 2)) +
                 row.note);
    };
    print({"state", "input", "next", "what happens", false}, Style::Heading);
    for (const Row &row : rows)
        print(row, row.refused ? Style::Dim : Style::Plain);
}

void print_diagram(const std::vector<Row> &rows, Output &out)
{
    out.line("```mermaid");
    out.line("stateDiagram-v2");
    for (const Row &row : rows)
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
    for (const Engine &engine : engines) {
        out.line();
        out.line("## " + std::string(engine.name));
        out.line();
        out.line("| state | input | next | what happens |");
        out.line("|---|---|---|---|");
        const std::vector<Row> rows = engine.rows();
        for (const Row &row : rows)
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
    for (const Engine &engine : engines)
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
    const std::vector<Row> rows = engines[static_cast<std::size_t>(named - names.begin())].rows();
    print_table(rows, streams.out);
    streams.out.line();
    print_diagram(rows, streams.out);
    return ExitStatus::Good;
}

} // namespace mailscope::cli
