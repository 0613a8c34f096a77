// mailscope inspect: what is true at a moment, as tables.
#include "sim/cli/commands.h"
#include "sim/cli/ending.h"
#include "sim/cli/loading.h"
#include "sim/cli/narrator.h"
#include "sim/cli/text_layout.h"
#include "sim/world/inspect.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::cli
{
namespace
{

using Cells = std::vector<std::string>;

/// A table with a heading from the catalogue; nothing when it has no rows. Headings of columns are
/// the catalogue's too, one text with the columns separated by "|".
class Tables
{
public:
    Tables(const World &world, const Catalogue &catalogue, Output &out)
        : world_(world), catalogue_(catalogue), out_(out)
    {
    }

    void queues();
    void letters();
    void mailboxes();
    void devices();
    void contacts();
    void web_sessions();
    void caches();
    void translations();
    void connections();
    void engines();
    void faults();

private:
    void print(const std::string &key, const std::vector<Cells> &rows);
    std::string host(HostId id) const
    {
        return id.is_none() ? std::string("?") : world_.directory->name_of(id);
    }
    std::string yes(bool value) const
    {
        return std::string(catalogue_.ui(value ? "cli.yes" : "cli.no"));
    }

    const World &world_;
    const Catalogue &catalogue_;
    Output &out_;
};

Cells split(std::string_view text)
{
    Cells cells;
    for (std::size_t end = 0; end != std::string_view::npos;) {
        end = text.find('|');
        cells.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return cells;
}

void Tables::print(const std::string &key, const std::vector<Cells> &rows)
{
    if (rows.empty())
        return;
    out_.line();
    out_.line(out_.styled(Style::Heading, catalogue_.ui("cli.inspect." + key)));
    const Cells heads = split(catalogue_.ui("cli.inspect." + key + ".columns"));
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < rows.front().size(); ++i) {
        std::size_t width = i < heads.size() ? display_width(heads[i]) : 0;
        for (const Cells &row : rows)
            width = std::max(width, display_width(row[i]));
        widths.push_back(width);
    }
    const auto line_of = [&](const Cells &cells) {
        std::string line = " ";
        for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i)
            line += " " + (i + 1 == widths.size() ? cells[i] : padded(cells[i], widths[i] + 1));
        return line;
    };
    out_.line(out_.styled(Style::Dim, line_of(heads)));
    for (const Cells &row : rows)
        out_.line(line_of(row));
}

void Tables::queues()
{
    std::vector<Cells> rows;
    for (const QueueRow &row : queue_rows(world_)) {
        const bool waits = row.state == DeliveryState::Waiting;
        rows.push_back(
            {host(row.host), row.queue_id, row.sender.empty() ? "<>" : row.sender, row.recipient,
             std::string(to_string(row.state)), std::to_string(row.attempt),
             waits ? clock_text(row.next_attempt) : std::string(), printable(row.problem)});
    }
    print("queues", rows);
}

void Tables::letters()
{
    std::vector<Cells> rows;
    for (const LetterPlace &row : letter_places(world_))
        rows.push_back(
            {std::to_string(row.message.value), printable(row.subject),
             std::string(catalogue_.ui("cli.where." + std::string(to_string(row.place)))),
             host(row.host), row.owner, printable(row.folder.empty() ? "-" : row.folder),
             std::to_string(row.size)});
    print("letters", rows);
}

void Tables::mailboxes()
{
    std::vector<Cells> rows;
    for (const MailboxRow &row : mailbox_rows(world_))
        rows.push_back(
            {host(row.host), row.user, std::to_string(row.letters), std::to_string(row.bytes),
             row.quota == 0 ? std::string("-") : std::to_string(row.quota), yes(row.locked)});
    print("mailboxes", rows);
}

void Tables::devices()
{
    std::vector<Cells> rows;
    for (const DeviceRow &row : device_rows(world_))
        rows.push_back({host(row.host), row.person, row.address, yes(row.online),
                        std::to_string(row.letters), std::to_string(row.unread),
                        std::to_string(row.outbox), std::to_string(row.drafts), printable(row.page),
                        printable(row.problem)});
    print("devices", rows);
}

void Tables::contacts()
{
    std::vector<Cells> rows;
    for (const ContactRow &row : contact_rows(world_))
        rows.push_back({host(row.host), row.owner, printable(row.name), printable(row.address)});
    print("contacts", rows);
}

void Tables::web_sessions()
{
    std::vector<Cells> rows;
    for (const WebSessionRow &row : web_session_rows(world_))
        rows.push_back(
            {host(row.host), row.user, row.cookie, clock_text(row.used), clock_text(row.expires)});
    print("web-sessions", rows);
}

void Tables::caches()
{
    std::vector<Cells> rows;
    for (const CachedRow &row : cache_rows(world_)) {
        const bool records = row.entry.kind == dns::CacheKind::Records;
        const std::string_view kind =
            row.entry.kind == dns::CacheKind::NoData ? "no-data" : "name-error";
        rows.push_back({host(row.host), row.entry.owner, row.entry.type,
                        records ? row.entry.data : std::string(kind),
                        std::to_string(row.entry.seconds_left)});
    }
    print("caches", rows);
}

std::string to_text(net::Endpoint end)
{
    return to_string(end.address) + ":" + std::to_string(end.port);
}

void Tables::translations()
{
    std::vector<Cells> rows;
    for (const TranslationRow &row : translation_rows(world_))
        rows.push_back(
            {host(row.host), row.translation.transport == net::Transport::Udp ? "UDP" : "TCP",
             to_text(row.translation.inside), to_text({row.outside, row.translation.outside_port}),
             clock_text(row.translation.last_used)});
    print("translations", rows);
}

void Tables::connections()
{
    std::vector<Cells> rows;
    for (const ConnectionRow &row : connection_rows(world_))
        rows.push_back({host(row.host), to_text(row.local), to_text(row.remote),
                        std::string(net::to_string(row.state)),
                        std::to_string(row.unacknowledged)});
    print("connections", rows);
}

void Tables::engines()
{
    std::vector<Cells> rows;
    for (const EngineRow &row : engine_rows(world_))
        rows.push_back(
            {host(row.host), std::string(row.engine), std::string(row.state), host(row.peer)});
    print("engines", rows);
}

void Tables::faults()
{
    std::vector<Cells> rows;
    rows.reserve(world_.faults.size());
    for (const FaultSpec &fault : world_.faults)
        rows.push_back({fault.host.empty() ? fault.from + " - " + fault.to : fault.host,
                        fault.port == 0 ? std::string() : std::to_string(fault.port)});
    print("faults", rows);
}

} // namespace

ExitStatus inspect(const InspectOptions &options, Streams streams)
{
    const std::optional<Scenario> scenario = load_scenario(options.file, streams.err);
    if (!scenario)
        return ExitStatus::BadInput;
    PlayOptions how;
    how.seed = options.seed;
    how.remedy = options.remedy;
    how.until = options.at;
    how.level = TraceLevel::Nothing;
    const std::optional<Play> played = play_scenario(*scenario, how, streams.err);
    if (!played)
        return ExitStatus::BadInput;
    const Catalogue catalogue = load_catalogue(options.language);
    streams.out.line(
        streams.out.styled(Style::Heading, in_language(scenario->title, catalogue.language())) +
        "  " + clock_text(played->world.now));
    Tables tables(played->world, catalogue, streams.out);
    tables.letters();
    tables.queues();
    tables.mailboxes();
    tables.devices();
    tables.contacts();
    tables.web_sessions();
    tables.connections();
    tables.engines();
    tables.caches();
    tables.translations();
    tables.faults();
    return ExitStatus::Good;
}

} // namespace mailscope::cli
