// DNS messages over TCP connections.
#include "sim/hosts/dns_channel.h"

#include <algorithm>
#include <utility>

namespace mailscope
{

void DnsChannels::ask(Env &env, net::Owner owner, const dns::ServerPath &path, std::string query)
{
    Channel channel;
    channel.connection = env.open({path.server, dns::port}, owner, Protocol::Dns);
    channel.path = path;
    channel.query = std::move(query);
    channels_.push_back(std::move(channel));
}

std::optional<DnsChannels::Arrival> DnsChannels::on_network(Env &env, const net::Event &event)
{
    const auto place =
        std::find_if(channels_.begin(), channels_.end(), [&](const Channel &channel) {
            return channel.connection == event.connection;
        });
    if (place == channels_.end())
        return std::nullopt;
    Channel &channel = *place;
    Arrival arrival{channel.path, std::nullopt};
    if (event.kind == net::EventKind::Connected) {
        env.network.send(channel.connection, SharedBytes::copy_of(dns::tcp_frame(channel.query)),
                         env.because);
        return std::nullopt;
    }
    if (event.kind == net::EventKind::DataArrived) {
        channel.deframer.receive(event.data.view());
        arrival.message = channel.deframer.next_message();
        if (!arrival.message)
            return std::nullopt;
    }
    env.network.close(channel.connection, env.because);
    channels_.erase(place);
    return arrival;
}

} // namespace mailscope
