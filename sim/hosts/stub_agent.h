// The stub resolver of a host: asks the provider's resolver on behalf of the host's programs.
//
// Binds the stub engine to the network and the trace, and remembers which program asked what.
#pragma once

#include "sim/hosts/dns_channel.h"
#include "sim/hosts/env.h"
#include "sim/hosts/timer.h"
#include "sim/protocol/dns/stub.h"

#include <vector>

namespace mailscope
{

class Digest;

class StubAgent
{
public:
    StubAgent(const StubAgent &);
    StubAgent(StubAgent &&) noexcept;
    StubAgent &operator=(const StubAgent &);
    StubAgent &operator=(StubAgent &&) noexcept;
    ~StubAgent();

    /// `servers` are the addresses in the host's resolv.conf.
    StubAgent(std::vector<Ipv4Address> servers, Rng rng);

    void ask(Env &env, const dns::Name &name, dns::Type type, const DnsTicket &ticket);

    /// A datagram or a connection event for this host's stub resolver.
    void on_network(Env &env, const net::Event &event);
    void on_timer(Env &env);

    std::size_t pending() const { return asked_.size(); }
    void mix(Digest &digest) const { stub_.mix(digest); }

private:
    struct Asked
    {
        dns::StubToken token;
        DnsTicket ticket;
        RecordId record;
        ConnectionId conversation;
        dns::ServerPath path; ///< of the query that is out
    };

    void take(Env &env);
    void on_event(Env &env, dns::StubEvent &event);
    Asked *find(dns::StubToken token);
    net::Owner owner(const Env &env) const;

    dns::Stub stub_;
    DnsChannels channels_;
    Timer timer_;
    std::vector<Asked> asked_;
};

} // namespace mailscope
