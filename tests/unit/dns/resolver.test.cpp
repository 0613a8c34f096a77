// The recursive resolver against a small internet of our own name servers.
#include "tests/unit/dns/internet.h"

using namespace mailscope;
using namespace mailscope::dns;
using namespace mailscope::dns::test;

using Story = std::vector<std::string>;

TEST_CASE("A fresh question is followed from the root down (RFC 1034 5.3.3)", "[dns][resolver]")
{
    Internet internet = given_internet();
    const Message answer = internet.ask("example.jp", Type::Mx);
    CHECK(text_of(answer) == "NOERROR; example.jp. 600 IN MX 10 mx.example.jp.");
    CHECK(internet.story ==
          Story{"ask 198.51.100.1 of . for example.jp. MX", "referred to jp.",
                "ask 198.51.100.2 of jp. for example.jp. MX", "referred to example.jp.",
                "ask 198.51.100.3 of example.jp. for example.jp. MX", "answer NOERROR"});
    CHECK(answer.header.id == 77);
    CHECK(answer.header.recursion_available);
    CHECK_FALSE(answer.header.authoritative);
}

TEST_CASE("Glue finds servers but never answers a client (RFC 2181 5.4.1)", "[dns][resolver]")
{
    Internet internet = given_internet();
    internet.ask("example.jp", Type::Mx);
    internet.ask("mx.example.jp", Type::A);
    CHECK(internet.story ==
          Story{"ask 198.51.100.3 of example.jp. for mx.example.jp. A", "answer NOERROR"});
}

TEST_CASE("What is known is answered at once, with the time that is left", "[dns][resolver]")
{
    Internet internet = given_internet();
    internet.ask("example.jp", Type::Mx);
    internet.now += 100s;
    const std::size_t before = internet.queries;
    const Message answer = internet.ask("EXAMPLE.jp", Type::Mx);
    CHECK(text_of(answer) == "NOERROR; example.jp. 500 IN MX 10 mx.example.jp.");
    CHECK(internet.story == Story{"remembered"});
    CHECK(internet.queries == before);
}

TEST_CASE("After its TTL an answer is asked for again, from the nearest known zone",
          "[dns][resolver]")
{
    Internet internet = given_internet();
    internet.ask("example.jp", Type::Mx);
    internet.now += 600s;
    internet.ask("example.jp", Type::Mx);
    CHECK(internet.story ==
          Story{"ask 198.51.100.3 of example.jp. for example.jp. MX", "answer NOERROR"});
}

TEST_CASE("A name that does not exist is remembered for every type (RFC 2308 5)", "[dns][resolver]")
{
    Internet internet = given_internet();
    const Message answer = internet.ask("nobody.example.jp", Type::Mx);
    CHECK(answer.header.rcode == Rcode::NameError);
    REQUIRE(answer.authority.size() == 1);
    CHECK(answer.authority[0].ttl == 300);
    CHECK(internet.story.back() == "remember absence 300 s");

    internet.now += 100s;
    const Message again = internet.ask("nobody.example.jp", Type::A);
    CHECK(internet.story == Story{"remembered"});
    CHECK(again.header.rcode == Rcode::NameError);
    CHECK(again.authority[0].ttl <= 200);

    internet.now += 200s;
    internet.ask("nobody.example.jp", Type::A);
    CHECK(internet.story.front() == "ask 198.51.100.3 of example.jp. for nobody.example.jp. A");
}

TEST_CASE("A name without records of the type is told apart from no name, and remembered for "
          "this type only",
          "[dns][resolver]")
{
    Internet internet = given_internet();
    const Message answer = internet.ask("mx.example.jp", Type::Mx);
    CHECK(answer.header.rcode == Rcode::NoError);
    CHECK(answer.answer.empty());
    REQUIRE(answer.authority.size() == 1);
    CHECK(answer.authority[0].type == Type::Soa);
    internet.ask("mx.example.jp", Type::Mx);
    CHECK(internet.story == Story{"remembered"});
    CHECK(text_of(internet.ask("mx.example.jp", Type::A)) ==
          "NOERROR; mx.example.jp. 600 IN A 203.0.113.25");
}

