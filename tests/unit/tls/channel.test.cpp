// Two ends of the modelled TLS, and what a third sees of them.
#include "sim/protocol/tls/channel.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace mailscope;
using namespace mailscope::tls;

namespace
{

/// A client and a server, and all that went over the path between them.
struct Pair
{
    explicit Pair(std::string wanted = "mx.example.test",
                  std::string certificate = "mx.example.test")
        : client(Side::Client, std::move(wanted), rng),
          server(Side::Server, std::move(certificate), rng)
    {
        client.start();
        server.start();
    }

    /// Carries bytes to and fro, in pieces, until nobody has anything to say.
    void run(std::size_t piece = 100'000)
    {
        while (!client.output().empty() || !server.output().empty()) {
            carry(client, server, piece);
            carry(server, client, piece);
        }
    }

    void carry(Channel &from, Channel &to, std::size_t piece)
    {
        const std::string wire(from.output());
        from.clear_output();
        path += wire;
        for (ByteView rest = wire; !rest.empty();) {
            to.receive(rest.substr(0, piece));
            rest.remove_prefix(std::min(piece, rest.size()));
        }
    }

    Rng rng{11, "tls"};
    Channel client;
    Channel server;
    std::string path;
};

template <class Event> std::optional<Event> next(Channel &channel)
{
    std::optional<ChannelEvent> event = channel.next_event();
    if (!event || !std::holds_alternative<Event>(*event))
        return std::nullopt;
    return std::get<Event>(*event);
}

/// A channel's verdict on bytes that its peer would not send, given one by one or whole.
std::optional<Failed> verdict(Channel channel, ByteView wire, std::size_t piece)
{
    for (; !wire.empty(); wire.remove_prefix(std::min(piece, wire.size())))
        channel.receive(wire.substr(0, piece));
    return next<Failed>(channel);
}

} // namespace

TEST_CASE("Two ends agree and pass bytes both ways, in any pieces", "[tls]")
{
    const std::size_t piece = GENERATE(1U, 3U, 1460U, 100'000U);
    Pair pair;
    pair.client.send("said before the handshake was done\r\n");
    pair.run(piece);
    REQUIRE(next<Established>(pair.client)->peer_name == "mx.example.test");
    REQUIRE(next<Established>(pair.server)->peer_name == "mx.example.test");
    const std::string large(100'000, 'y');
    pair.server.send(large);
    pair.client.send("more\r\n");
    pair.run(piece);
    REQUIRE(pair.client.plain() == large);
    REQUIRE(pair.server.plain() == "said before the handshake was done\r\nmore\r\n");
    REQUIRE_FALSE(pair.client.next_event());
    REQUIRE_FALSE(pair.server.next_event());
}

TEST_CASE("Who listens on the path sees the server's name and none of what is said", "[tls]")
{
    Pair pair("mail.example.test", "other.example.test");
    pair.run();
    const std::string letter = "USER bob\r\nPASS correct-horse-battery\r\nDear Alice, hello.\r\n";
    for (int i = 0; i < 50; ++i) {
        pair.client.send(letter);
        pair.server.send(letter);
    }
    pair.run();
    REQUIRE(pair.path.find("mail.example.test") != std::string::npos);
    REQUIRE(pair.path.find("other.example.test") == std::string::npos);
    for (std::size_t i = 0; i + 4 <= letter.size(); ++i)
        REQUIRE(pair.path.find(letter.substr(i, 4)) == std::string::npos);
}

TEST_CASE("A client sees whose certificate it got", "[tls]")
{
    Pair pair("mx.example.test", "*.elsewhere.test");
    pair.run();
    REQUIRE(next<Established>(pair.client)->peer_name == "*.elsewhere.test");
}

TEST_CASE("A star in a certificate stands for one label", "[tls]")
{
    REQUIRE(name_matches("mx.example.test", "MX.example.test"));
    REQUIRE(name_matches("*.example.test", "mx.example.test"));
    REQUIRE_FALSE(name_matches("*.example.test", "a.mx.example.test"));
    REQUIRE_FALSE(name_matches("*.example.test", "example.test"));
    REQUIRE_FALSE(name_matches("*.example.test", ".example.test"));
    REQUIRE_FALSE(name_matches("mx.example.test", "mx.example.tes"));
}

TEST_CASE("All that goes over the path are records of TLS", "[tls]")
{
    Pair pair;
    pair.run();
    pair.client.send(std::string(40'000, 'x'));
    pair.run();
    std::size_t records = 0;
    for (std::size_t at = 0; at < pair.path.size(); ++records) {
        const auto octet = [&](std::size_t i) {
            return static_cast<unsigned char>(pair.path[at + i]);
        };
        REQUIRE(octet(0) >= 20);
        REQUIRE(octet(0) <= 23);
        REQUIRE(octet(1) == 3);
        REQUIRE(octet(2) == 3);
        at += 5U + octet(3) * 256U + octet(4);
        REQUIRE(at <= pair.path.size());
    }
    REQUIRE(records == 3 + 1 + 2 + 3); // hellos and flight; the client's two; 40,000 bytes
}

TEST_CASE("A peer that speaks something else is recognised at once", "[tls]")
{
    Pair pair;
    for (const ByteView bytes :
         {"220 mx.example.test ESMTP\r\n", "EHLO a\r\n", "\x16\x02", "\x17\x33"}) {
        for (const std::size_t piece : {std::size_t(1), bytes.size()}) {
            REQUIRE(verdict(pair.server, bytes, piece)->what == Failed::What::NotTls);
            REQUIRE(verdict(pair.client, bytes, piece)->what == Failed::What::NotTls);
        }
    }
}

TEST_CASE("A failing end says so by an alert, which ends the other", "[tls]")
{
    Pair pair;
    pair.server.receive("EHLO laptop\r\n");
    pair.run();
    REQUIRE(pair.server.state() == ChannelState::Failed);
    const std::optional<Failed> failed = next<Failed>(pair.client);
    REQUIRE(failed->what == Failed::What::AlertReceived);
    REQUIRE(failed->alert == alert::unexpected_message);
}

TEST_CASE("A record that was changed on the way is noticed", "[tls]")
{
    Pair pair;
    pair.run();
    pair.client.send("hello");
    std::string wire(pair.client.output());
    const std::size_t at = GENERATE(5U, 7U, 12U, 20U);
    wire[at] = static_cast<char>(wire[at] ^ 1);
    pair.server.receive(wire);
    REQUIRE(next<Established>(pair.server));
    REQUIRE(next<Failed>(pair.server)->what == Failed::What::BadRecord);
    REQUIRE(pair.server.plain().empty());
}

TEST_CASE("A record sent twice is noticed", "[tls]")
{
    Pair pair;
    pair.run();
    pair.client.send("DELE 1\r\n");
    const std::string wire(pair.client.output());
    pair.server.receive(wire + wire);
    next<Established>(pair.server);
    REQUIRE(next<Failed>(pair.server)->what == Failed::What::BadRecord);
    REQUIRE(pair.server.plain() == "DELE 1\r\n");
}

TEST_CASE("A record longer than allowed is not waited for", "[tls]")
{
    Pair pair;
    const std::string longest("\x17\x03\x03\x41\x00", 5);
    const std::string longer("\x17\x03\x03\x41\x01", 5);
    REQUIRE_FALSE(verdict(pair.server, longest, 1));
    REQUIRE(verdict(pair.server, longer, 1)->what == Failed::What::TooLong);
}

TEST_CASE("Malformed handshakes fail, whatever is wrong in them", "[tls]")
{
    Pair pair;
    const std::string hello(pair.client.output());
    for (std::size_t cut = 0; cut < hello.size() - record_header_bytes; ++cut) {
        std::string record;
        append_record(record, ContentType::Handshake, ByteView(hello).substr(5, cut));
        INFO("cut to " << cut);
        REQUIRE(verdict(pair.server, record, 1000)->what == Failed::What::BadMessage);
    }
}

TEST_CASE("Noise in place of any message never does more than fail", "[tls]")
{
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        INFO("seed " << seed);
        Rng rng(seed, "tls noise");
        Pair pair;
        std::string wire(pair.client.output());
        for (std::uint32_t changes = 1 + rng.below(4); changes > 0; --changes)
            wire[rng.below(static_cast<std::uint32_t>(wire.size()))] =
                static_cast<char>(rng.below(256));
        Channel whole = pair.server;
        Channel pieces = pair.server;
        whole.receive(wire);
        for (const char &byte : wire)
            pieces.receive(ByteView(&byte, 1));
        REQUIRE(whole.state() == pieces.state());
        REQUIRE(whole.output() == pieces.output());
    }
}

TEST_CASE("close_notify tells a complete conversation from a cut one", "[tls]")
{
    Pair pair;
    pair.run();
    pair.client.send("QUIT\r\n");
    pair.client.close();
    pair.client.send("too late");
    pair.run();
    REQUIRE(next<Established>(pair.server));
    REQUIRE(next<Closed>(pair.server));
    REQUIRE(pair.server.plain() == "QUIT\r\n");
    REQUIRE(pair.server.state() == ChannelState::Closed);
}

TEST_CASE("A copied channel goes on by itself", "[tls]")
{
    Pair pair;
    pair.run();
    Channel client = pair.client;
    Channel server = pair.server;
    pair.client.send("one");
    pair.run();
    client.send("another");
    server.receive(client.output());
    REQUIRE(server.plain() == "another");
    REQUIRE(pair.server.plain() == "one");
}

TEST_CASE("Equal dice give equal bytes, other dice others", "[tls]")
{
    const auto hello = [](std::uint64_t seed) {
        Rng rng(seed, "tls");
        Channel client(Side::Client, "mx.example.test", rng);
        client.start();
        return std::string(client.output());
    };
    REQUIRE(hello(1) == hello(1));
    REQUIRE(hello(1) != hello(2));
}
