// Runs as people read them, word for word, in both languages, and pages that a command prints.
// UPDATE_GOLDEN=1 rewrites the files; a person reads the difference.
#include "tests/support/command.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace
{

void check_golden(const std::string &name, const std::string &text)
{
    const std::string path = std::string(MAILSCOPE_SOURCE_DIR) + "/" + name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr)
        std::ofstream(path, std::ios::binary) << text;
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream expected;
    expected << file.rdbuf();
    CHECK(text == expected.str());
}

std::string told(const std::string &scenario, const std::string &language)
{
    const std::string file = std::string(MAILSCOPE_SOURCE_DIR) + "/tests/golden/" + scenario;
    std::string text = mailscope::test::command({"run", file + ".json", "--lang", language}).out;
    // The file's place on this machine is no part of the story.
    const std::string place = std::string(MAILSCOPE_SOURCE_DIR) + "/";
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place))
        text.erase(at, place.size());
    return text;
}

} // namespace

TEST_CASE("A letter's journey reads as its golden text", "[golden]")
{
    check_golden("tests/golden/letter.en.txt", told("letter", "en"));
    check_golden("tests/golden/letter.ja.txt", told("letter", "ja"));
}

TEST_CASE("A refused letter reads as its golden text, with cause and remedies", "[golden]")
{
    check_golden("tests/golden/refused.en.txt", told("refused", "en"));
    check_golden("tests/golden/refused.ja.txt", told("refused", "ja"));
}

TEST_CASE("The documentation has the state tables of all engines", "[golden]")
{
    check_golden("docs/states.md", mailscope::test::command({"states"}).out);
}
