// The authoritative server: zones and the algorithm of RFC 1034 4.3.2.
#include "tests/unit/dns/internet.h"

using namespace mailscope;
using namespace mailscope::dns;
using namespace mailscope::dns::test;

namespace
{

std::vector<Zone> zones()
{
    std::vector<Zone> result;
    result.push_back(zone_of(
        "example.jp",
        {"example.jp. 3600 SOA ns.example.jp. root.example.jp. 1 2 3 4 300",
         "example.jp. 3600 NS ns.example.jp.", "ns.example.jp. 3600 A 192.0.2.53",
         "example.jp. 3600 MX 10 mx.example.jp.", "mx.example.jp. 3600 A 192.0.2.25",
         "deep.down.example.jp. 60 TXT here", "*.wild.example.jp. 60 MX 5 mx.example.jp.",
         "there.wild.example.jp. 60 A 192.0.2.7", "gone.example.jp. 60 CNAME nobody.example.jp.",
         "out.example.jp. 60 CNAME www.example.com.", "sub.example.jp. 60 NS ns.sub.example.jp.",
         "sub.example.jp. 60 NS ns.elsewhere.com.", "ns.sub.example.jp. 60 A 192.0.2.54",
         "a.example.jp. 60 CNAME b.example.jp.", "b.example.jp. 60 CNAME a.example.jp."}));
    return result;
}

Message ask(std::string_view name, Type type)
{
    const std::vector<Zone> served = zones();
    return answer(served, make_query(1, Name::of(name), type));
}

Result<Zone> built(std::vector<std::string> rows)
{
    rows.push_back("jp. 60 SOA ns.jp. root.jp. 1 2 3 4 5");
    std::vector<ResourceRecord> records;
    for (const std::string &row : rows)
        records.push_back(parse_record(row).value());
    return Zone::build(Name::of("jp"), std::move(records));
}

} // namespace

TEST_CASE("A name between others exists, without data (an empty non-terminal)", "[dns][authority]")
{
    const Message response = ask("down.example.jp", Type::Txt);
    CHECK(response.header.rcode == Rcode::NoError);
    REQUIRE(response.authority.size() == 1);
    CHECK(response.authority[0].ttl == 300);
    CHECK(ask("own.example.jp", Type::Txt).header.rcode == Rcode::NameError);
}

TEST_CASE("A delegated name is referred to its servers, with the addresses known here",
          "[dns][authority]")
{
    for (const char *name : {"sub.example.jp", "www.sub.example.jp", "ns.sub.example.jp"}) {
        INFO(name);
        const Message response = ask(name, Type::A);
        CHECK_FALSE(response.header.authoritative);
        CHECK(response.answer.empty());
        CHECK(response.authority.size() == 2);
        REQUIRE(response.additional.size() == 1);
        CHECK(to_string(response.additional[0]) == "ns.sub.example.jp. 60 IN A 192.0.2.54");
    }
}

TEST_CASE("A wildcard answers for names that do not exist, and only for them (RFC 1034 4.3.3)",
          "[dns][authority]")
{
    CHECK(text_of(ask("any.wild.example.jp", Type::Mx)) ==
          "NOERROR; any.wild.example.jp. 60 IN MX 5 mx.example.jp.");
    CHECK(text_of(ask("a.b.wild.example.jp", Type::Mx)).substr(0, 28) ==
          "NOERROR; a.b.wild.example.jp");
    CHECK(text_of(ask("any.wild.example.jp", Type::A)) == "NOERROR");
    CHECK(text_of(ask("there.wild.example.jp", Type::Mx)) == "NOERROR");
    CHECK(text_of(ask("x.there.wild.example.jp", Type::Mx)) == "NXDOMAIN");
}

TEST_CASE("An alias to a missing name is NXDOMAIN with the alias (RFC 2308 2.1)",
          "[dns][authority]")
{
    CHECK(text_of(ask("gone.example.jp", Type::A)) ==
          "NXDOMAIN; gone.example.jp. 60 IN CNAME nobody.example.jp.");
    CHECK(text_of(ask("gone.example.jp", Type::Cname)) ==
          "NOERROR; gone.example.jp. 60 IN CNAME nobody.example.jp.");
}

TEST_CASE("An alias out of the zones, or in a loop, ends with the alias", "[dns][authority]")
{
    CHECK(text_of(ask("out.example.jp", Type::A)) ==
          "NOERROR; out.example.jp. 60 IN CNAME www.example.com.");
    CHECK(ask("a.example.jp", Type::A).answer.size() == 2);
}

TEST_CASE("The nearest zone answers when one stands below another", "[dns][authority]")
{
    std::vector<Zone> served = zones();
    served.push_back(
        zone_of("sub.example.jp", {"sub.example.jp. 60 SOA ns.sub.example.jp. root.jp. 1 2 3 4 5",
                                   "sub.example.jp. 60 NS ns.sub.example.jp.",
                                   "www.sub.example.jp. 60 A 192.0.2.8"}));
    const Message response = answer(served, make_query(1, Name::of("www.sub.example.jp"), Type::A));
    CHECK(response.header.authoritative);
    CHECK(text_of(response) == "NOERROR; www.sub.example.jp. 60 IN A 192.0.2.8");
}

TEST_CASE("A zone with a contradiction is refused with a reason", "[dns][zone]")
{
    CHECK(built({}).has_value());
    CHECK_FALSE(built({"com. 60 A 192.0.2.1"}).has_value());
    CHECK_FALSE(built({"jp. 60 SOA ns.jp. root.jp. 9 2 3 4 5"}).has_value());
    CHECK_FALSE(built({"a.jp. 60 SOA ns.jp. root.jp. 1 2 3 4 5"}).has_value());
    CHECK_FALSE(built({"a.jp. 60 CNAME b.jp.", "a.jp. 60 A 192.0.2.1"}).has_value());
    CHECK_FALSE(built({"a.jp. 60 CNAME b.jp.", "a.jp. 60 CNAME c.jp."}).has_value());
    CHECK_FALSE(Zone::build(Name::of("jp"), {}).has_value());
}

TEST_CASE("A set has one TTL, the lowest, and no record twice (RFC 2181 5)", "[dns][zone]")
{
    const Zone zone =
        built({"a.jp. 60 A 192.0.2.1", "A.jp. 30 A 192.0.2.2", "a.jp. 90 A 192.0.2.1"}).value();
    const auto set = zone.find(Name::of("a.jp"), Type::A);
    REQUIRE(set.size() == 2);
    CHECK(set[0].ttl == 30);
    CHECK(set[1].ttl == 30);
}

TEST_CASE("A name server answers a malformed query with FORMERR and a response with nothing",
          "[dns][authority]")
{
    const std::vector<Zone> served = zones();
    Message query = make_query(7, Name::of("example.jp"), Type::Mx);
    const std::string bytes = encode(query);
    CHECK(decode(respond(served, bytes + "x", Transport::Udp))->header.rcode == Rcode::FormatError);
    CHECK(respond(served, bytes.substr(0, 11), Transport::Udp).empty());
    query.header.is_response = true;
    CHECK(respond(served, encode(query), Transport::Udp).empty());
    CHECK(respond(served, encode(query) + "x", Transport::Udp).empty());
}
