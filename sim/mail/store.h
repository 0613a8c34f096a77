// The message store of one mail server: users, folders, letters.
//
// Delivery puts letters in, POP3 and IMAP servers and the mail client's own local folders take
// them out. The store knows no protocol; it gives what protocols need: identifiers that are never
// used twice (RFC 3501 2.3.1.1), flags, quota, an exclusive lock, and a counter that tells a
// session that a folder has changed. Copies share letters; adding one costs the same however many
// lie there.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/chunked.h"
#include "sim/core/cow.h"
#include "sim/core/id.h"
#include "sim/core/time.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{
class Digest;
}

namespace mailscope::mail
{

/// System flags of a letter (RFC 3501 2.3.2), as bits. The bits from `first_keyword` on are the
/// folder's keywords, in its order. Whether a letter is recent is no flag but a UID: see
/// Folder::first_recent_uid.
namespace letter_flag
{
inline constexpr std::uint32_t seen = 1U << 0U;
inline constexpr std::uint32_t answered = 1U << 1U;
inline constexpr std::uint32_t flagged = 1U << 2U;
inline constexpr std::uint32_t deleted = 1U << 3U;
inline constexpr std::uint32_t draft = 1U << 4U;
inline constexpr std::uint32_t first_keyword = 1U << 5U;
inline constexpr std::uint32_t system_flags = first_keyword - 1;
} // namespace letter_flag

/// Keywords of one folder at most: what the bits hold. Dovecot's limit with its default files is
/// of the same size.
inline constexpr std::size_t folder_keywords_max = 26;

/// A letter in a folder.
struct StoredLetter
{
    SharedBytes content;
    SimTime internal_date{}; ///< when it arrived here
    std::uint32_t uid = 0;   ///< 1 and up, rising in a folder
    std::uint32_t flags = 0; ///< bits of letter_flag
    MessageId message;       ///< the journey that brought it
};

/// Why the store did not do something.
enum class StoreProblem : std::uint8_t
{
    UserExists,
    NoSuchFolder,
    NoSuchLetter,
    OverQuota,
    FolderExists,
    BadFolderName, ///< empty, too long, or INBOX where that is not allowed
    UidsUsedUp,    ///< a folder's UIDs, or a user's UID validities, have reached their end
    TooManyKeywords,
};

template <class T> using StoreResult = tl::expected<T, StoreProblem>;

/// A user of the store: an index in the order of `add_user`.
using UserId = Id<struct UserTag>;
/// A folder of one user: the same after a rename, never used again after a deletion.
using FolderId = Id<struct FolderTag>;

/// The folder that always exists; its name is compared without case (RFC 3501 5.1).
inline constexpr std::string_view inbox_name = "INBOX";
/// Between the names of a folder and a folder inside it.
inline constexpr char folder_separator = '/';
/// Longest folder name, in octets.
inline constexpr std::size_t folder_name_octets_max = 255;

/// What a folder is for (RFC 6154).
enum class SpecialUse : std::uint8_t
{
    None,
    Drafts,
    Sent,
    Trash,
    Junk,
    Archive
};

/// Letters in the order of their UIDs. Copies share the letters.
class Folder
{
public:
    Folder() = default; ///< for members that hold a folder later
    Folder(std::string_view name, std::uint32_t uid_validity, SpecialUse special_use)
        : name_(name), uid_validity_(uid_validity), special_use_(special_use)
    {
    }

    const std::string &name() const { return name_; }

    /// Greater for every folder that the user makes, so that a name, this and a UID name a letter
    /// for ever (RFC 3501 2.3.1.1). It is the folder's id as well.
    std::uint32_t uid_validity() const { return uid_validity_; }
    FolderId id() const { return FolderId{uid_validity_}; }
    SpecialUse special_use() const { return special_use_; }

    /// Letters from this UID on have not been shown to any session yet (RFC 3501 2.3.2, \Recent).
    std::uint32_t first_recent_uid() const { return first_recent_uid_; }

    /// Names of the flags from letter_flag::first_keyword on.
    const std::vector<std::string> &keywords() const { return *keywords_; }
    /// The flag of a keyword, compared without case; 0 when the folder does not know it.
    std::uint32_t keyword_flag(std::string_view keyword) const;

    /// The UID that the next letter gets.
    std::uint32_t uid_next() const { return uid_next_; }

