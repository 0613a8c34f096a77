// How a device keeps copies of its mailbox by IMAP, against the real IMAP server role.
#include "sim/hosts/mail_client.h"
#include "tests/unit/hosts/device.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::test;
using Lines = std::vector<std::string>;

namespace
{

/// A device of bob's that reads by IMAP, and what happened there.
struct ImapDevice : Device
{
    ImapDevice(MailHosts &all, std::string_view name, MailClientSettings settings)
        : Device(all, name, std::move(settings))
    {
    }
    ImapDevice(MailHosts &all, std::string_view name) : ImapDevice(all, name, all.imap_settings())
    {
    }

    /// An order, and what follows from it.
    template <class Order> void does(Order order, Duration how_long = 1min)
    {
        Device::does(order);
        hosts.bench.run(how_long);
    }
    void reads(std::string_view subject)
    {
        does([&](MailClient &mine, Env &env) { CHECK(mine.read(env, subject).has_value()); });
    }
    void deletes(std::string_view subject)
    {
        does([&](MailClient &mine, Env &env) {
            CHECK(mine.delete_letter(env, subject).has_value());
        });
    }
    void goes_offline()
    {
        does([](MailClient &mine, Env &env) { mine.go_offline(env); });
    }
    void goes_online()
    {
        does([](MailClient &mine, Env &env) { mine.go_online(env); });
    }
    void sends(std::string_view subject)
    {
        Draft draft;
        draft.to = {"carol@example.jp"};
        draft.subject = subject;
        does([&](MailClient &mine, Env &env) { mine.write_and_send(env, draft); });
    }
};

} // namespace

TEST_CASE("A device copies its letters, and they stay on the server", "[hosts][imap]")
{
    MailHosts hosts;
    ImapDevice laptop(hosts, "laptop");
    hosts.deliver("One");
    hosts.deliver("=?utf-8?B?5YaZ55yf?=");
    laptop.fetches();
    CHECK(laptop.story() == Lines{"fetch-began: mail.example.jp", "letter-fetched: One",
                                  "letter-fetched: 写真", "fetch-ended"});
    CHECK(hosts.mailbox().size() == 2);
    CHECK(laptop.client.inbox().size() == 2);
    laptop.fetches();
    CHECK(laptop.count(RecordKind::LetterFetched) == 2);
    CHECK(laptop.client.idle());
}

TEST_CASE("What is read or deleted on one device is so on the other", "[hosts][imap]")
{
    MailHosts hosts;
    ImapDevice laptop(hosts, "laptop");
    ImapDevice phone(hosts, "phone");
    hosts.deliver("One");
    hosts.deliver("Two");
    laptop.fetches();
    phone.fetches();
    laptop.reads("One");
    laptop.deletes("Two");
    CHECK(hosts.mailbox().size() == 1);
    phone.fetches();
    CHECK(phone.count(RecordKind::FlagsLearned) == 1);
    CHECK(phone.count(RecordKind::LetterVanished) == 1);
    REQUIRE(phone.client.inbox_rows().size() == 1);
    CHECK(phone.client.inbox_rows().front().seen);
}

TEST_CASE("What is done offline is told to the server when there is a network", "[hosts][imap]")
{
    MailHosts hosts;
    ImapDevice laptop(hosts, "laptop");
    hosts.deliver("One");
    hosts.deliver("Two");
    laptop.fetches();
    laptop.goes_offline();
    laptop.reads("One");
    laptop.deletes("Two");
    CHECK(laptop.client.pending_changes().size() == 2);
    CHECK(hosts.mailbox().size() == 2);
    laptop.goes_online();
    CHECK(laptop.client.pending_changes().empty());
    REQUIRE(hosts.mailbox().size() == 1);
    hosts.mailbox().for_each([](const mail::StoredLetter &letter) {
        CHECK((letter.flags & mail::letter_flag::seen) != 0);
    });
}

TEST_CASE("A device that listens hears of a new letter, until it hangs up", "[hosts][imap]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.imap_settings();
    settings.stays_connected = true;
    ImapDevice phone(hosts, "phone", settings);
    phone.fetches();
    CHECK(phone.client.listening());
    hosts.deliver("One");
    hosts.tell_listeners();
    hosts.bench.run(1min);
    CHECK(phone.count(RecordKind::LetterFetched) == 1);
    CHECK(phone.client.listening());
    phone.does([](MailClient &mine, Env &env) { mine.hang_up(env); });
    CHECK_FALSE(phone.client.listening());
    CHECK(phone.client.fetching() == nullptr);
}

