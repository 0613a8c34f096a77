// TCP's state table as data, and what a connection contributes to the World's fingerprint.
#include "sim/core/digest.h"
#include "sim/net/tcp.h"

#include <array>

namespace mailscope::net
{
namespace
{

using State = TcpState;
using Input = TcpInput;

/// RFC 9293 figure 5, without LISTEN (a property of a port here).
constexpr std::array transitions = {
    TcpTransition{State::Closed, Input::ActiveOpen, State::SynSent, "SYN is sent"},
    TcpTransition{State::Closed, Input::PassiveOpen, State::SynReceived,
                  "SYN came, SYN+ACK is sent"},
    TcpTransition{State::SynSent, Input::SynAcked, State::Established, "SYN+ACK came, ACK is sent"},
    TcpTransition{State::SynSent, Input::Reset, State::Closed, "refused, or nobody answered"},
    TcpTransition{State::SynReceived, Input::SynAcked, State::Established, "ACK came"},
    TcpTransition{State::SynReceived, Input::Reset, State::Closed, "the peer gave up"},
    TcpTransition{State::Established, Input::Close, State::FinWait1, "FIN is sent"},
    TcpTransition{State::Established, Input::FinArrived, State::CloseWait, "FIN came first"},
    TcpTransition{State::Established, Input::Reset, State::Closed, "RST, or no answer"},
    TcpTransition{State::FinWait1, Input::FinAcked, State::FinWait2, "our FIN is acknowledged"},
    TcpTransition{State::FinWait1, Input::FinArrived, State::Closing, "both closed at once"},
    TcpTransition{State::FinWait1, Input::Reset, State::Closed, "RST, or no answer"},
    TcpTransition{State::FinWait2, Input::FinArrived, State::TimeWait, "FIN came, ACK is sent"},
    TcpTransition{State::FinWait2, Input::Reset, State::Closed, "RST, or no answer"},
    TcpTransition{State::CloseWait, Input::Close, State::LastAck, "FIN is sent"},
    TcpTransition{State::CloseWait, Input::Reset, State::Closed, "RST, or no answer"},
    TcpTransition{State::Closing, Input::FinAcked, State::TimeWait, "our FIN is acknowledged"},
    TcpTransition{State::Closing, Input::Reset, State::Closed, "RST, or no answer"},
    TcpTransition{State::LastAck, Input::FinAcked, State::Closed, "our FIN is acknowledged"},
    TcpTransition{State::LastAck, Input::Reset, State::Closed, "RST, or no answer"},
    TcpTransition{State::TimeWait, Input::TimeWaitOver, State::Closed, "2 MSL are over"},
    TcpTransition{State::TimeWait, Input::Reset, State::Closed, "RST"},
};

} // namespace

std::span<const TcpTransition> tcp_transitions() { return transitions; }

std::optional<TcpState> tcp_next(TcpState state, TcpInput input)
{
    for (const TcpTransition &row : transitions)
        if (row.state == state && row.input == input)
            return row.next;
    return std::nullopt;
}

std::string_view to_string(TcpState state)
{
    constexpr std::array<std::string_view, 10> names = {
        "CLOSED",     "SYN-SENT",   "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
        "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING",      "LAST-ACK",    "TIME-WAIT"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(TcpInput input)
{
    constexpr std::array<std::string_view, 8> names = {
        "active open", "passive open",     "SYN acknowledged",  "close",
        "FIN arrives", "FIN acknowledged", "time-wait is over", "reset"};
    return names[static_cast<std::size_t>(input)];
}

void TcpConnection::mix(Digest &digest) const
{
    digest.add(host, local.address.value, local.port, remote.address.value, remote.port,
               conversation, owner.role, owner.index, owner.session, state, close_wanted, fin_sent,
               fin_arrived, ack_due, repeat_due, in_flush_list, timing, retries, duplicate_acks);
    digest.add(send_unacknowledged, send_next, send_max, send_end, send_window, receive_next,
               fin_sequence, congestion_window, slow_start_threshold, timed_sequence, timed_since,
               smoothed_rtt, rtt_variation, rto, deadline, timer_at, because);
}

} // namespace mailscope::net
