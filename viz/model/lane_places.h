// Where the lanes of the ladder stand.
//
// Lanes do not stand at equal distances: the room goes where words are to be read. Between two
// hosts that exchange long lines there is much of it, between two that only share a folded
// conversation little. Widths are given by the caller, so that this needs no fonts.
#pragma once

#include <vector>

namespace mailscope::viz
{

/// Words between two lanes.
struct LaneWords
{
    int from = 0; ///< lanes
    int to = 0;
    float width = 0; ///< that is wanted between them
};

/// The middle of each lane within 0 and `room`. `heads` are the widths of the lanes' names, which
/// never overlap; beyond that each distance grows as far as its words want it, all by the same
/// share where there is not enough. What nobody wants is spread evenly.
std::vector<float> lane_places(const std::vector<float> &heads, const std::vector<LaneWords> &words,
                               float room);

} // namespace mailscope::viz
