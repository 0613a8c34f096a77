// Folders of a person's own, against the real POP3 and IMAP server roles.
#include "sim/hosts/mail_client.h"
#include "tests/unit/hosts/device.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

/// A device of bob's on which folders are made and letters moved.
struct Sorter : Device
{
    using Device::Device;

    void makes(std::string_view folder)
    {
        does([&](MailClient &mine, Env &env) { CHECK(mine.make_folder(env, folder).has_value()); });
        hosts.bench.run(1min);
    }
    void moves(std::string_view subject, std::string_view folder)
    {
        does([&](MailClient &mine, Env &env) {
            CHECK(mine.move_letter(env, subject, folder).has_value());
        });
        hosts.bench.run(1min);
    }
    /// Why it cannot be done; empty when it can.
    std::string refusal(std::string_view subject, std::string_view folder)
    {
        std::string why;
        does([&](MailClient &mine, Env &env) {
            const Result<void> done = mine.move_letter(env, subject, folder);
            why = done ? std::string() : done.error().message;
        });
        return why;
    }
    /// Letters in a folder of bob's own; nothing when it is not there.
    std::optional<std::size_t> size_of(std::string_view name) const
    {
        for (const mail::Folder *each : client.own_folders())
            if (each->name() == name)
                return each->size();
        return std::nullopt;
    }
};

std::optional<std::size_t> on_server(const MailHosts &hosts, std::string_view name)
{
    const mail::Folder *folder = hosts.store.mailbox(hosts.bob).find_folder(name);
    return folder == nullptr ? std::nullopt : std::optional<std::size_t>(folder->size());
}

} // namespace

TEST_CASE("By POP3 a folder is one device's, and sorting sends nothing", "[hosts][pop3][folders]")
{
    MailHosts hosts;
    MailClientSettings settings = hosts.settings();
    settings.leave_on_server = true;
    Sorter laptop(hosts, "laptop", settings);
    Sorter phone(hosts, "phone", settings);
    hosts.deliver("One");
    laptop.fetches();
    const std::size_t fetches = laptop.count(RecordKind::FetchBegan);
    laptop.makes("Choir");
    laptop.moves("One", "Choir");
    CHECK(laptop.size_of("Choir") == 1U);
    CHECK(laptop.client.inbox().empty());
    CHECK(laptop.count(RecordKind::FetchBegan) == fetches);
    CHECK_FALSE(on_server(hosts, "Choir"));
    phone.fetches();
    CHECK(phone.client.inbox().size() == 1);
    CHECK(phone.refusal("One", "Choir") == "no folder: Choir");
    laptop.fetches(); // It is known: it does not come once more.
    CHECK(laptop.client.inbox().empty());
}

TEST_CASE("Only folders of one's own are made and moved to", "[hosts][folders]")
{
    MailHosts hosts;
    Sorter laptop(hosts, "laptop", hosts.settings());
    hosts.deliver("One");
    laptop.fetches();
    CHECK(laptop.refusal("One", "Sent") == "no folder: Sent");
    CHECK(laptop.refusal("Two", "Sent") == "no letter: Two");
    laptop.makes("Choir");
    laptop.does([](MailClient &mine, Env &env) {
        CHECK(mine.make_folder(env, "Choir").error().message == "folder exists: Choir");
        CHECK(mine.make_folder(env, "Drafts").error().message == "folder exists: Drafts");
    });
}

TEST_CASE("By IMAP a folder and what is moved there are the server's and every device's",
          "[hosts][imap][folders]")
{
    MailHosts hosts;
    Sorter laptop(hosts, "laptop", hosts.imap_settings());
    Sorter phone(hosts, "phone", hosts.imap_settings());
    hosts.deliver("One");
    hosts.deliver("Two");
    laptop.fetches();
    phone.fetches();
    laptop.makes("合唱");
    CHECK(on_server(hosts, "合唱") == 0U);
    laptop.moves("One", "合唱");
    CHECK(on_server(hosts, "合唱") == 1U);
    CHECK(hosts.mailbox().size() == 1);
    phone.fetches();
    CHECK(phone.size_of("合唱") == 1U);
    CHECK(phone.client.inbox().size() == 1);
    CHECK(phone.count(RecordKind::LetterVanished) == 1);
    phone.moves("Two", "合唱");
    laptop.fetches();
    CHECK(laptop.size_of("合唱") == 2U);
    CHECK(laptop.client.inbox().empty());
    CHECK(laptop.client.pending_changes().empty());
    CHECK(laptop.count(RecordKind::LetterFetched) == 3); // Its own move did not come back to it.
}

