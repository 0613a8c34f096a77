// From a scenario to a World: mailboxes, and people with their devices.
//
// What is not said is the usual thing: the port of the protocol, the server of one's own domain,
// the mailbox's password.
#pragma once

#include "sim/scenario/scenario.h"
#include "sim/world/world.h"

namespace mailscope
{

/// Gives the domain its mailboxes in `store`, with the old letters that fill them.
void fill_mailboxes(World &world, mail::Store &store, const Scenario &scenario,
                    const DomainSpec &domain);

/// Adds every person's devices; hosts and servers must be there.
void add_people(World &world, const Scenario &scenario);

} // namespace mailscope
