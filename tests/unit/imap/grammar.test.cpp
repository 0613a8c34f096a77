// Arguments, sets, names, dates, sections and envelopes; and noise against the whole engine.
#include "sim/protocol/imap/grammar.h"

#include "sim/core/rng.h"
#include "sim/protocol/imap/envelope.h"
#include "sim/protocol/imap/mailbox_name.h"
#include "sim/protocol/imap/states.h"
#include "tests/support/imap.h"

#include <catch2/catch_test_macros.hpp>

#include <iterator>
#include <set>

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::test;

namespace
{

std::string resolved_text(ByteView text, std::uint32_t largest)
{
    std::string result;
    for (const SequenceRange &range : resolved(*parse_sequence_set(text), largest))
        result += std::to_string(range.first) + "-" + std::to_string(range.last) + " ";
    return result;
}

std::string envelope_of(const std::string &letter)
{
    std::string out;
    append_envelope(out, letter);
    return out;
}

/// Words of the protocol and noise, joined at random.
std::string random_input(Rng &rng)
{
    static constexpr ByteView words[] = {"a LOGIN bob secret\r\n",
                                         "b SELECT INBOX\r\n",
                                         "c FETCH 1:* (FLAGS ENVELOPE BODY)\r\n",
                                         "d FETCH 1 BODY[]\r\n",
                                         "e STORE 1 +FLAGS (\\Deleted $x)\r\n",
                                         "f EXPUNGE\r\n",
                                         "g IDLE\r\n",
                                         "DONE\r\n",
                                         "h SEARCH OR SEEN (NOT TEXT x)\r\n",
                                         "i APPEND INBOX {5}\r\n",
                                         "12345\r\n",
                                         "j LOGIN {3+}\r\nbob {6}\r\nsecret\r\n",
                                         "k COPY 1 INBOX\r\n",
                                         "l MOVE 1 INBOX\r\n",
                                         "m LIST \"\" *\r\n",
                                         "n LOGOUT\r\n",
                                         "o AUTHENTICATE PLAIN\r\n",
                                         "*\r\n",
                                         "AGJvYgBzZWNyZXQ=\r\n",
                                         "p UID FETCH 1 BODY[1.2.HEADER.FIELDS (A)]<0.3>\r\n",
                                         "{",
                                         "}",
                                         "\"",
                                         "(",
                                         ")",
                                         "\r\n",
                                         "\n",
                                         " ",
                                         "q UID ",
                                         "[",
                                         "]"};
    std::string input = rng.below(4) != 0 ? "a LOGIN bob secret\r\nb SELECT INBOX\r\n" : "";
    for (std::uint32_t count = rng.below(20); count > 0; --count) {
        if (rng.below(4) == 0)
            for (std::uint32_t i = rng.below(6); i > 0; --i)
                input += static_cast<char>(rng.below(256));
        else
            input += words[rng.below(std::size(words))];
    }
    return input;
}

} // namespace

TEST_CASE("Sequence sets are resolved to rising ranges", "[imap]")
{
    CHECK(resolved_text("5,1:3,2:4", 9) == "1-4 5-5 ");
    CHECK(resolved_text("*", 9) == "9-9 ");
    CHECK(resolved_text("12:*", 9) == "9-9 "); // RFC 3501 6.4.8: "*" first, then the order
    CHECK(resolved_text("*:7", 9) == "7-9 ");
    CHECK(resolved_text("12", 9).empty());
    CHECK(resolved_text("1:*", 0).empty());
    for (const ByteView bad : {"", "0", "1:", ":1", "1,,2", "1 2", "x", "4294967296", "1:2:3"})
        CHECK_FALSE(parse_sequence_set(bad).has_value());
    CHECK(sequence_text({1, 2, 3, 7, 9, 10}) == "1:3,7,9:10");
}

