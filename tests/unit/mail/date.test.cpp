// Dates: RFC 5322 3.3 written and read, and the calendar behind it.
#include "sim/mail/date.h"

#include "sim/core/rng.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::mail;

TEST_CASE("A date is written as RFC 5322 3.3 has it", "[mail][date]")
{
    CHECK(format_date({0, 0}) == "Thu, 01 Jan 1970 00:00:00 +0000");
    CHECK(format_date({1795489508, 0}) == "Tue, 24 Nov 2026 03:05:08 +0000");
    CHECK(format_date({1767225600, 540}) == "Thu, 01 Jan 2026 09:00:00 +0900");
    CHECK(format_date({1767225600, -210}) == "Wed, 31 Dec 2025 20:30:00 -0330");
    CHECK(format_date({951782400, 0}) == "Tue, 29 Feb 2000 00:00:00 +0000");
    CHECK(format_date({-1, 0}) == "Wed, 31 Dec 1969 23:59:59 +0000");
}

TEST_CASE("Trace fields name the zones that have a name", "[mail][date]")
{
    const auto trace_date = [](DateTime date) {
        std::string out;
        append_trace_date(out, date);
        return out;
    };
    CHECK(trace_date({1795489508, 0}) == "Tue, 24 Nov 2026 03:05:08 +0000 (UTC)");
    CHECK(trace_date({1795489508, 540}) == "Tue, 24 Nov 2026 12:05:08 +0900 (JST)");
    CHECK(trace_date({1795489508, 60}) == "Tue, 24 Nov 2026 04:05:08 +0100");
}

TEST_CASE("A date is read in all its forms", "[mail][date]")
{
    struct Good
    {
        std::string_view text;
        DateTime date;
    };
    constexpr Good table[] = {
        {"Tue, 24 Nov 2026 03:05:08 +0000", {1795489508, 0}},
        {"Tue, 24 Nov 2026 03:05:08 +0000 (UTC)", {1795489508, 0}},
        {"24 Nov 2026 12:05:08 +0900", {1795489508, 540}},
        {"Mon, 24 nov 2026 03:05:08 GMT", {1795489508, 0}},
        {"24 Nov 2026 03:05 +0000", {1795489500, 0}},
        {"24\tNov 2026\r\n 03:05:08 +0000", {1795489508, 0}},
        {"Tue (a day), 24 Nov (month) 2026 03 : 05 : 08 +0000", {1795489508, 0}},
        {"1 Jan 99 00:00:00 EST", {915166800, -300}},
        {"1 Jan 26 09:00:00 JST", {1767225600, 540}},
        {"1 Jan 126 00:00:00 Z", {1767225600, 0}},
        {"1 Jan 2026 00:00:00 X", {1767225600, 0}},
        {"1 Jan 2026 00:00:00", {1767225600, 0}},
        {"31 Dec 2016 23:59:60 +0000", {1483228800, 0}},
        {"29 Feb 2024 00:00:00 -0000", {1709164800, 0}},
    };
    for (const Good &each : table) {
        INFO(each.text);
        const Result<DateTime> date = parse_date(each.text);
        REQUIRE(date.has_value());
        CHECK(*date == each.date);
    }
}

TEST_CASE("What is no date is refused", "[mail][date]")
{
    for (const std::string_view bad : {"",
                                       "yesterday",
                                       "Tue,",
                                       "24 Nov",
                                       "24 Nov 2026",
                                       "24 Foo 2026 03:05:08 +0000",
                                       "30 Feb 2026 00:00:00 +0000",
                                       "29 Feb 2025 00:00:00 +0000",
                                       "0 Jan 2026 00:00:00 +0000",
                                       "32 Jan 2026 00:00:00 +0000",
                                       "1 Jan 2026 24:00:00 +0000",
                                       "1 Jan 2026 00:60:00 +0000",
                                       "1 Jan 2026 00:00:61 +0000",
                                       "1 Jan 2026 00:00:00 +09",
                                       "1 Jan 2026 00:00:00 +0960",
                                       "1 Jan 2026 00:00:00 +9900",
                                       "1 Jan 1 00:00:00 +0000",
                                       "1 Jan 20266 00:00:00 +0000",
                                       "1 Jan 2026 00:00:00 +0000 more",
                                       "1 Jan 1899 00:00:00 +0000",
                                       "111111111111 Jan 2026 00:00:00 +0000",
                                       "1 Jan 2026 1:2:3 +0000"}) {
        INFO(bad);
        CHECK_FALSE(parse_date(bad).has_value());
    }
}

TEST_CASE("Calendar and count of seconds are inverse to each other", "[mail][date]")
{
    Rng rng(3, "dates");
    for (int round = 0; round < 2000; ++round) {
        const auto seconds = static_cast<std::int64_t>(rng.next() % 500'000'000'000ULL);
        const DateTime date{seconds - 200'000'000'000,
                            static_cast<std::int32_t>(rng.below(2 * 1439 + 1)) - 1439};
        CHECK(from_civil(to_civil(date), date.offset_minutes) == date);
    }
}

TEST_CASE("What is written is read again", "[mail][date]")
{
    Rng rng(4, "dates");
    for (int round = 0; round < 2000; ++round) {
        const DateTime date{static_cast<std::int64_t>(rng.next() % 250'000'000'000ULL),
                            static_cast<std::int32_t>(rng.below(2 * 1439 + 1)) - 1439};
        const Result<DateTime> read = parse_date(format_date(date));
        REQUIRE(read.has_value());
        CHECK(*read == date);
    }
}

TEST_CASE("A simulated moment has a date", "[mail][date]")
{
    CHECK(date_at({100, 540}, SimTime(1999ms)) == DateTime{101, 540});
    CHECK(date_at({100, 0}, SimTime(0s)) == DateTime{100, 0});
}
