// The contract that every protocol engine keeps (SMTP, POP3, DNS and those to come; both sides).
//
// An engine is a value that turns bytes and time into bytes, events and a next deadline. It knows
// no World, no socket, no clock and no policy: the same engine serves a simulated host and a real
// socket. Where a decision is needed it emits a question (an event whose name ends in Asked) and
// waits in a named state until the owner answers; meanwhile it keeps, but does not act on, what
// the peer sends.
//
// The order of calls, for its owner:
//   1. give it input:   receive(bytes, now), peer_closed(now) or on_time(now);
//   2. take all events: while (auto event = engine.next_event()) ... and answer the questions,
//      each answer may produce further events;
//   3. send output() to the peer, then call clear_output();
//   4. close the connection when wants_close() holds and all output is sent;
//   5. call on_time at next_deadline(), if that has not moved meanwhile.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/time.h"

#include <concepts>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace mailscope
{

/// What every engine on a byte stream offers; see the order of calls above.
template <class E>
concept StreamEngine = std::copyable<E> && requires(E engine, const E constant, ByteView bytes,
                                                    SimTime now) {
    { engine.receive(bytes, now) };
    { engine.peer_closed(now) };
    { engine.on_time(now) };
    { constant.next_deadline() } -> std::same_as<SimTime>; // time_never: nothing is due
    { constant.output() } -> std::same_as<ByteView>;
    { engine.clear_output() };
    { constant.wants_close() } -> std::same_as<bool>;
    { engine.next_event() };
};

/// Events in the order in which they happened, taken one by one by the engine's owner.
template <class Event> class EventBuffer
{
public:
    void push(Event event) { events_.push_back(std::move(event)); }

    std::optional<Event> pop()
    {
        if (front_ == events_.size()) {
            events_.clear();
            front_ = 0;
            return std::nullopt;
        }
        return std::move(events_[front_++]);
    }

private:
    std::vector<Event> events_;
    std::size_t front_ = 0;
};

} // namespace mailscope
