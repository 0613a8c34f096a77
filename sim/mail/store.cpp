// The message store of one mail server: users, folders, letters.
#include "sim/mail/store.h"

#include "sim/core/check.h"
#include "sim/core/digest.h"
#include "sim/core/text.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace mailscope::mail
{

namespace
{

constexpr std::uint32_t number_max = std::numeric_limits<std::uint32_t>::max();

tl::unexpected<StoreProblem> problem(StoreProblem what)
{
    return tl::unexpected<StoreProblem>(what);
}

/// True for a name that a folder beside INBOX may have.
bool is_folder_name(std::string_view name)
{
    return !name.empty() && name.size() <= folder_name_octets_max &&
           !equals_ignoring_case(name, inbox_name) && name.front() != folder_separator &&
           name.back() != folder_separator;
}

bool is_inside(std::string_view name, std::string_view parent)
{
    return name.size() > parent.size() && name.substr(0, parent.size()) == parent &&
           name[parent.size()] == folder_separator;
}

bool fits_quota(const Mailbox &mailbox, std::uint64_t bytes)
{
    return mailbox.quota_bytes == 0 || (mailbox.used_bytes <= mailbox.quota_bytes &&
                                        bytes <= mailbox.quota_bytes - mailbox.used_bytes);
}

} // namespace

Store::Store(const Store &) = default;
Store::Store(Store &&) noexcept = default;
Store &Store::operator=(const Store &) = default;
Store &Store::operator=(Store &&) noexcept = default;
Store::~Store() = default;

bool Store::ByNameWithoutCase::operator()(std::string_view a, std::string_view b) const
{
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return static_cast<unsigned char>(ascii_lower(x)) <
               static_cast<unsigned char>(ascii_lower(y));
    });
}

Mailbox &Store::edit(UserId user)
{
    ++changes_;
    return mailboxes_.edit(user.value).edit();
}

Folder *Store::edit_folder(UserId user, FolderId folder)
{
    // A request for a folder that is not there leaves shared mailboxes shared.
    if (mailbox(user).find_folder(folder) == nullptr)
        return nullptr;
    for (Folder &each : edit(user).folders)
        if (each.id() == folder)
            return &each;
    return nullptr;
}

FolderId Store::add_folder(Mailbox &mailbox, std::string_view name, SpecialUse special_use)
{
    mailbox.folders.emplace_back(name, mailbox.next_uid_validity++, special_use);
    return mailbox.folders.back().id();
}

StoreResult<UserId> Store::add_user(std::string_view name, std::string_view password,
                                    std::uint64_t quota_bytes)
{
    if (find_user(name))
        return problem(StoreProblem::UserExists);
    Mailbox mailbox;
    mailbox.user = name;
    mailbox.password = password;
    mailbox.quota_bytes = quota_bytes;
    mailbox.next_uid_validity = first_uid_validity_;
    add_folder(mailbox, inbox_name, SpecialUse::None);
    const UserId user{static_cast<std::uint32_t>(mailboxes_.size())};
    mailboxes_.push_back(Cow<Mailbox>(std::move(mailbox)));
    users_.edit().emplace(std::string(name), user);
    return user;
}

std::optional<UserId> Store::find_user(std::string_view name) const
{
    const auto found = users_->find(name);
    return found == users_->end() ? std::nullopt : std::optional<UserId>(found->second);
}

const Mailbox &Store::mailbox(UserId user) const
{
    MS_CHECK(user.value < mailboxes_.size());
    return *mailboxes_[user.value];
}

const Folder *Store::folder(UserId user, FolderId folder) const
{
    return mailbox(user).find_folder(folder);
}

void Store::set_password(UserId user, std::string_view password) { edit(user).password = password; }

void Store::set_quota(UserId user, std::uint64_t quota_bytes)
{
    edit(user).quota_bytes = quota_bytes;
}

bool Store::has_room(UserId user, std::uint64_t bytes) const
{
    return fits_quota(mailbox(user), bytes);
}

StoreResult<std::uint32_t> Store::deliver(UserId user, NewLetter letter)
{
    return deliver(user, mailbox(user).inbox().id(), std::move(letter));
}

StoreResult<std::uint32_t> Store::deliver(UserId user, FolderId folder, NewLetter letter)
{
    if (!has_room(user, letter.content.size()))
        return problem(StoreProblem::OverQuota);
    return add_letter(user, folder, std::move(letter));
}

/// Stores a letter, whether it fits the quota or not.
StoreResult<std::uint32_t> Store::add_letter(UserId user, FolderId folder, NewLetter letter)
{
    Folder *target = edit_folder(user, folder);
    if (target == nullptr)
        return problem(StoreProblem::NoSuchFolder);
    if (target->uid_next() == number_max)
        return problem(StoreProblem::UidsUsedUp);
    edit(user).used_bytes += letter.content.size();
    StoredLetter stored;
    stored.content = std::move(letter.content);
    stored.internal_date = letter.internal_date;
    stored.message = letter.message;
    stored.flags = letter.flags & ~Folder::removed_mark;
    return target->add(std::move(stored));
}

