// The app without a window: every screen in both languages and themes, driven by input events.
#include "viz/main/picture.h"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace mailscope;
using namespace mailscope::viz;

namespace
{

std::string scenario(const std::string &name)
{
    return std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios/" + name + ".json";
}

/// An app in a context of its own.
struct Stage
{
    HeadlessContext context;
    App app{faces_of(find_fonts()), {}};
    int width = 1440;
    int height = 900;

    void draw() { build_frame(app, width, height, 0); }

    void key(ImGuiKey which)
    {
        ImGui::GetIO().AddKeyEvent(which, true);
        draw();
        ImGui::GetIO().AddKeyEvent(which, false);
        draw();
    }

    /// Presses the thing of that name in its middle.
    void click(const std::string &id)
    {
        draw();
        for (const Item &item : app.items().before)
            if (item.id == id) {
                const Point at = item.area.centre();
                ImGuiIO &io = ImGui::GetIO();
                io.AddMousePosEvent(at.x, at.y);
                draw();
                io.AddMouseButtonEvent(0, true);
                draw();
                io.AddMouseButtonEvent(0, false);
                draw();
                draw();
                return;
            }
        FAIL("nothing to press is called " << id);
    }
};

std::size_t colours_in(const Picture &picture)
{
    std::set<std::uint32_t> colours;
    for (std::size_t i = 0; i + 3 < picture.pixels.size(); i += 4)
        colours.insert(static_cast<std::uint32_t>(
            picture.pixels[i] << 16U | picture.pixels[i + 1] << 8U | picture.pixels[i + 2]));
    return colours.size();
}

} // namespace

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