TEST_CASE("When a server keeps silent the next one is asked", "[dns][resolver]")
{
    Internet internet = given_internet();
    internet.silent.insert(address_of("198.51.100.3").value);
    const Message answer = internet.ask("example.jp", Type::Mx);
    CHECK(answer.answer.size() == 1);
    CHECK(internet.now == SimTime() + 1500ms + 3 * 20ms);
    CHECK(internet.story[5] == "silent 198.51.100.3 attempt 1");
    CHECK(internet.story[6] == "ask 198.51.100.4 of example.jp. for example.jp. MX");
}

TEST_CASE("When all servers keep silent the client learns SERVFAIL in bounded time",
          "[dns][resolver]")
{
    Internet internet = given_internet();
    internet.silent = {address_of("198.51.100.3").value, address_of("198.51.100.4").value};
    const Message answer = internet.ask("example.jp", Type::Mx);
    CHECK(answer.header.rcode == Rcode::ServerFailure);
    CHECK(internet.now == SimTime() + 2 * 1500ms + 2 * 3s + 2 * 20ms);
    CHECK(internet.story.back() ==
          fmt::format("failed {}", static_cast<int>(FailureReason::ServersExhausted)));
    CHECK(internet.resolver.rows().empty());

    SECTION("which is not remembered: a repaired server helps the next question")
    {
        internet.silent.clear();
        CHECK(internet.ask("example.jp", Type::Mx).answer.size() == 1);
    }
}

TEST_CASE("A lame server is left for the next one", "[dns][resolver]")
{
    Internet internet = given_internet();
    const std::uint32_t first = address_of("198.51.100.3").value;

    SECTION("it refuses") { internet.servers[first].clear(); }
    SECTION("it answers without authority and without referral")
    {
        internet.odd[first] = [](ByteView query, Transport) {
            return encode(response_to(decode(query).value()));
        };
    }
    SECTION("it refers upwards")
    {
        internet.odd[first] = [](ByteView query, Transport) {
            Message response = response_to(decode(query).value());
            response.authority = {record_of(Name(), Type::Ns, 60, Name::of("a.root"))};
            return encode(response);
        };
    }
    const Message answer = internet.ask("example.jp", Type::Mx);
    CHECK(answer.answer.size() == 1);
    CHECK(internet.story[5].substr(0, 17) == "lame 198.51.100.3");
    CHECK(internet.now == SimTime() + 4 * 20ms);
}

TEST_CASE("Aliases are followed inside a zone and into another one", "[dns][resolver]")
{
    Internet internet = given_internet();
    CHECK(text_of(internet.ask("www.example.jp", Type::A)) ==
          "NOERROR; www.example.jp. 600 IN CNAME web.example.jp.; "
          "web.example.jp. 600 IN A 203.0.113.80");
    CHECK(text_of(internet.ask("shop.example.jp", Type::A)) ==
          "NOERROR; shop.example.jp. 600 IN CNAME shop.example.com.; "
          "shop.example.com. 600 IN A 203.0.113.90");
    const std::size_t before = internet.queries;
    CHECK(internet.ask("shop.example.jp", Type::A).answer.size() == 2);
    CHECK(internet.queries == before);
}

TEST_CASE("A loop of aliases ends in SERVFAIL", "[dns][resolver]")
{
    Internet internet = given_internet();
    CHECK(internet.ask("loop1.example.jp", Type::A).header.rcode == Rcode::ServerFailure);
    CHECK(internet.story.back() ==
          fmt::format("failed {}", static_cast<int>(FailureReason::TooManyAliases)));
    CHECK(internet.queries <= 4);
    CHECK(internet.ask("loop1.example.jp", Type::A).header.rcode == Rcode::ServerFailure);
}

TEST_CASE("The address of a name server without glue is found first", "[dns][resolver]")
{
    Internet internet = given_internet();
    const Message answer = internet.ask("shop.example.com", Type::A);
    CHECK(answer.answer.size() == 1);
    CHECK(internet.story ==
          Story{"ask 198.51.100.1 of . for shop.example.com. A", "referred to com.",
                "ask 198.51.100.5 of com. for shop.example.com. A", "referred to example.com.",
                "find ns1.example.jp.", "ask 198.51.100.1 of . for ns1.example.jp. A",
                "referred to jp.", "ask 198.51.100.2 of jp. for ns1.example.jp. A",
                "referred to example.jp.", "ask 198.51.100.3 of example.jp. for ns1.example.jp. A",
                "answer NOERROR", "ask 198.51.100.3 of example.com. for shop.example.com. A",
                "answer NOERROR"});
}

