// The inspector at a moment: packet, host, letter.
#include "sim/core/text.h"
#include "sim/mail/letter.h"
#include "sim/net/wire.h"
#include "sim/protocol/dns/message.h"
#include "sim/world/inspect.h"
#include "viz/model/engine_view.h"
#include "viz/model/host_facts.h"
#include "viz/model/letter_view.h"
#include "viz/model/views.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t mailbox_letters_max = 12; ///< of one mailbox

/// What tells most comes first: who speaks to whom, and where in the conversation.
int field_rank(std::string_view name)
{
    constexpr std::string_view first[] = {"source address",
                                          "destination address",
                                          "source port",
                                          "destination port",
                                          "control bits",
                                          "sequence number",
                                          "acknowledgment number",
                                          "time to live",
                                          "protocol",
                                          "window"};
    const auto found = std::find(std::begin(first), std::end(first), name);
    return static_cast<int>(found - std::begin(first));
}

/// Adds a field of the payload, which begins at octet `base`.
void add_field(InspectorView &view, std::string name, std::string value, std::size_t offset,
               std::size_t length)
{
    view.fields.push_back(
        {view.layers.size() - 1, std::move(name), std::move(value), offset, length});
}

/// The fixed head of a DNS message has fixed places (RFC 1035 4.1.1); sections follow in order.
void describe_dns(ByteView payload, std::size_t base, InspectorView &view)
{
    const Result<dns::Message> message = dns::decode(payload);
    if (!message)
        return;
    const dns::Header &head = message->header;
    add_field(view, "ID", std::to_string(head.id), base, 2);
    std::string flags = head.is_response ? "QR=1" : "QR=0";
    flags += head.authoritative ? " AA=1" : "";
    flags += head.truncated ? " TC=1" : "";
    flags += head.recursion_desired ? " RD=1" : " RD=0";
    flags += head.recursion_available ? " RA=1" : "";
    add_field(view, "flags", flags + " rcode=" + std::to_string(static_cast<int>(head.rcode)),
              base + 2, 2);
    constexpr std::size_t head_octets = 12;
    std::size_t at = base + head_octets;
    if (message->question) {
        std::size_t end = head_octets;
        while (end < payload.size() && payload[end] != '\0')
            end += static_cast<unsigned char>(payload[end]) + 1U;
        const std::size_t length = std::min(end + 5, payload.size()) - head_octets;
        add_field(view, "question",
                  to_string(message->question->name) + " " +
                      std::string(to_string(message->question->type)),
                  at, length);
        at += length;
    }
    std::string answers;
    for (const std::vector<dns::ResourceRecord> *section :
         {&message->answer, &message->authority, &message->additional})
        for (const dns::ResourceRecord &record : *section)
            add_field(view,
                      section == &message->answer      ? "answer"
                      : section == &message->authority ? "authority"
                                                       : "additional",
                      to_string(record), at, base + payload.size() - at);
}

void describe_reply(ByteView payload, std::size_t base, InspectorView &view)
{
    std::size_t at = 0;
    const bool reply = payload.size() > 3 && is_ascii_digit(payload[0]) &&
                       is_ascii_digit(payload[1]) && is_ascii_digit(payload[2]);
    if (reply) {
        add_field(view, "reply", std::string(payload.substr(0, 3)), base, 3);
        at = 4;
        const std::size_t space = payload.find(' ', at);
        if (space != ByteView::npos && parse_status(payload.substr(at, space - at)) != 0) {
            add_field(view, "status", std::string(payload.substr(at, space - at)), base + at,
                      space - at);
            at = space + 1;
        }
    }
    const std::size_t end = std::min(payload.find('\r', at), payload.size());
    if (!reply && end > at) {
        const std::size_t space = std::min(payload.find(' ', at), end);
        add_field(view, "verb", printable(payload.substr(at, space - at), 40), base + at,
                  space - at);
        at = std::min(space + 1, end);
    }
    if (end > at)
        add_field(view, "text", printable(payload.substr(at, end - at), 200), base + at, end - at);
}

