// Every text of the catalogue against what the project promises about its texts.
#include "sim/text/catalogue.h"
#include "sim/trace/record.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace mailscope;

namespace
{

/// Lessons by the names of their files in scenarios/.
std::set<std::string> shipped_lessons()
{
    std::set<std::string> lessons;
    const std::filesystem::path folder = std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios";
    for (const auto &file : std::filesystem::directory_iterator(folder))
        if (file.path().extension() == ".json" && file.path().stem().extension() != ".schema")
            lessons.insert(file.path().stem().string());
    return lessons;
}

const Catalogue &texts(std::string_view language)
{
    static const Catalogue english = *Catalogue::load("en");
    static const Catalogue japanese = *Catalogue::load("ja");
    return language == "en" ? english : japanese;
}

std::size_t characters(std::string_view utf8)
{
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned>(c) & 0xC0U) != 0x80U;
    }));
}

bool starts_with(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

bool ends_with(std::string_view text, std::string_view suffix)
{
    return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

bool is_interface(const Entry &entry) { return starts_with(entry.key, "ui."); }

std::array<std::string_view, 5> texts_of(const Entry &entry)
{
    return {entry.title, entry.say, entry.detail, entry.cause, entry.remedy};
}

std::set<std::string_view> set_of_names(std::string_view text)
{
    const std::vector<std::string_view> names = names_in(text);
    return {names.begin(), names.end()};
}

/// Calls visit(entry, text) for each text of a language that is not empty.
template <class Visitor> void for_each_text(std::string_view language, Visitor visit)
{
    for (const Entry &entry : texts(language).entries())
        for (const std::string_view text : texts_of(entry))
            if (!text.empty())
                visit(entry, text);
}

} // namespace

TEST_CASE("Every kind of record is explained in both languages", "[text]")
{
    for (const std::string_view language : {"en", "ja"}) {
        for (const KindInfo &kind : record_kinds()) {
            INFO(language << " " << kind.name);
            const Entry &entry = texts(language).get(kind.name);
            CHECK_FALSE(entry.title.empty());
            CHECK_FALSE(entry.say.empty());
        }
    }
}

TEST_CASE("Every key is that of a record's kind, a code, a status, a term or an interface word",
          "[text]")
{
    for (const Entry &entry : texts("en").entries()) {
        const std::string_view group = entry.key.substr(0, entry.key.find('.'));
        const bool known = group == "code" || group == "status" || group == "term" ||
                           group == "ui" || parse_kind(group);
        INFO(entry.key);
        CHECK(known);
        CHECK_FALSE(entry.say.empty());
    }
}

TEST_CASE("Both languages have the same texts with the same names in braces", "[text]")
{
    REQUIRE(texts("en").entries().size() == texts("ja").entries().size());
    for (const Entry &english : texts("en").entries()) {
        INFO(english.key);
        const Entry *japanese = texts("ja").find(english.key);
        REQUIRE(japanese != nullptr);
        for (std::size_t i = 0; i < texts_of(english).size(); ++i) {
            CHECK(texts_of(english)[i].empty() == texts_of(*japanese)[i].empty());
            CHECK(set_of_names(texts_of(english)[i]) == set_of_names(texts_of(*japanese)[i]));
        }
    }
}

TEST_CASE("Texts hold only names in braces that have a meaning", "[text]")
{
    const auto known = text_value_names();
    for (const std::string_view language : {"en", "ja"})
        for_each_text(language, [&](const Entry &entry, std::string_view text) {
            for (const std::string_view name : names_in(text)) {
                INFO(language << " " << entry.key << ": " << name);
                CHECK(std::find(known.begin(), known.end(), name) != known.end());
            }
        });
}

TEST_CASE("A sentence about a record fits on a line", "[text]")
{
    for (const auto &[language, length_max] : {std::pair("en", 150U), std::pair("ja", 70U)})
        for (const Entry &entry : texts(language).entries()) {
            INFO(language << " " << entry.key << ": " << entry.say);
            CHECK(characters(entry.say) <= length_max);
        }
}

TEST_CASE("Details stay at a few sentences", "[text]")
{
    for (const auto &[language, length_max] : {std::pair("en", 330U), std::pair("ja", 170U)})
        for (const Entry &entry : texts(language).entries()) {
            INFO(language << " " << entry.key << ": " << entry.detail);
            CHECK(characters(entry.detail) <= length_max);
        }
}

TEST_CASE("Japanese sentences end with a full stop", "[text]")
{
    for (const Entry &entry : texts("ja").entries()) {
        if (is_interface(entry))
            continue;
        for (const std::string_view text : {entry.say, entry.detail, entry.cause, entry.remedy}) {
            INFO(entry.key << ": " << text);
            CHECK((text.empty() || ends_with(text, "。")));
        }
    }
}

TEST_CASE("Japanese texts use full-width punctuation", "[text]")
{
    for_each_text("ja", [](const Entry &entry, std::string_view text) {
        INFO(entry.key << ": " << text);
        CHECK(text.find_first_of("()!?,;") == std::string_view::npos);
    });
}

TEST_CASE("No text raises its voice", "[text]")
{
    for (const std::string_view language : {"en", "ja"})
        for_each_text(language, [](const Entry &entry, std::string_view text) {
            INFO(entry.key << ": " << text);
            CHECK(text.find('!') == std::string_view::npos);
            CHECK(text.find("！") == std::string_view::npos);
        });
}

TEST_CASE("Every lesson that a text points to is one of ours, and each is pointed to", "[text]")
{
    std::set<std::string> named;
    for (const Entry &entry : texts("en").entries())
        named.insert(entry.lessons.begin(), entry.lessons.end());
    CHECK(named == shipped_lessons());
}

TEST_CASE("A code of trouble says how long it lasts and what to do", "[text]")
{
    for (const Entry &entry : texts("en").entries()) {
        const bool is_code = starts_with(entry.key, "code.") || starts_with(entry.key, "status.");
        if (!is_code)
            continue;
        const char digit = entry.key[entry.key.find('.') + 1];
        const Lasting expected = digit == '4'   ? Lasting::Temporary
                                 : digit == '5' ? Lasting::Permanent
                                                : Lasting::None;
        INFO(entry.key);
        CHECK(entry.lasting == expected);
        CHECK((expected == Lasting::None || entry.fault != Fault::Nobody));
        CHECK((entry.wire.empty() ||
               starts_with("code." + std::string(entry.wire), entry.key.substr(0, 8))));
    }
}
