// Whatever is done to a good file, the parser answers with diagnostics and never with a crash.
#include "sim/core/limits.h"
#include "sim/core/rng.h"
#include "tests/unit/scenario/scenario_files.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

std::size_t below(Rng &rng, std::size_t limit)
{
    return rng.below(static_cast<std::uint32_t>(limit));
}

// Values to put in the place of others.
constexpr std::string_view replacements[] = {"null",     "true",
                                             "-1",       "1e5",
                                             "[]",       "{}",
                                             "\"\"",     "\"\\u0000\"",
                                             "[[[[]]]]", "18446744073709551616",
                                             "\"日本\"", "{\"a\":{\"b\":[1]}}"};

void mutate(std::string &text, Rng &rng)
{
    const std::size_t at = below(rng, text.size());
    const std::size_t length = 1 + below(rng, 8);
    switch (below(rng, 6)) {
    case 0:
        text.erase(at, length);
        break;
    case 1:
        text.resize(at);
        break;
    case 2:
        std::swap(text[at], text[below(rng, text.size())]);
        break;
    case 3:
        text[at] = static_cast<char>(below(rng, 256));
        break;
    case 4:
        text.insert(at, text.substr(below(rng, text.size()), 40));
        break;
    default: {
        // From here to the next comma or line end: often a whole value.
        const std::size_t begin = text.find(": ", at);
        if (begin != text.npos)
            text.replace(begin + 2, text.find_first_of(",}\n", begin) - begin - 2,
                         replacements[below(rng, std::size(replacements))]);
    }
    }
    if (text.empty())
        text = " ";
}

void check_sane(const ParseResult &result)
{
    std::uint32_t line = 0;
    for (const Diagnostic &diagnostic : result.diagnostics) {
        REQUIRE((diagnostic.line >= line || diagnostic.line == 0));
        line = diagnostic.line;
        REQUIRE_FALSE(diagnostic.found.empty());
        REQUIRE_FALSE(diagnostic.expected.empty());
        REQUIRE_FALSE(to_string(diagnostic).empty());
    }
}

} // namespace

TEST_CASE("A mutated scenario is refused or read, and never crashes the parser", "[scenario]")
{
    for (const auto &path : files_in(scenario_files / "good", ".json")) {
        const std::string good = read_text(path);
        for (std::uint64_t seed = 0; seed < 1500; ++seed) {
            INFO(path.filename() << ", seed " << seed);
            Rng rng(seed, "mutation");
            std::string text = good;
            for (std::size_t i = 0; i <= seed % 4; ++i)
                mutate(text, rng);
            check_sane(parse_scenario(text, "mutated.json"));
        }
    }
}

TEST_CASE("Depth and size have limits", "[scenario]")
{
    const auto first_found = [](const std::string &text) {
        const ParseResult result = parse_scenario(text, "x.json");
        REQUIRE_FALSE(result.is_good());
        return result.diagnostics[0].found;
    };
    CHECK(first_found(std::string(1'000'000, '[')) == "more than 64 levels of nesting");
    CHECK(first_found(std::string(limits::scenario_bytes_max + 1, ' ')) == "4194305 bytes");
    std::string many = "[0";
    while (many.size() < 400'000)
        many += ",0";
    CHECK(first_found(many + "]") == "more than 100000 values");
}
