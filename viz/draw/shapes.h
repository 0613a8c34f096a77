// Marks and machines, each with a shape of its own.
//
// The recipes of the design: shapes differ so that nothing is told by colour alone. `centre` is
// the middle of the icon, `k` its size against the design's. Stateless: values in, pixels out.
#pragma once

#include "viz/draw/ui.h"
#include "viz/model/callout_place.h"

#include <numbers>

namespace mailscope::viz
{

inline constexpr float pi = std::numbers::pi_v<float>;

/// A mark of radius `r`: 7 in lists, 10 in flight. Octagons take their own colours.
void draw_mark(Ui &ui, Mark mark, Point centre, float r = 7);
/// The mark in a colour of the caller's.
void draw_mark(Ui &ui, Mark mark, Point centre, float r, ImU32 colour);

/// Solid with a cross (do not retry), or hollow with the hands of a clock (try again later).
void draw_octagon(Ui &ui, Mark trouble, Point centre, float r);

/// A letter, `width` wide.
void draw_envelope(Ui &ui, Point centre, float width, ImU32 stroke);

/// How full a mailbox is, as a bar beside it; `filled` from 0 to 1.
void draw_fill_bar(Ui &ui, Point centre, float k, float filled);

/// A host's icon; `stroke` says whether it takes part, `behind` is the colour of the ground.
void draw_host(Ui &ui, HostShape shape, Point centre, float k, ImU32 stroke, ImU32 behind,
               bool is_full = false);

/// What a region is filled with: nearer to the canvas where nothing happens in it.
ImU32 fill_of(const Theme &theme, const RegionRow &region);

/// A region: a cloud for providers and organisations, a rounded box for others.
void draw_region(Ui &ui, const RegionRow &region, const Rect &area, float k);

/// A pill with a mark and a number.
void draw_badge(Ui &ui, const BadgeRow &badge, const Rect &pill);

/// What went wrong: `at` and `to` are the row's places in the window, `k` the size of icons, `box`
/// the place of its words.
void draw_fault(Ui &ui, const FaultRow &fault, Point at, Point to, float k, const Rect &box);

/// The small map of a lesson: `trouble` says how it ends.
void draw_thumbnail(Ui &ui, const ThumbRow &thumb, Mark trouble, const Rect &box);

/// A number in a circle.
void draw_pin(Ui &ui, int number, Point centre, bool is_now, bool is_dashed = false);

/// The packet on its way: glow, now ring, mark.
void draw_flight_head(Ui &ui, Mark mark, Mark trouble, Point centre);

/// What is said now, with a pointer from `box` to `at`.
void draw_callout(Ui &ui, const CalloutRow &callout, const Rect &box, Point at,
                  std::string_view now_word);

enum class Sign : std::uint8_t
{
    Play,
    Pause,
    Next,
    Back,
    FastNext,
    FastBack,
    Minus,
    Plus,
    Fit,
    Moon,
    Sun,
    Check,
    Cross,
    Search,
    Down,
    Right,
    Grid,
    Copy,
    Branch,
};

/// A small sign for a button.
void draw_sign(Ui &ui, Sign sign, Point centre, ImU32 colour, float size = 1);

/// The product's own mark: an envelope under a lens.
void draw_logo(Ui &ui, Point centre);

/// An arrow head at `tip`, pointing along (dx, dy).
void draw_arrow_head(Ui &ui, Point tip, float dx, float dy, ImU32 colour, float size = 7);

} // namespace mailscope::viz
