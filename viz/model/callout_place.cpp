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
constexpr float margin_below = 1;   ///< below: there is room under the machines
constexpr float now_ring = 34;      ///< around the target: the now ring and its glow
constexpr float below_machine = 60; ///< from below: its name and address, too
constexpr float pointer_long = 14;  ///< length of the pointer
constexpr float box_corner = 24;    ///< of the box, from which no pointer leaves
/// Farther off no place is looked for, while there is one nearer.
constexpr float callout_reach = 320;
constexpr float longest_line = 210; ///< a longer one is not read together with its target
constexpr float struck_out = 60;    ///< weight of what can be lost, for a line that runs through it
constexpr float line_step = 6;      ///< between the points of a pointer's line that are looked at

float distance(const Rect &box, Point target)
{
    const float dx = std::max({box.x - target.x, 0.0F, target.x - box.right()});
    const float dy = std::max({box.y - target.y, 0.0F, target.y - box.bottom()});
    // Above and below it is read together with its target best.
    return std::hypot(dx * 2, dy);
}

float line_of(const CalloutPointer &pointer)
{
    return std::hypot(pointer.end.x - pointer.tip.x, pointer.end.y - pointer.tip.y);
}

/// What the line from the box to its target crosses.
float crossed_by(const CalloutPointer &pointer, const std::vector<Obstacle> &obstacles)
{
    const float length = line_of(pointer);
    float crossed = 0;
    for (int step = 0; static_cast<float>(step) * line_step < length; ++step) {
        const float share = static_cast<float>(step) * line_step / length;
        const float x = pointer.tip.x + (pointer.end.x - pointer.tip.x) * share;
        const float y = pointer.tip.y + (pointer.end.y - pointer.tip.y) * share;
        for (const Obstacle &obstacle : obstacles)
            if (obstacle.area.contains(x, y))
                crossed += std::max(obstacle.weight, obstacle.loss > 0 ? struck_out : 0.0F) *
                           line_step * line_step;
    }
    return crossed;
}

bool is_same_place(float a, float b) { return b - a < 1; }

/// Looks for the place that costs least.
class Search
{
public:
    Search(Point target, const std::vector<Obstacle> &obstacles, const PlaceRules &rules)
        : target_(target), obstacles_(obstacles), rules_(rules), least_(rules.bound)
    {
    }

    void try_box(const Rect &box);
    void try_edges(const Rect &corners, float width, float height);
    bool loses() const { return !least_ || least_->lost > 0; }
    const std::optional<CalloutPlace> &best() const { return best_; }

private:
    Point target_;
    const std::vector<Obstacle> &obstacles_;
    const PlaceRules &rules_;
    std::optional<PlaceCost> least_;
    std::optional<CalloutPlace> best_;
};

void Search::try_box(const Rect &box)
{
    const Rect around{target_.x - now_ring, target_.y - now_ring, 2 * now_ring, 2 * now_ring};
    const float way = distance(box, target_) * rules_.nearness;
    PlaceCost cost{0, way};
    const auto is_worse = [&] { return least_ && !(cost < *least_); };
    if (is_worse())
        return;
    cost.price += overlap_of(box, around) * 30;
    for (const Obstacle &obstacle : obstacles_) {
        const float shared = overlap_of(box, obstacle.area);
        if (shared <= 0)
            continue;
        cost.price += shared * obstacle.weight;
        if (shared > obstacle.spared)
            cost.lost += obstacle.loss;
        if (is_worse())
            return;
    }
    const float hidden = cost.price - way;
    const CalloutPointer pointer = pointer_of(box, target_);
    if (line_of(pointer) > longest_line)
        cost.lost += rules_.long_loss;
    cost.price += crossed_by(pointer, obstacles_);
    if (is_worse())
        return;
    least_ = cost;
    best_ = {box, hidden, cost};
}

/// Places that just lose nothing: at the edges of what can be lost, with a little of it hidden.
void Search::try_edges(const Rect &corners, float width, float height)
{
    std::vector<float> xs = {corners.x, corners.right()};
    std::vector<float> ys = {corners.y, corners.bottom()};
    const auto add = [](std::vector<float> &to, float at, float from, float end) {
        if (at >= from && at <= end)
            to.push_back(at);
    };
    for (const Obstacle &obstacle : obstacles_) {
        if (obstacle.loss == 0)
            continue;
        const Rect &area = obstacle.area;
        const float in = obstacle.spared / (area.w * area.h);
        add(xs, area.right() - area.w * in, corners.x, corners.right());
        add(xs, area.x + area.w * in - width, corners.x, corners.right());
        add(ys, area.bottom() - area.h * in, corners.y, corners.bottom());
        add(ys, area.y + area.h * in - height, corners.y, corners.bottom());
    }
    for (std::vector<float> *places : {&xs, &ys}) {
        std::sort(places->begin(), places->end());
        places->erase(std::unique(places->begin(), places->end(), is_same_place), places->end());
    }
    // Wanted is less lost, at any price.
    if (least_)
        least_->price = 0;
    for (const float y : ys)
        for (const float x : xs)
            try_box({x, y, width, height});
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

std::optional<CalloutPlace> find_callout(const Rect &area, Point target, float width, float height,
                                         const std::vector<Obstacle> &obstacles,
                                         const PlaceRules &rules)
{
    Search search(target, obstacles, rules);
    // The neighbourhood; where the target lies outside the map, all of it.
    Rect corners{std::max(area.x + margin, target.x - callout_reach - width),
                 std::max(area.y + margin, target.y - callout_reach - height), 0, 0};
    corners.w = std::min(area.right() - width - margin, target.x + callout_reach) - corners.x;
    corners.h =
        std::min(area.bottom() - height - margin_below, target.y + callout_reach) - corners.y;
    if (corners.w < 0 || corners.h < 0)
        corners = {area.x + margin, area.y + margin, area.w - width - 2 * margin,
                   area.h - height - 2 * margin};
    // A few places first: what they cost refuses most of the others at once.
    for (const float few : {4.0F, 1.0F}) {
        const float across = step_x * few;
        const float up = step_y * few;
        for (int i = 0; static_cast<float>(i) * across <= corners.w; ++i) {
            const float x = corners.x + static_cast<float>(i) * across;
            // From the lower edge on: there is most room under the machines.
            for (int j = 0; static_cast<float>(j) * up <= corners.h; ++j)
                search.try_box({x, corners.bottom() - static_cast<float>(j) * up, width, height});
        }
    }
    if (search.loses())
        search.try_edges(corners, width, height);
    return search.best();
}

CalloutPlace place_callout(const Rect &area, Point target, float width, float height,
                           const std::vector<Obstacle> &obstacles)
{
    const auto best = find_callout(area, target, width, height, obstacles, {});
    return best ? *best : CalloutPlace{{area.x + margin, area.y + margin, width, height}, 0, {}};
}

} // namespace mailscope::viz
