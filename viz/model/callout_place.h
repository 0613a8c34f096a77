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
    float hidden = 0;  ///< weighted pixels of obstacles
    float crossed = 0; ///< the same of the line to what it points to
    float far = 0;     ///< from that
};

/// From a box to what it tells of: a triangle's base and tip, and where the line behind it ends.
struct CalloutPointer
{
    Point base; ///< middle of it, on the edge of the box
    Point tip;
    Point end;          ///< outside the ring around the target; `tip` where no line is needed
    bool level = false; ///< from the left or right edge
};

CalloutPointer pointer_of(const Rect &box, Point target);

/// The place of a box of `width` × `height` inside `area` that points to `target`: it hides least,
/// its pointer crosses least, and it is near: a pixel farther away costs as much as `nearness`
/// pixels hidden. With `at_most` only a place that costs less is wanted; without one `hidden` is
/// below 0. Cost: some hundred places against all obstacles.
CalloutPlace place_callout(const Rect &area, Point target, float width, float height,
                           const std::vector<Obstacle> &obstacles, float nearness = 3,
                           float at_most = -1);

/// Pixels that two boxes share.
float overlap_of(const Rect &a, const Rect &b);

} // namespace mailscope::viz
