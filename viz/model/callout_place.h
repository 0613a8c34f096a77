// Where the words about the present step stand on the map.
//
// Nothing that says something may be hidden: icons, names, addresses, captions, the way of what
// flies. Each is an obstacle with a weight; the box goes where it hides least, and near what it
// points to. Some things are lost when more than a little of them is hidden, and a place that loses
// less is better however far it is. Numbers only, so that it can be tested.
#pragma once

#include "viz/model/rows.h"

#include <optional>
#include <vector>

namespace mailscope::viz
{

struct Obstacle
{
    Rect area;
    float weight = 1;  ///< for each pixel that is hidden
    float spared = 0;  ///< so many pixels may be hidden; more, and it is lost
    unsigned loss = 0; ///< how bad that is; 0: it cannot be lost
};

/// What a place costs. Any loss is worse than any price.
struct PlaceCost
{
    unsigned lost = 0;
    float price = 0; ///< in weighted pixels

    bool operator<(const PlaceCost &other) const
    {
        return lost != other.lost ? lost < other.lost : price < other.price;
    }
};

struct CalloutPlace
{
    Rect box;
    float hidden = 0; ///< weighted pixels of obstacles
    PlaceCost cost;   ///< of what is hidden and crossed, and of the way
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

struct PlaceRules
{
    float nearness = 3;             ///< what a pixel farther away costs
    unsigned long_loss = 0;         ///< a line so long that it is not read together with its target
    std::optional<PlaceCost> bound; ///< only a place that costs less is wanted
};

/// The place of a box of `width` × `height` inside `area` that points to `target`: it loses least;
/// then it hides least, its pointer crosses least, and it is near. Nothing, where no place costs
/// less than the bound. Cost: some hundred places against all obstacles; where each of them loses
/// something, some thousand.
std::optional<CalloutPlace> find_callout(const Rect &area, Point target, float width, float height,
                                         const std::vector<Obstacle> &obstacles,
                                         const PlaceRules &rules);

/// The same by the rules as they are: there is always a place.
CalloutPlace place_callout(const Rect &area, Point target, float width, float height,
                           const std::vector<Obstacle> &obstacles);

/// Pixels that two boxes share.
float overlap_of(const Rect &a, const Rect &b);

} // namespace mailscope::viz
