// A scenario whose servers are offered to real programs.
//
// Whoever calls from outside is the only one who reads and writes, so the story's people keep
// still. The command line and the app serve in the same way.
#pragma once

#include "sim/scenario/scenario.h"

namespace mailscope
{

/// Whether the people of a served scenario act.
enum class ServedStory : std::uint8_t
{
    Waits,
    Plays,
};

/// The scenario with its servers and the faults they suffer from, ready for programs from outside.
/// All of those come from one address: where a server's limit of connections is the usual one, it
/// is lifted, because it would take them for one client.
Scenario as_served(Scenario scenario, ServedStory story);

/// No server offers STARTTLS.
void turn_tls_off(Scenario &scenario);

} // namespace mailscope
