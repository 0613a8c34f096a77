// The panels: functions from rows to pixels and intents.
//
// Each draws one part of the window from its view model and the reader's choices, and adds to the
// surface's intents what was pressed. Panels decide nothing, keep nothing and know nothing of the
// simulation.
#pragma once

#include "viz/draw/ui.h"
#include "viz/model/compare_view.h"
#include "viz/model/live_view.h"
#include "viz/model/rows.h"
#include "viz/model/ui_state.h"
#include "viz/model/words.h"

#include <string>
#include <vector>

namespace mailscope::viz
{

/// What every panel is given.
struct PanelContext
{
    Ui &ui;
    const UiState &state;
    const Words &words;
};

/// `title` and `subtitle` of what is open; empty on the start screen.
void draw_top_bar(const PanelContext &context, const Rect &area, const CardRow *open);

void draw_map(const PanelContext &context, const Rect &area, const MapView &map);
void draw_ladder(const PanelContext &context, const Rect &area, const LadderView &ladder);
/// What fits into the area.
LadderRoom ladder_room(const Rect &area);
void draw_dialog(const PanelContext &context, const Rect &area, const DialogView &dialog);
void draw_inspector(const PanelContext &context, const Rect &area, const InspectorView &inspector);
void draw_lesson(const PanelContext &context, const Rect &area, const LessonView &lesson);
void draw_timeline(const PanelContext &context, const Rect &area, const TimelineView &timeline);
/// The tabs of a narrow window above the panel that is shown; gives the place left for it.
Rect draw_side_tabs(const PanelContext &context, const Rect &area, bool with_ladder);

/// The bars between panels, over them: they can be dragged.
void draw_split_bars(const PanelContext &context, const ScreenLayout &screen);

/// Stories side by side.
void draw_compare(const PanelContext &context, const Rect &area, const CompareView &view);

void draw_library(const PanelContext &context, const Rect &area, const LibraryView &library);

/// What can be changed at a host, over the left part of the window; gives the place for the field
/// in which a value is typed, empty where none is.
Rect draw_changes(const PanelContext &context, const Rect &window, const ChangesView &changes);
/// Where programs outside reach the servers, over the left part of the window.
void draw_live(const PanelContext &context, const Rect &window, const LiveView &live);
/// Opens the servers for them, or shows where they are; `area` is the button's.
void draw_live_button(const PanelContext &context, const Rect &area);
/// One line about what was done, above a panel.
void draw_notice(const PanelContext &context, const Rect &above, const std::string &text);

/// All keys.
void draw_help(const PanelContext &context, const Rect &window);
/// What is wrong with a scenario file.
void draw_problems(const PanelContext &context, const Rect &area, const std::string &file,
                   const std::vector<std::string> &problems);
/// The tooltip of what the mouse rests on.
void draw_tooltip(const PanelContext &context, const Rect &window);

} // namespace mailscope::viz
