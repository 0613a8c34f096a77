// Tables of good and bad addresses.
#include "sim/core/ip_address.h"

#include <catch2/catch_test_macros.hpp>

#include <utility>

namespace mailscope
{

TEST_CASE("IPv4 addresses are read and written", "[core][ip]")
{
    for (const std::string_view text : {"0.0.0.0", "192.0.2.1", "255.255.255.255", "10.0.0.10"}) {
        INFO(text);
        const Result<Ipv4Address> address = parse_ipv4(text);
        REQUIRE(address);
        CHECK(to_string(*address) == text);
    }
    CHECK(parse_ipv4("192.0.2.1")->value == 0xC0000201U);
}

TEST_CASE("What is no IPv4 address is refused by name", "[core][ip]")
{
    for (const std::string_view text :
         {"", ".", "...", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "01.2.3.4",
          "1.2.3.00", "1.2.3.+4", "1.2.3.-4", "1.2.3.4 ", " 1.2.3.4", "1..2.3", "1.2.3.0x4",
          "1.2.3.1000", "a.b.c.d", "1,2,3,4"}) {
        INFO(text);
        const Result<Ipv4Address> address = parse_ipv4(text);
        REQUIRE_FALSE(address);
        CHECK(address.error().message.find(text) != std::string::npos);
    }
}

TEST_CASE("A network holds what shares its prefix", "[core][ip]")
{
    const Ipv4Network network = *parse_ipv4_network("192.0.2.64/26");
    CHECK(network.contains(*parse_ipv4("192.0.2.64")));
    CHECK(network.contains(*parse_ipv4("192.0.2.127")));
    CHECK_FALSE(network.contains(*parse_ipv4("192.0.2.128")));
    CHECK_FALSE(network.contains(*parse_ipv4("192.0.2.63")));
    CHECK(parse_ipv4_network("0.0.0.0/0")->contains(Ipv4Address{0xFFFFFFFFU}));
    const Ipv4Network one = *parse_ipv4_network("10.0.0.1/32");
    CHECK(one.contains(Ipv4Address{0x0A000001U}));
    CHECK_FALSE(one.contains(Ipv4Address{0x0A000000U}));
    for (const std::string_view text : {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "/8"}) {
        INFO(text);
        CHECK_FALSE(parse_ipv4_network(text));
    }
}

TEST_CASE("Private addresses are those of RFC 1918", "[core][ip]")
{
    for (const std::string_view text : {"10.0.0.0", "10.255.255.255", "172.16.0.0",
                                        "172.31.255.255", "192.168.0.1", "192.168.255.255"}) {
        INFO(text);
        CHECK(is_private(*parse_ipv4(text)));
    }
    for (const std::string_view text : {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0",
                                        "192.167.255.255", "192.169.0.0"}) {
        INFO(text);
        CHECK_FALSE(is_private(*parse_ipv4(text)));
    }
}

TEST_CASE("IPv6 addresses are written as RFC 5952 says", "[core][ip]")
{
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"}, // the first of equal runs
        {"2001:0db8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, // one group is no run
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},          // the longest run
        {"2001:DB8::ABCD", "2001:db8::abcd"},
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
        {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
        {"::ffff:192.0.2.1", "::ffff:c000:201"},
        {"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"},
    };
    for (const auto &[text, canonical] : rows) {
        INFO(text);
        const Result<Ipv6Address> address = parse_ipv6(text);
        REQUIRE(address);
        CHECK(to_string(*address) == canonical);
        CHECK(*parse_ipv6(canonical) == *address);
    }
}

TEST_CASE("What is no IPv6 address is refused", "[core][ip]")
{
    for (const std::string_view text : {"",
                                        ":",
                                        ":::",
                                        "1",
                                        "1:2:3:4:5:6:7",
                                        "1:2:3:4:5:6:7:8:9",
                                        "1::2::3",
                                        "12345::",
                                        "g::",
                                        ":1::",
                                        "1:2:3:4:5:6:7:8::",
                                        "::1:2:3:4:5:6:7:8",
                                        "1:",
                                        "::1:",
                                        "1.2.3.4",
                                        "::1.2.3",
                                        "::1.2.3.4:5",
                                        "1:2:3:4:5:6:7:1.2.3.4",
                                        "fe80::1%eth0",
                                        "::-1",
                                        "::+1"}) {
        INFO(text);
        CHECK_FALSE(parse_ipv6(text));
    }
}

} // namespace mailscope
