// The queue of scheduled work, a radix queue over the digits of time.
#include "sim/core/event_queue.h"

#include "sim/core/check.h"
#include "sim/core/digest.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

std::uint64_t key_of(const Event &event)
{
    return static_cast<std::uint64_t>(nanoseconds_since_start(event.at));
}

unsigned lowest_bit(std::uint64_t bits) { return static_cast<unsigned>(__builtin_ctzll(bits)); }
unsigned highest_bit(std::uint64_t bits)
{
    return 63U - static_cast<unsigned>(__builtin_clzll(bits));
}

} // namespace

std::size_t EventQueue::slot_of(std::uint64_t time) const
{
    const std::uint64_t difference = time ^ now_;
    const unsigned level = difference == 0 ? 0 : highest_bit(difference) / digit_bits;
    const std::uint64_t digit = time >> (level * digit_bits) & (slots_per_level - 1);
    return level * slots_per_level + static_cast<std::size_t>(digit);
}

void EventQueue::place(const Event &event)
{
    const std::size_t slot = slot_of(key_of(event));
    slots_[slot].push_back(event);
    occupied_[slot / slots_per_level] |= 1ULL << (slot % slots_per_level);
}

void EventQueue::push(const Event &event)
{
    MS_CHECK(key_of(event) >= now_);
    place(event);
    ++size_;
}

std::size_t EventQueue::lowest_slot() const
{
    unsigned level = 0;
    while (occupied_[level] == 0)
        ++level;
    return level * slots_per_level + lowest_bit(occupied_[level]);
}

std::uint64_t EventQueue::earliest_in(std::size_t slot) const
{
    const std::vector<Event> &events = slots_[slot];
    if (slot < slots_per_level)
        return key_of(events.back());
    std::uint64_t earliest = key_of(events.front());
    for (const Event &event : events)
        earliest = std::min(earliest, key_of(event));
    return earliest;
}

/// Moves the events of a slot down, seen from `earliest`, the first of them.
void EventQueue::move_down(std::size_t slot, std::uint64_t earliest)
{
    now_ = earliest;
    std::vector<Event> moving = std::move(slots_[slot]);
    occupied_[slot / slots_per_level] &= ~(1ULL << (slot % slots_per_level));
    for (const Event &event : moving)
        place(event);
    moving.clear();
    if (moving.capacity() <= kept_capacity_max)
        slots_[slot] = std::move(moving);
}

SimTime EventQueue::next_time() const
{
    if (size_ == 0)
        return time_never;
    return SimTime(Duration(static_cast<std::int64_t>(earliest_in(lowest_slot()))));
}

std::optional<Event> EventQueue::pop_until(SimTime limit)
{
    if (size_ == 0)
        return std::nullopt;
    const std::size_t slot = lowest_slot();
    const std::uint64_t earliest = earliest_in(slot);
    if (earliest > static_cast<std::uint64_t>(nanoseconds_since_start(limit)))
        return std::nullopt;
    return take(slot, earliest);
}

Event EventQueue::pop()
{
    MS_CHECK(size_ != 0);
    const std::size_t slot = lowest_slot();
    return take(slot, earliest_in(slot));
}

Event EventQueue::take(std::size_t slot, std::uint64_t earliest)
{
    if (slot >= slots_per_level && slots_[slot].size() != 1) {
        move_down(slot, earliest);
        slot = lowest_slot();
    }
    std::vector<Event> &events = slots_[slot];
    const Event event = events[front_++];
    now_ = earliest;
    if (front_ == events.size()) {
        events.clear();
        front_ = 0;
        occupied_[slot / slots_per_level] &= ~(1ULL << (slot % slots_per_level));
    }
    --size_;
    return event;
}

void EventQueue::mix(Digest &digest) const
{
    EventQueue rest = *this;
    digest.add(rest.size());
    while (!rest.empty()) {
        const Event event = rest.pop();
        digest.add(event.at, event.because, event.kind, event.where, event.what, event.argument);
    }
}

} // namespace mailscope
