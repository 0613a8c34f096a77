// How a device takes letters from its mailbox, against the real POP server role.
#include "sim/core/digest.h"
#include "sim/hosts/mail_client.h"
#include "sim/mail/status_report.h"
#include "tests/unit/hosts/device.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::test;
using Lines = std::vector<std::string>;

TEST_CASE("A device takes its letters and the server keeps none", "[hosts]")
{
    MailHosts hosts;
    Device laptop(hosts, "laptop", hosts.settings());
    hosts.deliver("One");
    hosts.deliver("=?utf-8?B?5YaZ55yf?=");
    laptop.fetches();
    CHECK(laptop.story() == Lines{"fetch-began: mail.example.jp", "letter-fetched: One",
                                  "letter-fetched: 写真", "fetch-ended"});
    CHECK(hosts.bench.story(hosts.mail) == Lines{"login-succeeded: bob",
                                                 "letter-removed: bob@example.jp",
                                                 "letter-removed: bob@example.jp"});
    CHECK(hosts.mailbox().empty());
    CHECK(laptop.client.inbox().size() == 2);
    CHECK(laptop.client.idle());
    CHECK_FALSE(hosts.locked());
}

TEST_CASE("A letter left on the server is fetched once", "[hosts]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.settings();
    settings.leave_on_server = true;
    Device laptop(hosts, "laptop", settings);
    hosts.deliver("One");
    laptop.fetches();
    laptop.fetches();
    CHECK(laptop.count(RecordKind::LetterFetched) == 1);
    CHECK(laptop.count(RecordKind::FetchEnded) == 2);
    CHECK(hosts.mailbox().size() == 1);
    hosts.mailbox().for_each([](const mail::StoredLetter &letter) {
        CHECK((letter.flags & mail::letter_flag::seen) != 0);
    });
}

TEST_CASE("A wrong password is shown to the person and takes nothing", "[hosts]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.settings();
    settings.incoming.password = "guess";
    Device laptop(hosts, "laptop", settings);
    hosts.deliver("One");
    laptop.fetches();
    CHECK(laptop.story() == Lines{"fetch-began: mail.example.jp", "login-failed: bob"});
    CHECK(hosts.bench.story(hosts.mail) == Lines{"login-failed: bob"});
    CHECK(laptop.client.last_problem().text == "-ERR [AUTH] Authentication failed.");
    CHECK(laptop.client.idle());
    laptop.client.edit_settings().incoming.password = "secret";
    laptop.fetches();
    CHECK(laptop.client.inbox().size() == 1);
}

TEST_CASE("A second device finds the mailbox locked until the first hangs up", "[hosts]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.settings();
    Device tablet(hosts, "tablet", settings);
    settings.stays_connected = true;
    Device laptop(hosts, "laptop", settings);
    hosts.deliver("One");
    hosts.deliver("Two");
    laptop.fetches();
    CHECK(laptop.count(RecordKind::LetterFetched) == 2);
    CHECK(hosts.locked());
    tablet.fetches();
    CHECK(tablet.story() == Lines{"fetch-began: mail.example.jp", "mailbox-locked: bob"});

    laptop.does([](MailClient &client, Env &env) { client.hang_up(env); });
    hosts.bench.run(1min);
    CHECK(laptop.count(RecordKind::FetchEnded) == 1);
    CHECK(hosts.mailbox().empty());
    tablet.fetches();
    CHECK(tablet.count(RecordKind::FetchEnded) == 1);
}

TEST_CASE("A session that is kept open with nothing to take locks the mailbox too", "[hosts]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.settings();
    settings.stays_connected = true;
    settings.leave_on_server = true;
    Device laptop(hosts, "laptop", settings);
    hosts.deliver("One");
    laptop.fetches();
    laptop.does([](MailClient &client, Env &env) { client.hang_up(env); });
    laptop.fetches();
    CHECK(hosts.locked());
    laptop.does([](MailClient &client, Env &env) { client.hang_up(env); });
    hosts.bench.run(1min);
    CHECK_FALSE(hosts.locked());
    CHECK(laptop.count(RecordKind::FetchEnded) == 2);
}

