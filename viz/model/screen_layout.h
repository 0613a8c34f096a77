// Where the panels are, for a window of any size.
//
// Three layouts: the wide one of the design; compact, where the window is low (the inspector is a
// tab beside the dialog); focus, where it is narrow (ladder, dialog and inspector are three tabs of
// one panel). Rows never shrink: panels show fewer.
#pragma once

#include "viz/model/rows.h"

#include <array>
#include <cstdint>

namespace mailscope::viz
{

enum class LayoutKind : std::uint8_t
{
    Wide,
    Compact,
    Focus,
};

/// How the reader has divided the window, as shares of what there is to divide; 0: by the design.
struct Shares
{
    float map = 0;    ///< of the left column's height
    float ladder = 0; ///< of the left column's width, beside the dialog
    float right = 0;  ///< the right column, of the window's width
    float lesson = 0; ///< of the right column's height

    /// The share that a bar changes.
    float &of(std::size_t bar);
};

/// Between two panels; can be dragged.
enum class SplitBar : std::uint8_t
{
    MapBelow,
    LadderRight,
    RightColumn,
    LessonBelow,
    Count,
};

struct ScreenLayout
{
    LayoutKind kind = LayoutKind::Wide;
    Rect top;
    Rect map;
    Rect ladder;
    Rect dialog;
    Rect lesson;
    Rect inspector; ///< the same as the dialog's where it is a tab
    Rect timeline;
    std::array<Rect, static_cast<std::size_t>(SplitBar::Count)> bars; ///< empty where there is none
};

/// For a window of this size in pixels at scale 1. Panels keep their least sizes.
ScreenLayout layout_screen(float width, float height, const Shares &shares = {});

/// The shares after a bar was moved by so many pixels.
Shares moved(Shares shares, SplitBar bar, Point by, const ScreenLayout &screen);

} // namespace mailscope::viz
