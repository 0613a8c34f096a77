// A mailbox as one session sees it; see selected.h.
#include "sim/protocol/imap/selected.h"

#include "sim/core/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mailscope::imap
{

namespace
{

/// The place of the first known letter whose UID is not below `uid`.
template <class Letters> auto first_from(Letters &letters, std::uint32_t uid)
{
    return std::lower_bound(
        letters.begin(), letters.end(), uid,
        [](const auto &letter, std::uint32_t value) { return letter.uid < value; });
}

} // namespace

SelectedMailbox::SelectedMailbox(const mail::Folder &folder, std::uint32_t first_recent,
                                 bool read_only)
    : folder_(folder), told_flag_changes_(folder.flag_changes()), told_removals_(folder.removals()),
      told_uid_next_(folder.uid_next()), read_only_(read_only)
{
    std::vector<Known> &known = known_.edit();
    known.reserve(folder.size());
    folder.for_each([&](const mail::StoredLetter &letter) {
        known.push_back({letter.uid, letter.flags});
    });
    if (first_recent < folder.uid_next())
        recent_.push_back({first_recent, folder.uid_next() - 1});
    told_recent_ = recent_count();
    told_keywords_ = folder.keywords().size();
}

void SelectedMailbox::update(const mail::Folder &folder, std::uint32_t first_recent)
{
    if (folder.removals() != folder_.removals()) {
        const std::vector<std::uint32_t> there = folder.uids();
        auto next = there.begin();
        for (const Known &known : *known_) {
            while (next != there.end() && *next < known.uid)
                ++next;
            if (next != there.end() && *next == known.uid)
                continue;
            if (const mail::StoredLetter *lost = folder_.find(known.uid))
                gone_.push_back(*lost);
        }
        std::sort(gone_.begin(), gone_.end(),
                  [](const auto &a, const auto &b) { return a.uid < b.uid; });
    }
    folder_ = folder;
    if (first_recent >= folder.uid_next())
        return;
    if (!recent_.empty() && first_recent <= recent_.back().last + 1)
        recent_.back().last = folder.uid_next() - 1;
    else
        recent_.push_back({first_recent, folder.uid_next() - 1});
}

std::vector<std::uint32_t> SelectedMailbox::numbers_in(const SequenceSet &resolved,
                                                       Naming naming) const
{
    std::vector<std::uint32_t> numbers;
    for (const SequenceRange &range : resolved) {
        std::uint32_t first = range.first;
        std::uint32_t end = std::min(range.last, size()) + 1;
        if (naming == Naming::ByUid) {
            const auto begin = known_->begin();
            first = static_cast<std::uint32_t>(first_from(*known_, range.first) - begin) + 1;
            auto last = first_from(*known_, range.last);
            if (last != known_->end() && last->uid == range.last)
                ++last;
            end = static_cast<std::uint32_t>(last - begin) + 1;
        }
        for (std::uint32_t number = first; number < end; ++number)
            numbers.push_back(number);
    }
    return numbers;
}

const mail::StoredLetter &SelectedMailbox::letter(std::uint32_t number) const
{
    const std::uint32_t uid = uid_at(number);
    if (const mail::StoredLetter *found = folder_.find(uid))
        return *found;
    const auto gone = first_from(gone_, uid);
    MS_CHECK(gone != gone_.end() && gone->uid == uid);
    return *gone;
}

bool SelectedMailbox::is_recent(std::uint32_t uid) const
{
    return std::any_of(recent_.begin(), recent_.end(), [uid](const SequenceRange &range) {
        return range.first <= uid && uid <= range.last;
    });
}

std::uint32_t SelectedMailbox::recent_count() const
{
    std::ptrdiff_t count = 0;
    for (const SequenceRange &range : recent_)
        count += first_from(*known_, range.last + 1) - first_from(*known_, range.first);
    return static_cast<std::uint32_t>(count);
}

std::uint32_t SelectedMailbox::first_unseen() const
{
    const auto found = std::find_if(known_->begin(), known_->end(), [](const Known &known) {
        return (known.flags & mail::letter_flag::seen) == 0;
    });
    return found == known_->end() ? 0 : static_cast<std::uint32_t>(found - known_->begin()) + 1;
}

void SelectedMailbox::flags_told(std::uint32_t number, std::uint32_t flags)
{
    if ((*known_)[number - 1].flags != flags)
        known_.edit()[number - 1].flags = flags;
}

std::string SelectedMailbox::flags_list(std::uint32_t number) const
{
    return '(' + flags_text(flags(number), is_recent(uid_at(number)), folder_.keywords()) + ')';
}

std::string SelectedMailbox::flags_lines()
{
    told_keywords_ = folder_.keywords().size();
    std::string all = flags_text(mail::letter_flag::system_flags, false, {});
    for (const std::string &keyword : folder_.keywords())
        all += ' ' + keyword;
    return fmt::format("* FLAGS ({})\r\n* OK [PERMANENTFLAGS ({})] {}\r\n", all,
                       read_only_ ? std::string() : all + " \\*",
                       read_only_ ? "Read-only mailbox." : "Flags permitted.");
}

std::string SelectedMailbox::take_changes(Expunged expunged, Naming naming, Recent recent)
{
    std::string out;
    if (has_new_keywords())
        out += flags_lines();
    if (told_flag_changes_ != folder_.flag_changes())
        take_flag_changes(out, naming);
    if (told_removals_ != folder_.removals() && expunged == Expunged::Told)
        take_expunged(out);
    const bool has_new = told_uid_next_ != folder_.uid_next();
    if (has_new)
        take_new(out);
    const std::uint32_t count = recent_count();
    if (count != told_recent_ && (has_new || recent == Recent::Told)) {
        out += fmt::format("* {} RECENT\r\n", count);
        told_recent_ = count;
    }
    return out;
}

void SelectedMailbox::take_flag_changes(std::string &out, Naming naming)
{
    told_flag_changes_ = folder_.flag_changes();
    std::size_t place = 0;
    folder_.for_each([&](const mail::StoredLetter &letter) {
        while (place < known_->size() && (*known_)[place].uid < letter.uid)
            ++place;
        if (place == known_->size() || (*known_)[place].uid != letter.uid ||
            (*known_)[place].flags == letter.flags)
            return;
        const auto number = static_cast<std::uint32_t>(place) + 1;
        const std::string flags = flags_list(number);
        if (naming == Naming::ByUid)
            out += fmt::format("* {} FETCH (UID {} FLAGS {})\r\n", number, letter.uid, flags);
        else
            out += fmt::format("* {} FETCH (FLAGS {})\r\n", number, flags);
        flags_told(number, letter.flags);
    });
}

/// From the last to the first, so that each number still means what it meant before.
void SelectedMailbox::take_expunged(std::string &out)
{
    told_removals_ = folder_.removals();
    if (gone_.empty())
        return;
    std::vector<Known> &known = known_.edit();
    for (auto gone = gone_.rbegin(); gone != gone_.rend(); ++gone)
        fmt::format_to(std::back_inserter(out), "* {} EXPUNGE\r\n",
                       first_from(known, gone->uid) - known.begin() + 1);
    auto next = gone_.begin();
    std::erase_if(known, [&](const Known &letter) {
        const bool is_gone = next != gone_.end() && next->uid == letter.uid;
        if (is_gone)
            ++next;
        return is_gone;
    });
    gone_.clear();
}

void SelectedMailbox::take_new(std::string &out)
{
    const std::uint32_t before = size();
    std::vector<Known> &known = known_.edit();
    for (std::uint32_t uid = told_uid_next_; uid < folder_.uid_next(); ++uid)
        if (const mail::StoredLetter *letter = folder_.find(uid))
            known.push_back({uid, letter->flags});
    told_uid_next_ = folder_.uid_next();
    if (size() != before)
        out += fmt::format("* {} EXISTS\r\n", size());
}

} // namespace mailscope::imap
