// What a mail server decides: each refusal with its cause, in a real server's words.
#include "sim/hosts/mail_policy.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;

namespace
{

constexpr Ipv4Address client_address{0xC6336407U}; // 198.51.100.7

/// mx.example.jp with bob, full carol, an alias, people who moved.
struct Server
{
    MailServerConfig config;
    mail::Store store{1};

    Server()
    {
        config.hostname = "mx.example.jp";
        LocalDomain domain{"example.jp", true, {}, {}};
        domain.aliases.push_back({"info", {"bob@example.jp"}});
        domain.moved.push_back({"old", "new@example.com", 550, false});
        domain.moved.push_back({"gone", "there@example.com", 551, false});
        domain.moved.push_back({"closed", "", 551, false});
        domain.moved.push_back({"follows", "bob@example.com", 251, true});
        config.domains.push_back(domain);
        add("bob@example.jp", 0);
        add("carol@example.jp", 10);
    }

    void add(const char *user, std::uint64_t quota)
    {
        const mail::StoreResult<mail::UserId> id = store.add_user(user, "secret", quota);
        REQUIRE(id.has_value());
        mail::NewLetter letter;
        letter.content = SharedBytes::copy_of("0123456789");
        REQUIRE(store.deliver(*id, letter).has_value());
    }

    /// The reply to RCPT TO as text; "accepted", "251 to ..." or "asks NAME" where it is none.
    std::string says(const ClientFacts &client, std::string_view sender,
                     std::string_view recipient) const
    {
        const RecipientDecision decision =
            decide_recipient(config, store, client, sender, recipient);
        if (const auto *reply = std::get_if<smtp::Reply>(&decision))
            return to_string(*reply);
        if (const auto *asked = std::get_if<DnsNeeded>(&decision))
            return "asks " + asked->name + " " + to_string(asked->type);
        const std::string &forwarded = std::get<Accepted>(decision).forwarded_to;
        return forwarded.empty() ? "accepted" : "251 to " + forwarded;
    }
};

ClientFacts stranger()
{
    ClientFacts client;
    client.address = client_address;
    return client;
}

ClientFacts submitter(const char *identity)
{
    ClientFacts client = stranger();
    client.is_submission = true;
    client.identity = identity;
    return client;
}

ClientFacts with_fact(ClientFacts client, Purpose purpose, const char *name, dns::OutcomeKind kind)
{
    client.dns.push_back({purpose, name, kind, false, ""});
    return client;
}

} // namespace

TEST_CASE("A server says of each recipient what a real server says", "[policy]")
{
    const Server server;
    const auto says = [&](std::string_view to) {
        return server.says(stranger(), "alice@example.com", to);
    };
    CHECK(says("bob@example.jp") == "accepted");
    CHECK(says("BOB@Example.JP") == "accepted");
    CHECK(says("info@example.jp") == "accepted");
    CHECK(says("carol@example.jp") == "accepted"); // full, but found out at delivery
    CHECK(says("bbo@example.jp") ==
          "550 5.1.1 <bbo@example.jp>: Recipient address rejected: User unknown in virtual "
          "mailbox table");
    CHECK(says("old@example.jp") == "550 5.1.6 <old@example.jp>: Recipient address rejected: User "
                                    "has moved to new@example.com");
    CHECK(says("gone@example.jp") == "551 5.1.6 <gone@example.jp>: Recipient address rejected: "
                                     "User not local; please try <there@example.com>");
    CHECK(says("closed@example.jp") ==
          "551 5.1.6 <closed@example.jp>: Recipient address rejected: User not local");
    CHECK(says("follows@example.jp") == "251 to bob@example.com");
    CHECK(says("x@elsewhere.test") == "554 5.7.1 <x@elsewhere.test>: Relay access denied");
}

TEST_CASE("An administrator may have a full mailbox refused at once", "[policy]")
{
    Server server;
    server.config.policy.quota_check = QuotaCheck::AtRecipient;
    CHECK(server.says(stranger(), "alice@example.com", "carol@example.jp") ==
          "552 5.2.2 <carol@example.jp>: Recipient address rejected: Mailbox full");
    CHECK(server.says(stranger(), "alice@example.com", "bob@example.jp") == "accepted");
}

TEST_CASE("Submission is for one's own address only", "[policy]")
{
    const Server server;
    const std::string to = "alice@example.com";
    CHECK(server.says(submitter("bob@example.jp"), "bob@example.jp", to) == "accepted");
    CHECK(server.says(submitter("bob@example.jp"), "carol@example.jp", to) ==
          "553 5.7.1 <carol@example.jp>: Sender address rejected: not owned by user "
          "bob@example.jp");
    CHECK(server.says(submitter("bob@example.jp"), "nobody@example.jp", to) ==
          "553 5.7.1 <nobody@example.jp>: Sender address rejected: not owned by user "
          "bob@example.jp");
    CHECK(server.says(submitter(""), "bob@example.jp", to) ==
          "553 5.7.1 <bob@example.jp>: Sender address rejected: not logged in");
    CHECK(server.says(submitter(""), "x@example.com", to) ==
          "554 5.7.1 <alice@example.com>: Relay access denied");
}

