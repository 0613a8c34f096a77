// Our engines against recorded sessions of Dovecot (tests/dialogue/reference/pop3).
#include "tests/support/reference.h"

#include "tests/support/pop3.h"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace mailscope;
using namespace mailscope::test;
using pop3::Verb;

namespace
{

/// The body of a recorded multi-line answer.
std::string body_of(const Turn &turn)
{
    std::string wire;
    for (std::size_t i = 1; i < turn.answered.size(); ++i)
        wire += turn.answered[i] + "\r\n";
    ByteView rest = wire;
    std::string content;
    pop3::MultilineReader().read(rest, content);
    return content;
}

PopLetter &letter_at(PopHost &host, std::uint32_t number)
{
    REQUIRE(number >= 1);
    if (host.letters.size() < number)
        host.letters.resize(number);
    return host.letters[number - 1];
}

void learn_listing(PopHost &host, ByteView lines, Verb verb)
{
    for (const std::string &line : split_lines(lines)) {
        ByteView text = line;
        const std::optional<std::uint32_t> number = pop3::take_number(text);
        REQUIRE(number);
        PopLetter &letter = letter_at(host, *number);
        if (verb == Verb::List)
            letter.size = *pop3::take_number(text);
        else
            letter.unique_id = text;
    }
}

/// Takes from one answer what it says about the maildrop.
void learn(PopHost &host, const Turn &turn)
{
    if (turn.said.empty() || turn.answered.empty() || turn.answered.front().rfind("+OK", 0) != 0)
        return;
    const std::vector<std::string> said = split_lines(turn.said);
    const pop3::Command command = pop3::parse_command(said.front());
    ByteView argument = command.argument;
    const std::string status =
        turn.answered.front().substr(std::min<std::size_t>(4, turn.answered.front().size()));
    if (command.verb == Verb::Stat && host.letters.empty()) {
        ByteView text = status;
        const std::uint32_t count = *pop3::take_number(text);
        letter_at(host, count).size = *pop3::take_number(text);
        for (std::uint32_t number = 1; number < count; ++number) {
            letter_at(host, number).size = 1; // Only the sum is known.
            --letter_at(host, count).size;
        }
    } else if (command.verb == Verb::List || command.verb == Verb::Uidl) {
        learn_listing(host, argument.empty() ? body_of(turn) : status + "\r\n", command.verb);
    } else if (command.verb == Verb::Retr || command.verb == Verb::Top) {
        PopLetter &letter = letter_at(host, *pop3::take_number(argument));
        const std::string content = body_of(turn);
        if (content.size() > letter.content.size())
            letter.content = content;
    }
}

/// "<...>" of the recorded greeting.
std::string timestamp_of(const ReferenceCase &recorded)
{
    const std::string greeting = turns_of(recorded, Side::Client).front().answered.front();
    REQUIRE(greeting.find('<') != std::string::npos);
    return greeting.substr(greeting.find('<'));
}

/// A host with the maildrop that the recorded server had.
PopHost rebuilt_host(const ReferenceCase &recorded)
{
    pop3::ServerOptions options;
    options.greeting = "Dovecot (Debian) ready.";
    PopHost host(options);
    // What its config_notes say of the two recordings: APOP offered.
    if (recorded.name.find("apop") != std::string::npos)
        host.server.offer_apop(timestamp_of(recorded));
    host.user = "pop@example.test";
    host.password = "secret-pop";
    host.in_use = recorded.name.find("in-use") != std::string::npos;
    std::vector<Turn> turns = turns_of(recorded, Side::Client);
    for (const Verb first : {Verb::List, Verb::Unknown}) // The sizes before their sum.
        for (const Turn &turn : turns)
            if (first == Verb::Unknown || turn.said.rfind("LIST", 0) == 0)
                learn(host, turn);
    return host;
}

std::string as_is(const std::string &line) { return line; }

} // namespace

