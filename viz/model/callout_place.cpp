// A place for the callout.
#include "viz/model/callout_place.h"

#include <algorithm>
#include <cmath>

namespace mailscope::viz
{
namespace
{

constexpr float step_x = 20;
constexpr float step_y = 11;
constexpr float margin = 6;
constexpr float now_ring = 34;      ///< around the target: the now ring and its glow
constexpr float below_machine = 60; ///< from below: its name and address, too
constexpr float pointer_long = 14;  ///< length of the pointer
constexpr float box_corner = 24;    ///< of the box, from which no pointer leaves
/// Farther off no place is looked for, while there is one nearer.
constexpr float callout_reach = 320;
constexpr float line_step = 6; ///< between the points of a pointer's line that are looked at

float distance(const Rect &box, Point target)
{
    const float dx = std::max({box.x - target.x, 0.0F, target.x - box.right()});
    const float dy = std::max({box.y - target.y, 0.0F, target.y - box.bottom()});
    // Above and below it is read together with its target best.
    return std::hypot(dx * 2, dy);
}

/// What the line from the box to its target crosses.
float crossed_by(const Rect &box, Point target, const std::vector<Obstacle> &obstacles)
{
    const CalloutPointer pointer = pointer_of(box, target);
    const float length = std::hypot(pointer.end.x - pointer.tip.x, pointer.end.y - pointer.tip.y);
    float crossed = 0;
    for (float at = 0; at < length; at += line_step) {
        const float share = at / length;
        const float x = pointer.tip.x + (pointer.end.x - pointer.tip.x) * share;
        const float y = pointer.tip.y + (pointer.end.y - pointer.tip.y) * share;
        for (const Obstacle &obstacle : obstacles)
            if (obstacle.area.contains(x, y))
                crossed += obstacle.weight * line_step * line_step;
    }
    return crossed;
}

} // namespace

CalloutPointer pointer_of(const Rect &box, Point target)
{
    CalloutPointer pointer;
    float clear = now_ring;
    const bool beside = target.x < box.x - now_ring / 2 || target.x > box.right() + now_ring / 2;
    pointer.level =
        beside && target.y > box.y - now_ring / 2 && target.y < box.bottom() + now_ring / 2;
    if (pointer.level) {
        const bool right = target.x > box.right();
        const float y = std::clamp(target.y, box.y + box_corner / 2, box.bottom() - box_corner / 2);
        pointer.base = {right ? box.right() - 1 : box.x + 1, y};
        pointer.tip = {right ? std::min(target.x - 20, box.right() + pointer_long)
                             : std::max(target.x + 20, box.x - pointer_long),
                       y};
    } else {
        const bool above = box.centre().y < target.y;
        clear = above ? now_ring : below_machine;
        const float x = std::clamp(target.x, box.x + box_corner, box.right() - box_corner);
        pointer.base = {x, above ? box.bottom() - 1 : box.y + 1};
        pointer.tip = {x, above ? std::min(target.y - 20, box.bottom() + pointer_long)
                                : std::max(target.y + 20, box.y - pointer_long)};
    }
    pointer.end = pointer.tip;
    const float length = std::hypot(target.x - pointer.tip.x, target.y - pointer.tip.y);
    if (length > clear + 4) {
        const float share = (length - clear) / length;
        pointer.end = {pointer.tip.x + (target.x - pointer.tip.x) * share,
                       pointer.tip.y + (target.y - pointer.tip.y) * share};
    }
    return pointer;
}

float overlap_of(const Rect &a, const Rect &b)
{
    const float w = std::min(a.right(), b.right()) - std::max(a.x, b.x);
    const float h = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    return w > 0 && h > 0 ? w * h : 0.0F;
}

CalloutPlace place_callout(const Rect &area, Point target, float width, float height,
                           const std::vector<Obstacle> &obstacles, float nearness, float at_most)
{
    const Rect around{target.x - now_ring, target.y - now_ring, 2 * now_ring, 2 * now_ring};
    CalloutPlace best{{area.x + margin, area.y + margin, width, height}, -1, 0, -1};
    float least = at_most;
    const auto try_box = [&](const Rect &box) {
        const float far = distance(box, target);
        const float near = far * nearness;
        if (least >= 0 && near >= least)
            return;
        float hidden = overlap_of(box, around) * 30;
        for (const Obstacle &obstacle : obstacles) {
            if (least >= 0 && near + hidden >= least)
                return;
            hidden += overlap_of(box, obstacle.area) * obstacle.weight;
        }
        if (least >= 0 && near + hidden >= least)
            return;
        const float crossed = crossed_by(box, target, obstacles);
        if (least >= 0 && near + hidden + crossed >= least)
            return;
        least = near + hidden + crossed;
        best = {box, hidden, crossed, far};
    };
    // The neighbourhood; where the target lies outside the map, all of it.
    float from_y = std::max(area.y + margin, target.y - callout_reach - height);
    float to_y = std::min(area.bottom() - height - margin, target.y + callout_reach);
    float from_x = std::max(area.x + margin, target.x - callout_reach - width);
    float to_x = std::min(area.right() - width - margin, target.x + callout_reach);
    if (from_x > to_x || from_y > to_y) {
        from_x = area.x + margin;
        from_y = area.y + margin;
        to_x = area.right() - width - margin;
        to_y = area.bottom() - height - margin;
    }
    // A few places first: what they cost refuses most of the others at once.
    for (const float few : {4.0F, 1.0F})
        for (float y = from_y; y <= to_y; y += step_y * few)
            for (float x = from_x; x <= to_x; x += step_x * few)
                try_box({x, y, width, height});
    return best;
}

} // namespace mailscope::viz
