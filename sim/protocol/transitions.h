// Looking a row up in an engine's state table.
//
// A table is a plain array that a person reads and `mailscope states` prints; a row has `state`,
// `input` and `next`, and rows of the state `Any` stand behind those of each state. Every engine
// asks its table on every input, so the row's place is counted once, at compile time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mailscope
{

/// Where in `table` the row for a state and an input is. `Any` must be the last of `States` states;
/// its row counts where a state has none of its own. At most 255 rows.
template <class Row, std::size_t Rows, std::size_t States, std::size_t Inputs> class TransitionIndex
{
public:
    constexpr explicit TransitionIndex(const Row (&table)[Rows])
    {
        static_assert(Rows < 256);
        for (std::size_t row = 0; row < Rows; ++row)
            rows_[at(table[row].state)][at(table[row].input)] = static_cast<std::uint8_t>(row + 1);
    }

    /// The number of the row, counted from 1; 0: there is none. Constant time.
    template <class State, class Input>
    constexpr std::size_t operator()(State state, Input input) const
    {
        const std::size_t own = rows_[at(state)][at(input)];
        return own != 0 ? own : rows_[States - 1][at(input)];
    }

private:
    template <class Enum> static constexpr std::size_t at(Enum value)
    {
        return static_cast<std::size_t>(value);
    }
    std::array<std::array<std::uint8_t, Inputs>, States> rows_{};
};

} // namespace mailscope
