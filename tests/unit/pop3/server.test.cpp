// The server's side of POP3, as conversations.
#include "sim/protocol/pop3/server.h"

#include "tests/support/pop3.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::test;
using pop3::ServerState;

namespace
{

PopHost host_with_two_letters(pop3::ServerOptions options = {})
{
    PopHost host(std::move(options));
    host.letters = {{"id-a", "Subject: a\r\n\r\none\r\n.two\r\nthree\r\n"},
                    {"id-b", "Subject: b\r\n\r\n"}};
    return host;
}

PopHost logged_in_host()
{
    PopHost host = host_with_two_letters();
    host.feed("USER bob\r\nPASS secret\r\n");
    REQUIRE(host.server.state() == ServerState::Transaction);
    host.told.clear();
    return host;
}

} // namespace

TEST_CASE("A client lists, reads, deletes and leaves", "[pop3]")
{
    play(host_with_two_letters(), "S: +OK POP3 server ready.\n"
                                  "C: USER bob\n"
                                  "S: +OK\n"
                                  "C: PASS secret\n"
                                  "S: +OK Logged in.\n"
                                  "C: STAT\n"
                                  "S: +OK 2 46\n"
                                  "C: LIST\n"
                                  "S: +OK 2 messages:\n"
                                  "S: 1 32\n"
                                  "S: 2 14\n"
                                  "S: .\n"
                                  "C: UIDL 2\n"
                                  "S: +OK 2 id-b\n"
                                  "C: RETR 1\n"
                                  "S: +OK 32 octets\n"
                                  "S: Subject: a\n"
                                  "S: \n"
                                  "S: one\n"
                                  "S: ..two\n"
                                  "S: three\n"
                                  "S: .\n"
                                  "C: DELE 1\n"
                                  "S: +OK Marked to be deleted.\n"
                                  "C: UIDL\n"
                                  "S: +OK\n"
                                  "S: 2 id-b\n"
                                  "S: .\n"
                                  "C: QUIT\n"
                                  "S: +OK Logging out, messages deleted.\n"
                                  "event: LoggedIn bob\n"
                                  "event: LetterRetrieved 0\n"
                                  "event: LetterMarkedDeleted 0\n"
                                  "event: SessionEnded updated\n"
                                  "closed\n");
}

TEST_CASE("Letters are deleted at QUIT and only then", "[pop3]")
{
    PopHost host = logged_in_host();
    host.feed("DELE 2\r\n");
    REQUIRE(host.letters.size() == 2);
    SECTION("QUIT deletes")
    {
        host.feed("QUIT\r\n");
        REQUIRE(host.letters.size() == 1);
        REQUIRE(host.letters.front().unique_id == "id-a");
    }
    SECTION("RSET takes the mark back")
    {
        REQUIRE(host.feed("RSET\r\nQUIT\r\n") == "+OK\r\n+OK Logging out.\r\n");
        REQUIRE(host.letters.size() == 2);
    }
    SECTION("a lost connection deletes nothing")
    {
        host.server.peer_closed(host.now);
        host.settle();
        REQUIRE(host.letters.size() == 2);
        REQUIRE(host.told.back() == "PeerVanished Transaction");
        REQUIRE(host.server.wants_close());
    }
    SECTION("a silent client is dropped without a word, and nothing is deleted")
    {
        host.server.on_time(host.server.next_deadline());
        REQUIRE(host.settle().empty());
        REQUIRE(host.told.back() == "TimedOut");
        REQUIRE(host.letters.size() == 2);
        REQUIRE(host.server.wants_close());
    }
}

TEST_CASE("A client that says QUIT and leaves at once still gets its update", "[pop3]")
{
    PopHost host = logged_in_host();
    host.server.receive("DELE 1\r\nQUIT\r\n", host.now);
    host.server.peer_closed(host.now);
    host.settle();
    REQUIRE(host.letters.size() == 1);
    REQUIRE(host.told.back() == "SessionEnded updated");
}

TEST_CASE("What was sent ahead is obeyed although the client is gone by then", "[pop3]")
{
    PopHost host = host_with_two_letters();
    host.feed("USER bob\r\n");
    host.server.receive("PASS secret\r\nDELE 2\r\nQUIT\r\n", host.now);
    host.server.peer_closed(host.now);
    REQUIRE(host.server.state() == ServerState::CheckingLogin);
    host.settle();
    REQUIRE(host.letters.size() == 1);
    REQUIRE(host.told.back() == "SessionEnded updated");
}

TEST_CASE("A failed update is told to the client and the owner", "[pop3]")
{
    PopHost host = logged_in_host();
    host.feed("DELE 1\r\n");
    host.broken = true;
    REQUIRE(host.feed("QUIT\r\n") == "-ERR [SYS/TEMP] Some deleted messages not removed.\r\n");
    REQUIRE(host.told.back() == "SessionEnded without update");
}

