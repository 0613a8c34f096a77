// The tables of both sides and the names of what is in them; see states.h.
#include "sim/protocol/http/states.h"

#include <array>

namespace mailscope::http
{

namespace
{

using S = ServerState;
using I = ServerInput;

constexpr ServerTransition server_table[] = {
    {S::Connected, I::Started, S::Idle, "says nothing: the client speaks first"},
    {S::Connected, I::TlsEstablished, S::Connected, "https: TLS from the start (RFC 9112 9.7)"},

    {S::Idle, I::RequestBegan, S::ReadingHead, "after at most a few empty lines (RFC 9112 2.2)"},
    {S::Idle, I::Timeout, S::Closed, "an idle connection is closed without a word (RFC 9112 9.5)"},

    {S::ReadingHead, I::HeadOnly, S::Answering, "asks its owner"},
    {S::ReadingHead, I::LengthKnown, S::ReadingContent, "100 if asked for (RFC 9110 10.1.1)"},
    {S::ReadingHead, I::ChunksFollow, S::ReadingChunks, "100 if asked for (RFC 9110 10.1.1)"},
    {S::ReadingHead, I::RequestRefused, S::Closed, "400, 413, 414, 417, 431, 501 or 505"},

    {S::ReadingContent, I::ContentRead, S::Answering, "asks its owner"},
    {S::ReadingChunks, I::ContentRead, S::Answering, "asks its owner"},
    {S::ReadingChunks, I::RequestRefused, S::Closed, "400: no chunk; 413: too many (RFC 9112 7.1)"},

    {S::Answering, I::Answered, S::Idle, "the next request may come (RFC 9112 9.3)"},
    {S::Answering, I::AnsweredLast, S::Closed, "Connection: close (RFC 9112 9.6)"},
    {S::Answering, I::PeerClosed, S::Answering, "the response may still reach it"},

    {S::Any, I::Timeout, S::Closed, "408 (RFC 9110 15.5.9)"},
    {S::Any, I::PeerClosed, S::Closed, "a part of a request is none (RFC 9112 8)"},
    {S::Any, I::RequestRefused, S::Closed, "too much is sent ahead"},
};

using C = ClientState;
using J = ClientInput;

constexpr ClientTransition client_table[] = {
    {C::Connected, J::Started, C::Idle, "the client speaks first"},
    {C::Connected, J::TlsEstablished, C::Connected, "https: TLS from the start (RFC 9112 9.7)"},
    {C::Idle, J::RequestSent, C::AwaitingHead, "the request is written"},

    {C::AwaitingHead, J::RequestSent, C::AwaitingHead, "sent ahead (RFC 9112 9.3.2)"},
    {C::AwaitingHead, J::InterimRead, C::AwaitingHead, "1xx is read over (RFC 9110 15.2)"},
    {C::AwaitingHead, J::LengthKnown, C::ReadingContent, "RFC 9112 6.3, rule 6"},
    {C::AwaitingHead, J::ChunksFollow, C::ReadingChunks, "RFC 9112 6.3, rule 4"},
    {C::AwaitingHead, J::NoLengthSaid, C::ReadingToEnd, "RFC 9112 6.3, rule 8"},
    {C::AwaitingHead, J::NextDue, C::AwaitingHead, "no content; the next response"},
    {C::AwaitingHead, J::AllRead, C::Idle, "no content; kept for the next request (RFC 9112 9.3)"},
    {C::AwaitingHead, J::LastRead, C::Closed, "no content; Connection: close (RFC 9112 9.6)"},

    {C::ReadingContent, J::RequestSent, C::ReadingContent, "sent ahead (RFC 9112 9.3.2)"},
    {C::ReadingContent, J::NextDue, C::AwaitingHead, "the next response, in order"},
    {C::ReadingContent, J::AllRead, C::Idle, "kept for the next request (RFC 9112 9.3)"},
    {C::ReadingContent, J::LastRead, C::Closed, "Connection: close (RFC 9112 9.6)"},

    {C::ReadingChunks, J::RequestSent, C::ReadingChunks, "sent ahead (RFC 9112 9.3.2)"},
    {C::ReadingChunks, J::NextDue, C::AwaitingHead, "the next response, in order"},
    {C::ReadingChunks, J::AllRead, C::Idle, "kept for the next request (RFC 9112 9.3)"},
    {C::ReadingChunks, J::LastRead, C::Closed, "Connection: close (RFC 9112 9.6)"},

    {C::ReadingToEnd, J::PeerClosed, C::Closed, "the content is complete (RFC 9112 6.3, rule 8)"},

    {C::Any, J::Violation, C::Closed, "the peer does not speak HTTP/1.1"},
    {C::Any, J::Timeout, C::Closed, "the server is silent"},
    {C::Any, J::PeerClosed, C::Closed, "a part of a response is none (RFC 9112 8)"},
};

constexpr std::array<ByteView, 8> server_state_names = {
    "Connected",     "Idle",      "ReadingHead", "ReadingContent",
    "ReadingChunks", "Answering", "Closed",      "Any"};
constexpr std::array<ByteView, 12> server_input_names = {
    "Started",      "TlsEstablished", "RequestBegan", "HeadOnly",
    "LengthKnown",  "ChunksFollow",   "ContentRead",  "Answered",
    "AnsweredLast", "RequestRefused", "Timeout",      "PeerClosed"};
constexpr std::array<ByteView, 8> client_state_names = {
    "Connected",     "Idle",         "AwaitingHead", "ReadingContent",
    "ReadingChunks", "ReadingToEnd", "Closed",       "Any"};
constexpr std::array<ByteView, 13> client_input_names = {
    "Started",      "TlsEstablished", "RequestSent", "InterimRead", "LengthKnown",
    "ChunksFollow", "NoLengthSaid",   "NextDue",     "AllRead",     "LastRead",
    "Violation",    "Timeout",        "PeerClosed"};

/// The tables are short and connections have few steps: a search costs nothing.
template <class Row, class State, class Input>
const Row *find_in(std::span<const Row> table, State state, Input input)
{
    for (const Row &row : table)
        if ((row.state == state || row.state == State::Any) && row.input == input)
            return &row;
    return nullptr;
}

template <class Names, class Enum> ByteView name_of(const Names &names, Enum value)
{
    return names[static_cast<std::size_t>(value)];
}

} // namespace

std::span<const ServerTransition> server_transitions() { return server_table; }
std::span<const ClientTransition> client_transitions() { return client_table; }

const ServerTransition *find_transition(ServerState state, ServerInput input)
{
    return find_in(server_transitions(), state, input);
}

const ClientTransition *find_transition(ClientState state, ClientInput input)
{
    return find_in(client_transitions(), state, input);
}

ByteView to_string(ServerState state) { return name_of(server_state_names, state); }
ByteView to_string(ServerInput input) { return name_of(server_input_names, input); }
ByteView to_string(ClientState state) { return name_of(client_state_names, state); }
ByteView to_string(ClientInput input) { return name_of(client_input_names, input); }

} // namespace mailscope::http
