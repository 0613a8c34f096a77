// Stories side by side, as plain values.
#include "viz/model/compare_view.h"

#include "tests/unit/model/reader.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::viz;
using mailscope::testing::Reader;

TEST_CASE("Who has no mail in any of the stories takes no room from those who have", "[compare]")
{
    Reader pop("two-devices-pop3");
    Reader imap("two-devices-imap");
    const CompareView view =
        compare_view({pop.at("kind:fetch-began"), imap.at("kind:fetch-began")}, {});
    REQUIRE(view.columns.size() == 2);
    for (const CompareColumn &column : view.columns) {
        REQUIRE(column.devices.size() == 2); // Alice's reads nothing.
        CHECK(column.devices[0].name == "Hana’s laptop");
        CHECK(column.devices[1].name == "Hana’s phone");
        CHECK(column.mailboxes.size() == 2); // Hers gets an answer in the end.
    }
}

TEST_CASE("The shared story goes by the scenario's own scenes", "[compare]")
{
    const auto row = [](const char *title, std::size_t bar, bool is_now, bool is_scene) {
        return ChapterRow{title, bar, bar, is_now, static_cast<int>(bar), is_scene};
    };
    const std::vector<ChapterRow> scenes =
        scenes_of({row("Morning", 0, false, true), row("Submission", 1, false, false),
                   row("Evening", 2, false, true), row("Fetching mail", 3, true, false)});
    REQUIRE(scenes.size() == 2);
    CHECK(!scenes[0].is_now);
    CHECK(scenes[0].last == 1);
    CHECK(scenes[1].title == "Evening");
    CHECK(scenes[1].is_now);
    // One name alone tells no story.
    CHECK(scenes_of({row("Morning", 0, false, true), row("Submission", 1, true, false)}).size() ==
          2);
}

TEST_CASE("Letters in a person's own folder are counted, and told with the folder's name",
          "[compare][folders]")
{
    Reader pop("folder-pop3");
    Reader imap("folder-imap");
    // The end of the story by both; the last fetch brings nothing by POP3.
    const CompareView view = compare_view(
        {pop.at("kind:action-failed"), imap.at("kind:letter-vanished host:hana-laptop")}, {});
    REQUIRE(view.columns.size() == 2);
    CHECK(view.columns[0].facts[0].value == view.columns[1].facts[0].value); // on servers
    CHECK(view.columns[0].mailboxes[0].letters ==
          std::vector<std::string>{"歌の候補", "練習の時間"});
    CHECK(view.columns[1].mailboxes[0].letters ==
          std::vector<std::string>{"合唱/歌の候補", "合唱/練習の時間"});
    CHECK(view.columns[0].devices[0].letters ==
          std::vector<std::string>{"練習の時間", "合唱/歌の候補"});
}
