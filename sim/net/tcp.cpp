// TCP: the state table and the life of a connection, from handshake to TIME-WAIT (RFC 9293).
#include "sim/net/tcp.h"

#include "sim/core/check.h"
#include "sim/core/digest.h"
#include "sim/net/network.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mailscope::net
{
namespace
{

using State = TcpState;
using Input = TcpInput;

/// RFC 9293 figure 5, without LISTEN (a property of a port here).
constexpr std::array transitions = {
    TcpTransition{State::Closed, Input::ActiveOpen, State::SynSent, "SYN is sent"},
    TcpTransition{State::Closed, Input::PassiveOpen, State::SynReceived, "SYN came, SYN+ACK is sent"},
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

/// True when `a` comes before `b` in sequence space (RFC 9293 3.4).
bool before(std::uint32_t a, std::uint32_t b)
{
    return static_cast<std::int32_t>(a - b) < 0;
}

std::uint64_t connection_key(std::uint16_t local_port, Endpoint remote)
{
    return std::uint64_t{local_port} << 48U | std::uint64_t{remote.port} << 32U |
           remote.address.value;
}

std::uint32_t in_flight(const TcpConnection &connection)
{
    return connection.send_next - connection.send_unacknowledged;
}

/// States in which bytes or a FIN may still have to be sent, or sent again.
bool may_send_data(TcpState state)
{
    return state == State::Established || state == State::CloseWait ||
           state == State::FinWait1 || state == State::Closing || state == State::LastAck;
}

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
        "active open", "passive open", "SYN acknowledged",  "close",
        "FIN arrives", "FIN acknowledged", "time-wait is over", "reset"};
    return names[static_cast<std::size_t>(input)];
}

void TcpConnection::mix(Digest &digest) const
{
    digest.add(host, local.address.value, local.port, remote.address.value, remote.port,
               conversation, owner.role, owner.index, owner.session, state, close_wanted, fin_sent,
               fin_arrived, ack_due, retries, duplicate_acks, send_unacknowledged, send_next,
               send_end, send_window, receive_next, congestion_window, slow_start_threshold,
               smoothed_rtt, rtt_variation, rto, deadline, because);
    for (const SendChunk &chunk : chunks)
        digest.add(chunk.first, chunk.bytes);
    for (const EarlySegment &segment : early)
        digest.add(segment.first, segment.bytes);
}

void Network::tcp_input(TcpConnection &connection, TcpInput input)
{
    const std::optional<TcpState> next = tcp_next(connection.state, input);
    MS_CHECK(next.has_value());
    connection.state = *next;
}

void Network::tcp_touch(Handle handle)
{
    TcpConnection &connection = connections_[handle];
    if (std::exchange(connection.in_flush_list, true))
        return;
    flush_list_.push_back(handle);
}

RecordId Network::tcp_cause(const TcpConnection &connection) const
{
    return connection.cause_packet == no_packet ? connection.because
                                                  : packets_[connection.cause_packet].record;
}

Handle Network::open(HostId host, Endpoint remote, Owner owner, RecordId because, Step step)
{
    TcpConnection connection;
    connection.host = host;
    connection.local = {address_of(host), ephemeral_port(host)};
    NetHost &net_host = hosts_[host.value];
    while (net_host.connections.find(connection_key(connection.local.port, remote)) !=
           FlatTable::not_found)
        connection.local.port = ephemeral_port(host);
    connection.remote = remote;
    connection.owner = owner;
    connection.conversation = ConnectionId{next_conversation_++};
    connection.because = because;
    connection.send_unacknowledged = static_cast<std::uint32_t>(numbers_.next());
    connection.send_next = connection.send_unacknowledged;
    connection.send_end = connection.send_next + 1;
    tcp_input(connection, Input::ActiveOpen);
    const std::uint64_t key = connection_key(connection.local.port, remote);
    const Handle handle = connections_.insert(std::move(connection));
    net_host.connections.set(key, handle.index);
    tcp_send_syn(handle, because, step);
    return handle;
}

void Network::set_session(Handle handle, std::uint32_t session)
{
    connections_[handle].owner.session = session;
}

void Network::send(Handle handle, SharedBytes bytes, RecordId because)
{
    TcpConnection *connection = connections_.find(handle);
    if (connection == nullptr || connection->close_wanted || bytes.empty())
        return;
    const std::uint32_t size = static_cast<std::uint32_t>(bytes.size());
    connection->chunks.push_back({connection->send_end, std::move(bytes), because});
    connection->send_end += size;
    tcp_touch(handle);
}

void Network::close(Handle handle, RecordId because)
{
    TcpConnection *connection = connections_.find(handle);
    if (connection == nullptr || connection->close_wanted)
        return;
    connection->close_wanted = true;
    connection->because = because;
    tcp_touch(handle);
}

void Network::abort(Handle handle, RecordId because, Step step)
{
    TcpConnection *connection = connections_.find(handle);
    if (connection == nullptr)
        return;
    if (connection->state != State::SynSent && connection->state != State::TimeWait)
        tcp_send_segment(handle, connection->send_next, tcp_flag::rst | tcp_flag::ack,
                         SharedBytes(), because, step);
    tcp_release(handle);
}

void Network::tcp_release(Handle handle)
{
    const TcpConnection &connection = connections_[handle];
    hosts_[connection.host.value].connections.erase(
        connection_key(connection.local.port, connection.remote));
    connections_.erase(handle);
}

void Network::tcp_end(Handle handle, EventKind kind, Reason reason)
{
    TcpConnection &connection = connections_[handle];
    const bool known_to_owner = connection.state != State::SynReceived &&
                                connection.state != State::TimeWait;
    if (known_to_owner) {
        Event &event = emit(kind, connection.host);
        event.reason = reason;
        event.connection = handle;
        event.owner = connection.owner;
        event.packet = connection.cause_packet;
        event.conversation = connection.conversation;
        event.remote = connection.remote;
        event.because = connection.chunks.empty() ? connection.because
                                                  : connection.chunks.front().because;
    }
    tcp_input(connection, Input::Reset);
    tcp_release(handle);
}

void Network::tcp_send_segment(Handle handle, std::uint32_t sequence, std::uint8_t flags,
                               SharedBytes payload, RecordId because, Step step)
{
    TcpConnection &connection = connections_[handle];
    Packet packet;
    packet.source = connection.local;
    packet.destination = connection.remote;
    packet.sequence = sequence;
    packet.flags = flags;
    if ((flags & tcp_flag::ack) != 0)
        packet.acknowledgement = connection.receive_next;
    packet.window = tcp::window;
    packet.mss = (flags & tcp_flag::syn) != 0 ? tcp::mss : std::uint16_t{0};
    packet.conversation = connection.conversation;
    packet.record = because;
    packet.payload = std::move(payload);
    connection.ack_due = connection.ack_due && (flags & tcp_flag::ack) == 0;
    transmit(connection.host, new_packet(std::move(packet)), EventKind::PacketSent, step);
}

void Network::tcp_set_deadline(Handle handle, Duration after, Step step)
{
    TcpConnection &connection = connections_[handle];
    connection.deadline = step.now + after;
    if (connection.timer_at <= connection.deadline)
        return;
    connection.timer_at = connection.deadline;
    mailscope::Event work;
    work.at = connection.deadline;
    work.kind = static_cast<std::uint16_t>(Work::TcpTimer);
    work.what = handle.index;
    work.argument = handle.generation;
    step.queue.push(work);
}

void Network::tcp_timer(Handle handle, Step step)
{
    TcpConnection *connection = connections_.find(handle);
    if (connection == nullptr)
        return;
    if (connection->timer_at <= step.now)
        connection->timer_at = time_never;
    if (connection->deadline == time_never)
        return;
    if (connection->deadline > step.now)
        return tcp_set_deadline(handle, connection->deadline - step.now, step);
    if (connection->state == State::TimeWait) {
        tcp_input(*connection, Input::TimeWaitOver);
        return tcp_release(handle);
    }
    tcp_repeat(handle, step);
}

/// The retransmission timer fired: RFC 6298 5, RFC 5681 3.1.
void Network::tcp_repeat(Handle handle, Step step)
{
    TcpConnection &connection = connections_[handle];
    const bool opening =
        connection.state == State::SynSent || connection.state == State::SynReceived;
    if (connection.retries >= (opening ? tcp::syn_retries_max : tcp::data_retries_max))
        return tcp_end(handle,
                       connection.state == State::SynSent ? EventKind::ConnectFailed
                                                          : EventKind::ConnectionLost,
                       Reason::TimedOut);
    ++connection.retries;
    connection.timing = false;
    connection.rto = std::min(connection.rto * 2, tcp::rto_max);
    connection.slow_start_threshold =
        std::max<std::uint32_t>(in_flight(connection) / 2, 2U * tcp::mss);
    connection.congestion_window = tcp::mss;
    connection.send_next = connection.send_unacknowledged;
    emit_repeat(handle);
    if (opening)
        tcp_send_syn(handle, connection.because, step);
    else
        tcp_pump(handle, step);
    tcp_set_deadline(handle, connection.rto, step);
}

/// Three duplicate acknowledgements: the first unacknowledged segment goes again (RFC 5681 3.2).
void Network::tcp_repeat_first(Handle handle, Step step)
{
    TcpConnection &connection = connections_[handle];
    connection.timing = false;
    connection.slow_start_threshold =
        std::max<std::uint32_t>(in_flight(connection) / 2, 2U * tcp::mss);
    const std::uint32_t send_next = connection.send_next;
    connection.congestion_window = tcp::mss;
    connection.send_next = connection.send_unacknowledged;
    emit_repeat(handle);
    tcp_pump(handle, step);
    connection.congestion_window = connection.slow_start_threshold;
    if (before(connection.send_next, send_next))
        connection.send_next = send_next;
}

void Network::emit_repeat(Handle handle)
{
    const TcpConnection &connection = connections_[handle];
    Event &event = emit(EventKind::SegmentRepeated, connection.host);
    event.connection = handle;
    event.owner = connection.owner;
}

/// Sends SYN, or SYN and ACK, the first time or again.
void Network::tcp_send_syn(Handle handle, RecordId because, Step step)
{
    TcpConnection &connection = connections_[handle];
    const bool answers = connection.state == State::SynReceived;
    connection.send_next = connection.send_unacknowledged + 1;
    tcp_send_segment(handle, connection.send_unacknowledged,
                     answers ? std::uint8_t{tcp_flag::syn | tcp_flag::ack} : tcp_flag::syn,
                     SharedBytes(), because, step);
    tcp_set_deadline(handle, connection.rto, step);
}

/// Sends what the windows allow, and FIN after the last byte once the program has closed.
void Network::tcp_pump(Handle handle, Step step)
{
    TcpConnection &connection = connections_[handle];
    const bool was_idle = in_flight(connection) == 0;
    const std::uint32_t window = std::min(connection.send_window, connection.congestion_window);
    const std::uint32_t limit = connection.send_unacknowledged + window;
    const std::uint32_t data_end = connection.send_end;
    std::size_t chunk_index = 0;
    while (before(connection.send_next, data_end) && before(connection.send_next, limit)) {
        while (!before(connection.send_next,
                       connection.chunks[chunk_index].first +
                           static_cast<std::uint32_t>(connection.chunks[chunk_index].bytes.size())))
            ++chunk_index;
        const SendChunk &chunk = connection.chunks[chunk_index];
        const std::uint32_t offset = connection.send_next - chunk.first;
        const std::uint32_t room = std::min<std::uint32_t>(tcp::mss, limit - connection.send_next);
        SharedBytes payload = chunk.bytes.slice(offset, room);
        const std::uint32_t size = static_cast<std::uint32_t>(payload.size());
        const bool last = connection.send_next + size == data_end;
        std::uint8_t flags = tcp_flag::ack;
        if (offset + size == chunk.bytes.size())
            flags |= tcp_flag::psh;
        const bool with_fin = last && connection.close_wanted;
        if (with_fin)
            flags |= tcp_flag::fin;
        if (!connection.timing && connection.retries == 0) {
            connection.timing = true;
            connection.timed_sequence = connection.send_next + size;
            connection.timed_since = step.now;
        }
        const std::uint32_t sequence = connection.send_next;
        connection.send_next += size + (with_fin ? 1U : 0U);
        if (with_fin && !std::exchange(connection.fin_sent, true))
            tcp_input(connection, Input::Close);
        tcp_send_segment(handle, sequence, flags, std::move(payload), chunk.because, step);
    }
    if (connection.close_wanted && connection.send_next == data_end) {
        if (!std::exchange(connection.fin_sent, true))
            tcp_input(connection, Input::Close);
        connection.send_next += 1;
        tcp_send_segment(handle, data_end, tcp_flag::fin | tcp_flag::ack, SharedBytes(),
                         connection.because, step);
    }
    if (was_idle && in_flight(connection) != 0)
        tcp_set_deadline(handle, connection.rto, step);
}

void Network::flush(Step step)
{
    for (std::size_t i = 0; i < flush_list_.size(); ++i) {
        const Handle handle = flush_list_[i];
        TcpConnection *connection = connections_.find(handle);
        if (connection == nullptr)
            continue;
        connection->in_flush_list = false;
        if (connection->state == State::SynReceived && connection->ack_due)
            tcp_send_syn(handle, tcp_cause(*connection), step);
        else if (may_send_data(connection->state))
            tcp_pump(handle, step);
        if (connection->ack_due)
            tcp_send_segment(handle, connection->send_next, tcp_flag::ack, SharedBytes(),
                             tcp_cause(*connection), step);
        connection->cause_packet = no_packet;
    }
    flush_list_.clear();
    for (PendingReset &reset : pending_resets_) {
        reset.packet.record = packets_[reset.cause].record;
        transmit(reset.host, new_packet(std::move(reset.packet)), EventKind::PacketSent, step);
    }
    pending_resets_.clear();
}

void Network::tcp_arrive(HostId host, std::uint32_t index, Step step)
{
    const Packet segment = packets_[index];
    const std::uint64_t key = connection_key(segment.destination.port, segment.source);
    const std::uint32_t place = hosts_[host.value].connections.find(key);
    const bool is_reset = (segment.flags & tcp_flag::rst) != 0;
    if (place == FlatTable::not_found) {
        const Listener *taker = listener(host, Transport::Tcp, segment.destination.port);
        const bool opens = (segment.flags & (tcp_flag::syn | tcp_flag::ack)) == tcp_flag::syn;
        if (opens && taker != nullptr)
            return tcp_accept(host, index, *taker);
        return is_reset ? void() : tcp_reset_reply(host, index);
    }
    const Handle handle = connections_.handle_at(place);
    TcpConnection &connection = connections_[handle];
    connection.cause_packet = index;
    if (is_reset) {
        const bool opening = connection.state == State::SynSent;
        return tcp_end(handle, opening ? EventKind::ConnectFailed : EventKind::ConnectionLost,
                       opening ? Reason::Refused : Reason::Reset);
    }
    tcp_touch(handle);
    if ((segment.flags & tcp_flag::syn) != 0)
        return tcp_handshake(handle, segment);
    tcp_acknowledged(handle, segment, step);
    if (connections_.find(handle) == nullptr)
        return;
    tcp_take_data(handle, segment);
    tcp_take_fin(handle, step);
}

void Network::tcp_accept(HostId host, std::uint32_t index, const Listener &taker)
{
    const Packet &syn = packets_[index];
    TcpConnection connection;
    connection.host = host;
    connection.local = syn.destination;
    connection.remote = syn.source;
    connection.owner = taker.owner;
    connection.conversation = syn.conversation;
    connection.because = syn.record;
    connection.cause_packet = index;
    connection.receive_next = syn.sequence + 1;
    connection.send_window = syn.window;
    connection.send_unacknowledged = static_cast<std::uint32_t>(numbers_.next());
    connection.send_next = connection.send_unacknowledged;
    connection.send_end = connection.send_next + 1;
    connection.ack_due = true;
    tcp_input(connection, Input::PassiveOpen);
    const std::uint64_t key = connection_key(connection.local.port, connection.remote);
    const Handle handle = connections_.insert(std::move(connection));
    hosts_[host.value].connections.set(key, handle.index);
    tcp_touch(handle);
}

/// RFC 9293 3.5.2: a segment for a connection that does not exist is answered with RST.
void Network::tcp_reset_reply(HostId host, std::uint32_t index)
{
    const Packet &segment = packets_[index];
    PendingReset reset{host, index, Packet()};
    reset.packet.source = segment.destination;
    reset.packet.destination = segment.source;
    reset.packet.conversation = segment.conversation;
    if ((segment.flags & tcp_flag::ack) != 0) {
        reset.packet.sequence = segment.acknowledgement;
        reset.packet.flags = tcp_flag::rst;
    } else {
        const bool syn = (segment.flags & tcp_flag::syn) != 0;
        reset.packet.acknowledgement = segment.sequence + (syn ? 1U : 0U) +
                                       static_cast<std::uint32_t>(segment.payload.size());
        reset.packet.flags = tcp_flag::rst | tcp_flag::ack;
    }
    emit(EventKind::PortClosed, host).packet = index;
    pending_resets_.push_back(std::move(reset));
}

/// A SYN for a known connection: the answer to ours, or a repetition (our answer was lost).
void Network::tcp_handshake(Handle handle, const Packet &segment)
{
    TcpConnection &connection = connections_[handle];
    connection.ack_due = true;
    if (connection.state != State::SynSent || (segment.flags & tcp_flag::ack) == 0 ||
        segment.acknowledgement != connection.send_next)
        return;
    connection.receive_next = segment.sequence + 1;
    connection.send_window = segment.window;
    connection.send_unacknowledged = segment.acknowledgement;
    connection.retries = 0;
    connection.rto = tcp::rto_initial;
    connection.deadline = time_never;
    tcp_input(connection, Input::SynAcked);
    Event &event = emit(EventKind::Connected, connection.host);
    event.connection = handle;
    event.owner = connection.owner;
    event.packet = connection.cause_packet;
}

/// Karn's algorithm and RFC 6298 2.2 and 2.3, in integers.
void Network::tcp_measure(TcpConnection &connection, std::uint32_t acknowledgement, SimTime now)
{
    if (!connection.timing || before(acknowledgement, connection.timed_sequence))
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

void Network::tcp_acknowledged(Handle handle, const Packet &segment, Step step)
{
    TcpConnection &connection = connections_[handle];
    const std::uint32_t ack = segment.acknowledgement;
    connection.send_window = segment.window;
    if (connection.state == State::SynReceived && ack == connection.send_next) {
        connection.send_unacknowledged = ack;
        connection.retries = 0;
        connection.rto = tcp::rto_initial;
        connection.deadline = time_never;
        tcp_input(connection, Input::SynAcked);
        Event &event = emit(EventKind::Accepted, connection.host);
        event.connection = handle;
        event.owner = connection.owner;
        event.packet = connection.cause_packet;
        return;
    }
    const bool fin_covered = connection.fin_sent && ack == connection.send_end + 1;
    if (!before(connection.send_unacknowledged, ack)) {
        const bool duplicate = ack == connection.send_unacknowledged && segment.payload.empty() &&
                               in_flight(connection) != 0;
        connection.duplicate_acks =
            duplicate ? static_cast<std::uint8_t>(connection.duplicate_acks + 1) : std::uint8_t{0};
        if (connection.duplicate_acks == tcp::duplicate_acks_for_repeat)
            tcp_repeat_first(handle, step);
        return;
    }
    tcp_measure(connection, ack, step.now);
    connection.congestion_window += connection.congestion_window < connection.slow_start_threshold
                                        ? tcp::mss
                                        : tcp::mss * tcp::mss / connection.congestion_window;
    connection.send_unacknowledged = ack;
    if (before(connection.send_next, ack))
        connection.send_next = ack;
    connection.retries = 0;
    connection.duplicate_acks = 0;
    while (!connection.chunks.empty() &&
           !before(ack, connection.chunks.front().first + static_cast<std::uint32_t>(
                                                  connection.chunks.front().bytes.size())))
        connection.chunks.erase(connection.chunks.begin());
    connection.deadline =
        in_flight(connection) == 0 ? time_never : step.now + connection.rto;
    if (!fin_covered || !tcp_next(connection.state, Input::FinAcked))
        return;
    tcp_input(connection, Input::FinAcked);
    if (connection.state == State::Closed)
        return tcp_release(handle);
    if (connection.state == State::TimeWait)
        tcp_set_deadline(handle, tcp::time_wait, step);
}

void Network::tcp_take_data(Handle handle, const Packet &segment)
{
    TcpConnection &connection = connections_[handle];
    const bool has_fin = (segment.flags & tcp_flag::fin) != 0;
    const std::uint32_t size = static_cast<std::uint32_t>(segment.payload.size());
    if (size == 0 && !has_fin)
        return;
    connection.ack_due = true;
    if (has_fin && !connection.fin_arrived) {
        connection.fin_arrived = true;
        connection.fin_sequence = segment.sequence + size;
    }
    if (size == 0 || connection.early.size() >= tcp::out_of_order_max)
        return;
    connection.early.push_back({segment.sequence, segment.payload});
    bool progress = true;
    while (progress) {
        progress = false;
        for (std::size_t i = 0; i < connection.early.size(); ++i) {
            const EarlySegment &next = connection.early[i];
            const std::uint32_t end = next.first + static_cast<std::uint32_t>(next.bytes.size());
            if (before(connection.receive_next, next.first))
                continue;
            const std::uint32_t known = connection.receive_next - next.first;
            if (before(connection.receive_next, end)) {
                connection.receive_next = end;
                Event &event = emit(EventKind::DataArrived, connection.host);
                event.connection = handle;
                event.owner = connection.owner;
                event.packet = connection.cause_packet;
                event.data = next.bytes.slice(known, next.bytes.size());
            }
            connection.early.erase(connection.early.begin() + static_cast<std::ptrdiff_t>(i));
            progress = true;
            break;
        }
    }
}

void Network::tcp_take_fin(Handle handle, Step step)
{
    TcpConnection &connection = connections_[handle];
    if (!connection.fin_arrived || connection.receive_next != connection.fin_sequence ||
        !tcp_next(connection.state, Input::FinArrived))
        return;
    connection.receive_next += 1;
    tcp_input(connection, Input::FinArrived);
    Event &event = emit(EventKind::PeerClosed, connection.host);
    event.connection = handle;
    event.owner = connection.owner;
    event.packet = connection.cause_packet;
    if (connection.state == State::TimeWait)
        tcp_set_deadline(handle, tcp::time_wait, step);
}

} // namespace mailscope::net
