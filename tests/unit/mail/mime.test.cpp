// Parts and parameters: RFC 2045, 2046 and 2231 as mail in the wild uses them.
#include "sim/mail/mime.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::mail;

namespace
{

std::string_view body_of(std::string_view message, const PartTree &tree, std::size_t part)
{
    return raw_body(message, tree.parts.at(part));
}

/// A multipart message of the parts given, each with its header.
std::string multipart(const std::vector<std::string> &parts)
{
    std::string message = "Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n";
    for (const std::string &part : parts)
        message += "--b\r\n" + part + "\r\n";
    return message + "--b--\r\nepilogue\r\n";
}

} // namespace

TEST_CASE("Types have parameters in every notation", "[mail][mime]")
{
    struct Case
    {
        std::string_view body;
        std::string_view value;
        std::string_view name;
        std::string_view parameter;
    };
    constexpr Case table[] = {
        {"text/plain; charset=us-ascii", "text/plain", "charset", "us-ascii"},
        {" TEXT/Plain ;CHARSET = \"us-ascii\"", "text/plain", "charset", "us-ascii"},
        {"text/plain; charset=us-ascii (Plain text)", "text/plain", "charset", "us-ascii"},
        {"text/plain (a; comment); charset=x", "text/plain", "charset", "x"},
        {"a/b; x=\"q\\\"; y=1\"; z=2", "a/b", "z", "2"},
        {"a/b; x=\"open", "a/b", "x", "open"},
        {"a/b; x=", "a/b", "x", ""},
        {"a/b; x", "a/b", "x", ""},
        {"a/b;;; x=1", "a/b", "x", "1"},
        {"a/b; x=1; x=2", "a/b", "x", "1"},
        {"a/b;\r\n\tx=1", "a/b", "x", "1"},
        {"attachment; filename=\"=?utf-8?B?5YaZ55yf?=\"", "attachment", "filename", "写真"},
        {"attachment; filename=\"写真\"", "attachment", "filename", "写真"},
        {"a/b; boundary=\"=?utf-8?Q?a?=\"", "a/b", "boundary", "=?utf-8?Q?a?="},
        {"", "", "x", ""},
    };
    for (const Case &each : table) {
        INFO(each.body);
        const ParameterisedValue value = parse_parameterised(each.body);
        CHECK(value.value == each.value);
        CHECK(value.parameter(each.name) == each.parameter);
    }
}

TEST_CASE("Parameters follow RFC 2231", "[mail][mime]")
{
    struct Case
    {
        std::string_view body;
        std::string_view value;
    };
    constexpr Case table[] = {
        {"a; filename*=utf-8''%E5%86%99.jpg", "写.jpg"},
        {"a; filename*=utf-8'ja'%E5%86%99.jpg", "写.jpg"},
        {"a; filename*=iso-8859-1''caf%E9", "café"},
        {"a; filename*=iso-2022-jp''%1B%24B%3CL%1B%28B", "写"},
        {"a; filename*0=first; filename*1=\" second\"", "first second"},
        {"a; filename*1=b; filename*0=a; filename*2=c", "abc"},
        {"a; filename*0*=utf-8''%E5%86; filename*1*=%99; filename*2=.jpg", "写.jpg"},
        {"a; filename=plain; filename*=utf-8''better", "better"},
        {"a; filename*0=a; filename*2=c", "a"},
        {"a; filename*1=b", ""},
        {"a; filename*x=b", ""},
        {"a; filename*99999999999999999999=b", ""},
        {"a; filename*=no-quotes", "no-quotes"},
        {"a; filename*=utf-8''%E5%8", "\xEF\xBF\xBD%8"},
    };
    for (const Case &each : table) {
        INFO(each.body);
        CHECK(parse_parameterised(each.body).parameter("filename") == each.value);
    }
}

TEST_CASE("A plain message is one part", "[mail][mime]")
{
    constexpr std::string_view message = "Subject: x\r\n\r\nHello\r\n";
    const PartTree tree = parse_parts(message);
    REQUIRE(tree.parts.size() == 1);
    CHECK(tree.parts[0].type.value == "text/plain");
    CHECK(tree.parts[0].encoding == TransferEncoding::SevenBit);
    CHECK(body_of(message, tree, 0) == "Hello\r\n");
}

TEST_CASE("A multipart message is divided at its boundary lines", "[mail][mime]")
{
    const std::string message =
        multipart({"\r\nfirst\r\n", "Content-Type: image/png\r\n\r\n\x89PNG"});
    const PartTree tree = parse_parts(message);
    REQUIRE(tree.parts.size() == 3);
    CHECK(tree.parts[0].children == std::vector<std::uint32_t>{1, 2});
    CHECK(body_of(message, tree, 1) == "first\r\n");
    CHECK(body_of(message, tree, 2) == "\x89PNG");
    CHECK(tree.parts[2].type.value == "image/png");
    CHECK(tree.parts[2].parent == 0);
    CHECK(tree.parts[2].depth == 1);
}

