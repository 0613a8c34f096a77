// Our server against recorded servers: it hears what the recorded client said, decides as the
// recorded server was configured to, and has to say the same, in three ways of delivery.
#include "sim/hosts/mail_words.h"
#include "tests/support/reference.h"
#include "tests/support/smtp_host.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

bool mentions(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

/// Queue ids and dates differ from run to run.
std::string mask(const std::string &line)
{
    for (const std::string_view front : {"queued as ", "OK id=", "Exim 4.96 "})
        if (const std::size_t at = line.find(front); at != std::string::npos)
            return line.substr(0, at) + std::string(front) + "...";
    if (const std::size_t at = line.rfind(" Saved"); at != std::string::npos)
        return line.substr(0, line.rfind(' ', at - 1)) + " ... Saved";
    return line;
}

/// Sets the server up as the recorded EHLO reply says it was.
void offer_as_recorded(const ReferenceCase &recorded, smtp::ServerOptions &options)
{
    std::string offers;
    for (const Recorded &line : recorded.lines)
        if (line.side == Side::Server && line.text.rfind("250", 0) == 0)
            offers += line.text.substr(4) + "\n";
    if (!mentions(offers, "SIZE"))
        return; // the client said HELO
    options.pipelining = mentions(offers, "PIPELINING");
    options.vrfy = mentions(offers, "VRFY");
    options.etrn = mentions(offers, "ETRN");
    options.starttls = mentions(offers, "STARTTLS");
    options.auth_plain = mentions(offers, "AUTH PLAIN");
    options.auth_login = mentions(offers, "AUTH PLAIN LOGIN");
    options.eight_bit_mime = mentions(offers, "8BITMIME");
    options.dsn = mentions(offers, "DSN");
    options.smtputf8 = mentions(offers, "SMTPUTF8");
    options.chunking = mentions(offers, "CHUNKING");
    options.size_limit = std::stoull(offers.substr(offers.find("SIZE ") + 5));
}

/// The server of the family exim: its users, and what its access list says about them.
SmtpPolicy exim_policy_of(const ReferenceCase &recorded)
{
    SmtpPolicy policy;
    policy.greeting = reply_of(recorded.lines.front().text);
    policy.options.hostname = "mx.exim.test";
    policy.options.dialect = smtp::Dialect::Exim;
    policy.options.auth_plain = true;
    policy.options.auth_login = true;
    policy.options.etrn = false;
    policy.options.dsn = false;
    policy.options.size_limit = 2000;
    policy.domains = {"exim.test", "example.test"};
    policy.users = {"alice"};
    policy.passwords = {{"yamada", "secret-yamada"}};
    const auto says = [](Verdict verdict, std::initializer_list<std::string_view> about = {}) {
        return say(smtp::Dialect::Exim, verdict, about);
    };
    policy.answers = {{"grey@exim.test", says(Verdict::Greylisted)},
                      {"x@lame.test", says(Verdict::SenderDomainNoAnswer)},
                      {"listed@exim.test",
                       says(Verdict::BlocklistedWhy,
                            {"127.0.0.1", "dnsbl.test",
                             "Listed for the exercise, see http://dnsbl.test/lookup?127.0.0.1"})},
                      {"plaindeny@exim.test", says(Verdict::ClientRefused)},
                      {"full@exim.test", says(Verdict::MailboxFull)}};
    policy.senders = {{"blocked@sender.test", says(Verdict::NotOwned)}};
    return policy;
}

/// The server of the family lmtp: its users, and the two whose quota the notes tell of.
SmtpPolicy lmtp_policy()
{
    SmtpPolicy policy;
    policy.greeting = reply_of("220 mx.example.test Dovecot (Debian) ready.");
    policy.options.hostname = "mx.example.test";
    policy.options.dialect = smtp::Dialect::Dovecot;
    policy.options.lmtp = true;
    policy.options.starttls = true;
    policy.domains = {"example.test"};
    policy.users = {"alice", "bob", "few", "tiny"};
    policy.room = {{"few", 0}, {"tiny", 8192}};
    return policy;
}

SmtpPolicy policy_of(const ReferenceCase &recorded)
{
    if (recorded.family == "lmtp")
        return lmtp_policy();
    if (recorded.family == "exim")
        return exim_policy_of(recorded);
    SmtpPolicy policy;
    const bool submission = mentions(recorded.lines.front().text, "mail.sender.test");
    std::string greeting = recorded.lines.front().text;
    for (std::size_t i = 1; greeting[3] == '-' && i < 2; ++i)
        greeting += "\n" + recorded.lines[i].text;
    policy.greeting = reply_of(greeting);
    policy.options.hostname = submission ? "mail.sender.test" : "mx.example.test";
    policy.options.starttls = true;
    policy.domains = {"example.test", "cases.test", "grey.cases.test", "closed.cases.test"};
    policy.users = {"alice", "bob",  "carol",      "hanako", "pop",
                    "太郎",  "tiny", "postmaster", "old",    "gone"};
    policy.passwords = {{"yamada@sender.test", "secret-yamada"}};
    policy.relays = submission;
    policy.options.auth_plain = submission;
    policy.options.auth_login = submission;
    offer_as_recorded(recorded, policy.options);
    if (mentions(recorded.config_notes, "AUTH required"))
        policy.unauthenticated =
            reply_of("554 5.7.1 <localhost[127.0.0.1]>: Client host rejected: Access denied");
    policy.options.strict_envelopes = mentions(recorded.config_notes, "strict_rfc821_envelopes");
    policy.options.helo_required = mentions(recorded.config_notes, "helo_required");
    policy.options.tls_required = mentions(recorded.config_notes, "STARTTLS required");
    if (mentions(recorded.config_notes, "smtpd_recipient_limit=2"))
        policy.options.recipients_max = 2;
    if (mentions(recorded.config_notes, "forbid_bare_newline=no"))
        policy.options.bare_newline = smtp::BareNewline::Allow;
    return policy;
}

/// What an administrator's tables or the DNS say in the cases of errors/: per address or name.
void decide_as_recorded(const ReferenceCase &recorded, SmtpPolicy &policy)
{
    for (std::size_t i = 0; i + 1 < recorded.lines.size(); ++i) {
        const std::string &line = recorded.lines[i].text;
        if (line.rfind("RCPT TO:<", 0) != 0)
            continue;
        const std::string address = line.substr(9, line.find('>') - 9);
        const smtp::Reply reply = reply_of(recorded.lines[i + 1].text);
        const bool about_recipient = mentions(reply.text, "<" + address + ">");
        const bool own_reply = reply.code == 503 || reply.status == smtp::EnhancedStatus{4, 5, 3};
        if (own_reply || reply.is_positive())
            continue;
        const std::size_t open = reply.text.find('<');
        const std::string about = reply.text.substr(open + 1, reply.text.find('>') - open - 1);
        if (about_recipient || open == std::string::npos || mentions(about, "["))
            policy.answers[address] = reply;
        else
            policy.answers[about] = reply;
    }
}

void replay_family(const std::string &family)
{
    for (const ReferenceCase &recorded : reference_family(family)) {
        for (const Delivery delivery : {Delivery::Whole, Delivery::ByteByByte, Delivery::Glued}) {
            SmtpPolicy policy = policy_of(recorded);
            if (family == "errors")
                decide_as_recorded(recorded, policy);
            SmtpHost host(policy);
            std::vector<std::string> found = replay(
                recorded, Side::Client, delivery,
                [&](ByteView bytes) {
                    std::string said = host.feed(bytes);
                    if (mentions(recorded.config_notes, "the client is silent") &&
                        host.server().state() == smtp::ServerState::Identified) {
                        const SimTime deadline = host.server().next_deadline();
                        host.server().on_time(deadline);
                        said += host.drain(deadline);
                    }
                    return said;
                },
                mask);
            INFO(family << '/' << recorded.name << ", delivery " << static_cast<int>(delivery));
            CHECK(unexplained(recorded, std::move(found)) == std::vector<std::string>{});
            CHECK(host.server().wants_close() == recorded.server_closed);
        }
    }
}

} // namespace

TEST_CASE("The server says what Postfix says when receiving mail", "[smtp][reference]")
{
    replay_family("smtp");
}

TEST_CASE("The server says what Postfix says to a mail program", "[smtp][reference]")
{
    replay_family("submission");
}

TEST_CASE("The server says what Postfix says in each condition of error", "[smtp][reference]")
{
    replay_family("errors");
}

TEST_CASE("The server is as hard to smuggle through as Postfix", "[smtp][reference]")
{
    replay_family("smuggling");
}

TEST_CASE("The server says what Exim says when it is to speak like Exim", "[smtp][reference]")
{
    replay_family("exim");
}

TEST_CASE("The server says what Dovecot says to a delivery by LMTP", "[smtp][reference]")
{
    replay_family("lmtp");
}
