// What is seen at a host and on a wire, from a trace made by hand.
#include "sim/trace/capture.h"

#include "sim/net/events.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace mailscope
{
namespace
{

constexpr HostId laptop{0};
constexpr HostId router{1};
constexpr HostId server{2};
constexpr LinkId home{0};
constexpr LinkId line{1};
constexpr LinkId far{2};

using Direction = pcapng::Direction;

/// A trace as it grows, and a capture that follows it.
struct Story
{
    explicit Story(std::vector<Tap> taps, Wires wires = Wires::Each)
        : capture(std::move(taps), wires)
    {
    }

    void happens(RecordKind kind, HostId host, LinkId link = {},
                 net::Reason reason = net::Reason::None)
    {
        Record record;
        record.id = RecordId{next++};
        record.at = SimTime(now);
        record.kind = kind;
        record.host = host;
        record.link = link;
        record.code = static_cast<std::uint16_t>(reason);
        record.packet = records.add_packet(packet);
        records.add(Record(record));
        capture.note(record, records);
    }

    std::vector<Sighting> seen()
    {
        capture.settle();
        return capture.take();
    }

    Records records;
    Capture capture;
    net::Packet packet;
    Duration now = Duration::zero();
    std::uint32_t next = 0;
};

net::Packet packet_from(std::uint32_t address)
{
    net::Packet packet;
    packet.number = 7;
    packet.source.address.value = address;
    return packet;
}

} // namespace

TEST_CASE("A packet is seen when it leaves, and at the other end when it arrives", "[capture]")
{
    Story story({{laptop, home}, {router, home}, {HostId{}, home}});
    story.happens(RecordKind::PacketSent, laptop, home);
    story.now = 5ms;
    story.happens(RecordKind::PacketArrived, router);
    const std::vector<Sighting> seen = story.seen();
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].tap == 0);
    CHECK(seen[0].direction == Direction::Outbound);
    CHECK(seen[0].at == SimTime(0ms));
    CHECK(seen[1].tap == 2);
    CHECK(seen[1].direction == Direction::Unknown);
    CHECK(seen[2].tap == 1);
    CHECK(seen[2].direction == Direction::Inbound);
    CHECK(seen[2].at == SimTime(5ms));
}

TEST_CASE("A router that translates shows one address inside and the other outside", "[capture]")
{
    Story story({{router, home}, {router, line}});
    story.packet = packet_from(1);
    story.happens(RecordKind::PacketSent, laptop, home);
    story.packet = packet_from(2);
    story.happens(RecordKind::PacketTranslated, router);
    story.happens(RecordKind::PacketForwarded, router, line);
    const std::vector<Sighting> seen = story.seen();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].packet.source.address.value == 1);
    CHECK(seen[0].direction == Direction::Inbound);
    CHECK(seen[1].packet.source.address.value == 2);
    CHECK(seen[1].direction == Direction::Outbound);
}

TEST_CASE("At its first wire a packet is seen once, and anew when a router changed its address",
          "[capture]")
{
    Story story({{HostId{}, home}, {HostId{}, line}, {HostId{}, far}}, Wires::FirstOfItsAddresses);
    story.packet = packet_from(1);
    story.happens(RecordKind::PacketSent, laptop, home);
    const bool translates = GENERATE(false, true);
    if (translates) {
        story.packet = packet_from(2);
        story.happens(RecordKind::PacketTranslated, router);
    }
    story.happens(RecordKind::PacketForwarded, router, line);
    story.happens(RecordKind::PacketForwarded, server, far);
    const std::vector<Sighting> seen = story.seen();
    REQUIRE(seen.size() == (translates ? 2 : 1));
    CHECK(seen.front().tap == 0);
    CHECK(seen.back().tap == (translates ? 1 : 0));
}

TEST_CASE("A packet that is lost on the way is seen by its sender and on the wire", "[capture]")
{
    Story story({{laptop, home}, {HostId{}, home}, {router, home}});
    story.happens(RecordKind::PacketSent, laptop, home);
    story.happens(RecordKind::PacketDropped, laptop, home, net::Reason::LinkLoss);
    const std::vector<Sighting> seen = story.seen();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].tap == 0);
    CHECK(seen[0].lost == RecordId{1});
    CHECK(seen[1].tap == 1);
    CHECK(seen[1].lost == RecordId{1});
}

TEST_CASE("A wire that is cut carries nothing", "[capture]")
{
    Story story({{laptop, home}, {HostId{}, home}, {router, home}});
    SECTION("before the packet leaves: only its sender has seen it")
    {
        story.happens(RecordKind::PacketSent, laptop, home);
        story.happens(RecordKind::PacketDropped, laptop, home, net::Reason::LinkCut);
        const std::vector<Sighting> seen = story.seen();
        REQUIRE(seen.size() == 1);
        CHECK(seen[0].tap == 0);
        CHECK(seen[0].lost == RecordId{1});
    }
    SECTION("while the packet is under way: it was on the wire, and does not come out")
    {
        story.happens(RecordKind::PacketSent, laptop, home);
        story.now = 5ms;
        story.happens(RecordKind::PacketDropped, router, home, net::Reason::LinkCut);
        const std::vector<Sighting> seen = story.seen();
        REQUIRE(seen.size() == 2);
        CHECK(seen[0].tap == 0);
        CHECK(seen[0].lost.is_none());
        CHECK(seen[1].tap == 1);
    }
}

TEST_CASE("A host that is off sees nothing; one that refuses has seen it", "[capture]")
{
    Story story({{server, line}});
    story.happens(RecordKind::PacketSent, router, line);
    story.now = 5ms;
    SECTION("off")
    {
        story.happens(RecordKind::PacketDropped, server, line, net::Reason::HostDown);
        CHECK(story.seen().empty());
    }
    SECTION("no way on")
    {
        story.happens(RecordKind::PacketDropped, server, line, net::Reason::NoRoute);
        CHECK(story.seen().size() == 1);
    }
}

TEST_CASE("What is seen can be written while the trace grows", "[capture]")
{
    Story story({{HostId{}, home}, {HostId{}, line}});
    story.happens(RecordKind::PacketSent, laptop, home);
    CHECK(story.capture.take().empty()); // it may still be lost
    story.happens(RecordKind::PacketForwarded, router, line);
    CHECK(story.capture.take().size() == 1);
    story.happens(RecordKind::PacketArrived, server);
    CHECK(story.capture.take().size() == 1);
    CHECK(story.seen().empty());
}

} // namespace mailscope
