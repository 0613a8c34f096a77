// Whatever is lost, every byte arrives once and in order, and nothing is left over.
#include "tests/unit/net/small_internet.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

namespace mailscope::net::test
{
namespace
{

Program mail_client()
{
    Program program;
    program.writes = {"EHLO a\r\n",
                      "MAIL FROM:<a@a>\r\n",
                      "RCPT TO:<b@b>\r\n",
                      "DATA\r\n",
                      std::string(5000, 'x') + "\r\n.\r\n",
                      "QUIT\r\n"};
    program.manner = Program::Manner::InTurn;
    return program;
}

Program mail_server()
{
    Program program;
    program.writes = {"220 b\r\n",  "250 b\r\n",  "250 ok\r\n", "250 ok\r\n",
                      "354 go\r\n", "250 ok\r\n", "221 bye\r\n"};
    program.manner = Program::Manner::InTurn;
    program.closes = Program::Closes::AfterLastWrite;
    return program;
}

std::string all(const std::vector<std::string> &writes)
{
    std::string text;
    for (const std::string &part : writes)
        text += part;
    return text;
}

/// Both said everything, both heard everything, nothing is left.
void check_complete(SmallInternet &world, std::size_t server, std::size_t client)
{
    world.run();
    CHECK(world.programs[server].received == all(world.programs[client].writes));
    CHECK(world.programs[client].received == all(world.programs[server].writes));
    CHECK(world.programs[server].reason == Reason::None);
    CHECK(world.programs[client].reason == Reason::None);
    CHECK(world.net.connections().size() == 0);
    CHECK(world.net.packets_in_flight() == 0);
}

} // namespace

TEST_CASE("Any single packet of a conversation may be lost", "[net][tcp][property]")
{
    std::size_t packets = 1;
    for (std::uint32_t lost = 0; lost < packets; ++lost) {
        INFO("lost packet " << lost);
        SmallInternet world = SmallInternet::pair();
        const std::size_t server = world.serve(mail_server());
        world.net.link(world.link_a).lose_packet = lost; // 0: none
        const std::size_t client = world.call(mail_client());
        check_complete(world, server, client);
        packets = std::max(packets, world.count(EventKind::PacketSent));
    }
    CHECK(packets > 20);
}

TEST_CASE("Any two packets of a conversation may be lost", "[net][tcp][property]")
{
    for (std::uint32_t first = 1; first <= 24; ++first) {
        for (std::uint32_t second = 1; second <= 6; ++second) {
            INFO("lost packets " << first << " and " << second << " later");
            SmallInternet world = SmallInternet::pair();
            const std::size_t server = world.serve(mail_server());
            world.net.link(world.link_a).lose_packet = first;
            const std::size_t client = world.call(mail_client());
            while (world.net.link(world.link_a).lose_packet != 0 && world.advance()) {
            }
            world.net.link(world.link_a).lose_packet = second;
            check_complete(world, server, client);
        }
    }
}

TEST_CASE("Random loss in both directions delays a conversation and changes nothing else",
          "[net][tcp][property]")
{
    for (const std::uint32_t percent : {1U, 5U, 10U, 20U}) {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            INFO("loss " << percent << " %, seed " << seed);
            SmallInternet world = SmallInternet::pair(plain_link, seed);
            world.keeps_packets = false;
            const std::size_t server = world.serve(mail_server());
            const std::size_t client = world.call(mail_client());
            world.run_for(100ms);
            world.net.link(world.link_a).extra_loss_per_million = percent * 10'000;
            check_complete(world, server, client);
        }
    }
}

TEST_CASE("Under heavy loss a connection may break, but never hands over a wrong byte",
          "[net][tcp][property]")
{
    int complete = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        SmallInternet world = SmallInternet::pair(plain_link, seed);
        world.keeps_packets = false;
        const std::size_t server = world.serve(mail_server());
        world.net.link(world.link_a).extra_loss_per_million = 350'000;
        const std::size_t client = world.call(mail_client());
        world.run();
        const std::string said = all(world.programs[client].writes);
        const std::string heard = all(world.programs[server].writes);
        CHECK(said.compare(0, world.programs[server].received.size(),
                           world.programs[server].received) == 0);
        CHECK(heard.compare(0, world.programs[client].received.size(),
                            world.programs[client].received) == 0);
        complete += world.programs[client].received == heard ? 1 : 0;
    }
    CHECK(complete > 20);
    CHECK(complete < 40);
}

TEST_CASE("A long stream both ways survives loss", "[net][tcp][property]")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        SmallInternet world = SmallInternet::pair(plain_link, seed);
        world.keeps_packets = false;
        Program talker;
        talker.closes = Program::Closes::AfterLastWrite;
        for (int i = 0; i < 30; ++i)
            talker.writes.push_back(std::string(static_cast<std::size_t>(100 + 331 * i),
                                                static_cast<char>('a' + i % 26)));
        world.net.link(world.link_a).extra_loss_per_million = 50'000;
        const std::size_t server = world.serve(talker);
        const std::size_t client = world.call(talker);
        check_complete(world, server, client);
    }
}

TEST_CASE("Packets that overtake each other are put in order", "[net][tcp][property]")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        SmallInternet world = SmallInternet::pair(plain_link, seed);
        Program talker;
        talker.closes = Program::Closes::AfterLastWrite;
        talker.writes = {std::string(60'000, 'x') + "end"};
        const std::size_t server = world.serve(talker);
        const std::size_t client = world.call(talker);
        Rng rng(seed, "delay");
        do
            world.net.link(world.link_a).extra_latency = Duration(1ms) * rng.below(30);
        while (world.advance());
        check_complete(world, server, client);
    }
}

TEST_CASE("Two runs are equal, and so is a copy made in the middle", "[net][determinism]")
{
    const auto begin = [] {
        SmallInternet world = SmallInternet::pair(plain_link, 7);
        world.net.link(world.link_a).extra_loss_per_million = 100'000;
        world.serve(mail_server());
        world.call(mail_client());
        return world;
    };
    SmallInternet first = begin();
    SmallInternet second = begin();
    for (int steps = 0; steps < 25; ++steps) {
        first.advance();
        second.advance();
    }
    CHECK(first.digest() == second.digest());
    SmallInternet copy = first;
    const std::uint64_t middle = copy.digest();
    first.run();
    CHECK(copy.digest() == middle);
    CHECK(first.digest() != middle);
    second.run();
    copy.run();
    CHECK(first.digest() == second.digest());
    CHECK(first.digest() == copy.digest());
    CHECK(first.sent() == copy.sent());
}

} // namespace mailscope::net::test
