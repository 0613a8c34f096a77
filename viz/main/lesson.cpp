// An open scenario.
#include "viz/main/lesson.h"

#include "sim/scenario/build.h"
#include "sim/scenario/play.h"

#include <algorithm>
#include <utility>

namespace mailscope::viz
{

Result<std::unique_ptr<Lesson>> Lesson::open(Scenario scenario)
{
    Result<World> world = build_world(scenario);
    if (!world)
        return tl::unexpected<Error>(world.error());
    std::unique_ptr<Lesson> lesson(new Lesson(std::move(scenario), *world));
    lesson->timeline_.extend_to_rest(time_limit(lesson->scenario_));
    lesson->take_notes();
    return lesson;
}

std::unique_ptr<Lesson> Lesson::begin(Scenario scenario, const World &start)
{
    std::unique_ptr<Lesson> lesson(new Lesson(std::move(scenario), start));
    lesson->take_notes();
    return lesson;
}

Lesson::Lesson(Scenario scenario, const World &world)
    : scenario_(std::move(scenario)), timeline_(world), layout_(lay_out_map(scenario_, world)),
      hosts_(host_names(world))
{
}

bool Lesson::follow(const World &world, const Records &records, std::vector<TimedAct> acts)
{
    const std::size_t known = timeline_.records_of(BranchId{0}).size();
    if (records.size() < known) {
        timeline_ = Timeline(world);
        branches_.clear();
        tried_.clear();
        at_.reset();
        counted_ = {};
        timeline_.follow(world, records, {});
        take_notes();
        return false;
    }
    timeline_.follow(world, records, std::move(acts));
    if (records.size() == known)
        return true;
    BranchNotes &notes = branches_.front();
    notes.story.grow(records);
    notes.traffic.grow(records);
    grow_moments(notes.moments, known, scenario_, records, hosts_);
    return true;
}

/// Works out what is known about the current branch, which is the newest one.
void Lesson::take_notes()
{
    branches_.push_back(
        {Story(records()), lesson_moments(scenario_, records(), hosts_), Traffic(records())});
}

void Lesson::seek(std::size_t record)
{
    if (at_ == record)
        return;
    timeline_.seek_record(record);
    at_ = record;
}

std::optional<std::size_t> Lesson::find(const StopRule &rule, std::size_t first, std::size_t last)
{
    const std::size_t count = (first < last ? last - first : first - last) + 1;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t record = first < last ? first + i : first - i;
        if (!rule.matches(records()[record]))
            continue;
        if (rule.asks_about_queues()) {
            seek(record);
            if (!rule.matches(timeline_.world()))
                continue;
        }
        return record;
    }
    return std::nullopt;
}

std::size_t Lesson::count(const std::string &text, const StopRule &rule)
{
    const BranchId branch = timeline_.current();
    if (counted_.text != text || counted_.branch != branch)
        counted_ = {text, branch, 0, 0};
    for (; counted_.records < records().size(); ++counted_.records)
        counted_.matching += rule.matches(records()[counted_.records]) ? 1U : 0U;
    return counted_.matching;
}

std::size_t Lesson::try_remedy(const RemedySpec &remedy)
{
    const auto tried = tried_.find(remedy.id);
    if (tried != tried_.end())
        return switch_to(tried->second);
    // A remedy comes when the story that it mends has come to its moment.
    timeline_.switch_to(BranchId{0});
    timeline_.seek_time(remedy.at ? SimTime(*remedy.at) : timeline_.end_of(BranchId{0}).now);
    std::vector<Order> now;
    for (const ChangeSpec &change : remedy.changes)
        now.emplace_back(change);
    std::vector<std::pair<Duration, Order>> later;
    for (const ActionSpec &action : remedy.then)
        later.emplace_back(action.at, action);
    const SimTime limit = timeline_.world().now + (time_limit(scenario_) - SimTime());
    const BranchId branch = timeline_.fork(remedy.id, now, later);
    timeline_.extend_to_rest(limit);
    take_notes();
    tried_[remedy.id] = branch.value;
    return switch_to(branch.value);
}

std::size_t Lesson::change(const Order &order, std::string name)
{
    const SimTime limit = timeline_.world().now + (time_limit(scenario_) - SimTime());
    const BranchId branch = timeline_.fork(std::move(name), {order}, {});
    timeline_.extend_to_rest(limit);
    take_notes();
    return switch_to(branch.value);
}

std::size_t Lesson::switch_to(std::size_t branch)
{
    const BranchId id{static_cast<std::uint32_t>(branch)};
    const BranchId left = timeline_.current();
    timeline_.switch_to(id);
    at_.reset();
    // Both are seen from where they part.
    std::size_t shared = timeline_.shared_records(id);
    if (left != id && timeline_.parent_of(left) == id)
        shared = timeline_.shared_records(left);
    else if (left != id && timeline_.parent_of(left) && timeline_.parent_of(id) != left)
        shared = std::min(shared, timeline_.shared_records(left));
    return std::min(shared, records().empty() ? 0 : records().size() - 1);
}

std::vector<RemedyRow> Lesson::remedies(const Words &words) const
{
    std::vector<RemedyRow> rows;
    for (const RemedySpec &remedy : scenario_.remedies) {
        RemedyRow row{remedy.id, words.choose(remedy.label), -1};
        if (const auto tried = tried_.find(remedy.id); tried != tried_.end())
            row.branch = static_cast<int>(tried->second);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace mailscope::viz
