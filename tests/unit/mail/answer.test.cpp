// What a reply or a forwarded letter begins with.
#include "sim/mail/answer.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::mail;

namespace
{

Letter photo_for_bob()
{
    Letter letter;
    letter.from = {"Alice", parse_address("alice@example.com").value()};
    letter.to = {{"Bob", parse_address("bob@example.jp").value()}};
    letter.subject = "花";
    letter.text = "何の花でしょう。\n\n> 前の話\nアリス\n";
    letter.message_id = "<1@example.com>";
    letter.attachments = {{"hana.jpg", "image/jpeg", SharedBytes::copy_of("\x01\xFF\x00 octets")}};
    return letter;
}

} // namespace

TEST_CASE("A reply goes to the author, names the letter, and quotes its text", "[mail][answer]")
{
    const Letter reply = answer_to(build_message(photo_for_bob()), Answering::Reply);
    REQUIRE(reply.to.size() == 1);
    CHECK(to_string(reply.to[0].address) == "alice@example.com");
    CHECK(reply.subject == "Re: 花");
    CHECK(reply.in_reply_to == "<1@example.com>");
    CHECK(reply.text == "> 何の花でしょう。\n>\n>> 前の話\n> アリス\n");
    CHECK(reply.attachments.empty());
}

TEST_CASE("A reply goes where Reply-To says, and its subject has one Re:", "[mail][answer]")
{
    Letter letter = photo_for_bob();
    letter.subject = "RE: 花";
    letter.reply_to = {{"", parse_address("garden@example.com").value()}};
    const Letter reply = answer_to(build_message(letter), Answering::Reply);
    REQUIRE(reply.to.size() == 1);
    CHECK(to_string(reply.to[0].address) == "garden@example.com");
    CHECK(reply.subject == "RE: 花");
}

TEST_CASE("A forwarded letter is a new one with the old text and its files", "[mail][answer]")
{
    const Letter forwarded = answer_to(build_message(photo_for_bob()), Answering::Forward);
    CHECK(forwarded.to.empty());
    CHECK(forwarded.in_reply_to.empty());
    CHECK(forwarded.subject == "Fwd: 花");
    CHECK(forwarded.text.find("From: Alice <alice@example.com>\n") != std::string::npos);
    CHECK(forwarded.text.find("何の花でしょう。\n") != std::string::npos);
    REQUIRE(forwarded.attachments.size() == 1);
    CHECK(forwarded.attachments[0].name == "hana.jpg");
    CHECK(forwarded.attachments[0].content.view() == photo_for_bob().attachments[0].content.view());
}

TEST_CASE("What is written stands above the old text, with a line between them", "[mail][answer]")
{
    CHECK(text_above("Hello", "> old\n") == "Hello\n\n> old\n");
    CHECK(text_above("Hello\n", "> old\n") == "Hello\n\n> old\n");
    CHECK(text_above("", "> old\n") == "> old\n");
    CHECK(text_above("Hello\n", "") == "Hello\n");
}
