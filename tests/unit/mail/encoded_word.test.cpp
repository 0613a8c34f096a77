// Encoded-words (RFC 2047) and folding (RFC 5322 2.2.3).
#include "sim/mail/encoded_word.h"

#include "sim/core/text.h"
#include "sim/mail/message.h"
#include "tests/support/text.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace mailscope;
using namespace mailscope::mail;
using test::longest_line;
using test::repeated;

TEST_CASE("Encoded-words are decoded as RFC 2047 8 shows", "[mail][encoded_word]")
{
    struct Example
    {
        std::string_view text;
        std::string_view shown;
    };
    constexpr Example table[] = {
        {"=?ISO-8859-1?Q?a?=", "a"},
        {"=?ISO-8859-1?Q?a?= b", "a b"},
        {"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"},
        {"=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab"},
        {"=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=", "ab"},
        {"=?ISO-8859-1?Q?a_b?=", "a b"},
        {"=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a=?ISO-8859-2?Q?_b?="},
        {"=?US-ASCII?Q?Keith_Moore?= <moore>", "Keith Moore <moore>"},
        {"=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard"},
        {"=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-1?B?dSB1bmRlcnN0YW5k?=",
         "If you can read this you understand"},
        {"=?utf-8*ja?b?5YaZ55yf?=", "写真"},
        {"=?iso-2022-jp?B?GyRCPEw/PxsoQg==?=", "写真"},
        {"plain  text", "plain  text"},
        {"a =?utf-8?q?b?= c", "a b c"},
        {"=?utf-8?q?=20?=", " "},
        {"=?utf-8?q?"
         "?=",
         ""},
    };
    for (const Example &each : table) {
        INFO(each.text);
        CHECK(decode_words(each.text) == each.shown);
    }
}

TEST_CASE("A character cut in two by its writer is shown whole", "[mail][encoded_word]")
{
    CHECK(decode_words("=?utf-8?B?5Y==?= =?utf-8?B?hpk=?=") == "\xE5\x86\x99");
    CHECK(decode_words("=?utf-8?Q?=E5=86?= =?utf-8?Q?=99?=") == "写");
}

TEST_CASE("What is no encoded-word stays as it is", "[mail][encoded_word]")
{
    for (const std::string_view text : {"=?",
                                        "=?"
                                        "?=",
                                        "=?utf-8?=", "=?utf-8?B", "=?utf-8?B?",
                                        "=?utf-8?B?YQ==", "=?utf-8?X?YQ==?=", "=?utf-8?Q?a b?=",
                                        "=?"
                                        "?Q?a?=",
                                        "=?x-none?Q?a?=", "=?utf-8?Q?=FF?="}) {
        INFO(text);
        CHECK(decode_words(text) == text);
    }
}

TEST_CASE("Text that ASCII cannot carry needs encoded-words", "[mail][encoded_word]")
{
    CHECK_FALSE(needs_encoded_words("Hello, world"));
    CHECK_FALSE(needs_encoded_words(""));
    for (const std::string_view text :
         {"写真", "tab\there", "line\r\nX-Evil: yes", " leading", "trailing ", "=?utf-8?Q?a?="})
        CHECK(needs_encoded_words(text));
    CHECK(needs_encoded_words(std::string(2000, 'x')));
}

TEST_CASE("Encoded-words keep to 75 octets and their lines to 76", "[mail][encoded_word]")
{
    const std::string text = repeated("写真と手紙 and more ", 40);
    for (const TextCharset charset : {TextCharset::Utf8, TextCharset::Iso2022Jp}) {
        const std::string field = "Subject: " + encode_words(text, charset, 9);
        CHECK(longest_line(field) <= encoded_word_line_max);
        CHECK(is_ascii(field));
        CHECK(decode_words(field.substr(9)) == text);
        CHECK(field.find(name_of(charset)) != std::string::npos);
    }
}

TEST_CASE("Encoded-words fall back to UTF-8 where ISO-2022-JP lacks a character",
          "[mail][encoded_word]")
{
    const std::string words = encode_words("한글 写真", TextCharset::Iso2022Jp, 9);
    CHECK(words.substr(0, 8) == "=?utf-8?");
    CHECK(decode_words(words) == "한글 写真");
}

TEST_CASE("Encoded-words begin on a new line where the first is full", "[mail][encoded_word]")
{
    const std::string words = encode_words("写", TextCharset::Utf8, 74);
    CHECK(words.substr(0, 3) == "\r\n ");
    CHECK(decode_words(unfold(words)) == "写");
}

TEST_CASE("A line end in a subject cannot make a field of its own", "[mail][encoded_word]")
{
    const std::string words = encode_words("Hi\r\nBcc: eve@x", TextCharset::Utf8, 9);
    CHECK(words.find("Bcc") == std::string::npos);
    CHECK(decode_words(words) == "Hi\r\nBcc: eve@x");
}

TEST_CASE("Long fields are folded at blanks and unfold to the same", "[mail][encoded_word]")
{
    const std::string body = repeated("some words of it, ", 20) + "end";
    const std::string field = folded_field("Subject", body);
    CHECK(longest_line(field) <= header_line_max);
    const MessageView view(field);
    REQUIRE(view.fields().size() == 1);
    CHECK(view.text_of("Subject") == body);
    CHECK(folded_field("Subject", "a  b") == "Subject: a  b\r\n");
    CHECK(folded_field("Subject", "") == "Subject: \r\n");
}

TEST_CASE("A word without a blank is never cut by folding", "[mail][encoded_word]")
{
    const std::string word(200, 'x');
    CHECK(folded_field("References", word) == "References: " + word + "\r\n");
    CHECK(folded_field("References", "a " + word) == "References: a\r\n " + word + "\r\n");
}