TEST_CASE("A deleted or unknown letter cannot be named", "[pop3]")
{
    play(logged_in_host(), "C: DELE 1\n"
                           "S: +OK Marked to be deleted.\n"
                           "C: RETR 1\n"
                           "S: -ERR Message is deleted.\n"
                           "C: LIST 3\n"
                           "S: -ERR There's no message 3.\n"
                           "C: UIDL 0\n"
                           "S: -ERR There's no message 0.\n"
                           "C: DELE\n"
                           "S: -ERR Invalid message number.\n"
                           "C: RETR 2 2\n"
                           "S: -ERR Noise after message number.\n"
                           "C: TOP 2\n"
                           "S: -ERR Invalid line count.\n"
                           "C: TOP 2 -1\n"
                           "S: -ERR Invalid line count.\n"
                           "event: LetterMarkedDeleted 0\n"
                           "event: CommandRefused RETR RETR 1\n"
                           "event: CommandRefused LIST LIST 3\n"
                           "event: CommandRefused UIDL UIDL 0\n"
                           "event: CommandRefused DELE DELE\n"
                           "event: CommandRefused RETR RETR 2 2\n"
                           "event: CommandRefused TOP TOP 2\n"
                           "event: CommandRefused TOP TOP 2 -1\n");
}

TEST_CASE("A wrong password leaves the session where it was", "[pop3]")
{
    play(host_with_two_letters(), "S: +OK POP3 server ready.\n"
                                  "C: PASS secret\n"
                                  "S: -ERR No username given.\n"
                                  "C: USER bob\n"
                                  "S: +OK\n"
                                  "C: PASS wrong\n"
                                  "S: -ERR [AUTH] Authentication failed.\n"
                                  "C: USER bob\n"
                                  "S: +OK\n"
                                  "C: PASS secret\n"
                                  "S: +OK Logged in.\n");
}

TEST_CASE("A locked maildrop ends the session", "[pop3]")
{
    PopHost host = host_with_two_letters();
    host.in_use = true;
    play(host, "S: +OK POP3 server ready.\n"
               "C: USER bob\n"
               "S: +OK\n"
               "C: PASS secret\n"
               "S: -ERR [IN-USE] Mailbox is locked by another POP3 session.\n"
               "closed\n");
}

TEST_CASE("A passing failure is told as such", "[pop3]")
{
    PopHost host = host_with_two_letters();
    host.broken = true;
    play(host, "S: +OK POP3 server ready.\n"
               "C: USER bob\n"
               "S: +OK\n"
               "C: PASS secret\n"
               "S: -ERR [SYS/TEMP] Temporary authentication failure.\n");
}

TEST_CASE("AUTH takes PLAIN and LOGIN, in strict base64", "[pop3]")
{
    play(host_with_two_letters(), "S: +OK POP3 server ready.\n"
                                  "C: AUTH CRAM-MD5\n"
                                  "S: -ERR Unsupported authentication mechanism.\n"
                                  "C: AUTH PLAIN\n"
                                  "S: + \n"
                                  "C: *\n"
                                  "S: -ERR Authentication aborted by client.\n"
                                  "C: AUTH PLAIN AGJvYgBz ZWNyZXQ=\n"
                                  "S: -ERR Invalid base64 data in response.\n"
                                  "C: AUTH PLAIN =\n"
                                  "S: -ERR Invalid authentication data.\n"
                                  "C: AUTH LOGIN\n"
                                  "S: + VXNlcm5hbWU6\n"
                                  "C: Ym9i\n"
                                  "S: + UGFzc3dvcmQ6\n"
                                  "C: c2VjcmV0\n"
                                  "S: +OK Logged in.\n");
}

TEST_CASE("Where passwords in clear are refused, nothing that takes one is announced", "[pop3]")
{
    pop3::ServerOptions options;
    options.login = pop3::LoginRule::OnlyWithTls;
    const std::string refusal =
        "S: -ERR [AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.\n";
    play(host_with_two_letters(options), "S: +OK POP3 server ready.\n"
                                         "C: CAPA\n"
                                         "S: +OK\nS: CAPA\nS: TOP\nS: UIDL\nS: RESP-CODES\n"
                                         "S: PIPELINING\nS: AUTH-RESP-CODE\nS: STLS\nS: .\n"
                                         "C: USER bob\n" +
                                             refusal + "C: AUTH PLAIN AGJvYgBzZWNyZXQ=\n" +
                                             refusal);
}

TEST_CASE("STLS forgets what came before it and what came glued to it", "[pop3]")
{
    PopHost host = host_with_two_letters();
    REQUIRE(host.feed("USER bob\r\nSTLS\r\nPASS secret\r\nCAPA\r\n") ==
            "+OK POP3 server ready.\r\n+OK\r\n+OK Begin TLS negotiation now.\r\n");
    REQUIRE(host.told == std::vector<std::string>{"TlsStarted"});
    REQUIRE(host.feed("QUIT\r\n").empty());
    host.server.tls_established(host.now);
    REQUIRE(host.feed("PASS secret\r\n") == "-ERR No username given.\r\n");
    REQUIRE(host.feed("STLS\r\n") == "-ERR TLS is already active.\r\n");
    REQUIRE(host.feed("CAPA\r\n").find("STLS") == std::string::npos);
}

