// The checker that nothing is lost.
//
// Whoever accepts a message owes each of its recipients an end. The checker holds the books of
// every mail server against what really lies in its queue, and the letters in mailboxes against
// their sizes. It is asked after every step in tests and random runs.
#pragma once

#include "sim/world/world.h"

#include <string>
#include <vector>

namespace mailscope
{

/// What does not add up, in words for an engineer; empty when nothing is lost.
/// Cost: the messages in queues; mailboxes are looked at by their counters.
std::vector<std::string> conservation_errors(const World &world);

/// What becomes of every message by the trace: each recipient that a server accepted was
/// delivered, handed on, expanded or failed there, or is still in its queue. Needs records of
/// level Mail or more, from the World's beginning.
std::vector<std::string> conservation_errors(const World &world, const Records &records);

/// Deliveries that may have happened twice, because a connection broke after the content and
/// before the reply (RFC 5321 4.5.3.2.6): the known at-least-once case.
std::size_t possible_duplicates(const Records &records);

} // namespace mailscope
