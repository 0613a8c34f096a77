// The message store: UIDs, flags, quota, folders, locks, copies.
#include "sim/mail/store.h"

#include "sim/core/digest.h"
#include "sim/core/rng.h"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace mailscope;
using namespace mailscope::mail;

namespace
{

/// A store with one user, and the verbs of the tests.
struct Fixture
{
    Store store;
    UserId bob;
    FolderId inbox;

    explicit Fixture(std::uint64_t quota = 0)
    {
        bob = *store.add_user("bob", "secret", quota);
        inbox = store.mailbox(bob).inbox().id();
    }

    StoreResult<std::uint32_t> deliver(std::string_view content)
    {
        NewLetter letter;
        letter.content = SharedBytes::copy_of(content);
        return store.deliver(bob, letter);
    }

    const Folder &folder() const { return store.mailbox(bob).inbox(); }

    FolderId make(std::string_view name) { return *store.create_folder(bob, name); }

    const Folder *named(std::string_view name) const
    {
        return store.mailbox(bob).find_folder(name);
    }
};

std::uint64_t digest_of(const Store &store)
{
    Digest digest;
    store.mix(digest);
    return digest.value();
}

StoreProblem problem_of(const StoreResult<std::uint32_t> &result)
{
    REQUIRE_FALSE(result.has_value());
    return result.error();
}

} // namespace

TEST_CASE("A new user has an empty INBOX", "[mail][store]")
{
    const Fixture given;
    CHECK(given.store.mailbox(given.bob).password == "secret");
    CHECK(given.folder().name() == "INBOX");
    CHECK(given.folder().empty());
    CHECK(given.folder().uid_next() == 1);
    CHECK(given.named("inbox") == &given.folder());
}

TEST_CASE("Users are found without regard to case and are there once", "[mail][store]")
{
    Fixture given;
    CHECK(given.store.find_user("BOB") == given.bob);
    CHECK_FALSE(given.store.find_user("ann").has_value());
    CHECK(given.store.add_user("Bob", "", 0).error() == StoreProblem::UserExists);
    CHECK(given.store.user_count() == 1);
}

TEST_CASE("Letters get rising UIDs and are found by them", "[mail][store]")
{
    Fixture given;
    CHECK(given.deliver("one") == 1U);
    CHECK(given.deliver("two") == 2U);
    CHECK(given.folder().find(2)->content.view() == "two");
    CHECK(given.folder().find(2)->flags == 0);
    CHECK(given.folder().find(3) == nullptr);
    CHECK(given.folder().find(0) == nullptr);
    CHECK(given.folder().bytes() == 6);
}

TEST_CASE("A UID is never used again", "[mail][store]")
{
    Fixture given;
    given.deliver("one");
    given.deliver("two");
    REQUIRE(given.store.remove(given.bob, given.inbox, 2).has_value());
    CHECK(given.store.remove(given.bob, given.inbox, 2).error() == StoreProblem::NoSuchLetter);
    CHECK(given.folder().find(2) == nullptr);
    CHECK(given.deliver("three") == 3U);
    CHECK(given.folder().uids() == std::vector<std::uint32_t>{1, 3});
    REQUIRE(given.store.remove(given.bob, given.inbox, 1).has_value());
    REQUIRE(given.store.remove(given.bob, given.inbox, 3).has_value());
    CHECK(given.folder().empty());
    CHECK(given.deliver("four") == 4U);
}

TEST_CASE("A letter that does not fit the quota is refused and changes nothing", "[mail][store]")
{
    Fixture given(10);
    CHECK(given.deliver("12345678").has_value());
    const std::uint64_t before = digest_of(given.store);
    CHECK(problem_of(given.deliver("123")) == StoreProblem::OverQuota);
    CHECK(digest_of(given.store) == before);
    CHECK(given.store.has_room(given.bob, 2));
    CHECK_FALSE(given.store.has_room(given.bob, 3));
    CHECK(given.deliver("12").has_value());
    CHECK(given.store.mailbox(given.bob).used_bytes == 10);
}

TEST_CASE("Making room in a full mailbox lets letters in again", "[mail][store]")
{
    Fixture given(10);
    given.deliver("1234567890");
    CHECK_FALSE(given.store.has_room(given.bob, 1));
    REQUIRE(given.store.remove(given.bob, given.inbox, 1).has_value());
    CHECK(given.deliver("1234567890").has_value());
    given.store.set_quota(given.bob, 5);
    CHECK_FALSE(given.store.has_room(given.bob, 0));
    given.store.set_quota(given.bob, 0);
    CHECK(given.deliver("any size").has_value());
}

