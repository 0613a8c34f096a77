// Panels in windows of all sizes.
#include "viz/model/screen_layout.h"

#include "viz/model/callout_place.h"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace mailscope::viz;

TEST_CASE("Panels stay inside the window and apart from each other", "[layout]")
{
    for (const auto &[width, height] : std::vector<std::pair<float, float>>{
             {1440, 900}, {1920, 1080}, {1280, 720}, {1280, 800}, {853, 480}, {1024, 768}}) {
        INFO(width << "x" << height);
        const ScreenLayout screen = layout_screen(width, height);
        std::vector<Rect> areas = {screen.top, screen.map, screen.ladder, screen.lesson,
                                   screen.timeline};
        if (screen.kind != LayoutKind::Focus)
            areas.push_back(screen.dialog);
        if (screen.kind == LayoutKind::Wide)
            areas.push_back(screen.inspector);
        for (std::size_t i = 0; i < areas.size(); ++i) {
            CHECK(areas[i].x >= 0);
            CHECK(areas[i].right() <= width);
            CHECK(areas[i].bottom() <= height);
            CHECK(areas[i].w > 200);
            CHECK(areas[i].h >= 40);
            for (std::size_t j = i + 1; j < areas.size(); ++j)
                CHECK(overlap_of(areas[i], areas[j]) == 0);
        }
    }
}

TEST_CASE("A window of the design's size has the design's measures", "[layout]")
{
    const ScreenLayout screen = layout_screen(1440, 900);
    CHECK(screen.kind == LayoutKind::Wide);
    CHECK(screen.lesson.w == 372);
    CHECK(screen.timeline.h == 98);
    CHECK(screen.map.w == 1040);
}
