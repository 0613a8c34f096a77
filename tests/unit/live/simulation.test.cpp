// The World behind the live door, without sockets and without a clock: real time is an argument.
#include "sim/live/simulation.h"

#include "sim/live/witness.h"
#include "sim/world/inspect.h"
#include "sim/world/timeline.h"
#include "tests/support/worlds.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace mailscope::live
{
namespace
{

constexpr const char *two_providers = R"({
  "title": {"en": "Two providers"},
  "world": {
    "domains": [{"name": "example.com", "mailboxes": "alice", "mail": {"starttls": true}},
                {"name": "example.jp", "mailboxes": "bob", "mail": {"greylist": "5m"}}],
    "people": [{"name": "alice", "address": "alice@example.com"}]
  }
})";

World open_world()
{
    World world = testing::world_of(testing::scenario_of(two_providers));
    REQUIRE(add_outside_host(world, outside_name).has_value());
    return world;
}

/// A session with a service of a host.
Handle connect(Simulation &simulation, std::string_view kind, const std::string &host)
{
    const std::vector<Service> found = services_of(simulation.world(), *find_service(kind), {host});
    REQUIRE(found.size() == 1);
    return simulation.open(found.front());
}

/// What a server says to `words`.
std::string say(Simulation &simulation, Handle session, std::string_view words)
{
    simulation.send(session, words);
    return simulation.outside().take_arrived(session);
}

/// Hands a letter for alice in, as a mail server does.
std::string hand_in(Simulation &simulation)
{
    const Handle session = connect(simulation, "smtp", "mx.example.com");
    say(simulation, session, "EHLO here.example\r\n");
    say(simulation, session, "MAIL FROM:<carol@here.example>\r\nRCPT TO:<alice@example.com>\r\n");
    say(simulation, session, "DATA\r\n");
    const std::string reply = say(simulation, session, "Subject: x\r\n\r\nHello\r\n.\r\n");
    say(simulation, session, "QUIT\r\n");
    simulation.close(session);
    return reply;
}

std::size_t letters_of(const Simulation &simulation, std::string_view address)
{
    for (const mail::Store &store : simulation.world().stores)
        if (const auto user = store.find_user(address))
            return store.mailbox(*user).inbox().size();
    return 0;
}

} // namespace

TEST_CASE("At the fast speed a server's answer is there at once", "[live]")
{
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Lines);
    const Handle session = connect(simulation, "smtp", "mx.example.com");
    REQUIRE(simulation.outside().take_arrived(session) == "220 mx.example.com ESMTP Postfix\r\n");
    REQUIRE(say(simulation, session, "NOOP\r\n") == "250 2.0.0 Ok\r\n");
}

TEST_CASE("At the real speed an answer takes as long as its packets", "[live]")
{
    Simulation simulation(open_world(), Speed::Real, TraceLevel::Lines);
    const Handle session = connect(simulation, "smtp", "mx.example.com");
    simulation.advance(1ms);
    REQUIRE(simulation.outside().take_arrived(session).empty());
    simulation.advance(1s);
    REQUIRE(!simulation.outside().take_arrived(session).empty());
    REQUIRE(simulation.world().now == SimTime(1s));
}

TEST_CASE("What programs outside say and hear is in the trace, and follows from their coming",
          "[live]")
{
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Everything);
    REQUIRE(hand_in(simulation).substr(0, 3) == "250");
    const Records &records = simulation.records();
    std::size_t commands = 0;
    std::size_t contents = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].host != simulation.outside().host())
            continue;
        commands += records[i].kind == RecordKind::CommandSent ? 1U : 0U;
        contents += records[i].kind == RecordKind::ContentSent ? 1U : 0U;
        if (records[i].because.is_none())
            REQUIRE(records[i].kind == RecordKind::ActionTaken);
    }
    REQUIRE(commands == 5);
    REQUIRE(contents == 1);
}

