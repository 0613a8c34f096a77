// A World for measuring: one mail server hands letters to another, as many as wanted.
//
// Everything happens as in a lesson: each letter waits in the sender's queue, the resolver is asked
// (its cache answers), a TCP connection is made for it alone, SMTP is spoken in full, and it ends
// in a mailbox, which its owner empties from time to time. The clock is the caller's.
#pragma once

#include "sim/world/world.h"

#include <cstddef>
#include <cstdint>

namespace mailscope
{

/// Two mail servers on a wire of 10 ms and 1 Gbit/s, with a resolver and a name server.
World bench_world(std::uint64_t seed = 1);

struct DeliveryRun
{
    std::uint64_t messages = 0; ///< delivered into the mailbox
    std::uint64_t steps = 0;
    std::uint64_t records = 0; ///< that were made, kept or not
};

/// Puts `messages` letters of about `bytes` octets into the sender's queue, never more than
/// `concurrency` at once, and steps until all are delivered.
DeliveryRun run_deliveries(World &world, Records &records, std::uint64_t messages,
                           std::size_t bytes, std::size_t concurrency = 20);

} // namespace mailscope
