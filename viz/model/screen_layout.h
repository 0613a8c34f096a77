// Where the panels are, for a window of any size.
//
// Three layouts: the wide one of the design; compact, where the window is low (the inspector is a
// tab beside the dialog); focus, where it is narrow (ladder, dialog and inspector are three tabs of
// one panel). Rows never shrink: panels show fewer.
#pragma once

#include "viz/model/rows.h"

namespace mailscope::viz
{

enum class LayoutKind : std::uint8_t
{
    Wide,
    Compact,
    Focus,
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
};

/// For a window of this size in pixels at scale 1.
ScreenLayout layout_screen(float width, float height);

} // namespace mailscope::viz
