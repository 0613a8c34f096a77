// Packets on links: bandwidth, queues, faults, routes, address translation, datagrams.
#include "tests/unit/net/small_internet.h"

#include <catch2/catch_test_macros.hpp>

namespace mailscope::net::test
{
namespace
{

void send_octets(SmallInternet &world, Ipv4Address to, std::size_t octets, std::uint16_t port = 53)
{
    world.net.send_datagram(world.a, 5353, Endpoint{to, port},
                            SharedBytes::copy_of(std::string(octets, 'q')), ConnectionId{},
                            RecordId{}, world.step());
    world.settle();
}

/// Moments at which packets reached their host, in microseconds.
std::vector<std::int64_t> arrivals(const SmallInternet &world)
{
    std::vector<std::int64_t> times;
    for (const Seen &event : world.seen)
        if (event.kind == EventKind::PacketArrived)
            times.push_back(nanoseconds_since_start(event.at) / 1000);
    return times;
}

void serve_names(SmallInternet &world)
{
    world.programs.emplace_back();
    world.net.listen(world.b, Transport::Udp, 53, world.owner(world.programs.size() - 1));
}

} // namespace

TEST_CASE("Packets queue for the wire: one octet takes a microsecond", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    serve_names(world);
    send_octets(world, address_b, 972); // 1000 with the headers of UDP and IP
    send_octets(world, address_b, 472);
    world.run_for(5ms);
    send_octets(world, address_b, 72);
    world.run();
    CHECK(arrivals(world) == std::vector<std::int64_t>{11'000, 11'500, 15'100});
    CHECK(world.programs[0].received.size() == 972 + 472 + 72);
}

TEST_CASE("The two directions of a wire do not wait for each other", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    send_octets(world, address_b, 972);
    world.net.send_datagram(world.b, 53, Endpoint{address_a, 5353}, SharedBytes(), ConnectionId{},
                            RecordId{}, world.step());
    world.settle();
    world.run();
    CHECK(arrivals(world) == std::vector<std::int64_t>{10'028, 11'000});
}

TEST_CASE("A wire holds what it can send in two seconds; the rest is dropped", "[net]")
{
    LinkQuality thin = plain_link;
    thin.bits_per_second = 8'000; // 1 octet in a millisecond
    SmallInternet world = SmallInternet::pair(thin);
    for (int i = 0; i < 4; ++i)
        send_octets(world, address_b, 972);
    CHECK(world.count(EventKind::PacketSent) == 4);
    CHECK(world.count(EventKind::PacketDropped, Reason::QueueFull) == 1);
    world.run();
    CHECK(arrivals(world).size() == 3);
}

TEST_CASE("A cut wire loses what is sent and what is under way", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    send_octets(world, address_b, 10);
    world.run_for(5ms);
    world.net.link(world.link_a).cut = true;
    send_octets(world, address_b, 10);
    world.run();
    CHECK(world.count(EventKind::PacketDropped, Reason::LinkCut) == 2);
    world.net.link(world.link_a).cut = false;
    send_octets(world, address_b, 10);
    world.run();
    CHECK(arrivals(world).size() == 1);
}

TEST_CASE("A host that is off takes nothing", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    world.net.set_up(world.b, false);
    send_octets(world, address_b, 10);
    world.run();
    CHECK(world.count(EventKind::PacketDropped, Reason::HostDown) == 1);
    CHECK(world.net.packets_in_flight() == 0);
}

TEST_CASE("The n-th packet from now on can be told to get lost", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    world.net.link(world.link_a).lose_packet = 2;
    for (const std::size_t octets : {100U, 200U, 300U})
        send_octets(world, address_b, octets);
    CHECK(world.dropped().size() == 1);
    CHECK(world.dropped()[0].find("len 200") != std::string::npos);
}

TEST_CASE("Random loss takes about its share, and the same packets each time", "[net]")
{
    const auto lost = [] {
        SmallInternet world = SmallInternet::pair();
        world.net.link(world.link_a).quality.loss_per_million = 250'000;
        for (int i = 0; i < 1000; ++i)
            send_octets(world, address_b, 1);
        return world.dropped();
    };
    const Lines once = lost();
    CHECK(once.size() > 200);
    CHECK(once.size() < 300);
    CHECK(once == lost());
}

TEST_CASE("A router lowers the time to live and drops what has none left (RFC 791)", "[net]")
{
    SmallInternet world = SmallInternet::routed();
    send_octets(world, address_b, 1);
    world.run();
    CHECK(world.count(EventKind::PacketForwarded) == 1);
    CHECK(world.seen.back().packet.time_to_live == 63);

    send_octets(world, address_b, 1);
    world.net.packet(0).time_to_live = 1;
    world.run();
    CHECK(world.count(EventKind::PacketDropped, Reason::TimeToLiveExceeded) == 1);
}

TEST_CASE("The longest matching prefix decides the way", "[net]")
{
    SmallInternet world = SmallInternet::routed();
    const HostId c = world.net.add_host(false);
    const LinkId link_c = world.net.connect(world.router, Ipv4Address{0xC6336402U}, c,
                                            Ipv4Address{0xC6336481U}, plain_link, Rng(1, "c"));
    world.net.add_route(world.router, Ipv4Network{Ipv4Address{0xC6336480U}, 25}, link_c);
    send_octets(world, Ipv4Address{0xC6336481U}, 1);
    world.run();
    CHECK(world.seen.back().kind == EventKind::PacketDropped); // nobody listens on c
    CHECK(world.seen.back().host == c);
}

TEST_CASE("Without a way a packet is dropped; a private destination is named as the reason",
          "[net]")
{
    SmallInternet world = SmallInternet::routed();
    send_octets(world, Ipv4Address{0xCB007201U}, 1);
    send_octets(world, address_private, 1);
    world.run();
    CHECK(world.count(EventKind::PacketDropped, Reason::NoRoute) == 1);
    CHECK(world.count(EventKind::PacketDropped, Reason::PrivateAddress) == 1);
}

TEST_CASE("A host that is no router does not forward", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    send_octets(world, Ipv4Address{0xCB007201U}, 1);
    world.run();
    CHECK(world.seen.back().host == world.b);
    CHECK(world.seen.back().reason == Reason::NoRoute);
}

TEST_CASE("A datagram to a port where nobody listens is dropped there", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    send_octets(world, address_b, 1, 54);
    world.run();
    CHECK(world.count(EventKind::PacketDropped, Reason::PortClosed) == 1);
}

TEST_CASE("A datagram's answer belongs to the same conversation", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    const ConnectionId first =
        world.net.send_datagram(world.a, 5353, Endpoint{address_b, 53}, SharedBytes(),
                                ConnectionId{}, RecordId{}, world.step());
    const ConnectionId answer = world.net.send_datagram(
        world.b, 53, Endpoint{address_a, 5353}, SharedBytes(), first, RecordId{}, world.step());
    const ConnectionId second =
        world.net.send_datagram(world.a, 5353, Endpoint{address_b, 53}, SharedBytes(),
                                ConnectionId{}, RecordId{}, world.step());
    CHECK(answer == first);
    CHECK(second != first);
}

TEST_CASE("A listener can be replaced and taken away", "[net]")
{
    SmallInternet world = SmallInternet::pair();
    serve_names(world);
    serve_names(world);
    send_octets(world, address_b, 3);
    world.run();
    CHECK(world.programs[0].received.empty());
    CHECK(world.programs[1].received == "qqq");
    world.net.stop_listening(world.b, Transport::Udp, 53);
    send_octets(world, address_b, 3);
    world.run();
    CHECK(world.programs[1].received == "qqq");
}

TEST_CASE("A translating router speaks for the machines behind it, and hands answers back",
          "[net][nat]")
{
    SmallInternet world = SmallInternet::routed(address_private);
    Program greets;
    greets.writes = {"220 b\r\n"};
    greets.closes = Program::Closes::AfterLastWrite;
    const std::size_t server = world.serve(greets);
    const std::size_t client = world.call(Program{});
    world.run_for(1s);
    CHECK(world.programs[client].received == "220 b\r\n");
    const TcpConnection *at_server = world.net.find(world.programs[server].connection);
    REQUIRE(at_server != nullptr);
    CHECK(at_server->remote == Endpoint{address_nat, 40'000});
    CHECK(world.count(EventKind::PacketTranslated) > 4);
    CHECK(world.net.hosts()[world.router.value].nat.translations().size() == 1);
}

TEST_CASE("From outside nobody comes in through a translating router", "[net][nat]")
{
    SmallInternet world = SmallInternet::routed(address_private);
    world.net.add_route(world.b, Ipv4Network{address_private, 24}, world.link_b);
    const auto try_from_b = [&](Ipv4Address to) {
        world.net.send_datagram(world.b, 53, Endpoint{to, 5353}, SharedBytes(), ConnectionId{},
                                RecordId{}, world.step());
        world.settle();
        world.run();
    };
    try_from_b(address_nat);
    CHECK(world.count(EventKind::PacketDropped, Reason::NoTranslation) == 1);
    try_from_b(address_private);
    CHECK(world.count(EventKind::PacketDropped, Reason::PrivateAddress) == 1);
}

TEST_CASE("A router that loses its power forgets its translations", "[net][nat]")
{
    SmallInternet world = SmallInternet::routed(address_private);
    send_octets(world, address_b, 1);
    world.run();
    CHECK(world.net.hosts()[world.router.value].nat.translations().size() == 1);
    world.net.set_up(world.router, false);
    CHECK(world.net.hosts()[world.router.value].nat.translations().empty());
}

} // namespace mailscope::net::test
