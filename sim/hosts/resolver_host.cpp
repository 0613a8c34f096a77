// A recursive resolver on the network.
#include "sim/hosts/resolver_host.h"

#include "sim/hosts/dns_text.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

using K = RecordKind;

net::Owner owner_of(std::uint16_t index)
{
    return {static_cast<std::uint16_t>(Role::Resolver), index, 0};
}

/// A DNS record of this host with a text, when such are kept.
template <class Text> Record dns_record(const Env &env, RecordKind kind, Text text)
{
    Record record = env.record(kind);
    record.protocol = Protocol::Dns;
    if (env.keeps(kind))
        record.text = SharedBytes::copy_of(text());
    return record;
}

std::string referral_text(const dns::ReferralReceived &referral)
{
    std::string text = name_text(referral.zone) + ":";
    for (const dns::Name &server : referral.servers)
        text += " " + name_text(server);
    return text;
}

} // namespace

ResolverHost::ResolverHost(HostId host, std::vector<dns::RootHint> hints, Rng rng)
    : host_(host), resolver_(std::move(hints), rng)
{
}

ResolverHost::ResolverHost(const ResolverHost &) = default;
ResolverHost::ResolverHost(ResolverHost &&) noexcept = default;
ResolverHost &ResolverHost::operator=(const ResolverHost &) = default;
ResolverHost &ResolverHost::operator=(ResolverHost &&) noexcept = default;
ResolverHost::~ResolverHost() = default;

ResolverHost::OpenQuery *ResolverHost::find_query(const dns::ServerPath &path)
{
    for (OpenQuery &query : open_)
        if (query.path == path)
            return &query;
    return nullptr;
}

void ResolverHost::close_query(dns::ResolutionId resolution)
{
    std::erase_if(open_, [&](const OpenQuery &open) { return open.resolution == resolution; });
}

void ResolverHost::receive_query(Env &env, const Client &client, dns::Transport transport,
                                 ByteView bytes)
{
    const Handle handle = clients_.insert(client);
    resolver_.receive_query({handle.index}, transport, bytes, env.now);
}

void ResolverHost::on_network(Env &env, std::uint16_t index, const net::Event &event)
{
    if (event.kind == net::EventKind::DatagramArrived) {
        const net::Packet &packet = env.network.packet(event.packet);
        const dns::ServerPath path{packet.source.address, packet.destination.port,
                                   dns::Transport::Udp};
        if (packet.destination.port == dns::port)
            receive_query(env,
                          {packet.source, dns::port, packet.conversation, Handle{}, env.because},
                          dns::Transport::Udp, event.data.view());
        else
            resolver_.receive_response(path, event.data.view(), env.now);
    } else if (const auto arrival = channels_.on_network(env, event)) {
        if (arrival->message)
            resolver_.receive_response(arrival->path, *arrival->message, env.now);
        else
            resolver_.connection_failed(arrival->path, env.now);
    } else {
        on_stream(env, event);
    }
    take(env, index);
}

void ResolverHost::on_stream(Env &env, const net::Event &event)
{
    if (event.kind == net::EventKind::Accepted) {
        streams_.push_back({event.connection, dns::TcpDeframer()});
        return;
    }
    const auto place =
        std::find_if(streams_.begin(), streams_.end(), [&](const ClientStream &stream) {
            return stream.connection == event.connection;
        });
    if (place == streams_.end())
        return;
    if (event.kind != net::EventKind::DataArrived) {
        env.network.close(event.connection, env.because);
        streams_.erase(place);
        return;
    }
    place->deframer.receive(event.data.view());
    while (const std::optional<std::string> query = place->deframer.next_message())
        receive_query(env, {{}, dns::port, ConnectionId{}, event.connection, env.because},
                      dns::Transport::Tcp, *query);
}

void ResolverHost::on_timer(Env &env, std::uint16_t index)
{
    if (!timer_.fired(env.now, env.timer_event(Role::Resolver, index, 0), env.queue))
        return;
    resolver_.on_time(env.now);
    take(env, index);
}

void ResolverHost::take(Env &env, std::uint16_t index)
{
    while (const std::optional<dns::ResolverEvent> event = resolver_.next_event())
        on_event(env, *event);
    while (std::optional<dns::Outgoing> outgoing = resolver_.next_outgoing())
        send(env, index, *outgoing);
    timer_.set(resolver_.next_deadline(), env.timer_event(Role::Resolver, index, 0), env.queue);
}

void ResolverHost::send(Env &env, std::uint16_t index, dns::Outgoing &outgoing)
{
    if (outgoing.kind == dns::Outgoing::Kind::ToClient) {
        const Handle handle = clients_.handle_at(outgoing.client.value);
        const Client client = clients_[handle];
        clients_.erase(handle);
        if (client.connection != Handle{})
            env.network.send(client.connection,
                             SharedBytes::copy_of(dns::tcp_frame(outgoing.bytes)), env.because);
        else
            env.network.send_datagram(host_, client.port, client.endpoint,
                                      SharedBytes::copy_of(outgoing.bytes), client.conversation,
                                      env.because, env.step());
        return;
    }
    const OpenQuery *query = find_query(outgoing.path);
    const RecordId because = query != nullptr ? query->record : env.because;
    if (outgoing.path.transport == dns::Transport::Tcp) {
        channels_.ask(env, owner_of(index), outgoing.path, std::move(outgoing.bytes));
        return;
    }
    env.network.send_datagram(host_, outgoing.path.local_port, {outgoing.path.server, dns::port},
                              SharedBytes::copy_of(outgoing.bytes),
                              query != nullptr ? query->conversation : ConnectionId{}, because,
                              env.step());
}

