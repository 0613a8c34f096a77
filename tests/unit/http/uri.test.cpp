// Percent-encoding, forms and cookies.
#include "sim/protocol/http/uri.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::http;

TEST_CASE("Percent-encoding comes back as it was", "[http][uri]")
{
    CHECK(percent_encode("a b/ü~") == "a%20b%2F%C3%BC~");
    CHECK(percent_decode("a%20b%2f%C3%BC~") == "a b/ü~");
    CHECK(percent_decode("100%") == "100%");
    CHECK(percent_decode("%4") == "%4");
    CHECK(percent_decode("%zz%41") == "%zzA");
}

TEST_CASE("A form comes back as it was", "[http][uri]")
{
    const Form form = {{"to", "bob@example.jp, Bob <bob@x>", {}, {}},
                       {"text", "a+b & c=d\r\n次の行", {}, {}}};
    const std::string text = write_form(form);
    CHECK(text.find(' ') == std::string::npos);
    const Form back = parse_form(text);
    REQUIRE(back.size() == 2);
    CHECK(value_of(back, "to") == form[0].value);
    CHECK(value_of(back, "text") == form[1].value);
    CHECK(value_of(back, "cc").empty());
}

TEST_CASE("A form of many fields is cut", "[http][uri]")
{
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "a=b&";
    CHECK(parse_form(text, 10).size() == 10);
    CHECK(parse_form("&&a&=b&").size() == 2);
}

TEST_CASE("A form with a file comes back as it was", "[http][uri]")
{
    const Form form = {{"subject", "写真", {}, {}},
                       {"file", std::string("\0\r\n--x\xFF", 7), "a\"b.jpg", "image/jpeg"},
                       {"empty", "", {}, {}}};
    const std::string text = write_multipart(form, "bound");
    const auto back = parse_multipart(text, "bound");
    REQUIRE(back);
    REQUIRE(back->size() == 3);
    CHECK((*back)[0].value == "写真");
    CHECK((*back)[1].value == form[1].value);
    CHECK((*back)[1].file_name == "a\"b.jpg");
    CHECK((*back)[1].media_type == "image/jpeg");
    CHECK((*back)[2].value.empty());
    CHECK_FALSE(parse_multipart(text, "other"));
    CHECK_FALSE(parse_multipart(text.substr(0, text.size() - 10), "bound"));
    CHECK_FALSE(parse_multipart(text, "bound", 2));
    CHECK_FALSE(parse_multipart("", ""));
}

TEST_CASE("A cookie is found by its whole name", "[http][uri]")
{
    CHECK(find_cookie("a=1; session=xyz; b=2", "session") == "xyz");
    CHECK(find_cookie("session=", "session") == "");
    CHECK_FALSE(find_cookie("xsession=1; sessionx=2", "session"));
    CHECK_FALSE(find_cookie("session", "session"));
    CHECK_FALSE(find_cookie("", "session"));
}
