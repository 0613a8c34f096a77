// Every shipped scenario told from its first record to its last, in both languages.
#include "sim/core/text.h"
#include "sim/world/engine_tables.h"
#include "tests/unit/model/reader.h"

#include <catch2/catch_test_macros.hpp>

#include <cctype>
#include <set>

using namespace mailscope;
using namespace mailscope::viz;
using namespace mailscope::testing;

namespace
{

bool is_japanese(std::string_view text)
{
    // Kana and ideographs, and the punctuation between them: U+3000 to U+9FFF.
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0xE3 && byte <= 0xE9)
            return true;
    }
    return false;
}

/// A run of plain English words that is not in `quoted`, what the wire or the letter said; empty
/// when there is none.
std::string english_in(std::string_view text, std::string_view quoted)
{
    constexpr std::size_t words_that_tell = 4;
    std::size_t start = 0;
    std::size_t words = 0;
    std::size_t i = 0;
    while (i <= text.size()) {
        std::size_t end = i;
        while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end])) != 0)
            ++end;
        const bool is_word = end > i;
        if (is_word) {
            if (words++ == 0)
                start = i;
            i = end;
        }
        const bool goes_on = is_word && i + 1 < text.size() && text[i] == ' ' &&
                             std::isalpha(static_cast<unsigned char>(text[i + 1])) != 0;
        if (!goes_on) {
            const std::string_view run = text.substr(start, i - start);
            if (words >= words_that_tell && quoted.find(run) == std::string_view::npos)
                return std::string(run);
            words = 0;
        }
        ++i;
    }
    return {};
}

/// A name in braces that nothing was put in for, or a key that has no text; empty when there is
/// none.
std::string unfilled_in(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '{')
            continue;
        std::size_t end = i + 1;
        while (end < text.size() &&
               (std::islower(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-'))
            ++end;
        if (end < text.size() && end > i + 1 && text[end] == '}')
            return std::string(text.substr(i, end - i + 1));
    }
    for (const std::string_view key : {"ui.view.", "code.x", "status.4", "status.5"})
        if (text.find(key) != std::string_view::npos)
            return std::string(key);
    return {};
}

/// Complaints about one text; each once.
struct Reading
{
    std::string language;
    std::set<std::string> complaints;

    void check(const char *what, std::string_view text, std::string_view quoted, bool may_be_empty)
    {
        const auto complain = [&](std::string_view why) {
            complaints.insert(std::string(what) + ": " + std::string(why) + ": " +
                              std::string(text));
        };
        if (trim(text).empty()) {
            if (!may_be_empty)
                complain("is empty");
            return;
        }
        if (const std::string name = unfilled_in(text); !name.empty())
            complain("is not filled in: " + name);
        if (language != "ja")
            return;
        const bool is_name = std::string_view(what) == "title" && is_japanese(text);
        if (const std::string run = english_in(text, quoted); !run.empty() && !is_name)
            complain("is English: " + run);
    }
    /// The same for a text that is a sentence of ours.
    void check_sentence(const char *what, std::string_view text, std::string_view quoted)
    {
        check(what, text, quoted, false);
        if (language == "ja" && !is_japanese(text))
            complaints.insert(std::string(what) + ": is not Japanese: " + std::string(text));
    }
};

/// Everything that may be quoted: the letters' subjects and texts, and what was on the wire.
std::string quoted_around(const Moment &now, std::size_t index)
{
    std::string all(now.records[index].text.view());
    for (const std::size_t cause : causes_of(now.records, index))
        all += "\n" + std::string(now.records[cause].text.view());
    for (const ActionSpec &action : now.scenario.story)
        all += "\n" + action.subject;
    return all;
}

void read_step(const Moment &now, const std::vector<std::size_t> &moments, Reading &reading)
{
    const LessonView view = lesson_view(now, moments, {});
    const std::string quoted = quoted_around(now, now.index());
    reading.check("title", view.title, quoted, false);
    reading.check_sentence("sentence", view.say, quoted);
    reading.check("detail", view.detail, quoted, true);
    reading.check("cause", view.cause, quoted, true);
    reading.check("advice", view.advice, quoted, true);
    reading.check("fault", view.fault, quoted, true);
    reading.check("moment", view.moment, quoted, true);
    reading.check("question", view.question_text, quoted, true);
    for (const ChoiceRow &choice : view.choices) {
        reading.check("choice", choice.text, quoted, false);
        reading.check_sentence("why of a choice", choice.why, quoted);
    }
    for (const AnatomyRow &part : view.anatomy)
        reading.check_sentence(("meaning of " + part.digits).c_str(), part.meaning, quoted);
    for (const WhyRow &why : view.why)
        reading.check_sentence("cause in the chain", why.text, quoted);
    reading.check("headline", now.words.headline(now.record()), quoted, false);
}

/// Reads all that is said of a scenario: step by step with its lesson, and of every other record.
Reading read_all(const std::string &scenario, const std::string &language)
{
    Reader reader(scenario, language.c_str());
    const Records &records = reader.timeline.records();
    const std::vector<std::size_t> moments =
        lesson_moments(reader.parsed.scenario, records, reader.words->hosts());
    Reading reading{language, {}};
    for (const StoryStep &step : reader.story->steps()) {
        reader.state.record = step.record;
        read_step(reader.moment(), moments, reading);
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Entry *entry = reader.words->entry(records, records[i]);
        if (entry == nullptr)
            reading.complaints.insert("nothing is said about " +
                                      std::string(info_of(records[i].kind).name));
        if (entry == nullptr || is_step(records[i]))
            continue;
        const std::string_view quoted = records[i].text.view();
        reading.check_sentence("sentence", reader.words->filled(entry->say, records[i]), quoted);
        reading.check("detail", reader.words->filled(entry->detail, records[i]), quoted, true);
    }
    return reading;
}

} // namespace

TEST_CASE("Every scenario is told at every record in English without a gap", "[telling]")
{
    for (const std::string &name : shipped_scenarios()) {
        INFO(name);
        CHECK(read_all(name, "en").complaints == std::set<std::string>{});
    }
}

TEST_CASE("Every scenario is told at every record in Japanese without a gap", "[telling]")
{
    for (const std::string &name : shipped_scenarios()) {
        INFO(name);
        CHECK(read_all(name, "ja").complaints == std::set<std::string>{});
    }
}

TEST_CASE("State diagrams are in Japanese in Japanese, but for protocol words", "[telling]")
{
    // What the wire or the standards call so, and nothing else, is left in small Latin letters.
    const auto is_left = [](std::string_view text) {
        std::size_t small = 0;
        for (const char c : text)
            small += std::islower(static_cast<unsigned char>(c)) != 0 ? 1U : 0U;
        return small > 2 && !is_japanese(text);
    };
    const Reader reader("journey", "ja");
    for (const EngineTable &table : engine_tables())
        for (const EngineStep &row : table.rows()) {
            if (row.refused)
                continue; // Not drawn.
            for (const std::string &text : {row.from, row.input, row.to, row.note}) {
                if (text == "any" || text == "same" || text == "back" || text.starts_with("334 "))
                    continue;
                INFO(table.name << ": " << text);
                CHECK_FALSE(is_left(reader.words->engine(text)));
            }
        }
    // English is the language of the tables.
    const Reader english("journey", "en");
    CHECK(english.words->engine("AskingSender") == "AskingSender");
}
