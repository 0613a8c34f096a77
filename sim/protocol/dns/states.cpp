// Implements states.h: the table, and nothing else that decides.
#include "sim/protocol/dns/states.h"

#include "sim/core/check.h"

#include <array>
#include <cstddef>

namespace mailscope::dns
{

namespace
{

using State = ResolutionState;
using Input = ResolutionInput;

constexpr std::array<ResolutionTransition, 24> transitions = {{
    {State::LookingUp, Input::FoundInCache, State::Answered, "answer from memory (RFC 1034 5.3.3)"},
    {State::LookingUp, Input::NotInCache, State::ChoosingServer, "find the nearest known zone"},
    {State::LookingUp, Input::LimitReached, State::Failed, "too many aliases in a row"},
    {State::ChoosingServer, Input::ServerChosen, State::AskingUdp, "send it the question"},
    {State::ChoosingServer, Input::AddressMissing, State::FindingAddress,
     "look for the address of a name server without glue"},
    {State::ChoosingServer, Input::NoServerLeft, State::Failed, "every server failed or is silent"},
    {State::ChoosingServer, Input::LimitReached, State::Failed, "too many referrals or queries"},
    {State::FindingAddress, Input::AddressFound, State::ChoosingServer, "now it can be asked"},
    {State::FindingAddress, Input::AddressNotFound, State::ChoosingServer, "try the next server"},
    {State::FindingAddress, Input::LimitReached, State::Failed, "took too long"},
    {State::AskingUdp, Input::AnswerArrived, State::Answered, "remember it and tell the client"},
    {State::AskingUdp, Input::AliasArrived, State::LookingUp, "start again with the target"},
    {State::AskingUdp, Input::ReferralArrived, State::ChoosingServer, "ask the zone further down"},
    {State::AskingUdp, Input::TruncatedArrived, State::AskingTcp, "repeat it over TCP"},
    {State::AskingUdp, Input::UselessArrived, State::ChoosingServer, "lame: try the next server"},
    {State::AskingUdp, Input::TimedOut, State::ChoosingServer, "silent: try the next server"},
    {State::AskingUdp, Input::LimitReached, State::Failed, "took too long"},
    {State::AskingTcp, Input::AnswerArrived, State::Answered, "remember it and tell the client"},
    {State::AskingTcp, Input::AliasArrived, State::LookingUp, "start again with the target"},
    {State::AskingTcp, Input::ReferralArrived, State::ChoosingServer, "ask the zone further down"},
    {State::AskingTcp, Input::UselessArrived, State::ChoosingServer, "lame: try the next server"},
    {State::AskingTcp, Input::TimedOut, State::ChoosingServer, "silent: try the next server"},
    {State::AskingTcp, Input::ConnectionFailed, State::ChoosingServer, "try the next server"},
    {State::AskingTcp, Input::LimitReached, State::Failed, "took too long"},
}};

constexpr std::array<std::string_view, 7> state_names = {
    "LookingUp", "ChoosingServer", "FindingAddress", "AskingUdp",
    "AskingTcp", "Answered",       "Failed"};

constexpr std::array<std::string_view, 15> input_names = {
    "FoundInCache",     "NotInCache",      "ServerChosen",  "AddressMissing",   "NoServerLeft",
    "AddressFound",     "AddressNotFound", "AnswerArrived", "AliasArrived",     "ReferralArrived",
    "TruncatedArrived", "UselessArrived",  "TimedOut",      "ConnectionFailed", "LimitReached"};

} // namespace

std::span<const ResolutionTransition> resolution_transitions() { return transitions; }

ResolutionState next_state(ResolutionState state, ResolutionInput input)
{
    for (const ResolutionTransition &row : transitions)
        if (row.state == state && row.input == input)
            return row.next;
    check_failed("the table has a row for this state and input", __FILE__, __LINE__);
}

std::string_view to_string(ResolutionState state)
{
    return state_names[static_cast<std::size_t>(state)];
}

std::string_view to_string(ResolutionInput input)
{
    return input_names[static_cast<std::size_t>(input)];
}

} // namespace mailscope::dns
