// The translation table (RFC 3022).
#include "sim/net/nat.h"

#include <catch2/catch_test_macros.hpp>

namespace mailscope::net
{
namespace
{

constexpr Endpoint inside{Ipv4Address{0xC0A8010AU}, 50'000};
constexpr SimTime start;

} // namespace

TEST_CASE("One machine and port inside keeps one port outside", "[net][nat]")
{
    NatTable table;
    CHECK(table.outgoing(Transport::Tcp, inside, start) == 40'000);
    CHECK(table.outgoing(Transport::Tcp, inside, start + 1s) == 40'000);
    CHECK(table.outgoing(Transport::Tcp, Endpoint{inside.address, 50'001}, start) == 40'001);
    CHECK(table.incoming(Transport::Tcp, 40'000, start + 2s) == inside);
    CHECK_FALSE(table.incoming(Transport::Tcp, 40'002, start));
}

TEST_CASE("TCP and UDP have notes of their own", "[net][nat]")
{
    NatTable table;
    table.outgoing(Transport::Udp, inside, start);
    CHECK_FALSE(table.incoming(Transport::Tcp, 40'000, start));
    CHECK(table.incoming(Transport::Udp, 40'000, start) == inside);
}

TEST_CASE("An idle note is no way in: UDP after 5 minutes, TCP after 124", "[net][nat]")
{
    NatTable table;
    table.outgoing(Transport::Udp, inside, start);
    table.outgoing(Transport::Tcp, inside, start);
    CHECK(table.incoming(Transport::Udp, 40'000, start + 5min));
    CHECK(table.incoming(Transport::Udp, 40'000, start + 10min)); // using it keeps it
    CHECK_FALSE(table.incoming(Transport::Udp, 40'000, start + 15min + 1ns));
    CHECK(table.incoming(Transport::Tcp, 40'001, start + 124min));
}

TEST_CASE("Ports come round again once their notes are idle, and run out before", "[net][nat]")
{
    NatTable table;
    const auto take = [&](std::uint32_t number, SimTime now) {
        return table.outgoing(Transport::Udp, Endpoint{Ipv4Address{number}, 1}, now);
    };
    for (std::uint32_t i = 1; i <= 20'000; ++i)
        REQUIRE(take(i, start));
    CHECK_FALSE(take(20'001, start));
    CHECK(take(20'001, start + 6min) == 40'000);
    CHECK(table.translations().size() == 1);
}

} // namespace mailscope::net
