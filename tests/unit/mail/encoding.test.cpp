// Base64 and quoted-printable, strict and lenient.
#include "sim/mail/encoding.h"

#include "sim/core/rng.h"
#include "tests/support/text.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdint>

using namespace mailscope;
using namespace mailscope::mail;
using test::longest_line;

namespace
{

std::string random_bytes(Rng &rng, std::uint32_t size_max)
{
    std::string bytes;
    for (std::uint32_t left = rng.below(size_max + 1); left != 0; --left)
        bytes += static_cast<char>(rng.below(256));
    return bytes;
}

/// Lines ending in CRLF without lone CR or LF, with what is awkward in quoted-printable.
std::string random_text(Rng &rng)
{
    constexpr std::string_view letters = "ab =\t.\xC3\xA9\x01\x7F";
    std::string text;
    for (std::uint32_t left = rng.below(300); left != 0; --left)
        if (rng.below(20) == 0)
            text += "\r\n";
        else
            text += letters[rng.below(static_cast<std::uint32_t>(letters.size()))];
    return text;
}

} // namespace

TEST_CASE("Base64 has the test vectors of RFC 4648 10", "[mail][encoding]")
{
    struct Vector
    {
        std::string_view bytes;
        std::string_view text;
    };
    constexpr Vector vectors[] = {{"", ""},
                                  {"f", "Zg=="},
                                  {"fo", "Zm8="},
                                  {"foo", "Zm9v"},
                                  {"foob", "Zm9vYg=="},
                                  {"fooba", "Zm9vYmE="},
                                  {"foobar", "Zm9vYmFy"}};
    for (const Vector &each : vectors) {
        CHECK(base64_encode(each.bytes) == each.text);
        CHECK(base64_decode(each.text) == std::string(each.bytes));
    }
}

TEST_CASE("Strict base64 refuses what a protocol must not accept", "[mail][encoding]")
{
    for (const std::string_view bad : {"Zg", "Zg=", "Zg===", "=", "====", "Zg==Zg==", "Zm9v\r\n",
                                       "Zm 9v", "Zh==", "Zm9=", "Zm-v", "Z=9v", "*", "A"})
        CHECK_FALSE(base64_decode(bad).has_value());
}

TEST_CASE("Base64 in mail skips what is no digit and keeps whole octets", "[mail][encoding]")
{
    CHECK(base64_decode_lines("Zm9v\r\nYm Fy!\r\n") == "foobar");
    CHECK(base64_decode_lines("Zm9vYg==ignored") == "foob");
    CHECK(base64_decode_lines("Zm9vYm") == "foob");
    CHECK(base64_decode_lines("Z") == "");
}

TEST_CASE("Base64 brings back any bytes, in lines of at most 76 columns", "[mail][encoding]")
{
    Rng rng(1, "base64");
    for (int round = 0; round < 300; ++round) {
        const std::string bytes = random_bytes(rng, 200);
        CHECK(base64_decode(base64_encode(bytes)) == bytes);
        const std::string lines = base64_encode_lines(bytes);
        CHECK(base64_decode_lines(lines) == bytes);
        CHECK(longest_line(lines) <= encoded_line_max);
    }
}

TEST_CASE("Quoted-printable leaves plain lines as they are", "[mail][encoding]")
{
    CHECK(quoted_printable_encode("Hello, world!\r\n") == "Hello, world!\r\n");
    CHECK(quoted_printable_encode("a=b\xC3\xA9") == "a=3Db=C3=A9");
    CHECK(quoted_printable_encode("end \r\ntab\t\r\n") == "end=20\r\ntab=09\r\n");
    CHECK(quoted_printable_encode("a\rb\nc") == "a=0Db=0Ac");
}

TEST_CASE("Quoted-printable breaks at column 76 and never inside a sequence", "[mail][encoding]")
{
    CHECK(quoted_printable_encode(std::string(76, 'x')) == std::string(76, 'x'));
    CHECK(quoted_printable_encode(std::string(77, 'x')) == std::string(75, 'x') + "=\r\n" + "xx");
    const std::string pairs = quoted_printable_encode(std::string(30, '='));
    CHECK(pairs.substr(0, 78) == pairs.substr(0, 75) + "=\r\n");
}

TEST_CASE("Quoted-printable is read with mercy", "[mail][encoding]")
{
    CHECK(quoted_printable_decode("a=3db=3D") == "a=b=");
    CHECK(quoted_printable_decode("soft =\r\nbreak") == "soft break");
    CHECK(quoted_printable_decode("soft=  \r\nbreak") == "softbreak");
    CHECK(quoted_printable_decode("padded \t\r\nnext") == "padded\r\nnext");
    CHECK(quoted_printable_decode("bare\nline") == "bare\nline");
    CHECK(quoted_printable_decode("no =XY, no =4") == "no =XY, no =4");
    CHECK(quoted_printable_decode("cut=") == "cut");
}

TEST_CASE("Quoted-printable brings back any text", "[mail][encoding]")
{
    Rng rng(2, "quoted-printable");
    for (int round = 0; round < 500; ++round) {
        const std::string text = random_text(rng);
        const std::string encoded = quoted_printable_encode(text);
        CHECK(quoted_printable_decode(encoded) == text);
        CHECK(longest_line(encoded) <= encoded_line_max);
    }
}
