// Segments, windows and repetition, with exact times.
#include "tests/unit/net/small_internet.h"

#include <catch2/catch_test_macros.hpp>

namespace mailscope::net::test
{
namespace
{

/// A pair whose connection is open, with what was seen so far forgotten; one second has passed.
struct Open
{
    SmallInternet world;
    std::size_t server;
    std::size_t client;

    explicit Open(LinkQuality quality = plain_link) : world(SmallInternet::pair(quality))
    {
        server = world.serve(Program{});
        client = world.call(Program{});
        world.run_for(1s);
        world.seen.clear();
    }

    /// Milliseconds since the connection was opened at which a put data on the link.
    std::vector<std::int64_t> data_times() const
    {
        std::vector<std::int64_t> times;
        for (const Seen &event : world.seen)
            if (event.kind == EventKind::PacketSent && !event.packet.payload.empty())
                times.push_back(nanoseconds_since_start(event.at - 1s) / 1'000'000);
        return times;
    }

    void lose_packet(std::uint32_t number) { world.net.link(world.link_a).lose_packet = number; }
    Duration rto() const { return world.net.find(world.programs[client].connection)->rto; }
};

} // namespace

TEST_CASE("A long write leaves in segments of at most 1460 octets", "[net][tcp]")
{
    Open open;
    open.world.say(open.client, std::string(4000, 'x'));
    open.world.run_for(1s);
    std::vector<std::size_t> sizes;
    std::vector<bool> pushed;
    for (const Seen &event : open.world.seen) {
        if (event.kind != EventKind::PacketSent || event.packet.payload.empty())
            continue;
        sizes.push_back(event.packet.payload.size());
        pushed.push_back((event.packet.flags & tcp_flag::psh) != 0);
    }
    CHECK(sizes == std::vector<std::size_t>{1460, 1460, 1080});
    CHECK(pushed == std::vector<bool>{false, false, true});
    CHECK(open.world.programs[open.server].received == std::string(4000, 'x'));
}

TEST_CASE("Slow start sends ten segments, and two more for each acknowledged", "[net][tcp]")
{
    Open open;
    open.world.say(open.client, std::string(40 * 1460, 'x'));
    const auto sent = [&] { return open.data_times().size(); };
    CHECK(sent() == 10);
    open.world.run_for(20ms);
    CHECK(sent() == 10);
    open.world.run_for(1540us); // the first acknowledgement: 1500 us, 10 ms, 40 us, 10 ms
    CHECK(sent() == 12);
    open.world.run_for(1s);
    CHECK(sent() == 40);
    CHECK(open.world.programs[open.server].received.size() == 40 * 1460);
}

TEST_CASE("A lost segment is repeated after one second, twice as long after each loss",
          "[net][tcp]")
{
    Open open;
    open.world.net.link(open.world.link_a).cut = true;
    open.world.say(open.client, "NOOP\r\n");
    open.world.run_for(10s);
    CHECK(open.data_times() == std::vector<std::int64_t>{0, 1000, 3000, 7000});
    open.world.net.link(open.world.link_a).cut = false;
    open.world.run_for(10s);
    CHECK(open.world.programs[open.server].received == "NOOP\r\n");
    CHECK(open.world.count(EventKind::SegmentRepeated) == 4);
}

TEST_CASE("The timer follows the measured round trip (RFC 6298 2)", "[net][tcp]")
{
    LinkQuality slow = plain_link;
    slow.latency = 400ms;
    Open open(slow);
    // One measurement, of the SYN: 800 ms and twice 44 us on the wire. SRTT + 4 * SRTT / 2.
    CHECK(open.rto() == 3 * (800ms + 88us));
    open.world.say(open.client, "NOOP\r\n");
    open.world.run_for(1s);
    // The second: 46 and 40 octets.
    // RTTVAR = (3 * 400044 + 2) / 4, SRTT = (7 * 800088 + 800086) / 8.
    CHECK(open.rto() == 800'087'750ns + 4 * 300'033'500ns);
}

TEST_CASE("What was repeated is not measured, and backing off stays until something is (Karn)",
          "[net][tcp]")
{
    Open open;
    open.lose_packet(1);
    open.world.say(open.client, "NOOP\r\n");
    open.world.run_for(5s);
    CHECK(open.rto() == 2s);
    open.world.say(open.client, "NOOP\r\n");
    open.world.run_for(1s);
    CHECK(open.rto() == 1s);
}

TEST_CASE("After a lost SYN the timer begins with three seconds (RFC 6298 5.7)", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    world.serve(Program{});
    world.net.link(world.link_a).lose_packet = 1;
    const std::size_t client = world.call(Program{});
    world.run_for(2s);
    CHECK(world.state(client) == TcpState::Established);
    CHECK(world.net.find(world.programs[client].connection)->rto == 3s);
}

TEST_CASE("Three duplicate acknowledgements repeat a segment before the timer does (RFC 5681 3.2)",
          "[net][tcp]")
{
    Open open;
    open.lose_packet(1);
    open.world.say(open.client, std::string(8 * 1460, 'x'));
    open.world.run_for(500ms);
    CHECK(open.world.count(EventKind::SegmentRepeated) == 1);
    CHECK(open.world.programs[open.server].received == std::string(8 * 1460, 'x'));
    // Segments 2, 3 and 4 arrive and are acknowledged: 4 * 1500 us + 40 us + 20 ms.
    CHECK(open.data_times().back() == 26);
}

TEST_CASE("A lost FIN is repeated", "[net][tcp]")
{
    Open open;
    open.lose_packet(1);
    open.world.close(open.client);
    open.world.run_for(5s);
    CHECK(open.world.state(open.client) == TcpState::TimeWait);
    CHECK(open.world.state(open.server) == TcpState::Closed);
}

TEST_CASE("A repeated FIN starts TIME-WAIT anew", "[net][tcp]")
{
    Open open;
    open.world.close(open.client);
    open.world.run_for(15ms); // the server's FIN is under way
    open.lose_packet(1);      // the last acknowledgement will be lost
    open.world.run_for(500ms);
    CHECK(open.world.state(open.client) == TcpState::TimeWait);
    CHECK(open.world.state(open.server) == TcpState::LastAck);
    open.world.run();
    // The FIN left at 1010.04 ms, again a second later, and arrived after 10.04 ms.
    CHECK(open.world.now == SimTime(2'020'080us + 60s));
}

} // namespace mailscope::net::test
