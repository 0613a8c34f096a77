// Shapes, texts, things to press.
#include "viz/draw/ui.h"

#include "viz/model/wrap.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mailscope::viz
{
namespace
{

constexpr float capital_middle = 0.36F; ///< of a capital letter above the base line, in em

} // namespace

void Items::turn()
{
    before = std::exchange(now, {});
    focus_pressed = false;
}

std::size_t Items::first_reachable() const
{
    for (std::size_t i = before.size(); i-- > 0;)
        if (before[i].id.ends_with(".ground"))
            return i + 1;
    return 0;
}

std::size_t Items::focused() const
{
    for (std::size_t i = first_reachable(); i < before.size(); ++i)
        if (before[i].id == focus)
            return i;
    return before.size();
}

int Items::focused_panel() const
{
    const std::size_t here = focused();
    return here == before.size() ? -1 : before[here].panel;
}

void Items::move_focus(int direction)
{
    const std::size_t first = first_reachable();
    const auto count = static_cast<std::ptrdiff_t>(before.size() - first);
    if (count == 0)
        return;
    const std::size_t here = focused();
    std::ptrdiff_t place = here == before.size() ? (direction > 0 ? -1 : count)
                                                 : static_cast<std::ptrdiff_t>(here - first);
    place = (place + direction + count) % count;
    focus = before[first + static_cast<std::size_t>(place)].id;
}

void Items::move_panel(int direction)
{
    const std::size_t first = first_reachable();
    const std::size_t here = focused();
    int best = -1;
    // The nearest number in that direction; beyond the last one begins the first.
    const auto rank = [&](int panel) {
        constexpr int many = 1000;
        const int from = here == before.size() ? (direction > 0 ? -1 : many) : before[here].panel;
        return ((panel - from) * direction + 2 * many - 1) % many;
    };
    for (std::size_t i = first; i < before.size(); ++i)
        if (here == before.size() || before[i].panel != before[here].panel)
            if (best < 0 || rank(before[i].panel) < rank(best))
                best = before[i].panel;
    for (std::size_t i = before.size(); i-- > first;)
        if (before[i].panel == best)
            focus = before[i].id;
}

bool Items::move_row(int direction)
{
    const std::size_t here = focused();
    if (here == before.size())
        return false;
    const Rect &from = before[here].area;
    const Item *best = nullptr;
    float least = 0;
    for (std::size_t i = first_reachable(); i < before.size(); ++i) {
        const Rect &to = before[i].area;
        const float down = (to.centre().y - from.centre().y) * static_cast<float>(direction);
        if (i == here || before[i].panel != before[here].panel || down < 2)
            continue;
        const float far = down + std::abs(to.x - from.x) * 2;
        if (best == nullptr || far < least) {
            best = &before[i];
            least = far;
        }
    }
    if (best != nullptr)
        focus = best->id;
    return best != nullptr;
}

float Ui::text(Style style, float x, float y, ImU32 colour, std::string_view text, Align align)
{
    const float scale = fonts.scale();
    if (align != Align::Left) {
        const float wide = width(style, text);
        x -= align == Align::Centre ? wide / 2 : wide;
    }
    ImFont *font = fonts.font(style);
    const float shrink = 1 / scale;
    const float base = y + Fonts::size_of(style) * capital_middle;
    const float top = std::round(base * scale) - std::round(font->Ascent);
    float pen = std::round(x * scale);
    const float start = pen;
    std::string_view rest = text;
    list.PushTextureID(font->ContainerAtlas->TexID);
    while (!rest.empty()) {
        const ImFontGlyph *glyph = fonts.glyph(style, take_character(rest));
        if (glyph == nullptr)
            continue;
        if (glyph->Visible) {
            list.PrimReserve(6, 4);
            list.PrimRectUV({(pen + glyph->X0) * shrink, (top + glyph->Y0) * shrink},
                            {(pen + glyph->X1) * shrink, (top + glyph->Y1) * shrink},
                            {glyph->U0, glyph->V0}, {glyph->U1, glyph->V1}, colour);
        }
        pen += glyph->AdvanceX;
    }
    list.PopTextureID();
    return (pen - start) * shrink;
}

float Ui::width(Style style, std::string_view text)
{
    float wide = 0;
    while (!text.empty())
        if (const ImFontGlyph *glyph = fonts.glyph(style, take_character(text)))
            wide += glyph->AdvanceX;
    return wide / fonts.scale();
}

std::string Ui::fit(Style style, std::string_view text, float room)
{
    if (width(style, text) <= room)
        return std::string(text);
    // A Japanese face has the ellipsis at half height, which is wrong after Latin letters.
    const bool is_latin = style < Style::Mono12 &&
                          std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
    const std::string dots = is_latin ? "..." : "…";
    const float dots_wide = width(style, dots);
    float wide = 0;
    std::string_view rest = text;
    std::size_t end = 0;
    while (!rest.empty()) {
        const ImFontGlyph *glyph = fonts.glyph(style, take_character(rest));
        wide += glyph == nullptr ? 0 : glyph->AdvanceX / fonts.scale();
        if (wide + dots_wide > room)
            break;
        end = text.size() - rest.size();
    }
    return std::string(text.substr(0, end)) + dots;
}

std::vector<std::string> Ui::wrap(Style style, std::string_view text, float room)
{
    return wrap_lines(text, room, [&](std::string_view piece) { return width(style, piece); });
}

std::vector<std::string> Ui::wrap(Style style, std::string_view text, float room,
                                  std::size_t lines_max)
{
    std::vector<std::string> lines = wrap(style, text, room);
    if (lines.size() <= lines_max)
        return lines;
    // With what follows it, the last line is too long by the rule of wrapping.
    std::string last = lines[lines_max - 1];
    for (std::size_t i = lines_max; i < lines.size(); ++i)
        last += ' ' + lines[i];
    lines.resize(lines_max);
    lines.back() = fit(style, last, room);
    return lines;
}

float Ui::paragraph(Style style, float x, float y, float room, ImU32 colour, std::string_view words,
                    std::size_t lines_max, float line_height)
{
    const float height = line_height > 0 ? line_height : std::round(Fonts::size_of(style) * 1.55F);
    for (const std::string &shown : wrap(style, words, room, lines_max)) {
        text(style, x, y + height / 2, colour, shown);
        y += height;
    }
    return y;
}

void Ui::fill(const Rect &area, ImU32 colour, float radius)
{
    list.AddRectFilled({area.x, area.y}, {area.right(), area.bottom()}, colour, radius);
}

void Ui::frame(const Rect &area, ImU32 colour, float radius, float stroke)
{
    const float half = stroke / 2;
    list.AddRect({area.x + half, area.y + half}, {area.right() - half, area.bottom() - half},
                 colour, radius, 0, stroke);
}

void Ui::line(Point a, Point b, ImU32 colour, float stroke)
{
    list.AddLine(vec(a), vec(b), colour, stroke);
}

void Ui::polyline(const std::vector<Point> &points, ImU32 colour, float stroke, float dash,
                  float gap)
{
    if (dash <= 0) {
        for (const Point &point : points)
            list.PathLineTo(vec(point));
        list.PathStroke(colour, 0, stroke);
        return;
    }
    float walked = 0;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Point a = points[i];
        const Point b = points[i + 1];
        const float length = std::hypot(b.x - a.x, b.y - a.y);
        for (float at = 0; at < length;) {
            const float phase = std::fmod(walked + at, dash + gap);
            const float step = std::max(
                0.1F, std::min(length - at, phase < dash ? dash - phase : dash + gap - phase));
            if (phase < dash) {
                const auto on = [&](float d) {
                    return Point{a.x + (b.x - a.x) * d / length, a.y + (b.y - a.y) * d / length};
                };
                line(on(at), on(at + step), colour, stroke);
            }
            at += step;
        }
        walked += length;
    }
}