TEST_CASE("A wrong IMAP password is shown to the person and copies nothing", "[hosts][imap]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.imap_settings();
    settings.incoming.password = "guess";
    ImapDevice laptop(hosts, "laptop", settings);
    hosts.deliver("One");
    laptop.fetches();
    CHECK(laptop.story() == Lines{"fetch-began: mail.example.jp", "login-failed: bob"});
    CHECK(laptop.client.last_problem().text.find("[AUTHENTICATIONFAILED]") != std::string::npos);
    CHECK(laptop.client.inbox().empty());
}

TEST_CASE("When the server's UIDs are new ones, all copies are made anew", "[hosts][imap]")
{
    MailHosts hosts;
    ImapDevice laptop(hosts, "laptop");
    hosts.deliver("One");
    laptop.fetches();
    hosts.store = mail::Store(7);
    hosts.bob = *hosts.store.add_user("bob@example.jp", "secret", 0);
    hosts.deliver("Restored");
    laptop.fetches();
    CHECK(laptop.count(RecordKind::LetterVanished) == 1);
    REQUIRE(laptop.client.inbox_rows().size() == 1);
    CHECK(laptop.client.inbox_rows().front().subject == "Restored");
}

TEST_CASE("After a broken IMAP session the next one fetches the rest, and nothing twice",
          "[hosts][imap]")
{
    MailHosts hosts;
    ImapDevice laptop(hosts, "laptop");
    for (int i = 0; i < 20; ++i)
        hosts.deliver("Letter", 40'000);
    hosts.bench.order(laptop.client.settings().host, [&](Env &env) { laptop.client.fetch(env); });
    hosts.bench.run(80ms);
    hosts.bench.wire(laptop.client.settings().host).cut = true;
    hosts.bench.run(1h);
    hosts.bench.wire(laptop.client.settings().host).cut = false;
    CHECK(laptop.count(RecordKind::FetchFailed) == 1);
    const std::size_t before = laptop.client.inbox().size();
    CHECK(before < 20);
    laptop.fetches();
    CHECK(laptop.client.inbox().size() == 20);
    CHECK(laptop.count(RecordKind::LetterFetched) == 20);
}

TEST_CASE("A letter that was sent is kept in the server's folder for that, where it has one",
          "[hosts][imap]")
{
    MailHosts hosts;
    ImapDevice laptop(hosts, "laptop");
    SECTION("it has one")
    {
        const mail::FolderId sent =
            *hosts.store.create_folder(hosts.bob, "Sent Mail", mail::SpecialUse::Sent);
        laptop.sends("Hello");
        CHECK(hosts.store.folder(hosts.bob, sent)->size() == 1);
        laptop.fetches(); // Its own copy does not come once more.
        CHECK(laptop.client.folder(MailClient::sent_name).size() == 1);
    }
    SECTION("it has none")
    {
        laptop.sends("Hello");
        CHECK(hosts.store.mailbox(hosts.bob).folders.size() == 1);
        CHECK(laptop.client.folder(MailClient::sent_name).size() == 1);
    }
    SECTION("the mailbox is full")
    {
        (void)*hosts.store.create_folder(hosts.bob, "Sent", mail::SpecialUse::Sent);
        hosts.deliver("Old", 500);
        hosts.store.set_quota(hosts.bob, hosts.store.mailbox(hosts.bob).used_bytes + 10);
        laptop.sends("Hello");
        CHECK(laptop.client.last_problem().text.find("[OVERQUOTA]") != std::string::npos);
        CHECK(laptop.client.folder(MailClient::sent_name).size() == 1);
    }
    CHECK(hosts.submitted().size() == 1);
}

TEST_CASE("A POP3 server at the port is no IMAP server", "[hosts][imap]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.imap_settings();
    settings.incoming.port = 110;
    ImapDevice laptop(hosts, "laptop", settings);
    laptop.fetches();
    CHECK(laptop.count(RecordKind::WrongProtocol) == 1);
    CHECK(laptop.story() == Lines{"fetch-began: mail.example.jp", "fetch-failed: wrong protocol"});
}
