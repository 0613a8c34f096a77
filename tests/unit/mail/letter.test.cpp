// Letters: built as RFC 5322 and MIME want them, read as they were written.
#include "sim/mail/letter.h"

#include "sim/core/rng.h"
#include "sim/core/text.h"
#include "sim/mail/message.h"
#include "sim/mail/mime.h"
#include "tests/support/text.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace mailscope;
using namespace mailscope::mail;
using test::longest_line;
using test::repeated;

namespace
{

Letter given_letter()
{
    Letter letter;
    letter.from = {"Alice", {"alice", "example.com"}};
    letter.to = {{"", {"bob", "example.jp"}}};
    letter.subject = "Hello";
    letter.text = "Good morning.\n";
    letter.date = {1767225600, 540};
    letter.message_id = "<1@example.com>";
    return letter;
}

/// CRLF at the end of every line, and no CR or LF anywhere else.
bool has_strict_line_ends(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
            return false;
        if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))
            return false;
    }
    return text.substr(text.size() - 2) == "\r\n";
}

} // namespace

TEST_CASE("A plain letter is a plain message", "[mail][letter]")
{
    CHECK(build_message(given_letter()) == "Date: Thu, 01 Jan 2026 09:00:00 +0900\r\n"
                                           "From: Alice <alice@example.com>\r\n"
                                           "To: bob@example.jp\r\n"
                                           "Message-ID: <1@example.com>\r\n"
                                           "Subject: Hello\r\n"
                                           "MIME-Version: 1.0\r\n"
                                           "Content-Type: text/plain; charset=us-ascii\r\n"
                                           "Content-Transfer-Encoding: 7bit\r\n"
                                           "\r\n"
                                           "Good morning.\r\n");
}

TEST_CASE("A Japanese letter travels as UTF-8 in base64", "[mail][letter]")
{
    Letter letter = given_letter();
    letter.from.name = "山田太郎";
    letter.subject = "写真";
    letter.text = "写真を送ります。\n";
    const std::string message = build_message(letter);
    CHECK(is_ascii(message));
    const MessageView view(message);
    CHECK(view.text_of("Subject") == "=?utf-8?B?5YaZ55yf?=");
    CHECK(view.text_of("From") == "=?utf-8?B?5bGx55Sw5aSq6YOO?= <alice@example.com>");
    CHECK(view.text_of("Content-Type") == "text/plain; charset=utf-8");
    CHECK(view.text_of("Content-Transfer-Encoding") == "base64");
    const ReadLetter read = read_message(message);
    CHECK(read.subject == "写真");
    CHECK(read.text == "写真を送ります。\n");
    CHECK(read.from == std::vector<NamedAddress>{letter.from});
}

TEST_CASE("A Japanese letter of the old kind travels as ISO-2022-JP in 7bit", "[mail][letter]")
{
    Letter letter = given_letter();
    letter.charset = TextCharset::Iso2022Jp;
    letter.subject = "写真";
    letter.text = "写真を送ります。\n";
    const std::string message = build_message(letter);
    const MessageView view(message);
    CHECK(view.text_of("Subject") == "=?iso-2022-jp?B?GyRCPEw/PxsoQg==?=");
    CHECK(view.text_of("Content-Type") == "text/plain; charset=iso-2022-jp");
    CHECK(view.text_of("Content-Transfer-Encoding") == "7bit");
    CHECK(read_message(message).text == letter.text);
}

TEST_CASE("Characters that ISO-2022-JP lacks make it UTF-8", "[mail][letter]")
{
    Letter letter = given_letter();
    letter.charset = TextCharset::Iso2022Jp;
    letter.text = "写真 😀\n";
    const std::string message = build_message(letter);
    CHECK(MessageView(message).text_of("Content-Type") == "text/plain; charset=utf-8");
    CHECK(read_message(message).text == letter.text);
}

TEST_CASE("Mostly ASCII text is quoted-printable", "[mail][letter]")
{
    Letter letter = given_letter();
    letter.text = "Meet me at the café tomorrow at noon, please.\n";
    const std::string message = build_message(letter);
    CHECK(MessageView(message).text_of("Content-Transfer-Encoding") == "quoted-printable");
    CHECK(read_message(message).text == letter.text);
}

