// The engines' tables in words.
#include "sim/world/engine_tables.h"

#include "sim/hosts/mail_queue.h"
#include "sim/net/tcp.h"
#include "sim/protocol/dns/states.h"
#include "sim/protocol/http/states.h"
#include "sim/protocol/imap/states.h"
#include "sim/protocol/pop3/states.h"
#include "sim/protocol/smtp/states.h"

#include <algorithm>
#include <array>

namespace mailscope
{
namespace
{

template <class Table> std::vector<EngineStep> rows_of(const Table &table)
{
    std::vector<EngineStep> rows;
    for (const auto &row : table)
        rows.push_back({std::string(to_string(row.state)), std::string(to_string(row.input)),
                        std::string(to_string(row.next)), std::string(row.note), false});
    return rows;
}

std::vector<EngineStep> smtp_server_rows()
{
    std::vector<EngineStep> rows;
    for (const smtp::ServerTransition &row : smtp::server_transitions())
        rows.push_back({std::string(to_string(row.from)), std::string(to_string(row.input)),
                        std::string(to_string(row.to)), std::string(row.note),
                        row.refusal != smtp::Phrase::None});
    return rows;
}

std::vector<EngineStep> smtp_client_rows()
{
    std::vector<EngineStep> rows;
    for (const smtp::ClientTransition &row : smtp::client_transitions())
        rows.push_back({std::string(to_string(row.from)), std::string(to_string(row.input)),
                        std::string(to_string(row.to)), std::string(row.note), false});
    return rows;
}

const std::array tables = {
    EngineTable{"smtp-server", smtp_server_rows},
    EngineTable{"smtp-client", smtp_client_rows},
    EngineTable{"pop3-server", [] { return rows_of(pop3::server_transitions()); }},
    EngineTable{"pop3-client", [] { return rows_of(pop3::client_transitions()); }},
    EngineTable{"imap-server", [] { return rows_of(imap::server_transitions()); }},
    EngineTable{"imap-client", [] { return rows_of(imap::client_transitions()); }},
    EngineTable{"http-server", [] { return rows_of(http::server_transitions()); }},
    EngineTable{"http-client", [] { return rows_of(http::client_transitions()); }},
    EngineTable{"dns-resolver", [] { return rows_of(dns::resolution_transitions()); }},
    EngineTable{"tcp", [] { return rows_of(net::tcp_transitions()); }},
    EngineTable{"delivery", [] { return rows_of(delivery_transitions()); }},
};

} // namespace

std::span<const EngineTable> engine_tables() { return tables; }

const EngineTable *find_engine_table(std::string_view name)
{
    const auto found = std::find_if(tables.begin(), tables.end(),
                                    [&](const EngineTable &table) { return table.name == name; });
    return found == tables.end() ? nullptr : &*found;
}

} // namespace mailscope
