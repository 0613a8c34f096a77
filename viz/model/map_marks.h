// Where badges and the numbers of the Why list stand on the map.
//
// Both come and go with the story, so that names keep clear of them only where there is room: each
// has many places around its machine, inside its region before outside, and gets the first one on
// which nothing stands. Numbers only, as in map_words.h; drawing decides nothing.
#pragma once

#include "viz/model/map_words.h"

#include <vector>

namespace mailscope::viz
{

/// What stands around one machine.
struct HostMarks
{
    std::vector<Rect> badges; ///< as many as the machine has
    std::vector<Point> pins;  ///< middles; as many as the machine has
};

/// Height of a badge, and width and height of a pin.
inline constexpr float mark_tall = 20;

/// How wide a badge is with such a text; the letters are as wide as `measure` says.
float badge_width(const BadgeRow &badge, const MeasureText &measure);

/// The octagon on a machine with trouble.
Point trouble_place(const HostRow &host, const MapLens &lens);

/// For each machine of the view; `words` stand already.
std::vector<HostMarks> place_map_marks(const MapView &map, const Rect &area, const MapLens &lens,
                                       const MapWords &words, const MeasureText &measure);

} // namespace mailscope::viz
