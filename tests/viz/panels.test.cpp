// What can be done in single panels, driven by input events.
#include "sim/scenario/parse.h"
#include "tests/viz/stage.h"
#include "viz/main/bench.h"
#include "viz/model/callout_place.h"
#include "viz/platform/window.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <set>

using namespace mailscope;
using namespace mailscope::viz;
using namespace mailscope::testing;

TEST_CASE("The state diagram of a conversation is shown, and another one is chosen", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.app.apply({Act::SetFilter, 0, "kind:command-sent text:RCPT", {}});
    stage.app.apply({Act::FindNext, 1, {}, {}});
    stage.click("tab.state");
    REQUIRE(stage.app.state().tab == InspectorTab::State);
    const std::size_t before = colours_in(picture_of_frame(stage.app));
    CHECK(before > 100);
    stage.click("engine.1");
    CHECK(stage.app.state().engine == 1);
}

TEST_CASE("Another conversation is chosen in the dialogue, and the story goes on from the step",
          "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.key(ImGuiKey_E);
    stage.click("talks");
    REQUIRE(stage.app.state().talks_open);
    stage.draw();
    std::string other;
    for (const Item &item : stage.app.items().before)
        if (item.id.starts_with("talk."))
            other = item.id; // The last one: the oldest.
    REQUIRE_FALSE(other.empty());
    stage.click(other);
    CHECK("talk." + std::to_string(stage.app.state().talk) == other);
    CHECK_FALSE(stage.app.state().talks_open);
    stage.key(ImGuiKey_RightArrow);
    CHECK(stage.app.state().talk == -1);
}

TEST_CASE("A reply of many lines is unfolded by a click and by a key, and folded again", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.app.apply({Act::SetFilter, 0, "kind:reply-sent text:250-", {}});
    stage.app.apply({Act::FindNext, 1, {}, {}});
    const auto record = static_cast<int>(stage.app.state().record);
    stage.click("fold." + std::to_string(record));
    CHECK(stage.app.state().unfolded.count(record) == 1);
    stage.key(ImGuiKey_U);
    CHECK(stage.app.state().unfolded.empty());
    // The content of a letter, too.
    stage.app.apply({Act::SetFilter, 0, "kind:content-sent", {}});
    stage.app.apply({Act::FindNext, -1, {}, {}});
    stage.key(ImGuiKey_U);
    CHECK(stage.app.state().unfolded.size() == 1);
    CHECK(stage.app.state().dialog_scroll > 20);
    stage.draw();
}

TEST_CASE("Why is asked from a badge, and the chain is marked on map and ladder", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.key(ImGuiKey_E);
    stage.click("badge.mx.example.com.0");
    REQUIRE(stage.app.state().why_of >= 0);
    CHECK(stage.app.state().show_why);
    const Record &effect =
        stage.app.lesson()->records()[static_cast<std::size_t>(stage.app.state().why_of)];
    CHECK(effect.kind == RecordKind::MessageAccepted);
    const std::size_t here = stage.app.state().record;
    // Along the chain it stays; anywhere else it ends.
    stage.click("why.2");
    CHECK(stage.app.state().record < here);
    CHECK(stage.app.state().why_of >= 0);
    stage.key(ImGuiKey_End);
    CHECK(stage.app.state().why_of == -1);
}

TEST_CASE("Bars between panels are dragged, kept, and put back", "[app]")
{
    Stage stage;
    stage.app.open(scenario("journey"));
    stage.draw();
    const auto area = [&](const std::string &id) {
        for (const Item &item : stage.app.items().before)
            if (item.id == id)
                return item.area;
        return Rect{};
    };
    const Rect bar = area("bar.0");
    const float map = area("map").h;
    REQUIRE(bar.w > 0);
    ImGuiIO &io = ImGui::GetIO();
    io.AddMousePosEvent(bar.centre().x, bar.centre().y);
    stage.draw();
    io.AddMouseButtonEvent(0, true);
    stage.draw();
    io.AddMousePosEvent(bar.centre().x, bar.centre().y + 60);
    stage.draw();
    io.AddMouseButtonEvent(0, false);
    stage.draw();
    stage.draw();
    CHECK(area("map").h > map + 40);
    UiState later;
    read_settings(write_settings(stage.app.state()), later);
    CHECK(later.shares.map > 0.5F);
    stage.key(ImGuiKey_R);
    stage.draw();
    CHECK(area("map").h == map);
}

