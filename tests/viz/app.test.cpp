// The app without a window: every screen in both languages and themes, driven by input events.
#include "tests/unit/model/reader.h"
#include "tests/viz/stage.h"
#include "viz/model/callout_place.h"
#include "viz/platform/input_queue.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

using namespace mailscope;
using namespace mailscope::viz;
using namespace mailscope::testing;

TEST_CASE("Every screen is drawn in both languages, both themes and all layouts", "[app]")
{
    Stage stage;
    stage.app.set_library({scenario("journey"), scenario("errors-550-user-unknown")});
    for (const char *language : {"en", "ja"})
        for (const bool dark : {true, false})
            for (const auto &[width, height] :
                 {std::pair(1440, 900), std::pair(1280, 720), std::pair(900, 640)}) {
                stage.width = width;
                stage.height = height;
                stage.app.apply({Act::Language, 0, language, {}});
                stage.app.apply({Act::DarkTheme, dark ? 1 : 0, {}, {}});
                stage.app.apply({Act::Library, 0, {}, {}});
                stage.draw();
                CHECK(stage.app.items().before.size() > 8);
                stage.app.open(scenario("errors-550-user-unknown"));
                stage.app.apply({Act::NextTrouble, 0, {}, {}});
                stage.app.apply({Act::Help, 0, {}, {}});
                stage.draw();
                stage.app.apply({Act::Help, 0, {}, {}});
                stage.draw();
                CHECK(colours_in(picture_of_frame(stage.app)) > 100);
                CHECK_FALSE(stage.app.fonts_are_incomplete());
            }
}

TEST_CASE("A story is drawn at every one of its steps", "[app]")
{
    Stage stage;
    for (const char *name : {"journey", "errors-552-mailbox-full", "pop3-race", "nat"}) {
        INFO(name);
        stage.app.open(scenario(name));
        REQUIRE(stage.app.problems().empty());
        const std::size_t steps = stage.app.lesson()->story().steps().size();
        for (std::size_t i = 0; i < steps; ++i) {
            stage.app.apply({Act::GoToStep, static_cast<std::int64_t>(i), {}, {}});
            stage.draw();
        }
        CHECK(stage.app.state().record == stage.app.lesson()->story().steps().back().record);
    }
}

TEST_CASE("Keys walk through the story", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.draw();
    const std::size_t begin = stage.app.state().record;
    stage.key(ImGuiKey_RightArrow);
    const std::size_t second = stage.app.state().record;
    CHECK(second > begin);
    stage.key(ImGuiKey_LeftArrow);
    CHECK(stage.app.state().record == begin);
    stage.key(ImGuiKey_E);
    CHECK(stage.app.lesson()->records()[stage.app.state().record].code == 550);
    stage.key(ImGuiKey_End);
    CHECK(stage.app.state().record == stage.app.lesson()->story().steps().back().record);
    stage.key(ImGuiKey_Home);
    CHECK(stage.app.state().record == begin);
    stage.key(ImGuiKey_T);
    CHECK_FALSE(stage.app.state().dark);
}

TEST_CASE("F looks closely at where it happens now, and at all of the map again", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.key(ImGuiKey_E);
    stage.key(ImGuiKey_F);
    CHECK(stage.app.state().camera.zoom == 2);
    CHECK(stage.app.items().focused_panel() == 1);
    stage.draw();
    Rect map;
    Rect words;
    for (const Item &item : stage.app.items().before) {
        map = item.id == "map" ? item.area : map;
        words = item.id == "callout" ? item.area : words;
    }
    CHECK(words.w > 0);
    CHECK(overlap_of(map, words) == words.w * words.h);
    stage.key(ImGuiKey_F);
    CHECK(stage.app.state().camera.zoom == 1);
}

TEST_CASE("Pressing the remedy makes a branch in which the letter arrives", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.key(ImGuiKey_E);
    stage.click("remedy.correct-address");
    REQUIRE(stage.app.lesson()->timeline().branch_count() == 2);
    CHECK(stage.app.lesson()->timeline().current() == BranchId{1});
    bool delivered = false;
    stage.app.lesson()->records().for_each([&](const Record &record) {
        delivered = delivered || (record.kind == RecordKind::Delivered &&
                                  record.text.view().find("bob") != std::string_view::npos);
    });
    CHECK(delivered);
    stage.click("branch.0");
    CHECK(stage.app.lesson()->timeline().current() == BranchId{0});
}

