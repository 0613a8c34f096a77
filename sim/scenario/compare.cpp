// One story told by different worlds; see compare.h.
#include "sim/scenario/compare.h"

#include "sim/scenario/build.h"
#include "sim/scenario/play.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace mailscope
{
namespace
{

/// A heading of a story and the moment it begins.
struct Heading
{
    LocalText text;
    SimTime at;
};

std::vector<Heading> headings_of(const Scenario &scenario)
{
    std::vector<Heading> headings;
    for (const ActionSpec &action : scenario.story)
        if (!action.scene.en.empty() || !action.scene.ja.empty())
            headings.push_back({action.scene, SimTime(action.at)});
    return headings;
}

std::vector<Copy> copies_in(const World &world)
{
    std::vector<Copy> copies;
    for (const LetterPlace &row : letter_places(world)) {
        const bool is_senders =
            row.place == Place::Outbox || row.place == Place::Sent || row.place == Place::Draft;
        copies.push_back({row.subject, row.place,
                          row.host.is_none() ? std::string() : world.directory->name_of(row.host),
                          row.owner, is_senders || row.seen, row.folder});
    }
    const auto key = [](const Copy &copy) {
        return std::tie(copy.subject, copy.place, copy.host, copy.owner);
    };
    std::stable_sort(copies.begin(), copies.end(),
                     [&](const Copy &a, const Copy &b) { return key(a) < key(b); });
    return copies;
}

/// What people could not do, by the records from `from` on.
std::vector<NotDone> not_done_since(const World &world, const Records &records, std::size_t from)
{
    std::vector<NotDone> all;
    for (std::size_t i = from; i < records.size(); ++i) {
        const Record &record = records[i];
        const bool counts = record.kind == RecordKind::ActionFailed ||
                            record.kind == RecordKind::FetchFailed ||
                            record.kind == RecordKind::SubmissionFailed ||
                            record.kind == RecordKind::SubmissionRefused;
        if (!counts)
            continue;
        all.push_back(
            {record.host.is_none() ? std::string() : world.directory->name_of(record.host),
             record});
    }
    return all;
}

/// One scenario on its way from scene to scene.
class Player
{
public:
    Player(World world, const Scenario &scenario)
        : world_(std::move(world)), headings_(headings_of(scenario)), limit_(time_limit(scenario))
    {
    }

    SceneState play_scene(std::size_t scene)
    {
        const std::size_t from = records_.size();
        if (scene + 1 < headings_.size())
            run_until(world_, records_, std::min(headings_[scene + 1].at - 1ns, limit_));
        else
            run_to_rest(world_, records_, limit_);
        return {world_.now, copies_in(world_), not_done_since(world_, records_, from)};
    }

private:
    World world_;
    Records records_{TraceLevel::Mail};
    std::vector<Heading> headings_;
    SimTime limit_;
};

/// A row of `all` that `others` has not.
std::optional<Copy> missing_from(const std::vector<Copy> &others, const std::vector<Copy> &all,
                                 const std::string *subject)
{
    for (const Copy &copy : all) {
        const bool counts = subject == nullptr || copy.subject == *subject;
        if (counts && std::count(others.begin(), others.end(), copy) <
                          std::count(all.begin(), all.end(), copy))
            return copy;
    }
    return std::nullopt;
}

std::optional<SceneDifference> difference_in(const ComparedScene &scene, std::size_t number)
{
    const SceneState &first = scene.states.front();
    for (std::size_t i = 1; i < scene.states.size(); ++i) {
        const SceneState &other = scene.states[i];
        SceneDifference difference{number, "", i, std::nullopt, std::nullopt};
        difference.here = missing_from(other.copies, first.copies, nullptr);
        if (!difference.here)
            difference.there = missing_from(first.copies, other.copies, nullptr);
        if (!difference.here && !difference.there && first.not_done == other.not_done)
            continue;
        if (difference.here || difference.there) {
            difference.subject = (difference.here ? difference.here : difference.there)->subject;
            difference.there = missing_from(first.copies, other.copies, &difference.subject);
        }
        return difference;
    }
    return std::nullopt;
}

} // namespace

std::vector<std::string> ComparedScene::subjects() const
{
    std::set<std::string> all;
    for (const SceneState &state : states)
        for (const Copy &copy : state.copies)
            all.insert(copy.subject);
    return {all.begin(), all.end()};
}

Result<Comparison> compare(std::span<const Scenario> scenarios)
{
    if (scenarios.size() < 2 || scenarios.size() > compared_max)
        return fail("two or three scenarios can be compared");
    const std::vector<Heading> headings = headings_of(scenarios.front());
    if (headings.empty())
        return fail(scenarios.front().file + ": no scene in the story");
    Comparison comparison;
    std::vector<Player> players;
    for (const Scenario &scenario : scenarios) {
        const std::size_t count = headings_of(scenario).size();
        if (count != headings.size())
            return fail(scenario.file + ": " + std::to_string(count) + " scenes, where " +
                        scenarios.front().file + " has " + std::to_string(headings.size()));
        Result<World> world = build_world(scenario);
        if (!world)
            return tl::unexpected<Error>(world.error());
        comparison.hosts.push_back(host_names(*world));
        players.emplace_back(std::move(*world), scenario);
        comparison.titles.push_back(scenario.title);
    }
    for (std::size_t i = 0; i < headings.size(); ++i) {
        ComparedScene scene;
        scene.heading = headings[i].text;
        for (Player &player : players)
            scene.states.push_back(player.play_scene(i));
        if (!comparison.first_difference)
            comparison.first_difference = difference_in(scene, i);
        comparison.scenes.push_back(std::move(scene));
    }
    return comparison;
}

} // namespace mailscope