TEST_CASE("A server that speaks SMTP is no POP server", "[hosts]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.settings();
    settings.incoming.port = 587;
    Device laptop(hosts, "laptop", settings);
    laptop.fetches();
    CHECK(laptop.count(RecordKind::WrongProtocol) == 1);
    CHECK(laptop.story() == Lines{"fetch-began: mail.example.jp", "fetch-failed: wrong protocol"});
    CHECK(laptop.client.last_problem().text == "220 mail.example.jp ESMTP");
    CHECK(laptop.client.idle());
}

TEST_CASE("A wire cut in the middle of a letter loses none and doubles none", "[hosts]")
{
    MailHosts hosts;
    Device laptop(hosts, "laptop", hosts.settings());
    hosts.deliver("Small");
    hosts.deliver("Large", 3'000'000);
    laptop.fetches(200ms);
    REQUIRE(laptop.count(RecordKind::LetterFetched) == 1);
    REQUIRE_FALSE(laptop.client.idle());
    hosts.bench.wire(hosts.host_of(laptop.client)).cut = true;
    hosts.bench.run(2h);
    CHECK(laptop.count(RecordKind::FetchFailed) == 1);
    CHECK(hosts.mailbox().size() == 2);
    CHECK_FALSE(hosts.locked());

    hosts.bench.wire(hosts.host_of(laptop.client)).cut = false;
    laptop.fetches();
    CHECK(laptop.count(RecordKind::LetterFetched) == 2);
    CHECK(laptop.client.inbox().size() == 2);
    CHECK(hosts.mailbox().empty());
}

TEST_CASE("Without a network a fetch fails at once and old letters can be read", "[hosts]")
{
    MailHosts hosts;
    Device laptop(hosts, "laptop", hosts.settings());
    hosts.deliver("One");
    hosts.deliver("Two");
    laptop.fetches();
    laptop.does([](MailClient &client, Env &env) { client.go_offline(env); });
    laptop.fetches();
    CHECK(laptop.story().back() == "action-failed: offline");
    laptop.does([](MailClient &client, Env &env) {
        CHECK(client.read(env, "One"));
        CHECK(client.read(env, ""));
        CHECK_FALSE(client.read(env, ""));
        CHECK_FALSE(client.read(env, "Three"));
        CHECK(client.delete_letter(env, "One"));
    });
    CHECK(laptop.count(RecordKind::LetterRead) == 2);
    CHECK(laptop.story().back() == "letter-deleted: One");
    REQUIRE(laptop.client.inbox_rows().size() == 1);
    CHECK(laptop.client.inbox_rows().front().subject == "Two");
    CHECK(laptop.client.inbox_rows().front().seen);
}

TEST_CASE("Going offline breaks a fetch off, and orders to fetch twice are obeyed", "[hosts]")
{
    MailHosts hosts;
    Device laptop(hosts, "laptop", hosts.settings());
    laptop.orders_fetch();
    laptop.does([](MailClient &client, Env &env) { client.go_offline(env); });
    hosts.bench.run(1min);
    CHECK(laptop.story() == Lines{"fetch-began: mail.example.jp", "fetch-failed: offline"});
    laptop.does([](MailClient &client, Env &env) { client.go_online(env); });
    laptop.orders_fetch();
    laptop.orders_fetch();
    hosts.bench.run(1min);
    CHECK(laptop.count(RecordKind::FetchEnded) == 2);
}

TEST_CASE("A name that does not exist is no server to fetch from", "[hosts]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.settings();
    settings.incoming.host = "pop.example.jp";
    Device laptop(hosts, "laptop", settings);
    laptop.fetches();
    CHECK(laptop.story().back() == "fetch-failed: pop.example.jp: name-error");
}

TEST_CASE("A program that checks for mail fetches by itself while it is online", "[hosts]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.settings();
    settings.check_every = 10min;
    Device laptop(hosts, "laptop", settings);
    laptop.does([](MailClient &client, Env &env) { client.start(env); });
    hosts.bench.run(35min);
    CHECK(laptop.count(RecordKind::FetchEnded) == 3);
    laptop.does([](MailClient &client, Env &env) { client.go_offline(env); });
    hosts.bench.run(35min);
    CHECK(laptop.count(RecordKind::FetchBegan) == 3);
}