void ResolverHost::on_event(Env &env, const dns::ResolverEvent &event)
{
    std::visit([&](const auto &happened) { note(env, happened); }, event);
}

void ResolverHost::note(Env &env, const dns::QueryReceived &event)
{
    const Client &client = clients_[clients_.handle_at(event.client.value)];
    Record record =
        dns_record(env, K::QueryReceived, [&] { return question_text(event.question); });
    record.peer = env.host_at(client.endpoint, net::Transport::Udp);
    record.conversation = client.conversation;
    env.note(std::move(record));
}

void ResolverHost::note(Env &env, const dns::CacheHit &event)
{
    Record record = dns_record(env, K::CacheHit, [&] { return question_text(event.question); });
    record.value = event.seconds_left;
    env.note(std::move(record));
}

void ResolverHost::note(Env &env, const dns::CacheMiss &event)
{
    env.note(dns_record(env, K::CacheMiss, [&] { return question_text(event.question); }));
}

void ResolverHost::note(Env &env, const dns::QuerySent &event)
{
    Record record = dns_record(env, K::QuerySent, [&] {
        return question_text(event.question) + " @" + name_text(event.zone);
    });
    record.peer = env.directory.at(event.path.server);
    record.value = event.attempt;
    record.conversation = env.network.new_conversation();
    OpenQuery query{event.path, event.resolution, RecordId{}, record.conversation};
    query.record = env.note(std::move(record));
    close_query(event.resolution);
    open_.push_back(query);
}

void ResolverHost::note(Env &env, const dns::ReferralReceived &event)
{
    Record record = dns_record(env, K::ReferralReceived, [&] { return referral_text(event); });
    record.peer = env.directory.at(event.from);
    env.note(std::move(record));
}

void ResolverHost::note(Env &env, const dns::AliasFollowed &event)
{
    env.note(dns_record(env, K::AliasFollowed,
                        [&] { return name_text(event.alias) + " " + name_text(event.target); }));
}

void ResolverHost::note(Env &env, const dns::AnswerReceived &event)
{
    close_query(event.resolution);
    Record record =
        dns_record(env, K::AnswerReceived, [&] { return std::string(outcome_word(event.kind)); });
    record.peer = env.directory.at(event.from);
    record.code = static_cast<std::uint16_t>(event.rcode);
    env.note(std::move(record));
}

void ResolverHost::note(Env &env, const dns::NegativeCached &event)
{
    Record record = dns_record(env, K::NegativeCached, [&] {
        return question_text({event.name, event.type, dns::class_internet});
    });
    record.value = event.seconds;
    env.note(std::move(record));
}

void ResolverHost::note(Env &env, const dns::ServerTimedOut &event)
{
    for (const OpenQuery &query : open_)
        if (query.resolution == event.resolution)
            env.because = query.record;
    Record record = dns_record(env, K::ServerTimedOut, [&] { return to_string(event.server); });
    record.peer = env.directory.at(event.server);
    record.value = event.attempt;
    env.note(std::move(record));
}

void ResolverHost::note(Env &env, const dns::LameServer &event)
{
    Record record = dns_record(env, K::LameServer, [&] { return name_text(event.zone); });
    record.peer = env.directory.at(event.server);
    record.code = static_cast<std::uint16_t>(event.rcode);
    env.note(std::move(record));
}

void ResolverHost::note(Env &env, const dns::TruncatedRetryOverTcp &event)
{
    env.note(dns_record(env, K::RetriedOverTcp, [&] { return to_string(event.server); }));
}

void ResolverHost::note(Env &env, const dns::ResponseIgnored &event)
{
    env.note(dns_record(env, K::ResponseIgnored, [&] { return to_string(event.from); }));
}

void ResolverHost::note(Env &env, const dns::ResolutionFailed &event)
{
    close_query(event.resolution);
    env.note(dns_record(env, K::ResolutionFailed, [&] {
        return question_text(event.question) + ": " + std::string(reason_word(event.reason));
    }));
}

void ResolverHost::note(Env &env, const dns::AnswerSent &event)
{
    const Client &client = clients_[clients_.handle_at(event.client.value)];
    Record record = dns_record(env, K::AnswerSent, [] { return std::string(); });
    record.peer = env.host_at(client.endpoint, net::Transport::Udp);
    record.conversation = client.conversation;
    record.code = static_cast<std::uint16_t>(event.rcode);
    record.value = event.records;
    env.note(std::move(record));
}

} // namespace mailscope
