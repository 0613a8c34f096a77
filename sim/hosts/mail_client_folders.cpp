// Folders of a person's own, and letters that are moved there.
//
// By POP3 they are this device's and nobody hears of them: the protocol knows one mailbox (RFC 1939
// 3). By IMAP folders are the server's: what is made or moved here is so there as soon as it can be
// told (CREATE, MOVE), and every other device sees it when it looks next. By webmail they are the
// service's.
#include "sim/hosts/mail_client.h"
#include "sim/mail/letter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope
{

std::vector<const mail::Folder *> MailClient::own_folders() const
{
    std::vector<const mail::Folder *> own;
    for (const mail::Folder &each : store_.mailbox(user_).folders)
        if (each.id() != inbox().id() && each.id() != outbox_folder_ && each.id() != sent_folder_ &&
            each.id() != drafts_folder_)
            own.push_back(&each);
    return own;
}

const mail::Folder *MailClient::own_folder(std::string_view name) const
{
    for (const mail::Folder *each : own_folders())
        if (each->name() == name)
            return each;
    return nullptr;
}

Result<void> MailClient::make_folder(Env &env, std::string_view name)
{
    if (browser_) {
        order_web(env, {Browser::Wish::MakeFolder, {}, {}, {}, std::string(name)});
        return {};
    }
    if (!store_.create_folder(user_, name))
        return fail(fmt::format("folder exists: {}", name));
    Record record = env.record(RecordKind::FolderMade);
    record.protocol = reading_protocol();
    record.text = SharedBytes::copy_of(name);
    env.note(std::move(record));
    if (settings_->reads == ReadsBy::Imap)
        unmade_.emplace_back(name);
    send_changes(env);
    return {};
}

Result<void> MailClient::move_letter(Env &env, std::string_view subject, std::string_view folder)
{
    if (browser_) {
        order_web(env, {Browser::Wish::Move, std::string(subject), {}, {}, std::string(folder)});
        return {};
    }
    const mail::StoredLetter *letter = find_letter(subject, false);
    if (letter == nullptr)
        return fail(no_letter(subject));
    const mail::Folder *target = own_folder(folder);
    if (target == nullptr)
        return fail(fmt::format("no folder: {}", folder));
    const std::string name = target->name();
    const std::uint32_t uid = letter->uid;
    note_moved(env, *letter, name);
    const auto moved = store_.move_letter(user_, inbox().id(), uid, target->id());
    if (moved && settings_->reads == ReadsBy::Imap)
        note_change_of_place(uid, name, *moved);
    send_changes(env);
    return {};
}

void MailClient::note_moved(Env &env, const mail::StoredLetter &letter,
                            const std::string &folder) const
{
    Record record = env.record(RecordKind::LetterMoved);
    record.protocol = reading_protocol();
    record.message = letter.message;
    if (env.keeps(record.kind))
        record.text = SharedBytes::copy_of(
            fmt::format("{} {}", folder, mail::read_message(letter.content.view()).subject));
    env.note(std::move(record));
}

/// Remembers that a letter of the INBOX, which is a copy, lies elsewhere now.
void MailClient::note_change_of_place(std::uint32_t uid, const std::string &target,
                                      std::uint32_t moved_to)
{
    const std::size_t before = pending_.size();
    note_change(inbox().id(), uid);
    if (pending_.size() == before)
        return;
    pending_.back().target = target;
    pending_.back().moved_to = moved_to;
}

// ---- With the server, by IMAP

/// Moves that the server will not make: the letters are where they were, and come back with the
/// next comparison. False: there was none.
template <class IsMeant> bool MailClient::undo_moves(IsMeant is_meant)
{
    return std::erase_if(pending_, [&](const PendingChange &change) {
               if (!change.is_move() || !is_meant(change))
                   return false;
               if (const mail::Folder *target = own_folder(change.target))
                   (void)store_.remove(user_, target->id(), change.moved_to);
               return true;
           }) != 0;
}

/// Learns which folders there are. What lay in one that is there no more is gone here too.
void MailClient::folders_listed(Env &env, const imap::FoldersListed &event)
{
    server_folders_.clear();
    for (const imap::ListedFolder &folder : event.folders) {
        if (!folder.selectable)
            continue;
        if (folder.special_use == mail::SpecialUse::Sent)
            server_sent_ = folder.name;
        else if (folder.special_use == mail::SpecialUse::Drafts)
            server_drafts_ = folder.name;
        else if (folder.special_use == mail::SpecialUse::None && folder.name != mail::inbox_name)
            server_folders_.push_back(folder.name);
    }
    const auto is_gone = [&](const FolderCopy &copy) {
        return own_folder(copy.name) != nullptr &&
               std::find(server_folders_.begin(), server_folders_.end(), copy.name) ==
                   server_folders_.end();
    };
    for (const FolderCopy &copy : *copies_) {
        if (!is_gone(copy))
            continue;
        if (undo_moves([&](const PendingChange &move) { return move.target == copy.name; }))
            give_up_action(env, fmt::format("no folder: {}", copy.name));
        for (const FolderCopy::Uids &letter : copy.letters)
            forget_letter(env, copy.here, letter.here);
    }
    if (std::any_of(copies_->begin(), copies_->end(), is_gone))
        std::erase_if(copies_.edit(), [&](const FolderCopy &copy) {
            return is_gone(copy) && store_.delete_folder(user_, copy.here).has_value();
        });
}

/// New folders, then what was moved.
void MailClient::order_folder_changes(imap::Client &engine) const
{
    for (const std::string &name : unmade_)
        engine.create_folder(name);
    for (const FolderCopy &copy : *copies_)
        for (const mail::Folder *target : own_folders()) {
            std::vector<std::uint32_t> uids;
            for (const PendingChange &change : pending_)
                if (change.folder == copy.name && change.target == target->name())
                    uids.push_back(change.uid);
            std::sort(uids.begin(), uids.end());
            engine.move(copy.name, std::move(uids), target->name());
        }
}

void MailClient::folder_created(const std::string &folder)
{
    std::erase(unmade_, folder);
    if (std::find(server_folders_.begin(), server_folders_.end(), folder) == server_folders_.end())
        server_folders_.push_back(folder);
}

/// The letters lie there as here. Whose new UID is not told comes once more, as a copy.
void MailClient::letters_moved(const imap::LettersMoved &event)
{
    FolderCopy &copy = copy_of(event.target);
    const bool is_known = copy.uid_validity == 0 || copy.uid_validity == event.uid_validity;
    std::erase_if(pending_, [&](const PendingChange &change) {
        const bool is_meant = change.folder == event.folder && change.target == event.target &&
                              std::binary_search(event.uids.begin(), event.uids.end(), change.uid);
        if (!is_meant)
            return false;
        const auto told = std::find_if(event.new_uids.begin(), event.new_uids.end(),
                                       [&](const auto &each) { return each.before == change.uid; });
        if (told == event.new_uids.end() || !is_known) {
            (void)store_.remove(user_, copy.here, change.moved_to);
            return true;
        }
        copy.uid_validity = event.uid_validity;
        const auto place = std::find_if(copy.letters.begin(), copy.letters.end(),
                                        [&](const auto &each) { return each.there > told->now; });
        copy.letters.insert(place, {told->now, change.moved_to});
        return true;
    });
}

/// CREATE or MOVE.
void MailClient::folder_change_refused(Env &env, const imap::RequestRefused &refused)
{
    if (refused.verb == imap::Verb::Move) {
        (void)undo_moves(
            [&](const PendingChange &change) { return change.folder == refused.folder; });
        return give_up_action(env, fmt::format("move refused: {}", refused.reply));
    }
    // Another device may have made it meanwhile (RFC 5530 3): then it is there.
    if (refused.reply.find("[ALREADYEXISTS]") != std::string::npos)
        return folder_created(refused.folder);
    std::erase(unmade_, refused.folder);
    give_up_action(env, fmt::format("folder refused: {}", refused.reply));
}

} // namespace mailscope