TEST_CASE("A line longer than RFC 5322 allows is encoded", "[mail][letter]")
{
    Letter letter = given_letter();
    letter.text = std::string(998, 'x') + "\n";
    CHECK(MessageView(build_message(letter)).find("Content-Transfer-Encoding") != nullptr);
    CHECK(build_message(letter).find("\r\nContent-Transfer-Encoding: 7bit\r\n") !=
          std::string::npos);
    letter.text = std::string(999, 'x') + "\n";
    const std::string message = build_message(letter);
    CHECK(longest_line(message) <= 78);
    CHECK(read_message(message).text == letter.text);
}

TEST_CASE("Attachments come back byte for byte", "[mail][letter]")
{
    Letter letter = given_letter();
    std::string content;
    for (int i = 0; i < 1000; ++i)
        content += static_cast<char>(i * 7);
    letter.attachments.push_back({"photo.jpg", "image/jpeg", SharedBytes::copy_of(content)});
    letter.attachments.push_back({"empty.bin", "application/octet-stream", SharedBytes()});
    const std::string message = build_message(letter);
    const ReadLetter read = read_message(message);
    CHECK(read.text == letter.text);
    REQUIRE(read.attachments.size() == 2);
    CHECK(read.attachments[0].name == "photo.jpg");
    CHECK(read.attachments[0].media_type == "image/jpeg");
    CHECK(read.attachments[0].size == content.size());
    const PartTree tree = parse_parts(message);
    CHECK(decoded_body(message, tree.parts[read.attachments[0].part]) == content);
    CHECK(read.attachments[1].size == 0);
}

TEST_CASE("File names of any kind come back, in both notations", "[mail][letter]")
{
    for (const std::string &name :
         {std::string("写真.jpg"), std::string("a b (c).txt"), std::string("qu\"ote\\.txt"),
          std::string("semi;colon=.txt"), repeated("長い名前", 30) + ".txt",
          repeated("long-name-", 20) + ".txt", std::string("100%.txt"), std::string("it's.txt"),
          std::string("=?utf-8?Q?a?=")}) {
        INFO(name);
        Letter letter = given_letter();
        letter.attachments.push_back({name, "text/csv", SharedBytes::copy_of("1;2\r\n")});
        const std::string message = build_message(letter);
        CHECK(is_ascii(message));
        CHECK(longest_line(message) <= header_line_max);
        const PartTree tree = parse_parts(message);
        REQUIRE(tree.parts.size() == 3);
        CHECK(tree.parts[2].disposition.parameter("filename") == name);
        CHECK(tree.parts[2].type.parameter("name") == name);
    }
}

TEST_CASE("A boundary never occurs in the text", "[mail][letter]")
{
    Letter letter = given_letter();
    letter.attachments.push_back({"a", "a/b", SharedBytes::copy_of("x")});
    const std::string first = build_message(letter);
    const std::string boundary(parse_parts(first).parts[0].type.parameter("boundary"));
    letter.text += "--" + boundary + "\n";
    const ReadLetter read = read_message(build_message(letter));
    CHECK(read.text == letter.text);
    CHECK(read.attachments.size() == 1);
}

TEST_CASE("A message as attachment is not encoded", "[mail][letter]")
{
    Letter letter = given_letter();
    const std::string inner = build_message(given_letter());
    letter.attachments.push_back({"fwd.eml", "message/rfc822", SharedBytes::copy_of(inner)});
    const std::string message = build_message(letter);
    CHECK(message.find(inner) != std::string::npos);
    const ReadLetter read = read_message(message);
    REQUIRE(read.attachments.size() == 1);
    CHECK(read.attachments[0].size == inner.size());
}

