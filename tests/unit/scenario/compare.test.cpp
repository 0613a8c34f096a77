// One story by POP3 and by webmail, side by side.
#include "sim/scenario/compare.h"

#include "sim/scenario/parse.h"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace mailscope;

namespace
{

Scenario given(const std::string &name)
{
    const ParseResult parsed =
        parse_scenario_file(std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios/" + name + ".json");
    REQUIRE(parsed.is_good());
    return parsed.scenario;
}

Comparison compared(const std::vector<Scenario> &scenarios)
{
    Result<Comparison> comparison = compare(scenarios);
    REQUIRE(comparison);
    return *comparison;
}

/// How many copies of a letter lie at a place, and how many of these were read.
std::pair<int, int> count(const SceneState &state, const std::string &subject, Place place,
                          const std::string &host)
{
    std::pair<int, int> counts;
    for (const Copy &copy : state.copies)
        if (copy.subject == subject && copy.place == place && copy.host == host) {
            counts.first += 1;
            counts.second += copy.seen ? 1 : 0;
        }
    return counts;
}

const std::pair<int, int> none{0, 0};
const std::pair<int, int> unread{1, 0};
const std::pair<int, int> read_one{1, 1};

} // namespace

TEST_CASE("POP3 and webmail part when the laptop has looked for mail", "[scenario][compare]")
{
    const Comparison both = compared({given("two-devices-pop3"), given("two-devices-webmail")});
    REQUIRE(both.scenes.size() == 6);
    CHECK(both.scenes[0].heading.en == "Two letters arrive");
    CHECK(both.scenes[0].states[0].copies == both.scenes[0].states[1].copies);
    REQUIRE(both.first_difference);
    CHECK(both.first_difference->scene == 1);
    CHECK(both.first_difference->scenario == 1);
    REQUIRE(both.first_difference->here);
    CHECK(both.first_difference->here->place == Place::Device);
    REQUIRE(both.first_difference->there);
    CHECK(both.first_difference->there->place == Place::Mailbox);
    CHECK(both.first_difference->there->subject == both.first_difference->here->subject);
}

TEST_CASE("By POP3 letters move to the device, by webmail they stay", "[scenario][compare]")
{
    const Comparison both = compared({given("two-devices-pop3"), given("two-devices-webmail")});
    const ComparedScene &laptop = both.scenes[1];
    CHECK(count(laptop.states[0], "文化祭の係", Place::Device, "hana-laptop") == read_one);
    CHECK(count(laptop.states[0], "Song list", Place::Device, "hana-laptop") == unread);
    CHECK(count(laptop.states[0], "Song list", Place::Mailbox, "mx.example.jp") == none);
    CHECK(count(laptop.states[1], "文化祭の係", Place::Mailbox, "mx.example.jp") == read_one);
    CHECK(count(laptop.states[1], "Song list", Place::Mailbox, "mx.example.jp") == unread);
    for (const ComparedScene &scene : both.scenes)
        for (const Copy &copy : scene.states[1].copies)
            CHECK((copy.place != Place::Device || copy.host == "alice-laptop"));
    const ComparedScene &answer = both.scenes[4];
    const std::string subject = "Re: 文化祭の係";
    CHECK(count(answer.states[0], subject, Place::Sent, "hana-phone") == read_one);
    CHECK(count(answer.states[1], subject, Place::Sent, "mx.example.jp") == read_one);
    const ComparedScene &tidy = both.scenes[5];
    CHECK(count(tidy.states[0], "Song list", Place::Device, "hana-laptop") == unread);
    CHECK(count(tidy.states[1], "Song list", Place::Mailbox, "mx.example.jp") == none);
}

TEST_CASE("What could not be done is told scene by scene", "[scenario][compare]")
{
    const Comparison both = compared({given("two-devices-pop3"), given("two-devices-webmail")});
    REQUIRE(both.scenes[2].states[0].not_done.size() == 1);
    CHECK(both.scenes[2].states[0].not_done[0].host == "hana-phone");
    CHECK(both.scenes[2].states[0].not_done[0].record.text.view() == "no letter: Song list");
    CHECK(both.scenes[2].states[1].not_done.empty());
    CHECK(both.scenes[3].states[0].not_done.empty());
    REQUIRE(both.scenes[3].states[1].not_done.size() == 1);
    CHECK(both.scenes[3].states[1].not_done[0].host == "hana-laptop");
    CHECK(both.scenes[3].states[1].not_done[0].record.text.view() == "offline");
}

TEST_CASE("A story beside itself has no difference", "[scenario][compare]")
{
    const Scenario story = given("two-devices-webmail");
    const Comparison same = compared({story, story, story});
    CHECK_FALSE(same.first_difference);
    CHECK(same.titles.size() == 3);
    CHECK(same.scenes.back().subjects() ==
          std::vector<std::string>{"Re: 文化祭の係", "Song list", "文化祭の係"});
}

TEST_CASE("Stories that are not one story are not compared", "[scenario][compare]")
{
    const Scenario story = given("two-devices-pop3");
    CHECK_FALSE(compare(std::vector<Scenario>{story}));
    CHECK_FALSE(compare(std::vector<Scenario>(4, story)));
    const Result<Comparison> other = compare(std::vector<Scenario>{story, given("pop3-offline")});
    REQUIRE_FALSE(other);
    CHECK(other.error().message.find("scenes") != std::string::npos);
}