TEST_CASE("Everything that can be pressed is reached by Tab, panel by panel", "[app]")
{
    Stage stage;
    for (const auto &[width, height] : {std::pair(1440, 900), std::pair(1280, 720)}) {
        stage.width = width;
        stage.height = height;
        stage.app.open(scenario("errors-550-user-unknown"));
        stage.app.apply({Act::NextTrouble, 0, {}, {}});
        stage.app.items().focus.clear();
        stage.draw();
        stage.draw();
        std::set<std::string> all;
        for (const Item &item : stage.app.items().before)
            all.insert(item.id);
        std::set<std::string> reached;
        std::vector<int> panels;
        for (std::size_t i = 0; i < stage.app.items().before.size() + 2; ++i) {
            stage.key(ImGuiKey_Tab);
            reached.insert(stage.app.items().focus);
            if (panels.empty() || panels.back() != stage.app.items().focused_panel())
                panels.push_back(stage.app.items().focused_panel());
        }
        CHECK(reached == all);
        CHECK(std::is_sorted(panels.begin(), panels.end() - 1));
        stage.app.items().focus.clear();
        stage.key(ImGuiKey_F6);
        CHECK(stage.app.items().focused_panel() == 0);
        stage.key(ImGuiKey_F6);
        CHECK(stage.app.items().focused_panel() == 1);
    }
}

TEST_CASE("Japanese that is typed into the library's search finds lessons", "[app]")
{
    Stage stage;
    stage.app.set_library({scenario("journey"), scenario("errors-550-user-unknown")});
    stage.app.apply({Act::Language, 0, "ja", {}});
    stage.draw();
    stage.key(ImGuiKey_Slash);
    ImGui::GetIO().AddInputCharactersUTF8("打ち間違い");
    stage.draw();
    stage.draw();
    CHECK(stage.app.state().search == "打ち間違い");
    CHECK_FALSE(stage.app.fonts_are_incomplete());
    std::size_t cards = 0;
    for (const Item &item : stage.app.items().before)
        cards += item.id.starts_with("card.") ? 1U : 0U;
    CHECK(cards == 1);
    // Enter leads to it, and Enter opens it.
    stage.key(ImGuiKey_Enter);
    CHECK(stage.app.items().focus.starts_with("card."));
    REQUIRE(stage.app.lesson() == nullptr);
    stage.key(ImGuiKey_Enter);
    CHECK(stage.app.lesson() != nullptr);
}

TEST_CASE("The words about the present step hide no machine in a small window", "[app]")
{
    Stage stage;
    std::size_t hidden = 0;
    std::size_t steps = 0;
    for (const auto &[width, height] : {std::pair(1280, 720), std::pair(1366, 768)})
        for (const char *name : {"journey", "errors-552-mailbox-full", "errors-550-user-unknown"}) {
            stage.width = width;
            stage.height = height;
            stage.app.open(scenario(name));
            const std::size_t count = stage.app.lesson()->story().steps().size();
            for (std::size_t i = 0; i < count; i += 3) {
                stage.app.apply({Act::GoToStep, static_cast<std::int64_t>(i), {}, {}});
                stage.draw();
                Rect box;
                for (const Item &item : stage.app.items().before)
                    if (item.id == "callout")
                        box = item.area;
                for (const Item &item : stage.app.items().before)
                    if (item.id.starts_with("host.") &&
                        overlap_of(box, item.area) > item.area.w * item.area.h * 0.25F) {
                        UNSCOPED_INFO(name << " " << width << " step " << i << " " << item.id);
                        ++hidden;
                    }
                ++steps;
            }
        }
    CHECK(hidden == 0);
    CHECK(steps > 100);
}

