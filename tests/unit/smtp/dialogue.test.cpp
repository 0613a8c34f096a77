// The dialogues of tests/dialogue/smtp, each played whole, byte by byte and glued together.
#include "tests/support/dialogue.h"

#include "sim/core/text.h"
#include "tests/support/smtp_host.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

void apply(const std::string &option, SmtpPolicy &policy)
{
    smtp::ServerOptions &options = policy.options;
    const std::string word = option.substr(0, option.find(' '));
    const std::string value = option.substr(std::min(option.size(), word.size() + 1));
    INFO("option: " << option);
    if (word == "helo_required")
        options.helo_required = true;
    else if (word == "starttls")
        options.starttls = true;
    else if (word == "lmtp") {
        options.lmtp = true;
        options.dialect = smtp::Dialect::Dovecot;
    } else if (word == "auth")
        options.auth_plain = options.auth_login = true;
    else if (word == "auth_required")
        options.auth_required = true;
    else if (word == "reject_bare_newline")
        options.bare_newline = smtp::BareNewline::Reject;
    else if (word == "errors_max")
        options.errors_max = static_cast<std::uint32_t>(parse_decimal(value).value());
    else if (word == "size_limit")
        options.size_limit = parse_decimal(value).value();
    else if (word == "greeting")
        policy.greeting = reply_of(value);
    else
        FAIL("unknown option");
}

SmtpPolicy policy_of(const Dialogue &dialogue)
{
    SmtpPolicy policy;
    policy.options.hostname = "mx.example.org";
    policy.greeting = reply_of("220 mx.example.org ESMTP");
    policy.domains = {"example.org"};
    policy.users = {"bob", "carol", "nobody"};
    policy.passwords = {{"alice", "sesame"}};
    for (const std::string &option : dialogue.options)
        apply(option, policy);
    for (const auto &[about, reply] : dialogue.answers)
        policy.answers[about.substr(1, about.size() - 2)] = reply_of(reply);
    return policy;
}

Played play_at(const Dialogue &dialogue, Delivery delivery)
{
    SmtpHost host(policy_of(dialogue));
    DialogueEngine engine;
    engine.feed = [&host](ByteView bytes) { return host.feed(bytes); };
    engine.silence = [&host] {
        const SimTime deadline = host.server().next_deadline();
        host.server().on_time(deadline);
        return host.drain(deadline);
    };
    engine.gone = [&host] {
        host.server().peer_closed(SimTime{});
        return host.drain(SimTime{});
    };
    engine.take_events = [&host] { return host.take_events(); };
    engine.state = [&host] { return std::string(to_string(host.server().state())); };
    return play(dialogue, delivery, engine);
}

} // namespace

TEST_CASE("SMTP dialogues go as written, however the bytes arrive", "[smtp][dialogue]")
{
    for (const Dialogue &dialogue : dialogues_in("smtp")) {
        INFO(dialogue.name);
        const Played whole = play_at(dialogue, Delivery::Whole);
        CHECK(whole.differences == std::vector<std::string>{});
        const Played bytewise = play_at(dialogue, Delivery::ByteByByte);
        CHECK(bytewise.differences == std::vector<std::string>{});
        CHECK(bytewise.events == whole.events);
        if (!dialogue.may_be_glued)
            continue;
        const Played glued = play_at(dialogue, Delivery::Glued);
        CHECK(glued.differences == std::vector<std::string>{});
        CHECK(glued.events == whole.events);
    }
}
