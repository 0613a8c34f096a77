// A table from 64-bit keys to 32-bit values, for lookups only.
//
// Open addressing with linear probing in one array. It offers no iteration, so that nothing can
// depend on the order of its slots; copying it copies one array.
#pragma once

#include "sim/core/check.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mailscope
{

/// Insert, find and erase: constant on average.
class FlatTable
{
public:
    static constexpr std::uint32_t not_found = 0xFFFFFFFFU;

    /// The value of `key`, or not_found.
    std::uint32_t find(std::uint64_t key) const
    {
        if (slots_.empty())
            return not_found;
        for (std::size_t i = home(key);; i = next(i)) {
            if (slots_[i].value == not_found || slots_[i].key == key)
                return slots_[i].value;
        }
    }

    /// Sets the value of `key`; the value must not be not_found.
    void set(std::uint64_t key, std::uint32_t value)
    {
        MS_CHECK(value != not_found);
        if (size_ * 2 >= slots_.size())
            grow();
        std::size_t i = home(key);
        while (slots_[i].value != not_found && slots_[i].key != key)
            i = next(i);
        size_ += slots_[i].value == not_found ? 1U : 0U;
        slots_[i] = Slot{key, value};
    }

    /// Forgets `key`, if it is there.
    void erase(std::uint64_t key)
    {
        if (slots_.empty())
            return;
        std::size_t i = home(key);
        while (slots_[i].key != key || slots_[i].value == not_found) {
            if (slots_[i].value == not_found)
                return;
            i = next(i);
        }
        --size_;
        close_gap(i);
    }

    std::size_t size() const { return size_; }

private:
    struct Slot
    {
        std::uint64_t key = 0;
        std::uint32_t value = not_found;
    };

    std::size_t home(std::uint64_t key) const
    {
        key *= 0x9E3779B97F4A7C15ULL;
        return static_cast<std::size_t>(key >> 32U) & (slots_.size() - 1);
    }

    std::size_t next(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }

    void close_gap(std::size_t gap)
    {
        for (std::size_t i = next(gap); slots_[i].value != not_found; i = next(i)) {
            const std::size_t wanted = home(slots_[i].key);
            const std::size_t mask = slots_.size() - 1;
            if (((i - wanted) & mask) >= ((i - gap) & mask)) {
                slots_[gap] = slots_[i];
                gap = i;
            }
        }
        slots_[gap].value = not_found;
    }

    void grow()
    {
        std::vector<Slot> old(slots_.empty() ? 8 : slots_.size() * 2);
        std::swap(old, slots_);
        for (const Slot &slot : old) {
            if (slot.value == not_found)
                continue;
            std::size_t i = home(slot.key);
            while (slots_[i].value != not_found)
                i = next(i);
            slots_[i] = slot;
        }
    }

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
};

} // namespace mailscope