TEST_CASE("Only a whole line is a boundary", "[mail][mime]")
{
    const std::string message =
        multipart({"\r\n--bb\r\nx --b\r\n--b x\r\n--b-\r\nstill first", "\r\nsecond"});
    const PartTree tree = parse_parts(message);
    REQUIRE(tree.parts.size() == 3);
    CHECK(body_of(message, tree, 1) == "--bb\r\nx --b\r\n--b x\r\n--b-\r\nstill first");
}

TEST_CASE("Blanks behind a boundary and bare line feeds are forgiven", "[mail][mime]")
{
    constexpr std::string_view message =
        "Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\nfirst\n--b\n\nsecond\n--b--";
    const PartTree tree = parse_parts(message);
    REQUIRE(tree.parts.size() == 3);
    CHECK(body_of(message, tree, 1) == "first");
    CHECK(body_of(message, tree, 2) == "second");
}

TEST_CASE("A part without an end goes on to the end", "[mail][mime]")
{
    constexpr std::string_view message =
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nfirst\r\n";
    const PartTree tree = parse_parts(message);
    REQUIRE(tree.parts.size() == 2);
    CHECK(body_of(message, tree, 1) == "first\r\n");
}

TEST_CASE("A multipart type without a boundary stays undivided", "[mail][mime]")
{
    CHECK(parse_parts("Content-Type: multipart/mixed\r\n\r\n--b\r\n").parts.size() == 1);
    CHECK(parse_parts("Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n").parts.size() ==
          1);
    CHECK(parse_parts("Content-Type: multipart/mixed; boundary=b\r\n\r\nnone").parts.size() == 1);
}

TEST_CASE("The outer boundary ends an inner part that has none", "[mail][mime]")
{
    const std::string message =
        multipart({"Content-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\n\r\na",
                   "\r\nlast"});
    const PartTree tree = parse_parts(message);
    REQUIRE(tree.parts.size() == 4);
    CHECK(body_of(message, tree, 2) == "a");
    CHECK(tree.parts[2].parent == 1);
    CHECK(body_of(message, tree, 3) == "last");
    CHECK(tree.parts[3].parent == 0);
}

TEST_CASE("A message inside a message is its one child", "[mail][mime]")
{
    constexpr std::string_view message = "Content-Type: message/rfc822\r\n\r\n"
                                         "Subject: inner\r\nContent-Type: text/html\r\n\r\n<p>";
    const PartTree tree = parse_parts(message);
    REQUIRE(tree.parts.size() == 2);
    CHECK(tree.parts[0].children == std::vector<std::uint32_t>{1});
    CHECK(tree.parts[1].type.value == "text/html");
    CHECK(body_of(message, tree, 1) == "<p>");
}

TEST_CASE("The parts of a digest are messages unless they say otherwise", "[mail][mime]")
{
    constexpr std::string_view message = "Content-Type: multipart/digest; boundary=b\r\n\r\n"
                                         "--b\r\n\r\nSubject: x\r\n\r\nhi\r\n--b--\r\n";
    const PartTree tree = parse_parts(message);
    REQUIRE(tree.parts.size() == 3);
    CHECK(tree.parts[1].type.value == "message/rfc822");
    CHECK(body_of(message, tree, 2) == "hi");
}

TEST_CASE("A malformed type is plain text", "[mail][mime]")
{
    for (const std::string_view type : {"text", "/", "text/", "/plain", ";", "", "(x)"}) {
        const std::string message = "Content-Type: " + std::string(type) + "\r\n\r\nx";
        CHECK(parse_parts(message).parts[0].type.value == "text/plain");
    }
}

TEST_CASE("Bodies are decoded as their header says", "[mail][mime]")
{
    struct Case
    {
        std::string_view header;
        std::string_view body;
        std::string_view text;
    };
    constexpr Case table[] = {
        {"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=utf-8\r\n",
         "5YaZ55yfDQo=", "写真\n"},
        {"Content-Transfer-Encoding: Quoted-Printable\r\nContent-Type: text/plain; "
         "charset=iso-8859-1\r\n",
         "caf=E9=\r\n!", "café!"},
        {"Content-Type: text/plain; charset=ISO-2022-JP\r\n", "\x1B$B<L\x1B(B\r\n", "写\n"},
        {"Content-Type: text/plain; charset=x-unknown\r\n", "a\xFF", "a\xEF\xBF\xBD"},
        {"Content-Transfer-Encoding: x-mystery\r\n", "raw", "raw"},
        {"", "写", "写"},
    };
    for (const Case &each : table) {
        INFO(each.header);
        const std::string message = std::string(each.header) + "\r\n" + std::string(each.body);
        const PartTree tree = parse_parts(message);
        CHECK(decoded_text(message, tree.parts[0]) == each.text);
    }
}

TEST_CASE("Nesting and number of parts are limited", "[mail][mime]")
{
    std::string nested;
    for (int level = 0; level < 100; ++level)
        nested += "Content-Type: message/rfc822\r\n\r\n";
    const PartTree deep = parse_parts(nested);
    CHECK(deep.limited);
    CHECK(deep.parts.size() == 30);
    const PartTree wide = parse_parts(multipart(std::vector<std::string>(5000, "\r\nx")));
    CHECK(wide.limited);
    CHECK(wide.parts.size() == 1000);
}