TEST_CASE("Our server says what Dovecot says, but for the listed differences", "[pop3][reference]")
{
    for (const ReferenceCase &recorded : reference_family("pop3")) {
        for (const Delivery delivery : {Delivery::Whole, Delivery::ByteByByte, Delivery::Glued}) {
            INFO(recorded.name << ", delivery " << static_cast<int>(delivery));
            PopHost host = rebuilt_host(recorded);
            const Feed feed = [&host](ByteView bytes) { return host.feed(bytes); };
            std::vector<std::string> found = replay(recorded, Side::Client, delivery, feed, as_is);
            if (host.server.wants_close() != recorded.server_closed)
                found.push_back(recorded.server_closed ? "the connection stays open"
                                                       : "the connection is closed");
            CHECK(unexplained(recorded, found) == std::vector<std::string>());
        }
    }
}

namespace
{

/// What our client hears from a recorded server; its commands need not be in the recorded order.
std::vector<std::string> fetch_from(const ReferenceCase &recorded)
{
    std::map<std::string, std::string> answers; // the first to each command
    pop3::ClientOptions options;
    options.stls = pop3::StlsUse::Never;
    options.keep_on_server = true;
    for (const Turn &turn : turns_of(recorded, Side::Client)) {
        std::string answer;
        for (const std::string &line : turn.answered)
            answer += line + "\r\n";
        answers.emplace(turn.said, answer);
        const std::string line = turn.said.substr(0, turn.said.find("\r\n"));
        const pop3::Command command = pop3::parse_command(line);
        if (command.verb == Verb::User)
            options.user = command.argument;
        if (command.verb == Verb::Pass)
            options.password = command.argument;
    }
    pop3::Client client(std::make_shared<const pop3::ClientOptions>(options));
    client.start(SimTime());
    std::string heard = answers[""];
    std::vector<std::string> told;
    while (!heard.empty()) {
        for (const char &byte : heard)
            client.receive(ByteView(&byte, 1), SimTime());
        while (const std::optional<pop3::ClientEvent> event = client.next_event()) {
            told.push_back(describe(*event));
            if (const auto *asked = std::get_if<pop3::SelectionAsked>(&*event)) {
                pop3::Selection selection;
                for (const pop3::ListedLetter &letter : asked->listing)
                    selection.retrieve.push_back(letter.number);
                client.select(selection, SimTime());
            } else if (const auto *letter = std::get_if<pop3::LetterReceived>(&*event)) {
                client.letter_stored(letter->number, SimTime());
            }
        }
        heard.clear();
        for (const std::string &line : split_lines(client.output().bytes())) {
            const auto answer = answers.find(line + "\r\n");
            heard += answer != answers.end() ? answer->second : "-ERR Unknown command.\r\n";
        }
        client.clear_output();
    }
    if (recorded.server_closed && !client.wants_close())
        client.peer_closed(SimTime());
    REQUIRE(client.wants_close());
    return told;
}

} // namespace

TEST_CASE("Our client understands Dovecot's sessions", "[pop3][reference]")
{
    SECTION("a full one, in which only the first letter was recorded whole")
    {
        const ReferenceCase recorded = reference_case("pop3", "pop3-full-session");
        const std::vector<std::string> told = fetch_from(recorded);
        REQUIRE(told.size() == 8);
        REQUIRE(told[0].find(" 6/1083/000000066b04fff0") != std::string::npos);
        REQUIRE(told[1] == "LetterReceived 1 000000016b04fff0 " +
                               rebuilt_host(recorded).letters.front().content);
        REQUIRE(told[2] == "RequestRefused RETR 2 -ERR Unknown command.");
        REQUIRE(told[7] == "Done listed 6 received 1 deleted 0");
    }
    SECTION("one without CAPA and UIDL")
    {
        REQUIRE(fetch_from(reference_case("pop3", "pop3-after-dele-and-quit")) ==
                std::vector<std::string>{"SelectionAsked 1/440/",
                                         "RequestRefused RETR 1 -ERR Unknown command.",
                                         "Done listed 1 received 0 deleted 0"});
    }
    SECTION("a locked maildrop")
    {
        REQUIRE(fetch_from(reference_case("pop3", "pop3-in-use-second-login")) ==
                std::vector<std::string>{
                    "MailboxInUse -ERR [IN-USE] Mailbox is locked by another POP3 session."});
    }
    SECTION("an unknown user")
    {
        REQUIRE(fetch_from(reference_case("pop3", "pop3-unknown-user")) ==
                std::vector<std::string>{"LoginRefused -ERR [AUTH] Authentication failed."});
    }
}
