// Along a way.
#include "viz/model/map_path.h"

#include <algorithm>
#include <cmath>

namespace mailscope::viz
{
namespace
{

constexpr int curve_parts = 24;

Point bezier(const std::vector<Point> &p, float t)
{
    const float u = 1 - t;
    const float a = u * u * u;
    const float b = 3 * u * u * t;
    const float c = 3 * u * t * t;
    const float d = t * t * t;
    return {a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x,
            a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y};
}

} // namespace

std::vector<Point> corners(const MapLens &lens, const std::vector<Point> &path, bool curved)
{
    std::vector<Point> points;
    if (curved && path.size() == 4)
        for (int i = 0; i <= curve_parts; ++i)
            points.push_back(
                lens.at(bezier(path, static_cast<float>(i) / static_cast<float>(curve_parts))));
    else
        for (const Point &point : path)
            points.push_back(lens.at(point));
    return points;
}

float length_of(const std::vector<Point> &points)
{
    float whole = 0;
    for (std::size_t i = 0; i + 1 < points.size(); ++i)
        whole += std::hypot(points[i + 1].x - points[i].x, points[i + 1].y - points[i].y);
    return whole;
}

Spot spot_on(const std::vector<Point> &points, float share)
{
    const float far = length_of(points) * std::clamp(share, 0.0F, 1.0F);
    float left = far;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Point a = points[i];
        const Point b = points[i + 1];
        const float part = std::max(std::hypot(b.x - a.x, b.y - a.y), 0.001F);
        if (left <= part || i + 2 == points.size()) {
            const float t = std::min(left / part, 1.0F);
            return {{a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t},
                    {(b.x - a.x) / part, (b.y - a.y) / part},
                    far};
        }
        left -= part;
    }
    return {points.empty() ? Point{} : points.back(), {1, 0}, far};
}

Spot spot_from(const std::vector<Point> &points, const Spot &spot, float by)
{
    return spot_on(points, (spot.far + by) / std::max(length_of(points), 1.0F));
}

} // namespace mailscope::viz
