// Where the words on the map stand: names, addresses, captions and the key.
//
// Words keep their size while the map shrinks, so that their places cannot stand in the design
// grid. They are found for the window at hand: every name has a few places around its icon, and it
// gets the first one that is free. Where there is no room, addresses go first, then the names of
// machines that take no part; nothing ever lies upon something else. What stays on the map from
// step to step is placed first and without regard to the step, so that names do not jump while
// the story goes on. Numbers only: the width of a text is asked of the caller.
#pragma once

#include "viz/model/rows.h"
#include "viz/model/ui_state.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::viz
{

/// A kind of text on the map; each has its own font.
enum class MapText : std::uint8_t
{
    Name,
    Address,
    Note, ///< second line of what is not there
    Caption,
    Key,
    Badge,
    Headline, ///< of the callout
    Gloss,    ///< its sentence
};

/// Width in pixels.
using MeasureText = std::function<float(MapText, std::string_view)>;

/// From the design grid to the window. The grid is stretched a little towards the window's shape.
struct MapLens
{
    float across = 1; ///< pixels for one of the grid's
    float down = 1;
    float x = 0; ///< where the grid's corner is
    float y = 0;
    float k = 1; ///< size of icons

    Point at(Point p) const { return {x + p.x * across, y + p.y * down}; }
    Rect at(const Rect &r) const
    {
        return {x + r.x * across, y + r.y * down, r.w * across, r.h * down};
    }
};

MapLens map_lens(const Rect &area, const MapView &map, const MapCamera &chosen);

enum class Side : std::uint8_t
{
    Below,
    Right,
    Left,
    Above,
};

/// The words of a machine.
struct HostWords
{
    bool shown = false;
    bool second = false; ///< the address, too
    Side side = Side::Below;
    Point name; ///< middle of the line; of the end at the icon where the words stand beside it
    Point address;
    Rect area; ///< of everything
};

/// The caption of a region.
struct CaptionWords
{
    bool shown = false;
    Point at;             ///< middle of the left end
    Rect area;            ///< room for the name: it is cut where it does not fit
    bool network = false; ///< the address of the network, too, at the right end
};

/// A line of the key.
struct KeyCell
{
    std::size_t mark = 0; ///< index into MapView::key
    Point at;             ///< middle of the mark
};

struct KeyWords
{
    bool shown = false;
    bool folded = false; ///< only its title has room, as a button
    bool titled = true;
    Rect area;
    Point title; ///< middle of its left end
    std::vector<KeyCell> cells;
};

struct MapWords
{
    std::vector<HostWords> hosts;       ///< as many as in the view
    std::vector<CaptionWords> captions; ///< of the regions
    KeyWords key;
};

/// `names` are those of the marks in MapView::key, `title` that of the key; `selected` is a host
/// whose name stays as if it took part, -1 for none.
MapWords place_map_words(const MapView &map, const Rect &area, const MapLens &lens,
                         const std::vector<std::string> &names, std::string_view title,
                         int selected, const MeasureText &measure);

/// What an icon with the badges that it may get covers.
Rect icon_area(const HostRow &host, const MapLens &lens);

/// The buttons in the upper right corner, and what is told below them.
Rect map_buttons(const Rect &area);

} // namespace mailscope::viz