StoreResult<std::uint32_t> Store::copy_letter(UserId user, FolderId from, std::uint32_t uid,
                                              FolderId to)
{
    StoreResult<NewLetter> copy = copy_of(user, from, uid, to);
    return copy ? deliver(user, to, std::move(*copy)) : problem(copy.error());
}

StoreResult<std::uint32_t> Store::move_letter(UserId user, FolderId from, std::uint32_t uid,
                                              FolderId to)
{
    StoreResult<NewLetter> copy = copy_of(user, from, uid, to);
    if (!copy)
        return problem(copy.error());
    const StoreResult<std::uint32_t> made = add_letter(user, to, std::move(*copy));
    if (made)
        (void)remove(user, from, uid); // It is there.
    return made;
}

/// A letter as it would be in another folder.
StoreResult<NewLetter> Store::copy_of(UserId user, FolderId from, std::uint32_t uid, FolderId to)
{
    const Folder *source = folder(user, from);
    if (source == nullptr || folder(user, to) == nullptr)
        return problem(StoreProblem::NoSuchFolder);
    const StoredLetter *letter = source->find(uid);
    if (letter == nullptr)
        return problem(StoreProblem::NoSuchLetter);
    NewLetter copy;
    copy.content = letter->content;
    copy.internal_date = letter->internal_date;
    copy.message = letter->message;
    copy.flags = translated_flags(user, from, letter->flags, to);
    return copy;
}

/// Flags of a letter in `source` as they are in `target`, where keywords may have other bits.
std::uint32_t Store::translated_flags(UserId user, FolderId source, std::uint32_t flags,
                                      FolderId target)
{
    const std::vector<std::string> keywords = folder(user, source)->keywords();
    std::uint32_t result = flags & letter_flag::system_flags;
    for (std::size_t i = 0; i < keywords.size(); ++i)
        if ((flags & letter_flag::first_keyword << i) != 0)
            result |= keyword_flag(user, target, keywords[i]).value_or(0);
    return result;
}

StoreResult<std::uint32_t> Store::keyword_flag(UserId user, FolderId folder,
                                               std::string_view keyword)
{
    const Folder *found = this->folder(user, folder);
    if (found == nullptr)
        return problem(StoreProblem::NoSuchFolder);
    if (const std::uint32_t known = found->keyword_flag(keyword); known != 0)
        return known;
    if (found->keywords().size() == folder_keywords_max)
        return problem(StoreProblem::TooManyKeywords);
    Folder *target = edit_folder(user, folder);
    target->keywords_.edit().emplace_back(keyword);
    ++target->modifications_;
    ++target->flag_changes_;
    return letter_flag::first_keyword << (target->keywords().size() - 1);
}

StoreResult<std::uint32_t> Store::claim_recent(UserId user, FolderId folder)
{
    const Folder *found = this->folder(user, folder);
    if (found == nullptr)
        return problem(StoreProblem::NoSuchFolder);
    const std::uint32_t first = found->first_recent_uid();
    if (first != found->uid_next()) {
        Folder *target = edit_folder(user, folder);
        target->first_recent_uid_ = target->uid_next_;
    }
    return first;
}

void Store::subscribe(UserId user, std::string_view name)
{
    const std::vector<std::string> &names = mailbox(user).subscriptions;
    if (std::find(names.begin(), names.end(), name) == names.end())
        edit(user).subscriptions.emplace_back(name);
}

void Store::unsubscribe(UserId user, std::string_view name)
{
    const std::vector<std::string> &names = mailbox(user).subscriptions;
    if (std::find(names.begin(), names.end(), name) != names.end())
        std::erase(edit(user).subscriptions, name);
}

StoreResult<void> Store::remove(UserId user, FolderId folder, std::uint32_t uid)
{
    Folder *target = edit_folder(user, folder);
    if (target == nullptr)
        return problem(StoreProblem::NoSuchFolder);
    const std::optional<std::size_t> place = target->place_of(uid);
    if (!place)
        return problem(StoreProblem::NoSuchLetter);
    edit(user).used_bytes -= target->letters_[*place].content.size();
    target->remove_at(*place);
    return {};
}

