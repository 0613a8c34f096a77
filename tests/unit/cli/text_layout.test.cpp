// Text in columns: what a terminal shows of it.
#include "sim/cli/text_layout.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope::cli;
using Lines = std::vector<std::string>;

TEST_CASE("Japanese characters take two columns, combining marks none", "[cli]")
{
    CHECK(display_width("mail") == 4);
    CHECK(display_width("手紙") == 4);
    CHECK(display_width("mail は手紙") == 11);
    CHECK(display_width("e\xCC\x81") == 1);
}

TEST_CASE("Lines break between words, and between Japanese characters", "[cli]")
{
    CHECK(wrap("one two three", 7) == Lines{"one two", "three"});
    CHECK(wrap("手紙は届きました", 8) == Lines{"手紙は届", "きました"});
    CHECK(wrap("a-word-longer-than-the-line", 8) == Lines{"a-word-longer-than-the-line"});
    CHECK(wrap("", 8) == Lines{""});
}

TEST_CASE("No line begins with a closing mark or ends with an opening one", "[cli]")
{
    CHECK(wrap("届きました。", 10) == Lines{"届きまし", "た。"});
    CHECK(wrap("これは「手紙」", 8) == Lines{"これは", "「手紙」"});
}

TEST_CASE("Latin words stay whole inside Japanese", "[cli]")
{
    CHECK(wrap("これは alice の手紙", 10) == Lines{"これは", "alice の手", "紙"});
    CHECK(wrap("これはaliceの手紙", 10) == Lines{"これは", "aliceの手", "紙"});
}

TEST_CASE("A cut text says that it was cut", "[cli]")
{
    CHECK(cut("subject", 7) == "subject");
    CHECK(cut("a long subject", 7) == "a long…");
    CHECK(cut("長い件名です", 8) == "長い件…");
}

TEST_CASE("Nothing from a peer reaches the terminal as an order", "[cli]")
{
    CHECK(printable("\x1b[2Jplain") == "\\x1b[2Jplain");
    CHECK(printable("bad \xFF octet") == "bad \\xff octet");
    CHECK(printable("\xC2\x9B") == "\\xc2");
    CHECK(printable("手紙") == "手紙");
}
