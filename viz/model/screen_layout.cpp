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

} // namespace

ScreenLayout layout_screen(float width, float height)
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
        right = 320;
    const float column = width - 2 * margin - gap - right;
    const float share = screen.kind == LayoutKind::Wide      ? 0.53F
                        : screen.kind == LayoutKind::Compact ? 0.52F
                                                             : 0.55F;
    screen.map = {margin, top, column, std::round(content * share) - gap};
    const float y = screen.map.bottom() + gap;
    const float rest = screen.timeline.y - gap - y;
    const float ladder =
        screen.kind == LayoutKind::Focus ? column : std::round((column - gap) * 0.46F);
    screen.ladder = {margin, y, ladder, rest};
    screen.dialog = screen.kind == LayoutKind::Focus
                        ? screen.ladder
                        : Rect{margin + ladder + gap, y, column - ladder - gap, rest};
    const float x = width - margin - right;
    screen.lesson = {x, top, right, content};
    screen.inspector = screen.dialog;
    if (screen.kind == LayoutKind::Wide) {
        screen.lesson.h = std::min(std::max(510.0F, std::round(content * 0.6F)), content - 228);
        screen.inspector = {x, screen.lesson.bottom() + gap, right,
                            content - screen.lesson.h - gap};
    }
    return screen;
}

} // namespace mailscope::viz