TEST_CASE("A press on a host shows it in the inspector", "[app]")
{
    Stage stage;
    stage.app.open(scenario("journey"));
    stage.click("host.mx.example.jp");
    CHECK(stage.app.state().tab == InspectorTab::Host);
    CHECK(stage.app.state().host ==
          static_cast<int>(stage.app.lesson()->directory().find("mx.example.jp").value));
}

TEST_CASE("A file with mistakes shows them, and what was open stays", "[app]")
{
    Stage stage;
    stage.app.open(scenario("journey"));
    const std::string before = stage.app.file();
    stage.app.open(std::string(MAILSCOPE_SOURCE_DIR) + "/README.md");
    stage.draw();
    CHECK_FALSE(stage.app.problems().empty());
    CHECK(stage.app.file() == before);
    stage.key(ImGuiKey_Escape);
    CHECK(stage.app.problems().empty());
}

TEST_CASE("A file with mistakes is read again once it is mended, not the one open before", "[app]")
{
    Stage stage;
    stage.app.open(scenario("journey"));
    const auto file = std::filesystem::temp_directory_path() / "mailscope-mended.json";
    std::ofstream(file) << "{";
    stage.app.open(file.string());
    REQUIRE_FALSE(stage.app.problems().empty());
    std::filesystem::copy_file(scenario("null-mx"), file,
                               std::filesystem::copy_options::overwrite_existing);
    stage.app.reload();
    CHECK(stage.app.problems().empty());
    CHECK(stage.app.file() == file.string());
    std::filesystem::remove(file);
}

TEST_CASE("The same moment gives the same picture", "[app]")
{
    const auto picture = [] {
        Stage stage;
        stage.app.open(scenario("journey"));
        stage.app.apply({Act::GoToStep, 20, {}, {}});
        stage.draw();
        return picture_of_frame(stage.app).pixels;
    };
    CHECK(picture() == picture());
}

TEST_CASE("A remedy is compared with the story as it was, side by side", "[app]")
{
    Stage stage;
    for (const char *language : {"en", "ja"}) {
        stage.app.apply({Act::Language, 0, language, {}});
        stage.app.open(scenario("errors-550-user-unknown"));
        stage.app.apply({Act::Compare, 0, {}, {}});
        CHECK(stage.app.state().screen == Screen::Compare);
        stage.app.apply({Act::GoToEnd, 0, {}, {}});
        stage.draw();
        CHECK(colours_in(picture_of_frame(stage.app)) > 100);
        stage.app.apply({Act::Compare, 0, {}, {}});
        CHECK(stage.app.state().screen == Screen::Lesson);
    }
}

TEST_CASE("A question stops the story until it is answered", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.app.state().speed = 1000;
    stage.app.apply({Act::Play, 0, {}, {}});
    for (int i = 0; i < 200 && stage.app.state().playing; ++i)
        build_frame(stage.app, stage.width, stage.height, 0.02F);
    REQUIRE_FALSE(stage.app.state().playing);
    const Record &record = stage.app.lesson()->records()[stage.app.state().record];
    CHECK(record.kind == RecordKind::FailureReported);
    stage.click("choice.1");
    stage.click("check");
    CHECK(stage.app.state().answers.size() == 1);
    stage.app.apply({Act::Play, 0, {}, {}});
    CHECK(stage.app.state().playing);
}

TEST_CASE("A field under the mouse lights its bytes", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.key(ImGuiKey_E);
    stage.draw();
    for (const Item &item : std::vector<Item>(stage.app.items().before))
        if (item.id == "field.2") {
            ImGui::GetIO().AddMousePosEvent(item.area.centre().x, item.area.centre().y);
            stage.draw();
            stage.draw();
        }
    CHECK(stage.app.state().field == 2);
}

