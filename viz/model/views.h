// View models: from the trace and the World at the cursor to the rows that panels draw.
//
// Each function answers for one panel and decides everything there is to decide about it: what is
// shown, in which order, with which words. They read and change nothing, and nothing here knows the
// screen; what they give can be tested as plain values.
#pragma once

#include "sim/scenario/scenario.h"
#include "sim/trace/records.h"
#include "sim/world/timeline.h"
#include "sim/world/world.h"
#include "viz/model/map_layout.h"
#include "viz/model/rows.h"
#include "viz/model/story.h"
#include "viz/model/traffic.h"
#include "viz/model/ui_state.h"
#include "viz/model/words.h"

#include <cstddef>
#include <string>
#include <vector>

namespace mailscope::viz
{

/// Where the reader is, and everything that a view model reads.
struct Moment
{
    const Scenario &scenario;
    const Records &records; ///< of the branch
    const World &world;     ///< at the cursor
    const Story &story;     ///< of the branch
    const Words &words;
    const UiState &state;
    const Traffic *traffic = nullptr; ///< of the branch; without it only the present step flies

    std::size_t index() const { return state.record; }
    const Record &record() const { return records[state.record]; }
    std::size_t step() const { return story.step_at(state.record); }
};

MapView map_view(const Moment &now, const MapLayout &layout);
/// As many rows as there is room for, with the lanes that they need.
LadderView ladder_view(const Moment &now, LadderRoom room);

DialogView dialog_view(const Moment &now);
InspectorView inspector_view(const Moment &now);
LessonView lesson_view(const Moment &now, const std::vector<std::size_t> &moments,
                       const std::vector<RemedyRow> &remedies);
/// What the lesson itself says at the present step; empty where it says nothing.
std::string lesson_saying(const Moment &now, const std::vector<std::size_t> &moments);
std::vector<WhyRow> why_rows(const Moment &now);
TimelineView timeline_view(const Moment &now, const Timeline &timeline);
/// What a branch is called. A remedy's branch has its id for a name and is called by its label, so
/// that the name follows the language; empty for the main story.
std::string branch_title(const Scenario &scenario, const Words &words, const Timeline &timeline,
                         BranchId branch);

/// For each moment of the lesson the record at which it comes; as many as there are records where
/// it never comes.
std::vector<std::size_t> lesson_moments(const Scenario &scenario, const Records &records,
                                        const std::vector<std::string> &hosts);
/// The same after records came; `moments` were right when there were `known` records.
void grow_moments(std::vector<std::size_t> &moments, std::size_t known, const Scenario &scenario,
                  const Records &records, const std::vector<std::string> &hosts);

/// A card of the library for a scenario.
CardRow card_of(const Scenario &scenario, std::string_view language);
LibraryView library_view(std::vector<CardRow> cards, const Words &words);

} // namespace mailscope::viz
