// The client's side of POP3, against servers of a few lines.
#include "sim/protocol/pop3/client.h"

#include "tests/support/pop3.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::test;
using pop3::ClientOptions;
using pop3::ClientState;

namespace
{

ClientOptions bobs_options()
{
    ClientOptions options;
    options.user = "bob";
    options.password = "secret";
    return options;
}

/// A client whose owner only writes down what it hears.
struct Reader
{
    explicit Reader(ClientOptions options = bobs_options())
        : client(std::make_shared<const ClientOptions>(std::move(options)))
    {
        client.start(now);
    }

    /// Says bytes of the server, gives the client's.
    std::string hear(ByteView bytes)
    {
        client.receive(bytes, now);
        return settle();
    }

    std::string settle()
    {
        while (const std::optional<pop3::ClientEvent> event = client.next_event())
            told.push_back(describe(*event));
        std::string said(client.output().bytes());
        client.clear_output();
        return said;
    }

    std::string select(std::vector<std::uint32_t> retrieve, std::vector<std::uint32_t> remove)
    {
        client.select({std::move(retrieve), std::move(remove)}, now);
        return settle();
    }

    std::string stored(std::uint32_t number)
    {
        client.letter_stored(number, now);
        return settle();
    }

    /// The way to SelectionAsked with letters 1 to 3.
    void log_in(ByteView capabilities)
    {
        hear("+OK ready\r\n");
        hear(std::string("+OK\r\n") + std::string(capabilities) + ".\r\n");
        hear("+OK\r\n");
        hear("+OK\r\n");
        hear("+OK\r\n1 10\r\n2 20\r\n3 30\r\n.\r\n");
        hear("+OK\r\n1 a\r\n2 b\r\n3 c\r\n.\r\n");
        REQUIRE(told == std::vector<std::string>{"SelectionAsked 1/10/a 2/20/b 3/30/c"});
        told.clear();
    }

    SimTime now{};
    pop3::Client client;
    std::vector<std::string> told;
};

constexpr ByteView usual = "USER\r\nUIDL\r\n";
constexpr ByteView pipelined = "USER\r\nUIDL\r\nPIPELINING\r\n";

} // namespace

TEST_CASE("A client logs in, takes a letter, removes it and leaves", "[pop3]")
{
    Reader reader;
    REQUIRE(reader.hear("+OK ready\r\n") == "CAPA\r\n");
    REQUIRE(reader.hear("+OK\r\nUSER\r\nUIDL\r\n.\r\n") == "USER bob\r\n");
    REQUIRE(reader.hear("+OK\r\n") == "PASS secret\r\n");
    REQUIRE(reader.hear("+OK Logged in.\r\n") == "LIST\r\n");
    REQUIRE(reader.hear("+OK 1 messages:\r\n1 12\r\n.\r\n") == "UIDL\r\n");
    REQUIRE(reader.hear("+OK\r\n1 id-a\r\n.\r\n").empty());
    REQUIRE(reader.select({1}, {}) == "RETR 1\r\n");
    REQUIRE(reader.hear("+OK 12 octets\r\nhello\r\n..x\r\n.\r\n").empty());
    REQUIRE(reader.stored(1) == "DELE 1\r\n");
    REQUIRE(reader.hear("+OK\r\n") == "QUIT\r\n");
    reader.hear("+OK bye\r\n");
    REQUIRE(reader.told == std::vector<std::string>{"SelectionAsked 1/12/id-a",
                                                    "LetterReceived 1 id-a hello\r\n.x\r\n",
                                                    "Done listed 1 received 1 deleted 1"});
    REQUIRE(reader.client.wants_close());
}

TEST_CASE("A letter that its owner could not store stays on the server", "[pop3]")
{
    Reader reader;
    reader.log_in(usual);
    reader.select({1}, {});
    reader.hear("+OK\r\nx\r\n.\r\n");
    reader.client.letter_not_stored(1, reader.now);
    REQUIRE(reader.settle() == "QUIT\r\n");
}

