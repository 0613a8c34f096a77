// The app on a stage: without a window, driven by events as a hand would do.
//
// A context of its own, keys and clicks by the names of things, and what a picture holds. Every
// verb draws the frames that a person would wait for.
#pragma once

#include "viz/main/picture.h"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

namespace mailscope::testing
{

using namespace mailscope::viz;

inline std::string scenario(const std::string &name)
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

inline std::size_t colours_in(const Picture &picture)
{
    std::set<std::uint32_t> colours;
    for (std::size_t i = 0; i + 3 < picture.pixels.size(); i += 4)
        colours.insert(static_cast<std::uint32_t>(
            picture.pixels[i] << 16U | picture.pixels[i + 1] << 8U | picture.pixels[i + 2]));
    return colours.size();
}

} // namespace mailscope::testing
