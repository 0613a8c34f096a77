// Machines and the regions they stand in; declared in shapes.h.
#include "viz/draw/shapes.h"

#include <array>
#include <cmath>

namespace mailscope::viz
{
namespace
{

/// A machine being drawn: the middle, the size, its colours.
struct Pen
{
    Ui &ui;
    Point c;
    float k;
    ImU32 stroke;
    ImU32 fill;

    Point at(float x, float y) const { return {c.x + x * k, c.y + y * k}; }
    void box(float x, float y, float w, float h, float r) const
    {
        const Rect area{c.x + x * k, c.y + y * k, w * k, h * k};
        ui.fill(area, fill, r * k);
        ui.frame(area, stroke, r * k, 2);
    }
};

void laptop(const Pen &pen)
{
    pen.box(-19, -17, 38, 26, 3);
    const Rect screen{pen.at(-14, -12.5F).x, pen.at(-14, -12.5F).y, 28 * pen.k, 17 * pen.k};
    pen.ui.fill(screen, mixed(pen.fill, pen.stroke, 0.16F));
    const std::array<ImVec2, 4> base = {vec(pen.at(-25, 14)), vec(pen.at(25, 14)),
                                        vec(pen.at(21, 18)), vec(pen.at(-21, 18))};
    pen.ui.list.AddConvexPolyFilled(base.data(), 4, pen.stroke);
}

void phone(const Pen &pen)
{
    pen.box(-11, -20, 22, 40, 4);
    const Point corner = pen.at(-7.5F, -14);
    pen.ui.fill({corner.x, corner.y, 15 * pen.k, 25 * pen.k}, mixed(pen.fill, pen.stroke, 0.16F));
    pen.ui.line(pen.at(-3, 15.5F), pen.at(3, 15.5F), pen.stroke, 1.6F);
}

void router(const Pen &pen)
{
    pen.ui.line(pen.at(-12, -3), pen.at(-16, -18), pen.stroke);
    pen.ui.line(pen.at(12, -3), pen.at(16, -18), pen.stroke);
    pen.box(-22, -3, 44, 18, 5);
    for (const float x : {-12.0F, -4.0F, 4.0F})
        pen.ui.circle(pen.at(x, 6), 2 * pen.k, pen.stroke);
}

void server(const Pen &pen)
{
    for (const float y : {-20.0F, -6.5F, 7.0F}) {
        pen.box(-18, y, 36, 12.5F, 3);
        pen.ui.circle(pen.at(12, y + 6.25F), 1.8F * pen.k, pen.stroke);
        pen.ui.line(pen.at(-12, y + 6.25F), pen.at(-1, y + 6.25F), faded(pen.stroke, 0.55F), 1.6F);
    }
}

void dns_server(const Pen &pen, ImU32 behind)
{
    server(pen);
    const Point mark = pen.at(-13, 17);
    draw_mark(pen.ui, Mark::Dns, mark, 9.5F * pen.k, behind);
    draw_mark(pen.ui, Mark::Dns, mark, 6 * pen.k);
}

void mailbox(const Pen &pen, bool is_full)
{
    if (is_full)
        for (const float y : {-22.0F, -18.0F, -14.0F})
            draw_envelope(pen.ui, pen.at(1, y), 26 * pen.k, pen.ui.theme.protocol[0]);
    ImDrawList &list = pen.ui.list;
    pen.ui.line(pen.at(0, 8), pen.at(0, 21), pen.stroke, 4 * pen.k);
    const auto body = [&] {
        list.PathLineTo(vec(pen.at(-20, 9)));
        list.PathLineTo(vec(pen.at(-20, -6)));
        list.PathArcTo(vec(pen.at(-10, -6)), 10 * pen.k, pi, 1.5F * pi);
        list.PathLineTo(vec(pen.at(12, -16)));
        list.PathArcTo(vec(pen.at(12, -6)), 10 * pen.k, 1.5F * pi, 2 * pi);
        list.PathLineTo(vec(pen.at(22, 9)));
    };
    body();
    list.PathFillConvex(pen.fill);
    body();
    list.PathStroke(pen.stroke, ImDrawFlags_Closed, 2);
    list.PathArcTo(vec(pen.at(-10, -6)), 10 * pen.k, pi, 2 * pi);
    list.PathLineTo(vec(pen.at(0, 9)));
    list.PathStroke(pen.stroke, 0, 2);
}

void ghost_mailbox(const Pen &pen)
{
    const Theme &t = pen.ui.theme;
    std::vector<Point> outline;
    for (int i = 0; i <= 8; ++i) {
        const float angle = pi + pi / 2 * static_cast<float>(i) / 8;
        outline.push_back(pen.at(-10 + 10 * std::cos(angle), -6 + 10 * std::sin(angle)));
    }
    for (int i = 0; i <= 8; ++i) {
        const float angle = 1.5F * pi + pi / 2 * static_cast<float>(i) / 8;
        outline.push_back(pen.at(12 + 10 * std::cos(angle), -6 + 10 * std::sin(angle)));
    }
    outline.push_back(pen.at(22, 9));
    outline.push_back(pen.at(-20, 9));
    for (const Point &point : outline)
        pen.ui.list.PathLineTo(vec(point));
    pen.ui.list.PathFillConvex(t.errbg);
    outline.push_back(outline.front());
    pen.ui.polyline(outline, t.err, 2, 4, 4);
}

/// The parts of a cloud: a box and four circles on its top edge.
void cloud(Ui &ui, const Rect &area, float k, float grow, ImU32 colour)
{
    constexpr std::array<float, 4> places = {0.20F, 0.42F, 0.68F, 0.86F};
    constexpr std::array<float, 4> depths = {14, 6, 8, 18};
    constexpr std::array<float, 4> radii = {27, 38, 34, 23};
    ui.fill(area.inner(-grow), colour, 26);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const float size = std::min(k, area.w / 260);
        ui.circle({area.x + area.w * places[i], area.y + depths[i] * size}, radii[i] * size + grow,
                  colour);
    }
}

constexpr float dimmed_share = 0.45F; ///< of the canvas, in a region where nothing happens

} // namespace

