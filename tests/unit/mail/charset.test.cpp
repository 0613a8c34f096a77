// Charsets: what each can say, and that what it says comes back.
#include "sim/mail/charset.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::mail;

TEST_CASE("ISO-2022-JP switches to kanji and back by escape sequences", "[mail][charset]")
{
    // RFC 1468: the text is in ASCII at its end and at the end of each line.
    constexpr std::string_view text = "写真 a\r\nひらがな";
    constexpr std::string_view bytes = "\x1B$B<L??\x1B(B a\r\n\x1B$B$R$i$,$J\x1B(B";
    CHECK(from_utf8("ISO-2022-JP", text) == std::string(bytes));
    CHECK(to_utf8("iso-2022-jp", bytes) == std::string(text));
}

TEST_CASE("ISO-2022-JP reads the older sets", "[mail][charset]")
{
    CHECK(to_utf8("iso-2022-jp", "\x1B$@<L\x1B(J") == "写");
    CHECK(to_utf8("iso-2022-jp", "\x1B(J\\100~\x1B(B\\") == "¥100‾\\");
    CHECK(to_utf8("csISO2022JP", "plain") == "plain");
}

TEST_CASE("ISO-2022-JP with a missing way back goes on in the next line", "[mail][charset]")
{
    CHECK(to_utf8("iso-2022-jp", "\x1B$B<L\r\nnext") == "写\r\nnext");
}

TEST_CASE("ISO-2022-JP refuses what it has no place for", "[mail][charset]")
{
    for (const std::string_view lacking : {"é", "한", "😀", "ｱ", "①x髙", "¥", "\x1B", "～"}) {
        INFO(lacking);
        CHECK_FALSE(from_utf8("iso-2022-jp", lacking).has_value());
    }
    for (const std::string_view bad : {"\x1B$B<", "\x1B$B<L ", "\x1B$A<L", "\x1B", "\x1B$", "\xE5",
                                       "\x1B$B\x7E\x7E\x1B(B", "\x1B$B<\xE5"}) {
        INFO(bad);
        CHECK_FALSE(to_utf8("iso-2022-jp", bad).has_value());
    }
}

TEST_CASE("Every character of a Japanese letter comes back", "[mail][charset]")
{
    constexpr std::string_view text = "拝啓　時下ますますご清栄のこととお喜び申し上げます。\r\n"
                                      "カタカナ、ギリシャΑα、キリルЯ、記号○×※〒→\r\n"
                                      "－−（括弧）「かぎ」１２３ ABC\r\n";
    const Result<std::string> bytes =
        from_utf8("iso-2022-jp", "拝啓　カタカナΑαЯ○×※〒→「」１２３ A");
    REQUIRE(bytes.has_value());
    CHECK(to_utf8("iso-2022-jp", *bytes) == "拝啓　カタカナΑαЯ○×※〒→「」１２３ A");
    CHECK_FALSE(from_utf8("iso-2022-jp", text).has_value()); // U+FF0D is not in JIS X 0208
}

TEST_CASE("Latin-1, ASCII and UTF-8 convert both ways", "[mail][charset]")
{
    CHECK(to_utf8("ISO-8859-1", "caf\xE9 \xFF") == "café ÿ");
    CHECK(from_utf8("iso-8859-1", "café ÿ") == "caf\xE9 \xFF");
    CHECK_FALSE(from_utf8("iso-8859-1", "写").has_value());
    CHECK(to_utf8("US-ASCII", "abc") == "abc");
    CHECK_FALSE(to_utf8("us-ascii", "caf\xE9").has_value());
    CHECK_FALSE(from_utf8("us-ascii", "é").has_value());
    CHECK(to_utf8("utf-8", "写") == "写");
    CHECK_FALSE(to_utf8("utf-8", "\xC0\x80").has_value());
    CHECK_FALSE(from_utf8("utf-8", "\xFF").has_value());
    CHECK_FALSE(to_utf8("x-unknown", "abc").has_value());
}

TEST_CASE("A mail client shows something in any case", "[mail][charset]")
{
    CHECK(to_utf8_for_display("x-unknown", "abc") == "abc");
    CHECK(to_utf8_for_display("us-ascii", "写") == "写");
    CHECK(to_utf8_for_display("utf-8", "a\xFFz") == "a\xEF\xBF\xBDz");
}
