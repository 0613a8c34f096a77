// Names of branches stand where they leave the story.
#include "viz/model/branch_places.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope::viz;

namespace
{

using Places = std::vector<float>;

} // namespace

TEST_CASE("A branch has its name to the right of the step where it leaves", "[branches]")
{
    CHECK(branch_places({{0, 50}, {200, 100}}, {500, 526}, 1000) == Places{0, 210});
    CHECK(branch_places({{0, 50}, {20, 100}}, {500, 526}, 1000) == Places{0, 60});
}

TEST_CASE("No name stands over the number under the playhead", "[branches]")
{
    // At the fork itself: right beside the number, as a branch that leaves from it.
    CHECK(branch_places({{0, 50}, {313, 100}}, {300, 326}, 1000) == Places{0, 336});
    CHECK(branch_places({{0, 50}, {220, 100}}, {300, 326}, 1000) == Places{0, 336});
    CHECK(branch_places({{0, 50}}, {0, 26}, 1000) == Places{36});
}

TEST_CASE("At the right end names stand to the left", "[branches]")
{
    CHECK(branch_places({{0, 50}, {950, 100}}, {400, 426}, 1000) == Places{0, 900});
    // Left of the number where they would cover it.
    CHECK(branch_places({{0, 50}, {913, 100}}, {900, 926}, 1000) == Places{0, 790});
    CHECK(branch_places({{0, 50}, {940, 100}, {940, 200}}, {10, 36}, 1000) == Places{46, 690, 800});
}