void Ui::circle(Point centre, float radius, ImU32 colour)
{
    list.AddCircleFilled(vec(centre), radius, colour);
}

void Ui::ring(Point centre, float radius, ImU32 colour, float stroke)
{
    list.AddCircle(vec(centre), radius, colour, 0, stroke);
}

std::string_view Ui::top_item(ImVec2 at) const
{
    for (auto item = items_.before.rbegin(); item != items_.before.rend(); ++item)
        if (item->area.contains(at.x, at.y))
            return item->id;
    return {};
}

Touch Ui::touch(std::string_view id, const Rect &area, std::string_view tooltip)
{
    const ImGuiIO &io = ImGui::GetIO();
    const ImVec2 low = list.GetClipRectMin();
    const ImVec2 high = list.GetClipRectMax();
    // Only what is seen can be pressed.
    Rect seen = area;
    seen.x = std::max(area.x, low.x);
    seen.y = std::max(area.y, low.y);
    seen.w = std::min(area.right(), high.x) - seen.x;
    seen.h = std::min(area.bottom(), high.y) - seen.y;
    Touch touch;
    if (seen.w <= 0 || seen.h <= 0)
        return touch;
    items_.now.push_back({std::string(id), seen, panel});
    touch.hovered = seen.contains(io.MousePos.x, io.MousePos.y) && top_item(io.MousePos) == id;
    if (touch.hovered && io.MouseClicked[0])
        items_.held = id;
    touch.held = items_.held == id && io.MouseDown[0];
    touch.pressed = touch.hovered && io.MouseReleased[0] && items_.held == id;
    touch.focused = items_.focus == id;
    if (touch.focused && items_.focus_pressed)
        touch.pressed = true;
    if (touch.focused)
        focus_ring(area, 7);
    if (touch.hovered && !tooltip.empty() && !io.MouseDown[0]) {
        tooltip_ = tooltip;
        tooltip_at_ = {area.x, area.bottom() + 6};
    }
    return touch;
}

