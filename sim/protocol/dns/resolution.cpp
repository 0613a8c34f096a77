// The steps of one resolution: RFC 1034 5.3.3, driven by the table of states.h.
#include "sim/core/check.h"
#include "sim/protocol/dns/resolver.h"

#include <algorithm>

namespace mailscope::dns
{

namespace
{

bool is_living_set(const CacheEntry *entry)
{
    return entry != nullptr && entry->kind == CacheKind::Records;
}

/// All addresses of `host` among `records`, of class IN. To 0.0.0.0 nothing can be sent (RFC 1122
/// 3.2.1.3).
std::vector<Ipv4Address> addresses_of(const Name &host, std::span<const ResourceRecord> records)
{
    std::vector<Ipv4Address> addresses;
    for (const ResourceRecord &record : records)
        if (const auto *address = std::get_if<Ipv4Address>(&record.data))
            if (record.owner == host && !address->is_unspecified())
                addresses.push_back(*address);
    return addresses;
}

} // namespace

void Resolver::move(Resolution &resolution, ResolutionInput input)
{
    resolution.state = next_state(resolution.state, input);
    resolution.deadline = time_never;
}

void Resolver::fail(Resolution &resolution, FailureReason reason)
{
    move(resolution, reason == FailureReason::ServersExhausted ? ResolutionInput::NoServerLeft
                                                               : ResolutionInput::LimitReached);
    resolution.failure = reason;
    resolution.found.kind = OutcomeKind::ServerFailure;
}

void Resolver::step(ResolutionId id, SimTime now)
{
    while (Resolution *resolution = find(id)) {
        switch (resolution->state) {
        case ResolutionState::LookingUp:
            look_up(*resolution, now);
            break;
        case ResolutionState::ChoosingServer:
            choose_server(*resolution, now);
            break;
        case ResolutionState::Answered:
        case ResolutionState::Failed:
            finish(id);
            return;
        case ResolutionState::FindingAddress:
        case ResolutionState::AskingUdp:
        case ResolutionState::AskingTcp:
            return;
        }
    }
}

/// Step 1.
void Resolver::look_up(Resolution &resolution, SimTime now)
{
    // RFC 2181 5.4.1: glue is good enough to find servers with, but never answers a client.
    const Trust trust = resolution.parent == 0 ? Trust::Answer : Trust::Glue;
    switch (recall(resolution.found, resolution.question.type, trust, now)) {
    case Recalled::All:
        move(resolution, ResolutionInput::FoundInCache);
        break;
    case Recalled::NotAll:
        move(resolution, ResolutionInput::NotInCache);
        break;
    case Recalled::TooManyAliases:
        fail(resolution, FailureReason::TooManyAliases);
        break;
    }
}

/// Step 2: the nearest zone above the name of which a server can be found.
void Resolver::choose_zone(Resolution &resolution, SimTime now) const
{
    const Name &name = resolution.found.name;
    for (unsigned labels = name.label_count(); labels > 0; --labels) {
        const Name zone = name.ancestor(labels);
        const CacheEntry *entry = cache_.lookup(zone, Type::Ns, now, Trust::Glue);
        if (!is_living_set(entry))
            continue;
        resolution.zone = zone;
        add_servers(resolution, *entry->records, {}, now);
        if (!resolution.servers.empty())
            return;
    }
    resolution.zone = Name();
    for (const RootHint &hint : *hints_)
        resolution.servers.push_back(Server{hint.name, hint.address, 0, false});
}

/// Adds the servers of `resolution.zone`. A server inside the zone whose address nobody has told
/// cannot be found, because only it could tell: it is left out.
void Resolver::add_servers(Resolution &resolution, std::span<const ResourceRecord> servers,
                           std::span<const ResourceRecord> glue, SimTime now) const
{
    for (const ResourceRecord &record : servers) {
        const Name &host = std::get<Name>(record.data);
        std::vector<Ipv4Address> addresses = addresses_of(host, glue);
        const CacheEntry *known = cache_.lookup(host, Type::A, now, Trust::Glue);
        if (addresses.empty() && is_living_set(known))
            addresses = addresses_of(host, *known->records);
        if (addresses.empty() && !host.is_subdomain_of(resolution.zone))
            addresses.push_back(Ipv4Address());
        for (const Ipv4Address address : addresses)
            if (resolution.servers.size() < limits::servers_max)
                resolution.servers.push_back(Server{host, address, 0, false});
    }
}

/// Steps 2 and 3: every server once in the order given, those without address after the others;
/// then those that kept silent once more.
void Resolver::choose_server(Resolution &resolution, SimTime now)
{
    if (resolution.servers.empty())
        choose_zone(resolution, now);
    Resolution *counted = find(resolution.client_resolution);
    if (resolution.depth > limits::depth_max)
        return fail(resolution, FailureReason::TooDeep);
    if (resolution.referrals > limits::referrals_max)
        return fail(resolution, FailureReason::TooManyReferrals);
    if (counted == nullptr || counted->queries >= limits::queries_max)
        return fail(resolution, FailureReason::TooManyQueries);

    const auto pick = [&](unsigned round, bool with_address) {
        for (std::size_t i = 0; i < resolution.servers.size(); ++i) {
            const Server &server = resolution.servers[i];
            if (!server.useless && server.tries == round &&
                server.address.is_unspecified() != with_address) {
                resolution.server = i;
                return true;
            }
        }
        return false;
    };
    for (unsigned round = 0; round < limits::rounds_max; ++round) {
        if (pick(round, true)) {
            ++counted->queries;
            move(resolution, ResolutionInput::ServerChosen);
            ++resolution.servers[resolution.server].tries;
            return send_query(resolution, Transport::Udp, now);
        }
        if (pick(round, false)) {
            move(resolution, ResolutionInput::AddressMissing);
            return find_address(resolution.id, now);
        }
    }
    fail(resolution, FailureReason::ServersExhausted);
}

/// Starts a resolution for the address of the server chosen.
void Resolver::find_address(ResolutionId id, SimTime now)
{
    Resolution *parent = find(id);
    Resolution child;
    child.id = ++last_id_;
    child.parent = id;
    child.client_resolution = parent->client_resolution;
    child.question = Question{parent->servers[parent->server].name, Type::A, class_internet};
    child.found.name = child.question.name;
    child.depth = parent->depth + 1;
    child.give_up = parent->give_up;
    parent->deadline = parent->give_up;
    events_.push(AddressNeeded{id, child.id, child.question.name});
    ready_.push_back(child.id);
    MS_CHECK(now <= child.give_up);
    active_.push_back(std::move(child));
}

/// Step 3.
void Resolver::send_query(Resolution &resolution, Transport transport, SimTime now)
{
    const Server &server = resolution.servers[resolution.server];
    const std::uint16_t local_port = random_port(rng_);
    resolution.path = ServerPath{server.address, local_port, transport};
    resolution.query_id = static_cast<std::uint16_t>(rng_.below(65536));
    const Duration wait = limits::server_timeout * (1U << (server.tries - 1));
    resolution.deadline = std::min(now + wait, resolution.give_up);

    Message query =
        make_query(resolution.query_id, resolution.found.name, resolution.question.type);
    query.edns.emplace();
    events_.push(QuerySent{resolution.id, resolution.path, server.name, resolution.zone,
                           *query.question, server.tries});
    outgoing_.push(
        Outgoing{Outgoing::Kind::ToServer, resolution.path, ClientToken(), encode(query)});
}

/// Step 4. The response belongs to the query that is out.
void Resolver::take_response(Resolution &resolution, const Message &response, SimTime now)
{
    const Ipv4Address from = resolution.path.server;
    if (response.header.truncated && resolution.path.transport == Transport::Udp) {
        events_.push(TruncatedRetryOverTcp{resolution.id, from});
        move(resolution, ResolutionInput::TruncatedArrived);
        send_query(resolution, Transport::Tcp, now);
        return;
    }
    Reply reply =
        interpret(response, resolution.found.name, resolution.question.type, resolution.zone);
    if (response.header.truncated) {
        reply = Reply();
        reply.fault = ServerFault::TruncatedTcp;
    }
    ready_.push_back(resolution.id);
    if (reply.kind == ReplyKind::Useless) {
        events_.push(
            LameServer{resolution.id, from, resolution.zone, reply.fault, response.header.rcode});
        resolution.servers[resolution.server].useless = true;
        move(resolution, ResolutionInput::UselessArrived);
        return;
    }
    remember(resolution, reply, response, now);
    take_reply(resolution, reply, response, now);
}

/// Steps 4a to 4c.
void Resolver::take_reply(Resolution &resolution, const Reply &reply, const Message &response,
                          SimTime now)
{
    Findings &found = resolution.found;
    const Ipv4Address from = resolution.path.server;
    if (reply.kind == ReplyKind::Referral) {
        ReferralReceived event{resolution.id, from, reply.servers[0].owner, {}};
        for (const ResourceRecord &server : reply.servers)
            event.servers.push_back(std::get<Name>(server.data));
        events_.push(std::move(event));
        ++resolution.referrals;
        move(resolution, ResolutionInput::ReferralArrived);
        const Name asked = resolution.zone;
        resolution.zone = reply.servers[0].owner;
        resolution.servers.clear();
        std::vector<ResourceRecord> glue;
        for (const ResourceRecord &record : response.additional)
            if (record.owner.is_subdomain_of(asked))
                glue.push_back(record);
        add_servers(resolution, reply.servers, glue, now);
        if (resolution.servers.empty())
            fail(resolution, FailureReason::ServersExhausted);
        return;
    }
    for (const ResourceRecord &record : reply.answer) {
        if (record.type == Type::Cname && resolution.question.type != Type::Cname) {
            ++found.aliases;
            events_.push(AliasFollowed{resolution.id, record.owner, std::get<Name>(record.data)});
        }
        found.answer.push_back(record);
    }
    found.name = reply.name;
    if (reply.kind == ReplyKind::Alias) {
        move(resolution, ResolutionInput::AliasArrived);
        resolution.servers.clear();
        return;
    }
    found.kind = reply.kind == ReplyKind::Answer   ? OutcomeKind::Answer
                 : reply.kind == ReplyKind::NoData ? OutcomeKind::NoData
                                                   : OutcomeKind::NameError;
    events_.push(AnswerReceived{resolution.id, from, response.header.rcode, found.kind});
    if (found.kind != OutcomeKind::Answer && reply.soa)
        remember_absence(resolution, *reply.soa, now);
    move(resolution, ResolutionInput::AnswerArrived);
}

/// RFC 2308 5: a "no" that came with its zone's SOA.
void Resolver::remember_absence(Resolution &resolution, const ResourceRecord &soa, SimTime now)
{
    Findings &found = resolution.found;
    const Type type = resolution.question.type;
    const CacheKind kind =
        found.kind == OutcomeKind::NoData ? CacheKind::NoData : CacheKind::NameError;
    const std::uint32_t seconds = cache_.store_negative(found.name, type, kind, soa, now);
    found.authority.push_back(soa);
    found.authority.back().ttl = seconds;
    if (seconds != 0)
        events_.push(NegativeCached{resolution.id, found.name, type, found.kind, seconds});
}

/// Keeps what the server may speak of, with the trust of its place (RFC 2181 5.4.1).
void Resolver::remember(const Resolution &resolution, const Reply &reply, const Message &response,
                        SimTime now)
{
    const auto store_sets = [&](std::span<const ResourceRecord> records, Trust trust) {
        for (std::size_t first = 0; first < records.size();) {
            std::size_t next = first + 1;
            while (next < records.size() && records[next].type == records[first].type &&
                   records[next].owner == records[first].owner)
                ++next;
            cache_.store(records.subspan(first, next - first), trust, now);
            first = next;
        }
    };
    const auto may_speak_of = [&](const ResourceRecord &record) {
        return record.class_code == class_internet && record.owner.is_subdomain_of(resolution.zone);
    };
    store_sets(reply.answer, Trust::Answer);
    store_sets(reply.servers, Trust::Glue);
    std::vector<ResourceRecord> servers;
    if (reply.kind == ReplyKind::Answer)
        for (const ResourceRecord &record : response.authority)
            if (record.type == Type::Ns && may_speak_of(record) &&
                reply.name.is_subdomain_of(record.owner))
                servers.push_back(record);
    store_sets(servers, Trust::Authority);
    std::vector<ResourceRecord> glue;
    for (const ResourceRecord &record : response.additional)
        if ((record.type == Type::A || record.type == Type::Aaaa) && may_speak_of(record))
            glue.push_back(record);
    store_sets(glue, Trust::Glue);
}

/// The resolution that `parent` waits for has ended.
void Resolver::give_address(Resolution &parent, const Resolution &child)
{
    const std::vector<Ipv4Address> addresses =
        child.state == ResolutionState::Answered
            ? addresses_of(child.found.name, child.found.answer)
            : std::vector<Ipv4Address>();
    const Name host = parent.servers[parent.server].name;
    if (addresses.empty()) {
        parent.servers[parent.server].useless = true;
        move(parent, ResolutionInput::AddressNotFound);
        return;
    }
    parent.servers[parent.server].address = addresses[0];
    for (std::size_t i = 1; i < addresses.size(); ++i)
        if (parent.servers.size() < limits::servers_max)
            parent.servers.push_back(Server{host, addresses[i], 0, false});
    move(parent, ResolutionInput::AddressFound);
}

} // namespace mailscope::dns
