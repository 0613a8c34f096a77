// What TCP sends: segments within the windows, FIN, acknowledgements, and all of it again when no
// answer comes (RFC 9293 3.8, RFC 5681, RFC 6298).
#include "sim/core/check.h"
#include "sim/net/network.h"

#include <algorithm>
#include <utility>

namespace mailscope::net
{
namespace
{

using State = TcpState;

/// States in which bytes or a FIN may still have to be sent, or sent again.
bool may_send_data(State state)
{
    return state == State::Established || state == State::CloseWait || state == State::FinWait1 ||
           state == State::Closing || state == State::LastAck;
}

} // namespace

void Network::tcp_send_segment(TcpConnection &connection, std::uint32_t sequence,
                               std::uint8_t flags, SharedBytes payload, RecordId because, Step step)
{
    const std::uint32_t index = new_packet();
    Packet &packet = packets_[index];
    packet.source = connection.local;
    packet.destination = connection.remote;
    packet.sequence = sequence;
    packet.flags = flags;
    if ((flags & tcp_flag::ack) != 0) {
        packet.acknowledgement = connection.receive_next;
        connection.ack_due = false;
    }
    packet.window = tcp::window;
    packet.mss = (flags & tcp_flag::syn) != 0 ? tcp::mss : std::uint16_t{0};
    packet.conversation = connection.conversation;
    packet.record = because;
    packet.payload = std::move(payload);
    transmit(connection.host, index, EventKind::PacketSent, step);
}

/// Moves past `octets` of sequence space that are about to leave, and begins a measurement of the
/// round trip when none is under way and they leave for the first time (Karn, RFC 6298 3).
void Network::tcp_advance(TcpConnection &connection, std::uint32_t octets, SimTime now)
{
    const bool first_time = connection.send_next == connection.send_max;
    connection.send_next += octets;
    if (sequence_before(connection.send_max, connection.send_next))
        connection.send_max = connection.send_next;
    if (!first_time || connection.timing)
        return;
    connection.timing = true;
    connection.timed_sequence = connection.send_next;
    connection.timed_since = now;
}

/// Sends SYN, or SYN and ACK, the first time or again.
void Network::tcp_send_syn(TcpConnection &connection, RecordId because, Step step)
{
    const bool answers = connection.state == State::SynReceived;
    connection.send_next = connection.send_unacknowledged;
    tcp_advance(connection, 1, step.now);
    tcp_send_segment(connection, connection.send_unacknowledged,
                     answers ? std::uint8_t{tcp_flag::syn | tcp_flag::ack} : tcp_flag::syn,
                     SharedBytes(), because, step);
    tcp_set_deadline(connection, connection.rto, step);
}

/// Sends the next segment of `piece`. False when the windows have no room for a sensible one: no
/// small segment while others are under way (RFC 9293 3.8.6.2.1).
bool Network::tcp_send_data(TcpConnection &connection, const Piece &piece, std::uint32_t limit,
                            Step step)
{
    const std::uint32_t sequence = connection.send_next;
    const std::uint32_t wanted = std::min<std::uint32_t>(tcp::mss, piece.end() - sequence);
    const std::uint32_t room = limit - sequence;
    if (room < wanted && sequence != connection.send_unacknowledged)
        return false;
    const std::uint32_t size = std::min(wanted, room);
    std::uint8_t flags = tcp_flag::ack;
    if (sequence + size == piece.end())
        flags |= tcp_flag::psh;
    const bool with_fin = connection.close_wanted && sequence + size == connection.send_end;
    if (with_fin)
        flags |= tcp_flag::fin;
    tcp_advance(connection, size + (with_fin ? 1U : 0U), step.now);
    if (with_fin && !std::exchange(connection.fin_sent, true))
        tcp_input(connection, TcpInput::Close);
    tcp_send_segment(connection, sequence, flags, piece.bytes.slice(sequence - piece.first, size),
                     piece.because, step);
    return true;
}

/// Sends what the windows allow, and FIN after the last byte once the program has closed.
void Network::tcp_pump(TcpConnection &connection, Step step)
{
    const std::uint32_t window = std::min(connection.send_window, connection.congestion_window);
    const std::uint32_t limit = connection.send_unacknowledged + window;
    std::uint32_t place = connection.unacknowledged.first;
    while (sequence_before(connection.send_next, connection.send_end) &&
           sequence_before(connection.send_next, limit)) {
        while (!sequence_before(connection.send_next, pieces_[place].end()))
            place = pieces_[place].next;
        if (!tcp_send_data(connection, pieces_[place], limit, step))
            break;
    }
    if (connection.close_wanted && connection.send_next == connection.send_end) {
        if (!std::exchange(connection.fin_sent, true))
            tcp_input(connection, TcpInput::Close);
        tcp_advance(connection, 1, step.now);
        tcp_send_segment(connection, connection.send_end, tcp_flag::fin | tcp_flag::ack,
                         SharedBytes(), connection.because, step);
    }
    if (connection.deadline == time_never && connection.outstanding() != 0)
        tcp_set_deadline(connection, connection.rto, step);
}

/// The retransmission timer fired: RFC 6298 5.4 to 5.6, RFC 5681 3.1.
void Network::tcp_repeat(TcpConnection &connection, Step step)
{
    const bool opening =
        connection.state == State::SynSent || connection.state == State::SynReceived;
    if (connection.retries >= (opening ? tcp::syn_retries_max : tcp::data_retries_max))
        return tcp_end(connection, Reason::TimedOut);
    if (!opening && connection.retries == 0)
        connection.slow_start_threshold =
            std::max<std::uint32_t>(connection.outstanding() / 2, 2U * tcp::mss);
    ++connection.retries;
    connection.timing = false;
    connection.duplicate_acks = 0;
    connection.repeat_due = false;
    connection.rto = std::min(connection.rto * 2, tcp::rto_max);
    connection.congestion_window = tcp::mss;
    connection.send_next = connection.send_unacknowledged;
    emit_for(connection, EventKind::SegmentRepeated);
    if (opening)
        return tcp_send_syn(connection, connection.because, step);
    tcp_pump(connection, step);
    tcp_set_deadline(connection, connection.rto, step);
}

/// Three duplicate acknowledgements: the first unacknowledged segment goes again (RFC 5681 3.2).
void Network::tcp_repeat_first(TcpConnection &connection, Step step)
{
    const std::uint32_t send_next = connection.send_next;
    connection.repeat_due = false;
    connection.timing = false;
    connection.slow_start_threshold =
        std::max<std::uint32_t>(connection.outstanding() / 2, 2U * tcp::mss);
    connection.congestion_window = tcp::mss;
    connection.send_next = connection.send_unacknowledged;
    emit_for(connection, EventKind::SegmentRepeated);
    tcp_pump(connection, step);
    connection.congestion_window = connection.slow_start_threshold;
    if (sequence_before(connection.send_next, send_next))
        connection.send_next = send_next;
}

void Network::flush_connection(TcpConnection &connection, Step step)
{
    connection.in_flush_list = false;
    if (connection.state == State::SynReceived && connection.ack_due)
        tcp_send_syn(connection, tcp_cause(connection), step);
    if (may_send_data(connection.state)) {
        if (connection.repeat_due)
            tcp_repeat_first(connection, step);
        tcp_pump(connection, step);
    }
    if (connection.ack_due)
        tcp_send_segment(connection, connection.send_max, tcp_flag::ack, SharedBytes(),
                         tcp_cause(connection), step);
    connection.cause_packet = no_packet;
}

void Network::flush(Step step)
{
    for (std::size_t i = 0; i < flush_list_.size(); ++i)
        if (TcpConnection *connection = connections_.find(flush_list_[i]))
            flush_connection(*connection, step);
    flush_list_.clear();
    for (const PendingReset &reset : pending_resets_) {
        const std::uint32_t index = new_packet();
        const Packet &cause = packets_[reset.cause];
        Packet &packet = packets_[index];
        packet.source = cause.destination;
        packet.destination = cause.source;
        packet.sequence = reset.sequence;
        packet.acknowledgement = reset.acknowledgement;
        packet.flags = reset.flags;
        packet.conversation = cause.conversation;
        packet.record = cause.record;
        transmit(reset.host, index, EventKind::PacketSent, step);
    }
    pending_resets_.clear();
}

} // namespace mailscope::net
