// Lanes of the ladder get their room by what is written between them.
#include "viz/model/lane_places.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope::viz;

TEST_CASE("Lanes without words stand evenly", "[lanes]")
{
    CHECK(lane_places({}, {}, 400).empty());
    CHECK(lane_places({50}, {}, 400) == std::vector<float>{200});
    const std::vector<float> places = lane_places({40, 40, 40, 40}, {}, 400);
    REQUIRE(places.size() == 4);
    CHECK(places[0] == 400 - places[3]);
    CHECK(places[1] - places[0] == places[2] - places[1]);
}

TEST_CASE("The room goes where words want it", "[lanes]")
{
    const std::vector<float> heads = {60, 40, 80};
    const std::vector<float> places = lane_places(heads, {{1, 2, 250}, {2, 1, 100}}, 400);
    REQUIRE(places.size() == 3);
    CHECK(places[2] - places[1] >= 250);
    CHECK(places[1] - places[0] >= 60);
    CHECK(places[0] >= 30);
    CHECK(places[2] <= 400 - 40);
}

TEST_CASE("Words across a lane share the distances that they cross", "[lanes]")
{
    const std::vector<float> places = lane_places({20, 20, 20}, {{2, 0, 300}}, 320);
    REQUIRE(places.size() == 3);
    CHECK(places[1] - places[0] == places[2] - places[1]);
    CHECK(places[2] - places[0] == 300);
}

TEST_CASE("Too many words share what there is, and names of lanes never overlap", "[lanes]")
{
    const std::vector<float> heads = {60, 60, 60, 60};
    const std::vector<float> places =
        lane_places(heads, {{0, 1, 170}, {1, 2, 270}, {2, 3, 70}}, 400);
    REQUIRE(places.size() == 4);
    const float first = places[1] - places[0];
    const float second = places[2] - places[1];
    CHECK(second > first);
    CHECK(first > 70);
    CHECK(places[3] - places[2] == 70);
    CHECK(places[3] <= 400 - 30 + 0.01F);
}
