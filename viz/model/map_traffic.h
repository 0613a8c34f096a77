// What is under way on the map beside the present step: packets on wires, letters between servers.
//
// How much is told follows from how near the reader is: close up, each packet with what it carries;
// from the usual distance packets and letters as small marks; from afar, or when there are
// thousands, flows whose width says how many.
#pragma once

#include "viz/model/rows.h"

#include <cstddef>
#include <vector>

namespace mailscope::viz
{

struct Moment;

/// More things than this are not drawn one by one.
inline constexpr std::size_t flights_max = 5000;
inline constexpr float zoom_near = 1.8F; ///< from here on packets have labels
inline constexpr float zoom_far = 0.75F; ///< up to here there are flows

/// Adds them to the view; `places` of hosts by number. Cost: what is under way.
void add_traffic(const Moment &now, const std::vector<Point> &places, MapView &view);

} // namespace mailscope::viz
