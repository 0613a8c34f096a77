// What a role may do to the world around it.
#include "sim/hosts/env.h"

#include "sim/core/digest.h"
#include "sim/core/text.h"
#include "sim/hosts/stub_agent.h"
#include "sim/mail/message.h"

#include <charconv>
#include <span>
#include <utility>

namespace mailscope
{
namespace
{

/// The reply code at the start of an SMTP reply and the enhanced status behind it.
void read_reply(Record &record, ByteView reply)
{
    std::uint16_t code = 0;
    if (reply.size() < 4 ||
        std::from_chars(reply.data(), reply.data() + 3, code).ptr != reply.data() + 3)
        return;
    record.code = code;
    const ByteView rest = reply.substr(4);
    record.status = parse_status(rest.substr(0, rest.find_first_of(" \r")));
}

/// The status of an HTTP response, "HTTP/1.1 404 Not Found" (RFC 9112 4).
void read_status(Record &record, ByteView response)
{
    constexpr std::size_t code_at = 9;
    std::uint16_t code = 0;
    if (response.size() > code_at + 3 &&
        std::from_chars(response.data() + code_at, response.data() + code_at + 3, code).ptr ==
            response.data() + code_at + 3)
        record.code = code;
}

RecordKind kind_of(OutputKind kind)
{
    switch (kind) {
    case OutputKind::Command:
        return RecordKind::CommandSent;
    case OutputKind::Reply:
        return RecordKind::ReplySent;
    case OutputKind::Content:
        return RecordKind::ContentSent;
    }
    return RecordKind::CommandSent;
}

std::uint64_t hash_of(std::string_view message_id)
{
    Digest digest;
    digest.add(message_id);
    return digest.value();
}

/// With its brackets; empty when there is no such field.
std::string_view message_id_in(ByteView message)
{
    mail::FieldReader fields(message);
    while (const std::optional<mail::HeaderField> field = fields.next())
        if (equals_ignoring_case(field->name, "Message-ID"))
            return trim(field->raw_body);
    return {};
}

/// What is written by a call of its own before the rest: a POP3 server says how long the letter is,
/// and then hands over the file. So the letter begins a packet, as Wireshark's dissector needs it.
std::size_t first_write(Protocol protocol, const OutputBuffer &output, MessageId message)
{
    const std::span<const OutputMark> marks = output.marks();
    const bool letter = protocol == Protocol::Pop3 && !message.is_none() && marks.size() > 1 &&
                        marks[1].kind == OutputKind::Content;
    return letter ? marks[1].offset : 0;
}

} // namespace

MessageId MessageNames::name(std::string_view message_id)
{
    if (message_id.empty())
        return MessageId{next_++};
    const std::uint64_t hash = hash_of(message_id);
    const std::uint32_t known = by_hash_.find(hash);
    if (known != FlatTable::not_found)
        return MessageId{known};
    by_hash_.set(hash, next_);
    return MessageId{next_++};
}

MessageId MessageNames::name_of(ByteView message) { return name(message_id_in(message)); }

MessageId MessageNames::find(ByteView message) const
{
    const std::string_view message_id = message_id_in(message);
    const std::uint32_t known =
        message_id.empty() ? FlatTable::not_found : by_hash_.find(hash_of(message_id));
    return known == FlatTable::not_found ? MessageId{} : MessageId{known};
}

Record Env::record(RecordKind kind) const
{
    Record record;
    record.at = now;
    record.kind = kind;
    record.host = host;
    record.because = because;
    return record;
}

RecordId Env::note(Record &&record)
{
    record.id = RecordId{next_record++};
    because = record.id;
    if (records.keeps(record.kind))
        records.add(std::move(record));
    return because;
}

RecordId Env::note(RecordKind kind, std::string_view text, std::int64_t value)
{
    Record entry = record(kind);
    entry.value = value;
    if (records.keeps(kind))
        entry.text = SharedBytes::copy_of(text);
    return note(std::move(entry));
}

Record Env::connection_record(RecordKind kind, Handle connection, Protocol protocol,
                              std::string_view text) const
{
    Record entry = record(kind);
    entry.protocol = protocol;
    const net::TcpConnection *end = network.find(connection);
    if (end != nullptr) {
        entry.conversation = end->conversation;
        entry.peer = host_at(end->remote, net::Transport::Tcp);
    }
    if (!text.empty() && keeps(kind))
        entry.text = SharedBytes::copy_of(text);
    return entry;
}

SharedBytes Env::note_lines(Handle connection, Protocol protocol, const OutputBuffer &output,
                            MessageId message)
{
    const SharedBytes bytes = SharedBytes::copy_of(output.bytes());
    const std::span<const OutputMark> marks = output.marks();
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const std::size_t from = marks[i].offset;
        const std::size_t to = i + 1 < marks.size() ? marks[i + 1].offset : bytes.size();
        const RecordKind kind = kind_of(marks[i].kind);
        if (!keeps(kind)) {
            note(record(kind));
            continue;
        }
        Record line = connection_record(kind, connection, protocol);
        line.text = bytes.slice(from, to - from);
        line.value = static_cast<std::int64_t>(to - from);
        line.message = message.is_none() && kind == RecordKind::ContentSent
                           ? messages.find(line.text.view())
                           : message;
        if (protocol == Protocol::Smtp && kind == RecordKind::ReplySent)
            read_reply(line, line.text.view());
        else if (protocol == Protocol::Http && kind == RecordKind::ReplySent)
            read_status(line, line.text.view());
        note(std::move(line));
    }
    return bytes;
}

void Env::send_lines(Handle connection, Protocol protocol, const OutputBuffer &output,
                     MessageId message)
{
    if (output.bytes().empty())
        return;
    const SharedBytes bytes = note_lines(connection, protocol, output, message);
    const std::size_t first = first_write(protocol, output, message);
    if (first != 0)
        network.send(connection, bytes.slice(0, first), because);
    network.send(connection, bytes.slice(first, bytes.size() - first), because);
}

Handle Env::open(net::Endpoint remote, net::Owner owner, Protocol protocol)
{
    Record entry = record(RecordKind::ConnectionOpening);
    entry.protocol = protocol;
    entry.peer = directory.at(remote.address);
    entry.value = remote.port;
    if (keeps(entry.kind))
        entry.text = SharedBytes::copy_of(to_string(remote.address));
    note(std::move(entry));
    return network.open(host, remote, owner, because, step());
}

HostId Env::host_at(net::Endpoint endpoint, net::Transport transport) const
{
    const HostId visible = directory.at(endpoint.address);
    if (visible.is_none() || directory.hosts[visible.value].kind != HostKind::HomeRouter)
        return visible;
    const HostId inside = network.host_behind(visible, transport, endpoint.port);
    return inside.is_none() ? visible : inside;
}

HostId Env::peer_of(Handle connection) const
{
    const net::TcpConnection *end = network.find(connection);
    return end == nullptr ? HostId{} : host_at(end->remote, net::Transport::Tcp);
}

Event Env::timer_event(Role role, std::uint16_t index, std::uint32_t session) const
{
    Event event;
    event.because = because;
    event.kind = static_cast<std::uint16_t>(Work::RoleTimer);
    event.where = static_cast<std::uint16_t>(role);
    event.what = index;
    event.argument = session;
    return event;
}

void Env::ask_dns(const dns::Name &name, dns::Type type, const DnsTicket &ticket)
{
    stubs[host.value].ask(*this, name, type, ticket);
}

} // namespace mailscope
