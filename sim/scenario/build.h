// From a scenario to a World, with everything that nobody wrote down.
//
// Hosts are called as names.h says. Addresses come from the documentation ranges (RFC 5737): every
// provider has a part of them for its customers; homes have private networks behind a router with
// NAT. The name servers get zones from root to domain that fit the scenario, with delegations and
// glue. The story and the faults go into the World's agenda.
#pragma once

#include "sim/core/result.h"
#include "sim/scenario/scenario.h"
#include "sim/world/world.h"

#include <cstdint>
#include <optional>

namespace mailscope
{

/// Builds the World at its start. Fails, naming what is wrong, for what the parser cannot see: too
/// many hosts for the address ranges, records that form no zone.
[[nodiscard]] Result<World> build_world(const Scenario &scenario,
                                        std::optional<std::uint64_t> seed = std::nullopt);

/// Until when the scenario is to run at most.
SimTime time_limit(const Scenario &scenario);

} // namespace mailscope
