// The hold model: the classic measure of an event queue.
//
// A number of events is kept pending; each one that happens schedules one more, a random time
// later. It exists so that the kernel's speed can be compared with that of other simulators on
// the same work. It counts and does not measure time: simulated code knows no real clock.
#pragma once

#include "sim/core/time.h"

#include <cstdint>

namespace mailscope
{

/// What happened, so that the work cannot be left out and two runs can be compared.
struct HoldResult
{
    std::uint64_t events = 0; ///< events that happened
    SimTime ended;            ///< when the last one happened
    std::uint64_t digest = 0; ///< of their order
};

/// Lets `events` events happen with `pending` of them waiting at any time until the end; delays
/// are uniform in 1 to 2^20 nanoseconds. With fewer events than `pending`, `pending` happen.
HoldResult run_hold_model(std::uint32_t pending, std::uint64_t events);

} // namespace mailscope
