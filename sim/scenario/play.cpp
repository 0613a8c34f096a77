// Playing a scenario.
#include "sim/scenario/play.h"

#include "sim/scenario/build.h"

#include <algorithm>
#include <utility>

namespace mailscope
{

const RemedySpec *find_remedy(const Scenario &scenario, std::string_view id)
{
    for (const RemedySpec &remedy : scenario.remedies)
        if (remedy.id == id)
            return &remedy;
    return nullptr;
}

std::vector<std::string> host_names(const World &world)
{
    std::vector<std::string> names;
    for (const HostInfo &host : world.directory->hosts)
        names.push_back(host.name);
    return names;
}

void apply_remedy(World &world, Records &records, const RemedySpec &remedy)
{
    for (const ChangeSpec &change : remedy.changes)
        apply(world, records, change);
    for (const ActionSpec &action : remedy.then)
        schedule(world, world.now + action.at, action);
}

Result<Play> play(const Scenario &scenario, const PlayOptions &options)
{
    Result<World> world = build_world(scenario, options.seed);
    if (!world)
        return tl::unexpected<Error>(world.error());
    Play play{std::move(*world), Records(options.level), std::nullopt};
    const SimTime limit = std::min(options.until.value_or(time_never), time_limit(scenario));
    if (options.remedy.empty()) {
        run_to_rest(play.world, play.records, limit);
        return play;
    }
    const RemedySpec *remedy = find_remedy(scenario, options.remedy);
    if (remedy == nullptr)
        return fail("no remedy \"" + options.remedy + "\" in this scenario");
    if (remedy->at)
        run_until(play.world, play.records, std::min(SimTime(*remedy->at), limit));
    else
        run_to_rest(play.world, play.records, limit);
    play.forked_at = play.records.size();
    apply_remedy(play.world, play.records, *remedy);
    // What follows a remedy gets as much time as the story had.
    const SimTime end = options.until.value_or(play.world.now + (time_limit(scenario) - SimTime()));
    run_to_rest(play.world, play.records, end);
    return play;
}

} // namespace mailscope
