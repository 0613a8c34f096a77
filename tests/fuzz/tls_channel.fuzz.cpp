// Two ends of the modelled TLS, and somebody on the path who changes what they say to each other:
// neither ever hears what the other did not say (RFC 8446 5.2). And both ends hear anybody.
#include "sim/core/check.h"
#include "sim/protocol/tls/channel.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <string>

namespace
{

using namespace mailscope;
using tls::Channel;

constexpr std::string_view asked = "MAIL FROM:<alice@example.test>\r\n";
constexpr std::string_view told = "250 2.1.0 Ok\r\n";

/// Takes octets from the front; zero when there are none.
std::size_t take_octet(std::string_view &input)
{
    if (input.empty())
        return 0;
    const auto octet = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    return octet;
}

std::string take_output(Channel &channel)
{
    std::string wire(channel.output());
    channel.clear_output();
    while (channel.next_event()) {
    }
    return wire;
}

/// The first octets say which flight is changed, where, and how much of it goes; the rest stands
/// there instead.
void tamper(std::string_view input)
{
    Rng rng{1, "fuzz"};
    Channel client(tls::Side::Client, "mx.example.test", rng);
    Channel server(tls::Side::Server, "mx.example.test", rng);
    client.start();
    server.start();
    client.send(asked);
    server.send(told);
    const std::size_t chosen = take_octet(input) % 4;
    const std::size_t at = take_octet(input) * 256 + take_octet(input);
    const std::size_t gone = take_octet(input);
    for (std::size_t flight = 0; flight < 8; ++flight) {
        Channel &from = flight % 2 == 0 ? client : server;
        Channel &to = flight % 2 == 0 ? server : client;
        std::string wire = take_output(from);
        if (flight == chosen && !wire.empty())
            wire.replace(at % wire.size(), gone, input);
        to.receive(wire);
    }
    if (gone == 0 && input.empty())
        MS_CHECK(server.plain() == asked && client.plain() == told); // Nothing was changed.
    MS_CHECK(asked.substr(0, server.plain().size()) == server.plain());
    MS_CHECK(told.substr(0, client.plain().size()) == client.plain());
}

/// Octet by octet, as they may come.
void hear_anybody(tls::Side side, std::string_view input)
{
    Rng rng{1, "fuzz"};
    Channel channel(side, "mx.example.test", rng);
    channel.start();
    for (const char octet : input)
        channel.receive({&octet, 1});
    channel.send(told);
    channel.close();
    MS_CHECK(channel.state() == tls::ChannelState::Closed ||
             channel.state() == tls::ChannelState::Failed);
    (void)take_output(channel);
}

} // namespace

void mailscope::fuzz::run(std::string_view input)
{
    tamper(input);
    hear_anybody(tls::Side::Server, input);
    hear_anybody(tls::Side::Client, input);
}
