// Where the map says what happens now: the callout, the words of faults, and the flight itself.
//
// They come with the step and stand over the scenery, but never over what the step is about:
// machines that speak, their names, what flies, and the picture of a fault. A flight that rests is
// drawn at that place of its way where there is most room for words about it. Scenery that would be
// covered in part is named in `covers`, so that no half word is drawn. Numbers only.
#pragma once

#include "viz/model/callout_place.h"
#include "viz/model/map_marks.h"
#include "viz/model/map_path.h"

#include <optional>
#include <vector>

namespace mailscope::viz
{

struct MapSpeech
{
    std::vector<Point> way;        ///< of the flight; empty without one
    Spot head;                     ///< where it is, or what the callout is about
    Rect callout;                  ///< no width: there is none
    bool whole = true;             ///< with its sentence; otherwise the headline alone
    std::vector<Rect> fault_boxes; ///< of the words of each fault
    std::vector<Rect> covers;      ///< all of these boxes, and pictures of faults
};

/// The most lines of a callout's sentence.
inline constexpr std::size_t gloss_lines_max = 3;

/// From a callout's left edge to its words, and the room right of them.
inline constexpr float callout_words_left = 66;
inline constexpr float callout_words_right = 14;

/// How far from the middle of a machine its gate is, on the way to `to`.
float gate_distance(Point at, Point to, float k);

MapSpeech place_map_speech(const MapView &map, const Rect &area, const MapLens &lens,
                           const MapWords &words, const std::vector<HostMarks> &marks,
                           const MeasureText &measure);

} // namespace mailscope::viz
