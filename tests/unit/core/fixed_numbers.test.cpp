// What must be the same on every platform: fingerprints, dice, time.
#include "sim/core/digest.h"
#include "sim/core/rng.h"
#include "sim/core/time.h"

#include <catch2/catch_test_macros.hpp>

#include <limits>

namespace mailscope
{

TEST_CASE("Fingerprints are fixed numbers", "[core][digest]")
{
    CHECK(Digest().value() == 0x9E3779B97F4A7C15ULL);
    CHECK(Digest().add(1).value() == 0x43F8A0590841FABDULL);
    CHECK(Digest().add(-1).value() == 0x7CA326DC0BB7C00EULL);
    CHECK(Digest().add(std::string_view("mailscope \xFF")).value() == 0x31661672CFCA3D60ULL);
    CHECK(Digest().add(SimTime(1s), HostId{7}, true).value() == 0xE0C1CC3CB0EB76BDULL);
}

TEST_CASE("A fingerprint knows order, length and every octet", "[core][digest]")
{
    const auto of = [](auto... values) { return Digest().add(values...).value(); };
    using Text = std::string_view;
    CHECK(of(1, 2) != of(2, 1));
    CHECK(of(Text("ab"), Text("c")) != of(Text("a"), Text("bc")));
    CHECK(of(Text("")) != of());
    CHECK(of(Text("a")) != of(Text("a\0", 2)));
    CHECK(of(Text("12345678")) != of(Text("12345679")));
    CHECK(of(SharedBytes::copy_of("abc")) == of(Text("abc")));
    CHECK(of(std::uint8_t{200}) == of(std::uint64_t{200}));
}

TEST_CASE("Dice are SplitMix64 and fixed numbers", "[core][rng]")
{
    Rng rng(1, "loss");
    CHECK(rng.next() == 0xB6F7699A5385CDECULL);
    CHECK(rng.next() == 0x1AC611224DA4DC20ULL);
    CHECK(rng.below(1'000) == 317);
    CHECK(Rng(1, "other").next() != Rng(1, "loss").next());
    CHECK(Rng(2, "loss").next() != Rng(1, "loss").next());
}

TEST_CASE("Numbers below a bound are below it, and all of them come", "[core][rng]")
{
    Rng rng(3, "bound");
    unsigned seen = 0;
    for (int i = 0; i < 200; ++i) {
        const std::uint32_t number = rng.below(6);
        REQUIRE(number < 6);
        seen |= 1U << number;
    }
    CHECK(seen == 0x3F);
    CHECK(rng.below(1) == 0);
}

TEST_CASE("What never happens costs no throw; what is certain always happens", "[core][rng]")
{
    Rng rng(4, "luck");
    const std::uint64_t state = rng.state();
    CHECK_FALSE(rng.happens(0));
    CHECK(rng.state() == state);
    int often = 0;
    for (int i = 0; i < 10'000; ++i) {
        REQUIRE(rng.happens(1'000'000));
        often += rng.happens(300'000) ? 1 : 0;
    }
    CHECK(often > 2'800);
    CHECK(often < 3'200);
}

TEST_CASE("Time is counted in nanoseconds", "[core][time]")
{
    CHECK(nanoseconds_since_start(SimTime(1s + 1ns)) == 1'000'000'001);
    CHECK(whole_seconds(1999ms) == 1);
    CHECK(whole_seconds(-1999ms) == -1);
    CHECK(nanoseconds_since_start(time_never) == std::numeric_limits<std::int64_t>::max());
}

} // namespace mailscope
