// The life of a TCP connection as its program and its timer drive it (RFC 9293 3.9, 3.10.8).
#include "sim/net/tcp.h"

#include "sim/core/check.h"
#include "sim/core/digest.h"
#include "sim/net/network.h"

#include <algorithm>
#include <utility>

namespace mailscope::net
{
namespace
{

using State = TcpState;
using Input = TcpInput;

/// One step of the clock that initial sequence numbers follow (RFC 9293 3.4.1).
constexpr std::int64_t nanoseconds_per_sequence_tick = 4'000;

} // namespace

void Network::tcp_input(TcpConnection &connection, TcpInput input)
{
    const std::optional<TcpState> next = tcp_next(connection.state, input);
    MS_CHECK(next.has_value());
    connection.state = *next;
}

void Network::tcp_touch(TcpConnection &connection)
{
    if (!std::exchange(connection.in_flush_list, true))
        flush_list_.push_back(connection.self);
}

RecordId Network::cause_of(const TcpConnection &connection) const
{
    return connection.unacknowledged.empty() ? connection.because
                                             : pieces_[connection.unacknowledged.first].because;
}

RecordId Network::tcp_cause(const TcpConnection &connection) const
{
    return connection.cause_packet == no_packet ? connection.because
                                                : packets_[connection.cause_packet].record;
}

/// RFC 9293 3.4.1: a clock plus a keyed hash of the two endpoints, so that a new connection on the
/// endpoints of an old one begins after it.
std::uint32_t Network::initial_sequence(const TcpConnection &connection, SimTime now) const
{
    Digest digest;
    digest.add(sequence_secret_, connection.local.address.value, connection.local.port,
               connection.remote.address.value, connection.remote.port);
    return static_cast<std::uint32_t>(digest.value()) +
           static_cast<std::uint32_t>(nanoseconds_since_start(now) / nanoseconds_per_sequence_tick);
}

/// Puts a connection in its host's table and chooses its first sequence number.
TcpConnection &Network::tcp_add(const TcpConnection &fresh, SimTime now)
{
    const Handle handle = connections_.insert(fresh);
    TcpConnection &connection = connections_[handle];
    connection.self = handle;
    connection.send_unacknowledged = initial_sequence(connection, now);
    connection.send_next = connection.send_unacknowledged;
    connection.send_max = connection.send_next;
    connection.send_end = connection.send_next + 1;
    hosts_[connection.host.value].connections.set(
        connection_key(connection.local.port, connection.remote), handle.index);
    return connection;
}

/// A port from which `remote` can be reached; 0 when all are in use.
std::uint16_t Network::port_towards(HostId host, Endpoint remote)
{
    const FlatTable &used = hosts_[host.value].connections;
    for (int tries = 0; tries <= last_ephemeral_port - first_ephemeral_port; ++tries) {
        const std::uint16_t port = ephemeral_port(host);
        if (used.find(connection_key(port, remote)) == FlatTable::not_found)
            return port;
    }
    return 0;
}

Handle Network::open(HostId host, Endpoint remote, Owner owner, RecordId because, Step step)
{
    TcpConnection fresh;
    fresh.host = host;
    fresh.local = {address_of(host), port_towards(host, remote)};
    fresh.remote = remote;
    fresh.owner = owner;
    fresh.conversation = ConnectionId{next_conversation_++};
    fresh.because = because;
    TcpConnection &connection = tcp_add(fresh, step.now);
    tcp_input(connection, Input::ActiveOpen);
    if (connection.local.port != 0)
        tcp_send_syn(connection, because, step);
    else
        tcp_set_deadline(connection, Duration::zero(), step);
    return connection.self;
}

void Network::set_session(Handle handle, std::uint32_t session)
{
    connections_[handle].owner.session = session;
    // Who speaks first may have said something with the last segment of the handshake.
    for (Event &event : events_)
        if (event.connection == handle)
            event.owner.session = session;
}

void Network::send(Handle handle, SharedBytes bytes, RecordId because)
{
    TcpConnection *connection = connections_.find(handle);
    if (connection == nullptr || connection->close_wanted || bytes.empty())
        return;
    Piece piece;
    piece.bytes = std::move(bytes);
    piece.first = connection->send_end;
    piece.because = because;
    connection->send_end = piece.end();
    pieces_.append(connection->unacknowledged, std::move(piece));
    tcp_touch(*connection);
}

void Network::close(Handle handle, RecordId because)
{
    TcpConnection *connection = connections_.find(handle);
    if (connection == nullptr || connection->close_wanted)
        return;
    connection->close_wanted = true;
    connection->because = because;
    tcp_touch(*connection);
}

void Network::abort(Handle handle, RecordId because, Step step)
{
    TcpConnection *connection = connections_.find(handle);
    if (connection == nullptr)
        return;
    if (connection->state != State::SynSent && connection->state != State::TimeWait)
        tcp_send_segment(*connection, connection->send_max, tcp_flag::rst | tcp_flag::ack,
                         SharedBytes(), because, step);
    tcp_release(*connection);
}

void Network::tcp_release(TcpConnection &connection)
{
    pieces_.clear(connection.unacknowledged);
    pieces_.clear(connection.early);
    FlatTable &table = hosts_[connection.host.value].connections;
    const std::uint64_t key = connection_key(connection.local.port, connection.remote);
    if (table.find(key) == connection.self.index)
        table.erase(key);
    connections_.erase(connection.self);
}

Event &Network::emit_for(const TcpConnection &connection, EventKind kind)
{
    Event &event = emit(kind, connection.host);
    event.connection = connection.self;
    event.owner = connection.owner;
    event.packet = connection.cause_packet;
    return event;
}

/// The connection is over at once. A program that does not know it yet, or has done with it, is
/// not told.
void Network::tcp_end(TcpConnection &connection, Reason reason)
{
    const bool opening = connection.state == State::SynSent;
    if (connection.state != State::SynReceived && connection.state != State::TimeWait) {
        Event &event =
            emit_for(connection, opening ? EventKind::ConnectFailed : EventKind::ConnectionLost);
        event.reason = reason;
        event.conversation = connection.conversation;
        event.remote = connection.remote;
        event.because = cause_of(connection);
    }
    tcp_input(connection, Input::Reset);
    tcp_release(connection);
}

/// Sets when the timer means something. One timer event per connection is pending as a rule: one
/// that fires too early only sets itself again.
void Network::tcp_set_deadline(TcpConnection &connection, Duration after, Step step)
{
    connection.deadline = step.now + after;
    if (connection.timer_at <= connection.deadline)
        return;
    connection.timer_at = connection.deadline;
    mailscope::Event work;
    work.at = connection.deadline;
    work.kind = static_cast<std::uint16_t>(Work::TcpTimer);
    work.what = connection.self.index;
    work.argument = connection.self.generation;
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
        return tcp_set_deadline(*connection, connection->deadline - step.now, step);
    if (connection->state == State::TimeWait) {
        tcp_input(*connection, Input::TimeWaitOver);
        return tcp_release(*connection);
    }
    if (connection->local.port == 0)
        return tcp_end(*connection, Reason::NoFreePort);
    tcp_repeat(*connection, step);
}

} // namespace mailscope::net
