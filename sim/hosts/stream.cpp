// One end of a connection as a role uses it.
#include "sim/hosts/stream.h"

#include "sim/core/check.h"
#include "sim/core/rng.h"

#include <string_view>
#include <utility>

namespace mailscope
{
namespace
{

std::string_view reason_of(const tls::Failed &failed)
{
    switch (failed.what) {
    case tls::Failed::What::NotTls:
        return "not TLS";
    case tls::Failed::What::BadMessage:
        return "bad message";
    case tls::Failed::What::BadRecord:
        return "bad record";
    case tls::Failed::What::TooLong:
        return "record too long";
    case tls::Failed::What::AlertReceived:
        return "alert received";
    }
    return "";
}

} // namespace

bool Stream::handshaking() const
{
    if (!tls_)
        return false;
    const tls::ChannelState state = (*tls_)->state();
    return state < tls::ChannelState::Established;
}

void Stream::send(Env &env, Protocol protocol, const OutputBuffer &output, MessageId message)
{
    if (!tls_) {
        env.send_lines(connection_, protocol, output, message);
        return;
    }
    if (output.bytes().empty())
        return;
    const SharedBytes lines = env.note_lines(connection_, protocol, output, message);
    tls_->edit().send(lines.view());
    flush_tls(env);
}

ByteView Stream::receive(Env &env, ByteView wire)
{
    if (!tls_)
        return wire;
    tls::Channel &channel = tls_->edit();
    channel.clear_plain();
    channel.receive(wire);
    flush_tls(env);
    return channel.plain();
}

void Stream::start_tls(Env &env, tls::Side side, std::string name)
{
    MS_CHECK(!tls_);
    // Both ends know the number of their conversation; a model's keys need no better dice.
    const net::TcpConnection *end = env.network.find(connection_);
    const std::uint64_t seed = end == nullptr ? 0 : end->conversation.value;
    Rng rng(seed, side == tls::Side::Client ? "tls client" : "tls server");
    tls_.emplace(tls::Channel(side, std::move(name), rng));
    tls_->edit().start();
    flush_tls(env);
}

std::optional<tls::ChannelEvent> Stream::take_tls_event(Env &env)
{
    if (!tls_)
        return std::nullopt;
    std::optional<tls::ChannelEvent> event = tls_->edit().next_event();
    if (!event)
        return std::nullopt;
    if (const auto *established = std::get_if<tls::Established>(&*event))
        env.note(env.connection_record(RecordKind::TlsEstablished, connection_, Protocol::Tls,
                                       established->peer_name));
    else if (const auto *failed = std::get_if<tls::Failed>(&*event))
        env.note(env.connection_record(RecordKind::TlsFailed, connection_, Protocol::Tls,
                                       reason_of(*failed)));
    return event;
}

void Stream::close(Env &env)
{
    if (tls_) {
        tls_->edit().close();
        flush_tls(env);
    }
    env.network.close(connection_, env.because);
}

void Stream::flush_tls(Env &env)
{
    tls::Channel &channel = tls_->edit();
    if (env.network.find(connection_) == nullptr) // Lost meanwhile.
        channel.clear_output();
    if (channel.output().empty())
        return;
    const SharedBytes bytes = SharedBytes::copy_of(channel.output());
    channel.clear_output();
    Record record = env.connection_record(RecordKind::CiphertextSent, connection_, Protocol::Tls);
    if (env.keeps(record.kind))
        record.text = bytes;
    record.value = static_cast<std::int64_t>(bytes.size());
    env.note(std::move(record));
    env.network.send(connection_, bytes, env.because);
}

} // namespace mailscope