TEST_CASE("A letter in chunks is content in the trace, and the command behind it is none", "[live]")
{
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Lines);
    const Handle session = connect(simulation, "smtp", "mx.example.com");
    say(simulation, session, "EHLO here.example\r\n");
    say(simulation, session, "MAIL FROM:<carol@here.example>\r\nRCPT TO:<alice@example.com>\r\n");
    say(simulation, session, "BDAT 10 LAST\r\nSubject: xRSET\r\n");
    std::string contents;
    std::string last;
    simulation.records().for_each([&](const Record &record) {
        if (record.host != simulation.outside().host())
            return;
        if (record.kind == RecordKind::ContentSent)
            contents += record.text.view();
        if (record.kind == RecordKind::CommandSent)
            last = record.text.view();
    });
    REQUIRE(contents == "Subject: x");
    REQUIRE(last == "RSET\r\n");
}

TEST_CASE("A reset brings the start back", "[live]")
{
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Lines);
    const std::uint64_t start = fingerprint(simulation.world());
    hand_in(simulation);
    REQUIRE(letters_of(simulation, "alice@example.com") == 1);
    simulation.advance(10s);
    simulation.reset();
    REQUIRE(letters_of(simulation, "alice@example.com") == 0);
    REQUIRE(fingerprint(simulation.world()) == start);
    simulation.advance(11s);
    REQUIRE(simulation.world().now == SimTime(1s));
}

TEST_CASE("Who looks on has seen every record before the trace begins anew", "[live]")
{
    class Reader : public Witness
    {
    public:
        void look(const Simulation &simulation) override
        {
            for (; next_ < simulation.records().size(); ++next_)
                seen.push_back(simulation.records()[next_].id.value);
        }
        void trace_ends(const Simulation &simulation) override
        {
            look(simulation);
            next_ = 0;
            ++traces;
        }
        std::vector<std::uint32_t> seen;
        int traces = 0;

    private:
        std::size_t next_ = 0;
    };
    constexpr std::size_t records_max = 300;
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Everything, records_max);
    Reader reader;
    simulation.set_witness(&reader);
    for (int i = 0; i < 20; ++i)
        hand_in(simulation);
    REQUIRE(reader.traces > 3);
    REQUIRE(simulation.records().size() <= records_max);
    const std::uint32_t last = simulation.world().next_record;
    SECTION("when the World is reset") { simulation.reset(); }
    SECTION("at the end") { reader.look(simulation); }
    REQUIRE(reader.seen.size() == last - reader.seen.front());
    REQUIRE(std::is_sorted(reader.seen.begin(), reader.seen.end()));
}

TEST_CASE("A port that a fault closes refuses", "[live]")
{
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Lines);
    FaultSpec fault;
    fault.kind = FaultKindSpec::ServiceClosed;
    fault.host = "mx.example.com";
    fault.port = 25;
    const Service service =
        services_of(simulation.world(), *find_service("smtp"), {"mx.example.com"}).front();
    simulation.order(FaultOrder{fault, FaultOrder::Turn::Begins});
    const Handle session = simulation.open(service);
    REQUIRE(simulation.outside().sessions()[session].ending == OutsideHost::Ending::Refused);
}

TEST_CASE("A server that begins TLS is known by its end of the connection, not by its words",
          "[live]")
{
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Lines);
    const Handle session = connect(simulation, "smtp", "mx.example.com");
    say(simulation, session, "EHLO here.example\r\n");
    say(simulation, session, "VRFY starttls\r\n");
    REQUIRE(!simulation.server_began_tls(session));
    REQUIRE(say(simulation, session, "STARTTLS\r\n").substr(0, 3) == "220");
    REQUIRE(simulation.server_began_tls(session));
    simulation.start_tls(session);
    REQUIRE(say(simulation, session, "NOOP\r\n") == "250 2.0.0 Ok\r\n");
}