TEST_CASE("With TLS a letter travels as octets that tell nothing", "[hosts]")
{
    pop3::ServerOptions options;
    options.login = pop3::LoginRule::OnlyWithTls;
    MailHosts hosts(options);
    MailClientSettings settings = hosts.settings();
    settings.incoming.tls = smtp::TlsUse::Required;
    Device laptop(hosts, "laptop", settings);
    hosts.deliver("One");
    laptop.fetches();
    CHECK(laptop.client.inbox().size() == 1);
    CHECK(hosts.bench.count(hosts.mail, RecordKind::TlsEstablished) == 1);
    CHECK(laptop.count(RecordKind::TlsEstablished) == 1);
    std::string wire;
    std::string lines;
    hosts.bench.records.for_each([&](const Record &record) {
        if (record.kind == RecordKind::CiphertextSent)
            wire += record.text.view();
        else if (record.kind == RecordKind::CommandSent || record.kind == RecordKind::ContentSent)
            lines += record.text.view();
    });
    CHECK(lines.find("PASS secret") != std::string::npos);
    CHECK(lines.find("Subject: One") != std::string::npos);
    CHECK(wire.find("PASS secret") == std::string::npos);
    CHECK(wire.find("Subject: One") == std::string::npos);
    CHECK(wire.find("mail.example.jp") != std::string::npos);
}

TEST_CASE("A certificate for another name ends the session before the password", "[hosts]")
{
    MailHosts hosts;
    hosts.bench.add_name("pop.example.jp. 300 A 192.0.2.1");
    MailClientSettings settings = hosts.settings();
    settings.incoming.host = "pop.example.jp";
    settings.incoming.tls = smtp::TlsUse::IfOffered;
    Device laptop(hosts, "laptop", settings);
    laptop.fetches();
    CHECK(laptop.count(RecordKind::TlsFailed) == 1);
    CHECK(laptop.story().back() ==
          "fetch-failed: certificate of mail.example.jp, not of pop.example.jp");
    CHECK(hosts.bench.story(hosts.mail).empty());
}

TEST_CASE("A delivery report is a letter that says what failed", "[hosts]")
{
    MailHosts hosts;
    Device laptop(hosts, "laptop", hosts.settings());
    mail::StatusReport report;
    report.reporting_mta = {"dns", "mail.example.jp"};
    report.recipients.resize(1);
    report.recipients[0].final_recipient = {"rfc822", "nobody@example.com"};
    report.recipients[0].status = "5.1.1";
    mail::ReportCover cover;
    cover.to = *mail::parse_address("bob@example.jp");
    cover.host = "mail.example.jp";
    cover.domain = "example.jp";
    cover.queue_id = "4Fxyz";
    cover.message_id = "<r1@example.jp>";
    hosts.deliver_message(mail::build_status_report(report, cover));
    laptop.fetches();
    REQUIRE(laptop.client.inbox_rows().size() == 1);
    const LetterRow row = laptop.client.inbox_rows().front();
    CHECK(row.is_report);
    CHECK(row.report_action == "failed");
    CHECK(row.report_status == "5.1.1");
    CHECK(row.report_recipient == "nobody@example.com");
}

TEST_CASE("A copied mail program and its original do not know each other", "[hosts]")
{
    MailHosts hosts;
    Device laptop(hosts, "laptop", hosts.settings());
    hosts.deliver("One");
    laptop.fetches();
    laptop.orders_fetch();
    const MailClient copy = laptop.client;
    const auto print = [](const MailClient &client) {
        Digest digest;
        client.mix(digest);
        return digest.value();
    };
    const std::uint64_t before = print(copy);
    CHECK(before == print(laptop.client));
    laptop.does([](MailClient &client, Env &env) { CHECK(client.delete_letter(env, "")); });
    hosts.bench.run(1min);
    CHECK(print(copy) == before);
    CHECK(print(laptop.client) != before);
    CHECK(copy.inbox().size() == 1);
    CHECK_FALSE(copy.idle());
}
