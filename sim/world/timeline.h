// A World's history and its branches: going anywhere, changing something, keeping both futures.
//
// A branch is a beginning (the World as built, or a moment of another branch with orders applied)
// and everything that follows from it. It is simulated once; snapshots taken on the way make every
// moment reachable by copying the nearest one and stepping on. Records are shared between a
// branch and its parent up to the fork. Memory: snapshots are thinned out as a run grows, so that
// their number stays bounded.
#pragma once

#include "sim/trace/records.h"
#include "sim/world/outside.h"
#include "sim/world/rest.h"
#include "sim/world/world.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mailscope
{

/// A branch of a timeline: its place in the order of making.
using BranchId = Id<struct BranchTag>;

/// The first place where two traces part.
struct Difference
{
    std::size_t index = 0; ///< of the first record that is not equal, in both
    bool in_first = false; ///< whether the first trace has a record there
    bool in_second = false;
};

/// Compares two traces record by record. Nothing when they are equal.
std::optional<Difference> first_difference(const Records &first, const Records &second);

class Timeline
{
public:
    /// Begins the main branch at `start`. Nothing is simulated yet.
    explicit Timeline(World start, TraceLevel level = TraceLevel::Everything);

    /// Simulates the current branch onwards until it is at rest or `limit` is reached. The cursor
    /// stays where it is.
    void extend(SimTime limit);

    /// The same, but where devices poll only until run_to_rest() would end.
    void extend_to_rest(SimTime limit);

    /// Brings the main branch up to a World that somebody else drives from outside (sim/live), and
    /// that began as this timeline did. `acts`: what was done to it since the last call. The cursor
    /// stays where it is. Such a branch is not simulated here.
    void follow(const World &end, const Records &records, std::vector<TimedAct> acts);

    /// The World at the cursor.
    const World &world() const { return cursor_.world; }
    /// Everything that the current branch has recorded, also what lies after the cursor.
    const Records &records() const { return branch().records; }
    /// How many of those records lie before the cursor.
    std::size_t records_before() const;

    // Going somewhere on the current branch. Cost: at most snapshot_spacing() steps, or those in
    // which some megabytes are said.
    /// To the state after `step` steps; to the last known one when there are fewer.
    void seek_step(std::uint64_t step);
    /// To the state at `time`, after everything that is due then.
    void seek_time(SimTime time);
    /// To the state right after the step that made record number `index` of records().
    void seek_record(std::size_t index);

    /// Begins a new branch at the cursor with orders that are done there at once, and those that
    /// follow after a time. The old branch stays; the new one becomes the current one.
    BranchId fork(std::string name, const std::vector<Order> &now,
                  const std::vector<std::pair<Duration, Order>> &later);

    /// Makes another branch the current one, with the cursor at its fork or its beginning.
    void switch_to(BranchId branch);

    BranchId current() const { return current_; }
    std::size_t branch_count() const { return branches_.size(); }
    const std::string &name_of(BranchId branch) const { return branches_[branch.value].name; }
    std::optional<BranchId> parent_of(BranchId branch) const
    {
        return branches_[branch.value].parent;
    }
    const Records &records_of(BranchId branch) const { return branches_[branch.value].records; }
    /// The World of a branch as far as it has been simulated.
    const World &end_of(BranchId branch) const { return branches_[branch.value].end; }
    /// How many records a branch shares with its parent.
    std::size_t shared_records(BranchId branch) const { return branches_[branch.value].shared; }

    std::uint64_t snapshot_spacing() const { return branch().spacing; }

private:
    /// A World, with how many of its branch's acts have been done to it.
    struct Moment
    {
        World world;
        std::size_t acts = 0;
    };

    struct Branch
    {
        std::string name;
        std::optional<BranchId> parent;
        std::size_t shared = 0; ///< records that it shares with its parent
        World end;              ///< as far as it has been simulated
        Records records;
        std::vector<Moment> snapshots; ///< by step, the beginning first
        std::vector<TimedAct> acts;    ///< from outside, by step; only a followed branch has any
        std::uint64_t spacing = 64;    ///< steps between snapshots
        std::uint64_t octets = 0;      ///< recorded since the last one
        bool at_rest = false;
    };

    static constexpr std::size_t snapshots_max = 256;
    /// What is said costs more than a step: going over so many octets again takes milliseconds.
    static constexpr std::uint64_t octets_between = 8'000'000;

    const Branch &branch() const { return branches_[current_.value]; }
    Branch &branch() { return branches_[current_.value]; }
    void take_snapshot(Branch &branch);
    void extend(SimTime limit, RestWatch *watch);
    bool go_on(Records &nothing, SimTime limit = time_never);
    void go_to_end() { cursor_ = {branch().end, branch().acts.size()}; }

    std::vector<Branch> branches_;
    BranchId current_{0};
    Moment cursor_;
};

} // namespace mailscope
