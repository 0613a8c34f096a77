// Where the callout goes.
#include "viz/model/callout_place.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope::viz;

TEST_CASE("Words stand beside what they point to, and not over it", "[callout]")
{
    const Rect area{0, 0, 900, 300};
    const Point target{450, 150};
    const Rect box = place_callout(area, target, 300, 66, {}).box;
    CHECK_FALSE(box.contains(target.x, target.y));
    CHECK(overlap_of(box, {420, 120, 60, 60}) == 0);
    CHECK(box.x <= target.x);
    CHECK(box.right() >= target.x);
}

TEST_CASE("Words go where nothing is hidden while there is such a place", "[callout]")
{
    const Rect area{0, 0, 900, 300};
    std::vector<Obstacle> obstacles;
    for (float x = 0; x < 900; x += 90)
        for (float y = 0; y < 300; y += 60)
            if (x < 500 || y > 150)
                obstacles.push_back({{x, y, 50, 40}, 1});
    const CalloutPlace place = place_callout(area, {200, 150}, 300, 66, obstacles);
    const Rect box = place.box;
    CHECK(place.hidden == 0);
    for (const Obstacle &obstacle : obstacles)
        CHECK(overlap_of(box, obstacle.area) == 0);
    CHECK(box.right() <= area.right());
    CHECK(box.bottom() <= area.bottom());
}
