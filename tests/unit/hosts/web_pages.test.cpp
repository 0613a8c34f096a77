// The pages of the webmail service: what is written is what a browser sees.
#include "sim/hosts/web_pages.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::web;

namespace
{

const std::string nasty = "</td><script>\"x\" & 'y' <b> \\ 太郎";

FolderPage a_folder()
{
    FolderPage page;
    page.head = {"Inbox", "bob@example.jp"};
    page.path = "/mail";
    page.letters = {{7, nasty, nasty, "today", "<1.\"x\"@example.com>", 120, false},
                    {3, "Alice", "Old", "then", "", 90, true}};
    page.used_bytes = 210;
    page.quota_bytes = 1000;
    page.older_than = 3;
    return page;
}

} // namespace

TEST_CASE("What is escaped comes back as it was", "[hosts][webmail]")
{
    CHECK(escape_html("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    CHECK(unescape_html(escape_html(nasty)) == nasty);
    CHECK(unescape_html("&amp;lt; &unknown;") == "&lt; &unknown;");
    CHECK(escape_html(std::string("a\0b\x1b", 4)) == "ab");
}

TEST_CASE("Nothing that a letter says becomes a tag", "[hosts][webmail]")
{
    LetterPage page;
    page.head = {nasty, "bob@example.jp"};
    page.path = "/mail/7";
    page.letter.from = {{nasty, {"x", "example.com"}}};
    page.letter.subject = nasty;
    page.letter.text = nasty;
    page.letter.attachments = {{nasty, nasty, 5, 1}};
    for (const std::string &text : {html(page), html(a_folder())}) {
        CHECK(text.find("<script") == std::string::npos);
        CHECK(text.find("<b>") == std::string::npos);
    }
}

TEST_CASE("A browser sees the folder as it is", "[hosts][webmail]")
{
    const SeenPage seen = read_page(html(a_folder()));
    CHECK(seen.title == "Inbox");
    CHECK_FALSE(seen.asks_login);
    REQUIRE(seen.letters.size() == 2);
    CHECK(seen.letters[0].uid == 7);
    CHECK(seen.letters[0].subject == nasty);
    CHECK(seen.letters[0].message_id == "<1.\"x\"@example.com>");
    CHECK_FALSE(seen.letters[0].seen);
    CHECK(seen.letters[1].seen);
}

TEST_CASE("A browser sees notices, forms and the letter shown", "[hosts][webmail]")
{
    CHECK(read_page(html(NoticePage{{"Log in", ""}, "No & no", "", "", true, false})).asks_login);
    CHECK(read_page(html(NoticePage{{"Log in", ""}, "No & no"})).problem == "No & no");
    CHECK(read_page(html(NoticePage{{"Sent", "bob"}, "", "250 Ok", "<1@x>"})).message == "250 Ok");
    CHECK(read_page(html(NoticePage{{"Sent", "bob"}, "", "250 Ok", "<1@x>"})).message_id ==
          "<1@x>");
    CHECK(read_page("220 mx.example.jp ESMTP").letters.empty());
    CHECK(read_page("<tbody><tr><tr></tr>").title.empty());
}

TEST_CASE("The JSON says the same as the HTML", "[hosts][webmail]")
{
    const auto folder = nlohmann::json::parse(json(a_folder()));
    CHECK(folder["user"] == "bob@example.jp");
    CHECK(folder["letters"][0]["subject"] == nasty);
    CHECK(folder["letters"][0]["seen"] == false);
    CHECK(folder["quota"] == 1000);
    LetterPage page;
    page.letter.text = "line\nline\t\x01\xFF";
    page.letter.attachments = {{"a\"b", "image/png", 5, 1}};
    const auto letter = nlohmann::json::parse(json(page));
    CHECK(letter["text"] == "line\nline\t\x01\xEF\xBF\xBD");
    CHECK(letter["attachments"][0]["name"] == "a\"b");
    CHECK(nlohmann::json::parse(json(NoticePage{{"Sent", ""}, "", "250 Ok"}))["message"] ==
          "250 Ok");
    CHECK(nlohmann::json::parse(json(NoticePage{{"x", ""}, "no"}))["problem"] == "no");
}
