// Drafts and address books in a whole World: where they lie by POP3, by IMAP and by webmail.
#include "sim/world/conservation.h"
#include "sim/world/inspect.h"
#include "tests/support/worlds.h"

#include <algorithm>

using namespace mailscope;
using namespace mailscope::testing;

namespace
{

/// Hana has a laptop and a phone that read in the same way, and knows Alice by name.
Play drafts_played(std::string_view reads, std::string_view story, std::string_view mailbox = "")
{
    const std::string way(reads);
    const Scenario scenario = scenario_of(
        R"({"title": "t", "world": {"domains": [
             {"name": "example.com", "mailboxes": ["alice"]},
             {"name": "example.jp", "mailboxes": [{"user": "hana")" +
        std::string(mailbox) + R"(}]}],
           "people": [{"name": "hana", "address": "hana@example.jp",
                       "devices": [{"name": "laptop", "reads": ")" +
        way + R"("}, {"name": "phone", "reads": ")" + way + R"("}],
                       "address_book": {"name": "Alice", "address": "alice@example.com"}},
                      {"name": "alice", "address": "alice@example.com"}]}, "story": [)" +
        std::string(story) + "]}");
    Result<Play> play = mailscope::play(scenario, {});
    REQUIRE(play.has_value());
    CHECK(conservation_errors(play->world).empty());
    CHECK(conservation_errors(play->world, play->records).empty());
    return std::move(*play);
}

std::size_t drafts_on(const Play &play, std::string_view host)
{
    const std::vector<LetterPlace> places = letter_places(play.world);
    const auto is_there = [&](const LetterPlace &row) {
        return row.place == Place::Draft && play.world.directory->name_of(row.host) == host;
    };
    return static_cast<std::size_t>(std::count_if(places.begin(), places.end(), is_there));
}

/// What alice got; the only letter.
std::string alices_letter(const Play &play)
{
    std::string text;
    for (const mail::Store &store : play.world.stores)
        if (const std::optional<mail::UserId> user = store.find_user("alice@example.com"))
            store.mailbox(*user).inbox().for_each(
                [&](const mail::StoredLetter &letter) { text += letter.content.view(); });
    return text;
}

bool failed(const Play &play, std::string_view why)
{
    bool found = false;
    play.records.for_each([&](const Record &record) {
        found = found || (record.kind == RecordKind::ActionFailed &&
                          record.text.view().find(why) != ByteView::npos);
    });
    return found;
}

constexpr std::string_view begun_on_laptop =
    R"({"at": "1s", "who": "hana", "device": "laptop", "does": "save_draft", "to": "Alice",
        "subject": "Song", "text": "Hi"})";

} // namespace

TEST_CASE("By POP3 a draft is on the device where it was written and nowhere else",
          "[scenario][drafts]")
{
    const Play play = drafts_played("pop3", std::string(begun_on_laptop) +
                                                R"(, {"at": "1m", "who": "hana", "device": "phone",
                                               "does": "send_draft", "draft": "Song"})");
    CHECK(drafts_on(play, "hana-laptop") == 1);
    CHECK(drafts_on(play, "hana-phone") == 0);
    CHECK(drafts_on(play, "mx.example.jp") == 0);
    CHECK(failed(play, "no draft: Song"));
    CHECK(count(play.records, RecordKind::PacketSent) == 0);
}

TEST_CASE("By IMAP another device goes on with a draft, and its old version is gone everywhere",
          "[scenario][drafts]")
{
    const Play play = drafts_played("imap", std::string(begun_on_laptop) + R"(,
            {"at": "1m", "who": "hana", "device": "phone", "does": "open_drafts"},
            {"at": "2m", "who": "hana", "device": "phone", "does": "save_draft", "draft": "Song",
             "subject": "Two songs"},
            {"at": "3m", "who": "hana", "device": "laptop", "does": "fetch"})");
    CHECK(drafts_on(play, "mx.example.jp") == 1);
    CHECK(drafts_on(play, "hana-laptop") == 1);
    CHECK(drafts_on(play, "hana-phone") == 1);
    for (const LetterPlace &row : letter_places(play.world))
        CHECK(row.subject == "Two songs");
    const std::vector<DeviceRow> devices = device_rows(play.world);
    CHECK(devices[0].drafts == 1);
    CHECK(devices[1].drafts == 1);
}

TEST_CASE("A draft on the server has the flags of a draft", "[scenario][drafts]")
{
    const Play play = drafts_played("imap", begun_on_laptop);
    std::size_t found = 0;
    for (const mail::Store &store : play.world.stores)
        if (const std::optional<mail::UserId> user = store.find_user("hana@example.jp"))
            store.mailbox(*user).find_folder("Drafts")->for_each(
                [&](const mail::StoredLetter &letter) {
                    CHECK(letter.flags == (mail::letter_flag::draft | mail::letter_flag::seen));
                    ++found;
                });
    CHECK(found == 1);
}

