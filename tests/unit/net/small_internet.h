// Two or three hosts on a few wires, with programs that write and read, for tests of the network.
//
// It is a value like the World: its programs are data, so that a copy lives the same future. It
// does what the World does with a network (step, hand events to programs, flush) and nothing else,
// and keeps what it saw as packets and as lines of text with relative sequence numbers.
#pragma once

#include "sim/core/digest.h"
#include "sim/net/network.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace mailscope::net::test
{

inline constexpr Ipv4Address address_a{0xC0000201U};       // 192.0.2.1
inline constexpr Ipv4Address address_b{0xC6336401U};       // 198.51.100.1
inline constexpr Ipv4Address address_private{0xC0A8010AU}; // 192.168.1.10
inline constexpr Ipv4Address address_nat{0xCB007107U};     // 203.0.113.7
inline constexpr std::uint16_t port_b = 25;

/// 10 ms, and one microsecond for an octet.
inline constexpr LinkQuality plain_link{10ms, 8'000'000, 0};

/// What a program does: it says its writes, all at once or one for each line it hears.
struct Program
{
    enum class Manner : std::uint8_t
    {
        AtOnce,
        InTurn
    };
    enum class Closes : std::uint8_t
    {
        AfterLastWrite,
        AfterPeer,
        Never
    };

    std::vector<std::string> writes;
    Manner manner = Manner::AtOnce;
    Closes closes = Closes::AfterPeer;
    std::size_t written = 0;
    std::string received;
    std::vector<EventKind> heard; ///< everything but data
    Reason reason = Reason::None;
    Handle connection;
};

/// A packet event as it happened.
struct Seen
{
    EventKind kind;
    Reason reason;
    SimTime at;
    HostId host;
    Packet packet;
};

class SmallInternet
{
public:
    Network net;
    EventQueue queue;
    SimTime now;
    std::vector<Program> programs; ///< an owner's role is the index
    std::vector<Seen> seen;
    bool keeps_packets = true;
    HostId a, b, router;
    LinkId link_a, link_b;

    explicit SmallInternet(std::uint64_t seed = 1) : net(seed) {}

    /// a and b on one wire.
    static SmallInternet pair(LinkQuality quality = plain_link, std::uint64_t seed = 1)
    {
        SmallInternet world(seed);
        world.a = world.net.add_host(false);
        world.b = world.net.add_host(false);
        world.link_a =
            world.net.connect(world.a, address_a, world.b, address_b, quality, Rng(seed, "loss"));
        world.link_b = world.link_a;
        world.net.add_route(world.a, Ipv4Network{}, world.link_a);
        world.net.add_route(world.b, Ipv4Network{}, world.link_a);
        return world;
    }

    /// a, a router, b. With a private address for a, the router translates.
    static SmallInternet routed(Ipv4Address of_a = address_a, std::uint64_t seed = 1)
    {
        SmallInternet world(seed);
        world.a = world.net.add_host(false);
        world.router = world.net.add_host(true);
        world.b = world.net.add_host(false);
        world.link_b = world.net.connect(world.router, address_nat, world.b, address_b, plain_link,
                                         Rng(seed, "b"));
        world.link_a =
            world.net.connect(world.a, of_a, world.router, Ipv4Address{of_a.value ^ 0xFFU},
                              plain_link, Rng(seed, "a"));
        world.net.add_route(world.a, Ipv4Network{}, world.link_a);
        world.net.add_route(world.b, Ipv4Network{address_nat, 24}, world.link_b);
        world.net.add_route(world.b, Ipv4Network{address_a, 24}, world.link_b);
        world.net.add_route(world.router, Ipv4Network{of_a, 24}, world.link_a);
        world.net.add_route(world.router, Ipv4Network{address_b, 24}, world.link_b);
        if (is_private(of_a))
            world.net.translate_on(world.router, world.link_b);
        return world;
    }

    Step step() { return Step{queue, now}; }
    Owner owner(std::size_t program) { return Owner{static_cast<std::uint16_t>(program), 0, 0}; }

    /// A program that waits on a port of b.
    std::size_t serve(Program program, std::uint16_t port = port_b)
    {
        programs.push_back(std::move(program));
        net.listen(b, Transport::Tcp, port, owner(programs.size() - 1));
        return programs.size() - 1;
    }

    /// A program on a that calls b.
    std::size_t call(Program program, std::uint16_t port = port_b)
    {
        programs.push_back(std::move(program));
        const std::size_t index = programs.size() - 1;
        programs[index].connection =
            net.open(a, Endpoint{address_b, port}, owner(index), RecordId{}, step());
        settle();
        return index;
    }

    void close(std::size_t program)
    {
        net.close(programs[program].connection, RecordId{});
        settle();
    }

    void say(std::size_t program, const std::string &bytes)
    {
        net.send(programs[program].connection, SharedBytes::copy_of(bytes), RecordId{});
        settle();
    }

    /// Does the next work that is due before `limit`.
    bool advance(SimTime limit = time_never)
    {
        const std::optional<mailscope::Event> work = queue.pop_until(limit);
        if (!work)
            return false;
        now = work->at;
        net.handle(*work, step());
        settle();
        return true;
    }

    void run_for(Duration duration)
    {
        const SimTime limit = now + duration;
        while (advance(limit)) {
        }
        now = limit;
    }

    /// Until nothing is left to do.
    void run()
    {
        while (advance()) {
        }
    }

    /// Ends a step: programs hear what happened, what they said leaves.
    void settle()
    {
        attend();
        net.flush(step());
        attend();
        net.end_step();
    }

    TcpState state(std::size_t program) const
    {
        const TcpConnection *connection = net.find(programs[program].connection);
        return connection == nullptr ? TcpState::Closed : connection->state;
    }

    std::uint64_t digest() const
    {
        Digest digest;
        net.mix(digest);
        queue.mix(digest);
        for (const Program &program : programs)
            digest.add(program.written, std::string_view(program.received));
        return digest.value();
    }

    /// Packets that a host put on its link, as "12.345ms a SYN ACK seq 0 ack 1 len 0".
    std::vector<std::string> sent() const { return lines_of(EventKind::PacketSent); }
    std::vector<std::string> dropped() const { return lines_of(EventKind::PacketDropped); }

    std::size_t count(EventKind kind, Reason reason = Reason::None) const
    {
        std::size_t result = 0;
        for (const Seen &event : seen)
            result += event.kind == kind && event.reason == reason ? 1U : 0U;
        return result;
    }

private:
    void attend()
    {
        std::vector<Event> events = std::move(net.events());
        net.events().clear();
        for (const Event &event : events) {
            if (event.packet != no_packet && keeps_packets && event.kind <= EventKind::PortClosed)
                seen.push_back(
                    {event.kind, event.reason, now, event.host, net.packet(event.packet)});
            if (event.kind == EventKind::SegmentRepeated && keeps_packets)
                seen.push_back({event.kind, event.reason, now, event.host, Packet()});
            if (event.kind >= EventKind::DatagramArrived)
                tell(programs[event.owner.role], event);
        }
    }

    void tell(Program &program, const Event &event)
    {
        const bool is_data =
            event.kind == EventKind::DataArrived || event.kind == EventKind::DatagramArrived;
        if (is_data)
            program.received += event.data.view();
        else
            program.heard.push_back(event.kind);
        if (event.reason != Reason::None)
            program.reason = event.reason;
        const bool begins = event.kind == EventKind::Accepted || event.kind == EventKind::Connected;
        if (begins)
            program.connection = event.connection;
        const bool in_turn = program.manner == Program::Manner::InTurn;
        const bool my_turn = in_turn && is_data && event.data.view().back() == '\n';
        if (begins && !in_turn)
            while (program.written < program.writes.size())
                write_next(program);
        else if (my_turn || (in_turn && event.kind == EventKind::Accepted))
            write_next(program);
        if (event.kind == EventKind::PeerClosed && program.closes == Program::Closes::AfterPeer)
            net.close(event.connection, RecordId{});
    }

    void write_next(Program &program)
    {
        if (program.written < program.writes.size())
            net.send(program.connection, SharedBytes::copy_of(program.writes[program.written++]),
                     RecordId{});
        if (program.written == program.writes.size() &&
            program.closes == Program::Closes::AfterLastWrite)
            net.close(program.connection, RecordId{});
    }

    std::vector<std::string> lines_of(EventKind kind) const
    {
        std::vector<std::string> lines;
        std::map<std::uint64_t, std::uint32_t> first_numbers;
        const auto key = [](Endpoint end) {
            return std::uint64_t{end.address.value} << 16U | end.port;
        };
        for (const Seen &event : seen) {
            const Packet &packet = event.packet;
            if (event.kind == EventKind::PacketSent && (packet.flags & tcp_flag::syn) != 0)
                first_numbers[key(packet.source)] = packet.sequence;
            if (event.kind == kind)
                lines.push_back(
                    line_of(event, packet.sequence - first_numbers[key(packet.source)],
                            packet.acknowledgement - first_numbers[key(packet.destination)]));
        }
        return lines;
    }

    std::string line_of(const Seen &event, std::uint32_t sequence, std::uint32_t ack) const
    {
        const Packet &packet = event.packet;
        const std::int64_t micros = nanoseconds_since_start(event.at) / 1000;
        std::string line = std::to_string(micros) + "us " +
                           (event.host == a   ? "a"
                            : event.host == b ? "b"
                                              : "r");
        constexpr std::pair<std::uint8_t, const char *> names[] = {{tcp_flag::syn, " SYN"},
                                                                   {tcp_flag::fin, " FIN"},
                                                                   {tcp_flag::rst, " RST"},
                                                                   {tcp_flag::ack, " ACK"}};
        for (const auto &[flag, name] : names)
            if ((packet.flags & flag) != 0)
                line += name;
        line += " seq " + std::to_string(sequence);
        if ((packet.flags & tcp_flag::ack) != 0)
            line += " ack " + std::to_string(ack);
        if (!packet.payload.empty())
            line += " len " + std::to_string(packet.payload.size());
        return line;
    }
};

using Lines = std::vector<std::string>;

} // namespace mailscope::net::test
