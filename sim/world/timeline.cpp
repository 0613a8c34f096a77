// A World's history and its branches.
#include "sim/world/timeline.h"

#include "sim/core/check.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mailscope
{
namespace
{

bool equal(const Record &a, const Record &b)
{
    return a.at == b.at && a.id == b.id && a.because == b.because && a.kind == b.kind &&
           a.protocol == b.protocol && a.code == b.code && a.status == b.status &&
           a.host == b.host && a.peer == b.peer && a.conversation == b.conversation &&
           a.message == b.message && a.link == b.link && a.value == b.value && a.text == b.text;
}

} // namespace

std::optional<Difference> first_difference(const Records &first, const Records &second)
{
    const std::size_t common = std::min(first.size(), second.size());
    for (std::size_t i = 0; i < common; ++i)
        if (!equal(first[i], second[i]))
            return Difference{i, true, true};
    if (first.size() == second.size())
        return std::nullopt;
    return Difference{common, first.size() > common, second.size() > common};
}

Timeline::Timeline(World start, TraceLevel level) : cursor_{start, 0}
{
    Branch main;
    main.name = "main";
    main.records = Records(level);
    main.snapshots.push_back({start, 0});
    main.end = std::move(start);
    branches_.push_back(std::move(main));
}

/// Keeps a copy of the branch's end; every second one goes when there are too many.
void Timeline::take_snapshot(Branch &branch)
{
    if (branch.snapshots.size() >= snapshots_max) {
        std::vector<Moment> kept;
        for (std::size_t i = 0; i < branch.snapshots.size(); i += 2)
            kept.push_back(std::move(branch.snapshots[i]));
        branch.snapshots = std::move(kept);
        branch.spacing *= 2;
    }
    if (branch.end.steps - branch.snapshots.back().world.steps >= branch.spacing ||
        branch.octets >= octets_between) {
        branch.snapshots.push_back({branch.end, branch.acts.size()});
        branch.octets = 0;
    }
}

void Timeline::follow(const World &end, const Records &records, std::vector<TimedAct> acts)
{
    Branch &main = branches_.front();
    main.end = end;
    main.records = records;
    main.acts.insert(main.acts.end(), std::make_move_iterator(acts.begin()),
                     std::make_move_iterator(acts.end()));
    main.at_rest = true;
    take_snapshot(main);
}

/// The cursor's next step, or what was done from outside before that step. False at the end.
bool Timeline::go_on(Records &nothing, SimTime limit)
{
    const std::vector<TimedAct> &acts = branch().acts;
    if (cursor_.acts < acts.size() && acts[cursor_.acts].steps <= cursor_.world.steps) {
        const TimedAct &act = acts[cursor_.acts];
        if (act.at > limit)
            return false;
        ++cursor_.acts;
        cursor_.world.now = act.at;
        act_outside(cursor_.world, nothing, act.act);
        return true;
    }
    return step(cursor_.world, nothing, limit);
}

void Timeline::extend(SimTime limit) { extend(limit, nullptr); }

void Timeline::extend_to_rest(SimTime limit)
{
    RestWatch watch(branch().end);
    extend(limit, &watch);
}

void Timeline::extend(SimTime limit, RestWatch *watch)
{
    Branch &current = branch();
    std::size_t counted = current.records.size();
    while (!current.at_rest && current.end.now < limit) {
        for (std::uint64_t i = 0;
             i < current.spacing && !current.at_rest && current.octets < octets_between; ++i) {
            if (step(current.end, current.records, limit)) {
                current.at_rest = watch != nullptr && watch->is_at_rest(current.end);
                for (; counted < current.records.size(); ++counted)
                    current.octets += current.records[counted].text.size();
                continue;
            }
            current.at_rest = current.end.queue.empty();
            if (!current.at_rest)
                current.end.now = std::max(current.end.now, limit);
            break;
        }
        take_snapshot(current);
    }
}

std::size_t Timeline::records_before() const
{
    const Records &all = branch().records;
    std::size_t low = 0;
    std::size_t high = all.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (all[middle].id.value < cursor_.world.next_record)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void Timeline::seek_step(std::uint64_t target)
{
    const Branch &current = branch();
    if (target >= current.end.steps)
        return go_to_end();
    const std::uint64_t here = cursor_.world.steps;
    const bool onwards = here <= target && target - here < current.spacing &&
                         here >= current.snapshots.front().world.steps;
    if (!onwards) {
        const auto after = std::upper_bound(
            current.snapshots.begin(), current.snapshots.end(), target,
            [](std::uint64_t wanted, const Moment &at) { return wanted < at.world.steps; });
        cursor_ = after == current.snapshots.begin() ? *after : *std::prev(after);
    }
    Records nothing(TraceLevel::Nothing);
    while (cursor_.world.steps < target && go_on(nothing)) {
    }
}

void Timeline::seek_time(SimTime time)
{
    const Branch &current = branch();
    if (time >= current.end.now)
        return go_to_end();
    const auto after =
        std::upper_bound(current.snapshots.begin(), current.snapshots.end(), time,
                         [](SimTime wanted, const Moment &at) { return wanted < at.world.now; });
    cursor_ = after == current.snapshots.begin() ? *after : *std::prev(after);
    Records nothing(TraceLevel::Nothing);
    while (go_on(nothing, time)) {
    }
    cursor_.world.now = std::max(cursor_.world.now, time);
}

void Timeline::seek_record(std::size_t index)
{
    const Branch &current = branch();
    if (current.records.empty())
        return;
    const std::uint32_t id = current.records[std::min(index, current.records.size() - 1)].id.value;
    const auto after = std::upper_bound(
        current.snapshots.begin(), current.snapshots.end(), id,
        [](std::uint32_t wanted, const Moment &at) { return wanted < at.world.next_record; });
    cursor_ = after == current.snapshots.begin() ? *after : *std::prev(after);
    Records nothing(TraceLevel::Nothing);
    while (cursor_.world.next_record <= id && go_on(nothing)) {
    }
}

BranchId Timeline::fork(std::string name, const std::vector<Order> &now,
                        const std::vector<std::pair<Duration, Order>> &later)
{
    Branch made;
    made.name = std::move(name);
    made.parent = current_;
    made.records = branch().records;
    made.records.truncate(records_before());
    made.shared = made.records.size();
    for (const Order &order : now)
        apply(cursor_.world, made.records, order);
    for (const auto &[wait, order] : later)
        schedule(cursor_.world, cursor_.world.now + wait, order);
    cursor_.acts = 0; // Nobody outside acts in a story that only might have been.
    made.end = cursor_.world;
    made.snapshots.push_back(cursor_);
    branches_.push_back(std::move(made));
    current_ = BranchId{static_cast<std::uint32_t>(branches_.size() - 1)};
    return current_;
}

void Timeline::switch_to(BranchId branch_id)
{
    MS_CHECK(branch_id.value < branches_.size());
    current_ = branch_id;
    cursor_ = branch().snapshots.front();
}

} // namespace mailscope