TEST_CASE("Clients are refused by hand or because a blocklist names them", "[policy]")
{
    Server server;
    const auto says = [&](const ClientFacts &client) {
        return server.says(client, "alice@example.com", "bob@example.jp");
    };
    server.config.policy.refused_clients = {"198.51.100.0/24"};
    CHECK(says(stranger()) ==
          "554 5.7.1 <unknown[198.51.100.7]>: Client host rejected: Access denied");
    server.config.policy.refused_clients.clear();
    server.config.policy.dnsbl = "bl.example";
    CHECK(says(stranger()) == "asks 7.100.51.198.bl.example A");
    const char *name = "7.100.51.198.bl.example";
    CHECK(says(with_fact(stranger(), Purpose::Blocklist, name, dns::OutcomeKind::NameError)) ==
          "accepted");
    ClientFacts listed = with_fact(stranger(), Purpose::Blocklist, name, dns::OutcomeKind::Answer);
    CHECK(says(listed) == "asks 7.100.51.198.bl.example TXT");
    listed.dns.push_back({Purpose::BlocklistText, name, dns::OutcomeKind::Answer, false, "spam"});
    CHECK(says(listed) == "554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using "
                          "bl.example; spam");
}

TEST_CASE("A sender's domain that the DNS does not know is 450 4.1.8 where so configured",
          "[policy]")
{
    Server server;
    server.config.policy.refuse_unknown_sender_domain = true;
    const auto says = [&](const ClientFacts &client) {
        return server.says(client, "x@lost.test", "bob@example.jp");
    };
    const std::string refusal =
        "450 4.1.8 <x@lost.test>: Sender address rejected: Domain not found";
    CHECK(says(stranger()) == "asks lost.test MX");
    for (const dns::OutcomeKind kind :
         {dns::OutcomeKind::NameError, dns::OutcomeKind::TimedOut, dns::OutcomeKind::ServerFailure})
        CHECK(says(with_fact(stranger(), Purpose::SenderMx, "lost.test", kind)) == refusal);
    CHECK(says(with_fact(stranger(), Purpose::SenderMx, "lost.test", dns::OutcomeKind::Answer)) ==
          "accepted");
    const ClientFacts no_mx =
        with_fact(stranger(), Purpose::SenderMx, "lost.test", dns::OutcomeKind::NoData);
    CHECK(says(no_mx) == "asks lost.test A");
    CHECK(says(with_fact(no_mx, Purpose::SenderA, "lost.test", dns::OutcomeKind::Answer)) ==
          "accepted");
    CHECK(says(with_fact(no_mx, Purpose::SenderA, "lost.test", dns::OutcomeKind::NoData)) ==
          refusal);
    CHECK(server.says(stranger(), "", "bob@example.jp") == "accepted"); // a report
}

TEST_CASE("A recipient's domain that the DNS does not know is refused where so configured",
          "[policy]")
{
    Server server;
    const auto says = [&](dns::OutcomeKind kind) {
        return server.says(
            with_fact(submitter("bob@example.jp"), Purpose::RecipientMx, "lost.test", kind),
            "bob@example.jp", "x@lost.test");
    };
    CHECK(says(dns::OutcomeKind::NameError) == "accepted");
    server.config.policy.unknown_recipient_domain = UnknownDomain::ReplyTemporary;
    CHECK(says(dns::OutcomeKind::NameError) ==
          "450 4.1.2 <x@lost.test>: Recipient address rejected: Domain not found");
    server.config.policy.unknown_recipient_domain = UnknownDomain::ReplyPermanent;
    CHECK(says(dns::OutcomeKind::NameError) ==
          "550 5.1.2 <x@lost.test>: Recipient address rejected: Domain not found");
    CHECK(says(dns::OutcomeKind::ServerFailure) ==
          "450 4.1.2 <x@lost.test>: Recipient address rejected: Domain not found");
    ClientFacts null_mx = submitter("bob@example.jp");
    null_mx.dns.push_back({Purpose::RecipientMx, "lost.test", dns::OutcomeKind::Answer, true, ""});
    CHECK(server.says(null_mx, "bob@example.jp", "x@lost.test") ==
          "556 5.1.10 <x@lost.test>: Recipient address rejected: Domain lost.test does not accept "
          "mail (nullMX)");
}

TEST_CASE("A greeting says whether there is service", "[policy]")
{
    Server server;
    const auto says = [&](std::uint32_t open) {
        return to_string(greeting(server.config, client_address, open, {}));
    };
    CHECK(says(1) == "220 mx.example.jp ESMTP Postfix");
    CHECK(says(server.config.policy.connections_max + 1) ==
          "421 4.7.0 mx.example.jp Error: too many connections from 198.51.100.7");
    server.config.policy.maintenance = Maintenance::TryLater;
    CHECK(says(1).substr(0, 9) == "421 4.3.2");
    server.config.policy.maintenance = Maintenance::Closed;
    CHECK(says(1).substr(0, 9) == "554 5.3.2");
}

TEST_CASE("Sizes are refused when announced and when they come", "[policy]")
{
    Server server;
    server.config.policy.size_limit = 2000;
    CHECK_FALSE(refuse_sender(server.config, 2000));
    CHECK(to_string(*refuse_sender(server.config, 2001)) ==
          "552 5.3.4 Message size exceeds fixed limit");
    CHECK(to_string(*refuse_content(server.config, 2001)) ==
          "552 5.3.4 Error: message file too big");
    server.config.policy.size_limit = 0;
    CHECK_FALSE(refuse_content(server.config, 1'000'000'000));
}

TEST_CASE("Retries come at Postfix's intervals unless others are set", "[policy]")
{
    MailPolicy policy;
    CHECK(retry_wait(policy, 1) == 300s);
    CHECK(retry_wait(policy, 2) == 600s);
    CHECK(retry_wait(policy, 5) == 4000s);
    CHECK(retry_wait(policy, 50) == 4000s);
    policy.retry = {1min, 2min};
    CHECK(retry_wait(policy, 1) == 1min);
    CHECK(retry_wait(policy, 9) == 2min);
}
