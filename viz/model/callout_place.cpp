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
constexpr float clear = 32; ///< around the target: the ring and its glow

float distance(const Rect &box, Point target)
{
    const float dx = std::max({box.x - target.x, 0.0F, target.x - box.right()});
    const float dy = std::max({box.y - target.y, 0.0F, target.y - box.bottom()});
    // The pointer leaves from the upper or the lower edge.
    return std::hypot(dx * 2, dy);
}

} // namespace

float overlap_of(const Rect &a, const Rect &b)
{
    const float w = std::min(a.right(), b.right()) - std::max(a.x, b.x);
    const float h = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    return w > 0 && h > 0 ? w * h : 0.0F;
}

CalloutPlace place_callout(const Rect &area, Point target, float width, float height,
                           const std::vector<Obstacle> &obstacles)
{
    const Rect ring{target.x - clear, target.y - clear, 2 * clear, 2 * clear};
    CalloutPlace best{{area.x + margin, area.y + margin, width, height}, -1, -1};
    float least = -1;
    for (float y = area.y + margin; y <= area.bottom() - height - margin; y += step_y)
        for (float x = area.x + margin; x <= area.right() - width - margin; x += step_x) {
            const Rect box{x, y, width, height};
            const float near = distance(box, target) * 2;
            float hidden = overlap_of(box, ring) * 30;
            for (const Obstacle &obstacle : obstacles) {
                if (least >= 0 && near + hidden >= least)
                    break;
                hidden += overlap_of(box, obstacle.area) * obstacle.weight;
            }
            if (least < 0 || near + hidden < least) {
                least = near + hidden;
                best = {box, hidden, near / 2};
            }
        }
    return best;
}

} // namespace mailscope::viz
