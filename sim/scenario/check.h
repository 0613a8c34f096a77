// What can only be checked when a whole scenario has been read.
//
// Names that stand for nothing, names given twice, aliases that lead in a circle. The Reading says
// where each name stands, the Scenario what exists.
#pragma once

#include "sim/scenario/reading.h"
#include "sim/scenario/scenario.h"

namespace mailscope
{

/// Refuses second declarations of a name.
void check_declarations(Reading &reading);

/// Refuses mentions of what does not exist, with a near name.
void check_mentions(Reading &reading, const Scenario &scenario);

/// Refuses aliases that lead back to themselves inside one mail server. Forwarding between servers
/// may go round, for a lesson about loops. An alias that names itself keeps a copy in the mailbox
/// of that name, and that is no circle.
void check_aliases(Reading &reading, const Scenario &scenario);

} // namespace mailscope