TEST_CASE("Flags change and the folder notices", "[mail][store]")
{
    using namespace letter_flag;
    Fixture given;
    given.deliver("one");
    const auto change = [&](FlagChange what, std::uint32_t flags) {
        return *given.store.change_flags(given.bob, given.inbox, 1, what, flags);
    };
    const std::uint64_t before = given.folder().modifications();
    CHECK(change(FlagChange::Add, seen | flagged) == (seen | flagged));
    CHECK(given.folder().modifications() == before + 1);
    CHECK(change(FlagChange::Add, seen) == (seen | flagged));
    CHECK(given.folder().modifications() == before + 1);
    CHECK(change(FlagChange::Remove, flagged) == seen);
    CHECK(change(FlagChange::Replace, deleted) == deleted);
    CHECK(change(FlagChange::Replace, ~0U) == ~0U >> 1U);
    CHECK(given.folder().size() == 1);
    CHECK(problem_of(given.store.change_flags(given.bob, given.inbox, 9, FlagChange::Add, seen)) ==
          StoreProblem::NoSuchLetter);
}

TEST_CASE("Delivery and removal are modifications", "[mail][store]")
{
    Fixture given;
    const std::uint64_t empty = given.folder().modifications();
    given.deliver("one");
    const std::uint64_t one = given.folder().modifications();
    CHECK(one > empty);
    REQUIRE(given.store.remove(given.bob, given.inbox, 1).has_value());
    CHECK(given.folder().modifications() > one);
}

TEST_CASE("A lock has one owner, and delivery goes on beside it", "[mail][store]")
{
    Fixture given;
    CHECK(given.store.try_lock(given.bob, 7));
    CHECK(given.store.try_lock(given.bob, 7));
    CHECK_FALSE(given.store.try_lock(given.bob, 8));
    CHECK(given.deliver("one").has_value());
    given.store.unlock(given.bob, 8);
    CHECK_FALSE(given.store.try_lock(given.bob, 8));
    given.store.unlock(given.bob, 7);
    CHECK(given.store.try_lock(given.bob, 8));
}

TEST_CASE("A folder made again is not the one deleted (RFC 3501 2.3.1.1)", "[mail][store]")
{
    Fixture given;
    const FolderId first = given.make("Work");
    const std::uint32_t validity = given.named("Work")->uid_validity();
    REQUIRE(given.store.delete_folder(given.bob, first).has_value());
    CHECK(given.store.folder(given.bob, first) == nullptr);
    CHECK(given.make("Work") != first);
    CHECK(given.named("Work")->uid_validity() > validity);
}

TEST_CASE("UID validities begin where the store is told", "[mail][store]")
{
    Store store(1795489508);
    const UserId bob = *store.add_user("bob", "", 0);
    CHECK(store.mailbox(bob).inbox().uid_validity() == 1795489508);
}

TEST_CASE("Deleting a folder frees what its letters used", "[mail][store]")
{
    Fixture given(10);
    const FolderId work = given.make("Work");
    NewLetter letter;
    letter.content = SharedBytes::copy_of("1234567890");
    REQUIRE(given.store.deliver(given.bob, work, letter).has_value());
    CHECK_FALSE(given.deliver("x").has_value());
    REQUIRE(given.store.delete_folder(given.bob, work).has_value());
    CHECK(given.store.mailbox(given.bob).used_bytes == 0);
    CHECK(given.deliver("x").has_value());
}

TEST_CASE("Folder names that cannot be are refused", "[mail][store]")
{
    Fixture given;
    given.make("Work");
    const auto create = [&](std::string_view name) {
        return given.store.create_folder(given.bob, name).error();
    };
    CHECK(create("Work") == StoreProblem::FolderExists);
    CHECK(create("Inbox") == StoreProblem::FolderExists);
    CHECK(create("") == StoreProblem::BadFolderName);
    CHECK(create("/x") == StoreProblem::BadFolderName);
    CHECK(create("x/") == StoreProblem::BadFolderName);
    CHECK(create(std::string(256, 'x')) == StoreProblem::BadFolderName);
    CHECK(given.store.delete_folder(given.bob, given.inbox).error() == StoreProblem::BadFolderName);
    CHECK(given.store.delete_folder(given.bob, FolderId{99}).error() == StoreProblem::NoSuchFolder);
    CHECK(given.store.deliver(given.bob, FolderId{99}, {}).error() == StoreProblem::NoSuchFolder);
}

