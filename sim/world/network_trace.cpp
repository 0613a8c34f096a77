// What the network reports, as trace records.
#include "sim/world/network_trace.h"

#include "sim/world/world.h"

#include <array>
#include <utility>

namespace mailscope
{
namespace
{

using net::EventKind;

RecordKind kind_of(EventKind kind)
{
    switch (kind) {
    case EventKind::PacketSent:
        return RecordKind::PacketSent;
    case EventKind::PacketForwarded:
        return RecordKind::PacketForwarded;
    case EventKind::PacketTranslated:
        return RecordKind::PacketTranslated;
    case EventKind::PacketDropped:
        return RecordKind::PacketDropped;
    case EventKind::PacketArrived:
        return RecordKind::PacketArrived;
    case EventKind::PortClosed:
        return RecordKind::PortClosed;
    case EventKind::SegmentRepeated:
        return RecordKind::SegmentRepeated;
    case EventKind::Accepted:
        return RecordKind::ConnectionAccepted;
    case EventKind::Connected:
        return RecordKind::ConnectionEstablished;
    case EventKind::ConnectFailed:
        return RecordKind::ConnectionFailed;
    case EventKind::PeerClosed:
        return RecordKind::ConnectionEnding;
    case EventKind::ConnectionLost:
        return RecordKind::ConnectionLost;
    case EventKind::DatagramArrived:
    case EventKind::DataArrived:
        break;
    }
    return RecordKind::Count;
}

bool is_about_packet(EventKind kind) { return kind <= EventKind::PortClosed; }

/// The protocol that a port stands for.
Protocol protocol_of(const net::Packet &packet)
{
    return packet.transport == net::Transport::Udp ? Protocol::Udp : Protocol::Tcp;
}

HostId far_end(const World &world, const net::Event &event)
{
    if (event.link.is_none())
        return HostId{};
    const net::Link &link = world.network.link(event.link);
    const HostId first = world.network.interfaces()[link.interfaces[0]].host;
    return first == event.host ? world.network.interfaces()[link.interfaces[1]].host : first;
}

} // namespace

bool goes_to_role(EventKind kind)
{
    switch (kind) {
    case EventKind::DatagramArrived:
    case EventKind::Accepted:
    case EventKind::Connected:
    case EventKind::ConnectFailed:
    case EventKind::DataArrived:
    case EventKind::PeerClosed:
    case EventKind::ConnectionLost:
        return true;
    default:
        return false;
    }
}

std::string_view to_string(net::Reason reason)
{
    constexpr std::array<std::string_view, 14> names = {
        "none",        "link-cut",        "link-loss",    "host-down",
        "no-route",    "private-address", "ttl-exceeded", "no-translation",
        "port-closed", "queue-full",      "refused",      "reset",
        "timed-out",   "no-free-port"};
    return names[static_cast<std::size_t>(reason)];
}

RecordId NetworkTrace::note(World &world, Records &records, const net::Event &event)
{
    net::Packet *packet =
        event.packet == net::no_packet ? nullptr : &world.network.packet(event.packet);
    const RecordKind kind = kind_of(event.kind);
    if (kind == RecordKind::Count)
        return packet->record;
    const RecordId id{world.next_record++};
    const net::TcpConnection *connection = world.network.find(event.connection);
    RecordId because = event.because;
    if (packet != nullptr)
        because = packet->record;
    else if (connection != nullptr)
        because = world.network.cause_of(*connection);
    if (event.kind == EventKind::SegmentRepeated && connection != nullptr) {
        repeated_ = connection->conversation;
        repeat_record_ = id;
    }
    if (event.kind == EventKind::PacketSent && repeat_record_ && packet->conversation == repeated_)
        because = std::exchange(repeat_record_, RecordId{});
    if (packet != nullptr && is_about_packet(event.kind))
        packet->record = id;
    if (!records.keeps(kind))
        return id;
    Record record;
    record.id = id;
    record.because = because;
    record.at = world.now;
    record.kind = kind;
    record.host = event.host;
    record.conversation = event.conversation;
    record.link = event.link;
    record.code = static_cast<std::uint16_t>(event.reason);
    record.peer = far_end(world, event);
    if (packet != nullptr) {
        record.conversation = packet->conversation;
        record.protocol = protocol_of(*packet);
        record.value = static_cast<std::int64_t>(net::size_of(*packet));
        if (is_about_packet(event.kind)) {
            const bool unchanged =
                event.kind == EventKind::PacketArrived || event.kind == EventKind::PacketDropped;
            if (!unchanged || packet->kept >= records.packet_count())
                packet->kept = records.add_packet(*packet);
            record.packet = packet->kept;
        }
    }
    if (connection != nullptr) {
        record.conversation = connection->conversation;
        record.protocol = Protocol::Tcp;
        record.peer = env_for(world, records, event.host, record.because)
                          .host_at(connection->remote, net::Transport::Tcp);
        record.value = connection->local.port < connection->remote.port ? connection->local.port
                                                                        : connection->remote.port;
    }
    if (!event.conversation.is_none() && connection == nullptr) {
        record.protocol = Protocol::Tcp;
        record.peer = world.directory->at(event.remote.address);
        record.value = event.remote.port;
    }
    if (connection != nullptr && !info_of(kind).text.empty())
        record.text = SharedBytes::copy_of(to_string(connection->remote.address));
    if (event.reason != net::Reason::None)
        record.text = SharedBytes::copy_of(to_string(event.reason));
    records.add(std::move(record));
    return id;
}

} // namespace mailscope