StoreResult<std::uint32_t> Store::change_flags(UserId user, FolderId folder, std::uint32_t uid,
                                               FlagChange change, std::uint32_t flags)
{
    Folder *target = edit_folder(user, folder);
    if (target == nullptr)
        return problem(StoreProblem::NoSuchFolder);
    const std::optional<std::size_t> place = target->place_of(uid);
    if (!place)
        return problem(StoreProblem::NoSuchLetter);
    const std::uint32_t before = target->letters_[*place].flags;
    std::uint32_t after = flags;
    if (change == FlagChange::Add)
        after = before | flags;
    else if (change == FlagChange::Remove)
        after = before & ~flags;
    after &= ~Folder::removed_mark;
    if (after != before) {
        target->letters_.edit(*place).flags = after;
        ++target->modifications_;
        ++target->flag_changes_;
    }
    return after;
}

StoreResult<FolderId> Store::create_folder(UserId user, std::string_view name,
                                           SpecialUse special_use)
{
    const Mailbox &before = mailbox(user);
    if (before.find_folder(name) != nullptr)
        return problem(StoreProblem::FolderExists);
    if (!is_folder_name(name))
        return problem(StoreProblem::BadFolderName);
    if (before.next_uid_validity == number_max)
        return problem(StoreProblem::UidsUsedUp);
    return add_folder(edit(user), name, special_use);
}

StoreResult<void> Store::delete_folder(UserId user, FolderId folder)
{
    const Folder *found = this->folder(user, folder);
    if (found == nullptr)
        return problem(StoreProblem::NoSuchFolder);
    if (found->id() == mailbox(user).inbox().id())
        return problem(StoreProblem::BadFolderName);
    Mailbox &mailbox = edit(user);
    const auto place = std::find_if(mailbox.folders.begin(), mailbox.folders.end(),
                                    [&](const Folder &each) { return each.id() == folder; });
    mailbox.used_bytes -= place->bytes();
    mailbox.folders.erase(place);
    return {};
}

StoreResult<void> Store::rename_folder(UserId user, FolderId folder, std::string_view new_name)
{
    const Folder *found = this->folder(user, folder);
    if (found == nullptr)
        return problem(StoreProblem::NoSuchFolder);
    const std::string old_name = found->name();
    if (old_name == inbox_name)
        return rename_inbox(user, new_name);
    const Mailbox &before = mailbox(user);
    if (!is_folder_name(new_name) || is_inside(new_name, old_name))
        return problem(StoreProblem::BadFolderName);
    // Every folder that moves needs its new name free, and short enough.
    for (const Folder &each : before.folders) {
        if (each.name() != old_name && !is_inside(each.name(), old_name))
            continue;
        const std::string moved = std::string(new_name) + each.name().substr(old_name.size());
        if (!is_folder_name(moved))
            return problem(StoreProblem::BadFolderName);
        if (before.find_folder(moved) != nullptr)
            return problem(StoreProblem::FolderExists);
    }
    for (Folder &each : edit(user).folders)
        if (each.name() == old_name || is_inside(each.name(), old_name))
            each.name_.replace(0, old_name.size(), new_name);
    return {};
}

StoreResult<void> Store::rename_inbox(UserId user, std::string_view new_name)
{
    const StoreResult<FolderId> made = create_folder(user, new_name);
    if (!made)
        return problem(made.error());
    Mailbox &mailbox = edit(user);
    Folder &inbox = mailbox.folders.front();
    Folder &target = mailbox.folders.back();
    target.letters_ = std::exchange(inbox.letters_, {});
    target.removed_ = std::exchange(inbox.removed_, 0U);
    target.bytes_ = std::exchange(inbox.bytes_, 0U);
    target.uid_next_ = inbox.uid_next_;
    target.first_recent_uid_ = inbox.first_recent_uid_;
    target.keywords_ = inbox.keywords_;
    ++target.modifications_;
    ++target.flag_changes_;
    ++inbox.modifications_;
    ++inbox.removals_;
    return {};
}

bool Store::try_lock(UserId user, LockOwner owner)
{
    MS_CHECK(owner != 0);
    const LockOwner holder = mailbox(user).locked_by;
    if (holder == 0)
        edit(user).locked_by = owner;
    return holder == 0 || holder == owner;
}

void Store::unlock(UserId user, LockOwner owner)
{
    if (mailbox(user).locked_by == owner)
        edit(user).locked_by = 0;
}

void Store::mix(Digest &digest) const
{
    digest.add(mailboxes_.size());
    mailboxes_.for_each([&](const Cow<Mailbox> &each) {
        digest.add(each->user, each->password, each->quota_bytes, each->used_bytes, each->locked_by,
                   each->next_uid_validity, each->folders.size(), each->subscriptions.size());
        for (const Folder &folder : each->folders) {
            digest.add(folder.name(), folder.uid_validity(), folder.uid_next(),
                       folder.first_recent_uid(), folder.modifications(), folder.size());
            folder.for_each([&](const StoredLetter &letter) {
                digest.add(letter.uid, letter.flags, letter.internal_date, letter.message,
                           letter.content);
            });
        }
    });
}

} // namespace mailscope::mail