TEST_CASE("TLS from the start needs no STLS", "[pop3]")
{
    pop3::ServerOptions options;
    options.login = pop3::LoginRule::OnlyWithTls;
    PopHost host = host_with_two_letters(options);
    host.server.tls_established(host.now);
    host.feed("USER bob\r\nPASS secret\r\n");
    REQUIRE(host.server.state() == ServerState::Transaction);
}

TEST_CASE("What is not offered is not known", "[pop3]")
{
    pop3::ServerOptions options;
    options.offer_uidl = false;
    options.offer_top = false;
    options.offer_stls = false;
    options.offer_auth = false;
    play(host_with_two_letters(options), "S: +OK POP3 server ready.\n"
                                         "C: CAPA\n"
                                         "S: +OK\nS: CAPA\nS: RESP-CODES\nS: PIPELINING\n"
                                         "S: AUTH-RESP-CODE\nS: USER\nS: .\n"
                                         "C: STLS\n"
                                         "S: -ERR TLS support isn't enabled.\n"
                                         "C: AUTH PLAIN\n"
                                         "S: -ERR Unknown command.\n"
                                         "C: USER bob\n"
                                         "S: +OK\n"
                                         "C: PASS secret\n"
                                         "S: +OK Logged in.\n"
                                         "C: UIDL\n"
                                         "S: -ERR Unknown command.\n"
                                         "C: TOP 1 0\n"
                                         "S: -ERR Unknown command.\n");
}

TEST_CASE("Bad commands in a row end the session, good ones in between forgive", "[pop3]")
{
    PopHost host = host_with_two_letters();
    host.feed("FOO\r\nBAR\r\nCAPA\r\nFOO\r\nSTAT\r\n");
    REQUIRE_FALSE(host.server.wants_close());
    REQUIRE(host.feed("LIST\r\n").find("Too many") != std::string::npos);
    REQUIRE(host.server.wants_close());
    PopHost later = logged_in_host();
    for (unsigned i = 1; i < pop3::limits::bad_commands_max; ++i)
        later.feed("FOO\r\n");
    REQUIRE_FALSE(later.server.wants_close());
    later.feed("FOO\r\n");
    REQUIRE(later.server.wants_close());
}

TEST_CASE("A line of the longest length is taken, one octet more is not", "[pop3]")
{
    const std::string fits = "USER " + std::string(pop3::limits::command_bytes_max - 5, 'a') + "\n";
    PopHost host;
    REQUIRE(host.feed(fits) == "+OK POP3 server ready.\r\n+OK\r\n");
    PopHost other;
    other.feed("");
    REQUIRE(other.feed("a" + fits) == "-ERR Input buffer full, aborting\r\n");
    REQUIRE(other.server.wants_close());
}

TEST_CASE("What a client sends while its login is checked is kept, up to a limit", "[pop3]")
{
    pop3::Server server(std::make_shared<const pop3::ServerOptions>());
    server.start(SimTime());
    server.receive("USER bob\r\nPASS secret\r\n", SimTime());
    for (int i = 0; i < 100 && !server.wants_close(); ++i)
        server.receive(std::string(1000, 'x'), SimTime());
    REQUIRE(server.wants_close());
    server.login_accepted({}, SimTime()); // Too late, and harmless.
    REQUIRE(server.wants_close());
}

TEST_CASE("The idle time counts from the last command and never falls below the RFC's", "[pop3]")
{
    pop3::ServerOptions options;
    options.idle_max = 1s;
    PopHost host(options);
    host.feed("");
    REQUIRE(host.server.next_deadline() == SimTime(10min));
    host.now = SimTime(3min);
    host.feed("CAPA\r\nUSER");
    host.now = SimTime(5min);
    host.feed(" bob");
    REQUIRE(host.server.next_deadline() == SimTime(13min));
    host.server.on_time(SimTime(13min) - Duration(1));
    REQUIRE_FALSE(host.server.wants_close());
}

TEST_CASE("Output is marked as replies and content", "[pop3]")
{
    pop3::Server server(std::make_shared<const pop3::ServerOptions>());
    server.start(SimTime());
    server.receive("CAPA\r\n", SimTime());
    const auto marks = server.output().marks();
    REQUIRE(marks.size() == 3);
    REQUIRE(marks[1].kind == OutputKind::Reply);
    REQUIRE(marks[2].kind == OutputKind::Content);
    REQUIRE(server.output().bytes().substr(marks[2].offset, 4) == "CAPA");
}

TEST_CASE("A copied session lives on by itself", "[pop3]")
{
    PopHost host = logged_in_host();
    host.feed("DELE 1\r\n");
    PopHost copy = host;
    copy.feed("RSET\r\n");
    REQUIRE(host.feed("STAT\r\n") == "+OK 1 14\r\n");
    REQUIRE(copy.feed("STAT\r\n") == "+OK 2 46\r\n");
}
