// Random numbers that are part of the World.
//
// One stream per purpose (a link's loss, a server's identifiers), so that a change in one place
// leaves the dice of all others alone. The generator and the distributions are our own because
// the standard library's distributions differ between implementations. Not for cryptography.
#pragma once

#include <cstdint>
#include <string_view>

namespace mailscope
{

/// SplitMix64: 64 bits of state, equal on every platform.
class Rng
{
public:
    Rng() = default;

    /// The stream for `purpose` under the scenario's `seed`.
    Rng(std::uint64_t seed, std::string_view purpose)
    {
        std::uint64_t hash = 0xCBF29CE484222325ULL;
        for (const char c : purpose)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
        state_ = seed ^ hash;
        next();
    }

    /// 64 uniformly distributed bits.
    std::uint64_t next()
    {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }

    /// A number in [0, bound); `bound` of at least 1. The bias is below bound / 2^32.
    std::uint32_t below(std::uint32_t bound)
    {
        return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
    }

    /// True in `parts` of a million cases.
    bool happens(std::uint32_t parts_per_million)
    {
        return parts_per_million != 0 && below(1'000'000) < parts_per_million;
    }

    std::uint64_t state() const { return state_; }

private:
    std::uint64_t state_ = 0;
};

} // namespace mailscope
