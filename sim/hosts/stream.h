// One end of a connection as a role uses it: lines of a protocol, with or without TLS around them.
//
// A role gives it its engine's output and gets the peer's bytes. The lines are recorded as the
// host knows them either way; with TLS started, what goes over the wire is the channel's output,
// recorded as such. Without TLS a stream is a handle and an empty pointer: nothing is allocated.
// It closes nothing by itself and judges no certificate: the role does.
#pragma once

#include "sim/core/cow.h"
#include "sim/core/slab.h"
#include "sim/hosts/env.h"
#include "sim/protocol/tls/channel.h"

#include <optional>
#include <string>

namespace mailscope
{

class Stream
{
public:
    Stream() = default;
    explicit Stream(Handle connection) : connection_(connection) {}

    Handle connection() const { return connection_; }

    /// Sends an engine's output and records each stretch of it as a line; the caller clears it.
    /// While `handshaking()` holds, output stays better where it is until TLS stands.
    void send(Env &env, Protocol protocol, const OutputBuffer &output, MessageId message);

    /// What the peer said by these bytes of the connection: with TLS the plain bytes, which may be
    /// none. Valid until the next call of any function. Ask take_tls_event() afterwards.
    ByteView receive(Env &env, ByteView wire);

    /// Begins TLS; a client speaks first. `name`: the server that a client wishes for, the name in
    /// a server's certificate. What was sent before went in the clear.
    void start_tls(Env &env, tls::Side side, std::string name);

    bool tls_started() const { return tls_.has_value(); }
    bool tls_active() const { return tls_ && (*tls_)->established(); }
    /// TLS was started and stands neither nor failed yet.
    bool handshaking() const;

    /// What happened to TLS since the last call, one by one: tls::Established (records
    /// TlsEstablished), tls::Failed (records TlsFailed; the stream is of no use any more) or
    /// tls::Closed.
    std::optional<tls::ChannelEvent> take_tls_event(Env &env);

    /// No more will be sent: close_notify with TLS, then FIN. The connection must be open.
    void close(Env &env);

private:
    void flush_tls(Env &env);

    Handle connection_;
    std::optional<Cow<tls::Channel>> tls_;
};

} // namespace mailscope
