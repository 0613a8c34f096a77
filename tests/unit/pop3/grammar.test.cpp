// Lines, numbers, response codes and multi-line bodies of POP3.
#include "sim/protocol/pop3/grammar.h"

#include "sim/core/rng.h"
#include "sim/protocol/sasl.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::pop3;

namespace
{

std::string as_multiline(ByteView content)
{
    OutputBuffer out;
    append_multiline(out, content);
    return std::string(out.bytes());
}

/// Reads a body in pieces of `piece` bytes; the rest behind the ending dot goes to `rest`.
std::string read_back(ByteView wire, std::size_t piece, std::string &rest)
{
    MultilineReader reader;
    std::string content;
    std::string kept;
    while (!wire.empty()) {
        kept += wire.substr(0, piece);
        wire.remove_prefix(std::min(piece, wire.size()));
        ByteView view = kept;
        const bool complete = reader.read(view, content);
        kept = std::string(view);
        if (complete) {
            rest = kept + std::string(wire);
            return content;
        }
        REQUIRE(kept.size() <= 2);
    }
    FAIL("no ending dot");
    return content;
}

} // namespace

TEST_CASE("A command is a keyword in any case and all that follows the first space", "[pop3]")
{
    REQUIRE(parse_command("quit").verb == Verb::Quit);
    const Command pass = parse_command("Pass two  words ");
    REQUIRE(pass.verb == Verb::Pass);
    REQUIRE(pass.argument == "two  words ");
    for (const ByteView line : {"", " ", "USERX a", "?", "RETR1", "\xff\x01"})
        REQUIRE(parse_command(line).verb == Verb::Unknown);
}

TEST_CASE("Every keyword reads back as its verb", "[pop3]")
{
    for (int i = 1; i <= static_cast<int>(Verb::Uidl); ++i) {
        const auto verb = static_cast<Verb>(i);
        REQUIRE(parse_command(to_string(verb)).verb == verb);
    }
}

TEST_CASE("A reply is +OK or -ERR in capitals, alone or before a space", "[pop3]")
{
    REQUIRE(parse_reply("+OK")->positive);
    REQUIRE(parse_reply("+OK 2 320")->text == "2 320");
    REQUIRE_FALSE(parse_reply("-ERR [IN-USE] later")->positive);
    for (const ByteView line : {"+ok", "+OKAY", "-ERROR", "* OK IMAP4 ready", "220 ESMTP", "", "+"})
        REQUIRE_FALSE(parse_reply(line));
}

TEST_CASE("A response code stands in brackets at the start of the text", "[pop3]")
{
    REQUIRE(response_code("[IN-USE] locked") == "IN-USE");
    REQUIRE(response_code("[SYS/TEMP] later") == "SYS/TEMP");
    REQUIRE(response_code("see [IN-USE]").empty());
    REQUIRE(response_code("[IN-USE").empty());
}

TEST_CASE("A number ends at a space or at the end of the line", "[pop3]")
{
    ByteView text = "12 40";
    REQUIRE(take_number(text) == 12U);
    REQUIRE(take_number(text) == 40U);
    REQUIRE(text.empty());
    for (ByteView bad : {"", "x", "-1", "1x", " 1", "4294967296", "99999999999999999999"})
        REQUIRE_FALSE(take_number(bad));
}

TEST_CASE("A multi-line body has its leading dots doubled and ends in a dot", "[pop3]")
{
    REQUIRE(as_multiline("") == ".\r\n");
    REQUIRE(as_multiline(".\r\na.b\r\n..c\r\n") == "..\r\na.b\r\n...c\r\n.\r\n");
    REQUIRE(as_multiline("no line end") == "no line end\r\n.\r\n");
}

TEST_CASE("The top of a letter is its header and so many lines of the body", "[pop3]")
{
    const ByteView letter = "A: 1\r\nB: 2\r\n\r\none\r\ntwo\r\n";
    REQUIRE(top_of(letter, 0) == "A: 1\r\nB: 2\r\n\r\n");
    REQUIRE(top_of(letter, 1) == "A: 1\r\nB: 2\r\n\r\none\r\n");
    REQUIRE(top_of(letter, 4294967295U) == letter);
    REQUIRE(top_of("A: 1\r\n", 3) == "A: 1\r\n");
    REQUIRE(top_of("\r\nbody\r\n", 0) == "\r\n");
}

TEST_CASE("Any content survives the way as a multi-line body, however it is cut", "[pop3]")
{
    Rng rng(7, "pop3 multiline");
    for (int round = 0; round < 300; ++round) {
        std::string content;
        for (std::uint32_t i = rng.below(60); i > 0; --i)
            content += ByteView(".\r\na").substr(rng.below(4), 1);
        content += "\r\n";
        const std::string wire = as_multiline(content) + "+OK next";
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
            INFO("round " << round << ", pieces of " << piece);
            std::string rest;
            REQUIRE(read_back(wire, piece, rest) == content);
            REQUIRE(rest == "+OK next");
        }
    }
}

TEST_CASE("SASL PLAIN holds a user and a password behind an identity", "[pop3]")
{
    using namespace std::string_view_literals;
    const auto login = parse_sasl_plain("\0bob\0secret"sv);
    REQUIRE(login->user == "bob");
    REQUIRE(login->password == "secret");
    REQUIRE(parse_sasl_plain("admin\0bob\0"sv)->password.empty());
    for (const ByteView bad : {""sv, "bob"sv, "\0bob"sv, "\0\0secret"sv, "\0bob\0a\0b"sv})
        REQUIRE_FALSE(parse_sasl_plain(bad));
}
