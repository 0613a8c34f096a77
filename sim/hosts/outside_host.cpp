// The machine of somebody outside.
#include "sim/hosts/outside_host.h"

#include "sim/core/digest.h"
#include "sim/core/text.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

/// Questions that nobody answers are forgotten when so many newer ones wait.
constexpr std::size_t questions_max = 512;

/// The octets of the literal that a line announces, "{12}" or "{12+}" at its end (RFC 9051 4.3).
std::uint64_t announced_literal(ByteView line)
{
    line = line.substr(0, line.find_last_not_of("\r\n") + 1);
    if (line.empty() || line.back() != '}')
        return 0;
    line.remove_suffix(1);
    if (!line.empty() && line.back() == '+')
        line.remove_suffix(1);
    const std::size_t brace = line.rfind('{');
    if (brace == ByteView::npos)
        return 0;
    return parse_decimal(line.substr(brace + 1)).value_or(0);
}

/// The octets that a command line "BDAT 120 LAST" announces (RFC 3030 2).
std::uint64_t announced_chunk(ByteView line)
{
    if (!equals_ignoring_case(line.substr(0, 5), "BDAT "))
        return 0;
    const ByteView number = line.substr(5);
    return parse_decimal(number.substr(0, number.find_first_of(" \r\n"))).value_or(0);
}

/// The octets of `bytes` that belong to the content that is passing.
std::size_t content_part(OutsideHost::Session &session, ByteView bytes)
{
    if (session.content_left != 0) {
        const std::size_t part =
            static_cast<std::size_t>(std::min<std::uint64_t>(session.content_left, bytes.size()));
        session.content_left -= part;
        session.content = session.content_left != 0;
        return part;
    }
    if (session.protocol != Protocol::Smtp)
        return bytes.size();
    // The end is a line with nothing but a dot (RFC 5321 4.1.1.4); it may be cut anywhere.
    constexpr ByteView end = "\r\n.\r\n";
    const std::size_t before = session.line.size();
    session.line.append(bytes);
    const std::size_t at = session.line.find(end);
    if (at == std::string::npos) {
        const std::size_t kept = std::min(session.line.size(), end.size() - 1);
        session.line.erase(0, session.line.size() - kept);
        return bytes.size();
    }
    session.content = false;
    session.line.clear();
    return at + end.size() - before;
}

/// What the program says as the trace shows it: a mark for each line, one for a stretch of content.
void mark(OutsideHost::Session &session, ByteView bytes, OutputBuffer &out)
{
    while (!bytes.empty()) {
        std::size_t part = 0;
        if (session.content) {
            part = content_part(session, bytes);
            if (part != 0)
                out.begin(OutputKind::Content);
        } else {
            const bool by_line = session.protocol != Protocol::Http;
            const ByteView line_end = by_line ? "\n" : "\r\n\r\n";
            const std::size_t end = bytes.find(line_end);
            part = end == ByteView::npos ? bytes.size() : end + line_end.size();
            out.begin(OutputKind::Command);
            if (session.protocol == Protocol::Imap)
                session.content_left = announced_literal(bytes.substr(0, part));
            else if (session.protocol == Protocol::Smtp)
                session.content_left = announced_chunk(bytes.substr(0, part));
            session.content = session.content_left != 0;
            session.content = session.content || (!by_line && end != ByteView::npos);
        }
        out.append(bytes.substr(0, part));
        bytes.remove_prefix(part);
    }
    // The next request on a connection of HTTP begins with what the program says next.
    if (session.protocol == Protocol::Http)
        session.content = false;
}

bool mentions_tls(ByteView bytes)
{
    const ByteView last = bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 4096));
    return to_upper(last).find("TLS") != std::string::npos; // STARTTLS, STLS
}

} // namespace

Handle OutsideHost::open(Env &env, std::uint16_t index, net::Endpoint server, Protocol protocol,
                         TlsBegins tls)
{
    const HostId peer = env.directory.at(server.address);
    Session session;
    session.protocol = protocol;
    session.tls = tls;
    session.server = peer.is_none() ? to_string(server.address) : env.directory.name_of(peer);
    env.note(RecordKind::ActionTaken, env.directory.name_of(host_) + " connect " + session.server +
                                          ":" + std::to_string(server.port));
    const Handle handle = sessions_.insert(std::move(session));
    const net::Owner owner{static_cast<std::uint16_t>(Role::Outside), index, handle.index};
    const Handle connection = env.open(server, owner, protocol);
    sessions_[handle].stream = Stream(connection);
    sessions_[handle].because = env.because;
    return handle;
}

void OutsideHost::send(Env &env, Handle handle, ByteView bytes)
{
    Session *session = sessions_.find(handle);
    if (session == nullptr || session->ending != Ending::None || session->closing)
        return;
    session->waiting.append(bytes);
    push_waiting(env, handle);
}

void OutsideHost::close(Env &env, Handle handle)
{
    Session *session = sessions_.find(handle);
    if (session == nullptr)
        return;
    session->closing = true;
    push_waiting(env, handle);
    if (session->ending != Ending::None)
        sessions_.erase(handle);
}

void OutsideHost::abort(Env &env, Handle handle)
{
    Session *session = sessions_.find(handle);
    if (session == nullptr)
        return;
    if (env.network.find(session->stream.connection()) != nullptr)
        env.network.abort(session->stream.connection(), session->because, env.step());
    sessions_.erase(handle);
}

