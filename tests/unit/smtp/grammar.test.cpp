// Commands, paths, parameters and replies as tables of good and bad inputs.
#include "sim/protocol/smtp/grammar.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::smtp;

namespace
{

/// What stands between the brackets, "refused" when it is no path.
std::string mailbox_of(std::string_view text, PathSyntax syntax)
{
    const std::optional<ParsedPath> path = parse_path(text, syntax);
    return path ? std::string(path->mailbox) : "refused";
}

/// Feeds lines up to the last one; that one's status counts.
ReplyParser::Status status_of(ReplyParser &parser, std::initializer_list<std::string_view> lines)
{
    ReplyParser::Status status = ReplyParser::Status::Incomplete;
    for (const std::string_view line : lines)
        status = parser.add(line);
    return status;
}

std::string encoded(const Reply &reply)
{
    OutputBuffer out;
    encode_reply(out, reply.code, reply.status, reply.text);
    return std::string(out.bytes());
}

} // namespace

TEST_CASE("A verb is known in any case and behind spaces", "[smtp][grammar]")
{
    CHECK(parse_command("MAIL FROM:<a@b.test>").verb == Verb::Mail);
    CHECK(parse_command("quit").verb == Verb::Quit);
    CHECK(parse_command("  NOOP").verb == Verb::Noop);
    CHECK(parse_command("MAILFROM:<a@b.test>").verb == Verb::Unknown);
    CHECK(parse_command("").verb == Verb::Unknown);
    CHECK(parse_command("RCPT  TO:<a@b.test>  ").arguments == "TO:<a@b.test>");
}

TEST_CASE("A path gives the mailbox between its brackets", "[smtp][grammar]")
{
    CHECK(mailbox_of("<bob@example.org>", PathSyntax::Strict) == "bob@example.org");
    CHECK(mailbox_of("<>", PathSyntax::Strict).empty());
    CHECK(mailbox_of("<postmaster>", PathSyntax::Strict) == "postmaster");
    CHECK(mailbox_of("<@a.test,@b.test:bob@example.org>", PathSyntax::Strict) == "bob@example.org");
    CHECK(mailbox_of("<\"> <\"@example.org>", PathSyntax::Strict) == "\"> <\"@example.org");
    CHECK(mailbox_of("<bob@[192.0.2.1]>", PathSyntax::Strict) == "bob@[192.0.2.1]");
    CHECK(mailbox_of("<太郎@example.org>", PathSyntax::Strict) == "太郎@example.org");
    CHECK(mailbox_of("bob@example.org", PathSyntax::Lenient) == "bob@example.org");
}

TEST_CASE("What is no path is refused", "[smtp][grammar]")
{
    for (const char *text : {"<bob@example.org", "<bob@@example.org>", "<bob@example..org>",
                             "<bob@>", "<bob smith@example.org>", "<.bob@example.org>",
                             "<\"bob@example.org>", "<bob@example.org>x", ""}) {
        INFO(text);
        CHECK(mailbox_of(text, PathSyntax::Lenient) == "refused");
        CHECK(mailbox_of(text, PathSyntax::Strict) == "refused");
    }
    CHECK(mailbox_of("bob@example.org", PathSyntax::Strict) == "refused");
    CHECK(mailbox_of("<@example.org>", PathSyntax::Strict) == "refused");
}

TEST_CASE("Needless quotes do not make another mailbox", "[smtp][grammar]")
{
    CHECK(unquoted_mailbox("\"bob\"@example.org") == "bob@example.org");
    CHECK(unquoted_mailbox("\"b\\ob\"@example.org") == "bob@example.org");
    CHECK(unquoted_mailbox("\"bob smith\"@example.org") == "\"bob smith\"@example.org");
    CHECK(unquoted_mailbox("bob@example.org") == "bob@example.org");
}

TEST_CASE("Parameters come one by one with their values", "[smtp][grammar]")
{
    std::string_view rest = "SIZE=5  SMTPUTF8 ENVID=";
    const Parameter size = take_parameter(rest).value();
    CHECK(size.keyword == "SIZE");
    CHECK(size.value == "5");
    CHECK_FALSE(take_parameter(rest).value().has_value);
    const Parameter envid = take_parameter(rest).value();
    CHECK(envid.has_value);
    CHECK(envid.value.empty());
    CHECK_FALSE(take_parameter(rest).has_value());
}