TEST_CASE("Changing something here forks the story, and both branches stay", "[app]")
{
    Stage stage;
    stage.app.open(scenario("journey"));
    stage.app.apply({Act::GoToStep, 4, {}, {}});
    stage.app.apply(
        {Act::SelectHost, stage.app.lesson()->directory().find("mx.example.jp").value, {}, {}});
    const std::size_t before = stage.app.lesson()->records().size();
    stage.click("change-here");
    stage.click("change.off mx.example.jp");
    REQUIRE(stage.app.lesson()->timeline().branch_count() == 2);
    CHECK(stage.app.lesson()->timeline().current() == BranchId{1});
    CHECK_FALSE(stage.app.state().changes_open);
    const auto troubles = [&] {
        std::size_t count = 0;
        stage.app.lesson()->records().for_each(
            [&](const Record &record) { count += trouble_of(record) != Trouble::None ? 1U : 0U; });
        return count;
    };
    CHECK(troubles() > 0);
    stage.app.apply({Act::NextBranch, -1, {}, {}});
    CHECK(stage.app.lesson()->timeline().current() == BranchId{0});
    CHECK(stage.app.state().record == stage.app.lesson()->timeline().shared_records(BranchId{1}));
    CHECK(stage.app.lesson()->records().size() == before);
    stage.app.apply({Act::Compare, 0, {}, {}});
    stage.draw();
    CHECK(stage.app.state().screen == Screen::Compare);
}

TEST_CASE("A value is typed for a change: another mailbox is made", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.app.apply(
        {Act::SelectHost, stage.app.lesson()->directory().find("mx.example.jp").value, {}, {}});
    stage.key(ImGuiKey_B);
    stage.click("change.mailbox example.jp");
    REQUIRE(stage.app.state().change == "mailbox example.jp");
    stage.draw();
    stage.key(ImGuiKey_Home);
    ImGui::GetIO().AddInputCharactersUTF8("bbo");
    stage.draw();
    CHECK(stage.app.state().change_value == "bbo@example.jp");
    stage.key(ImGuiKey_Enter);
    REQUIRE(stage.app.lesson()->timeline().branch_count() == 2);
    bool delivered = false;
    stage.app.lesson()->records().for_each([&](const Record &record) {
        delivered = delivered || (record.kind == RecordKind::Delivered &&
                                  record.text.view().find("bbo") != std::string_view::npos);
    });
    CHECK(delivered);
}

TEST_CASE("Playing stops where the reader wants it to", "[app]")
{
    const auto play_to = [](const char *rule) {
        Stage stage;
        stage.app.open(scenario("errors-550-user-unknown"));
        stage.app.apply({Act::SetFilter, 0, rule, {}});
        stage.app.apply({Act::StopAtMatch, 0, {}, {}});
        stage.app.state().speed = 1000;
        stage.app.apply({Act::Play, 0, {}, {}});
        for (int i = 0; i < 200 && stage.app.state().playing; ++i)
            build_frame(stage.app, stage.width, stage.height, 0.01F);
        REQUIRE_FALSE(stage.app.state().playing);
        return stage.app.lesson()->records()[stage.app.state().record];
    };
    CHECK(play_to("reply:5xx").code == 550);
    CHECK(play_to("kind:cache-miss").kind == RecordKind::CacheMiss);
}

TEST_CASE("Step, conversation and letter go to the clipboard", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.app.apply({Act::SetFilter, 0, "kind:reply-sent reply:550", {}});
    stage.app.apply({Act::FindNext, 1, {}, {}});
    stage.app.apply({Act::Copy, static_cast<int>(CopyWhat::Line), {}, {}});
    CHECK_THAT(ImGui::GetClipboardText(), Catch::Matchers::StartsWith("550 5.1.1"));
    stage.app.apply({Act::Copy, static_cast<int>(CopyWhat::Transcript), {}, {}});
    const std::string talk = ImGui::GetClipboardText();
    CHECK(talk.starts_with("S: 220 "));
    CHECK(talk.find("\nC: RCPT TO:<bbo@example.jp>") != std::string::npos);
    stage.app.apply({Act::SetFilter, 0, "kind:content-sent", {}});
    stage.app.apply({Act::FindNext, -1, {}, {}});
    stage.app.apply({Act::Copy, static_cast<int>(CopyWhat::Letter), {}, {}});
    CHECK_THAT(ImGui::GetClipboardText(), Catch::Matchers::ContainsSubstring("\nSubject: "));
}

