// How mistakes are printed, sorted and counted, and which names are near.
#include "sim/scenario/diagnostics.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;

namespace
{

// The printed form of a mistake about `part` of a one-line text.
std::string as_printed(const std::string &text, const std::string &part)
{
    const SourceMap map(text);
    DiagnosticList list("x.json", map);
    list.add({text.find(part), part.size(), "seed", "it", "that", ""});
    return to_string(list.take().at(0));
}

} // namespace

TEST_CASE("A diagnostic reads like a compiler's message", "[scenario]")
{
    const SourceMap map("{\n  \"seed\": \"abc\"\n}");
    DiagnosticList list("scenarios/x.json", map);
    list.add({12, 5, "world.seed", "\"abc\"", "an integer", "7"});
    CHECK(to_string(list.take().at(0)) ==
          "scenarios/x.json:2:11: error: world.seed: found \"abc\", expected an integer; "
          "did you mean \"7\"?\n"
          "      \"seed\": \"abc\"\n"
          "              ^~~~~\n");
}

TEST_CASE("The mark stands below the value after wide characters and tabs", "[scenario]")
{
    CHECK(as_printed("日本 x", "x") == "x.json:1:4: error: seed: found it, expected that\n"
                                       "    日本 x\n"
                                       "         ^\n");
    CHECK(as_printed("\ta\tx", "x") == "x.json:1:4: error: seed: found it, expected that\n"
                                       "    \ta\tx\n"
                                       "    \t \t^\n");
    CHECK(as_printed("a 日本", "日本") == "x.json:1:3: error: seed: found it, expected that\n"
                                          "    a 日本\n"
                                          "      ^~~~\n");
}

TEST_CASE("A long line is cut around the place", "[scenario]")
{
    const std::string text = std::string(300, 'a') + "X" + std::string(300, 'b');
    CHECK(as_printed(text, "X") == "x.json:1:301: error: seed: found it, expected that\n"
                                   "    ..." +
                                       std::string(50, 'a') + "X" + std::string(49, 'b') +
                                       "...\n"
                                       "    " +
                                       std::string(53, ' ') + "^\n");
}

TEST_CASE("Control characters and broken UTF-8 are not printed as they are", "[scenario]")
{
    CHECK(as_printed("\x1B[2J\xFFx", "x").find_first_of("\x1B\xFF") == std::string::npos);
    CHECK(in_quotes("a\nb\x07") == "\"a\\nb\xEF\xBF\xBD\"");
}

TEST_CASE("Diagnostics come in order of position", "[scenario]")
{
    const SourceMap map("a\nb\nc");
    DiagnosticList list("x.json", map);
    for (const std::size_t offset : {4U, 0U, 2U})
        list.add({offset, 1, "", "it", "that", ""});
    const std::vector<Diagnostic> sorted = list.take();
    CHECK(sorted.at(0).line == 1);
    CHECK(sorted.at(1).line == 2);
    CHECK(sorted.at(2).line == 3);
}

TEST_CASE("Mistakes beyond the limit are counted", "[scenario]")
{
    const SourceMap map("a");
    DiagnosticList list("x.json", map);
    for (std::size_t i = 0; i < DiagnosticList::kept_max + 5; ++i)
        list.add({0, 1, "", "it", "that", ""});
    const std::vector<Diagnostic> kept = list.take();
    REQUIRE(kept.size() == DiagnosticList::kept_max + 1);
    CHECK(to_string(kept.back()) == "x.json: error: found 5 more mistakes, expected a scenario\n");
}

TEST_CASE("A misspelt name is near the right one", "[scenario]")
{
    const std::vector<std::string_view> names{"quota", "filled", "size_limit", "mx.example.jp"};
    CHECK(nearest_name("qouta", names) == "quota");
    CHECK(nearest_name("Quota", names) == "quota");
    CHECK(nearest_name("sizelimit", names) == "size_limit");
    CHECK(nearest_name("size-limit", names) == "size_limit");
    CHECK(nearest_name("mx.exmaple.jp", names) == "mx.example.jp");
    CHECK(nearest_name("recipients", names).empty());
    CHECK(nearest_name("", names).empty());
    CHECK(nearest_name(std::string(1000, 'q'), names).empty());
}