TEST_CASE("A wrong media type becomes that of unknown bytes", "[mail][letter]")
{
    Letter letter = given_letter();
    for (const char *type : {"", "image", "/", "a/", "a/b; c=d", "a/b\r\nX: y", "a b/c"})
        letter.attachments.push_back({"a", type, SharedBytes()});
    for (const AttachmentSummary &each : read_message(build_message(letter)).attachments)
        CHECK(each.media_type == "application/octet-stream");
}

TEST_CASE("Many recipients are folded and all come back", "[mail][letter]")
{
    Letter letter = given_letter();
    letter.to.clear();
    for (int i = 0; i < 100; ++i) {
        const std::string number = std::to_string(i);
        letter.to.push_back({i % 3 == 0   ? ""
                             : i % 3 == 1 ? "Person, " + number
                                          : "人" + number,
                             {"user" + number, "example.org"}});
    }
    letter.cc = {{"\"quoted\"", {"c c", "example.org"}}};
    letter.reply_to = {{"", {"reply", "example.org"}}};
    letter.in_reply_to = "<0@example.com>";
    const std::string message = build_message(letter);
    CHECK(longest_line(message) <= header_line_max);
    const ReadLetter read = read_message(message);
    CHECK(read.to == letter.to);
    CHECK(read.cc == letter.cc);
    CHECK(read.reply_to == letter.reply_to);
    CHECK(read.in_reply_to == letter.in_reply_to);
}

TEST_CASE("Addresses in UTF-8 stand as they are and ask for SMTPUTF8", "[mail][letter]")
{
    Letter letter = given_letter();
    CHECK_FALSE(needs_utf8(letter));
    letter.to = {{"", {"山田", "例.jp"}}};
    CHECK(needs_utf8(letter));
    const std::string message = build_message(letter);
    CHECK(message.find("To: 山田@例.jp\r\n") != std::string::npos);
    CHECK(read_message(message).to == letter.to);
}

TEST_CASE("Any letter that is built reads as it was written", "[mail][letter]")
{
    constexpr std::string_view pieces[] = {
        "word ", "写真", "\n",       "é",     "=", "?=", "=?", "😀", "a,b", "\"", "\\", "\t",
        ".",     " ",    "\xC2\x80", "From ", "x", ";",  "<",  ">", "@",   "(",  ")"};
    Rng rng(5, "letters");
    const auto text = [&](std::uint32_t size_max) {
        std::string result;
        for (std::uint32_t left = rng.below(size_max); left != 0; --left)
            result += pieces[rng.below(static_cast<std::uint32_t>(std::size(pieces)))];
        return result;
    };
    for (int round = 0; round < 500; ++round) {
        INFO("round " << round);
        Letter letter = given_letter();
        letter.charset = rng.below(2) == 0 ? TextCharset::Utf8 : TextCharset::Iso2022Jp;
        letter.subject = text(60);
        letter.from.name = text(10);
        letter.text = text(200) + "\n";
        if (rng.below(2) == 0)
            letter.attachments.push_back({text(10), "a/b", SharedBytes::copy_of(text(50))});
        const std::string message = build_message(letter);
        CHECK(is_ascii(message));
        CHECK(has_strict_line_ends(message));
        const ReadLetter read = read_message(message);
        CHECK(read.subject == letter.subject);
        CHECK(read.from == std::vector<NamedAddress>{letter.from});
        CHECK(read.text == letter.text);
        CHECK(read.date == letter.date);
        CHECK(read.attachments.size() == letter.attachments.size());
        if (!letter.attachments.empty())
            CHECK(read.attachments.at(0).name == letter.attachments[0].name);
    }
}

TEST_CASE("Of alternatives the plain text is shown", "[mail][letter]")
{
    constexpr std::string_view message =
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n--b--\r\n";
    const ReadLetter read = read_message(message);
    CHECK(read.text == "plain");
    CHECK(read.attachments.empty());
}

TEST_CASE("What is missing from a message stays empty", "[mail][letter]")
{
    const ReadLetter read = read_message("Date: never\r\n\r\n");
    CHECK(read.from.empty());
    CHECK(read.subject.empty());
    CHECK_FALSE(read.date.has_value());
    CHECK(read.text.empty());
    CHECK(read_message("").text.empty());
}
