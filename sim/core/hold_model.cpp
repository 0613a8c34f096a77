// Events that schedule events.
#include "sim/core/hold_model.h"

#include "sim/core/event_queue.h"
#include "sim/core/rng.h"

#include <algorithm>

namespace mailscope
{
namespace
{

constexpr std::uint64_t delay_mask = (1U << 20U) - 1;

Duration next_delay(Rng &rng)
{
    return Duration(static_cast<std::int64_t>(1 + (rng.next() & delay_mask)));
}

} // namespace

HoldResult run_hold_model(std::uint32_t pending, std::uint64_t events)
{
    Rng rng(1, "hold model");
    EventQueue queue;
    Event event;
    for (std::uint32_t i = 0; i < pending; ++i) {
        event.at = SimTime(next_delay(rng));
        event.what = i;
        queue.push(event);
    }
    HoldResult result;
    std::uint64_t to_schedule = std::max<std::uint64_t>(events, pending) - pending;
    while (!queue.empty()) {
        event = queue.pop();
        ++result.events;
        result.ended = event.at;
        result.digest = result.digest * 31 + event.what;
        if (to_schedule == 0)
            continue;
        --to_schedule;
        event.at += next_delay(rng);
        queue.push(event);
    }
    return result;
}

} // namespace mailscope
