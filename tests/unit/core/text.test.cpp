// ASCII text and UTF-8.
#include "sim/core/text.h"

#include <catch2/catch_test_macros.hpp>

#include <utility>

namespace mailscope
{

using namespace std::string_view_literals;

TEST_CASE("Case is a matter of ASCII letters only", "[core][text]")
{
    CHECK(to_lower("EHLO \xC3\x84[@`{") == "ehlo \xC3\x84[@`{");
    CHECK(to_upper("ehlo \xC3\xA4[@`{") == "EHLO \xC3\xA4[@`{");
    CHECK(equals_ignoring_case("MaIl", "mAiL"));
    CHECK_FALSE(equals_ignoring_case("mail", "mai"));
    CHECK_FALSE(equals_ignoring_case("[", "{"));
    CHECK(starts_with_ignoring_case("RCPT TO:", "rcpt to"));
    CHECK_FALSE(starts_with_ignoring_case("RC", "RCPT"));
    CHECK(is_ascii_letter('Z'));
    CHECK_FALSE(is_ascii_letter('@'));
    CHECK(is_ascii_digit('9'));
    CHECK_FALSE(is_ascii_digit(':'));
}

TEST_CASE("Blanks are cut at both ends", "[core][text]")
{
    CHECK(trim(" \t a b\t ") == "a b");
    CHECK(trim(" \t").empty());
    CHECK(trim("").empty());
    CHECK(trim("\r\n") == "\r\n");
}

TEST_CASE("A decimal number is digits only and fits", "[core][text]")
{
    CHECK(parse_decimal("0") == 0U);
    CHECK(parse_decimal("007") == 7U);
    CHECK(parse_decimal("18446744073709551615") == 18'446'744'073'709'551'615U);
    for (const std::string_view text :
         {"", " 1", "1 ", "+1", "-1", "1x", "0x1", "18446744073709551616"}) {
        INFO(text);
        CHECK_FALSE(parse_decimal(text));
    }
}

TEST_CASE("Well-formed UTF-8 has the lengths of RFC 3629", "[core][utf8]")
{
    const std::pair<std::string_view, std::size_t> rows[] = {
        {"a"sv, 1},
        {"\0"sv, 1},
        {"\x7F"sv, 1},
        {"\xC2\x80"sv, 2},
        {"\xDF\xBF"sv, 2},
        {"\xE0\xA0\x80"sv, 3},
        {"\xE3\x81\x82"sv, 3}, // hiragana a
        {"\xED\x9F\xBF"sv, 3}, // just below the surrogates
        {"\xEE\x80\x80"sv, 3}, // just above them
        {"\xEF\xBF\xBF"sv, 3},
        {"\xF0\x90\x80\x80"sv, 4},
        {"\xF4\x8F\xBF\xBF"sv, 4}, // U+10FFFF
    };
    for (const auto &[text, length] : rows) {
        CHECK(utf8_sequence_length(text) == length);
        CHECK(is_valid_utf8(text));
        CHECK(utf8_sequence_length(text.substr(0, length - 1)) == 0);
        CHECK(is_ascii(text) == (length == 1));
    }
}

TEST_CASE("What is no UTF-8 is refused", "[core][utf8]")
{
    for (const std::string_view text :
         {"\x80"sv, "\xBF"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC2\x41"sv, "\xE0\x9F\xBF"sv,
          "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv,
          "\xF5\x80\x80\x80"sv, "\xFF"sv, "\xE3\x81\xC0"sv, "\xF0\x90\x80\x20"sv}) {
        CHECK(utf8_sequence_length(text) == 0);
        CHECK_FALSE(is_valid_utf8(text));
    }
    CHECK(is_valid_utf8("ok \xE3\x81\x82"));
    CHECK_FALSE(is_valid_utf8("ok \xE3\x81\x82 \x80"));
    CHECK(is_valid_utf8(""));
}

} // namespace mailscope
