// Panels in the window.
#include "viz/model/screen_layout.h"

#include <algorithm>
#include <cmath>

namespace mailscope::viz
{
namespace
{

constexpr float margin = 10;
constexpr float gap = 8;

// Least sizes of panels.
constexpr float map_wide = 400;
constexpr float map_tall = 180;
constexpr float rest_tall = 160;
constexpr float panel_wide = 240;
constexpr float right_wide = 300;
constexpr float right_most = 0.5F; ///< of the window
constexpr float lesson_tall = 260;
constexpr float inspector_tall = 120;

float kept_between(float value, float least, float most)
{
    return std::max(least, std::min(value, most));
}

std::size_t place(SplitBar bar) { return static_cast<std::size_t>(bar); }

/// The bars lie in the gaps between panels, a little wider than they.
void place_bars(ScreenLayout &screen)
{
    constexpr float wide = gap + 2;
    screen.bars[place(SplitBar::MapBelow)] = {screen.map.x, screen.map.bottom() - 1, screen.map.w,
                                              wide};
    const float right = screen.map.right() - 1;
    screen.bars[place(SplitBar::RightColumn)] = {right, screen.map.y, wide,
                                                 screen.timeline.y - gap - screen.map.y};
    if (screen.kind != LayoutKind::Focus)
        screen.bars[place(SplitBar::LadderRight)] = {screen.ladder.right() - 1, screen.ladder.y,
                                                     wide, screen.ladder.h};
    if (screen.kind == LayoutKind::Wide)
        screen.bars[place(SplitBar::LessonBelow)] = {screen.lesson.x, screen.lesson.bottom() - 1,
                                                     screen.lesson.w, wide};
}

} // namespace

float &Shares::of(std::size_t bar)
{
    switch (static_cast<SplitBar>(bar)) {
    case SplitBar::MapBelow:
        return map;
    case SplitBar::LadderRight:
        return ladder;
    case SplitBar::RightColumn:
        return right;
    default:
        return lesson;
    }
}

ScreenLayout layout_screen(float width, float height, const Shares &shares)
{
    ScreenLayout screen;
    screen.kind = width < 1100   ? LayoutKind::Focus
                  : height < 800 ? LayoutKind::Compact
                                 : LayoutKind::Wide;
    const bool low = screen.kind != LayoutKind::Wide;
    const float top = low ? 40 : 46;
    const float bar = low ? 86 : 98;
    screen.top = {0, 0, width, top};
    screen.timeline = {margin, height - margin - bar, width - 2 * margin, bar};
    const float content = screen.timeline.y - gap - top;
    float right = width < 1400 ? 340.0F : width < 1700 ? 372.0F : 460.0F;
    if (screen.kind == LayoutKind::Focus)
        right = width < 800 ? std::round(width * 0.36F) : 320;
    if (shares.right > 0)
        right = std::round(kept_between(
            shares.right * width, std::min(right_wide, right),
            std::max(right, std::min(width * right_most, width - 2 * margin - gap - map_wide))));
    const float column = width - 2 * margin - gap - right;
    float share = screen.kind == LayoutKind::Wide      ? 0.53F
                  : screen.kind == LayoutKind::Compact ? 0.52F
                                                       : 0.55F;
    if (shares.map > 0)
        share = kept_between(shares.map, map_tall / content, 1 - rest_tall / content);
    screen.map = {margin, top, column, std::round(content * share) - gap};
    const float y = screen.map.bottom() + gap;
    const float rest = screen.timeline.y - gap - y;
    float ladder = screen.kind == LayoutKind::Focus ? column : std::round((column - gap) * 0.46F);
    if (shares.ladder > 0 && screen.kind != LayoutKind::Focus)
        ladder = std::round(
            kept_between(shares.ladder * (column - gap), panel_wide, column - gap - panel_wide));
    screen.ladder = {margin, y, ladder, rest};
    screen.dialog = screen.kind == LayoutKind::Focus
                        ? screen.ladder
                        : Rect{margin + ladder + gap, y, column - ladder - gap, rest};
    const float x = width - margin - right;
    screen.lesson = {x, top, right, content};
    screen.inspector = screen.dialog;
    if (screen.kind == LayoutKind::Wide) {
        screen.lesson.h = std::min(std::max(510.0F, std::round(content * 0.6F)), content - 228);
        if (shares.lesson > 0)
            screen.lesson.h = std::round(
                kept_between(shares.lesson * content, lesson_tall, content - inspector_tall));
        screen.inspector = {x, screen.lesson.bottom() + gap, right,
                            content - screen.lesson.h - gap};
    }
    place_bars(screen);
    return screen;
}

Shares moved(Shares shares, SplitBar bar, Point by, const ScreenLayout &screen)
{
    const float content = screen.timeline.y - gap - screen.map.y;
    switch (bar) {
    case SplitBar::MapBelow:
        shares.map = (screen.map.h + gap + by.y) / content;
        break;
    case SplitBar::LadderRight:
        shares.ladder = (screen.ladder.w + by.x) / (screen.map.w - gap);
        break;
    case SplitBar::RightColumn:
        shares.right = (screen.lesson.w - by.x) / screen.top.w;
        break;
    case SplitBar::LessonBelow:
        shares.lesson = (screen.lesson.h + by.y) / content;
        break;
    case SplitBar::Count:
        break;
    }
    return shares;
}

} // namespace mailscope::viz
