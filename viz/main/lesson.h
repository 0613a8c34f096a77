// A scenario that is open: its timeline with branches, and what was worked out about each branch.
//
// The one place of the app that runs Worlds. A remedy or a change forks the timeline; every branch
// is simulated to its rest at once, so that going anywhere is copying a snapshot and a few steps.
#pragma once

#include "sim/scenario/parse.h"
#include "sim/scenario/scenario.h"
#include "sim/world/timeline.h"
#include "viz/model/map_layout.h"
#include "viz/model/stop_rule.h"
#include "viz/model/story.h"
#include "viz/model/views.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::viz
{

class Lesson
{
public:
    /// Plays the scenario to its rest. Fails as build_world does.
    [[nodiscard]] static Result<std::unique_ptr<Lesson>> open(Scenario scenario);

    /// A story that grows: what happens to a World that somebody else drives from outside.
    [[nodiscard]] static std::unique_ptr<Lesson> begin(Scenario scenario, const World &start);
    /// Brings such a story up to the World; see Timeline::follow. Where the trace began anew, the
    /// story does, too: then false.
    bool follow(const World &world, const Records &records, std::vector<TimedAct> acts);

    /// The same story with a cursor of its own, to be shown beside this one.
    std::unique_ptr<Lesson> copy() const { return std::unique_ptr<Lesson>(new Lesson(*this)); }

    const Scenario &scenario() const { return scenario_; }
    const Timeline &timeline() const { return timeline_; }
    const MapLayout &layout() const { return layout_; }
    const Records &records() const { return timeline_.records(); }
    const Story &story() const { return branches_[timeline_.current().value].story; }
    const std::vector<std::size_t> &moments() const
    {
        return branches_[timeline_.current().value].moments;
    }
    const Traffic &traffic() const { return branches_[timeline_.current().value].traffic; }
    const Directory &directory() const { return *timeline_.world().directory; }

    /// Puts the World to the state right after the record.
    void seek(std::size_t record);

    /// The record from `first` to `last`, which may lie before it, that the rule matches first.
    /// Puts the World anywhere between them when the rule asks about queues.
    std::optional<std::size_t> find(const StopRule &rule, std::size_t first, std::size_t last);

    /// How many records of the branch the rule matches, apart from queues; `text` is what it was
    /// read from. Kept, so that asking again in every frame costs nothing: records are read once,
    /// and those that come later once they are there.
    std::size_t count(const std::string &text, const StopRule &rule);

    /// Begins a branch with the remedy, or goes to the one where it was tried; gives the record at
    /// which the reader goes on.
    std::size_t try_remedy(const RemedySpec &remedy);
    /// Begins a branch at the cursor with the order; gives the record at which the reader goes on.
    std::size_t change(const Order &order, std::string name);
    /// Makes the branch the current one; gives the record at which it parts
    /// from the one that was current.
    std::size_t switch_to(std::size_t branch);
    std::vector<RemedyRow> remedies(const Words &words) const;

private:
    struct BranchNotes
    {
        Story story;
        std::vector<std::size_t> moments;
        Traffic traffic;
    };

    /// What was counted last: of `records` records of the branch, `matching`.
    struct Counted
    {
        std::string text;
        BranchId branch;
        std::size_t records = 0;
        std::size_t matching = 0;
    };

    Lesson(Scenario scenario, const World &world);
    Lesson(const Lesson &) = default;
    void take_notes();

    Scenario scenario_;
    Timeline timeline_;
    MapLayout layout_;
    std::vector<std::string> hosts_;
    std::vector<BranchNotes> branches_;
    std::map<std::string, std::uint32_t> tried_; ///< remedies, with their branches
    std::optional<std::size_t> at_;              ///< the record that was sought last
    Counted counted_;
};

} // namespace mailscope::viz
