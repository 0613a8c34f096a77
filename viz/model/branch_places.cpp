// Where the names of branches stand under the timeline.
#include "viz/model/branch_places.h"

#include <algorithm>
#include <cstddef>

namespace mailscope::viz
{
namespace
{

constexpr float between = 10;

} // namespace

std::vector<float> branch_places(const std::vector<BranchPill> &branches, HeadPill head,
                                 float right)
{
    std::vector<float> places;
    const auto meets_head = [&](float left, float width) {
        return left < head.right + between && left + width > head.left - between;
    };
    float free = 0;
    for (const BranchPill &branch : branches) {
        float left = std::max(free, branch.from > 0 ? branch.from + between : 0);
        if (meets_head(left, branch.width))
            left = head.right + between;
        places.push_back(left);
        free = left + branch.width + between;
    }
    float limit = right;
    for (std::size_t i = branches.size(); i-- > 0;) {
        places[i] = std::min(places[i], limit - branches[i].width);
        if (meets_head(places[i], branches[i].width))
            places[i] = head.left - between - branches[i].width;
        limit = places[i] - between;
    }
    return places;
}

} // namespace mailscope::viz
