// DNS messages over TCP connections, for whoever asks name servers.
//
// Engines speak in messages and paths; a truncated answer is asked for again over TCP. This keeps
// the connections of one asker: what to send once connected, and the stream to take messages from.
#pragma once

#include "sim/core/slab.h"
#include "sim/hosts/env.h"
#include "sim/protocol/dns/events.h"
#include "sim/protocol/dns/framing.h"

#include <optional>
#include <string>
#include <vector>

namespace mailscope
{

class DnsChannels
{
public:
    /// Opens a connection for one query.
    void ask(Env &env, net::Owner owner, const dns::ServerPath &path, std::string query);

    /// A message that came, or the path whose connection failed.
    struct Arrival
    {
        dns::ServerPath path;
        std::optional<std::string> message; ///< nothing: the connection failed
    };

    /// Handles a connection event of the network; gives what came of it.
    std::optional<Arrival> on_network(Env &env, const net::Event &event);

    std::size_t size() const { return channels_.size(); }

private:
    struct Channel
    {
        Handle connection;
        dns::ServerPath path;
        std::string query;
        dns::TcpDeframer deframer;
    };

    std::vector<Channel> channels_;
};

} // namespace mailscope
