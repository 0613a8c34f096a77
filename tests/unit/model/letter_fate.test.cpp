// An error is told in three sentences: what was refused, where the letter is, what happens next.
#include "viz/model/letter_fate.h"

#include "tests/unit/model/reader.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::viz;
using mailscope::testing::Reader;

TEST_CASE("A refused recipient: the letter is in its server's queue, and is given up", "[fate]")
{
    Reader reader("errors-550-user-unknown");
    CHECK(letter_fate(reader.at("kind:recipient-refused")) ==
          "The message is in the queue of mx.example.com. "
          "mx.example.com gives up and reports to alice@example.com.");
    // The reply itself decides nothing yet.
    CHECK(letter_fate(reader.at("kind:reply-sent reply:550")) ==
          "The message is in the queue of mx.example.com.");
    CHECK(letter_fate(reader.at("kind:reply-sent reply:250")).empty());
}

TEST_CASE("A temporary error leaves the letter in the queue for another try", "[fate]")
{
    Reader reader("errors-450-greylisting", "ja");
    CHECK(letter_fate(reader.at("kind:deferred")) ==
          "メールは mx.example.com のキューにあります。mx.example.com はあとでもう一度送ります。");
}

TEST_CASE("A letter that its own server refuses stays with its writer", "[fate]")
{
    Reader reader("errors-552-message-too-large");
    const std::string told = letter_fate(reader.at("kind:submission-refused"));
    CHECK(told == "The message is in the Outbox of alice-laptop. "
                  "It stays there until something is corrected and it is sent again.");
    const LessonView lesson = lesson_view(reader.moment(), {}, {});
    CHECK(lesson.say.find(told) != std::string::npos);
}

TEST_CASE("Errors without a letter have no fate to tell", "[fate]")
{
    Reader reader("pop3-wrong-password");
    CHECK(letter_fate(reader.at("kind:login-failed")).empty());
}