TEST_CASE("Kept letters are removed only where the owner says so", "[pop3]")
{
    ClientOptions options = bobs_options();
    options.keep_on_server = true;
    Reader reader(options);
    reader.log_in(usual);
    // 3 was fetched in an earlier session; 2 goes once it is stored; 1 stays.
    REQUIRE(reader.select({1, 2}, {2, 3}) == "DELE 3\r\n");
    REQUIRE(reader.hear("+OK\r\n") == "RETR 1\r\n");
    REQUIRE(reader.hear("+OK\r\nx\r\n.\r\n") == "RETR 2\r\n");
    reader.hear("+OK\r\ny\r\n.\r\n");
    REQUIRE(reader.stored(1).empty());
    REQUIRE(reader.stored(2) == "DELE 2\r\n");
    REQUIRE(reader.hear("+OK\r\n") == "QUIT\r\n");
}

TEST_CASE("Only so many letters are taken per session, and none is removed untaken", "[pop3]")
{
    ClientOptions options = bobs_options();
    options.letters_max = 1;
    Reader reader(options);
    reader.log_in(usual);
    REQUIRE(reader.select({2, 1, 2, 99}, {1}) == "RETR 2\r\n");
    reader.hear("+OK\r\nx\r\n.\r\n");
    REQUIRE(reader.stored(2) == "DELE 2\r\n");
    REQUIRE(reader.hear("+OK\r\n") == "QUIT\r\n");
}

TEST_CASE("Commands are sent ahead only where the server announces it", "[pop3]")
{
    Reader one_by_one;
    one_by_one.log_in(usual);
    REQUIRE(one_by_one.select({1, 2, 3}, {}) == "RETR 1\r\n");
    Reader ahead;
    ahead.log_in(pipelined);
    REQUIRE(ahead.select({1, 2, 3}, {}) == "RETR 1\r\nRETR 2\r\nRETR 3\r\n");
    ahead.hear("+OK\r\nx\r\n.\r\n-ERR gone\r\n+OK\r\nz\r\n.\r\n");
    REQUIRE(ahead.told == std::vector<std::string>{"LetterReceived 1 a x\r\n",
                                                   "RequestRefused RETR 2 -ERR gone",
                                                   "LetterReceived 3 c z\r\n"});
    REQUIRE(ahead.stored(3) == "DELE 3\r\n");
}

TEST_CASE("Without UIDL and CAPA a client works by numbers and sizes", "[pop3]")
{
    Reader reader;
    reader.hear("+OK ready\r\n");
    REQUIRE(reader.hear("-ERR what?\r\n") == "USER bob\r\n");
    reader.hear("+OK\r\n");
    REQUIRE(reader.hear("+OK\r\n") == "LIST\r\n");
    REQUIRE(reader.hear("+OK\r\n1 10\r\n3 30\r\n.\r\n") == "UIDL\r\n");
    reader.hear("-ERR what?\r\n");
    REQUIRE(reader.told == std::vector<std::string>{"SelectionAsked 1/10/ 3/30/"});
}

TEST_CASE("An empty maildrop is left at once", "[pop3]")
{
    for (const ByteView capabilities : {usual, pipelined}) {
        Reader reader;
        reader.hear("+OK ready\r\n");
        reader.hear(std::string("+OK\r\n") + std::string(capabilities) + ".\r\n");
        reader.hear("+OK\r\n");
        const bool ahead = reader.hear("+OK\r\n") == "LIST\r\nUIDL\r\n";
        const std::string said = reader.hear("+OK\r\n.\r\n");
        REQUIRE((ahead ? reader.hear("+OK\r\n.\r\n") : said) == "QUIT\r\n");
        reader.hear("+OK\r\n");
        REQUIRE(reader.told == std::vector<std::string>{"Done listed 0 received 0 deleted 0"});
    }
}

