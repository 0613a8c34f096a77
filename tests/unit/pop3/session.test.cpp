// Both engines against each other, and against noise.
#include "sim/core/rng.h"
#include "tests/support/pop3.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

pop3::Client bobs_client(bool apop = false)
{
    pop3::ClientOptions options;
    options.apop = apop;
    options.user = "bob";
    options.password = "secret";
    options.stls = pop3::StlsUse::Never;
    return pop3::Client(std::make_shared<const pop3::ClientOptions>(options));
}

/// A session in which the client takes and removes all; gives the letters received.
std::vector<std::string> fetch_all(PopHost &host, std::size_t piece, bool apop = false)
{
    pop3::Client client = bobs_client(apop);
    client.start(host.now);
    std::string to_client = host.feed("");
    std::vector<std::string> letters;
    for (int turn = 0; turn < 10'000 && !client.wants_close(); ++turn) {
        for (ByteView rest = to_client; !rest.empty();) {
            client.receive(rest.substr(0, piece), host.now);
            rest.remove_prefix(std::min(piece, rest.size()));
        }
        while (const std::optional<pop3::ClientEvent> event = client.next_event()) {
            if (const auto *asked = std::get_if<pop3::SelectionAsked>(&*event)) {
                pop3::Selection all;
                for (const pop3::ListedLetter &letter : asked->listing)
                    all.retrieve.push_back(letter.number);
                client.select(all, host.now);
            } else if (const auto *letter = std::get_if<pop3::LetterReceived>(&*event)) {
                letters.emplace_back(letter->content.view());
                client.letter_stored(letter->number, host.now);
            }
        }
        to_client = host.feed(client.output().bytes());
        client.clear_output();
    }
    REQUIRE(client.wants_close());
    return letters;
}

/// Words of the protocol and noise, joined at random.
std::string random_input(Rng &rng)
{
    static constexpr ByteView words[] = {"USER bob\r\n",
                                         "PASS secret\r\n",
                                         "RETR 1\r\n",
                                         "DELE 1\r\n",
                                         "TOP 1 1\n",
                                         "QUIT\r\n",
                                         "LIST\r\n",
                                         "AUTH PLAIN\r\n",
                                         "AUTH LOGIN\r\n",
                                         "CAPA\r\n",
                                         "RSET\r\n",
                                         "\r\n",
                                         "AGJvYgBzZWNyZXQ=\r\n",
                                         "*\r\n",
                                         " ",
                                         "+OK\r\n",
                                         "-ERR\r\n",
                                         ".\r\n",
                                         "1 2\r\n",
                                         "..",
                                         "\n"};
    std::string input = rng.below(2) == 0 ? "USER bob\r\nPASS secret\r\n" : "";
    for (std::uint32_t count = rng.below(20); count > 0; --count) {
        if (rng.below(4) == 0)
            for (std::uint32_t i = rng.below(6); i > 0; --i)
                input += static_cast<char>(rng.below(256));
        else
            input += words[rng.below(std::size(words))];
    }
    return input;
}

} // namespace

TEST_CASE("By APOP the password is proved and never said, where both sides want it", "[pop3]")
{
    for (const std::size_t piece : {1U, 4096U}) {
        PopHost host;
        host.letters = {{"a", "One\r\n"}};
        SECTION("offered and wanted")
        {
            host.server.offer_apop("<1896.697170952@dbc.mtview.ca.us>"); // as in RFC 1939 7
            CHECK(fetch_all(host, piece, true).size() == 1);
            CHECK(host.asked.front() ==
                  "LoginAsked bob " +
                      pop3::apop_digest("<1896.697170952@dbc.mtview.ca.us>", "secret"));
        }
        SECTION("not offered")
        {
            CHECK(fetch_all(host, piece, true).size() == 1);
            CHECK(host.asked.front() == "LoginAsked bob secret");
        }
        SECTION("not wanted")
        {
            host.server.offer_apop("<1@mx>");
            CHECK(fetch_all(host, piece).size() == 1);
            CHECK(host.asked.front() == "LoginAsked bob secret");
        }
        SECTION("the wrong password")
        {
            host.server.offer_apop("<1@mx>");
            host.password = "another";
            CHECK(fetch_all(host, piece, true).empty());
        }
    }
    // The digest of RFC 1939 7, of the password "tanstaaf".
    CHECK(pop3::apop_digest("<1896.697170952@dbc.mtview.ca.us>", "tanstaaf") ==
          "c4c9334bac560ecc979e58001b3e22fb");
}

TEST_CASE("A client empties a server's maildrop, letter by letter the same", "[pop3]")
{
    Rng rng(3, "letters");
    PopHost host;
    std::vector<std::string> sent;
    for (int i = 0; i < 100; ++i) {
        std::string content = "Subject: letter\r\n\r\n";
        for (std::uint32_t lines = rng.below(20); lines > 0; --lines)
            content += std::string(rng.below(4), '.') + std::string(rng.below(30), 'x') + "\r\n";
        host.letters.push_back({"id-" + std::to_string(i), content});
        sent.push_back(content);
    }
    const std::size_t piece = GENERATE_COPY(1U, 5U, 1460U);
    REQUIRE(fetch_all(host, piece) == sent);
    REQUIRE(host.letters.empty());
}

TEST_CASE("A server hears the same in noise of any pieces", "[pop3]")
{
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        INFO("seed " << seed);
        Rng rng(seed, "pop3 server noise");
        const std::string input = random_input(rng);
        PopHost whole;
        whole.letters = {{"id", "A: b\r\n\r\ntext\r\n"}};
        PopHost pieces = whole;
        const std::string expected = whole.feed("") + whole.feed(input);
        std::string said = pieces.feed("");
        for (ByteView rest = input; !rest.empty();) {
            const std::size_t size = std::min<std::size_t>(1 + rng.below(9), rest.size());
            said += pieces.feed(rest.substr(0, size));
            rest.remove_prefix(size);
        }
        REQUIRE(said == expected);
        REQUIRE(pieces.told == whole.told);
        REQUIRE(pieces.server.state() == whole.server.state());
    }
}

TEST_CASE("A client hears the same in noise of any pieces", "[pop3]")
{
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        INFO("seed " << seed);
        Rng rng(seed, "pop3 client noise");
        const std::string input = "+OK\r\n+OK\r\n" + random_input(rng);
        const auto listen = [&](bool whole) {
            pop3::Client client = bobs_client();
            client.start(SimTime());
            std::vector<std::string> told;
            for (ByteView rest = input; !rest.empty();) {
                const std::size_t size =
                    whole ? rest.size() : std::min<std::size_t>(1 + rng.below(9), rest.size());
                client.receive(rest.substr(0, size), SimTime());
                rest.remove_prefix(size);
            }
            while (const std::optional<pop3::ClientEvent> event = client.next_event())
                told.push_back(describe(*event));
            told.emplace_back(pop3::to_string(client.state()));
            told.emplace_back(client.output().bytes());
            return told;
        };
        REQUIRE(listen(true) == listen(false));
    }
}