TEST_CASE("Mailbox names travel as modified UTF-7", "[imap]")
{
    CHECK(to_wire_name("送信済み") == "&kAFP4W4IMH8-");
    CHECK(to_wire_name("A&B") == "A&-B");
    CHECK(to_wire_name("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
    CHECK(to_wire_name("\xF0\x9F\x93\xA7") == "&2D3c5w-");
    for (const ByteView name : {"送信済み", "A&B", "INBOX", "a b", "\xF0\x9F\x93\xA7/x"})
        CHECK(from_wire_name(to_wire_name(name)) == std::string(name));
    for (const ByteView bad : {"&", "&abc", "&AGE-", "&kAE", "&2D0-", "&U,BTFw-&ZeVnLIqe-", "\xE9"})
        CHECK_FALSE(from_wire_name(bad).has_value());
}

TEST_CASE("Patterns of LIST", "[imap]")
{
    CHECK(matches("a/b/c", "*", '/'));
    CHECK(matches("a/b/c", "a/*", '/'));
    CHECK(matches("a/b/c", "a/%/c", '/'));
    CHECK_FALSE(matches("a/b/c", "a/%", '/'));
    CHECK_FALSE(matches("a", "a/%", '/'));
    CHECK(matches("INBOX", "inbox", '/'));
    CHECK_FALSE(matches("Sent", "sent", '/'));
    CHECK(matches("", "*", '/'));
}

TEST_CASE("Dates of letters and days of SEARCH", "[imap]")
{
    const std::optional<mail::DateTime> date = parse_date_time(" 1-Feb-2026 09:00:00 +0930");
    REQUIRE(date);
    CHECK(date_time_text(*date) == "01-Feb-2026 09:00:00 +0930");
    CHECK(date_time_text(*parse_date_time("31-Dec-1999 23:59:59 -0100")) ==
          "31-Dec-1999 23:59:59 -0100");
    for (const ByteView bad : {"1-Feb-2026 09:00:00 +0930", "01-Foo-2026 09:00:00 +0000",
                               "01-Feb-2026 24:00:00 +0000", "01-Feb-2026T09:00:00 +0000", ""})
        CHECK_FALSE(parse_date_time(bad).has_value());
    CHECK(parse_day("2-Jan-1970") == 1);
    CHECK_FALSE(parse_day("2-Jan-70").has_value());
}

TEST_CASE("Envelopes have groups, comments, routes, and what is missing", "[imap]")
{
    CHECK(envelope_of("\r\n") == "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
    CHECK(envelope_of("From: a@b (Anna)\r\nTo: Friends: c@d, \"E, F\" <e@f>;, g@h\r\n\r\n") ==
          "(NIL NIL ((\"Anna\" NIL \"a\" \"b\")) ((\"Anna\" NIL \"a\" \"b\")) "
          "((\"Anna\" NIL \"a\" \"b\")) ((NIL NIL \"Friends\" NIL)(NIL NIL \"c\" \"d\")"
          "(\"E, F\" NIL \"e\" \"f\")(NIL NIL NIL NIL)(NIL NIL \"g\" \"h\")) NIL NIL NIL NIL)");
    CHECK(
        envelope_of("Subject: a \"b\" \\\r\nCc: X <@r.org:x@y>\r\n\r\n") ==
        "(NIL \"a \\\"b\\\" \\\\\" NIL NIL NIL NIL ((\"X\" \"@r.org\" \"x\" \"y\")) NIL NIL NIL)");
}

TEST_CASE("A letter inside a letter has a structure of its own", "[imap]")
{
    const std::string inner = "Subject: in\r\n\r\nhi\r\n";
    const std::string letter = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                               "Content-Type: message/rfc822\r\n\r\n" +
                               inner + "\r\n--b--\r\n";
    std::string out;
    append_structure(out, letter, mail::parse_parts(letter), 0, Structure::Basic);
    CHECK(out ==
          "((\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 19 (NIL \"in\" NIL NIL NIL NIL NIL "
          "NIL NIL NIL) (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 1) "
          "3) \"mixed\")");
    ImapHost host;
    host.deliver(letter);
    (void)host.select();
    const auto fetched = [&](const std::string &section) {
        return host.feed("x FETCH 1 BODY.PEEK[" + section + "]\r\n");
    };
    CHECK(fetched("1.HEADER").find("{15}\r\nSubject: in\r\n\r\n)") != std::string::npos);
    CHECK(fetched("1.1").find("{4}\r\nhi\r\n)") != std::string::npos);
    CHECK(fetched("1.1.MIME").find("{15}") != std::string::npos);
    CHECK(fetched("1.2").find("{0}") != std::string::npos);
}

TEST_CASE("Every state of the server is reached by a row with a note", "[imap]")
{
    std::set<std::pair<int, int>> seen;
    std::set<ServerState> reached = {ServerState::Connected, ServerState::Any};
    for (const ServerTransition &row : server_transitions()) {
        INFO(to_string(row.state) << " " << to_string(row.input));
        REQUIRE(seen.emplace(static_cast<int>(row.state), static_cast<int>(row.input)).second);
        REQUIRE(row.state != ServerState::Closed);
        REQUIRE_FALSE(row.note.empty());
        REQUIRE(find_transition(row.state, row.input) == &row);
        reached.insert(row.next);
    }
    REQUIRE(reached.size() == static_cast<std::size_t>(ServerState::Any) + 1);
}

TEST_CASE("A server hears the same in noise of any pieces", "[imap]")
{
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        INFO("seed " << seed);
        Rng rng(seed, "imap server noise");
        const std::string input = random_input(rng);
        ImapHost whole;
        whole.deliver(reference_letters()[5]);
        ImapHost pieces = whole;
        const std::string expected = whole.feed("") + whole.feed(input);
        std::string said = pieces.feed("");
        for (ByteView rest = input; !rest.empty();) {
            const std::size_t size = std::min<std::size_t>(1 + rng.below(9), rest.size());
            said += pieces.feed(rest.substr(0, size));
            rest.remove_prefix(size);
        }
        REQUIRE(said == expected);
        REQUIRE(pieces.told == whole.told);
        REQUIRE(pieces.server().state() == whole.server().state());
    }
}