TEST_CASE("Where TLS comes first a program hears of the server only, and the wire carries no word",
          "[live]")
{
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Everything);
    const Handle session = connect(simulation, "submissions", "mx.example.com");
    REQUIRE(simulation.outside().take_arrived(session).substr(0, 4) == "220 ");
    REQUIRE(say(simulation, session, "EHLO here.example\r\n").find("AUTH") != std::string::npos);
    REQUIRE(say(simulation, session, "STARTTLS\r\n").substr(0, 3) == "554");
    REQUIRE(!simulation.server_began_tls(session));
    std::size_t ciphertexts = 0;
    simulation.records().for_each([&](const Record &record) {
        REQUIRE((record.kind != RecordKind::PacketSent ||
                 record.text.view().find("EHLO") == ByteView::npos));
        ciphertexts += record.kind == RecordKind::CiphertextSent ? 1U : 0U;
    });
    REQUIRE(ciphertexts > 4);
}

TEST_CASE("Who goes away before TLS stands leaves nothing behind", "[live]")
{
    Simulation simulation(open_world(), Speed::Real, TraceLevel::Lines);
    const Handle session = connect(simulation, "imaps", "mx.example.com");
    simulation.send(session, "a NOOP\r\n");
    simulation.close(session);
    simulation.advance(10s);
    REQUIRE(simulation.outside().sessions()[session].ending == OutsideHost::Ending::Closed);
    simulation.close(session);
    REQUIRE(simulation.outside().sessions().size() == 0);
}

TEST_CASE("Questions to the DNS are answered, each to who asked", "[live]")
{
    Simulation simulation(open_world(), Speed::Fast, TraceLevel::Lines);
    const Service service =
        services_of(simulation.world(), *find_service("dns"), {"ns1.example.jp"}).front();
    // A query for example.jp MX (RFC 1035 4).
    const std::string query("\x12\x34\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"
                            "example\x02jp\x00\x00\x0f\x00\x01",
                            28);
    const std::uint32_t number = simulation.ask(service, query);
    const std::vector<OutsideHost::Answer> answers = simulation.outside().take_answers();
    REQUIRE(answers.size() == 1);
    REQUIRE(answers.front().question == number);
    REQUIRE(answers.front().bytes.view().substr(0, 2) == "\x12\x34");
}

TEST_CASE("A timeline that follows a served World goes to any moment of it", "[live][timeline]")
{
    const World start = open_world();
    Simulation simulation(start, Speed::Fast, TraceLevel::Everything);
    simulation.keep_acts();
    Timeline timeline(start);
    for (int letter = 0; letter < 4; ++letter) {
        hand_in(simulation);
        timeline.follow(simulation.world(), simulation.records(), simulation.take_acts());
    }
    const Records &records = timeline.records();
    REQUIRE(records.size() == simulation.records().size());
    std::size_t stored = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        stored += records[i].kind == RecordKind::Delivered ? 1U : 0U;
        if (i % 37 != 0 && records[i].kind != RecordKind::Delivered)
            continue;
        timeline.seek_record(i);
        REQUIRE(timeline.records_before() > i);
        std::size_t letters = 0;
        for (const MailboxRow &row : mailbox_rows(timeline.world()))
            letters += row.letters;
        REQUIRE(letters == stored);
    }
    REQUIRE(stored == 4);
}

TEST_CASE("What might have been is told from any moment of a served World", "[live][timeline]")
{
    const World start = open_world();
    Simulation simulation(start, Speed::Fast, TraceLevel::Everything);
    simulation.keep_acts();
    Timeline timeline(start);
    hand_in(simulation);
    timeline.follow(simulation.world(), simulation.records(), simulation.take_acts());
    timeline.seek_record(timeline.records().size() - 1);
    ChangeSpec change;
    change.kind = ChangeKind::EmptyMailbox;
    change.mailbox = "alice@example.com";
    timeline.fork("empty", {change}, {});
    timeline.seek_step(timeline.end_of(timeline.current()).steps);
    for (const MailboxRow &row : mailbox_rows(timeline.world()))
        REQUIRE(row.letters == 0);
    REQUIRE(letters_of(simulation, "alice@example.com") == 1);
}

} // namespace mailscope::live