TEST_CASE("A refused login, a locked maildrop and a refused greeting are told apart", "[pop3]")
{
    Reader refused;
    refused.hear("+OK\r\n");
    refused.hear("-ERR\r\n");
    refused.hear("+OK\r\n");
    REQUIRE(refused.hear("-ERR [AUTH] no\r\n") == "QUIT\r\n");
    refused.hear("+OK\r\n");
    REQUIRE(refused.told == std::vector<std::string>{"LoginRefused -ERR [AUTH] no"});
    REQUIRE(refused.client.wants_close());

    Reader locked;
    locked.hear("+OK\r\n");
    locked.hear("-ERR\r\n");
    locked.hear("+OK\r\n");
    locked.hear("-ERR [in-use] later\r\n");
    locked.client.peer_closed(locked.now); // Dovecot does not wait for QUIT.
    locked.settle();
    REQUIRE(locked.told == std::vector<std::string>{"MailboxInUse -ERR [in-use] later"});

    Reader turned_away;
    turned_away.hear("-ERR too busy\r\n");
    REQUIRE(turned_away.told == std::vector<std::string>{"RequestRefused ? 0 -ERR too busy"});
    REQUIRE(turned_away.client.wants_close());
}

TEST_CASE("A refused listing ends the session, with UIDL sent ahead or not", "[pop3]")
{
    Reader reader;
    reader.hear("+OK\r\n");
    reader.hear(std::string("+OK\r\n") + std::string(pipelined) + ".\r\n");
    reader.hear("+OK\r\n");
    reader.hear("+OK\r\n");
    REQUIRE(reader.hear("-ERR no\r\n") == "QUIT\r\n");
    reader.hear("+OK\r\n1 a\r\n.\r\n+OK\r\n");
    REQUIRE(reader.told == std::vector<std::string>{"RequestRefused LIST 0 -ERR no"});
    REQUIRE(reader.client.wants_close());
}

TEST_CASE("A server that takes AUTH only gets AUTH PLAIN, long ones in two steps", "[pop3]")
{
    Reader reader;
    reader.hear("+OK\r\n");
    REQUIRE(reader.hear("+OK\r\nSASL LOGIN PLAIN\r\n.\r\n") == "AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n");
    REQUIRE(reader.hear("+OK\r\n") == "LIST\r\n");

    ClientOptions options = bobs_options();
    options.password = std::string(200, 'p');
    Reader two_steps(options);
    two_steps.hear("+OK\r\n");
    REQUIRE(two_steps.hear("+OK\r\nSASL PLAIN\r\n.\r\n") == "AUTH PLAIN\r\n");
    REQUIRE(two_steps.hear("+ \r\n").substr(0, 8) == "AGJvYgBw");
    REQUIRE(two_steps.hear("+OK\r\n") == "LIST\r\n");
}

TEST_CASE("STLS is used where it is offered, and what was glued to its reply is dropped", "[pop3]")
{
    Reader reader;
    reader.hear("+OK\r\n");
    REQUIRE(reader.hear("+OK\r\nSTLS\r\nUSER\r\n.\r\n") == "STLS\r\n");
    REQUIRE(reader.hear("+OK go\r\n+OK\r\nUSER\r\n.\r\n").empty());
    REQUIRE(reader.told == std::vector<std::string>{"TlsStarted"});
    reader.client.tls_established(reader.now);
    REQUIRE(reader.settle() == "CAPA\r\n");
    REQUIRE(reader.hear("+OK\r\nSTLS\r\nUSER\r\n.\r\n") == "USER bob\r\n");
}

TEST_CASE("A client that demands TLS says no password without it", "[pop3]")
{
    ClientOptions options = bobs_options();
    options.stls = pop3::StlsUse::Required;
    for (const ByteView answer : {"+OK\r\nUSER\r\n.\r\n", "-ERR\r\n"}) {
        Reader reader(options);
        reader.hear("+OK\r\n");
        REQUIRE(reader.hear(answer) == "QUIT\r\n");
        REQUIRE(reader.told == std::vector<std::string>{"TlsUnavailable"});
    }
    Reader reader(options);
    reader.hear("+OK\r\n");
    reader.hear("+OK\r\nSTLS\r\n.\r\n");
    REQUIRE(reader.hear("-ERR not now\r\n") == "QUIT\r\n");
    REQUIRE(reader.told == std::vector<std::string>{"TlsUnavailable"});
}