TEST_CASE("A letter in a mailbox is opened as people read it", "[app]")
{
    Stage stage;
    stage.app.open(scenario("journey"));
    const std::size_t steps = stage.app.lesson()->story().steps().size();
    std::string letter;
    for (std::size_t i = 0; i < steps && letter.empty(); ++i) {
        stage.app.apply({Act::GoToStep, static_cast<std::int64_t>(i), {}, {}});
        for (const mail::Store &store : stage.app.lesson()->timeline().world().stores)
            for (std::uint32_t user = 0; user < store.user_count(); ++user)
                store.mailbox(mail::UserId{user})
                    .inbox()
                    .for_each([&](const mail::StoredLetter &stored) {
                        letter = store.mailbox(mail::UserId{user}).user + " " +
                                 std::to_string(stored.uid);
                    });
    }
    REQUIRE_FALSE(letter.empty());
    stage.app.apply({Act::OpenLetter, 0, letter, {}});
    stage.draw();
    stage.app.apply({Act::Copy, static_cast<int>(CopyWhat::Letter), {}, {}});
    CHECK(std::string(ImGui::GetClipboardText()).find("Received: from") != std::string::npos);
    stage.key(ImGuiKey_Escape);
    CHECK(stage.app.state().letter.empty());
}

TEST_CASE("A picture of one panel is asked for, and has its size", "[app]")
{
    Stage stage;
    stage.app.open(scenario("journey"));
    stage.draw();
    ImGui::GetIO().AddMousePosEvent(200, 200);
    stage.draw();
    stage.app.apply({Act::SavePicture, 1, {}, {}});
    const std::optional<Rect> part = stage.app.take_picture_request();
    REQUIRE(part);
    const Picture picture = picture_of_frame(stage.app, *part);
    CHECK(picture.width == 1040);
    CHECK(picture.height < 600);
    CHECK(colours_in(picture) > 20);
    CHECK_FALSE(stage.app.take_picture_request());
}

TEST_CASE("A host that was dragged has its place in this scenario only", "[app]")
{
    Stage stage;
    stage.app.open(scenario("journey"));
    stage.app.apply({Act::MoveHost, 0, "mx.example.jp", {30, 10}});
    CHECK(stage.app.state().moved_hosts.count("journey.json/mx.example.jp") == 1);
    UiState later;
    read_settings(write_settings(stage.app.state()), later);
    CHECK(later.moved_hosts.count("journey.json/mx.example.jp") == 1);
    stage.app.open(scenario("nat"));
    stage.app.apply({Act::FitMap, 0, {}, {}});
    CHECK(stage.app.state().moved_hosts.size() == 1);
    stage.app.open(scenario("journey"));
    stage.app.apply({Act::FitMap, 0, {}, {}});
    CHECK(stage.app.state().moved_hosts.empty());
}

TEST_CASE("The ladder shows packets, and only what the query matches", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.key(ImGuiKey_E);
    stage.app.apply({Act::SetGrain, static_cast<int>(Grain::Record), {}, {}});
    stage.app.apply({Act::RecordOn, 0, {}, {}});
    stage.draw();
    stage.app.apply({Act::SetGrain, static_cast<int>(Grain::Step), {}, {}});
    stage.app.apply({Act::SetFilter, 0, "protocol:dns", {}});
    stage.app.apply({Act::FilterLadder, 0, {}, {}});
    stage.draw();
    std::size_t rows = 0;
    for (const Item &item : stage.app.items().before)
        rows += item.id.starts_with("ladder.") ? 1U : 0U;
    CHECK(rows > 2);
}

TEST_CASE("The Why list reaches its root, however little room there is", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-552-mailbox-full"));
    stage.app.apply({Act::SetFilter, 0, "kind:delivery-failed status:5.2.2", {}});
    stage.app.apply({Act::FindNext, 1, {}, {}});
    for (const int height : {720, 900, 1080}) {
        INFO("height " << height);
        stage.height = height;
        stage.draw();
        stage.draw();
        std::string last;
        for (const Item &item : stage.app.items().before)
            if (item.id.starts_with("why."))
                last = item.id;
        CHECK(last == "why.5");
    }
}