/// The letters in the host's inboxes, newest first; each can be opened.
void add_stored_letters(const Moment &now, const std::string &user, InspectorView &view)
{
    for (const mail::Store &store : now.world.stores)
        for (std::uint32_t id = 0; id < store.user_count(); ++id) {
            const mail::Mailbox &box = store.mailbox(mail::UserId{id});
            if (box.user != user)
                continue;
            std::vector<FactRow> rows;
            box.inbox().for_each([&](const mail::StoredLetter &letter) {
                FactRow row;
                row.text = "  " + printable(mail::read_message(letter.content.view()).subject, 80);
                row.value = std::to_string(letter.content.size()) + " B";
                row.letter = user + " " + std::to_string(letter.uid);
                rows.push_back(std::move(row));
            });
            const std::size_t shown = std::min(rows.size(), mailbox_letters_max);
            view.host.insert(view.host.end(), rows.rbegin(),
                             rows.rbegin() + static_cast<std::ptrdiff_t>(shown));
        }
}

/// The address book of a device, or of a webmail service.
void add_contacts(const Moment &now, HostId host, InspectorView &view)
{
    bool first = true;
    for (const ContactRow &row : contact_rows(now.world)) {
        if (row.host != host)
            continue;
        if (std::exchange(first, false))
            view.host.push_back({now.words.view("address-book"), {}, true, Mark::Letter, -1, {}});
        view.host.push_back({printable(row.name.empty() ? row.address : row.name, 80),
                             row.name.empty() ? std::string() : printable(row.address, 80),
                             false,
                             Mark::None,
                             -1,
                             {}});
    }
}

void add_device(const Moment &now, HostId host, InspectorView &view)
{
    const Words &words = now.words;
    const auto fact = [&](std::string text, std::string value) {
        view.host.push_back({std::move(text), std::move(value), false, Mark::None, -1, {}});
    };
    for (const DeviceRow &row : device_rows(now.world))
        if (row.host == host) {
            view.host.push_back({words.view("mail-program"), {}, true, Mark::Letter, -1, {}});
            fact(row.address, words.view(row.online ? "online" : "offline"));
            fact(words.view("inbox"),
                 words.view("letters", {{"count", std::to_string(row.letters)}}));
            fact(words.view("outbox"),
                 words.view("letters", {{"count", std::to_string(row.outbox)}}));
            if (row.drafts > 0)
                fact(words.view("drafts"),
                     words.view("letters", {{"count", std::to_string(row.drafts)}}));
            if (!row.problem.empty())
                fact(printable(row.problem, 160), {});
        }
    add_contacts(now, host, view);
}

void add_host(const Moment &now, HostId host, InspectorView &view)
{
    const Words &words = now.words;
    view.host_title = words.host(host);
    const auto heading = [&](std::string_view name, Mark mark) {
        view.host.push_back({words.view(name), {}, true, mark, -1, {}});
    };
    const auto fact = [&](std::string text, std::string value) {
        view.host.push_back({std::move(text), std::move(value), false, Mark::None, -1, {}});
    };
    const HostInfo &info = now.world.directory->hosts[host.value];
    fact(words.view("address"), to_string(info.address));
    bool first = true;
    for (const QueueRow &row : queue_rows(now.world))
        if (row.host == host) {
            if (std::exchange(first, false))
                heading("queue", Mark::Letter);
            fact(row.queue_id + "  " + row.recipient,
                 row.state == DeliveryState::Waiting
                     ? words.view("next-try", {{"text", clock_text(row.next_attempt)}})
                     : words.view("attempt", {{"count", std::to_string(row.attempt)}}));
            if (!row.problem.empty())
                fact(printable(row.problem, 160), {});
        }
    first = true;
    for (const MailboxRow &row : mailbox_rows(now.world))
        if (row.host == host) {
            if (std::exchange(first, false))
                heading("mailboxes", Mark::Letter);
            std::string size = std::to_string(row.bytes);
            if (row.quota != 0)
                size += " / " + std::to_string(row.quota);
            fact(row.user, words.view("letters", {{"count", std::to_string(row.letters)}}) + "  " +
                               size + " B");
            add_stored_letters(now, row.user, view);
        }
    add_device(now, host, view);
    first = true;
    for (const CachedRow &row : cache_rows(now.world))
        if (row.host == host) {
            if (std::exchange(first, false))
                heading("cache", Mark::Dns);
            fact(row.entry.owner + " " + row.entry.type + " " + printable(row.entry.data, 60),
                 std::to_string(row.entry.seconds_left) + " s");
        }
    first = true;
    for (const TranslationRow &row : translation_rows(now.world))
        if (row.host == host) {
            if (std::exchange(first, false))
                heading("nat-table", Mark::Tcp);
            fact(to_string(row.translation.inside.address) + ":" +
                     std::to_string(row.translation.inside.port),
                 to_string(row.outside) + ":" + std::to_string(row.translation.outside_port));
        }
    first = true;
    for (const EngineRow &row : engine_rows(now.world))
        if (row.host == host) {
            if (std::exchange(first, false))
                heading("engines", Mark::Smtp);
            fact(std::string(row.engine) + " → " + words.short_host(row.peer),
                 std::string(row.state));
        }
    for (FactRow &row : configuration_rows(now, host))
        view.host.push_back(std::move(row));
    view.engines = engine_views(now, host);
}

