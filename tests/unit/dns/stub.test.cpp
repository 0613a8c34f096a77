// The stub resolver: whom it asks, how long it waits, and what it makes of answers.
#include "sim/protocol/dns/stub.h"

#include "tests/unit/dns/rows.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::dns;
using namespace mailscope::dns::test;

namespace
{

const Ipv4Address first{0xC0000201};
const Ipv4Address second{0xC0000202};
const Name name = Name::of("example.jp");

Stub given_stub(std::vector<Ipv4Address> servers = {first, second})
{
    return Stub(servers, Rng(1, "stub"));
}

Stub::Query sent(Stub &stub)
{
    auto query = stub.next_outgoing();
    REQUIRE(query.has_value());
    return *query;
}

std::optional<Outcome> outcome(Stub &stub)
{
    std::optional<Outcome> result;
    while (const auto event = stub.next_event())
        if (const auto *resolved = std::get_if<Resolved>(&*event))
            result = resolved->outcome;
    return result;
}

/// The resolver's answer to a query, with a code and rows of records.
std::string reply(const Stub::Query &query, Rcode rcode, std::vector<std::string> rows = {})
{
    Message response = response_to(decode(query.bytes).value());
    response.header.rcode = rcode;
    for (const std::string &row : rows)
        response.answer.push_back(parse_record(row).value());
    return encode(response);
}

} // namespace

TEST_CASE("A question goes to the first resolver and its answer is the result", "[dns][stub]")
{
    Stub stub = given_stub();
    stub.ask(name, Type::Mx, start);
    const Stub::Query query = sent(stub);
    CHECK(query.path.server == first);
    CHECK(decode(query.bytes)->header.recursion_desired);
    stub.receive(query.path, reply(query, Rcode::NoError, {"example.jp. 60 MX 10 mx.jp."}),
                 start + 1s);
    const Outcome result = outcome(stub).value();
    CHECK(result.kind == OutcomeKind::Answer);
    REQUIRE(result.records.size() == 1);
    CHECK(stub.pending() == 0);
    CHECK(stub.next_deadline() == time_never);
}

TEST_CASE("The kinds of no are told apart", "[dns][stub]")
{
    Stub stub = given_stub({first});
    stub.ask(name, Type::Mx, start);
    const Stub::Query query = sent(stub);
    SECTION("no such name")
    {
        stub.receive(query.path, reply(query, Rcode::NameError), start);
        CHECK(outcome(stub)->kind == OutcomeKind::NameError);
    }
    SECTION("no record of the type")
    {
        stub.receive(query.path, reply(query, Rcode::NoError), start);
        CHECK(outcome(stub)->kind == OutcomeKind::NoData);
    }
    SECTION("an alias without data")
    {
        stub.receive(query.path, reply(query, Rcode::NoError, {"example.jp. 1 CNAME a.jp."}),
                     start);
        CHECK(outcome(stub)->kind == OutcomeKind::NoData);
    }
    SECTION("a failure")
    {
        stub.receive(query.path, reply(query, Rcode::ServerFailure), start);
        CHECK(outcome(stub)->kind == OutcomeKind::ServerFailure);
    }
    SECTION("a refusal")
    {
        stub.receive(query.path, reply(query, Rcode::Refused), start);
        CHECK(outcome(stub)->kind == OutcomeKind::Refused);
    }
}

TEST_CASE("Every resolver is asked twice, five seconds each, in order", "[dns][stub]")
{
    Stub stub = given_stub();
    stub.ask(name, Type::Mx, start);
    std::vector<Ipv4Address> asked;
    SimTime now;
    while (auto query = stub.next_outgoing()) {
        asked.push_back(query->path.server);
        now = stub.next_deadline();
        stub.on_time(now);
    }
    CHECK(asked == std::vector<Ipv4Address>{first, second, first, second});
    CHECK(now == start + 20s);
    CHECK(outcome(stub)->kind == OutcomeKind::TimedOut);
    CHECK(stub.pending() == 0);
}

TEST_CASE("A failure moves on to the next resolver at once", "[dns][stub]")
{
    Stub stub = given_stub();
    stub.ask(name, Type::Mx, start);
    const Stub::Query query = sent(stub);
    stub.receive(query.path, reply(query, Rcode::ServerFailure), start);
    const Stub::Query next = sent(stub);
    CHECK(next.path.server == second);
    SECTION("and is the result when all say so")
    {
        stub.receive(next.path, reply(next, Rcode::ServerFailure), start);
        CHECK(outcome(stub)->kind == OutcomeKind::ServerFailure);
        CHECK_FALSE(stub.next_outgoing().has_value());
    }
    SECTION("and those that have failed are not asked again")
    {
        stub.on_time(start + 5s);
        CHECK(sent(stub).path.server == second);
        stub.on_time(start + 10s);
        CHECK(outcome(stub)->kind == OutcomeKind::ServerFailure);
    }
}

TEST_CASE("A truncated answer is asked for again over TCP", "[dns][stub]")
{
    Stub stub = given_stub();
    stub.ask(name, Type::Mx, start);
    const Stub::Query query = sent(stub);
    Message cut = response_to(decode(query.bytes).value());
    cut.header.truncated = true;
    stub.receive(query.path, encode(cut), start);
    const Stub::Query again = sent(stub);
    CHECK(again.path.transport == Transport::Tcp);
    CHECK(again.path.server == first);
    SECTION("and answered there")
    {
        stub.receive(again.path, reply(again, Rcode::NoError, {"example.jp. 1 MX 1 a.jp."}), start);
        CHECK(outcome(stub)->kind == OutcomeKind::Answer);
    }
    SECTION("and without a connection the next resolver is asked")
    {
        stub.connection_failed(again.path, start);
        CHECK(sent(stub).path.server == second);
    }
}

TEST_CASE("What does not belong to a question is ignored", "[dns][stub]")
{
    Stub stub = given_stub();
    stub.ask(name, Type::Mx, start);
    const Stub::Query query = sent(stub);
    outcome(stub);
    std::string bytes = reply(query, Rcode::NoError);
    ServerPath path = query.path;
    SECTION("another id") { bytes[0] = static_cast<char>(bytes[0] ^ 1); }
    SECTION("another source") { path.server = second; }
    SECTION("another port") { ++path.local_port; }
    SECTION("another question") { bytes[bytes.size() - 3] = 1; }
    SECTION("no message") { bytes.resize(8); }
    stub.receive(path, bytes, start);
    CHECK(std::holds_alternative<StubResponseIgnored>(stub.next_event().value()));
    CHECK(stub.pending() == 1);
}

TEST_CASE("Without a resolver every question times out at once", "[dns][stub]")
{
    Stub stub = given_stub({});
    stub.ask(name, Type::Mx, start);
    CHECK(outcome(stub)->kind == OutcomeKind::TimedOut);
}

TEST_CASE("A cancelled question has no result", "[dns][stub]")
{
    Stub stub = given_stub();
    const StubToken token = stub.ask(name, Type::Mx, start);
    const Stub::Query query = sent(stub);
    stub.cancel(token);
    stub.receive(query.path, reply(query, Rcode::NoError), start);
    CHECK_FALSE(outcome(stub).has_value());
    CHECK(stub.next_deadline() == time_never);
}
