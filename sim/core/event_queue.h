// The queue of scheduled work: events in the order of time, equal times in order of insertion.
//
// Work is data (what, where, an argument), never a stored function, so that the queue is copied
// with the World. It is a radix queue over the 64 bits of time: eleven levels of 64 slots, six
// bits of time to a level. An event waits in the slot of the highest digit in which its time
// differs from the queue's own time and moves down as that time comes nearer; a slot of the lowest
// level holds one moment. Equal times always share a slot, which keeps them in order.
#pragma once

#include "sim/core/id.h"
#include "sim/core/time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mailscope
{

class Digest;

/// Scheduled work. What `kind`, `where`, `what` and `argument` mean is up to the scheduler.
struct Event
{
    SimTime at;
    RecordId because;        ///< the record that led to this work
    std::uint16_t kind = 0;  ///< the world's enumeration of kinds of work
    std::uint16_t where = 0; ///< a small index, such as a role
    std::uint32_t what = 0;  ///< an index into a table
    std::uint32_t argument = 0;
};

/// Push and pop: amortised constant. Copying: proportional to the number of pending events.
class EventQueue
{
public:
    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }

    /// Adds work; its time must not lie before the last event popped.
    void push(const Event &event);

    /// The time of the next event, `time_never` when there is none. It looks through the slot of
    /// the next event: a loop that steps asks pop_until() instead.
    SimTime next_time() const;

    /// Takes the next event when it is due at `limit` or before; nothing otherwise. Afterwards
    /// only events at the time of the one taken, or later, may be pushed.
    std::optional<Event> pop_until(SimTime limit);

    /// Takes the next event; the queue must not be empty.
    Event pop();

    /// Mixes all pending events in the order in which they will happen.
    void mix(Digest &digest) const;

private:
    static constexpr unsigned digit_bits = 6;
    static constexpr unsigned slots_per_level = 1U << digit_bits;
    static constexpr unsigned levels = 11;
    /// A slot that held more gives its memory back once it is empty.
    static constexpr std::size_t kept_capacity_max = 16'384;

    std::size_t slot_of(std::uint64_t time) const;
    void place(const Event &event);
    std::size_t lowest_slot() const;
    std::uint64_t earliest_in(std::size_t slot) const;
    void move_down(std::size_t slot, std::uint64_t earliest);
    Event take(std::size_t slot, std::uint64_t earliest);

    std::array<std::vector<Event>, levels * slots_per_level> slots_;
    std::array<std::uint64_t, levels> occupied_{};
    std::uint64_t now_ = 0; ///< no pending event is earlier
    std::size_t front_ = 0; ///< events of the current slot already popped
    std::size_t size_ = 0;
};

} // namespace mailscope
