// The small languages inside strings, at their limits.
#include "sim/scenario/values.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;

TEST_CASE("Durations are read exactly", "[scenario]")
{
    CHECK(parse_duration("0s") == 0s);
    CHECK(parse_duration("1s") == 1s);
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("20m") == 20min);
    CHECK(parse_duration("1h30m") == 90min);
    CHECK(parse_duration("2d") == 48h);
    CHECK(parse_duration("1.5s") == 1500ms);
    CHECK(parse_duration("250us") == 250us);
}

TEST_CASE("What is no duration is refused", "[scenario]")
{
    for (const char *text :
         {"", "1", "s", "1 s", "-1s", "1S", "30m1h", "1h1h", "1.s", ".5s", "1,5s", "1s ",
          "0.0000001s", "0.5us1", "9999999d", "99999999999999s", "1sec"})
        CHECK_FALSE(parse_duration(text));
}

TEST_CASE("Sizes are decimal unless they say binary", "[scenario]")
{
    CHECK(parse_size("0B") == 0U);
    CHECK(parse_size("300kB") == 300'000U);
    CHECK(parse_size("1.5MB") == 1'500'000U);
    CHECK(parse_size("1MiB") == 1'048'576U);
    for (const char *text : {"", "10", "10MBB", "10 MB", "10mb", "10KB", "0.5B", "9999999999999GB"})
        CHECK_FALSE(parse_size(text));
}

TEST_CASE("Bandwidths and losses have their units", "[scenario]")
{
    CHECK(parse_bit_rate("100Mbps") == 100'000'000U);
    CHECK(parse_bit_rate("1.5kbps") == 1'500U);
    CHECK_FALSE(parse_bit_rate("0bps"));
    CHECK_FALSE(parse_bit_rate("100Mb"));
    CHECK(parse_loss("0.5%") == 5'000U);
    CHECK(parse_loss("100%") == 1'000'000U);
    CHECK_FALSE(parse_loss("100.1%"));
    CHECK_FALSE(parse_loss("0.5"));
}

TEST_CASE("A start time has a time zone and a real date", "[scenario]")
{
    const std::optional<StartTime> start = parse_start_time("2026-04-01T09:00:00+09:00");
    REQUIRE(start);
    CHECK(start->unix_seconds == 1'775'001'600);
    CHECK(start->utc_offset_minutes == 540);
    CHECK(parse_start_time("2026-03-31T20:30:00-03:30")->unix_seconds == 1'775'001'600);
    CHECK(parse_start_time("1970-01-01T00:00:00Z")->unix_seconds == 0);
    for (const char *text : {"", "2026-04-01", "2026-04-01T09:00:00", "2026-02-29T09:00:00Z",
                             "2026-04-01T24:00:00Z", "2026-04-01 09:00:00Z", "2026-13-01T09:00:00Z",
                             "2026-04-01T09:00:00+15:00", "1969-12-31T23:59:59Z"})
        CHECK_FALSE(parse_start_time(text));
}

TEST_CASE("Plain names can be part of a host's name", "[scenario]")
{
    for (const char *text : {"a", "alice", "isp-a", "x1"})
        CHECK(is_plain_name(text));
    for (const char *text : {"", "Alice", "1x", "-a", "a-", "a--b", "a_b", "a.b", "アリス",
                             "a23456789012345678901234567890x"})
        CHECK_FALSE(is_plain_name(text));
}

TEST_CASE("Domain names keep to the rules of RFC 1035", "[scenario]")
{
    for (const char *text : {"jp", "example.jp", "_dmarc.example.jp", "a-b.example"})
        CHECK(is_domain_name(text));
    for (const char *text : {"", ".", "example.jp.", "a..b", "-a.jp", "a-.jp", "A.jp", "a b.jp"})
        CHECK_FALSE(is_domain_name(text));
    CHECK(is_domain_name(std::string(63, 'a')));
    CHECK_FALSE(is_domain_name(std::string(64, 'a')));
}

TEST_CASE("Only names and addresses that belong to nobody are for documentation", "[scenario]")
{
    for (const char *name : {"example", "bl.example", "a.b.test", "example.jp", "mx.example.com"})
        CHECK(is_documentation_name(name));
    for (const char *name : {"gmail.com", "jp", "myexample.jp", "example.co.jp", "exmaple.jp"})
        CHECK_FALSE(is_documentation_name(name));
    for (const char *text : {"192.0.2.1", "198.51.100.9", "203.0.113.255", "10.1.2.3", "172.16.0.1",
                             "192.168.0.1", "127.0.0.2"})
        CHECK(is_documentation_address(*parse_ipv4(text)));
    for (const char *text : {"8.8.8.8", "192.0.3.1", "172.32.0.1"})
        CHECK_FALSE(is_documentation_address(*parse_ipv4(text)));
    CHECK_FALSE(is_documentation_network(*parse_ipv4_network("192.0.0.0/16")));
}
