// The states of a delivery.
#include "sim/hosts/mail_queue.h"

#include "sim/core/check.h"

#include <array>
#include <cstddef>
#include <span>

namespace mailscope
{
namespace
{

using S = DeliveryState;
using I = DeliveryInput;

constexpr std::array transitions = {
    DeliveryTransition{S::Waiting, I::AttemptDue, S::AskingMx,
                       "the domain's MX records are asked for"},
    DeliveryTransition{S::AskingMx, I::HostsKnown, S::AskingHost,
                       "the best host's address is asked for"},
    DeliveryTransition{S::AskingMx, I::TryLater, S::Waiting, "the DNS does not answer: 4.4.3"},
    DeliveryTransition{S::AskingMx, I::GiveUp, S::Finished,
                       "null MX: 5.1.10; or no answer, and the time is over"},
    DeliveryTransition{S::AskingHost, I::AddressKnown, S::Connecting, "a connection to port 25"},
    DeliveryTransition{S::AskingHost, I::NextHost, S::AskingHost, "no address: the next host"},
    DeliveryTransition{S::AskingHost, I::TryLater, S::Waiting, "no host could be asked: 4.4.3"},
    DeliveryTransition{S::AskingHost, I::GiveUp, S::Finished,
                       "no host has an address: 5.4.4; or the time is over"},
    DeliveryTransition{S::Connecting, I::Connected, S::Talking, "the server greets"},
    DeliveryTransition{S::Connecting, I::NextHost, S::AskingHost, "no connection: the next host"},
    DeliveryTransition{S::Connecting, I::TryLater, S::Waiting, "no connection to any host: 4.4.1"},
    DeliveryTransition{S::Connecting, I::GiveUp, S::Finished,
                       "no connection, and the time is over"},
    DeliveryTransition{S::Talking, I::GiveUp, S::Finished, "no success, and the time is over"},
    DeliveryTransition{S::Talking, I::Answered, S::Finished, "250 or 5xx for every recipient"},
    DeliveryTransition{S::Talking, I::NextHost, S::AskingHost,
                       "4xx or a broken talk: the next host"},
    DeliveryTransition{S::Talking, I::TryLater, S::Waiting, "4xx or a broken talk, no host left"},
};

} // namespace

std::span<const DeliveryTransition> delivery_transitions() { return transitions; }

DeliveryState delivery_next(DeliveryState state, DeliveryInput input)
{
    for (const DeliveryTransition &row : transitions)
        if (row.state == state && row.input == input)
            return row.next;
    MS_CHECK(!"a delivery follows its table");
    return state;
}

std::string_view to_string(DeliveryState state)
{
    constexpr std::array<std::string_view, 6> names = {"Waiting",    "AskingMx", "AskingHost",
                                                       "Connecting", "Talking",  "Finished"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(DeliveryInput input)
{
    constexpr std::array<std::string_view, 8> names = {
        "attempt due", "hosts known", "address known", "next host",
        "connected",   "answered",    "try later",     "give up"};
    return names[static_cast<std::size_t>(input)];
}

} // namespace mailscope
