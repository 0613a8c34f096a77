// Random input in random pieces: neither engine may stop the program, and the pieces may not
// matter. A failing seed is printed; it becomes a named test before the fix.
#include "sim/core/rng.h"
#include "sim/protocol/smtp/client.h"
#include "tests/support/smtp_host.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>

using namespace mailscope;
using namespace mailscope::test;
using Lines = std::vector<std::string>;

namespace
{

constexpr int rounds = 400;

/// Words of both sides' grammar and what lies near it, put together at random.
const std::vector<std::string> client_words = {"EHLO c.test",
                                               "HELO ",
                                               "MAIL FROM:<a@b.test>",
                                               "MAIL FROM:",
                                               "RCPT TO:<x@y.test>",
                                               "DATA",
                                               "BDAT 5",
                                               "BDAT 0 LAST",
                                               "BDAT 99999999999999999999",
                                               "RSET",
                                               "NOOP",
                                               "VRFY x",
                                               "QUIT ",
                                               "STARTTLS",
                                               "AUTH PLAIN",
                                               "AUTH LOGIN",
                                               "AUTH PLAIN AGEAYg==",
                                               "*",
                                               ".",
                                               "..",
                                               " SIZE=5",
                                               " NOTIFY=NEVER",
                                               "<\"",
                                               "\r\n",
                                               "\r\n",
                                               "\r\n",
                                               "\r\n",
                                               "\r\n",
                                               "\n",
                                               "\r",
                                               "\r\n.\r\n",
                                               std::string("\0", 1),
                                               "\xFF",
                                               "hello",
                                               "太郎"};

const std::vector<std::string> server_words = {"220 mx",
                                               "250-mx",
                                               "250 ok",
                                               "250 PIPELINING",
                                               "250-SIZE 10",
                                               "250-AUTH PLAIN LOGIN",
                                               "250-STARTTLS",
                                               "354 go",
                                               "334 ",
                                               "235 2.7.0 ok",
                                               "421 bye",
                                               "450 4.2.0 no",
                                               "550 5.1.1 no",
                                               "5",
                                               "+OK",
                                               " ",
                                               "-",
                                               "\r\n",
                                               "\r\n",
                                               "\r\n",
                                               "\r\n",
                                               "\r\n",
                                               "\n",
                                               "\r",
                                               "\xFF"};

std::string random_text(const std::vector<std::string> &words, Rng &rng)
{
    std::string text;
    for (std::uint32_t i = 0; i < 60; ++i)
        text += words[rng.below(static_cast<std::uint32_t>(words.size()))];
    // Now and then a line over every limit.
    if (rng.below(4) == 0)
        text.insert(rng.below(static_cast<std::uint32_t>(text.size())), std::string(13'000, 'x'));
    return text;
}

/// Hands `text` to `take` in pieces of 1 to `piece_max` octets.
template <class Take> void in_pieces(ByteView text, std::uint32_t piece_max, Rng &rng, Take take)
{
    while (!text.empty()) {
        const std::size_t piece = 1 + rng.below(piece_max);
        take(text.substr(0, piece));
        text.remove_prefix(std::min(piece, text.size()));
    }
}

/// Everything the server says and tells about `text`.
Lines server_hears(const std::string &text, std::uint32_t piece_max, Rng &rng)
{
    SmtpPolicy policy;
    policy.greeting = reply_of("220 mx.example.org");
    policy.options.hostname = "mx.example.org";
    policy.options.auth_plain = policy.options.auth_login = true;
    policy.relays = true;
    policy.options.size_limit = 2'000;
    policy.passwords = {{"a", "b"}};
    SmtpHost host(policy);
    std::string said = host.feed({});
    // Half of the texts are the content of a letter, at least at first.
    if (text.size() % 2 == 0)
        said += host.feed("MAIL FROM:<a@b.test>\r\nRCPT TO:<x@y.test>\r\nDATA\r\n");
    in_pieces(text, piece_max, rng, [&](ByteView piece) { said += host.feed(piece); });
    Lines result = host.take_events();
    result.push_back(said);
    for (const SmtpHost::Letter &letter : host.letters()) {
        CHECK(letter.content.size() <= policy.options.size_limit);
        result.push_back(letter.content);
    }
    return result;
}

/// Everything the client says and tells about `text`.
Lines client_hears(const std::string &text, std::uint32_t piece_max, Rng &rng)
{
    auto options = std::make_shared<smtp::ClientOptions>();
    options->hostname = "c.test";
    options->tls = smtp::TlsUse::Never;
    options->credentials = smtp::Credentials{"a", "b"};
    smtp::Client client(std::move(options), SimTime{});
    // Half of the texts answer a letter.
    if (text.size() % 2 == 0) {
        client.receive("220 mx\r\n250-mx\r\n250 AUTH PLAIN\r\n235 ok\r\n", SimTime{});
        smtp::Envelope envelope;
        envelope.recipients = {{"x@y.test", {}, {}}, {"z@y.test", {}, {}}};
        client.begin(std::move(envelope), SharedBytes::copy_of("hello\r\n"), smtp::After::Quit,
                     SimTime{});
    }
    Lines events;
    in_pieces(text, piece_max, rng, [&](ByteView piece) {
        client.receive(piece, SimTime{});
        while (const auto event = client.next_event())
            events.push_back(describe(*event));
    });
    events.emplace_back(client.output().bytes());
    return events;
}

} // namespace

TEST_CASE("The server hears the same however its input is cut", "[smtp][property]")
{
    for (std::uint64_t seed = 0; seed < rounds; ++seed) {
        INFO("seed " << seed);
        Rng rng(seed, "robustness");
        const std::string text = random_text(client_words, rng);
        const Lines whole = server_hears(text, 1U << 20U, rng);
        REQUIRE(server_hears(text, 1, rng) == whole);
        REQUIRE(server_hears(text, 200, rng) == whole);
    }
}

TEST_CASE("The client hears the same however its input is cut", "[smtp][property]")
{
    for (std::uint64_t seed = 0; seed < rounds; ++seed) {
        INFO("seed " << seed);
        Rng rng(seed, "robustness");
        const std::string text = random_text(server_words, rng);
        const Lines whole = client_hears(text, 1U << 20U, rng);
        REQUIRE(client_hears(text, 1, rng) == whole);
        REQUIRE(client_hears(text, 200, rng) == whole);
    }
}
