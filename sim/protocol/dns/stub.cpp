// Implements stub.h.
#include "sim/protocol/dns/stub.h"

#include <algorithm>

namespace mailscope::dns
{

namespace
{

OutcomeKind kind_of_error(Rcode rcode)
{
    return rcode == Rcode::Refused ? OutcomeKind::Refused : OutcomeKind::ServerFailure;
}

OutcomeKind kind_of(const Message &response, Type type)
{
    if (response.header.rcode == Rcode::NameError)
        return OutcomeKind::NameError;
    const bool has_data =
        std::any_of(response.answer.begin(), response.answer.end(),
                    [type](const ResourceRecord &record) { return record.type == type; });
    return has_data ? OutcomeKind::Answer : OutcomeKind::NoData;
}

} // namespace

std::optional<StubEvent> Stub::next_event() { return events_.pop(); }

Stub::Stub(std::span<const Ipv4Address> servers, Rng rng)
    : server_count_(static_cast<std::uint8_t>(std::min(servers.size(), limits::stub_servers_max))),
      rng_(rng)
{
    std::copy_n(servers.begin(), server_count_, servers_.begin());
}

StubToken Stub::ask(const Name &name, Type type, SimTime now)
{
    Pending pending;
    pending.token = StubToken{++last_token_};
    pending.question = Question{name, type, class_internet};
    if (server_count_ == 0 || pending_.size() >= limits::stub_questions_max) {
        events_.push(Resolved{pending.token, std::move(pending.question), Outcome()});
        return StubToken{last_token_};
    }
    send(pending, Transport::Udp, now);
    pending_.push_back(std::move(pending));
    deadline_ = std::min(deadline_, pending_.back().deadline);
    return StubToken{last_token_};
}

void Stub::cancel(StubToken token)
{
    pending_.erase(std::remove_if(pending_.begin(), pending_.end(),
                                  [token](const Pending &p) { return p.token == token; }),
                   pending_.end());
    settle();
}

void Stub::send(Pending &pending, Transport transport, SimTime now)
{
    const std::uint16_t local_port = random_port(rng_);
    pending.path = ServerPath{servers_[pending.server], local_port, transport};
    pending.id = static_cast<std::uint16_t>(rng_.below(65536));
    pending.deadline = now + limits::stub_timeout;
    Message query = make_query(pending.id, pending.question.name, pending.question.type);
    query.header.recursion_desired = true;
    events_.push(StubQuerySent{pending.token, pending.path, pending.question, pending.attempt});
    outgoing_.push(Query{pending.path, encode(query)});
}

/// Goes on to the next server that has not said an error code; without one, the question ends.
void Stub::ask_next(Pending &pending, SimTime now)
{
    for (;;) {
        ++pending.server;
        if (pending.server == server_count_) {
            pending.server = 0;
            ++pending.attempt;
        }
        if (pending.attempt > limits::stub_attempts)
            break;
        if ((pending.failed >> pending.server & 1U) == 0)
            return send(pending, Transport::Udp, now);
    }
    Outcome outcome;
    if (pending.failed != 0) {
        outcome.kind = kind_of_error(pending.last_error);
        outcome.rcode = pending.last_error;
    }
    conclude(pending.token, std::move(outcome));
}

void Stub::conclude(StubToken token, Outcome outcome)
{
    const auto at = std::find_if(pending_.begin(), pending_.end(),
                                 [token](const Pending &p) { return p.token == token; });
    events_.push(Resolved{token, std::move(at->question), std::move(outcome)});
    pending_.erase(at);
}

Stub::Pending *Stub::awaiting(const ServerPath &path)
{
    const auto at = std::find_if(pending_.begin(), pending_.end(),
                                 [&](const Pending &p) { return p.path == path; });
    return at != pending_.end() ? &*at : nullptr;
}

void Stub::receive(const ServerPath &path, ByteView response, SimTime now)
{
    Result<Message> message = decode(response);
    if (!message) {
        events_.push(StubResponseIgnored{path.server, IgnoreReason::Malformed});
        return;
    }
    Pending *pending = awaiting(path);
    const Header &header = message->header;
    if (pending == nullptr || !header.is_response || header.id != pending->id) {
        events_.push(StubResponseIgnored{path.server, IgnoreReason::Unexpected});
        return;
    }
    const bool is_error = header.rcode != Rcode::NoError && header.rcode != Rcode::NameError;
    if (message->question != pending->question && (message->question || !is_error)) {
        events_.push(StubResponseIgnored{path.server, IgnoreReason::QuestionDiffers});
        return;
    }
    if (is_error) {
        events_.push(StubServerFailed{pending->token, path.server, header.rcode});
        pending->failed = static_cast<std::uint8_t>(pending->failed | 1U << pending->server);
        pending->last_error = header.rcode;
        ask_next(*pending, now);
    } else if (header.truncated && path.transport == Transport::Udp) {
        events_.push(StubTruncated{pending->token, path.server});
        send(*pending, Transport::Tcp, now);
    } else {
        Outcome outcome;
        outcome.kind = kind_of(*message, pending->question.type);
        outcome.rcode = header.rcode;
        outcome.records = std::move(message->answer);
        conclude(pending->token, std::move(outcome));
    }
    settle();
}

void Stub::connection_failed(const ServerPath &path, SimTime now)
{
    Pending *pending = awaiting(path);
    if (pending == nullptr || path.transport != Transport::Tcp)
        return;
    events_.push(StubServerFailed{pending->token, path.server, Rcode::ServerFailure});
    pending->failed = static_cast<std::uint8_t>(pending->failed | 1U << pending->server);
    ask_next(*pending, now);
    settle();
}

void Stub::on_time(SimTime now)
{
    if (now < deadline_)
        return;
    for (std::size_t i = 0; i < pending_.size();) {
        Pending &pending = pending_[i];
        if (now < pending.deadline) {
            ++i;
            continue;
        }
        const StubToken token = pending.token;
        events_.push(StubServerTimedOut{token, pending.path.server, pending.attempt});
        ask_next(pending, now);
        if (i < pending_.size() && pending_[i].token == token)
            ++i;
    }
    settle();
}

void Stub::settle()
{
    deadline_ = time_never;
    for (const Pending &pending : pending_)
        deadline_ = std::min(deadline_, pending.deadline);
}

void Stub::mix(Digest &digest) const
{
    digest.add(rng_.state(), last_token_, server_count_, pending_.size());
    for (const Ipv4Address server : servers_)
        digest.add(server.value);
    for (const Pending &pending : pending_)
        digest.add(pending.token.value, pending.question.name.wire(), pending.question.type,
                   pending.path.server.value, pending.path.local_port, pending.path.transport,
                   pending.id, pending.server, pending.attempt, pending.failed, pending.last_error,
                   pending.deadline);
}

} // namespace mailscope::dns
