// The order of an HTTP/1.1 connection, as one table per side (RFC 9112).
//
// A connection is a row of exchanges: a request, its response, and again (RFC 9112 9.3). A server
// answers in the order of the requests, so it takes up the next one only when the last is answered
// (RFC 9112 9.3.2). What has no row for the current state must not happen there; the same rows are
// printed as documentation.
#pragma once

#include "sim/core/bytes.h"

#include <cstdint>
#include <span>

namespace mailscope::http
{

enum class ServerState : std::uint8_t
{
    Connected,      ///< before anything
    Idle,           ///< no request under way
    ReadingHead,    ///< the request line and its fields
    ReadingContent, ///< content of a known length
    ReadingChunks,  ///< content in chunks
    Answering,      ///< the owner makes the response
    Closed,
    Any, ///< in the table only: whichever state has no row of its own for the input
};

enum class ServerInput : std::uint8_t
{
    Started,
    TlsEstablished,
    RequestBegan,   ///< its first octet
    HeadOnly,       ///< the head is complete, and no content follows
    LengthKnown,    ///< the head is complete, Content-Length octets follow
    ChunksFollow,   ///< the head is complete, chunks follow
    ContentRead,    ///< the content is complete
    Answered,       ///< and the connection goes on
    AnsweredLast,   ///< and one of the sides wants no further exchange
    RequestRefused, ///< the engine answered by itself
    Timeout,
    PeerClosed,
};

enum class ClientState : std::uint8_t
{
    Connected,      ///< before anything
    Idle,           ///< no response is due
    AwaitingHead,   ///< a status line and fields are due
    ReadingContent, ///< content of a known length
    ReadingChunks,  ///< content in chunks
    ReadingToEnd,   ///< content up to the end of the connection
    Closed,
    Any, ///< in the table only: whichever state has no row of its own for the input
};

enum class ClientInput : std::uint8_t
{
    Started,
    TlsEstablished,
    RequestSent,
    InterimRead,  ///< a response of 1xx; the final one is still due
    LengthKnown,  ///< the head is complete, Content-Length octets follow
    ChunksFollow, ///< the head is complete, chunks follow
    NoLengthSaid, ///< the head is complete, the connection's end ends the content
    NextDue,      ///< a response is complete, and another one is due
    AllRead,      ///< a response is complete, and no other one is due
    LastRead,     ///< a response is complete, and the connection ends with it
    Violation,    ///< what the peer says is no HTTP/1.1
    Timeout,
    PeerClosed,
};

/// One row of a table.
template <class State, class Input> struct Transition
{
    State state;
    Input input;
    State next;
    ByteView note; ///< for the printed table: what happens, and where it is said
};
using ServerTransition = Transition<ServerState, ServerInput>;
using ClientTransition = Transition<ClientState, ClientInput>;

/// The tables, ordered by state.
std::span<const ServerTransition> server_transitions();
std::span<const ClientTransition> client_transitions();

/// The row for an input in a state; nullptr: it must not happen here.
const ServerTransition *find_transition(ServerState state, ServerInput input);
const ClientTransition *find_transition(ClientState state, ClientInput input);

ByteView to_string(ServerState state);
ByteView to_string(ServerInput input);
ByteView to_string(ClientState state);
ByteView to_string(ClientInput input);

} // namespace mailscope::http