    /// Grows with every change of the folder's letters and their flags.
    std::uint64_t modifications() const { return modifications_; }

    /// Grows with every letter that is removed, and with every change of flags or keywords: with
    /// uid_next they tell what kind of change there was.
    std::uint64_t removals() const { return removals_; }
    std::uint64_t flag_changes() const { return flag_changes_; }

    std::size_t size() const { return letters_.size() - removed_; }
    bool empty() const { return size() == 0; }

    /// Sum of the letters' sizes.
    std::uint64_t bytes() const { return bytes_; }

    /// The letter or nullptr; binary search. Valid until the store changes.
    const StoredLetter *find(std::uint32_t uid) const;

    /// Calls `visit(letter)` for each letter by rising UID.
    template <class Visitor> void for_each(Visitor visit) const
    {
        letters_.for_each([&](const StoredLetter &letter) {
            if ((letter.flags & removed_mark) == 0)
                visit(letter);
        });
    }

    /// The UIDs of all letters, rising.
    std::vector<std::uint32_t> uids() const;

private:
    friend class Store;

    /// Marks the place of a letter that is gone; such places are swept when they are the majority.
    static constexpr std::uint32_t removed_mark = 1U << 31U;
    /// Chunks of about the square root of a large folder: what the first change of a copy clones.
    using Letters = ChunkedVector<StoredLetter, 256>;

    std::optional<std::size_t> place_of(std::uint32_t uid) const;
    std::uint32_t add(StoredLetter letter);
    void remove_at(std::size_t place);
    void sweep();

    std::string name_;
    std::uint32_t uid_validity_ = 1;
    SpecialUse special_use_ = SpecialUse::None;
    std::uint32_t uid_next_ = 1;
    std::uint32_t first_recent_uid_ = 1;
    Cow<std::vector<std::string>> keywords_;
    std::uint64_t modifications_ = 0;
    std::uint64_t removals_ = 0;
    std::uint64_t flag_changes_ = 0;
    std::uint64_t bytes_ = 0;
    std::size_t removed_ = 0; ///< places in `letters_` whose letter is gone
    Letters letters_;
};

/// Who holds a mailbox's exclusive lock, such as a POP3 session (RFC 1939 4). 0: nobody.
using LockOwner = std::uint64_t;

/// What belongs to one user.
struct Mailbox
{
    std::string user;
    std::string password;
    std::uint64_t quota_bytes = 0; ///< 0: no quota
    std::uint64_t used_bytes = 0;
    LockOwner locked_by = 0;
    std::uint32_t next_uid_validity = 1;
    std::vector<Folder> folders; ///< in the order of their making; the first is INBOX
    /// Names that the user wants to see (RFC 3501 6.3.6); they need not exist. In no order.
    std::vector<std::string> subscriptions;

    /// The folder or nullptr. INBOX without case, others with.
    const Folder *find_folder(std::string_view name) const;
    const Folder *find_folder(FolderId id) const;
    const Folder &inbox() const { return folders.front(); }
};

/// How flags are changed: all replaced, some set, some cleared.
enum class FlagChange : std::uint8_t
{
    Replace,
    Add,
    Remove
};

/// A letter to be stored.
struct NewLetter
{
    SharedBytes content;
    SimTime internal_date{};
    MessageId message;
    std::uint32_t flags = 0;
};

/// All mailboxes of a server. Copy: O(1); the first change of a copy pays for the lists of chunks.
class Store
{
public:
    Store(const Store &);
    Store(Store &&) noexcept;
    Store &operator=(const Store &);
    Store &operator=(Store &&) noexcept;
    ~Store();

    Store() = default;

    /// Folders get UID validities from `first_uid_validity` (1 and up) on, for instance the start
    /// of the scenario in seconds since 1970.
    explicit Store(std::uint32_t first_uid_validity) : first_uid_validity_(first_uid_validity) {}

    /// Makes a user with an empty INBOX. Names differ by more than case; UserExists otherwise.
    [[nodiscard]] StoreResult<UserId> add_user(std::string_view name, std::string_view password,
                                               std::uint64_t quota_bytes);

    /// The user of that name, without case.
    std::optional<UserId> find_user(std::string_view name) const;
    std::size_t user_count() const { return mailboxes_.size(); }

    /// The user's mailbox; `user` must be one of this store.
    const Mailbox &mailbox(UserId user) const;

