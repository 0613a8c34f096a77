// The simulated network: hosts with interfaces, links, routes, address translation, UDP and TCP.
//
// It moves packets and keeps connections, and it knows nothing of mail, names or programs. Calls
// put work into the event queue; what happens becomes net::Event values that the World takes with
// take_events() and turns into records and calls of programs. Deliberately absent: ICMP,
// fragmentation, ARP and switches (a router has a port per machine of its home), routing protocols.
#pragma once

#include "sim/core/event_queue.h"
#include "sim/core/flat_table.h"
#include "sim/core/ip_address.h"
#include "sim/core/rng.h"
#include "sim/core/slab.h"
#include "sim/net/events.h"
#include "sim/net/nat.h"
#include "sim/net/packet.h"
#include "sim/net/tcp.h"

#include <array>
#include <cstdint>
#include <vector>

namespace mailscope::net
{

/// Kinds of work that the network puts into the event queue; the World's own begin at `first_free`.
enum class Work : std::uint16_t
{
    PacketArrives, ///< what: packet, argument: interface
    TcpTimer,      ///< what: connection's place, argument: generation
    FirstFree = 16,
};

/// Where and when a call happens.
struct Step
{
    EventQueue &queue;
    SimTime now;
};

struct LinkQuality
{
    Duration latency = 5ms;
    std::uint64_t bits_per_second = 100'000'000;
    std::uint32_t loss_per_million = 0;
};

/// A full-duplex wire between two interfaces.
struct Link
{
    std::array<std::uint32_t, 2> interfaces{};
    LinkQuality quality;
    bool cut = false;
    std::uint32_t extra_loss_per_million = 0;  ///< by a fault
    Duration extra_latency = Duration::zero(); ///< by a fault
    std::uint32_t lose_packet = 0;    ///< by a fault: the n-th packet from now on is lost; 0: none
    std::array<SimTime, 2> free_at{}; ///< per direction: when the last bit has left
    Rng loss;
};

struct Interface
{
    HostId host;
    LinkId link;
    Ipv4Address address;
};

struct Route
{
    Ipv4Network to;
    std::uint32_t interface = 0;
};

/// A port on which a program takes connections or datagrams.
struct Listener
{
    Transport transport = Transport::Tcp;
    std::uint16_t port = 0;
    Owner owner;
    bool closed = false; ///< by a fault: nobody listens for the moment
};

enum class PortState : std::uint8_t
{
    Open,
    Closed,
};

/// From these a host opens connections (RFC 6335 6).
inline constexpr std::uint16_t first_ephemeral_port = 49'152;
inline constexpr std::uint16_t last_ephemeral_port = 65'535;

/// A machine as the network knows it.
struct NetHost
{
    bool up = true;
    bool forwards = false;                         ///< a router
    std::uint32_t outside_interface = 0xFFFFFFFFU; ///< translates addresses going out here
    std::uint16_t next_port = first_ephemeral_port;
    std::vector<std::uint32_t> interfaces;
    std::vector<Route> routes; ///< longest prefix first
    std::vector<Listener> listeners;
    NatTable nat;
    FlatTable connections; ///< by local port and remote endpoint
};

/// An RST that answers packet `cause` and leaves at the end of the step.
struct PendingReset
{
    HostId host;
    std::uint32_t cause = no_packet;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint8_t flags = 0;
};

class Network
{
public:
    Network(const Network &);
    Network(Network &&) noexcept;
    Network &operator=(const Network &);
    Network &operator=(Network &&) noexcept;
    ~Network();

    explicit Network(std::uint64_t seed = 1)
        : sequence_secret_(Rng(seed, "tcp sequence numbers").next())
    {
    }

    // Building.
    HostId add_host(bool forwards);
    /// Makes a host a router.
    void set_forwarding(HostId host) { hosts_[host.value].forwards = true; }
    /// Lays a wire and gives both ends an interface.
    LinkId connect(HostId a, Ipv4Address a_address, HostId b, Ipv4Address b_address,
                   LinkQuality quality, Rng loss);
    /// Packets for `to` leave `host` by the interface on `link`.
    void add_route(HostId host, Ipv4Network to, LinkId link);
    /// Makes `host` translate the addresses of what leaves by `link`.
    void translate_on(HostId host, LinkId link);

