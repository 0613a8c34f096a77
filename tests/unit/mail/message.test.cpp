// Messages as views: fields, folds, bodies, and what is malformed.
#include "sim/mail/message.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::mail;

TEST_CASE("A message is a header, an empty line and a body", "[mail][message]")
{
    constexpr std::string_view bytes = "From: bob@x\r\nSubject: Hi\r\n\r\nThe body\r\n";
    const MessageView view(bytes);
    REQUIRE(view.fields().size() == 2);
    CHECK(view.fields()[0].name == "From");
    CHECK(view.fields()[0].raw_body == " bob@x");
    CHECK(view.fields()[1].offset == 13);
    CHECK(view.fields()[1].size == 13);
    CHECK(view.text_of("subject") == "Hi");
    CHECK(view.header() == bytes.substr(0, 28));
    CHECK(view.body() == "The body\r\n");
    CHECK(view.find("To") == nullptr);
    CHECK(view.text_of("To").empty());
}

TEST_CASE("Folded fields are one field", "[mail][message]")
{
    const MessageView view("Subject: one\r\n two\r\n\tthree\r\nTo: a\r\n\r\n");
    REQUIRE(view.fields().size() == 2);
    CHECK(view.text_of("Subject") == "one two\tthree");
    CHECK(view.fields()[0].raw_body == " one\r\n two\r\n\tthree");
}

TEST_CASE("Malformed messages are read as far as they go", "[mail][message]")
{
    struct Case
    {
        std::string_view bytes;
        std::size_t fields;
        std::string_view body;
    };
    constexpr Case table[] = {
        {"", 0, ""},
        {"\r\nbody", 0, "body"},
        {"\nbody", 0, "body"},
        {"A: b", 1, ""},
        {"A: b\n\nbody", 1, "body"},
        {"A: b\nC : d\n\nbody", 2, "body"},
        {"A: b\r\nno field\r\nC: d\r\n", 1, "no field\r\nC: d\r\n"},
        {" leading blank: x\r\n", 0, " leading blank: x\r\n"},
        {": no name\r\n\r\nx", 0, ": no name\r\n\r\nx"},
        {"Na me: x\r\n\r\nx", 0, "Na me: x\r\n\r\nx"},
        {"A: b\r\n \r\n\r\nbody", 1, "body"},
        {"A:\r\n\r\nbody", 1, "body"},
        {"A: b\r\n\r\n", 1, ""},
    };
    for (const Case &each : table) {
        INFO(each.bytes);
        const MessageView view(each.bytes);
        CHECK(view.fields().size() == each.fields);
        CHECK(view.body() == each.body);
    }
}

TEST_CASE("A header of a million fields keeps a thousand and finds the body", "[mail][message]")
{
    std::string bytes;
    for (int i = 0; i < 1'000'000; ++i)
        bytes += "A: b\r\n";
    const MessageView view(bytes + "\r\nbody");
    CHECK(view.fields().size() == 1000);
    CHECK(view.body_offset() == bytes.size() + 2);
}

TEST_CASE("An endless field is cut where it is looked at", "[mail][message]")
{
    const std::string bytes = "A: " + std::string(1'000'000, 'x') + "\r\n\r\nbody";
    const MessageView view(bytes);
    REQUIRE(view.fields().size() == 1);
    CHECK(view.fields()[0].raw_body.size() == 102400);
    CHECK(view.body_offset() == bytes.size() - 4);
}

TEST_CASE("Fields are counted by name without case and in the header only", "[mail][message]")
{
    constexpr std::string_view bytes =
        "Received: a\r\nRECEIVED: b\r\nX: c\r\n\r\nReceived: in the body\r\n";
    CHECK(count_fields(bytes, "Received") == 2);
    CHECK(count_fields(bytes, "To") == 0);
}

TEST_CASE("Line ends change both ways", "[mail][message]")
{
    CHECK(with_crlf("a\nb\r\nc\rd") == "a\r\nb\r\nc\r\nd");
    CHECK(with_crlf("\n\n\r\r\n") == "\r\n\r\n\r\n\r\n");
    CHECK(with_lf("a\r\nb\nc\rd\r") == "a\nb\nc\rd\r");
}
