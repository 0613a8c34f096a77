// The catalogue: loading, finding, filling in.
#include "sim/text/catalogue.h"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

using namespace mailscope;

namespace
{

Catalogue loaded(std::string_view language)
{
    Result<Catalogue> catalogue = Catalogue::load(language);
    INFO((catalogue ? "" : catalogue.error().message));
    REQUIRE(catalogue.has_value());
    return std::move(*catalogue);
}

std::string_view key_of(const Entry *entry) { return entry == nullptr ? "nothing" : entry->key; }

} // namespace

TEST_CASE("A language that nobody wrote is refused with the ones there are", "[text]")
{
    const Result<Catalogue> catalogue = Catalogue::load("fr");
    REQUIRE_FALSE(catalogue.has_value());
    CHECK(catalogue.error().message == "language fr: expected en or ja");
    CHECK_FALSE(Catalogue::load("").has_value());
}

TEST_CASE("An entry has its language's words and the facts that all languages share", "[text]")
{
    const Catalogue english = loaded("en");
    const Catalogue japanese = loaded("ja");
    const Entry &code = japanese.get("code.550.5.1.1");
    CHECK(code.title == "550 User Unknown（利用者が見つからない）");
    CHECK(code.fault == Fault::Sender);
    CHECK(code.lasting == Lasting::Permanent);
    CHECK(code.rfc == "RFC 3463 3.2");
    CHECK(std::vector<std::string_view>(code.lessons.begin(), code.lessons.end()) ==
          std::vector<std::string_view>{"errors-550-user-unknown"});
    CHECK(english.get("code.550.5.1.1").title == "550 User Unknown");
    CHECK(english.get("code.550.5.1.1").wire == code.wire);
    CHECK(english.language() == "en");
}

TEST_CASE("A key that is missing gives an empty entry", "[text]")
{
    const Catalogue catalogue = loaded("en");
    CHECK(catalogue.find("no-such-key") == nullptr);
    CHECK(catalogue.find("") == nullptr);
    CHECK(catalogue.get("no-such-key").say.empty());
    CHECK(catalogue.ui("no-such-word").empty());
    CHECK(catalogue.starting_with("no-such-key").empty());
}

TEST_CASE("The first key that is there wins", "[text]")
{
    const Catalogue catalogue = loaded("en");
    const std::vector<std::string> keys = {"reply-sent.smtp.550.5.9.9", "reply-sent.smtp.550",
                                           "reply-sent"};
    CHECK(key_of(catalogue.find_first(keys)) == "reply-sent.smtp.550");
    CHECK(catalogue.find_first({}) == nullptr);
}

TEST_CASE("What people type leads to the entry they mean", "[text]")
{
    const Catalogue catalogue = loaded("en");
    CHECK(key_of(catalogue.look_up("550")) == "code.550");
    CHECK(key_of(catalogue.look_up(" 550 5.1.1 ")) == "code.550.5.1.1");
    CHECK(key_of(catalogue.look_up("4.4.3")) == "status.4.4.3");
    CHECK(key_of(catalogue.look_up("MX")) == "term.mx");
    CHECK(key_of(catalogue.look_up("Return-Path")) == "term.reverse-path");
    CHECK(key_of(catalogue.look_up("不達通知")) == "term.bounce");
    CHECK(key_of(catalogue.look_up("command-sent.smtp.EHLO")) == "command-sent.smtp.EHLO");
    CHECK(key_of(catalogue.look_up("555")) == "nothing");
    CHECK(key_of(catalogue.look_up("")) == "nothing");
}

TEST_CASE("A prefix gives all cases of a code in order", "[text]")
{
    const Catalogue catalogue = loaded("ja");
    std::vector<std::string_view> found;
    for (const Entry &entry : catalogue.starting_with("code.552."))
        found.push_back(entry.key);
    CHECK(found == std::vector<std::string_view>{"code.552.5.2.2", "code.552.5.3.4"});
}

TEST_CASE("No word that people type stands for two entries", "[text]")
{
    const Catalogue catalogue = loaded("en");
    std::set<std::string_view> names;
    for (const Entry &entry : catalogue.entries())
        for (const std::string_view name : entry.names) {
            INFO(entry.key << ": " << name);
            CHECK(names.insert(name).second);
        }
}

TEST_CASE("Values take the place of the names in braces", "[text]")
{
    const TextValues values = {{"host", "mx.example.jp"}, {"who", "bob"}, {"why", "{host}"}};
    CHECK(fill("{host} refused {who}.", values) == "mx.example.jp refused bob.");
    CHECK(fill("{who}{who}", values) == "bobbob");
    CHECK(fill("no names", values) == "no names");
    CHECK(fill("", values).empty());
    SECTION("what a value brings along is not looked at again")
    {
        CHECK(fill("{why}", values) == "{host}");
    }
    SECTION("a known name without a value leaves nothing behind")
    {
        CHECK(fill("port {port}.", values) == "port .");
    }
    SECTION("what is no name stays as it is")
    {
        CHECK(fill("{nobody} {} {host", values) == "{nobody} {} {host");
        CHECK(fill("}{", values) == "}{");
        CHECK(fill("{ {who} }", values) == "{ bob }");
    }
}

TEST_CASE("Names in braces are found, known or not", "[text]")
{
    CHECK(names_in("{host} and {nobody}, {") == std::vector<std::string_view>{"host", "nobody"});
}