    // Programs.
    /// Port 0: whatever comes to a port on which no other program listens.
    void listen(HostId host, Transport transport, std::uint16_t port, Owner owner);
    void stop_listening(HostId host, Transport transport, std::uint16_t port);
    /// Begins a handshake. The owner hears Connected or ConnectFailed, never before the next step.
    Handle open(HostId host, Endpoint remote, Owner owner, RecordId because, Step step);
    /// Queues bytes on a connection; they leave when flush() is called.
    void send(Handle connection, SharedBytes bytes, RecordId because);
    /// No more bytes will follow; FIN after the last one. The peer may go on sending.
    void close(Handle connection, RecordId because);
    /// Ends the connection at once; the peer gets RST.
    void abort(Handle connection, RecordId because, Step step);
    void set_session(Handle connection, std::uint32_t session);
    /// Sends a datagram. Without a conversation it begins a new one.
    ConnectionId send_datagram(HostId host, std::uint16_t source_port, Endpoint destination,
                               SharedBytes payload, ConnectionId conversation, RecordId because,
                               Step step);
    /// The next free ephemeral port of the host.
    std::uint16_t ephemeral_port(HostId host);
    /// A number for a conversation that is about to begin.
    ConnectionId new_conversation() { return ConnectionId{next_conversation_++}; }

    // Stepping, by the World.
    /// Does work that came out of the event queue.
    void handle(const mailscope::Event &work, Step step);
    /// Sends what programs queued, and acknowledgements that no data carried.
    void flush(Step step);
    /// What happened since the last call, in order.
    std::vector<Event> &events() { return events_; }
    /// Gives back packets that were dropped or delivered; ends the step.
    void end_step();

    // Faults.
    void set_up(HostId host, bool up);
    /// Makes the programs on `port` (0: on all ports) stop or begin again to listen. Connections
    /// that stand go on.
    void set_ports(HostId host, std::uint16_t port, PortState state);
    Link &link(LinkId id) { return links_[id.value]; }
    const Link &link(LinkId id) const { return links_[id.value]; }

    // Looking.
    const std::vector<NetHost> &hosts() const { return hosts_; }
    const std::vector<Link> &links() const { return links_; }
    const std::vector<Interface> &interfaces() const { return interfaces_; }
    const Slab<TcpConnection> &connections() const { return connections_; }
    /// The record behind what the connection still has to get through, or behind its last word.
    RecordId cause_of(const TcpConnection &connection) const;
    const TcpConnection *find(Handle connection) const { return connections_.find(connection); }
    const Packet &packet(std::uint32_t index) const { return packets_[index]; }
    Packet &packet(std::uint32_t index) { return packets_[index]; }
    /// The host's first address; unspecified for a host without a wire.
    Ipv4Address address_of(HostId host) const;
    /// The machine inside that `outside_port` of a translating router stands for; none when it
    /// stands for nobody. Only looks: the note's time is not renewed.
    HostId host_behind(HostId router, Transport transport, std::uint16_t outside_port) const;
    std::size_t packets_in_flight() const { return packets_.size() - free_packets_.size(); }

    void mix(Digest &digest) const;

private:
    // network.cpp: packets
    std::uint32_t new_packet();
    void transmit(HostId host, std::uint32_t index, EventKind kind, Step step);
    void put_on_link(std::uint32_t interface, std::uint32_t index, EventKind kind, Step step);
    void drop(std::uint32_t index, HostId host, LinkId link, Reason reason);
    void arrive(std::uint32_t index, std::uint32_t interface, Step step);
    void forward(HostId host, std::uint32_t index, std::uint32_t from_interface, Step step);
    bool translate_out(HostId host, std::uint32_t index, Step step);
    Reason come_in(HostId host, std::uint32_t index, Step step);
    std::uint32_t route(HostId host, Ipv4Address destination) const;
    bool is_local(HostId host, Ipv4Address address) const;
    const Listener *listener(HostId host, Transport transport, std::uint16_t port) const;
    void deliver_datagram(HostId host, std::uint32_t index);
    Event &emit(EventKind kind, HostId host);
    void mix_pieces(const PieceList &list, Digest &digest) const;