TEST_CASE("Name servers that need each other to be found end in SERVFAIL", "[dns][resolver]")
{
    Internet internet = given_internet();
    const std::string soa(soa_data);
    internet.servers[address_of("198.51.100.5").value] = {
        zone_of("com.", {"com. 86400 SOA " + soa, "com. 86400 NS ns.com.",
                         "a.com. 3600 NS ns.b.com.", "b.com. 3600 NS ns.a.com."})};
    CHECK(internet.ask("www.a.com", Type::A).header.rcode == Rcode::ServerFailure);
    CHECK(internet.queries < limits::queries_max);
    CHECK(internet.resolver.rows().empty());
}

TEST_CASE("A name server at 0.0.0.0 is none: the question ends in SERVFAIL", "[dns][resolver]")
{
    Internet internet = given_internet();
    const std::string soa(soa_data);
    internet.servers[address_of("198.51.100.5").value] = {
        zone_of("com.", {"com. 86400 SOA " + soa, "com. 86400 NS ns.com.", "a.com. 3600 NS ns.com.",
                         "ns.com. 3600 A 0.0.0.0"})};
    CHECK(internet.ask("www.a.com", Type::A).header.rcode == Rcode::ServerFailure);
    CHECK(internet.queries < limits::queries_max);
    CHECK(internet.resolver.rows().empty());
}

TEST_CASE("A truncated answer is asked for again over TCP", "[dns][resolver]")
{
    Internet internet = given_internet();
    const Message answer = internet.ask("many.example.jp", Type::Mx, Transport::Tcp);
    CHECK(answer.answer.size() == 80);
    CHECK(internet.story[internet.story.size() - 3] == "truncated");
    CHECK(internet.story[internet.story.size() - 2] ==
          "ask 198.51.100.3 of example.jp. for many.example.jp. MX by TCP");

    SECTION("and towards a client on UDP it is truncated again")
    {
        const Message small = internet.ask("many.example.jp", Type::Mx);
        CHECK(small.header.truncated);
        CHECK(small.answer.empty());
    }
}

TEST_CASE("When TCP fails the next server is asked", "[dns][resolver]")
{
    Internet internet = given_internet();
    const std::uint32_t first = address_of("198.51.100.3").value;
    internet.odd[first] = [&](ByteView query, Transport transport) {
        return transport == Transport::Tcp ? std::string()
                                           : respond(internet.servers[first], query, transport);
    };
    const std::uint32_t client = internet.start("many.example.jp", Type::Mx, Transport::Tcp);
    internet.run();
    CHECK(internet.answers[client].answer.size() == 80);
    CHECK(internet.now < SimTime() + 2s);
}

TEST_CASE("A forged response is ignored", "[dns][resolver]")
{
    Internet internet = given_internet();
    const std::uint32_t client = internet.start("example.jp", Type::Mx);
    while (internet.resolver.next_event())
        ;
    const Outgoing out = internet.resolver.next_outgoing().value();
    const Message query = decode(out.bytes).value();
    Message forged = response_to(query);
    forged.header.authoritative = true;
    forged.answer = {
        record_of(query.question->name, Type::Mx, 86400, Mx{1, Name::of("evil.example")})};
    ServerPath path = out.path;

    SECTION("with another id") { ++forged.header.id; }
    SECTION("from another address") { path.server = address_of("192.0.2.66"); }
    SECTION("to another port") { ++path.local_port; }
    SECTION("over another transport") { path.transport = Transport::Tcp; }
    SECTION("with another question") { forged.question->type = Type::A; }
    SECTION("with the response bit clear") { forged.header.is_response = false; }
    internet.resolver.receive_response(path, encode(forged), internet.now);
    CHECK(std::holds_alternative<ResponseIgnored>(internet.resolver.next_event().value()));
    internet.send(out);
    internet.run();
    CHECK(text_of(internet.answers[client]) == "NOERROR; example.jp. 600 IN MX 10 mx.example.jp.");
}