TEST_CASE("A long story of many letters is measured, and shown as flows", "[app]")
{
    Stage stage;
    REQUIRE(open_crowd(stage.app, 1));
    stage.draw();
    const Measures measures = measure(stage.app, stage.width, stage.height, 3);
    CHECK(measures.records > 10'000);
    CHECK(measures.under_way > 100);
    CHECK(measures.frames == 3);
    CHECK(to_json(measures).find("\"under_way\":" + std::to_string(measures.under_way)) !=
          std::string::npos);
    stage.app.apply({Act::ZoomMap, 500, {}, {}});
    stage.draw();
    CHECK(colours_in(picture_of_frame(stage.app)) > 100);
}

namespace
{

/// The app as a window's owner, without the window.
class Owner : public WindowOwner
{
public:
    explicit Owner(App &app) : app_(app) {}

    float scale() const override { return 1; }
    bool prepare_fonts(float) override { return false; }
    void frame(float, float, float) override {}
    bool is_moving() const override { return app_.is_moving(); }
    bool wants_to_close() const override { return false; }
    void files_dropped(const std::vector<std::string> &paths) override { app_.drop(paths); }
    unsigned background() const override { return 0; }

private:
    App &app_;
};

} // namespace

TEST_CASE("A file dropped onto the window opens, and a bad one shows its mistakes", "[app]")
{
    Stage stage;
    Owner owner(stage.app);
    const std::string good = scenario("nat");
    const char *paths[] = {good.c_str()};
    drop_files(owner, 1, paths);
    stage.draw();
    CHECK(stage.app.file() == good);
    CHECK(stage.app.state().screen == Screen::Lesson);
    const std::string bad = std::string(MAILSCOPE_SOURCE_DIR) + "/README.md";
    const char *others[] = {bad.c_str()};
    drop_files(owner, 1, others);
    stage.draw();
    CHECK_FALSE(stage.app.problems().empty());
    CHECK(stage.app.file() == good);
    drop_files(owner, 0, nullptr);
    CHECK(stage.app.file() == good);
}

TEST_CASE("What a query matches is counted once, and again when the query or the story changes",
          "[app]")
{
    Result<std::unique_ptr<Lesson>> lesson =
        Lesson::open(parse_scenario_file(scenario("errors-550-user-unknown")).scenario);
    REQUIRE(lesson.has_value());
    const auto rule = [](std::string_view text) { return StopRule::parse(text, {}).value(); };
    const std::size_t refused = (*lesson)->count("reply:5xx", rule("reply:5xx"));
    CHECK(refused > 0);
    // Kept by the text: another rule would count all records.
    CHECK((*lesson)->count("reply:5xx", rule("")) == refused);
    CHECK((*lesson)->count("", rule("")) == (*lesson)->records().size());
    (*lesson)->try_remedy((*lesson)->scenario().remedies.front());
    CHECK((*lesson)->count("", rule("")) == (*lesson)->records().size());
}

TEST_CASE("A conversation on the ladder is unfolded and folded by its sign", "[app]")
{
    Stage stage;
    stage.app.open(scenario("errors-550-user-unknown"));
    stage.key(ImGuiKey_E);
    const auto signs = [&] {
        std::vector<std::string> found;
        stage.draw();
        for (const Item &item : stage.app.items().before)
            if (item.id.starts_with("unfold."))
                found.push_back(item.id);
        return found;
    };
    const std::vector<std::string> before = signs();
    REQUIRE_FALSE(before.empty());
    const std::size_t here = stage.app.state().record;
    stage.click(before.back());
    CHECK(stage.app.state().open_talks.size() == 1);
    CHECK(stage.app.state().record == here);
    REQUIRE_FALSE(signs().empty());
    stage.click(signs().back());
    CHECK(stage.app.state().open_talks.empty());
}
