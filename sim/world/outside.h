// A machine for somebody outside, put into a World that is built already.
//
// The live door calls this once, before anything happens; what the machine then does comes as
// orders. Without it a World is as closed as it always was.
#pragma once

#include "sim/core/result.h"
#include "sim/world/world.h"

#include <string>

namespace mailscope
{

/// Puts a machine of that name on the network of the first provider, with an address of its own
/// and the provider's resolver. At most one. Fails when the provider has no address left.
[[nodiscard]] Result<void> add_outside_host(World &world, const std::string &name);

/// The Env of its orders: what it does first is an order of its own.
Env outside_env(World &world, Records &records);

/// The other end of a session's connection, inside the server's host; nothing when there is none
/// yet or no more. Looks through all connections.
Handle far_end(const World &world, Handle session);

/// Whether the server at the other end of a session of the machine has begun TLS. Only the end of
/// the connection inside knows that for certain: words may be part of a letter.
bool server_began_tls(const World &world, Handle session);

} // namespace mailscope