TEST_CASE("A draft that was sent is a draft no more, on no device", "[scenario][drafts]")
{
    for (const char *reads : {"pop3", "imap", "webmail"}) {
        INFO(reads);
        const bool pop3 = std::string_view(reads) == "pop3";
        const Play play = drafts_played(
            reads, std::string(begun_on_laptop) + R"(, {"at": "1m", "who": "hana", "device": ")" +
                       (pop3 ? "laptop" : "phone") +
                       R"(", "does": "open_drafts"}, {"at": "2m", "who": "hana", "device": ")" +
                       (pop3 ? "laptop" : "phone") +
                       R"(", "does": "send_draft", "draft": "Song", "text": "Hi Alice", "attach":
                   {"name": "a.bin", "size": "1kB"}},
                   {"at": "5m", "who": "hana", "device": "laptop", "does": "fetch"})");
        CHECK(drafts_on(play, "hana-laptop") == 0);
        CHECK(drafts_on(play, "hana-phone") == 0);
        CHECK(drafts_on(play, "mx.example.jp") == 0);
        CHECK(count(play.records, RecordKind::DraftRemoved) == 1);
        const std::string letter = alices_letter(play);
        CHECK(letter.find("Subject: Song\r\n") != std::string::npos);
        CHECK(letter.find("\r\n\r\nHi Alice\r\n") != std::string::npos);
        CHECK(letter.find("a.bin") != std::string::npos);
        CHECK(letter.find("To: Alice <alice@example.com>\r\n") != std::string::npos);
    }
}

TEST_CASE("A draft written offline by IMAP reaches the server later, one already sent never",
          "[scenario][drafts]")
{
    const Play kept = drafts_played("imap", R"(
        {"at": "1s", "who": "hana", "device": "laptop", "does": "go_offline"},)" +
                                                std::string(begun_on_laptop) + R"(,
        {"at": "1m", "who": "hana", "device": "laptop", "does": "go_online"})");
    CHECK(drafts_on(kept, "mx.example.jp") == 1);
    const Play sent = drafts_played("imap", R"(
        {"at": "1s", "who": "hana", "device": "laptop", "does": "go_offline"},)" +
                                                std::string(begun_on_laptop) + R"(,
        {"at": "1m", "who": "hana", "device": "laptop", "does": "send_draft"},
        {"at": "2m", "who": "hana", "device": "laptop", "does": "go_online"})");
    CHECK(drafts_on(sent, "mx.example.jp") == 0);
    CHECK(drafts_on(sent, "hana-laptop") == 0);
    CHECK_FALSE(alices_letter(sent).empty());
}

TEST_CASE("A draft sent while its APPEND is under way is removed from the server all the same",
          "[scenario][drafts]")
{
    for (const char *at : {"1010ms", "1050ms", "1100ms", "1150ms", "1200ms", "1250ms", "1300ms"}) {
        INFO(at);
        const Play play =
            drafts_played("imap", std::string(begun_on_laptop) + R"(, {"at": ")" + at +
                                      R"(", "who": "hana", "device": "laptop",
                                                 "does": "send_draft"})");
        CHECK(drafts_on(play, "mx.example.jp") == 0);
        CHECK(drafts_on(play, "hana-laptop") == 0);
    }
}

TEST_CASE("In a full mailbox a draft finds no room on the server", "[scenario][drafts]")
{
    constexpr std::string_view full = R"(, "quota": "3kB", "filled": "2900B")";
    const Play imap = drafts_played("imap", begun_on_laptop, full);
    CHECK(count(imap.records, RecordKind::AppendRefused) == 1);
    CHECK(drafts_on(imap, "hana-laptop") == 1);
    CHECK(drafts_on(imap, "mx.example.jp") == 0);
    const Play webmail = drafts_played("webmail", begun_on_laptop, full);
    CHECK(count(webmail.records, RecordKind::AppendRefused) == 1);
    CHECK(drafts_on(webmail, "mx.example.jp") == 0);
    CHECK(failed(webmail, "507 Insufficient Storage"));
}

TEST_CASE("A draft keeps its recipients, files and encoding while it is gone on with",
          "[scenario][drafts]")
{
    for (const char *reads : {"pop3", "imap", "webmail"}) {
        INFO(reads);
        const Play play = drafts_played(reads, R"(
            {"at": "1s", "who": "hana", "does": "save_draft", "to": "Alice", "subject": "歌",
             "cc": "hana@example.jp", "text": "候補です。", "charset": "iso-2022-jp",
             "attach": {"name": "a.bin", "size": "1kB"}},
            {"at": "1m", "who": "hana", "does": "save_draft", "draft": "歌", "subject": "歌 2"},
            {"at": "2m", "who": "hana", "does": "send_draft", "draft": "歌 2"})");
        const mail::ReadLetter letter = mail::read_message(alices_letter(play));
        REQUIRE(letter.to.size() == 1);
        CHECK(letter.to[0].name == "Alice");
        CHECK(letter.cc.size() == 1);
        CHECK(letter.subject == "歌 2");
        CHECK(letter.text == "候補です。\n");
        REQUIRE(letter.attachments.size() == 1);
        CHECK(letter.attachments[0].name == "a.bin");
        CHECK(letter.attachments[0].size == 1000);
        CHECK(alices_letter(play).find("iso-2022-jp") != std::string::npos);
        CHECK(count(play.records, RecordKind::DraftSaved) == 2);
        CHECK(count(play.records, RecordKind::DraftRemoved) == 2);
    }
}

TEST_CASE("An address book is on every device with a mail program, by webmail on the server",
          "[scenario][drafts]")
{
    const auto hosts_of_alice = [](const Play &play) {
        std::vector<std::string> hosts;
        for (const ContactRow &row : contact_rows(play.world))
            if (row.name == "Alice" && row.address == "alice@example.com")
                hosts.push_back(play.world.directory->name_of(row.host));
        return hosts;
    };
    CHECK(hosts_of_alice(drafts_played("imap", "")) ==
          std::vector<std::string>{"hana-laptop", "hana-phone"});
    CHECK(hosts_of_alice(drafts_played("webmail", "")) ==
          std::vector<std::string>{"mx.example.jp"});
}