    // tcp.cpp: the life of a connection
    TcpConnection &tcp_add(const TcpConnection &fresh, SimTime now);
    std::uint32_t initial_sequence(const TcpConnection &connection, SimTime now) const;
    std::uint16_t port_towards(HostId host, Endpoint remote);
    void tcp_input(TcpConnection &connection, TcpInput input);
    void tcp_timer(Handle handle, Step step);
    void tcp_set_deadline(TcpConnection &connection, Duration after, Step step);
    void tcp_end(TcpConnection &connection, Reason reason);
    void tcp_release(TcpConnection &connection);
    void tcp_touch(TcpConnection &connection);
    RecordId tcp_cause(const TcpConnection &connection) const;
    Event &emit_for(const TcpConnection &connection, EventKind kind);

    // tcp_input.cpp: an arriving segment
    void tcp_arrive(HostId host, std::uint32_t index, Step step);
    void tcp_arrive_unknown(HostId host, std::uint32_t index, Step step);
    void tcp_arrive_opening(TcpConnection &connection, const Packet &segment, Step step);
    void tcp_reset_reply(HostId host, std::uint32_t index);
    bool tcp_passes_checks(TcpConnection &connection, const Packet &segment, Step step);
    void tcp_established(TcpConnection &connection, const Packet &segment, Step step);
    bool tcp_acknowledged(TcpConnection &connection, const Packet &segment, Step step);
    bool tcp_fin_acknowledged(TcpConnection &connection, Step step);
    static void tcp_measure(TcpConnection &connection, std::uint32_t acknowledgement, SimTime now);
    static void tcp_count_duplicate(TcpConnection &connection, const Packet &segment);
    static void tcp_open_window(TcpConnection &connection, std::uint32_t newly_acknowledged);
    void tcp_take_data(TcpConnection &connection, const Packet &segment);
    void tcp_deliver(TcpConnection &connection, std::uint32_t first, const SharedBytes &bytes);
    void tcp_keep_early(TcpConnection &connection, const Packet &segment);
    void tcp_take_fin(TcpConnection &connection, Step step);

    // tcp_output.cpp: what leaves
    void tcp_send_segment(TcpConnection &connection, std::uint32_t sequence, std::uint8_t flags,
                          SharedBytes payload, RecordId because, Step step);
    static void tcp_advance(TcpConnection &connection, std::uint32_t octets, SimTime now);
    void tcp_send_syn(TcpConnection &connection, RecordId because, Step step);
    bool tcp_send_data(TcpConnection &connection, const Piece &piece, std::uint32_t limit,
                       Step step);
    void tcp_pump(TcpConnection &connection, Step step);
    void tcp_repeat(TcpConnection &connection, Step step);
    void tcp_repeat_first(TcpConnection &connection, Step step);
    void flush_connection(TcpConnection &connection, Step step);

    std::vector<NetHost> hosts_;
    std::vector<Link> links_;
    std::vector<Interface> interfaces_;
    std::vector<Packet> packets_;
    std::vector<std::uint32_t> free_packets_;
    std::vector<std::uint32_t> done_packets_; ///< to be freed at the end of the step
    std::vector<Event> events_;
    std::vector<Handle> flush_list_;
    std::vector<PendingReset> pending_resets_;
    Slab<TcpConnection> connections_;
    PiecePool pieces_;
    std::uint64_t sequence_secret_;
    std::uint32_t next_packet_number_ = 1;
    std::uint32_t next_conversation_ = 1;
};

} // namespace mailscope::net