TEST_CASE("A server is not believed about names outside its zone", "[dns][resolver]")
{
    Internet internet = given_internet();
    const std::uint32_t evil = address_of("198.51.100.5").value;
    internet.odd[evil] = [](ByteView query, Transport) {
        Message response = response_to(decode(query).value());
        response.header.authoritative = true;
        response.answer = {
            record_of(response.question->name, response.question->type, 60,
                      address_of("203.0.113.66")),
            record_of(Name::of("mx.example.jp"), Type::A, 86400, address_of("203.0.113.66"))};
        response.authority = {record_of(Name::of("jp"), Type::Ns, 86400, Name::of("ns.com"))};
        response.additional = {
            record_of(Name::of("ns1.example.jp"), Type::A, 86400, address_of("203.0.113.66"))};
        return encode(response);
    };
    CHECK(text_of(internet.ask("www.com", Type::A)) == "NOERROR; www.com. 60 IN A 203.0.113.66");
    CHECK(text_of(internet.ask("mx.example.jp", Type::A)) ==
          "NOERROR; mx.example.jp. 600 IN A 203.0.113.25");
}

TEST_CASE("A null MX arrives as such (RFC 7505)", "[dns][resolver]")
{
    Internet internet = given_internet();
    const Message answer = internet.ask("nomail.example.jp", Type::Mx);
    REQUIRE(answer.answer.size() == 1);
    const Mx &mx = std::get<Mx>(answer.answer[0].data);
    CHECK(mx.exchange.is_root());
    CHECK(mx.preference == 0);
}

TEST_CASE("Clients with the same question at the same time share one resolution", "[dns][resolver]")
{
    Internet internet = given_internet();
    const std::uint32_t first = internet.start("example.jp", Type::Mx);
    const std::uint32_t second = internet.start("EXAMPLE.JP", Type::Mx);
    internet.run();
    CHECK(internet.queries == 3);
    CHECK(internet.answers[first].answer.size() == 1);
    CHECK(internet.answers[second].answer.size() == 1);
}

TEST_CASE("What the resolver does not do it says with a code", "[dns][resolver]")
{
    Internet internet = given_internet();
    Message query = make_query(5, Name::of("example.jp"), Type::Mx);
    query.header.recursion_desired = true;
    Rcode expected = Rcode::NoError;
    SECTION("a question without recursion")
    {
        query.header.recursion_desired = false;
        expected = Rcode::Refused;
    }
    SECTION("another class")
    {
        query.question->class_code = 3;
        expected = Rcode::Refused;
    }
    SECTION("another opcode")
    {
        query.header.opcode = Opcode::Status;
        expected = Rcode::NotImplemented;
    }
    SECTION("everything about a name")
    {
        query.question->type = Type::Any;
        expected = Rcode::NotImplemented;
    }
    SECTION("a later version of EDNS")
    {
        query.edns = Edns{1232, 1, false, ""};
        expected = Rcode::BadVersion;
    }
    internet.resolver.receive_query(ClientToken{1}, Transport::Udp, encode(query), internet.now);
    internet.run();
    CHECK(internet.answers[1].header.rcode == expected);
    CHECK(internet.queries == 0);
}

TEST_CASE("A malformed query gets FORMERR, a response sent as a query gets nothing",
          "[dns][resolver]")
{
    Internet internet = given_internet();
    Message message = make_query(5, Name::of("example.jp"), Type::Mx);
    std::string bytes = encode(message) + "x";
    internet.resolver.receive_query(ClientToken{1}, Transport::Udp, bytes, internet.now);
    internet.run();
    CHECK(internet.answers[1].header.rcode == Rcode::FormatError);
    CHECK(internet.answers[1].header.id == 5);
    message.header.is_response = true;
    internet.resolver.receive_query(ClientToken{2}, Transport::Udp, encode(message), internet.now);
    internet.run();
    CHECK(internet.answers.count(2) == 0);
}

TEST_CASE("A copied resolver lives the same future", "[dns][resolver]")
{
    Internet original = given_internet();
    original.silent = {address_of("198.51.100.3").value};
    original.ask("example.jp", Type::Mx);
    Internet branch = original;
    const auto fingerprint = [](const Internet &internet) {
        Digest digest;
        internet.resolver.mix(digest);
        return digest.value();
    };
    original.ask("shop.example.com", Type::A);
    CHECK(fingerprint(original) != fingerprint(branch));
    branch.ask("shop.example.com", Type::A);
    CHECK(fingerprint(original) == fingerprint(branch));
    CHECK(original.story == branch.story);
}
