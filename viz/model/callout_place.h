// Where the words about the present step stand on the map.
//
// Nothing that says something may be hidden: icons, names, addresses, captions, the way of what
// flies. Each is an obstacle with a weight; the box goes where it hides least, and near what it
// points to. Numbers only, so that it can be tested.
#pragma once

#include "viz/model/rows.h"

#include <vector>

namespace mailscope::viz
{

struct Obstacle
{
    Rect area;
    float weight = 1; ///< for each pixel that is hidden
};

struct CalloutPlace
{
    Rect box;
    float hidden = 0; ///< weighted pixels of obstacles
    float far = 0;    ///< from what it points to
};

/// The place of a box of `width` × `height` inside `area` that points to `target`. Cost: some
/// hundred places against all obstacles.
CalloutPlace place_callout(const Rect &area, Point target, float width, float height,
                           const std::vector<Obstacle> &obstacles);

/// Pixels that two boxes share.
float overlap_of(const Rect &a, const Rect &b);

} // namespace mailscope::viz