TEST_CASE("A renamed folder takes its letters and the folders inside it along", "[mail][store]")
{
    Fixture given;
    const FolderId work = given.make("Work");
    const FolderId inner = given.make("Work/2026");
    given.make("Workshop");
    NewLetter letter;
    REQUIRE(given.store.deliver(given.bob, inner, letter).has_value());
    REQUIRE(given.store.rename_folder(given.bob, work, "Old/Work").has_value());
    CHECK(given.named("Old/Work")->id() == work);
    CHECK(given.named("Old/Work/2026")->id() == inner);
    CHECK(given.named("Old/Work/2026")->size() == 1);
    CHECK(given.named("Workshop") != nullptr);
    CHECK(given.named("Work") == nullptr);
}

TEST_CASE("A rename that would clash changes nothing", "[mail][store]")
{
    Fixture given;
    const FolderId work = given.make("Work");
    given.make("Work/2026");
    given.make("Old");
    given.make("New/2026");
    const std::uint64_t before = digest_of(given.store);
    const auto rename = [&](std::string_view name) {
        return given.store.rename_folder(given.bob, work, name).error();
    };
    CHECK(rename("Old") == StoreProblem::FolderExists);
    CHECK(rename("New") == StoreProblem::FolderExists);
    CHECK(rename("Work/inside") == StoreProblem::BadFolderName);
    CHECK(rename("INBOX") == StoreProblem::BadFolderName);
    CHECK(rename(std::string(252, 'x')) == StoreProblem::BadFolderName);
    CHECK(digest_of(given.store) == before);
}

TEST_CASE("Renaming INBOX moves its letters and leaves it empty (RFC 3501 6.3.5)", "[mail][store]")
{
    Fixture given;
    given.deliver("one");
    const std::uint32_t validity = given.folder().uid_validity();
    REQUIRE(given.store.rename_folder(given.bob, given.inbox, "Archive").has_value());
    CHECK(given.folder().empty());
    CHECK(given.folder().bytes() == 0);
    CHECK(given.folder().uid_validity() == validity);
    CHECK(given.named("Archive")->find(1)->content.view() == "one");
    CHECK(given.named("Archive")->uid_validity() > validity);
    CHECK(given.store.mailbox(given.bob).used_bytes == 3);
    CHECK(given.deliver("two") == 2U);
}

TEST_CASE("A copied letter keeps flags and date under a new UID", "[mail][store]")
{
    Fixture given(7);
    const FolderId work = given.make("Work");
    NewLetter letter;
    letter.content = SharedBytes::copy_of("one");
    letter.internal_date = SimTime(5s);
    letter.message = MessageId{4};
    letter.flags = letter_flag::seen;
    REQUIRE(given.store.deliver(given.bob, letter).has_value());
    CHECK(given.store.copy_letter(given.bob, given.inbox, 1, work) == 1U);
    const StoredLetter *copy = given.named("Work")->find(1);
    CHECK(copy->flags == letter_flag::seen);
    CHECK(copy->internal_date == SimTime(5s));
    CHECK(copy->message == MessageId{4});
    CHECK(problem_of(given.store.copy_letter(given.bob, given.inbox, 1, work)) ==
          StoreProblem::OverQuota);
}

TEST_CASE("Letters are recent until a session claims them", "[mail][store]")
{
    Fixture given;
    given.deliver("one");
    given.deliver("two");
    CHECK(given.folder().first_recent_uid() == 1);
    CHECK(given.store.claim_recent(given.bob, given.inbox) == 1U);
    CHECK(given.folder().first_recent_uid() == 3);
    given.deliver("three");
    CHECK(given.store.claim_recent(given.bob, given.inbox) == 3U);
    CHECK(given.store.claim_recent(given.bob, given.inbox) == 4U);
}

