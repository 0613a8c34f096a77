// What TCP does with an arriving segment (RFC 9293 3.10.7), step by step in the RFC's order.
//
// Nothing is sent here: answers are noted and leave with flush(), when the program has had its say,
// so that an acknowledgement rides on the program's answer. The packets therefore stay in place.
#include "sim/core/check.h"
#include "sim/net/network.h"

#include <algorithm>
#include <utility>

namespace mailscope::net
{
namespace
{

using State = TcpState;
using Input = TcpInput;

bool has(const Packet &segment, std::uint8_t flag) { return (segment.flags & flag) != 0; }

/// Octets of sequence space that the segment takes.
std::uint32_t length_of(const Packet &segment)
{
    return static_cast<std::uint32_t>(segment.payload.size()) +
           (has(segment, tcp_flag::syn) ? 1U : 0U) + (has(segment, tcp_flag::fin) ? 1U : 0U);
}

bool in_window(const TcpConnection &connection, std::uint32_t sequence)
{
    return sequence - connection.receive_next < tcp::window;
}

/// RFC 9293 3.4, for a window that is never closed.
bool is_acceptable(const TcpConnection &connection, const Packet &segment)
{
    const std::uint32_t length = length_of(segment);
    return in_window(connection, segment.sequence) ||
           (length != 0 && in_window(connection, segment.sequence + length - 1));
}

/// A SYN that may take over the endpoints of a connection in TIME-WAIT (RFC 9293 3.10.7.4).
bool reopens(const TcpConnection &connection, const Packet &segment)
{
    return connection.state == State::TimeWait &&
           (segment.flags & (tcp_flag::syn | tcp_flag::ack)) == tcp_flag::syn &&
           sequence_before(connection.receive_next, segment.sequence);
}

} // namespace

void Network::tcp_arrive(HostId host, std::uint32_t index, Step step)
{
    const Packet &segment = packets_[index];
    const std::uint64_t key = connection_key(segment.destination.port, segment.source);
    const std::uint32_t place = hosts_[host.value].connections.find(key);
    if (place == FlatTable::not_found)
        return tcp_arrive_unknown(host, index, step);
    TcpConnection &connection = connections_.at_index(place);
    if (reopens(connection, segment)) {
        tcp_release(connection);
        return tcp_arrive_unknown(host, index, step);
    }
    connection.cause_packet = index;
    tcp_touch(connection);
    if (connection.state == State::SynSent)
        return tcp_arrive_opening(connection, segment, step);
    if (!tcp_passes_checks(connection, segment, step))
        return;
    if (connection.state == State::SynReceived) {
        if (segment.acknowledgement != connection.send_max)
            return tcp_reset_reply(host, index);
        tcp_established(connection, segment, step);
        emit_for(connection, EventKind::Accepted);
    } else if (!tcp_acknowledged(connection, segment, step)) {
        return;
    }
    tcp_take_data(connection, segment);
    tcp_take_fin(connection, step);
}

/// No connection: a listening port begins one, anything else is answered with RST (3.10.7.1, 2).
void Network::tcp_arrive_unknown(HostId host, std::uint32_t index, Step step)
{
    const Packet &segment = packets_[index];
    if (has(segment, tcp_flag::rst))
        return;
    const Listener *taker = listener(host, Transport::Tcp, segment.destination.port);
    if (taker == nullptr)
        emit(EventKind::PortClosed, host).packet = index;
    if (taker == nullptr || has(segment, tcp_flag::ack) || !has(segment, tcp_flag::syn))
        return tcp_reset_reply(host, index);
    TcpConnection fresh;
    fresh.host = host;
    fresh.local = segment.destination;
    fresh.remote = segment.source;
    fresh.owner = taker->owner;
    fresh.conversation = segment.conversation;
    fresh.because = segment.record;
    fresh.cause_packet = index;
    fresh.receive_next = segment.sequence + 1;
    fresh.send_window = segment.window;
    fresh.ack_due = true;
    TcpConnection &connection = tcp_add(fresh, step.now);
    tcp_input(connection, Input::PassiveOpen);
    tcp_touch(connection);
}

/// RFC 9293 3.5.2 and 3.10.7.1: an RST that the peer will find acceptable.
void Network::tcp_reset_reply(HostId host, std::uint32_t index)
{
    const Packet &segment = packets_[index];
    PendingReset reset;
    reset.host = host;
    reset.cause = index;
    if (has(segment, tcp_flag::ack)) {
        reset.sequence = segment.acknowledgement;
        reset.flags = tcp_flag::rst;
    } else {
        reset.acknowledgement = segment.sequence + length_of(segment);
        reset.flags = tcp_flag::rst | tcp_flag::ack;
    }
    pending_resets_.push_back(reset);
}

/// SYN-SENT (RFC 9293 3.10.7.3). A SYN without ACK is let pass: no simultaneous open.
void Network::tcp_arrive_opening(TcpConnection &connection, const Packet &segment, Step step)
{
    const bool acknowledges =
        has(segment, tcp_flag::ack) && segment.acknowledgement == connection.send_max;
    if (has(segment, tcp_flag::ack) && !acknowledges)
        return has(segment, tcp_flag::rst)
                   ? void()
                   : tcp_reset_reply(connection.host, connection.cause_packet);
    if (has(segment, tcp_flag::rst))
        return acknowledges ? tcp_end(connection, Reason::Refused) : void();
    if (!acknowledges || !has(segment, tcp_flag::syn))
        return;
    connection.receive_next = segment.sequence + 1;
    connection.ack_due = true;
    tcp_established(connection, segment, step);
    emit_for(connection, EventKind::Connected);
}

/// Our SYN is acknowledged.
void Network::tcp_established(TcpConnection &connection, const Packet &segment, Step step)
{
    connection.send_window = segment.window;
    connection.send_unacknowledged = segment.acknowledgement;
    connection.deadline = time_never;
    if (connection.retries != 0)
        connection.rto = tcp::rto_after_lost_syn;
    else
        tcp_measure(connection, segment.acknowledgement, step.now);
    connection.retries = 0;
    tcp_input(connection, Input::SynAcked);
}

/// The first four checks of RFC 9293 3.10.7.4: sequence number, RST, SYN, ACK. False when nothing
/// is left to do; the connection may be gone then.
bool Network::tcp_passes_checks(TcpConnection &connection, const Packet &segment, Step step)
{
    const bool is_reset = has(segment, tcp_flag::rst);
    if (!is_acceptable(connection, segment)) {
        connection.ack_due = connection.ack_due || !is_reset;
        if (connection.state == State::TimeWait && has(segment, tcp_flag::fin))
            tcp_set_deadline(connection, tcp::time_wait, step);
        return false;
    }
    if (is_reset) {
        if (segment.sequence == connection.receive_next)
            tcp_end(connection, Reason::Reset);
        else
            connection.ack_due = true; // a challenge: a true peer answers with the right number
        return false;
    }
    if (has(segment, tcp_flag::syn)) {
        connection.ack_due = true; // a challenge as well (RFC 5961 4.2)
        return false;
    }
    return has(segment, tcp_flag::ack);
}

/// RFC 6298 2.2 and 2.3, in integers.
void Network::tcp_measure(TcpConnection &connection, std::uint32_t acknowledgement, SimTime now)
{
    if (!connection.timing || sequence_before(acknowledgement, connection.timed_sequence))
        return;
    connection.timing = false;
    const Duration rtt = now - connection.timed_since;
    if (connection.smoothed_rtt == Duration::zero()) {
        connection.smoothed_rtt = rtt;
        connection.rtt_variation = rtt / 2;
    } else {
        const Duration error = connection.smoothed_rtt > rtt ? connection.smoothed_rtt - rtt
                                                             : rtt - connection.smoothed_rtt;
        connection.rtt_variation = (3 * connection.rtt_variation + error) / 4;
        connection.smoothed_rtt = (7 * connection.smoothed_rtt + rtt) / 8;
    }
    connection.rto = std::clamp(connection.smoothed_rtt + 4 * connection.rtt_variation,
                                tcp::rto_min, tcp::rto_max);
}

/// An acknowledgement that covers nothing new. The third in a row that carries nothing else says
/// that a segment is missing (RFC 5681 2 and 3.2).
void Network::tcp_count_duplicate(TcpConnection &connection, const Packet &segment)
{
    const bool duplicate = segment.acknowledgement == connection.send_unacknowledged &&
                           length_of(segment) == 0 && connection.outstanding() != 0;
    if (!duplicate || connection.duplicate_acks > tcp::duplicate_acks_for_repeat)
        return;
    if (++connection.duplicate_acks == tcp::duplicate_acks_for_repeat)
        connection.repeat_due = true;
}

/// Slow start and congestion avoidance (RFC 5681 3.1).
void Network::tcp_open_window(TcpConnection &connection, std::uint32_t newly_acknowledged)
{
    const std::uint32_t window = connection.congestion_window;
    connection.congestion_window += window < connection.slow_start_threshold
                                        ? std::min<std::uint32_t>(newly_acknowledged, tcp::mss)
                                        : std::max<std::uint32_t>(tcp::mss * tcp::mss / window, 1);
}

/// The ACK field in a synchronised state. False when nothing is left to do; the connection may be
/// gone then.
bool Network::tcp_acknowledged(TcpConnection &connection, const Packet &segment, Step step)
{
    const std::uint32_t ack = segment.acknowledgement;
    if (sequence_before(connection.send_max, ack)) {
        connection.ack_due = true; // it acknowledges what was never sent
        return false;
    }
    if (!sequence_before(connection.send_unacknowledged, ack)) {
        tcp_count_duplicate(connection, segment);
        return true;
    }
    tcp_measure(connection, ack, step.now);
    tcp_open_window(connection, ack - connection.send_unacknowledged);
    connection.send_window = segment.window;
    connection.send_unacknowledged = ack;
    if (sequence_before(connection.send_next, ack))
        connection.send_next = ack;
    connection.retries = 0;
    connection.duplicate_acks = 0;
    while (!connection.unacknowledged.empty() &&
           !sequence_before(ack, pieces_[connection.unacknowledged.first].end()))
        pieces_.take_first(connection.unacknowledged);
    if (connection.outstanding() == 0)
        connection.deadline = time_never;
    else
        tcp_set_deadline(connection, connection.rto, step);
    if (connection.fin_sent && ack == connection.send_end + 1)
        return tcp_fin_acknowledged(connection, step);
    return true;
}

/// False when the connection is gone with it.
bool Network::tcp_fin_acknowledged(TcpConnection &connection, Step step)
{
    tcp_input(connection, Input::FinAcked);
    if (connection.state == State::TimeWait)
        tcp_set_deadline(connection, tcp::time_wait, step);
    const bool over = connection.state == State::Closed;
    if (over)
        tcp_release(connection);
    return !over;
}

void Network::tcp_take_data(TcpConnection &connection, const Packet &segment)
{
    if (length_of(segment) == 0)
        return;
    connection.ack_due = true;
    const bool may_receive = connection.state == State::Established ||
                             connection.state == State::FinWait1 ||
                             connection.state == State::FinWait2;
    if (!may_receive)
        return;
    const std::uint32_t size = static_cast<std::uint32_t>(segment.payload.size());
    if (has(segment, tcp_flag::fin) && !connection.fin_arrived) {
        connection.fin_arrived = true;
        connection.fin_sequence = segment.sequence + size;
    }
    if (sequence_before(connection.receive_next, segment.sequence))
        return tcp_keep_early(connection, segment);
    tcp_deliver(connection, segment.sequence, segment.payload);
    while (!connection.early.empty() &&
           !sequence_before(connection.receive_next, pieces_[connection.early.first].first)) {
        const Piece piece = pieces_.take_first(connection.early);
        tcp_deliver(connection, piece.first, piece.bytes);
    }
}

/// Hands the program what is new in `bytes`, which begin at or before the next byte wanted.
void Network::tcp_deliver(TcpConnection &connection, std::uint32_t first, const SharedBytes &bytes)
{
    const std::uint32_t end = first + static_cast<std::uint32_t>(bytes.size());
    if (!sequence_before(connection.receive_next, end))
        return;
    const std::uint32_t known = connection.receive_next - first;
    connection.receive_next = end;
    emit_for(connection, EventKind::DataArrived).data = bytes.slice(known, bytes.size());
}

/// Keeps a segment that came too early, in its place among the others.
void Network::tcp_keep_early(TcpConnection &connection, const Packet &segment)
{
    if (segment.payload.empty() || connection.early.count >= tcp::out_of_order_max)
        return;
    std::uint32_t before = PieceList::none;
    for (std::uint32_t i = connection.early.first; i != PieceList::none; i = pieces_[i].next) {
        if (sequence_before(segment.sequence, pieces_[i].first))
            break;
        if (pieces_[i].first == segment.sequence &&
            pieces_[i].bytes.size() >= segment.payload.size())
            return;
        before = i;
    }
    Piece piece;
    piece.bytes = segment.payload;
    piece.first = segment.sequence;
    pieces_.insert_after(connection.early, before, std::move(piece));
}

void Network::tcp_take_fin(TcpConnection &connection, Step step)
{
    if (!connection.fin_arrived || connection.receive_next != connection.fin_sequence ||
        !tcp_next(connection.state, Input::FinArrived))
        return;
    connection.receive_next += 1;
    tcp_input(connection, Input::FinArrived);
    emit_for(connection, EventKind::PeerClosed);
    if (connection.state == State::TimeWait)
        tcp_set_deadline(connection, tcp::time_wait, step);
}

} // namespace mailscope::net
