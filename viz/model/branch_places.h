// Where the names of branches stand under the timeline.
//
// Each stands to the right of the step at which it leaves the story, so that one sees where a
// what-if begins, and none covers the number under the playhead.
#pragma once

#include <vector>

namespace mailscope::viz
{

/// The name of a branch.
struct BranchPill
{
    float from = 0;  ///< where the branch leaves; the main story does at the left end
    float width = 0; ///< of its name
};

/// The number under the playhead.
struct HeadPill
{
    float left = 0;
    float right = 0;
};

/// The left end of each name, in order. Where they would go beyond `right` they stand closer to
/// the left end 0; names that have no room at all overlap nothing but the left end.
std::vector<float> branch_places(const std::vector<BranchPill> &branches, HeadPill head,
                                 float right);

} // namespace mailscope::viz
