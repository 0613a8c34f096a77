// Packets on links: routing, queueing, loss, address translation, delivery.
#include "sim/net/network.h"

#include "sim/core/check.h"
#include "sim/core/digest.h"

#include <algorithm>
#include <utility>

namespace mailscope::net
{
namespace
{

constexpr std::uint32_t no_interface = 0xFFFFFFFFU;
constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

/// A link's queue holds what it can send in this time; more is dropped (tail drop).
constexpr Duration link_queue_max = 2s;

Duration time_on_wire(std::size_t octets, std::uint64_t bits_per_second)
{
    const std::uint64_t bits = octets * 8U;
    return Duration(static_cast<std::int64_t>(bits * nanoseconds_per_second / bits_per_second));
}

/// Throws the link's dice for one packet.
bool is_lost(Link &link)
{
    const bool chosen = link.lose_packet == 1;
    if (link.lose_packet != 0)
        --link.lose_packet;
    return link.loss.happens(link.quality.loss_per_million + link.extra_loss_per_million) || chosen;
}

} // namespace

Network::Network(const Network &) = default;
Network::Network(Network &&) noexcept = default;
Network &Network::operator=(const Network &) = default;
Network &Network::operator=(Network &&) noexcept = default;
Network::~Network() = default;

HostId Network::add_host(bool forwards)
{
    hosts_.emplace_back();
    hosts_.back().forwards = forwards;
    return HostId{static_cast<std::uint32_t>(hosts_.size() - 1)};
}

LinkId Network::connect(HostId a, Ipv4Address a_address, HostId b, Ipv4Address b_address,
                        LinkQuality quality, Rng loss)
{
    MS_CHECK(quality.bits_per_second > 0);
    const LinkId id{static_cast<std::uint32_t>(links_.size())};
    Link link;
    link.quality = quality;
    link.loss = loss;
    for (const auto &[host, address, end] : {std::tuple{a, a_address, 0U}, {b, b_address, 1U}}) {
        link.interfaces[end] = static_cast<std::uint32_t>(interfaces_.size());
        hosts_[host.value].interfaces.push_back(link.interfaces[end]);
        interfaces_.push_back({host, id, address});
    }
    links_.push_back(link);
    return id;
}

void Network::add_route(HostId host, Ipv4Network to, LinkId link)
{
    NetHost &net_host = hosts_[host.value];
    for (const std::uint32_t interface : links_[link.value].interfaces) {
        if (interfaces_[interface].host != host)
            continue;
        const auto shorter = [&](const Route &route) {
            return route.to.prefix_length < to.prefix_length;
        };
        const auto place = std::find_if(net_host.routes.begin(), net_host.routes.end(), shorter);
        net_host.routes.insert(place, Route{to, interface});
        return;
    }
    check_failed("the host has an interface on the link", __FILE__, __LINE__);
}

void Network::translate_on(HostId host, LinkId link)
{
    for (const std::uint32_t interface : links_[link.value].interfaces)
        if (interfaces_[interface].host == host)
            hosts_[host.value].outside_interface = interface;
}

void Network::listen(HostId host, Transport transport, std::uint16_t port, Owner owner)
{
    stop_listening(host, transport, port);
    hosts_[host.value].listeners.push_back({transport, port, owner});
}

void Network::stop_listening(HostId host, Transport transport, std::uint16_t port)
{
    std::erase_if(hosts_[host.value].listeners, [&](const Listener &listener) {
        return listener.transport == transport && listener.port == port;
    });
}

/// The program on a port; a program on port 0 takes what no other does.
const Listener *Network::listener(HostId host, Transport transport, std::uint16_t port) const
{
    const Listener *any = nullptr;
    for (const Listener &candidate : hosts_[host.value].listeners) {
        if (candidate.transport != transport || candidate.closed)
            continue;
        if (candidate.port == port)
            return &candidate;
        if (candidate.port == 0)
            any = &candidate;
    }
    return any;
}

std::uint16_t Network::ephemeral_port(HostId host)
{
    NetHost &net_host = hosts_[host.value];
    const std::uint16_t port = net_host.next_port;
    net_host.next_port =
        port == last_ephemeral_port ? first_ephemeral_port : static_cast<std::uint16_t>(port + 1);
    return port;
}

Ipv4Address Network::address_of(HostId host) const
{
    const NetHost &net_host = hosts_[host.value];
    return net_host.interfaces.empty() ? Ipv4Address{}
                                       : interfaces_[net_host.interfaces.front()].address;
}

HostId Network::host_behind(HostId router, Transport transport, std::uint16_t outside_port) const
{
    for (const Translation &note : hosts_[router.value].nat.translations()) {
        if (note.transport != transport || note.outside_port != outside_port)
            continue;
        for (const std::uint32_t inside : hosts_[router.value].interfaces)
            for (const std::uint32_t end : links_[interfaces_[inside].link.value].interfaces)
                if (interfaces_[end].host != router &&
                    interfaces_[end].address == note.inside.address)
                    return interfaces_[end].host;
    }
    return HostId{};
}

bool Network::is_local(HostId host, Ipv4Address address) const
{
    const NetHost &net_host = hosts_[host.value];
    return std::any_of(net_host.interfaces.begin(), net_host.interfaces.end(),
                       [&](std::uint32_t i) { return interfaces_[i].address == address; });
}

std::uint32_t Network::route(HostId host, Ipv4Address destination) const
{
    for (const Route &route : hosts_[host.value].routes)
        if (route.to.contains(destination))
            return route.interface;
    return no_interface;
}

Event &Network::emit(EventKind kind, HostId host)
{
    events_.emplace_back();
    events_.back().kind = kind;
    events_.back().host = host;
    return events_.back();
}

std::uint32_t Network::new_packet()
{
    std::uint32_t index = static_cast<std::uint32_t>(packets_.size());
    if (free_packets_.empty()) {
        packets_.emplace_back();
    } else {
        index = free_packets_.back();
        free_packets_.pop_back();
        packets_[index] = Packet();
    }
    Packet &packet = packets_[index];
    packet.number = next_packet_number_++;
    packet.identification = static_cast<std::uint16_t>(packet.number);
    return index;
}

ConnectionId Network::send_datagram(HostId host, std::uint16_t source_port, Endpoint destination,
                                    SharedBytes payload, ConnectionId conversation,
                                    RecordId because, Step step)
{
    if (conversation.is_none())
        conversation = ConnectionId{next_conversation_++};
    const std::uint32_t index = new_packet();
    Packet &packet = packets_[index];
    packet.transport = Transport::Udp;
    packet.source = {address_of(host), source_port};
    packet.destination = destination;
    packet.conversation = conversation;
    packet.record = because;
    packet.payload = std::move(payload);
    transmit(host, index, EventKind::PacketSent, step);
    return conversation;
}

void Network::transmit(HostId host, std::uint32_t index, EventKind kind, Step step)
{
    const NetHost &net_host = hosts_[host.value];
    if (!net_host.up)
        return drop(index, host, LinkId{}, Reason::HostDown);
    const Ipv4Address destination = packets_[index].destination.address;
    const std::uint32_t interface = route(host, destination);
    if (interface == no_interface) {
        const bool lost = is_private(destination);
        return drop(index, host, LinkId{}, lost ? Reason::PrivateAddress : Reason::NoRoute);
    }
    if (interface == net_host.outside_interface && !translate_out(host, index, step))
        return drop(index, host, LinkId{}, Reason::NoTranslation);
    put_on_link(interface, index, kind, step);
}

void Network::put_on_link(std::uint32_t interface, std::uint32_t index, EventKind kind, Step step)
{
    const LinkId id = interfaces_[interface].link;
    Link &link = links_[id.value];
    const std::size_t direction = link.interfaces[0] == interface ? 0 : 1;
    Event &event = emit(kind, interfaces_[interface].host);
    event.link = id;
    event.packet = index;
    const HostId host = event.host;
    if (link.cut)
        return drop(index, host, id, Reason::LinkCut);
    const SimTime begins = std::max(step.now, link.free_at[direction]);
    if (begins - step.now > link_queue_max)
        return drop(index, host, id, Reason::QueueFull);
    const SimTime left =
        begins + time_on_wire(size_of(packets_[index]), link.quality.bits_per_second);
    link.free_at[direction] = left;
    if (is_lost(link)) // on the way: it has taken its time on the wire
        return drop(index, host, id, Reason::LinkLoss);
    mailscope::Event work;
    work.at = left + link.quality.latency + link.extra_latency;
    work.kind = static_cast<std::uint16_t>(Work::PacketArrives);
    work.what = index;
    work.argument = link.interfaces[1 - direction];
    step.queue.push(work);
}

void Network::drop(std::uint32_t index, HostId host, LinkId link, Reason reason)
{
    Event &event = emit(EventKind::PacketDropped, host);
    event.reason = reason;
    event.link = link;
    event.packet = index;
    done_packets_.push_back(index);
}

void Network::arrive(std::uint32_t index, std::uint32_t interface, Step step)
{
    const HostId host = interfaces_[interface].host;
    const NetHost &net_host = hosts_[host.value];
    const LinkId link = interfaces_[interface].link;
    if (links_[link.value].cut) // it was under way when the link was cut
        return drop(index, host, link, Reason::LinkCut);
    if (!net_host.up)
        return drop(index, host, link, Reason::HostDown);
    if (interface == net_host.outside_interface) {
        const Reason refusal = come_in(host, index, step);
        if (refusal != Reason::None)
            return drop(index, host, link, refusal);
    }
    if (!is_local(host, packets_[index].destination.address)) {
        if (!net_host.forwards)
            return drop(index, host, link, Reason::NoRoute);
        return forward(host, index, interface, step);
    }
    done_packets_.push_back(index);
    emit(EventKind::PacketArrived, host).packet = index;
    if (packets_[index].transport == Transport::Udp)
        deliver_datagram(host, index);
    else
        tcp_arrive(host, index, step);
}

void Network::forward(HostId host, std::uint32_t index, std::uint32_t from_interface, Step step)
{
    Packet &packet = packets_[index];
    if (packet.time_to_live <= 1)
        return drop(index, host, LinkId{}, Reason::TimeToLiveExceeded);
    --packet.time_to_live;
    const bool comes_from_outside = from_interface == hosts_[host.value].outside_interface;
    const std::uint32_t interface = route(host, packet.destination.address);
    if (comes_from_outside && interface == from_interface)
        return drop(index, host, LinkId{}, Reason::NoRoute);
    transmit(host, index, EventKind::PacketForwarded, step);
}

bool Network::translate_out(HostId host, std::uint32_t index, Step step)
{
    NetHost &net_host = hosts_[host.value];
    Packet &packet = packets_[index];
    const Ipv4Address outside = interfaces_[net_host.outside_interface].address;
    if (packet.source.address == outside)
        return true;
    const std::optional<std::uint16_t> port =
        net_host.nat.outgoing(packet.transport, packet.source, step.now);
    if (!port)
        return false;
    packet.source = {outside, *port};
    emit(EventKind::PacketTranslated, host).packet = index;
    return true;
}

/// At the outside interface of a NAT router: only what a note translates goes to private addresses.
Reason Network::come_in(HostId host, std::uint32_t index, Step step)
{
    Packet &packet = packets_[index];
    if (!is_local(host, packet.destination.address))
        return is_private(packet.destination.address) ? Reason::PrivateAddress : Reason::None;
    const std::optional<Endpoint> inside =
        hosts_[host.value].nat.incoming(packet.transport, packet.destination.port, step.now);
    if (!inside)
        return Reason::NoTranslation;
    packet.destination = *inside;
    emit(EventKind::PacketTranslated, host).packet = index;
    return Reason::None;
}

void Network::deliver_datagram(HostId host, std::uint32_t index)
{
    const Packet &packet = packets_[index];
    const Listener *taker = listener(host, Transport::Udp, packet.destination.port);
    Event &event =
        emit(taker != nullptr ? EventKind::DatagramArrived : EventKind::PacketDropped, host);
    event.packet = index;
    if (taker == nullptr) {
        event.reason = Reason::PortClosed;
        return;
    }
    event.owner = taker->owner;
    event.data = packet.payload;
}

void Network::handle(const mailscope::Event &work, Step step)
{
    switch (static_cast<Work>(work.kind)) {
    case Work::PacketArrives:
        return arrive(work.what, work.argument, step);
    case Work::TcpTimer:
        return tcp_timer(Handle{work.what, work.argument}, step);
    case Work::FirstFree:
        break;
    }
    check_failed("the work is the network's own", __FILE__, __LINE__);
}

void Network::end_step()
{
    for (const std::uint32_t index : done_packets_) {
        packets_[index].payload = SharedBytes();
        free_packets_.push_back(index);
    }
    done_packets_.clear();
}

void Network::set_up(HostId host, bool up)
{
    NetHost &net_host = hosts_[host.value];
    if (net_host.up == up)
        return;
    net_host.up = up;
    if (up)
        return;
    net_host.nat.clear(); // a router without power forgets
    std::vector<Handle> lost;
    connections_.for_each([&](Handle handle, const TcpConnection &connection) {
        if (connection.host == host)
            lost.push_back(handle);
    });
    for (const Handle handle : lost)
        tcp_end(connections_[handle], Reason::HostDown);
}

void Network::set_ports(HostId host, std::uint16_t port, PortState state)
{
    for (Listener &candidate : hosts_[host.value].listeners)
        if (port == 0 || candidate.port == port)
            candidate.closed = state == PortState::Closed;
}

void Network::mix(Digest &digest) const
{
    for (const NetHost &host : hosts_) {
        digest.add(host.up, host.next_port, host.listeners.size(), host.connections.size());
        for (const Listener &listener : host.listeners)
            digest.add(listener.transport, listener.port, listener.closed);
        host.nat.mix(digest);
    }
    for (const Link &link : links_)
        digest.add(link.cut, link.quality.latency, link.quality.bits_per_second,
                   link.quality.loss_per_million, link.extra_loss_per_million, link.extra_latency,
                   link.lose_packet, link.free_at[0], link.free_at[1], link.loss.state());
    connections_.for_each([&](Handle handle, const TcpConnection &connection) {
        digest.add(handle.index, handle.generation);
        connection.mix(digest);
        mix_pieces(connection.unacknowledged, digest);
        mix_pieces(connection.early, digest);
    });
    digest.add(packets_in_flight(), next_packet_number_, next_conversation_, sequence_secret_);
    for (const Packet &packet : packets_)
        digest.add(packet.number, packet.payload);
}

void Network::mix_pieces(const PieceList &list, Digest &digest) const
{
    digest.add(list.count);
    for (std::uint32_t i = list.first; i != PieceList::none; i = pieces_[i].next)
        digest.add(pieces_[i].first, pieces_[i].bytes, pieces_[i].because);
}

} // namespace mailscope::net