void draw_host(Ui &ui, HostShape shape, Point centre, float k, ImU32 stroke, ImU32 behind,
               bool is_full)
{
    const Pen pen{ui, centre, k, stroke, ui.theme.host};
    switch (shape) {
    case HostShape::Laptop:
        laptop(pen);
        break;
    case HostShape::Phone:
        phone(pen);
        break;
    case HostShape::Router:
        router(pen);
        break;
    case HostShape::Server:
        server(pen);
        break;
    case HostShape::DnsServer:
        dns_server(pen, behind);
        break;
    case HostShape::Mailbox:
        mailbox(pen, is_full);
        break;
    case HostShape::GhostMailbox:
        ghost_mailbox(pen);
        break;
    }
}

ImU32 fill_of(const Theme &theme, const RegionRow &region)
{
    const ImU32 fill = theme.region_fill[static_cast<std::size_t>(region.tint)];
    return region.dimmed ? mixed(fill, theme.canvas, dimmed_share) : fill;
}

void draw_region(Ui &ui, const RegionRow &region, const Rect &area, float k)
{
    const auto tint = static_cast<std::size_t>(region.tint);
    const ImU32 fill = fill_of(ui.theme, region);
    const ImU32 edge =
        mixed(ui.theme.region_edge[tint], ui.theme.canvas, region.dimmed ? dimmed_share : 0.0F);
    if (region.tint == RegionTint::Provider || region.tint == RegionTint::Organisation) {
        cloud(ui, area, k, 1.5F, edge);
        cloud(ui, area, k, 0, fill);
    } else {
        ui.fill(area.inner(-1.5F), edge, 26);
        ui.fill(area, fill, 26);
    }
}

} // namespace mailscope::viz
