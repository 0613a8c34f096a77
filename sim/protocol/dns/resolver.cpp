// Implements resolver.h: its clients, its deadlines, and what arrives. Steps: resolution.cpp.
#include "sim/protocol/dns/resolver.h"

#include "sim/core/check.h"

#include <algorithm>

namespace mailscope::dns
{

namespace
{

Rcode rcode_of(OutcomeKind kind)
{
    switch (kind) {
    case OutcomeKind::Answer:
    case OutcomeKind::NoData:
        return Rcode::NoError;
    case OutcomeKind::NameError:
        return Rcode::NameError;
    case OutcomeKind::Refused:
        return Rcode::Refused;
    case OutcomeKind::ServerFailure:
    case OutcomeKind::TimedOut:
        break;
    }
    return Rcode::ServerFailure;
}

void append_with_ttl(std::vector<ResourceRecord> &section, const CacheEntry &entry,
                     std::uint32_t ttl)
{
    for (const ResourceRecord &record : *entry.records) {
        section.push_back(record);
        section.back().ttl = ttl;
    }
}

bool is_truncated(ByteView message) { return (static_cast<unsigned char>(message[2]) & 2U) != 0; }

} // namespace

std::optional<ResolverEvent> Resolver::next_event() { return events_.pop(); }

Resolver::Resolver(std::vector<RootHint> hints, Rng rng) : hints_(std::move(hints)), rng_(rng) {}

Rcode Resolver::refusal_of(const Message &query) const
{
    if (query.header.opcode != Opcode::Query)
        return Rcode::NotImplemented;
    if (query.edns && query.edns->version != 0)
        return Rcode::BadVersion;
    if (!query.question)
        return Rcode::FormatError;
    if (query.question->class_code != class_internet || !query.header.recursion_desired)
        return Rcode::Refused;
    // Types from 128 on are for questions only: ANY, zone transfer (RFC 6895 3.1).
    const auto type = static_cast<unsigned>(query.question->type);
    return query.question->type == Type::Opt || (type >= 128 && type <= 255) ? Rcode::NotImplemented
                                                                             : Rcode::NoError;
}

void Resolver::receive_query(ClientToken client, Transport transport, ByteView query, SimTime now)
{
    const Result<Message> message = decode(query);
    if (!message) {
        if (std::string error = format_error_for(query); !error.empty()) {
            events_.push(QueryRefused{client, Rcode::FormatError});
            outgoing_.push(Outgoing{Outgoing::Kind::ToClient, {}, client, std::move(error)});
        }
        return;
    }
    if (message->header.is_response)
        return;
    const Client from{client, message->header, message->edns.has_value(),
                      static_cast<std::uint16_t>(response_limit(*message, transport))};
    if (const Rcode refusal = refusal_of(*message); refusal != Rcode::NoError) {
        Message response = response_to(*message);
        response.header.rcode = refusal;
        response.header.recursion_available = true;
        if (refusal == Rcode::NotImplemented && message->header.opcode != Opcode::Query)
            response.question.reset();
        events_.push(QueryRefused{client, refusal});
        outgoing_.push(
            Outgoing{Outgoing::Kind::ToClient, {}, client, encode(response, from.octets_max)});
        return;
    }
    const Question &question = *message->question;
    events_.push(QueryReceived{client, question, transport});
    Findings found;
    found.name = question.name;
    const Recalled recalled = recall(found, question.type, Trust::Answer, now);
    if (recalled == Recalled::NotAll) {
        start(from, question, std::move(found), now);
        return;
    }
    if (recalled == Recalled::TooManyAliases)
        events_.push(ResolutionFailed{0, question, FailureReason::TooManyAliases});
    else
        events_.push(CacheHit{client, question, found.kind, found.seconds_left});
    send_answer(from, question, std::move(found), 0);
}

Resolver::Recalled Resolver::recall(Findings &found, Type type, Trust at_least, SimTime now) const
{
    while (found.aliases <= limits::aliases_max) {
        if (const CacheEntry *entry = cache_.lookup(found.name, type, now, at_least)) {
            found.seconds_left = entry->seconds_left(now);
            const bool positive = entry->kind == CacheKind::Records;
            append_with_ttl(positive ? found.answer : found.authority, *entry, found.seconds_left);
            found.kind = positive                           ? OutcomeKind::Answer
                         : entry->kind == CacheKind::NoData ? OutcomeKind::NoData
                                                            : OutcomeKind::NameError;
            return Recalled::All;
        }
        const CacheEntry *alias = cache_.lookup(found.name, Type::Cname, now, at_least);
        if (alias == nullptr || alias->kind != CacheKind::Records)
            return Recalled::NotAll;
        append_with_ttl(found.answer, *alias, alias->seconds_left(now));
        found.name = std::get<Name>((*alias->records)[0].data);
        ++found.aliases;
    }
    found.kind = OutcomeKind::ServerFailure;
    return Recalled::TooManyAliases;
}

void Resolver::start(const Client &client, const Question &question, Findings found, SimTime now)
{
    for (Resolution &other : active_)
        if (other.parent == 0 && other.clients.size() < limits::waiting_clients_max &&
            other.question == question) {
            other.clients.push_back(client);
            events_.push(ResolutionShared{client.token, other.id});
            return;
        }
    if (active_.size() >= limits::resolutions_max) {
        events_.push(ResolutionFailed{0, question, FailureReason::TooBusy});
        send_answer(client, question, Findings(), 0);
        return;
    }
    Resolution resolution;
    resolution.id = ++last_id_;
    resolution.client_resolution = resolution.id;
    resolution.question = question;
    resolution.found = std::move(found);
    resolution.clients.push_back(client);
    resolution.give_up = now + limits::resolution_time_max;
    events_.push(CacheMiss{client.token, question, resolution.id});
    move(resolution, ResolutionInput::NotInCache);
    ready_.push_back(resolution.id);
    active_.push_back(std::move(resolution));
    settle(now);
}

void Resolver::send_answer(const Client &client, const Question &question, Findings found,
                           ResolutionId id)
{
    Message response;
    response.header.id = client.header.id;
    response.header.is_response = true;
    response.header.recursion_desired = true;
    response.header.recursion_available = true;
    response.header.rcode = rcode_of(found.kind);
    response.question = question;
    if (client.edns)
        response.edns.emplace();
    if (found.kind != OutcomeKind::ServerFailure) {
        response.answer = std::move(found.answer);
        response.authority = std::move(found.authority);
    }
    std::string bytes = encode(response, client.octets_max);
    events_.push(AnswerSent{client.token, id, response.header.rcode,
                            static_cast<std::uint32_t>(response.answer.size()),
                            is_truncated(bytes)});
    outgoing_.push(Outgoing{Outgoing::Kind::ToClient, {}, client.token, std::move(bytes)});
}

Resolver::Resolution *Resolver::find(ResolutionId id)
{
    const auto at = std::lower_bound(active_.begin(), active_.end(), id,
                                     [](const Resolution &r, ResolutionId i) { return r.id < i; });
    return at != active_.end() && at->id == id ? &*at : nullptr;
}

Resolver::Resolution *Resolver::awaiting(const ServerPath &path)
{
    const auto at = std::find_if(active_.begin(), active_.end(), [&](const Resolution &r) {
        return (r.state == ResolutionState::AskingUdp || r.state == ResolutionState::AskingTcp) &&
               r.path == path;
    });
    return at != active_.end() ? &*at : nullptr;
}

void Resolver::receive_response(const ServerPath &path, ByteView response, SimTime now)
{
    const Result<Message> message = decode(response);
    if (!message) {
        events_.push(ResponseIgnored{path.server, IgnoreReason::Malformed});
        return;
    }
    Resolution *resolution = awaiting(path);
    if (resolution == nullptr || !message->header.is_response ||
        message->header.id != resolution->query_id) {
        events_.push(ResponseIgnored{path.server, IgnoreReason::Unexpected});
        return;
    }
    // An error may come without the question: a server that could not read it has none to repeat.
    const Question asked{resolution->found.name, resolution->question.type, class_internet};
    const bool bare_error = !message->question && message->header.rcode != Rcode::NoError;
    if (message->question != asked && !bare_error) {
        events_.push(ResponseIgnored{path.server, IgnoreReason::QuestionDiffers});
        return;
    }
    take_response(*resolution, *message, now);
    settle(now);
}

void Resolver::connection_failed(const ServerPath &path, SimTime now)
{
    Resolution *resolution = awaiting(path);
    if (resolution == nullptr || path.transport != Transport::Tcp)
        return;
    events_.push(LameServer{resolution->id, path.server, resolution->zone,
                            ServerFault::NoConnection, Rcode::NoError});
    resolution->servers[resolution->server].useless = true;
    move(*resolution, ResolutionInput::ConnectionFailed);
    ready_.push_back(resolution->id);
    settle(now);
}

void Resolver::on_time(SimTime now)
{
    if (now < deadline_)
        return;
    for (Resolution &resolution : active_) {
        if (now < resolution.deadline)
            continue;
        if (resolution.state != ResolutionState::FindingAddress) {
            const Server &server = resolution.servers[resolution.server];
            events_.push(ServerTimedOut{resolution.id, server.address, server.tries});
        }
        if (now >= resolution.give_up)
            fail(resolution, FailureReason::TooLong);
        else
            move(resolution, ResolutionInput::TimedOut);
        ready_.push_back(resolution.id);
    }
    settle(now);
}

/// Lets all take their steps that can, and works out the next deadline.
void Resolver::settle(SimTime now)
{
    for (std::size_t i = 0; i < ready_.size(); ++i)
        step(ready_[i], now);
    ready_.clear();
    deadline_ = time_never;
    for (const Resolution &resolution : active_)
        deadline_ = std::min(deadline_, resolution.deadline);
}

void Resolver::finish(ResolutionId id)
{
    Resolution *at = find(id);
    const Resolution done = std::move(*at);
    active_.erase(active_.begin() + (at - active_.data()));
    if (done.state == ResolutionState::Failed)
        events_.push(ResolutionFailed{done.id, done.question, done.failure});
    for (const Client &client : done.clients)
        send_answer(client, done.question, done.found, done.id);
    Resolution *parent = find(done.parent);
    if (parent == nullptr || parent->state != ResolutionState::FindingAddress)
        return;
    give_address(*parent, done);
    ready_.push_back(parent->id);
}

std::vector<ResolutionRow> Resolver::rows() const
{
    std::vector<ResolutionRow> rows;
    for (const Resolution &resolution : active_) {
        ResolutionRow row;
        row.id = resolution.id;
        row.parent = resolution.parent;
        row.question = resolution.question;
        row.current_name = resolution.found.name;
        row.zone = resolution.zone;
        row.state = resolution.state;
        row.deadline = resolution.deadline;
        row.clients = resolution.clients.size();
        rows.push_back(std::move(row));
    }
    return rows;
}

void Resolver::mix(Digest &digest) const
{
    digest.add(rng_.state(), last_id_, active_.size());
    cache_.mix(digest);
    for (const Resolution &resolution : active_) {
        digest.add(resolution.id, resolution.parent, resolution.state,
                   resolution.question.name.wire(), resolution.question.type,
                   resolution.found.name.wire(), resolution.zone.wire(), resolution.server,
                   resolution.path.server.value, resolution.path.local_port,
                   resolution.path.transport, resolution.query_id, resolution.deadline,
                   resolution.give_up, resolution.queries, resolution.referrals,
                   resolution.found.aliases, resolution.found.answer.size());
        for (const Client &client : resolution.clients)
            digest.add(client.token.value, client.header.id);
        for (const Server &server : resolution.servers)
            digest.add(server.name.wire(), server.address.value, server.tries, server.useless);
    }
}

} // namespace mailscope::dns
