// How a protocol engine hears a fuzz target's input: piece by piece, and then the peer is gone.
//
// Where the pieces end is the target's choice: an engine that waits for something sees other states
// when it gets line after line than when it gets everything at once.
#pragma once

#include "sim/core/time.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mailscope::fuzz
{

/// Octets of the first piece: everything that is left.
inline std::size_t everything(std::string_view input) { return input.size(); }

/// The first line, with its end.
inline std::size_t one_line(std::string_view input)
{
    const std::size_t end = input.find('\n');
    return end == std::string_view::npos ? input.size() : end + 1;
}

/// Gives `engine` the input in pieces as long as `piece_of` says of what is left, at least one, and
/// then the end of the connection. `drain` is called after each: it takes events and output.
template <class Engine, class Drain, class PieceOf>
void hear(Engine &engine, std::string_view input, Drain drain, PieceOf piece_of)
{
    do {
        const std::size_t size = piece_of(input);
        engine.receive(input.substr(0, size), SimTime{});
        input.remove_prefix(size);
        drain();
    } while (!input.empty());
    engine.peer_closed(SimTime{});
    drain();
}

} // namespace mailscope::fuzz
