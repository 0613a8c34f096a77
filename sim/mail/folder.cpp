// A folder of the message store: letters in the order of their UIDs.
#include "sim/core/text.h"
#include "sim/mail/store.h"

#include <utility>

namespace mailscope::mail
{

namespace
{

/// Fewer removed places than this are never worth sweeping.
constexpr std::size_t removed_places_min = 64;

} // namespace

const StoredLetter *Folder::find(std::uint32_t uid) const
{
    const std::optional<std::size_t> place = place_of(uid);
    return place ? &letters_[*place] : nullptr;
}

std::uint32_t Folder::keyword_flag(std::string_view keyword) const
{
    for (std::size_t i = 0; i < keywords_->size(); ++i)
        if (equals_ignoring_case((*keywords_)[i], keyword))
            return letter_flag::first_keyword << i;
    return 0;
}

std::vector<std::uint32_t> Folder::uids() const
{
    std::vector<std::uint32_t> result;
    result.reserve(size());
    for_each([&](const StoredLetter &letter) { result.push_back(letter.uid); });
    return result;
}

/// Where the letter lies; removed places keep their UID, so that the order holds.
std::optional<std::size_t> Folder::place_of(std::uint32_t uid) const
{
    std::size_t low = 0;
    std::size_t high = letters_.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (letters_[middle].uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    const bool found = low < letters_.size() && letters_[low].uid == uid &&
                       (letters_[low].flags & removed_mark) == 0;
    return found ? std::optional<std::size_t>(low) : std::nullopt;
}

std::uint32_t Folder::add(StoredLetter letter)
{
    letter.uid = uid_next_++;
    bytes_ += letter.content.size();
    ++modifications_;
    letters_.push_back(std::move(letter));
    return uid_next_ - 1;
}

void Folder::remove_at(std::size_t place)
{
    StoredLetter &letter = letters_.edit(place);
    bytes_ -= letter.content.size();
    letter.content = SharedBytes();
    letter.flags = removed_mark;
    ++removed_;
    ++removals_;
    ++modifications_;
    if (removed_ == letters_.size() ||
        (removed_ > removed_places_min && removed_ > letters_.size() / 2))
        sweep();
}

/// Drops removed places. At least half of them are, so each removal pays for O(1) of it.
void Folder::sweep()
{
    Letters kept;
    for_each([&](const StoredLetter &letter) { kept.push_back(letter); });
    letters_ = std::move(kept);
    removed_ = 0;
}

const Folder *Mailbox::find_folder(std::string_view name) const
{
    if (equals_ignoring_case(name, inbox_name))
        return &inbox();
    for (const Folder &folder : folders)
        if (folder.name() == name)
            return &folder;
    return nullptr;
}

const Folder *Mailbox::find_folder(FolderId id) const
{
    for (const Folder &folder : folders)
        if (folder.id() == id)
            return &folder;
    return nullptr;
}

} // namespace mailscope::mail
