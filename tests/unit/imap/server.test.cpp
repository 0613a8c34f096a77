// The server engine: order, several sessions, what a client is told and when, limits.
#include "sim/protocol/imap/server.h"

#include "tests/support/imap.h"
#include "tests/support/reference.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace mailscope;
using namespace mailscope::test;
using Lines = std::vector<std::string>;

namespace
{

ImapHost host_with_letters(int count)
{
    ImapHost host;
    for (int i = 1; i <= count; ++i)
        host.deliver("Subject: letter " + std::to_string(i) + "\r\n\r\ntext\r\n");
    return host;
}

/// What a session says to one command, as lines.
Lines said(ImapHost &host, const std::string &command, std::size_t session = 0)
{
    return split_lines(host.feed(command + "\r\n", session));
}

bool has(const Lines &lines, const std::string &line)
{
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

} // namespace

TEST_CASE("A flag set in one session is told to the other with its next command", "[imap]")
{
    ImapHost host = host_with_letters(2);
    const std::size_t phone = host.connect();
    (void)host.select();
    (void)host.select(phone);
    (void)said(host, "1 STORE 2 +FLAGS (\\Flagged)");
    CHECK(said(host, "2 NOOP", phone) ==
          Lines{"* 2 FETCH (FLAGS (\\Flagged))", "2 OK NOOP completed."});
    CHECK(said(host, "3 NOOP", phone) == Lines{"3 OK NOOP completed."});
}

TEST_CASE("Removed letters are told when numbers may move, and stay readable until then", "[imap]")
{
    ImapHost host = host_with_letters(3);
    const std::size_t phone = host.connect();
    (void)host.select();
    (void)host.select(phone);
    (void)said(host, "1 STORE 1,2 +FLAGS.SILENT (\\Deleted)");
    (void)said(host, "2 EXPUNGE");
    // RFC 3501 7.4.1: no EXPUNGE while FETCH, STORE or SEARCH is answered.
    const Lines fetched = said(host, "3 FETCH 1:3 (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])", phone);
    CHECK(has(fetched, "* 1 FETCH (UID 1 BODY[HEADER.FIELDS (SUBJECT)] {21}"));
    CHECK(has(fetched, "Subject: letter 2"));
    CHECK(has(fetched, "3 OK Fetch completed."));
    CHECK_FALSE(has(fetched, "* 2 EXPUNGE"));
    CHECK(said(host, "4 SEARCH ALL", phone).front() == "* SEARCH 1 2 3");
    const Lines noop = said(host, "5 NOOP", phone);
    CHECK(has(noop, "* 2 EXPUNGE"));
    CHECK(has(noop, "* 1 EXPUNGE"));
    CHECK(said(host, "6 FETCH 1 UID", phone).front() == "* 1 FETCH (UID 3)");
}

TEST_CASE("UID commands tell removed letters at once", "[imap]")
{
    ImapHost host = host_with_letters(2);
    const std::size_t phone = host.connect();
    (void)host.select();
    (void)host.select(phone);
    (void)said(host, "1 STORE 1 +FLAGS.SILENT (\\Deleted)");
    (void)said(host, "2 EXPUNGE");
    CHECK(has(said(host, "3 UID FETCH 1:* FLAGS", phone), "* 1 EXPUNGE"));
}

TEST_CASE("A listening client is told of new letters without asking", "[imap]")
{
    ImapHost host = host_with_letters(1);
    (void)host.select();
    CHECK(said(host, "1 IDLE") == Lines{"+ idling"});
    host.deliver("Subject: new\r\n\r\n");
    CHECK(split_lines(host.hear()) == Lines{"* 2 EXISTS", "* 2 RECENT"});
    CHECK(host.hear().empty());
    CHECK(said(host, "DONE") == Lines{"1 OK Idle completed."});
}

TEST_CASE("A letter is recent in one session only", "[imap]")
{
    ImapHost host = host_with_letters(1);
    (void)host.select();
    const std::size_t phone = host.connect();
    CHECK(has(split_lines(host.select(phone)), "* 0 RECENT"));
    CHECK(said(host, "1 SEARCH RECENT").front() == "* SEARCH 1");
    CHECK(said(host, "1 SEARCH RECENT", phone).front() == "* SEARCH");
}

TEST_CASE("Reading sets \\Seen unless it only peeks or may not write", "[imap]")
{
    ImapHost host = host_with_letters(3);
    (void)host.select();
    CHECK(said(host, "1 FETCH 1 BODY.PEEK[TEXT]").front() == "* 1 FETCH (BODY[TEXT] {6}");
    CHECK(said(host, "2 FETCH 1 BODY[TEXT]").front() ==
          "* 1 FETCH (FLAGS (\\Seen \\Recent) BODY[TEXT] {6}");
    CHECK((host.inbox().find(1)->flags & mail::letter_flag::seen) != 0);
    (void)said(host, "3 EXAMINE INBOX");
    CHECK(said(host, "4 FETCH 2 BODY[TEXT]").front() == "* 2 FETCH (BODY[TEXT] {6}");
    CHECK(host.inbox().find(2)->flags == 0);
}

TEST_CASE("CLOSE removes marked letters in silence, UNSELECT leaves them", "[imap]")
{
    ImapHost host = host_with_letters(2);
    (void)host.select();
    (void)said(host, "1 STORE 1 +FLAGS.SILENT (\\Deleted)");
    CHECK(said(host, "2 UNSELECT") == Lines{"2 OK Unselect completed."});
    CHECK(host.inbox().size() == 2);
    (void)said(host, "3 SELECT INBOX");
    CHECK(said(host, "4 CLOSE") == Lines{"4 OK Close completed."});
    CHECK(host.inbox().size() == 1);
    CHECK(host.server().state() == imap::ServerState::Authenticated);
}

TEST_CASE("A full mailbox takes no letter, and gives up none by being read", "[imap]")
{
    ImapHost host = host_with_letters(2);
    host.store.set_quota(host.user, host.inbox().bytes());
    (void)host.select();
    CHECK(said(host, "1 APPEND INBOX {10}") ==
          Lines{"1 NO [OVERQUOTA] Quota exceeded (mailbox for user is full)."});
    (void)said(host, "2 FETCH 1:2 BODY[]");
    CHECK(said(host, "3 APPEND INBOX {9+}\r\nA: b\r\n\r\n.") ==
          Lines{"3 NO [OVERQUOTA] Quota exceeded (mailbox for user is full)."});
    // Moving to another folder needs no room and makes none; removing makes room.
    (void)host.store.create_folder(host.user, "Trash");
    CHECK(said(host, "4 MOVE 1 Trash").back() == "4 OK Move completed.");
    CHECK(said(host, "5 APPEND INBOX {10}").front().find("OVERQUOTA") != std::string::npos);
    (void)said(host, "6 STORE 1 +FLAGS.SILENT (\\Deleted)");
    (void)said(host, "7 EXPUNGE");
    CHECK(said(host, "8 APPEND INBOX {10}") == Lines{"+ OK"});
}

TEST_CASE("Copies are made all together or not at all", "[imap]")
{
    ImapHost host = host_with_letters(3);
    (void)host.store.create_folder(host.user, "Work");
    host.store.set_quota(host.user, host.inbox().bytes() + host.inbox().find(1)->content.size());
    (void)host.select();
    CHECK(said(host, "1 COPY 1:2 Work").front().find("[OVERQUOTA]") != std::string::npos);
    CHECK(host.store.mailbox(host.user).find_folder("Work")->empty());
    CHECK(said(host, "2 COPY 1 Work").front().find("2 OK [COPYUID ") == 0);
}

TEST_CASE("A session whose mailbox another one deletes is told good-bye", "[imap]")
{
    ImapHost host;
    (void)host.store.create_folder(host.user, "Work");
    (void)host.select();
    (void)said(host, "1 SELECT Work");
    const std::size_t phone = host.connect();
    (void)host.select(phone);
    (void)said(host, "1 DELETE Work", phone);
    CHECK(said(host, "2 NOOP") == Lines{"* BYE Selected mailbox was deleted, have to disconnect."});
    CHECK(host.server().wants_close());
}

TEST_CASE("Passwords are refused in clear where TLS is demanded", "[imap]")
{
    imap::ServerOptions options;
    options.login = imap::LoginRule::OnlyWithTls;
    ImapHost host(options);
    CHECK(host.feed({}).find("STARTTLS LOGINDISABLED") != std::string::npos);
    CHECK(said(host, "1 LOGIN bob secret").back().rfind("1 NO [PRIVACYREQUIRED]", 0) == 0);
    CHECK(said(host, "2 AUTHENTICATE PLAIN AGJvYgBzZWNyZXQ=").back().rfind("2 NO ", 0) == 0);
    CHECK(host.asked.empty());
    CHECK(said(host, "3 STARTTLS") == Lines{"3 OK Begin TLS negotiation now."});
    // What came glued to STARTTLS is not obeyed (RFC 3501 6.2.1).
    CHECK(host.feed("4 NOOP\r\n").empty());
    host.server().tls_established(host.now);
    CHECK(said(host, "5 LOGIN bob secret").back().find("5 OK") == 0);
}

TEST_CASE("Folders have their purposes, and names above them that do not exist", "[imap]")
{
    ImapHost host;
    (void)host.store.create_folder(host.user, "Sent", mail::SpecialUse::Sent);
    (void)host.select();
    (void)said(host, "1 CREATE a/b");
    CHECK(said(host, "2 LIST \"\" *") ==
          Lines{"* LIST (\\Noselect \\HasChildren) \"/\" a", "* LIST (\\HasNoChildren) \"/\" a/b",
                "* LIST (\\HasNoChildren \\Sent) \"/\" Sent",
                "* LIST (\\HasNoChildren) \"/\" INBOX", "2 OK List completed."});
    CHECK(said(host, "3 LIST a/ %").front() == "* LIST (\\HasNoChildren) \"/\" a/b");
    (void)said(host, "4 SUBSCRIBE a/b");
    CHECK(said(host, "5 LSUB \"\" *") == Lines{"* LSUB () \"/\" a/b", "5 OK Lsub completed."});
    CHECK(said(host, "6 LSUB \"\" %") ==
          Lines{"* LSUB (\\Noselect) \"/\" a", "6 OK Lsub completed."});
}

TEST_CASE("Literals may be names and passwords", "[imap]")
{
    ImapHost host;
    play(host, "S: * OK [CAPABILITY IMAP4rev1 SASL-IR ID IDLE LITERAL+ STARTTLS AUTH=PLAIN "
               "AUTH=LOGIN] IMAP server ready.\n"
               "C: 1 LOGIN {3}\n"
               "S: + OK\n"
               "C: bob {6}\n"
               "S: + OK\n"
               "C: secret\n"
               "S: 1 OK [CAPABILITY IMAP4rev1 SASL-IR ID IDLE UNSELECT CHILDREN NAMESPACE UIDPLUS "
               "MOVE LITERAL+ SPECIAL-USE QUOTA] Logged in\n"
               "C: 2 CREATE {4+}\n"
               "C: Work\n"
               "S: 2 OK Create completed.\n"
               "C: 3 STATUS \"Work\" (MESSAGES)\n"
               "S: * STATUS Work (MESSAGES 0)\n"
               "S: 3 OK Status completed.\n"
               "C: 4 LOGOUT\n"
               "S: * BYE Logging out\n"
               "S: 4 OK Logout completed.\n");
}

TEST_CASE("What goes too far is refused", "[imap]")
{
    ImapHost host;
    (void)host.select();
    SECTION("a literal that the client waits to send")
    {
        CHECK(said(host, "1 LIST \"\" {999999}") == Lines{"1 NO [TOOBIG] Literal too large."});
        CHECK(said(host, "2 APPEND INBOX {999999999999}") ==
              Lines{"2 NO [TOOBIG] Literal too large."});
        CHECK(said(host, "3 NOOP") == Lines{"3 OK NOOP completed."});
    }
    SECTION("a literal that it does not wait to send")
    {
        CHECK(said(host, "1 APPEND INBOX {999999999999+}") ==
              Lines{"* BYE Literal too large, aborting"});
        CHECK(host.server().wants_close());
    }
    SECTION("a line without end")
    {
        CHECK(host.feed(std::string(70'000, 'x')) == "* BYE Input buffer full, aborting\r\n");
        CHECK(host.told.back() == "ClientDropped LineTooLong");
    }
    SECTION("keys nested without end")
    {
        std::string nested = "1 SEARCH ";
        for (int i = 0; i < 100; ++i)
            nested += "NOT ";
        CHECK(said(host, nested + "ALL").front().find("1 BAD ") == 0);
        CHECK(said(host, "2 SEARCH " + std::string(100, '(') + "ALL" + std::string(100, ')'))
                  .front()
                  .find("2 BAD ") == 0);
    }
    SECTION("ranges without end")
    {
        std::string set = "1";
        for (int i = 0; i < 20'000; ++i)
            set += ",1";
        CHECK(said(host, "1 FETCH " + set + " FLAGS").front().find("1 BAD ") == 0);
    }
    SECTION("bad commands without end")
    {
        Lines last;
        for (int i = 0; i < 20; ++i)
            last = said(host, "1 NONSENSE");
        CHECK(last == Lines{"* BYE Too many invalid IMAP commands."});
        CHECK(host.server().wants_close());
    }
}

TEST_CASE("A silent client is told good-bye after half an hour", "[imap]")
{
    ImapHost host;
    (void)host.select();
    CHECK(host.server().next_deadline() == host.now + 30min);
    host.server().on_time(host.now + 30min);
    CHECK(host.settle() == "* BYE Disconnected for inactivity.\r\n");
    CHECK(host.told.back() == "TimedOut");
}

TEST_CASE("The date of an appended letter is the client's", "[imap]")
{
    ImapHost host;
    (void)host.select();
    (void)said(host, "1 APPEND INBOX (\\Seen) \"01-Jan-2026 09:00:00 +0900\" {9+}\r\n"
                     "A: b\r\n\r\n.");
    CHECK(said(host, "2 FETCH 1 INTERNALDATE").front() ==
          "* 1 FETCH (INTERNALDATE \"01-Jan-2026 00:00:00 +0000\")");
    CHECK(said(host, "3 SEARCH ON 1-Jan-2026 SEEN").front() == "* SEARCH 1");
}
