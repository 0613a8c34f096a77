// The states of one resolution in a recursive resolver, and the table of what leads where.
//
// The resolver moves only along this table; a step that is not in it is our mistake and stops the
// program. The drawn diagram comes from the same rows. Follows RFC 1034 5.3.3, steps 1 to 4.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mailscope::dns
{

enum class ResolutionState : std::uint8_t
{
    LookingUp,      ///< step 1: is it in the cache?
    ChoosingServer, ///< steps 2 and 3: whom to ask next
    FindingAddress, ///< waits for the address of a name server, found by another resolution
    AskingUdp,      ///< a query is out, its answer or time-out is awaited
    AskingTcp,      ///< the same over a stream, because the answer was truncated
    Answered,       ///< records or a proven absence
    Failed,         ///< SERVFAIL
};

enum class ResolutionInput : std::uint8_t
{
    FoundInCache,
    NotInCache,
    ServerChosen,
    AddressMissing,
    NoServerLeft,
    AddressFound,
    AddressNotFound,
    AnswerArrived,
    AliasArrived,
    ReferralArrived,
    TruncatedArrived,
    UselessArrived,
    TimedOut,
    ConnectionFailed,
    LimitReached,
};

/// One row of the table.
struct ResolutionTransition
{
    ResolutionState state;
    ResolutionInput input;
    ResolutionState next;
    std::string_view note; ///< what is done, in a few words, with the RFC section
};

/// The whole table, in the order in which it is best read.
std::span<const ResolutionTransition> resolution_transitions();

/// The state that follows. The row must exist.
ResolutionState next_state(ResolutionState state, ResolutionInput input);

/// "LookingUp", and so on.
std::string_view to_string(ResolutionState state);
std::string_view to_string(ResolutionInput input);

} // namespace mailscope::dns
