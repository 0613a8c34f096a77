// The inspector at a moment: packet, host, letter.
#include "sim/core/text.h"
#include "sim/mail/letter.h"
#include "sim/net/wire.h"
#include "sim/world/inspect.h"
#include "viz/model/engine_view.h"
#include "viz/model/host_facts.h"
#include "viz/model/letter_view.h"
#include "viz/model/payload_view.h"
#include "viz/model/views.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t mailbox_letters_max = 12; ///< of one mailbox
constexpr std::uint16_t domain_port = 53;

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
            fact(words.view("inbox"), words.letters(row.letters));
            fact(words.view("outbox"), words.letters(row.outbox));
            if (row.drafts > 0)
                fact(words.view("drafts"), words.letters(row.drafts));
            for (const FolderRow &folder : row.folders)
                fact(words.view("own-folder", {{"text", printable(folder.name, 60)}}),
                     words.letters(folder.letters));
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
            fact(row.user, words.letters(row.letters) + "  " + size + " B");
            add_stored_letters(now, row.user, view);
            for (const FolderRow &folder : row.folders)
                fact("  " + words.view("own-folder", {{"text", printable(folder.name, 60)}}),
                     words.letters(folder.letters));
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

/// IP and transport: every packet has them.
void describe_heads(const net::Packet &packet, InspectorView &view)
{
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
}

/// Bytes and fields of a packet: IP, transport, and what is inside.
void describe_packet(const Moment &now, const net::Packet &packet, InspectorView &view)
{
    view.bytes = net::encode(packet);
    describe_heads(packet, view);
    view.focus = view.layers.back().offset;
    const std::size_t size = packet.payload.size();
    if (size == 0)
        return;
    const std::size_t base = view.bytes.size() - size;
    view.focus = base;
    if (packet.source.port == domain_port || packet.destination.port == domain_port) {
        view.layers.push_back({"DNS", base, size, Mark::Dns});
        return describe_dns(packet.payload.view(), packet.transport, base, view);
    }
    const Talk talk = talk_around(now.records, now.index(), packet);
    const std::string name =
        talk.protocol == Protocol::None ? "data" : std::string(to_string(talk.protocol));
    view.layers.push_back({to_upper(name), base, size,
                           talk.protocol == Protocol::None ? Mark::Tcp : mark_of(talk.protocol)});
    describe_payload(now.records, talk, now.index(), base, view);
}

} // namespace

InspectorView inspector_view(const Moment &now)
{
    InspectorView view;
    if (now.records.empty())
        return view;
    const Record &record = now.record();
    if (const std::optional<std::uint32_t> index = packet_of(now.records, now.index())) {
        const net::Packet &packet = now.records.packet(*index);
        describe_packet(now, packet, view);
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