TEST_CASE("Keys and chords pressed and let go within one slow frame are all obeyed", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.draw();
    const std::size_t first = stage.app.state().record;
    ImGuiIO &io = ImGui::GetIO();
    const auto tap = [&](ImGuiKey key) {
        io.AddKeyEvent(key, true);
        io.AddKeyEvent(key, false);
    };
    const auto chord = [&](ImGuiKey with, ImGuiKey key) {
        io.AddKeyEvent(with, true);
        tap(key);
        io.AddKeyEvent(with, false);
    };
    // As a window draws: while input waits, and no longer.
    const auto settle = [&] {
        int frames = 0;
        do {
            stage.draw();
            ++frames;
        } while (has_input_waiting() && frames < 100);
        return frames;
    };
    tap(ImGuiKey_End);
    chord(ImGuiMod_Shift, ImGuiKey_E); // Back to the last error.
    tap(ImGuiKey_RightArrow);
    tap(ImGuiKey_RightArrow);
    chord(ImGuiMod_Ctrl, ImGuiKey_Equal); // Larger.
    chord(ImGuiMod_Ctrl, ImGuiKey_Equal);
    chord(ImGuiMod_Ctrl, ImGuiKey_Q);
    CHECK(settle() > 3); // More than a window draws after the last event.
    const Story &story = stage.app.lesson()->story();
    const std::size_t error = *story.last_trouble(story.steps().back().record);
    CHECK(story.step_at(stage.app.state().record) == story.step_at(error) + 2);
    CHECK(stage.app.state().record > first);
    CHECK(stage.app.state().scale == 1.5F);
    CHECK(stage.app.wants_to_quit());
}

namespace
{

/// What the lesson said and asked while its story was played at full speed from the beginning.
struct Played
{
    std::set<int> asked;
    std::set<std::string> said;
    bool came_to_the_end = false;
};

void play(Stage &stage, Played &played)
{
    const auto look = [&] {
        UiState &state = stage.app.state();
        const Lesson &lesson = *stage.app.lesson();
        const Moment now{lesson.scenario(),
                         lesson.records(),
                         lesson.timeline().world(),
                         lesson.story(),
                         stage.app.words(),
                         state,
                         nullptr};
        return lesson_view(now, lesson.moments(), {});
    };
    stage.app.apply({Act::SetSpeed, 1000, {}, {}});
    for (int i = 0; i < 20'000 && !played.came_to_the_end; ++i) {
        if (!stage.app.state().playing) {
            const LessonView view = look();
            if (view.question >= 0 && stage.app.state().answers.count(view.question) == 0) {
                played.asked.insert(view.question);
                stage.app.apply({Act::Skip, 0, {}, {}});
            }
            const auto &steps = stage.app.lesson()->story().steps();
            played.came_to_the_end = stage.app.state().record >= steps.back().record;
            stage.app.apply({Act::Play, 0, {}, {}});
        }
        // So little that no step is passed unseen.
        stage.app.play_on(0.5F);
        played.said.insert(look().moment);
    }
}

} // namespace

TEST_CASE("Every lesson pauses where it asks, says all it has to say, and comes to its end",
          "[app]")
{
    for (const std::string &name : shipped_scenarios()) {
        Stage stage;
        stage.app.open(scenario(name));
        REQUIRE(stage.app.problems().empty());
        Played played;
        play(stage, played);
        INFO(name);
        CHECK(played.came_to_the_end);
        // Some moments come only after something was mended.
        const Scenario &told = stage.app.lesson()->scenario();
        for (const RemedySpec &remedy : told.remedies) {
            stage.app.apply({Act::TryRemedy, 0, remedy.id, {}});
            played.came_to_the_end = false;
            play(stage, played);
        }
        for (std::size_t i = 0; i < told.lesson.size(); ++i) {
            const MomentSpec &moment = told.lesson[i];
            INFO("at " << moment.when);
            if (!moment.question.en.empty())
                CHECK(played.asked.count(static_cast<int>(i)) == 1);
            if (!moment.say.en.empty())
                CHECK(std::any_of(played.said.begin(), played.said.end(),
                                  [&](const std::string &said) {
                                      return said.find(moment.say.en) != std::string::npos;
                                  }));
        }
    }
}
