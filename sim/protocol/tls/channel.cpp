// One end of a modelled TLS connection; see channel.h.
#include "sim/protocol/tls/channel.h"

#include "sim/core/check.h"
#include "sim/core/reader.h"
#include "sim/core/text.h"

#include <algorithm>

namespace mailscope::tls
{

namespace
{

void fill(Random &random, Rng &rng) { scramble(random.data(), random.size(), rng.next(), 0); }

} // namespace

std::optional<ChannelEvent> Channel::next_event()
{
    std::optional<ChannelEvent> event = events_.pop();
    if (!event)
        events_ = {}; // There are two in a long life.
    return event;
}

bool name_matches(ByteView certificate_name, ByteView wanted)
{
    if (certificate_name.substr(0, 2) != "*.")
        return equals_ignoring_case(certificate_name, wanted);
    const std::size_t dot = wanted.find('.');
    return dot != ByteView::npos && dot > 0 &&
           equals_ignoring_case(certificate_name.substr(1), wanted.substr(dot));
}

Channel::Channel(Side side, std::string name, Rng &rng) : name_(std::move(name)), side_(side)
{
    MS_CHECK(name_.size() <= limits::name_bytes_max);
    fill(random_, rng);
    fill(key_share_, rng);
}

void Channel::start()
{
    MS_CHECK(state_ == ChannelState::Fresh);
    state_ = ChannelState::AwaitingHello;
    if (side_ == Side::Client)
        append_record(output_, ContentType::Handshake, client_hello(random_, key_share_, name_));
}

void Channel::receive(ByteView wire)
{
    MS_CHECK(state_ != ChannelState::Fresh);
    const bool kept = !input_.empty();
    if (kept)
        input_.append(wire);
    ByteView rest = kept ? ByteView(input_) : wire;
    while (!over()) {
        const std::size_t taken = take_record(rest);
        if (taken == 0)
            break;
        rest.remove_prefix(taken);
    }
    if (over() || rest.empty())
        make_empty(input_);
    else if (kept)
        input_.erase(0, input_.size() - rest.size());
    else
        input_ = rest;
}

/// Handles the record at the front of `bytes`; its length, or 0 while it is incomplete.
std::size_t Channel::take_record(ByteView bytes)
{
    // What is no TLS is known by its first octets: type 20 to 23, version 3.x (RFC 8446 5.1).
    const bool wrong_type = !bytes.empty() && (bytes[0] < 20 || bytes[0] > 23);
    const bool wrong_version = bytes.size() > 1 && bytes[1] != 3;
    if (wrong_type || wrong_version) {
        fail(Failed::What::NotTls, alert::unexpected_message);
        return 0;
    }
    if (bytes.size() < record_header_bytes)
        return 0;
    ByteReader reader(bytes);
    const auto type = static_cast<ContentType>(reader.u8());
    reader.u16();
    const std::size_t length = reader.u16();
    if (length > limits::record_wire_max) {
        fail(Failed::What::TooLong, alert::record_overflow);
        return 0;
    }
    const ByteView body = reader.take(length);
    if (reader.failed())
        return 0;
    handle_record(type, body);
    return record_header_bytes + length;
}

void Channel::handle_record(ContentType type, ByteView body)
{
    const bool clear = state_ == ChannelState::AwaitingHello;
    if (type == ContentType::ChangeCipherSpec) { // Means nothing in 1.3 (RFC 8446 5).
        if (body != ByteView("\x01", 1) || state_ == ChannelState::Established)
            fail(Failed::What::BadMessage, alert::unexpected_message);
    } else if (type == ContentType::ApplicationData && !clear) {
        handle_protected(body);
    } else if (type == ContentType::Alert && state_ != ChannelState::Established) {
        handle_alert(body);
    } else if (type == ContentType::Handshake && clear) {
        handle_hello(body);
    } else {
        fail(Failed::What::BadMessage, alert::unexpected_message);
    }
}

/// RFC 8446 5.2: the scrambled bytes hold the plain ones and their type; the tag is behind them.
void Channel::handle_protected(ByteView body)
{
    if (body.size() < tag_bytes + 1)
        return fail(Failed::What::BadMessage, alert::decode_error);
    const ByteView scrambled = body.substr(0, body.size() - tag_bytes);
    const auto tag = tag_of(scrambled, receiving_.key, receiving_.sequence);
    if (body.substr(scrambled.size()) != ByteView(tag.data(), tag.size()))
        return fail(Failed::What::BadRecord, alert::bad_record_mac);
    const std::size_t start = plain_.size();
    plain_.append(scrambled);
    scramble(plain_.data() + start, scrambled.size(), receiving_.key, receiving_.sequence++);
    const auto type = static_cast<ContentType>(plain_.back());
    plain_.pop_back();
    if (type == ContentType::ApplicationData && state_ == ChannelState::Established)
        return;
    const std::string message = plain_.substr(start);
    plain_.resize(start);
    if (type == ContentType::Alert)
        handle_alert(message);
    else if (type == ContentType::Handshake && state_ == ChannelState::AwaitingFlight)
        handle_flight(message);
    else if (type == ContentType::Handshake && state_ == ChannelState::AwaitingFinished)
        handle_finished(message);
    else
        fail(Failed::What::BadMessage, alert::unexpected_message);
}

/// Two octets, the level, which means nothing in 1.3, and the description (RFC 8446 6).
void Channel::handle_alert(ByteView alert)
{
    if (alert.size() != 2)
        return fail(Failed::What::BadMessage, alert::decode_error);
    const auto description = static_cast<std::uint8_t>(alert[1]);
    if (description == alert::close_notify && state_ == ChannelState::Established) {
        state_ = ChannelState::Closed;
        events_.push(Closed{});
    } else {
        state_ = ChannelState::Failed;
        events_.push(Failed{Failed::What::AlertReceived, description});
    }
}

void Channel::handle_hello(ByteView record)
{
    const HandshakeType wanted =
        side_ == Side::Server ? HandshakeType::ClientHello : HandshakeType::ServerHello;
    const std::optional<Message> message = take_message(record);
    if (!message || !record.empty() || message->type != wanted)
        return fail(Failed::What::BadMessage, alert::decode_error);
    if (side_ == Side::Server)
        answer_client_hello(message->body);
    else
        read_server_hello(message->body);
}

void Channel::answer_client_hello(ByteView body)
{
    const std::optional<ClientHello> hello = parse_client_hello(body);
    if (!hello)
        return fail(Failed::What::BadMessage, alert::decode_error);
    peer_name_ = hello->server_name;
    append_record(output_, ContentType::Handshake,
                  server_hello(random_, key_share_, hello->session_id));
    append_record(output_, ContentType::ChangeCipherSpec, ByteView("\x01", 1));
    derive_keys(hello->random, view_of(random_));
    protect(ContentType::Handshake, server_flight(name_, sending_.key));
    state_ = ChannelState::AwaitingFinished;
}

void Channel::read_server_hello(ByteView body)
{
    const std::optional<ByteView> server_random = parse_server_hello(body);
    if (!server_random)
        return fail(Failed::What::BadMessage, alert::decode_error);
    derive_keys(view_of(random_), *server_random);
    state_ = ChannelState::AwaitingFlight;
}

/// EncryptedExtensions, Certificate, CertificateVerify and Finished in one record.
void Channel::handle_flight(ByteView messages)
{
    bool complete = false;
    while (!messages.empty()) {
        const std::optional<Message> message = take_message(messages);
        if (!message)
            return fail(Failed::What::BadMessage, alert::decode_error);
        if (message->type == HandshakeType::Certificate)
            peer_name_ = parse_certificate(message->body).value_or(ByteView());
        complete = message->type == HandshakeType::Finished;
    }
    if (!complete || peer_name_.empty())
        return fail(Failed::What::BadMessage, alert::decode_error);
    append_record(output_, ContentType::ChangeCipherSpec, ByteView("\x01", 1));
    protect(ContentType::Handshake, finished(sending_.key));
    establish();
}

void Channel::handle_finished(ByteView record)
{
    const std::optional<Message> message = take_message(record);
    if (!message || !record.empty() || message->type != HandshakeType::Finished)
        return fail(Failed::What::BadMessage, alert::decode_error);
    establish();
}

void Channel::establish()
{
    state_ = ChannelState::Established;
    events_.push(Established{peer_name_});
    send_records(pending_);
    make_empty(pending_);
}

void Channel::derive_keys(ByteView client_random, ByteView server_random)
{
    sending_.key = derive_key(client_random, server_random, "client");
    receiving_.key = derive_key(client_random, server_random, "server");
    if (side_ == Side::Server)
        std::swap(sending_.key, receiving_.key);
}

void Channel::protect(ContentType type, ByteView plain)
{
    append_record_header(output_, ContentType::ApplicationData, plain.size() + 1 + tag_bytes);
    const std::size_t start = output_.size();
    output_.append(plain);
    output_.push_back(static_cast<char>(type));
    const std::size_t count = plain.size() + 1;
    scramble(output_.data() + start, count, sending_.key, sending_.sequence);
    const auto tag = tag_of(ByteView(output_).substr(start), sending_.key, sending_.sequence);
    output_.append(tag.data(), tag.size());
    ++sending_.sequence;
}

void Channel::send(ByteView plain)
{
    if (state_ == ChannelState::Established)
        send_records(plain);
    else if (!over())
        pending_.append(plain);
}

void Channel::send_records(ByteView plain)
{
    while (!plain.empty()) {
        protect(ContentType::ApplicationData, plain.substr(0, limits::record_plain_max));
        plain.remove_prefix(std::min(plain.size(), limits::record_plain_max));
    }
}

void Channel::close()
{
    if (state_ == ChannelState::Established)
        protect(ContentType::Alert, ByteView("\x01\x00", 2)); // warning, close_notify
    if (!over())
        state_ = ChannelState::Closed;
}

void Channel::fail(Failed::What what, std::uint8_t alert)
{
    const char message[] = {2, static_cast<char>(alert)}; // fatal
    if (state_ == ChannelState::AwaitingHello)
        append_record(output_, ContentType::Alert, ByteView(message, sizeof message));
    else
        protect(ContentType::Alert, ByteView(message, sizeof message));
    state_ = ChannelState::Failed;
    events_.push(Failed{what, alert});
}

} // namespace mailscope::tls