    /// The folder or nullptr. Valid until the store changes.
    const Folder *folder(UserId user, FolderId folder) const;

    void set_password(UserId user, std::string_view password);

    /// A quota below what is used removes nothing; it refuses what comes.
    void set_quota(UserId user, std::uint64_t quota_bytes);

    /// True when `bytes` more fit the quota.
    bool has_room(UserId user, std::uint64_t bytes) const;

    /// Stores a letter in INBOX or in another folder; gives its UID. Fails over quota.
    [[nodiscard]] StoreResult<std::uint32_t> deliver(UserId user, NewLetter letter);
    [[nodiscard]] StoreResult<std::uint32_t> deliver(UserId user, FolderId folder,
                                                     NewLetter letter);

    /// Copies a letter with flags, keywords and date to a folder of the user; gives its new UID.
    /// A keyword for which the target has no place is lost.
    [[nodiscard]] StoreResult<std::uint32_t> copy_letter(UserId user, FolderId from,
                                                         std::uint32_t uid, FolderId to);

    /// Moves a letter to a folder of the user, which may be the same; gives its new UID. Needs no
    /// room: what is used stays the same.
    [[nodiscard]] StoreResult<std::uint32_t> move_letter(UserId user, FolderId from,
                                                         std::uint32_t uid, FolderId to);

    /// Removes a letter for good. Amortised O(log letters).
    StoreResult<void> remove(UserId user, FolderId folder, std::uint32_t uid);

    /// Changes flags; gives the letter's flags afterwards. Equal flags are no modification.
    StoreResult<std::uint32_t> change_flags(UserId user, FolderId folder, std::uint32_t uid,
                                            FlagChange change, std::uint32_t flags);

    /// The flag for a keyword in a folder; the folder learns a new one.
    StoreResult<std::uint32_t> keyword_flag(UserId user, FolderId folder, std::string_view keyword);

    /// A session has seen what is recent: gives the first recent UID until now, and no letter that
    /// is here is recent any more.
    StoreResult<std::uint32_t> claim_recent(UserId user, FolderId folder);

    /// Makes an empty folder.
    StoreResult<FolderId> create_folder(UserId user, std::string_view name,
                                        SpecialUse special_use = SpecialUse::None);

    /// Puts a name on the list of subscriptions, or takes it off; nothing new is no failure.
    void subscribe(UserId user, std::string_view name);
    void unsubscribe(UserId user, std::string_view name);

    /// Deletes a folder and its letters; folders inside it stay. Not INBOX.
    StoreResult<void> delete_folder(UserId user, FolderId folder);

    /// Renames a folder and those inside it; they keep their ids and UIDs. INBOX stays and gives
    /// its letters to a new folder (RFC 3501 6.3.5).
    StoreResult<void> rename_folder(UserId user, FolderId folder, std::string_view new_name);

    /// Takes the exclusive lock; false when another owner has it. Delivery goes on all the same.
    bool try_lock(UserId user, LockOwner owner);

    /// Gives the lock back when `owner` has it.
    void unlock(UserId user, LockOwner owner);

    /// Grows with every change of any mailbox.
    std::uint64_t changes() const { return changes_; }

    /// Mixes users, folders and letters, not how they lie in memory.
    void mix(Digest &digest) const;

private:
    struct ByNameWithoutCase
    {
        using is_transparent = void;
        bool operator()(std::string_view a, std::string_view b) const;
    };

    Mailbox &edit(UserId user);
    Folder *edit_folder(UserId user, FolderId folder);
    static FolderId add_folder(Mailbox &mailbox, std::string_view name, SpecialUse special_use);
    StoreResult<NewLetter> copy_of(UserId user, FolderId from, std::uint32_t uid, FolderId to);
    StoreResult<std::uint32_t> add_letter(UserId user, FolderId folder, NewLetter letter);
    std::uint32_t translated_flags(UserId user, FolderId source, std::uint32_t flags,
                                   FolderId target);
    StoreResult<void> rename_inbox(UserId user, std::string_view new_name);

    ChunkedVector<Cow<Mailbox>, 64> mailboxes_;
    Cow<std::map<std::string, UserId, ByNameWithoutCase>> users_;
    std::uint32_t first_uid_validity_ = 1;
    std::uint64_t changes_ = 0;
};

} // namespace mailscope::mail
