// An authoritative name server: says what its zones say, and nothing else (RFC 1034 4.3).
//
// A role of a host around the pure function of protocol/dns/authority: it takes queries from the
// network, over UDP and TCP, and records what it answered. It knows no cache and asks nobody.
#pragma once

#include "sim/core/cow.h"
#include "sim/hosts/env.h"
#include "sim/protocol/dns/framing.h"
#include "sim/protocol/dns/zone.h"

#include <vector>

namespace mailscope
{

class NameServer
{
public:
    NameServer(const NameServer &);
    NameServer(NameServer &&) noexcept;
    NameServer &operator=(const NameServer &);
    NameServer &operator=(NameServer &&) noexcept;
    ~NameServer();

    /// `unserved` are zones that the server has and was not told to serve: what makes a delegation
    /// to it lame (RFC 1912 2.8).
    NameServer(HostId host, std::vector<dns::Zone> zones, std::vector<dns::Zone> unserved = {});

    HostId host() const { return host_; }
    void on_network(Env &env, const net::Event &event);

    const std::vector<dns::Zone> &zones() const { return *zones_; }
    /// For commands that change records.
    std::vector<dns::Zone> &edit_zones();
    /// From now on the zone is served. Whether it was there and was not.
    bool serve(const dns::Name &origin);
    void mix(Digest &digest) const;

private:
    struct Stream
    {
        Handle connection;
        dns::TcpDeframer deframer;
    };

    std::string answer(Env &env, ByteView query, dns::Transport transport, HostId peer,
                       ConnectionId conversation);
    void on_stream(Env &env, const net::Event &event);

    HostId host_;
    Cow<std::vector<dns::Zone>> zones_;
    Cow<std::vector<dns::Zone>> unserved_;
    std::vector<Stream> streams_;
};

} // namespace mailscope
