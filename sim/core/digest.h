// A fingerprint of state, equal on every platform.
//
// Two Worlds with the same digest hold the same state. Every part of the World mixes its fields in
// a fixed order; numbers are mixed as 64-bit values, bytes with their length. Not cryptographic.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/id.h"
#include "sim/core/time.h"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace mailscope
{

/// Collects state. Usage: `digest.add(host.name, host.up, ...)`.
class Digest
{
public:
    template <class... Values> Digest &add(const Values &...values)
    {
        (one(values), ...);
        return *this;
    }

    std::uint64_t value() const { return hash_; }

private:
    void mix(std::uint64_t word)
    {
        hash_ = (hash_ ^ word) * 0x9FB21C651E98DF25ULL;
        hash_ ^= hash_ >> 32U;
    }

    void one(std::string_view bytes);
    void one(const SharedBytes &bytes) { one(bytes.view()); }
    void one(SimTime time) { mix(static_cast<std::uint64_t>(nanoseconds_since_start(time))); }
    void one(Duration duration) { mix(static_cast<std::uint64_t>(duration.count())); }
    template <class Tag> void one(Id<Tag> id) { mix(id.value); }

    template <class T> std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>> one(T value)
    {
        mix(static_cast<std::uint64_t>(value));
    }

    std::uint64_t hash_ = 0x9E3779B97F4A7C15ULL;
};

} // namespace mailscope
