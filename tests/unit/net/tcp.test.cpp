// The life of a connection, segment by segment.
#include "tests/unit/net/small_internet.h"

#include <catch2/catch_test_macros.hpp>

namespace mailscope::net::test
{
namespace
{

using Kinds = std::vector<EventKind>;
using State = TcpState;

const Program silent{};
Program closing_after(std::vector<std::string> writes)
{
    Program program;
    program.writes = std::move(writes);
    program.closes = Program::Closes::AfterLastWrite;
    return program;
}

} // namespace

TEST_CASE("A connection opens with three segments (RFC 9293 figure 6)", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    const std::size_t server = world.serve(silent);
    const std::size_t client = world.call(silent);
    world.run_for(1s);
    // 44 octets with the MSS option take 44 us on the wire, 40 octets 40 us.
    CHECK(world.sent() ==
          Lines{"0us a SYN seq 0", "10044us b SYN ACK seq 0 ack 1", "20088us a ACK seq 1 ack 1"});
    CHECK(world.seen[0].packet.mss == 1460);
    CHECK(world.state(client) == State::Established);
    CHECK(world.state(server) == State::Established);
    CHECK(world.programs[client].heard == Kinds{EventKind::Connected});
    CHECK(world.programs[server].heard == Kinds{EventKind::Accepted});
}

TEST_CASE("Bytes and their acknowledgement, then both sides close (RFC 9293 figure 12)",
          "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    const std::size_t server = world.serve(silent);
    const std::size_t client = world.call(closing_after({"QUIT\r\n"}));
    world.run_for(200ms);
    CHECK(world.sent() == Lines{"0us a SYN seq 0", "10044us b SYN ACK seq 0 ack 1",
                                "20088us a FIN ACK seq 1 ack 1 len 6",
                                "30134us b FIN ACK seq 1 ack 8", "40174us a ACK seq 8 ack 2"});
    CHECK(world.programs[server].received == "QUIT\r\n");
    CHECK(world.state(client) == State::TimeWait);
    CHECK(world.state(server) == State::Closed);
    world.run();
    CHECK(world.now == SimTime(40174us + 60s));
    CHECK(world.net.connections().size() == 0);
}

TEST_CASE("A port where nobody listens answers with RST", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    const std::size_t client = world.call(silent);
    world.run();
    CHECK(world.sent() == Lines{"0us a SYN seq 0", "10044us b RST ACK seq 0 ack 1"});
    CHECK(world.programs[client].heard == Kinds{EventKind::ConnectFailed});
    CHECK(world.programs[client].reason == Reason::Refused);
    CHECK(world.count(EventKind::PortClosed) == 1);
    CHECK(world.net.connections().size() == 0);
}

TEST_CASE("An unanswered SYN is repeated at 1, 3, 7, 15, 31, 63 and 123 s, then given up",
          "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    world.net.set_up(world.b, false);
    const std::size_t client = world.call(silent);
    world.run();
    std::vector<std::int64_t> seconds;
    for (const Seen &event : world.seen)
        if (event.kind == EventKind::PacketSent)
            seconds.push_back(nanoseconds_since_start(event.at) / 1'000'000'000);
    CHECK(seconds == std::vector<std::int64_t>{0, 1, 3, 7, 15, 31, 63, 123});
    CHECK(world.now == SimTime(183s));
    CHECK(world.programs[client].reason == Reason::TimedOut);
    CHECK(world.programs[client].heard == Kinds{EventKind::ConnectFailed});
}

TEST_CASE("A peer that vanishes is given up after seven repetitions", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    world.serve(silent);
    const std::size_t client = world.call(silent);
    world.run_for(1s);
    world.net.link(world.link_a).cut = true;
    world.seen.clear();
    world.say(client, "NOOP\r\n");
    world.run();
    std::vector<std::int64_t> seconds;
    for (const Seen &event : world.seen)
        if (event.kind == EventKind::PacketSent)
            seconds.push_back(nanoseconds_since_start(event.at - 1s) / 1'000'000'000);
    CHECK(seconds == std::vector<std::int64_t>{0, 1, 3, 7, 15, 31, 63, 123});
    CHECK(world.programs[client].reason == Reason::TimedOut);
    CHECK(world.programs[client].heard.back() == EventKind::ConnectionLost);
}

TEST_CASE("Both sides may close at the same moment (RFC 9293 figure 13)", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    Program keeps;
    keeps.closes = Program::Closes::Never;
    const std::size_t server = world.serve(keeps);
    const std::size_t client = world.call(keeps);
    world.run_for(1s);
    world.seen.clear();
    world.close(client);
    world.close(server);
    world.run_for(15ms);
    CHECK(world.state(client) == State::Closing);
    CHECK(world.state(server) == State::Closing);
    world.run_for(1s);
    CHECK(world.state(client) == State::TimeWait);
    CHECK(world.state(server) == State::TimeWait);
    CHECK(world.count(EventKind::PacketSent) == 4);
    world.run();
    CHECK(world.net.connections().size() == 0);
}

TEST_CASE("After one side has closed, the other may still speak", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    Program keeps;
    keeps.closes = Program::Closes::Never;
    const std::size_t server = world.serve(keeps);
    const std::size_t client = world.call(closing_after({"one\n"}));
    world.run_for(1s);
    CHECK(world.state(client) == State::FinWait2);
    CHECK(world.state(server) == State::CloseWait);
    world.say(server, "two\n");
    world.run_for(1s);
    CHECK(world.programs[client].received == "two\n");
    world.close(server);
    world.run_for(1s);
    CHECK(world.state(client) == State::TimeWait);
    CHECK(world.programs[client].heard.back() == EventKind::PeerClosed);
}

TEST_CASE("An abort ends both sides at once", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    const std::size_t server = world.serve(silent);
    const std::size_t client = world.call(silent);
    world.run_for(1s);
    world.net.abort(world.programs[client].connection, RecordId{}, world.step());
    world.settle();
    CHECK(world.state(client) == State::Closed);
    world.run_for(1s);
    CHECK(world.state(server) == State::Closed);
    CHECK(world.programs[server].reason == Reason::Reset);
    CHECK(world.programs[server].heard.back() == EventKind::ConnectionLost);
}

TEST_CASE("A host that was off and on again resets its old connections when they speak",
          "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    const std::size_t server = world.serve(silent);
    const std::size_t client = world.call(silent);
    world.run_for(1s);
    world.net.set_up(world.b, false);
    world.settle();
    CHECK(world.programs[server].reason == Reason::HostDown);
    world.net.set_up(world.b, true);
    world.say(client, "NOOP\r\n");
    world.run_for(1s);
    CHECK(world.programs[client].reason == Reason::Reset);
    CHECK(world.net.connections().size() == 0);
}

TEST_CASE("A half-open connection is discovered by a new SYN (RFC 9293 figure 9)", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    const std::size_t server = world.serve(silent);
    world.call(silent);
    world.run_for(1s);
    world.net.link(world.link_a).cut = true; // the RST of the dying host is lost
    world.net.set_up(world.a, false);
    world.settle();
    world.net.link(world.link_a).cut = false;
    world.net.set_up(world.a, true);
    // The new program comes from the old one's port.
    while (world.net.ephemeral_port(world.a) != last_ephemeral_port) {
    }
    world.seen.clear();
    const std::size_t again = world.call(silent);
    world.run_for(3s);
    const Lines sent = world.sent();
    REQUIRE(sent.size() == 6);
    CHECK(sent[1].find("b ACK") != std::string::npos);
    CHECK(sent[2].find("a RST") != std::string::npos);
    CHECK(sent[3].find("a SYN") != std::string::npos);
    CHECK(world.state(again) == State::Established);
    CHECK(world.programs[server].heard ==
          Kinds{EventKind::Accepted, EventKind::ConnectionLost, EventKind::Accepted});
}

TEST_CASE("A new SYN takes over a connection that only waits (RFC 9293 3.10.7.4)", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    const std::size_t server = world.serve(closing_after({"221 bye\r\n"}));
    world.call(silent);
    world.run_for(1s);
    CHECK(world.state(server) == State::TimeWait);
    while (world.net.ephemeral_port(world.a) != last_ephemeral_port) {
    }
    const std::size_t again = world.call(silent);
    world.run_for(1s);
    CHECK(world.state(again) == State::Established);
    CHECK(world.state(server) == State::Established);
    CHECK(world.programs[server].heard ==
          Kinds{EventKind::Accepted, EventKind::PeerClosed, EventKind::Accepted});
}

TEST_CASE("Without a free port the program hears so", "[net][tcp]")
{
    SmallInternet world = SmallInternet::pair();
    world.keeps_packets = false;
    world.serve(silent);
    const Owner owner = world.owner(0);
    const Endpoint remote{address_b, port_b};
    for (int i = first_ephemeral_port; i <= last_ephemeral_port; ++i)
        world.net.open(world.a, remote, owner, RecordId{}, world.step());
    world.net.events().clear();
    const std::size_t late = world.call(silent);
    world.advance();
    CHECK(world.programs[late].heard == Kinds{EventKind::ConnectFailed});
    CHECK(world.programs[late].reason == Reason::NoFreePort);
    CHECK(world.net.connections().size() == 16'384);
}

} // namespace mailscope::net::test