TEST_CASE("A server that speaks something else is recognised, however its bytes come", "[pop3]")
{
    using namespace std::string_view_literals;
    for (const ByteView greeting :
         {"* OK IMAP4rev1 ready\r\n"sv, "220 mx.example.test ESMTP\r\n"sv,
          "HTTP/1.1 400 Bad Request\r\n"sv, "\x15\x03\x01\x00\x02\x02\x46"sv, "\0\0\0\0"sv,
          "+OKAY\r\n"sv, "\r\n"sv}) {
        Reader whole;
        whole.hear(greeting);
        Reader bytewise;
        for (const char &byte : greeting)
            bytewise.hear(ByteView(&byte, 1));
        REQUIRE(whole.told.size() == 1);
        REQUIRE(whole.told.front().rfind("ProtocolViolation ", 0) == 0);
        REQUIRE(bytewise.told == whole.told);
        REQUIRE(whole.client.wants_close());
    }
}

TEST_CASE("A peer that leaves in the middle of something foreign is told as that", "[pop3]")
{
    Reader reader;
    reader.hear("SSH-2.0-OpenSSH");
    reader.client.peer_closed(reader.now);
    reader.settle();
    REQUIRE(reader.told == std::vector<std::string>{"ProtocolViolation SSH-2.0-OpenSSH"});
}

TEST_CASE("A malformed listing is a violation", "[pop3]")
{
    for (const ByteView listing : {"1\r\n", "x 10\r\n", "2 10\r\n1 10\r\n", "0 10\r\n"}) {
        Reader reader;
        reader.hear("+OK\r\n");
        reader.hear("-ERR\r\n");
        reader.hear("+OK\r\n");
        reader.hear("+OK\r\n");
        reader.hear(std::string("+OK\r\n") + std::string(listing) + ".\r\n");
        REQUIRE(reader.told.size() == 1);
        REQUIRE(reader.told.front().rfind("ProtocolViolation ", 0) == 0);
    }
}

TEST_CASE("A vanished peer is told with the stage, and a half letter is not delivered", "[pop3]")
{
    Reader reader;
    reader.log_in(usual);
    reader.select({1}, {});
    reader.hear("+OK\r\nhalf a le");
    reader.client.peer_closed(reader.now);
    reader.settle();
    REQUIRE(reader.told == std::vector<std::string>{"PeerVanished Transfer"});
}

TEST_CASE("A silent server times out, a thinking owner does not", "[pop3]")
{
    Reader reader;
    REQUIRE(reader.client.next_deadline() == SimTime(2min));
    reader.log_in(usual);
    REQUIRE(reader.client.next_deadline() == time_never);
    reader.now = SimTime(1h);
    reader.select({1}, {});
    REQUIRE(reader.client.next_deadline() == SimTime(1h + 2min));
    reader.client.on_time(SimTime(1h + 2min));
    reader.settle();
    REQUIRE(reader.told == std::vector<std::string>{"TimedOut"});
    REQUIRE(reader.client.wants_close());
}

TEST_CASE("A refused update counts no deletion", "[pop3]")
{
    Reader reader;
    reader.log_in(usual);
    reader.select({1}, {});
    reader.hear("+OK\r\nx\r\n.\r\n");
    reader.stored(1);
    reader.hear("+OK\r\n");
    reader.hear("-ERR some deleted messages not removed\r\n");
    REQUIRE(reader.told.back() == "Done listed 3 received 1 deleted 0");
}

TEST_CASE("Replies that nobody asked for yet are kept, not read", "[pop3]")
{
    Reader reader;
    reader.log_in(usual);
    reader.hear("+OK\r\nearly\r\n.\r\n");
    REQUIRE(reader.told.empty());
    reader.select({1}, {});
    REQUIRE(reader.told == std::vector<std::string>{"LetterReceived 1 a early\r\n"});
}

TEST_CASE("A line without end is not waited for", "[pop3]")
{
    Reader reader;
    reader.hear("+OK " + std::string(pop3::limits::reply_line_bytes_max, 'x'));
    REQUIRE(reader.told.size() == 1);
    REQUIRE(reader.client.wants_close());
}
