// Marks, signs and letters.
#include "viz/draw/shapes.h"

#include "viz/model/map_speech.h"

#include <algorithm>
#include <cmath>

namespace mailscope::viz
{
namespace
{

void polygon(Ui &ui, Point centre, float r, int corners, float turn)
{
    for (int i = 0; i < corners; ++i) {
        const float angle = turn + 2 * pi * static_cast<float>(i) / static_cast<float>(corners);
        ui.list.PathLineTo({centre.x + std::cos(angle) * r, centre.y + std::sin(angle) * r});
    }
}

void triangle(Ui &ui, Point a, Point b, Point c, ImU32 colour)
{
    ui.list.AddTriangleFilled(vec(a), vec(b), vec(c), colour);
}

} // namespace

void draw_mark(Ui &ui, Mark mark, Point centre, float r)
{
    draw_mark(ui, mark, centre, r, colour_of(ui.theme, mark));
}

void draw_mark(Ui &ui, Mark mark, Point c, float r, ImU32 colour)
{
    switch (mark) {
    case Mark::Smtp:
        ui.fill({c.x - 1.25F * r, c.y - 0.82F * r, 2.5F * r, 1.64F * r}, colour, 0.35F * r);
        break;
    case Mark::Letter:
        draw_envelope(ui, c, 2.5F * r, colour);
        break;
    case Mark::Dns:
        polygon(ui, c, 1.15F * r, 4, 0);
        ui.list.PathFillConvex(colour);
        break;
    case Mark::Tcp:
    case Mark::Tls:
        ui.ring(c, 0.78F * r, colour, mark == Mark::Tls ? 3.0F : 2.0F);
        break;
    case Mark::Pop3:
        triangle(ui, {c.x - 1.1F * r, c.y - 0.8F * r}, {c.x + 1.1F * r, c.y - 0.8F * r},
                 {c.x, c.y + r}, colour);
        break;
    case Mark::Imap:
        polygon(ui, c, 1.1F * r, 6, 0);
        ui.list.PathFillConvex(colour);
        break;
    case Mark::Http:
        ui.frame({c.x - r, c.y - 0.9F * r, 2 * r, 1.8F * r}, colour, 2, 2);
        ui.fill({c.x - r, c.y - 0.9F * r, 2 * r, 0.6F * r}, colour, 1);
        break;
    case Mark::Temporary:
    case Mark::Permanent:
        draw_octagon(ui, mark, c, r);
        break;
    case Mark::None:
        ui.circle(c, 0.4F * r, colour);
        break;
    }
}

void draw_octagon(Ui &ui, Mark trouble, Point c, float r)
{
    polygon(ui, c, r, 8, pi / 8);
    if (trouble == Mark::Permanent) {
        ui.list.PathFillConvex(ui.theme.errsolid);
        const float arm = 0.38F * r;
        const float stroke = std::max(1.5F, 0.22F * r);
        ui.line({c.x - arm, c.y - arm}, {c.x + arm, c.y + arm}, ui.theme.errink, stroke);
        ui.line({c.x - arm, c.y + arm}, {c.x + arm, c.y - arm}, ui.theme.errink, stroke);
        return;
    }
    ui.list.PathFillConvex(ui.theme.canvas);
    polygon(ui, c, r, 8, pi / 8);
    ui.list.PathStroke(ui.theme.err, ImDrawFlags_Closed, 2);
    const float stroke = std::max(1.3F, 0.16F * r);
    ui.line(c, {c.x, c.y - 0.5F * r}, ui.theme.err, stroke);
    ui.line(c, {c.x + 0.35F * r, c.y + 0.2F * r}, ui.theme.err, stroke);
}

void draw_envelope(Ui &ui, Point c, float w, ImU32 stroke)
{
    const float h = 0.68F * w;
    const Rect box{c.x - w / 2, c.y - h / 2, w, h};
    const float thick = w > 20 ? 2.0F : 1.6F;
    ui.fill(box, ui.theme.paper, 2.5F);
    ui.frame(box, stroke, 2.5F, thick);
    ui.polyline(
        {{box.x + 1.5F, box.y + 2}, {c.x, box.y + 0.58F * h}, {box.right() - 1.5F, box.y + 2}},
        stroke, thick);
}

void draw_badge(Ui &ui, const BadgeRow &badge, const Rect &pill)
{
    const float x = pill.x;
    const float y = pill.centre().y;
    ui.fill(pill, ui.theme.raised, 10);
    ui.frame(pill, ui.theme.line2, 10);
    draw_mark(ui, badge.mark, {x + 14, y}, badge.mark == Mark::Letter ? 6.0F : 5.0F);
    if (badge.wait < 0)
        ui.text(Style::Text12, x + 26, y, ui.theme.text, badge.text);
    if (badge.wait >= 0) {
        // Around the number a ring of the time that is left, as a clock's hand would sweep it.
        const Point c{pill.right() - 12, y};
        ui.text(Style::Bold12, c.x, y, ui.theme.text, badge.text, Align::Centre);
        ui.ring(c, 8.5F, ui.theme.line2, 2);
        ui.list.PathArcTo(vec(c), 8.5F, -pi / 2, -pi / 2 + 2 * pi * badge.wait);
        ui.list.PathStroke(ui.theme.err, 0, 2.4F);
    }
}

void draw_pin(Ui &ui, int number, Point c, bool is_now, bool is_dashed)
{
    const Theme &t = ui.theme;
    ui.circle(c, 9.5F, is_now ? t.now : t.canvas);
    if (is_dashed) {
        for (int i = 0; i < 8; ++i) {
            const float from = 2 * pi * static_cast<float>(i) / 8;
            ui.list.PathArcTo(vec(c), 9.5F, from, from + pi / 8);
            ui.list.PathStroke(t.text2, 0, 1.6F);
        }
    } else if (!is_now) {
        ui.ring(c, 9.5F, t.text2, 1.6F);
    }
    ui.text(Style::Bold12, c.x, c.y, is_now ? t.nowink : t.text, std::to_string(number),
            Align::Centre);
}

void draw_flight_head(Ui &ui, Mark mark, Mark trouble, Point c)
{
    const Theme &t = ui.theme;
    ui.circle(c, 31, faded(t.now, t.dark ? 0.10F : 0.30F));
    ui.circle(c, 25, faded(t.now, t.dark ? 0.22F : 0.70F));
    ui.circle(c, 18, t.canvas);
    ui.ring(c, 18, t.nowline, 3.5F);
    if (trouble != Mark::None)
        draw_octagon(ui, trouble, c, 11);
    else
        draw_mark(ui, mark, c, 10);
}

void draw_callout(Ui &ui, const CalloutRow &callout, const Rect &box, Point at,
                  std::string_view now_word)
{
    const Theme &t = ui.theme;
    const ImU32 edge = callout.is_trouble ? t.err : colour_of(t, callout.mark);
    ui.fill(box.inner(-3), faded(t.canvas, 0.55F), 12);
    const CalloutPointer pointer = pointer_of(box, at);
    const Point side = pointer.level ? Point{0, 9} : Point{9, 0};
    triangle(ui, {pointer.base.x - side.x, pointer.base.y - side.y},
             {pointer.base.x + side.x, pointer.base.y + side.y}, pointer.tip, edge);
    ui.line(pointer.tip, pointer.end, edge, 2);
    ui.fill(box, t.panel, 9);
    ui.list.AddRectFilled({box.x, box.y}, {box.x + 52, box.bottom()}, t.now, 9,
                          ImDrawFlags_RoundCornersLeft);
    ui.frame(box, edge, 9, 2);
    if (box.h < 50) {
        // Words alone.
        ui.text(Style::Bold13, box.x + 26, box.centre().y, t.nowink, now_word, Align::Centre);
        ui.text(Style::MonoBold15, box.x + 62, box.centre().y, edge,
                ui.fit(Style::MonoBold15, callout.headline, box.w - 70));
        return;
    }
    ui.text(Style::Bold14, box.x + 26, box.y + box.h / 2 - 10, t.nowink, now_word, Align::Centre);
    ui.text(Style::Mono12, box.x + 26, box.y + box.h / 2 + 11, t.nowink, callout.number,
            Align::Centre);
    const float left = box.x + callout_words_left;
    const float room = box.right() - callout_words_right - left;
    ui.text(Style::MonoBold15, left, box.y + 21, edge,
            ui.fit(Style::MonoBold15, callout.headline, room));
    ui.paragraph(Style::Text14, left, box.y + 35, room, t.text, callout.gloss, gloss_lines_max, 20);
}

void draw_arrow_head(Ui &ui, Point tip, float dx, float dy, ImU32 colour, float size)
{
    const float length = std::max(0.001F, std::hypot(dx, dy));
    dx *= size / length;
    dy *= size / length;
    triangle(ui, tip, {tip.x - dx * 1.5F - dy * 0.7F, tip.y - dy * 1.5F + dx * 0.7F},
             {tip.x - dx * 1.5F + dy * 0.7F, tip.y - dy * 1.5F - dx * 0.7F}, colour);
}

namespace
{

/// A triangle that points to the right (1) or the left (-1), with its middle at `c`.
void arrow(Ui &ui, Point c, float side, float direction, ImU32 colour)
{
    triangle(ui, {c.x - 0.45F * side * direction, c.y - 0.5F * side},
             {c.x - 0.45F * side * direction, c.y + 0.5F * side},
             {c.x + 0.5F * side * direction, c.y}, colour);
}

void draw_transport_sign(Ui &ui, Sign sign, Point c, ImU32 colour, float k)
{
    const bool back = sign == Sign::Back || sign == Sign::FastBack;
    const float to = back ? -1.0F : 1.0F;
    if (sign == Sign::Play) {
        arrow(ui, {c.x + 1.5F * k, c.y}, 16 * k, 1, colour);
    } else if (sign == Sign::Pause) {
        ui.fill({c.x - 6 * k, c.y - 7 * k, 4 * k, 14 * k}, colour, 1);
        ui.fill({c.x + 2 * k, c.y - 7 * k, 4 * k, 14 * k}, colour, 1);
    } else if (sign == Sign::FastNext || sign == Sign::FastBack) {
        arrow(ui, {c.x - 4 * k, c.y}, 9 * k, to, colour);
        arrow(ui, {c.x + 4 * k, c.y}, 9 * k, to, colour);
    } else {
        arrow(ui, {c.x - to * k, c.y}, 10 * k, to, colour);
        ui.line({c.x + to * 5 * k, c.y - 5 * k}, {c.x + to * 5 * k, c.y + 5 * k}, colour, 2);
    }
}

void draw_sun_or_moon(Ui &ui, Sign sign, Point c, ImU32 colour, ImU32 ground)
{
    if (sign == Sign::Moon) {
        ui.circle(c, 6.5F, colour);
        ui.circle({c.x + 3.2F, c.y - 2.2F}, 5.5F, ground);
        return;
    }
    ui.circle(c, 3.6F, colour);
    for (int i = 0; i < 8; ++i) {
        const float angle = pi / 4 * static_cast<float>(i);
        const float dx = std::cos(angle);
        const float dy = std::sin(angle);
        ui.line({c.x + 5.5F * dx, c.y + 5.5F * dy}, {c.x + 8 * dx, c.y + 8 * dy}, colour, 1.6F);
    }
}

} // namespace

void draw_sign(Ui &ui, Sign sign, Point c, ImU32 colour, float k)
{
    switch (sign) {
    case Sign::Minus:
        ui.line({c.x - 6, c.y}, {c.x + 6, c.y}, colour);
        break;
    case Sign::Plus:
        ui.line({c.x - 6, c.y}, {c.x + 6, c.y}, colour);
        ui.line({c.x, c.y - 6}, {c.x, c.y + 6}, colour);
        break;
    case Sign::Fit:
        ui.frame({c.x - 6, c.y - 4.5F, 12, 9}, colour, 2, 1.5F);
        break;
    case Sign::Moon:
    case Sign::Sun:
        draw_sun_or_moon(ui, sign, c, colour, ui.theme.panel);
        break;
    case Sign::Check:
        ui.polyline({{c.x - 4 * k, c.y}, {c.x - k, c.y + 3 * k}, {c.x + 4 * k, c.y - 3.5F * k}},
                    colour, 2);
        break;
    case Sign::Cross:
        ui.line({c.x - 4 * k, c.y - 4 * k}, {c.x + 4 * k, c.y + 4 * k}, colour);
        ui.line({c.x - 4 * k, c.y + 4 * k}, {c.x + 4 * k, c.y - 4 * k}, colour);
        break;
    case Sign::Search:
        ui.ring({c.x - 1.5F, c.y - 1.5F}, 5, colour, 1.6F);
        ui.line({c.x + 2.2F, c.y + 2.2F}, {c.x + 6, c.y + 6}, colour, 1.8F);
        break;
    case Sign::Down:
        triangle(ui, {c.x - 5 * k, c.y - 2.5F * k}, {c.x + 5 * k, c.y - 2.5F * k},
                 {c.x, c.y + 3.5F * k}, colour);
        break;
    case Sign::Right:
        triangle(ui, {c.x - 2.5F * k, c.y - 4 * k}, {c.x - 2.5F * k, c.y + 4 * k},
                 {c.x + 3.5F * k, c.y}, colour);
        break;
    case Sign::Copy:
        ui.frame({c.x - 6, c.y - 6, 9, 9}, colour, 2, 1.5F);
        ui.frame({c.x - 2, c.y - 2, 9, 9}, colour, 2, 1.5F);
        break;
    case Sign::Branch:
        ui.line({c.x - 6, c.y + 4}, {c.x + 6, c.y + 4}, colour, 1.8F);
        ui.polyline({{c.x - 4, c.y + 4}, {c.x, c.y - 4}, {c.x + 6, c.y - 4}}, colour, 1.8F);
        break;
    case Sign::Grid:
        for (const float dx : {-6.0F, 1.0F})
            for (const float dy : {-6.0F, 1.0F})
                ui.fill({c.x + dx, c.y + dy, 5, 5}, colour, 1);
        break;
    default:
        draw_transport_sign(ui, sign, c, colour, k);
        break;
    }
}

void draw_logo(Ui &ui, Point c)
{
    draw_envelope(ui, {c.x - 2, c.y - 1}, 26, ui.theme.text);
    ui.circle({c.x + 8, c.y + 5}, 7.5F, ui.theme.canvas);
    ui.ring({c.x + 8, c.y + 5}, 5.5F, ui.theme.text, 2);
    ui.line({c.x + 12, c.y + 9}, {c.x + 16, c.y + 13}, ui.theme.text, 2.5F);
}

} // namespace mailscope::viz
