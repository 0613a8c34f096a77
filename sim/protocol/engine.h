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
//   3. send output().bytes() to the peer, then call clear_output();
//   4. close the connection when wants_close() holds and all output is sent;
//   5. call on_time at next_deadline(), if that has not moved meanwhile.
//
// Output carries marks: where a command, a reply or content begins. The owner records lines by
// them and never parses its own engine's words again.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/time.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mailscope
{

/// What a stretch of an engine's output is.
enum class OutputKind : std::uint8_t
{
    Command, ///< one command line of a client, or its continuation (AUTH)
    Reply,   ///< one whole reply or greeting of a server, all its lines
    Content, ///< the text of a letter or of a listing, with its terminating dot where there is one
};

/// Says that the output from `offset` on, up to the next mark or the end, is of one kind.
struct OutputMark
{
    std::uint32_t offset = 0;
    OutputKind kind = OutputKind::Command;
};

/// What an engine has to say, with its marks. Keeps its capacity when cleared.
class OutputBuffer
{
public:
    /// Begins a new stretch; what is appended next belongs to it.
    void begin(OutputKind kind)
    {
        if (marks_.capacity() == 0) { // one step instead of many small ones in a new conversation
            bytes_.reserve(256);
            marks_.reserve(8);
        }
        marks_.push_back({static_cast<std::uint32_t>(bytes_.size()), kind});
    }

    void append(ByteView bytes) { bytes_.append(bytes); }

    /// Makes room for so many octets more, in one step.
    void make_room(std::size_t octets) { bytes_.reserve(bytes_.size() + octets); }

    ByteView bytes() const { return bytes_; }
    std::span<const OutputMark> marks() const { return marks_; }

    void clear()
    {
        bytes_.clear();
        marks_.clear();
    }

private:
    std::string bytes_;
    std::vector<OutputMark> marks_;
};

/// What every engine on a byte stream offers; see the order of calls above.
// clang-format off
template <class E>
concept StreamEngine = std::copyable<E> && requires(E engine, const E constant, ByteView bytes,
                                                    SimTime now) {
    { engine.receive(bytes, now) };
    { engine.peer_closed(now) };
    { engine.on_time(now) };
    { constant.next_deadline() } -> std::same_as<SimTime>; // time_never: nothing is due
    { constant.output() } -> std::same_as<const OutputBuffer &>;
    { engine.clear_output() };
    { constant.wants_close() } -> std::same_as<bool>;
    { engine.next_event() };
};
// clang-format on

/// Events in the order in which they happened, taken one by one by the engine's owner.
template <class Event> class EventBuffer
{
public:
    void push(Event event)
    {
        make_room();
        events_.push_back(std::move(event));
    }

    /// Constructs the event in place from one alternative of a variant.
    template <class Alternative> void push(Alternative &&alternative)
    {
        make_room();
        events_.emplace_back(std::forward<Alternative>(alternative));
    }

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
    /// One step instead of several small ones in a new conversation.
    void make_room()
    {
        if (events_.capacity() == 0)
            events_.reserve(4);
    }

    std::vector<Event> events_;
    std::size_t front_ = 0;
};

} // namespace mailscope
