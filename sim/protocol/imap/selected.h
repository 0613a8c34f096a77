// A mailbox as one session sees it: numbers, flags told, and what has changed since.
//
// The numbers of letters belong to the session (RFC 3501 2.3.1.2): they change only when the
// client is told EXPUNGE, and that may not be at any time (5.5, 7.4.1). So the session keeps what
// its client knows beside the folder as it is now, which is a copy that shares its letters, and
// reports the difference when it may. Letters that others removed stay readable until then.
#pragma once

#include "sim/core/cow.h"
#include "sim/mail/store.h"
#include "sim/protocol/imap/grammar.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mailscope::imap
{

/// Whether letters that are gone may be told now.
enum class Expunged : std::uint8_t
{
    Told,
    Withheld ///< while a command that names letters by their numbers is answered
};

/// When it is told that another number of letters is recent.
enum class Recent : std::uint8_t
{
    Told,
    WithNewLetters ///< while the client listens, as Dovecot does: the rest waits for DONE
};

/// Whether changed flags are told with the letter's UID.
enum class Naming : std::uint8_t
{
    ByNumber,
    ByUid
};

class SelectedMailbox
{
public:
    /// Letters from UID `first_recent` on are recent in this session.
    SelectedMailbox(const mail::Folder &folder, std::uint32_t first_recent, bool read_only);

    /// The folder as it is now. Of the letters that are new, those from `first_recent` on are
    /// recent here. Cost: O(1), but for the letters when some were removed.
    void update(const mail::Folder &folder, std::uint32_t first_recent);

    const mail::Folder &folder() const { return folder_; }
    bool read_only() const { return read_only_; }

    /// How many letters the client knows of.
    std::uint32_t size() const { return static_cast<std::uint32_t>(known_->size()); }
    /// The largest UID that it knows of; 0 for none.
    std::uint32_t largest_uid() const { return known_->empty() ? 0 : known_->back().uid; }
    /// The UID of letter `number`, 1 to size().
    std::uint32_t uid_at(std::uint32_t number) const { return (*known_)[number - 1].uid; }

    /// The numbers, rising, of the letters in a resolved set of numbers or UIDs.
    std::vector<std::uint32_t> numbers_in(const SequenceSet &resolved, Naming naming) const;

    /// The letter with that number, also when it is gone from the folder.
    const mail::StoredLetter &letter(std::uint32_t number) const;
    /// Its flags now.
    std::uint32_t flags(std::uint32_t number) const { return letter(number).flags; }
    bool is_recent(std::uint32_t uid) const;
    std::uint32_t recent_count() const;
    /// The number of the first letter that is not seen; 0 for none.
    std::uint32_t first_unseen() const;

    /// The client is told these flags by the answer to its command.
    void flags_told(std::uint32_t number, std::uint32_t flags);

    /// "(\Seen \Recent)" of a letter.
    std::string flags_list(std::uint32_t number) const;
    /// The two lines about the flags there are. Afterwards no keyword is new.
    std::string flags_lines();
    bool has_new_keywords() const { return told_keywords_ != folder_.keywords().size(); }

    /// Untagged lines about all that the client does not know yet; it knows them afterwards. Cost:
    /// O(1) when nothing changed, O(new letters) when nothing else did.
    std::string take_changes(Expunged expunged, Naming naming, Recent recent = Recent::Told);

private:
    /// What the client was told about a letter.
    struct Known
    {
        std::uint32_t uid = 0;
        std::uint32_t flags = 0;
    };

    void take_flag_changes(std::string &out, Naming naming);
    void take_expunged(std::string &out);
    void take_new(std::string &out);

    mail::Folder folder_;
    Cow<std::vector<Known>> known_;
    std::vector<mail::StoredLetter> gone_; ///< known to the client, removed from the folder
    SequenceSet recent_;                   ///< UIDs, rising and disjoint
    std::uint64_t told_flag_changes_ = 0;
    std::uint64_t told_removals_ = 0;
    std::uint32_t told_uid_next_ = 1;
    std::uint32_t told_recent_ = 0;
    std::size_t told_keywords_ = 0;
    bool read_only_ = false;
};

} // namespace mailscope::imap
