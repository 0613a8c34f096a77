// Line breaking in both languages.
#include "viz/model/wrap.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope::viz;

namespace
{

/// Every character is one wide, as on a terminal with one column for each.
float count(std::string_view text)
{
    float characters = 0;
    for (const char c : text)
        characters += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0.0F : 1.0F;
    return characters;
}

using Lines = std::vector<std::string>;

} // namespace

TEST_CASE("English breaks between words", "[wrap]")
{
    CHECK(wrap_lines("the mailbox is full", 11, count) == Lines{"the mailbox", "is full"});
}

TEST_CASE("Japanese breaks between characters but no line begins with a full stop", "[wrap]")
{
    CHECK(wrap_lines("届きました。次へ", 5, count) == Lines{"届きまし", "た。次へ"});
}

TEST_CASE("No line ends with an opening bracket", "[wrap]")
{
    CHECK(wrap_lines("記録（メール）", 3, count) == Lines{"記録", "（メー", "ル）"});
}

TEST_CASE("A host name inside Japanese stays whole", "[wrap]")
{
    CHECK(wrap_lines("次は mx.example.jp です", 15, count) ==
          Lines{"次は", "mx.example.jp で", "す"});
}

TEST_CASE("A word wider than the line is cut between characters", "[wrap]")
{
    CHECK(wrap_lines("abcdefgh", 3, count) == Lines{"abc", "def", "gh"});
    CHECK(wrap_lines("é", 0, count) == Lines{"é"});
}