/// The names of fields in the language of the reader, where it has words of its own for them.
void translate_fields(const Words &words, InspectorView &view)
{
    for (FieldRow &field : view.fields) {
        std::string key = "view.field." + field.name;
        std::replace(key.begin(), key.end(), ' ', '-');
        if (const std::string_view found = words.catalogue().ui(key); !found.empty())
            field.name = found;
    }
}

bool is_of_program(Protocol protocol)
{
    return protocol != Protocol::None && protocol != Protocol::Tcp && protocol != Protocol::Udp;
}

/// Whoever lacks the key sees a record's type and 0x0303 (RFC 8446 5.1), and not what is in it.
bool is_encrypted(ByteView payload)
{
    return payload.size() > 2 && payload[0] >= 20 && payload[0] <= 23 &&
           payload.substr(1, 2) == "\x03\x03";
}

} // namespace

void describe_packet(const net::Packet &packet, Protocol protocol, InspectorView &view)
{
    view.bytes = net::encode(packet);
    const auto payload_size = packet.payload.size();
    std::string_view layer;
    for (const net::WireField &field : net::describe(packet)) {
        if (field.layer == "payload")
            continue;
        if (field.layer != layer) {
            layer = field.layer;
            view.layers.push_back(
                {field.layer == "ipv4" ? "IP" : to_upper(field.layer), field.offset, 0, Mark::Tcp});
        }
        LayerRow &row = view.layers.back();
        row.length = std::max(row.length, field.offset + field.length - row.offset);
        view.fields.push_back({view.layers.size() - 1, std::string(field.name), field.value,
                               field.offset, field.length});
    }
    std::stable_sort(
        view.fields.begin(), view.fields.end(), [](const FieldRow &a, const FieldRow &b) {
            return a.layer != b.layer ? a.layer < b.layer : field_rank(a.name) < field_rank(b.name);
        });
    if (payload_size == 0)
        return;
    const std::size_t base = view.bytes.size() - payload_size;
    const bool dns = packet.source.port == 53 || packet.destination.port == 53;
    const std::string name =
        dns ? "DNS" : to_upper(protocol == Protocol::None ? "data" : to_string(protocol));
    view.layers.push_back({name, base, payload_size, dns ? Mark::Dns : mark_of(protocol)});
    if (dns && packet.transport == net::Transport::Udp)
        describe_dns(packet.payload.view(), base, view);
    else
        describe_reply(packet.payload.view(), base, view);
}

InspectorView inspector_view(const Moment &now)
{
    InspectorView view;
    if (now.records.empty())
        return view;
    const Record &record = now.record();
    if (const std::optional<std::uint32_t> index = packet_of(now.records, now.index())) {
        const net::Packet &packet = now.records.packet(*index);
        Protocol protocol = record.protocol;
        for (std::size_t i = now.index() + 1;
             i-- > 0 && !is_of_program(protocol) && now.index() - i < 200;)
            if (now.records[i].conversation == packet.conversation)
                protocol = now.records[i].protocol;
        if (is_encrypted(packet.payload.view()))
            protocol = Protocol::Tls;
        describe_packet(packet, protocol, view);
        translate_fields(now.words, view);
        const Direction way = direction_of(record);
        view.title = now.words.short_host(way.from.is_none() ? way.to : way.from);
        if (!way.to.is_none() && !way.from.is_none())
            view.title += " → " + now.words.short_host(way.to);
    }
    HostId host = record.host;
    if (now.state.host >= 0)
        host = HostId{static_cast<std::uint32_t>(now.state.host)};
    if (!host.is_none() &&
        (now.state.tab == InspectorTab::Host || now.state.tab == InspectorTab::State))
        add_host(now, host, view);
    if (now.state.tab == InspectorTab::Letter)
        view.letter = letter_rows(now);
    return view;
}

} // namespace mailscope::viz
