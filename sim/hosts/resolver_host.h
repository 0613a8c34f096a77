// A recursive resolver: the provider's name server that its customers ask.
//
// Binds the resolver engine to the network and the trace. RFC 1034 5.3.
#pragma once

#include "sim/hosts/dns_channel.h"
#include "sim/hosts/env.h"
#include "sim/hosts/timer.h"
#include "sim/protocol/dns/resolver.h"

#include <vector>

namespace mailscope
{

class ResolverHost
{
public:
    ResolverHost(const ResolverHost &);
    ResolverHost(ResolverHost &&) noexcept;
    ResolverHost &operator=(const ResolverHost &);
    ResolverHost &operator=(ResolverHost &&) noexcept;
    ~ResolverHost();

    ResolverHost(HostId host, std::vector<dns::RootHint> hints, Rng rng);

    HostId host() const { return host_; }

    /// `index` is this role's place among the World's resolvers.
    void on_network(Env &env, std::uint16_t index, const net::Event &event);
    void on_timer(Env &env, std::uint16_t index);

    const dns::Resolver &engine() const { return resolver_; }
    dns::Resolver &engine() { return resolver_; }
    void mix(Digest &digest) const { resolver_.mix(digest); }

private:
    /// Whose query a token stands for.
    struct Client
    {
        net::Endpoint endpoint;
        std::uint16_t port = 0;
        ConnectionId conversation;
        Handle connection; ///< over TCP
        RecordId record;
    };
    /// What a query to a server was recorded as, until it is answered or late.
    struct OpenQuery
    {
        dns::ServerPath path;
        dns::ResolutionId resolution = 0;
        RecordId record;
        ConnectionId conversation;
    };
    /// A client's connection over TCP.
    struct ClientStream
    {
        Handle connection;
        dns::TcpDeframer deframer;
    };

    void receive_query(Env &env, const Client &client, dns::Transport transport, ByteView bytes);
    void on_stream(Env &env, const net::Event &event);
    void take(Env &env, std::uint16_t index);
    void on_event(Env &env, const dns::ResolverEvent &event);
    void note(Env &env, const dns::QueryReceived &event);
    void note(Env &env, const dns::CacheHit &event);
    void note(Env &env, const dns::CacheMiss &event);
    void note(Env &env, const dns::QuerySent &event);
    void note(Env &env, const dns::ReferralReceived &event);
    void note(Env &env, const dns::AliasFollowed &event);
    void note(Env &env, const dns::AnswerReceived &event);
    void note(Env &env, const dns::NegativeCached &event);
    void note(Env &env, const dns::ServerTimedOut &event);
    void note(Env &env, const dns::LameServer &event);
    void note(Env &env, const dns::TruncatedRetryOverTcp &event);
    void note(Env &env, const dns::ResponseIgnored &event);
    void note(Env &env, const dns::ResolutionFailed &event);
    void note(Env &env, const dns::AnswerSent &event);
    /// What needs no record of its own: refused queries, shared resolutions, addresses sought.
    void note(Env &, const dns::QueryRefused &) {}
    void note(Env &, const dns::ResolutionShared &) {}
    void note(Env &, const dns::AddressNeeded &) {}
    void send(Env &env, std::uint16_t index, dns::Outgoing &outgoing);
    void close_query(dns::ResolutionId resolution);
    OpenQuery *find_query(const dns::ServerPath &path);

    HostId host_;
    dns::Resolver resolver_;
    DnsChannels channels_;
    Timer timer_;
    Slab<Client> clients_;
    std::vector<OpenQuery> open_;
    std::vector<ClientStream> streams_;
};

} // namespace mailscope