TEST_CASE("NOTIFY takes NEVER alone or a list of occasions", "[smtp][grammar]")
{
    CHECK(to_string(parse_notify("delay,SUCCESS").value()) == "SUCCESS,DELAY");
    CHECK(to_string(parse_notify("NEVER").value()) == "NEVER");
    CHECK_FALSE(parse_notify("NEVER,FAILURE").has_value());
    CHECK_FALSE(parse_notify("").has_value());
    CHECK_FALSE(parse_notify("SUCCESS,").has_value());
}

TEST_CASE("Xtext carries any octet", "[smtp][grammar]")
{
    const std::string text = "a+b=c \x01\xE5";
    CHECK(xtext_encode(text) == "a+2Bb+3Dc+20+01+E5");
    CHECK(xtext_decode(xtext_encode(text)) == text);
    CHECK(is_xtext("a+2Bb"));
    for (const char *bad : {"a=b", "a+2", "a+2b", "a b", "+"}) {
        INFO(bad);
        CHECK_FALSE(is_xtext(bad));
    }
}

TEST_CASE("Each line of a reply carries code and status", "[smtp][grammar]")
{
    CHECK(encoded({550, {5, 1, 1}, "first\nsecond"}) == "550-5.1.1 first\r\n550 5.1.1 second\r\n");
    CHECK(encoded({334, {}, ""}) == "334 \r\n");
    CHECK(encoded({421, {4, 7, 28}, "busy"}) == "421 4.7.28 busy\r\n");
}

TEST_CASE("A reply ends with the line that has no hyphen", "[smtp][grammar]")
{
    ReplyParser parser;
    CHECK(status_of(parser, {"250-mx.example.org"}) == ReplyParser::Status::Incomplete);
    CHECK(status_of(parser, {"250-SIZE 5", "250 HELP"}) == ReplyParser::Status::Complete);
    CHECK(parser.reply().text == "mx.example.org\nSIZE 5\nHELP");
    CHECK(status_of(parser, {"550-5.1.1 no", "550 5.1.1 such user"}) ==
          ReplyParser::Status::Complete);
    CHECK(parser.reply().status == EnhancedStatus{5, 1, 1});
    CHECK(parser.reply().text == "no\nsuch user");
    CHECK(status_of(parser, {"220"}) == ReplyParser::Status::Complete);
}

TEST_CASE("A status of another class than the code is text", "[smtp][grammar]")
{
    ReplyParser parser;
    REQUIRE(status_of(parser, {"250 5.1.1 rooms"}) == ReplyParser::Status::Complete);
    CHECK(parser.reply().status.is_none());
    CHECK(parser.reply().text == "5.1.1 rooms");
}

TEST_CASE("What is no SMTP reply is malformed", "[smtp][grammar]")
{
    for (const char *line : {"+OK ready", "HTTP/1.1 400 Bad Request", "* OK IMAP4rev1", "", "25",
                             "199 low", "600 high", "250x", "2A0 no"}) {
        INFO(line);
        ReplyParser parser;
        CHECK(parser.add(line) == ReplyParser::Status::Malformed);
    }
    ReplyParser parser;
    CHECK(status_of(parser, {"250-first", "251 second"}) == ReplyParser::Status::Malformed);
}

TEST_CASE("A reply without an end is cut off at the limit", "[smtp][grammar]")
{
    ReplyParser parser;
    std::size_t lines = 0;
    while (parser.add("250-more") == ReplyParser::Status::Incomplete)
        ++lines;
    CHECK(lines == smtp::limits::reply_lines_max);
}

TEST_CASE("Offers are read from the EHLO reply, in any case", "[smtp][grammar]")
{
    const ServerOffers offers =
        parse_offers("mx.example.org PIPELINING\nsize 1000\nAuth LOGIN CRAM-MD5\nStartTLS");
    CHECK_FALSE(offers.pipelining); // the first line is a greeting
    CHECK(offers.size_limit == 1000);
    CHECK(offers.auth_login);
    CHECK_FALSE(offers.auth_plain);
    CHECK(offers.starttls);
}