void OutsideHost::start_tls(Env &env, Handle handle)
{
    Session *session = sessions_.find(handle);
    if (session == nullptr || session->ending != Ending::None || session->stream.tls_started())
        return;
    env.because = session->because;
    session->waiting.clear(); // What was said in the clear is not said under TLS.
    session->content = false;
    session->stream.start_tls(env, tls::Side::Client, session->server);
    session->because = env.because;
}

std::uint32_t OutsideHost::ask(Env &env, net::Endpoint server, ByteView query)
{
    const HostId peer = env.directory.at(server.address);
    env.note(RecordKind::ActionTaken,
             env.directory.name_of(host_) + " ask " +
                 (peer.is_none() ? to_string(server.address) : env.directory.name_of(peer)));
    if (questions_.size() >= questions_max)
        questions_.erase(questions_.begin());
    const Question question{next_question_++, env.network.ephemeral_port(host_)};
    questions_.push_back(question);
    env.network.send_datagram(host_, question.port, server, SharedBytes::copy_of(query),
                              ConnectionId{}, env.because, env.step());
    return question.number;
}

void OutsideHost::on_network(Env &env, const net::Event &event)
{
    if (event.kind == net::EventKind::DatagramArrived) {
        const std::uint16_t port = env.network.packet(event.packet).destination.port;
        const auto question =
            std::find_if(questions_.begin(), questions_.end(),
                         [&](const Question &asked) { return asked.port == port; });
        if (question == questions_.end())
            return;
        answers_.push_back({question->number, event.data});
        questions_.erase(question);
        return;
    }
    const Handle handle = sessions_.handle_at(event.owner.session);
    Session *session = sessions_.find(handle);
    if (session == nullptr || session->stream.connection() != event.connection)
        return;
    session->because = env.because;
    changed_.push_back(handle);
    switch (event.kind) {
    case net::EventKind::Connected:
        session->connected = true;
        if (session->tls == TlsBegins::AtOnce)
            session->stream.start_tls(env, tls::Side::Client, session->server);
        session->because = env.because;
        return push_waiting(env, handle);
    case net::EventKind::DataArrived:
        return take_data(env, handle, event.data.view());
    case net::EventKind::PeerClosed:
        if (!session->closed)
            session->stream.close(env);
        return end(handle, Ending::Closed);
    case net::EventKind::ConnectFailed:
        return end(handle, Ending::Refused);
    case net::EventKind::ConnectionLost:
        return end(handle, Ending::Lost);
    default:
        return;
    }
}

void OutsideHost::take_data(Env &env, Handle handle, ByteView wire)
{
    Session &session = sessions_[handle];
    const ByteView plain = session.stream.receive(env, wire);
    session.arrived.append(plain);
    // "354 go ahead": what follows is a letter.
    if (session.protocol == Protocol::Smtp && plain.substr(0, 3) == "354") {
        session.content = true;
        session.line = "\r\n";
    }
    bool failed = false;
    while (const std::optional<tls::ChannelEvent> event = session.stream.take_tls_event(env))
        failed = failed || std::holds_alternative<tls::Failed>(*event);
    session.because = env.because;
    if (failed) {
        env.network.abort(session.stream.connection(), env.because, env.step());
        return end(handle, Ending::Lost);
    }
    push_waiting(env, handle);
}

/// Passes on what the program said, as soon as it can go; then the end, if it wants to end.
void OutsideHost::push_waiting(Env &env, Handle handle)
{
    Session &session = sessions_[handle];
    if (!session.connected || session.ending != Ending::None || session.closed ||
        session.stream.handshaking())
        return;
    env.because = session.because;
    if (!session.waiting.empty()) {
        OutputBuffer out;
        mark(session, session.waiting, out);
        session.tls_mentioned = mentions_tls(session.waiting);
        session.waiting.clear();
        session.stream.send(env, session.protocol, out, MessageId{});
    }
    if (session.closing) {
        session.closed = true;
        session.stream.close(env);
    }
    session.because = env.because;
}

void OutsideHost::end(Handle handle, Ending ending)
{
    sessions_[handle].ending = ending;
    sessions_[handle].waiting.clear();
    changed_.push_back(handle);
}

std::size_t OutsideHost::unsent(const net::Network &network, Handle handle) const
{
    const Session *session = sessions_.find(handle);
    if (session == nullptr)
        return 0;
    const net::TcpConnection *end = network.find(session->stream.connection());
    return session->waiting.size() +
           (end == nullptr ? 0 : std::size_t{end->send_end - end->send_unacknowledged});
}

std::string OutsideHost::take_arrived(Handle handle)
{
    Session *session = sessions_.find(handle);
    return session == nullptr ? std::string() : std::exchange(session->arrived, {});
}

std::vector<Handle> OutsideHost::take_changed() { return std::exchange(changed_, {}); }

std::vector<OutsideHost::Answer> OutsideHost::take_answers() { return std::exchange(answers_, {}); }

void OutsideHost::mix(Digest &digest) const
{
    sessions_.for_each([&](Handle handle, const Session &session) {
        digest.add(handle.index, handle.generation, session.ending, session.waiting,
                   session.arrived, session.closing);
    });
}

} // namespace mailscope
