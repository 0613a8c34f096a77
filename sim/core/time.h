// Simulated time.
//
// Time in the simulated internet is a count of nanoseconds since the scenario's start, held in
// the standard's own chrono types so that units cannot be mixed up. The clock has no now(): the
// only source of "now" is the World, and engines are told the time with every call.
#pragma once

#include <chrono>
#include <cstdint>

namespace mailscope
{

using namespace std::chrono_literals;

/// A length of simulated time in integer nanoseconds.
using Duration = std::chrono::nanoseconds;

/// Names the time line; deliberately without now().
struct SimClock
{
    using rep = std::int64_t;
    using period = std::nano;
    using duration = Duration;
    using time_point = std::chrono::time_point<SimClock, Duration>;
    static constexpr bool is_steady = true;
};

/// A moment: nanoseconds since the start of the scenario.
using SimTime = SimClock::time_point;

/// Later than every moment that a World reaches (about 292 years).
inline constexpr SimTime time_never = SimTime::max();

/// Nanoseconds since the start.
constexpr std::int64_t nanoseconds_since_start(SimTime time)
{
    return time.time_since_epoch().count();
}

/// Whole seconds of a duration, rounded towards zero.
constexpr std::int64_t whole_seconds(Duration duration)
{
    return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

} // namespace mailscope
