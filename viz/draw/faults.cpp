// Pictures of what went wrong; declared in shapes.h.
#include "viz/draw/shapes.h"
#include "viz/model/map_speech.h"

#include <algorithm>
#include <cmath>

namespace mailscope::viz
{
namespace
{

constexpr float gate_half = 13;    ///< of its width
constexpr float too_large = 1.6F;  ///< the letter, of the gate
constexpr float domain_round = 14; ///< corners

/// A way in the window, from a machine on.
struct Way
{
    Point at;
    Point along;  ///< direction
    Point across; ///< to its left

    Way(Point from, Point to)
    {
        const float length = std::max(std::hypot(to.x - from.x, to.y - from.y), 1.0F);
        along = {(to.x - from.x) / length, (to.y - from.y) / length};
        across = {along.y, -along.x};
        at = from;
    }
    Point spot(float far, float side) const
    {
        return {at.x + along.x * far + across.x * side, at.y + along.y * far + across.y * side};
    }
};

/// Two posts, and two bars between them when it is closed.
void gate(Ui &ui, const Way &way, float far, float k, bool closed)
{
    const ImU32 colour = ui.theme.err;
    const float half = gate_half * k;
    for (const float side : {-half, half}) {
        const Point post = way.spot(far, side);
        ui.fill({post.x - 3, post.y - 3, 6, 6}, colour, 1);
    }
    if (!closed)
        return;
    for (const float bar : {far - 3.5F * k, far + 3.5F * k}) {
        ui.line(way.spot(bar, -half - 4), way.spot(bar, half + 4), ui.theme.canvas, 6);
        ui.line(way.spot(bar, -half - 3), way.spot(bar, half + 3), colour, 3.5F);
    }
}

/// Words on a ground of their own, beside the way.
void beside(Ui &ui, Point at, const std::string &text)
{
    if (text.empty())
        return;
    const float wide = ui.width(Style::Mono12, text) + 12;
    const Rect plate{at.x - wide / 2, at.y - 10, wide, 20};
    ui.fill(plate, ui.theme.errbg, 5);
    ui.frame(plate, ui.theme.err, 5);
    ui.text(Style::Mono12, at.x, at.y, ui.theme.err, text, Align::Centre);
}

void dashed_box(Ui &ui, const Rect &box)
{
    ui.fill(box, ui.theme.errbg, domain_round);
    constexpr float in = 4; // Corners are cut instead of rounded: the outline is dashed anyway.
    ui.polyline({{box.x + in, box.y},
                 {box.right() - in, box.y},
                 {box.right(), box.y + in},
                 {box.right(), box.bottom() - in},
                 {box.right() - in, box.bottom()},
                 {box.x + in, box.bottom()},
                 {box.x, box.bottom() - in},
                 {box.x, box.y + in},
                 {box.x + in, box.y}},
                ui.theme.err, 2, 4, 4);
}

} // namespace

void draw_fault(Ui &ui, const FaultRow &fault, Point at, Point to, float k, const Rect &box)
{
    const Way way(at, to);
    switch (fault.shape) {
    case FaultShape::Gate:
        gate(ui, way, gate_distance(at, to, k), k, true);
        break;
    case FaultShape::TooLarge: {
        gate(ui, way, gate_distance(at, to, k), k, false);
        const Point letter = way.spot(gate_distance(at, to, k) + 26 * k, 0);
        draw_envelope(ui, letter, 2 * gate_half * too_large * k, ui.theme.err);
        beside(ui, box.centre(), fault.text);
        break;
    }
    case FaultShape::Moved: {
        const float length = std::hypot(to.x - at.x, to.y - at.y);
        const Point tip = way.spot(std::max(length - 30 * k, 0.0F), 0);
        ui.polyline({way.spot(28 * k, 0), tip}, ui.theme.err, 2, 4, 4);
        draw_arrow_head(ui, tip, way.along.x, way.along.y, ui.theme.err, 9);
        beside(ui, box.centre(), fault.text);
        break;
    }
    case FaultShape::NoDomain:
        ui.polyline({at, box.centre()}, ui.theme.err, 2, 5, 5);
        dashed_box(ui, box);
        draw_octagon(ui, Mark::Permanent, {box.x + 18, box.centre().y}, 9);
        ui.text(Style::Bold13, box.x + 34, box.centre().y, ui.theme.err, fault.text);
        draw_octagon(ui, Mark::Permanent, {at.x - 13 * k, at.y + 17 * k}, 8);
        break;
    case FaultShape::BadAddress: {
        // The address as it was said; what is wrong in it is underlined.
        ui.polyline({at, box.centre()}, ui.theme.err, 2, 5, 5);
        ui.fill(box, ui.theme.errbg, 5);
        ui.frame(box, ui.theme.err, 5);
        draw_octagon(ui, Mark::Permanent, {box.x + 14, box.centre().y}, 8);
        const float left = box.x + 28;
        ui.text(Style::Mono12, left, box.centre().y, ui.theme.err, fault.text);
        const std::string_view text = fault.text;
        for (const std::size_t octet : fault.wrong) {
            const float from = left + ui.width(Style::Mono12, text.substr(0, octet));
            const float end = left + ui.width(Style::Mono12, text.substr(0, octet + 1));
            const float low = box.bottom() - 3;
            ui.line({from, low}, {std::max(end, from + 3), low}, ui.theme.err, 2);
        }
        break;
    }
    case FaultShape::Silence:
        ui.polyline({at, to}, ui.theme.err, 2, 5, 5);
        draw_octagon(ui, Mark::Temporary, {(at.x + to.x) / 2, (at.y + to.y) / 2}, 9);
        break;
    }
}

void draw_fill_bar(Ui &ui, Point c, float k, float filled)
{
    const Rect bar{c.x + 27 * k, c.y - 16 * k, 5, 32 * k};
    const float high = bar.h * std::clamp(filled, 0.0F, 1.0F);
    ui.fill(bar, ui.theme.canvas, 2);
    ui.fill({bar.x, bar.bottom() - high, bar.w, high},
            filled >= 0.875F ? ui.theme.err : ui.theme.text2, 2);
    ui.frame(bar, ui.theme.line2, 2);
}

} // namespace mailscope::viz
