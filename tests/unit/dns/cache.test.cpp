// What a resolver remembers, for how long, and what gives way.
#include "sim/protocol/dns/cache.h"

#include "tests/unit/dns/rows.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::dns;
using namespace mailscope::dns::test;

namespace
{

void store(Cache &cache, std::string_view text, SimTime now, Trust trust = Trust::Answer)
{
    const ResourceRecord record = row(text);
    cache.store({&record, 1}, trust, now);
}

const ResourceRecord authority = row("jp. 900 SOA ns.jp. root.jp. 1 2 3 4 300");

} // namespace

TEST_CASE("A set counts down and is gone when its time is over", "[dns][cache]")
{
    Cache cache;
    store(cache, "a.jp. 60 A 192.0.2.1", start);
    REQUIRE(cache.lookup(Name::of("A.JP"), Type::A, start) != nullptr);
    CHECK(cache.lookup(Name::of("a.jp"), Type::A, start + 59s)->seconds_left(start + 59s) == 1);
    CHECK(cache.lookup(Name::of("a.jp"), Type::A, start + 60s) == nullptr);
    CHECK(cache.lookup(Name::of("a.jp"), Type::Mx, start) == nullptr);
    CHECK(cache.rows(start + 60s).empty());
}

TEST_CASE("A TTL of zero is not remembered, a huge one for a day", "[dns][cache]")
{
    Cache cache;
    store(cache, "a.jp. 0 A 192.0.2.1", start);
    CHECK(cache.size() == 0);
    store(cache, "a.jp. 2147483647 A 192.0.2.1", start);
    CHECK(cache.lookup(Name::of("a.jp"), Type::A, start)->seconds_left(start) == 86400);
}

TEST_CASE("Less trusted data does not replace more trusted while that lives (RFC 2181 5.4.1)",
          "[dns][cache]")
{
    Cache cache;
    const Name name = Name::of("a.jp");
    store(cache, "a.jp. 60 A 192.0.2.1", start, Trust::Glue);
    CHECK(cache.lookup(name, Type::A, start) == nullptr);
    CHECK(cache.lookup(name, Type::A, start, Trust::Glue) != nullptr);
    store(cache, "a.jp. 60 A 192.0.2.2", start);
    store(cache, "a.jp. 60 A 192.0.2.3", start + 1s, Trust::Glue);
    CHECK(to_string((*cache.lookup(name, Type::A, start + 1s)->records)[0].data) == "192.0.2.2");
    store(cache, "a.jp. 60 A 192.0.2.3", start + 60s, Trust::Glue);
    CHECK(cache.lookup(name, Type::A, start + 60s, Trust::Glue) != nullptr);
}

TEST_CASE("Absence is remembered for the lower of the SOA's two times (RFC 2308 5)", "[dns][cache]")
{
    Cache cache;
    const Name name = Name::of("a.jp");
    CHECK(cache.store_negative(name, Type::Mx, CacheKind::NoData, authority, start) == 300);
    CHECK(cache.lookup(name, Type::Mx, start + 299s)->kind == CacheKind::NoData);
    CHECK(cache.lookup(name, Type::A, start) == nullptr);
    CHECK(cache.lookup(name, Type::Mx, start + 300s) == nullptr);
    cache.store_negative(name, Type::Mx, CacheKind::NameError, authority, start);
    CHECK(cache.lookup(name, Type::A, start)->kind == CacheKind::NameError);
}

TEST_CASE("Rows for people are in the order of names and count down", "[dns][cache]")
{
    Cache cache;
    store(cache, "b.jp. 60 A 192.0.2.1", start);
    store(cache, "jp. 90 MX 10 b.jp.", start);
    cache.store_negative(Name::of("a.jp"), Type::A, CacheKind::NameError, authority, start);
    const std::vector<CacheRow> rows = cache.rows(start + 30s);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].owner == "jp.");
    CHECK(rows[0].data == "10 b.jp.");
    CHECK(rows[0].seconds_left == 60);
    CHECK(rows[1].owner == "a.jp.");
    CHECK(rows[1].kind == CacheKind::NameError);
    CHECK(rows[1].type.empty());
    CHECK(rows[2].seconds_left == 30);
}

TEST_CASE("A full cache forgets what was stored longest ago", "[dns][cache]")
{
    Cache cache;
    const auto name = [](std::size_t i) { return "n" + std::to_string(i) + ".jp."; };
    for (std::size_t i = 0; i < limits::cache_entries_max + 10; ++i)
        store(cache, name(i) + " 60 A 192.0.2.1", start);
    CHECK(cache.size() == limits::cache_entries_max);
    CHECK(cache.lookup(Name::of(name(9)), Type::A, start) == nullptr);
    for (std::size_t i = 10; i < limits::cache_entries_max + 10; ++i)
        REQUIRE(cache.lookup(Name::of(name(i)), Type::A, start) != nullptr);
}

TEST_CASE("A copied cache changes alone", "[dns][cache]")
{
    Cache cache;
    store(cache, "a.jp. 60 A 192.0.2.1", start);
    Cache copy = cache;
    store(copy, "b.jp. 60 A 192.0.2.1", start);
    copy.forget(Name::of("a.jp"));
    CHECK(cache.lookup(Name::of("a.jp"), Type::A, start) != nullptr);
    CHECK(cache.lookup(Name::of("b.jp"), Type::A, start) == nullptr);
    CHECK(copy.lookup(Name::of("a.jp"), Type::A, start) == nullptr);
    copy.clear();
    CHECK(copy.size() == 0);
}
