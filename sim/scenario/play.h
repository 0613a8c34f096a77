// Playing a scenario from its first moment to its rest, with or without a remedy.
//
// The one place that knows how a story runs: command line, tests and the app's branches all use
// it. A remedy does not rewrite the story: the story runs to the moment of the remedy, and from
// there a new branch runs with the remedy's changes and actions.
#pragma once

#include "sim/core/result.h"
#include "sim/scenario/scenario.h"
#include "sim/world/world.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

struct PlayOptions
{
    std::optional<std::uint64_t> seed;
    std::optional<SimTime> until; ///< stop there at the latest
    std::string remedy;           ///< id; empty: the story itself
    TraceLevel level = TraceLevel::Everything;
};

struct Play
{
    World world;
    Records records;
    std::optional<std::size_t> forked_at; ///< with a remedy: records of the story before it
};

/// Builds the World and plays. Fails for what build_world fails for, and for an unknown remedy.
[[nodiscard]] Result<Play> play(const Scenario &scenario, const PlayOptions &options);

/// Applies a remedy to a World that has come to its moment: makes the changes and puts what
/// follows into the agenda.
void apply_remedy(World &world, Records &records, const RemedySpec &remedy);

const RemedySpec *find_remedy(const Scenario &scenario, std::string_view id);

/// The names of hosts by HostId, for queries.
std::vector<std::string> host_names(const World &world);

} // namespace mailscope