TEST_CASE("What was sorted without a network is told to the IMAP server later",
          "[hosts][imap][folders]")
{
    MailHosts hosts;
    Sorter laptop(hosts, "laptop", hosts.imap_settings());
    hosts.deliver("One");
    laptop.fetches();
    laptop.does([](MailClient &mine, Env &env) { mine.go_offline(env); });
    laptop.does([](MailClient &mine, Env &env) { CHECK(mine.read(env, "One").has_value()); });
    laptop.makes("Choir");
    laptop.moves("One", "Choir");
    CHECK(laptop.size_of("Choir") == 1U);
    CHECK_FALSE(on_server(hosts, "Choir"));
    laptop.does([](MailClient &mine, Env &env) { mine.go_online(env); });
    hosts.bench.run(1min);
    REQUIRE(on_server(hosts, "Choir") == 1U);
    hosts.store.mailbox(hosts.bob).find_folder("Choir")->for_each(
        [](const mail::StoredLetter &letter) { CHECK(letter.flags == mail::letter_flag::seen); });
    laptop.fetches();
    CHECK(laptop.size_of("Choir") == 1U);
}

TEST_CASE("Two IMAP devices that make the same folder have one", "[hosts][imap][folders]")
{
    MailHosts hosts;
    Sorter laptop(hosts, "laptop", hosts.imap_settings());
    Sorter phone(hosts, "phone", hosts.imap_settings());
    hosts.deliver("One");
    phone.fetches();
    laptop.makes("Choir");
    phone.makes("Choir");
    phone.moves("One", "Choir");
    CHECK(on_server(hosts, "Choir") == 1U);
    CHECK(phone.count(RecordKind::ActionFailed) == 0);
    laptop.fetches();
    CHECK(laptop.size_of("Choir") == 1U);
}

TEST_CASE("A letter for a folder that the server has no more is in the inbox again",
          "[hosts][imap][folders]")
{
    MailHosts hosts;
    Sorter laptop(hosts, "laptop", hosts.imap_settings());
    hosts.deliver("One");
    hosts.deliver("Two");
    laptop.fetches();
    laptop.makes("Choir");
    laptop.moves("One", "Choir");
    const mail::FolderId choir = hosts.store.mailbox(hosts.bob).find_folder("Choir")->id();
    CHECK(hosts.store.delete_folder(hosts.bob, choir).has_value());
    laptop.moves("Two", "Choir");
    CHECK(laptop.count(RecordKind::ActionFailed) == 1);
    CHECK(laptop.client.inbox().size() == 1);
    CHECK(hosts.mailbox().size() == 1);
    CHECK_FALSE(laptop.size_of("Choir")); // What lay in it is gone, as on the server.
    CHECK(laptop.count(RecordKind::LetterVanished) == 1);
}

TEST_CASE("A move that the IMAP server refuses leaves the letter where it was",
          "[hosts][imap][folders]")
{
    MailHosts hosts;
    Sorter laptop(hosts, "laptop", hosts.imap_settings());
    hosts.deliver("One");
    laptop.fetches();
    laptop.makes("Choir");
    laptop.does([](MailClient &mine, Env &env) {
        CHECK(mine.move_letter(env, "One", "Choir").has_value());
    });
    hosts.bench.run(60ms); // The folders are listed; then another device removes this one.
    const mail::FolderId choir = hosts.store.mailbox(hosts.bob).find_folder("Choir")->id();
    CHECK(hosts.store.delete_folder(hosts.bob, choir).has_value());
    hosts.bench.run(1min);
    CHECK(laptop.client.last_problem().text.find("move refused: ") == 0);
    CHECK(laptop.client.inbox().size() == 1);
    CHECK(laptop.client.pending_changes().empty());
    CHECK(laptop.size_of("Choir") == 0U);
}
