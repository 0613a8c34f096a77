// Ways on the map, in pixels: along the corners of a line, or along a curve.
//
// What flies, its trail, and what must not be hidden by words are found by how far they are along
// such a way, so that all of them agree about its bends. Numbers only.
#pragma once

#include "viz/model/map_words.h"

#include <vector>

namespace mailscope::viz
{

struct Spot
{
    Point at;
    Point along{1, 0}; ///< direction
    float far = 0;     ///< from the beginning, in pixels
};

/// The corners in the window; a Bézier curve of four points becomes many.
std::vector<Point> corners(const MapLens &lens, const std::vector<Point> &path, bool curved);

float length_of(const std::vector<Point> &points);

/// The place after a share of the way.
Spot spot_on(const std::vector<Point> &points, float share);

/// The place so many pixels farther on along the way, or back; at most to its ends.
Spot spot_from(const std::vector<Point> &points, const Spot &spot, float by);

} // namespace mailscope::viz