void Ui::focus_ring(const Rect &area, float radius)
{
    frame(area.inner(-4), theme.text, radius + 3, 2);
}

bool Ui::button(std::string_view id, const Rect &area, std::string_view label, bool primary,
                bool enabled, std::string_view tooltip)
{
    const Touch state = touch(id, area, tooltip);
    const ImU32 base = primary ? theme.btn : theme.raised;
    const ImU32 ink = !enabled ? theme.text3 : primary ? theme.btnink : theme.text;
    if (enabled) {
        fill(area, state.hovered ? mixed(base, theme.text, primary ? 0.0F : 0.08F) : base, 7);
        if (!primary)
            frame(area, theme.line2, 7);
    }
    const Style style = primary ? Style::Bold14 : Style::Text14;
    text(style, area.x + area.w / 2, area.y + area.h / 2, ink, fit(style, label, area.w - 16),
         Align::Centre);
    return enabled && state.pressed;
}

int Ui::segments(std::string_view id, const Rect &area, const std::vector<std::string> &labels,
                 int chosen)
{
    int pressed = -1;
    fill(area, theme.panel, 7);
    frame(area, theme.line, 7);
    float wanted = 0;
    for (const std::string &label : labels)
        wanted += width(Style::Bold13, label);
    const float spare = (area.w - 6 - wanted) / static_cast<float>(labels.size());
    float x = area.x + 3;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const bool is_chosen = static_cast<int>(i) == chosen;
        const Rect part{x, area.y + 3, width(Style::Bold13, labels[i]) + spare, area.h - 6};
        const Touch state = touch(std::string(id) + "." + std::to_string(i), part);
        if (is_chosen) {
            fill(part, theme.raised, 6);
            frame(part, theme.line2, 6);
        }
        text(is_chosen ? Style::Bold13 : Style::Text13, part.x + part.w / 2, part.y + part.h / 2,
             is_chosen || state.hovered ? theme.text : theme.text2, labels[i], Align::Centre);
        if (state.pressed)
            pressed = static_cast<int>(i);
        x += part.w;
    }
    return pressed;
}

void Ui::card(const Rect &area)
{
    fill(area, theme.panel, 10);
    if (!theme.dark)
        frame(area, theme.line, 10);
}

void Ui::key_cap(const Rect &area, std::string_view label)
{
    frame(area, theme.line2, 5);
    text(Style::Text12, area.x + area.w / 2, area.y + area.h / 2, theme.text2, label,
         Align::Centre);
}

bool Ui::is_hovered(const Rect &area) const
{
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    return area.contains(mouse.x, mouse.y);
}

float Ui::wheel(const Rect &area) const
{
    return is_hovered(area) ? -ImGui::GetIO().MouseWheel : 0;
}

} // namespace mailscope::viz
