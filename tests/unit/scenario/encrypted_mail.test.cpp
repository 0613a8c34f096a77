// What somebody on the way can read of a person's mail, with and without TLS.
#include "tests/support/worlds.h"

using namespace mailscope;
using namespace mailscope::testing;

namespace
{

/// Bob writes to himself and fetches, from two devices at the same moment. `client`: keys of a
/// device that say how it reads and encrypts.
Play client_played(std::string_view client)
{
    const std::string keys(client);
    const Scenario scenario = scenario_of(
        R"({"title": "t", "world": {"domains": [
             {"name": "example.jp", "mailboxes": [{"user": "bob", "password": "tulip-7"}],
              "mail": {"starttls": true, "apop": true}}],
           "people": [{"name": "bob", "address": "bob@example.jp",
                       "devices": [{"name": "laptop", )" +
        keys + R"(}, {"name": "phone", )" + keys + R"(}]}]}, "story": [
             {"at": "1s", "who": "bob", "device": "laptop", "does": "send",
              "to": "bob@example.jp", "subject": "Hidden", "text": "Nobody knows."},
             {"at": "1s", "who": "bob", "device": "phone", "does": "send",
              "to": "bob@example.jp", "subject": "Hidden too", "text": "Nobody knows."},
             {"at": "1m", "who": "bob", "device": "phone", "does": "fetch"},
             {"at": "1m", "who": "bob", "device": "laptop", "does": "fetch"}]})");
    Result<Play> play = mailscope::play(scenario, {});
    REQUIRE(play.has_value());
    return std::move(*play);
}

bool is_readable_on_the_way(const Play &play, std::string_view text)
{
    for (std::size_t i = 0; i < play.records.packet_count(); ++i) {
        const net::Packet &packet = play.records.packet(static_cast<std::uint32_t>(i));
        if (packet.payload.view().find(text) != ByteView::npos)
            return true;
    }
    return false;
}

void check_hidden(const Play &play)
{
    CHECK_FALSE(is_readable_on_the_way(play, "tulip-7"));
    CHECK_FALSE(is_readable_on_the_way(play, "AGJvYkBleGFtcGxlLmpw")); // AUTH PLAIN in Base64
    CHECK_FALSE(is_readable_on_the_way(play, "Subject: Hidden"));
}

} // namespace

TEST_CASE("In the clear everybody on the way reads password and letter", "[scenario][tls]")
{
    const Play imap = client_played(R"("reads": "imap")");
    CHECK(is_readable_on_the_way(imap, "LOGIN bob@example.jp tulip-7"));
    CHECK(is_readable_on_the_way(imap, "Subject: Hidden"));
    CHECK(is_readable_on_the_way(client_played(R"("reads": "pop3")"), "PASS tulip-7"));
}

TEST_CASE("By APOP the way reads the letter and not the password", "[scenario][pop3]")
{
    const Play play = client_played(R"("reads": "pop3", "apop": true)");
    CHECK(is_readable_on_the_way(play, "APOP bob@example.jp "));
    CHECK_FALSE(is_readable_on_the_way(play, "PASS"));
    CHECK(is_readable_on_the_way(play, "Subject: Hidden"));
    CHECK(count(play.records, RecordKind::LoginSucceeded) >= 2);
    CHECK(count(play.records, RecordKind::LetterFetched) == 2);
    CHECK_FALSE(is_readable_on_the_way(client_played(R"("reads": "pop3")"), "APOP"));
}

TEST_CASE("With STARTTLS or STLS the way reads what comes before, and nothing else",
          "[scenario][tls]")
{
    const Play imap = client_played(R"("reads": "imap", "starttls": true)");
    check_hidden(imap);
    CHECK(is_readable_on_the_way(imap, "STARTTLS"));
    CHECK(count(imap.records, RecordKind::LetterFetched) == 6); // with the other's sent letter
    const Play pop3 =
        client_played(R"("reads": "pop3", "leave_on_server": true, "starttls": true)");
    check_hidden(pop3);
    CHECK(is_readable_on_the_way(pop3, "STLS"));
}

TEST_CASE("With TLS from the start the way reads no line at all (RFC 8314)", "[scenario][tls]")
{
    const Play imap = client_played(R"("reads": "imap", "implicit_tls": true)");
    check_hidden(imap);
    CHECK_FALSE(is_readable_on_the_way(imap, "STARTTLS"));
    CHECK_FALSE(is_readable_on_the_way(imap, "* OK"));
    CHECK_FALSE(is_readable_on_the_way(imap, "EHLO"));
    CHECK(count(imap.records, RecordKind::SubmissionAccepted) == 2);
    CHECK(count(imap.records, RecordKind::LetterFetched) == 6); // with the other's sent letter
    const Play pop3 = client_played(R"("reads": "pop3", "implicit_tls": true)");
    check_hidden(pop3);
    CHECK_FALSE(is_readable_on_the_way(pop3, "+OK"));
    CHECK(count(pop3.records, RecordKind::LetterFetched) == 2);
    const Play webmail = client_played(R"("reads": "webmail", "implicit_tls": true)");
    check_hidden(webmail);
    CHECK(count(webmail.records, RecordKind::SubmissionAccepted) == 2);
}

TEST_CASE("TLS from the start at a port that speaks in the clear fails and tells no password",
          "[scenario][tls]")
{
    const Play play = client_played(R"("reads": "imap", "implicit_tls": true,
                                "incoming": {"host": "mx.example.jp", "port": 143})");
    check_hidden(play);
    CHECK(count(play.records, RecordKind::FetchFailed) == 4); // two of them to keep what was sent
    CHECK(count(play.records, RecordKind::TlsFailed) >= 2);
}

TEST_CASE("A service that other machines use too hears who speaks first", "[scenario][webmail]")
{
    // The second browser's request comes with the last segment of its handshake.
    const Play play = client_played(R"("reads": "webmail")");
    CHECK(count(play.records, RecordKind::SubmissionAccepted) == 2);
    CHECK(count(play.records, RecordKind::FetchEnded) == 2);
}