TEST_CASE("A folder learns keywords, and a copied letter takes its own along", "[mail][store]")
{
    Fixture given;
    const FolderId work = given.make("Work");
    given.deliver("one");
    const std::uint32_t first = *given.store.keyword_flag(given.bob, given.inbox, "$First");
    const std::uint32_t second = *given.store.keyword_flag(given.bob, given.inbox, "$Second");
    CHECK(given.store.keyword_flag(given.bob, given.inbox, "$FIRST") == first);
    CHECK(second == first << 1U);
    (void)given.store.change_flags(given.bob, given.inbox, 1, FlagChange::Add, second);
    REQUIRE(given.store.copy_letter(given.bob, given.inbox, 1, work).has_value());
    CHECK(given.named("Work")->keywords() == std::vector<std::string>{"$Second"});
    CHECK(given.named("Work")->find(1)->flags == first);
    for (std::size_t i = 2; i < folder_keywords_max; ++i)
        REQUIRE(given.store.keyword_flag(given.bob, given.inbox, std::to_string(i)).has_value());
    CHECK(problem_of(given.store.keyword_flag(given.bob, given.inbox, "one too many")) ==
          StoreProblem::TooManyKeywords);
}

TEST_CASE("A subscription is a name and outlives its folder", "[mail][store]")
{
    Fixture given;
    given.store.subscribe(given.bob, "Work");
    given.store.subscribe(given.bob, "Work");
    CHECK(given.store.mailbox(given.bob).subscriptions == std::vector<std::string>{"Work"});
    given.store.unsubscribe(given.bob, "Work");
    given.store.unsubscribe(given.bob, "Work");
    CHECK(given.store.mailbox(given.bob).subscriptions.empty());
}

TEST_CASE("A copied store goes its own way", "[mail][store]")
{
    Fixture given;
    for (int i = 0; i < 300; ++i)
        given.deliver("letter");
    const std::uint64_t before = digest_of(given.store);
    Store copy = given.store;
    CHECK(digest_of(copy) == before);
    REQUIRE(copy.remove(given.bob, given.inbox, 17).has_value());
    copy.set_password(given.bob, "changed");
    CHECK(digest_of(copy) != before);
    CHECK(digest_of(given.store) == before);
    CHECK(given.folder().find(17) != nullptr);
}

TEST_CASE("The digest does not see how letters lie in memory", "[mail][store]")
{
    // Both end with the letters 201 to 300; in one of them the removals were swept once more.
    const auto removed_in = [](bool forwards) {
        Fixture given;
        for (int i = 0; i < 300; ++i)
            given.deliver("letter");
        for (std::uint32_t i = 0; i < 200; ++i)
            CHECK(given.store.remove(given.bob, given.inbox, forwards ? i + 1 : 200 - i));
        return digest_of(given.store);
    };
    CHECK(removed_in(true) == removed_in(false));
}

TEST_CASE("A folder holds 100,000 letters and finds each", "[mail][store]")
{
    Fixture given;
    const SharedBytes content = SharedBytes::copy_of("x");
    for (std::uint32_t uid = 1; uid <= 100'000; ++uid) {
        NewLetter letter;
        letter.content = content;
        REQUIRE(given.store.deliver(given.bob, letter).value() == uid);
    }
    for (std::uint32_t uid = 1; uid <= 100'000; uid += 3)
        REQUIRE(given.store.remove(given.bob, given.inbox, uid).has_value());
    CHECK(given.folder().size() == 66'666);
    std::size_t found = 0;
    for (std::uint32_t uid = 1; uid <= 100'000; ++uid)
        found += given.folder().find(uid) != nullptr ? 1U : 0U;
    CHECK(found == 66'666);
    CHECK(given.folder().uids().front() == 2);
    CHECK(given.folder().bytes() == 66'666);
}

TEST_CASE("Any order of deliveries and removals keeps the folder right", "[mail][store]")
{
    Rng rng(6, "store");
    for (int round = 0; round < 20; ++round) {
        Fixture given;
        std::map<std::uint32_t, std::string> expected;
        for (int step = 0; step < 1000; ++step) {
            if (rng.below(100) < 55) {
                const std::string content(rng.below(20), 'x');
                expected.emplace(given.deliver(content).value(), content);
            } else {
                const std::uint32_t uid = rng.below(given.folder().uid_next() + 1);
                const bool removed = given.store.remove(given.bob, given.inbox, uid).has_value();
                CHECK(removed == (expected.erase(uid) == 1));
            }
        }
        std::uint64_t bytes = 0;
        std::vector<std::uint32_t> uids;
        for (const auto &[uid, content] : expected) {
            bytes += content.size();
            uids.push_back(uid);
            REQUIRE(given.folder().find(uid) != nullptr);
            CHECK(given.folder().find(uid)->content.view() == content);
        }
        CHECK(given.folder().uids() == uids);
        CHECK(given.folder().size() == expected.size());
        CHECK(given.folder().bytes() == bytes);
        CHECK(given.store.mailbox(given.bob).used_bytes == bytes);
    }
}
