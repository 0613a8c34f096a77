// How a mail program keeps copies of the server's folders, and takes part in changing them (IMAP).
//
// A session first tells the server what its person did meanwhile, then compares each folder with
// the copy here: what is gone there goes here, flags are learned, new letters are copied. UIDs say
// which letter is which (RFC 3501 2.3.1.1, RFC 4549).
#include "sim/core/check.h"
#include "sim/hosts/mail_client.h"
#include "sim/mail/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

std::string subject_in(ByteView letter)
{
    return mail::decode_words(mail::MessageView(letter).text_of("Subject"));
}

/// The place of the first letter whose UID on the server is not below `uid`.
template <class Letters> auto place_of(Letters &letters, std::uint32_t uid)
{
    return std::lower_bound(
        letters.begin(), letters.end(), uid,
        [](const auto &letter, std::uint32_t value) { return letter.there < value; });
}

} // namespace

Protocol MailClient::reading_protocol() const
{
    return settings_->reads == ReadsBy::Imap ? Protocol::Imap : Protocol::Pop3;
}

bool MailClient::listening() const
{
    const Fetch *fetch = fetching();
    return fetch != nullptr && fetch->imap &&
           (fetch->imap->state() == imap::ClientState::Idling ||
            fetch->imap->state() == imap::ClientState::AskingIdle);
}

// ---- The session

void MailClient::take_imap(Env &env)
{
    Fetch &fetch = fetch_->edit();
    imap::Client &engine = *fetch.imap;
    while (const std::optional<imap::ClientEvent> event = engine.next_event())
        on_imap(env, *event);
    fetch.session.stream.send(env, Protocol::Imap, engine.output(), MessageId{});
    engine.clear_output();
    if (engine.wants_close())
        return end_fetch_session(env);
    fetch.session.timer.set(engine.next_deadline(), timer(env, fetch_session), env.queue);
    if (listening() && std::exchange(fetch_again_, false))
        this->fetch(env);
}

void MailClient::on_imap(Env &env, const imap::ClientEvent &event)
{
    Fetch &fetch = fetch_->edit();
    if (const auto *listed = std::get_if<imap::FoldersListed>(&event)) {
        folders_listed(env, *listed);
        order_sync(env);
    } else if (const auto *asked = std::get_if<imap::SelectionAsked>(&event)) {
        compare(env, *asked);
    } else if (const auto *letter = std::get_if<imap::LetterReceived>(&event)) {
        keep_copy(env, *letter);
    } else if (const auto *stored = std::get_if<imap::FlagsStored>(&event)) {
        std::erase_if(pending_, [&](const PendingChange &change) {
            return change.flag == stored->flags && change.folder == stored->folder &&
                   std::binary_search(stored->uids.begin(), stored->uids.end(), change.uid);
        });
    } else if (const auto *expunged = std::get_if<imap::LettersExpunged>(&event)) {
        std::erase_if(pending_, [&](const PendingChange &change) {
            return change.is_removal() && !change.is_move() && change.folder == expunged->folder &&
                   std::binary_search(expunged->uids.begin(), expunged->uids.end(), change.uid);
        });
    } else if (const auto *kept = std::get_if<imap::LetterAppended>(&event)) {
        appended(*kept);
    } else if (const auto *created = std::get_if<imap::FolderCreated>(&event)) {
        folder_created(created->folder);
    } else if (const auto *moved = std::get_if<imap::LettersMoved>(&event)) {
        letters_moved(*moved);
    } else if (std::holds_alternative<imap::NewsHeard>(event)) {
        fetch.told = false;
        order_sync(env);
    } else if (std::holds_alternative<imap::ListeningBegan>(event)) {
        fetch_ended(env, RecordKind::FetchEnded, "", "");
        fetch.fetched = 0;
    } else if (std::holds_alternative<imap::TlsStarted>(event)) {
        fetch.session.stream.start_tls(env, tls::Side::Client, fetch.session.host);
    } else {
        on_imap_end(env, event);
    }
}

/// What goes wrong, and the end.
void MailClient::on_imap_end(Env &env, const imap::ClientEvent &event)
{
    using K = RecordKind;
    Fetch &fetch = fetch_->edit();
    const auto failed = [&](std::string_view reason) {
        fetch_ended(env, K::FetchFailed, reason, reason);
    };
    if (const auto *login = std::get_if<imap::LoginRefused>(&event)) {
        fetch_ended(env, K::LoginFailed, settings_->incoming.user, login->reply);
    } else if (const auto *refused = std::get_if<imap::RequestRefused>(&event)) {
        if (refused->verb == imap::Verb::Append) {
            unsaved_.erase(unsaved_.begin()); // It is tried once; it is kept here all the same.
            show_problem(env, K::AppendRefused, 0, refused->reply);
        } else if (refused->verb == imap::Verb::Create || refused->verb == imap::Verb::Move) {
            folder_change_refused(env, *refused);
        } else {
            fetch.refusal = refused->reply;
        }
    } else if (std::holds_alternative<imap::TlsUnavailable>(event)) {
        failed("TLS is not offered");
    } else if (std::holds_alternative<imap::Done>(event)) {
        fetch_ended(env, K::FetchEnded, "", "");
    } else if (const auto *away = std::get_if<imap::SentAway>(&event)) {
        fetch_ended(env, K::FetchFailed, "sent away", away->reply);
    } else if (std::holds_alternative<imap::ClientPeerVanished>(event)) {
        fetch.told = false; // Also of a session that had fetched and listened.
        failed("connection lost");
    } else if (std::holds_alternative<imap::TimedOut>(event)) {
        fetch.told = false;
        failed("timed out");
    } else if (const auto *foreign = std::get_if<imap::ProtocolViolation>(&event)) {
        env.note(env.connection_record(K::WrongProtocol, fetch.session.stream.connection(),
                                       Protocol::Imap, foreign->line));
        fetch_ended(env, K::FetchFailed, "wrong protocol", foreign->line);
    }
}

// ---- Towards the server

/// Orders what its person did, then a comparison of the folders.
void MailClient::order_sync(Env &env)
{
    imap::Client &engine = *fetch_->edit().imap;
    const auto changed = [&](const std::string &folder, std::uint32_t flag) {
        std::vector<std::uint32_t> uids;
        for (const PendingChange &change : pending_)
            if (change.flag == flag && change.folder == folder && !change.is_move())
                uids.push_back(change.uid);
        std::sort(uids.begin(), uids.end());
        return uids;
    };
    for (const std::uint32_t flag : {mail::letter_flag::seen, mail::letter_flag::answered})
        for (const FolderCopy &copy : *copies_)
            engine.store_flags(copy.name, changed(copy.name, flag), mail::FlagChange::Add, flag);
    order_folder_changes(engine);
    for (const FolderCopy &copy : *copies_)
        engine.expunge(copy.name, changed(copy.name, 0));
    append_unsaved(engine);
    engine.sync_folder(std::string(mail::inbox_name));
    if (!server_sent_.empty())
        engine.sync_folder(server_sent_);
    if (syncs_drafts_ && !server_drafts_.empty())
        engine.sync_folder(server_drafts_);
    for (const std::string &folder : server_folders_)
        engine.sync_folder(folder);
    engine.go_on(env.now);
}

/// What the server's folders lack, but for what is gone meanwhile. Where the server has no such
/// folder it stays on this device.
void MailClient::append_unsaved(imap::Client &engine)
{
    const auto name_of = [&](const Unsaved &each) -> const std::string & {
        return each.folder == drafts_folder_ ? server_drafts_ : server_sent_;
    };
    std::erase_if(unsaved_, [&](const Unsaved &each) {
        return name_of(each).empty() ||
               store_.folder(user_, each.folder)->find(each.uid) == nullptr;
    });
    for (const Unsaved &each : unsaved_) {
        const mail::StoredLetter *letter = store_.folder(user_, each.folder)->find(each.uid);
        engine.append(name_of(each), letter->content, letter->flags);
    }
}

/// What was done here is told to the server as soon as it can be.
void MailClient::send_changes(Env &env)
{
    const bool has_changes = !pending_.empty() || !unsaved_.empty() || !unmade_.empty();
    if (settings_->reads != ReadsBy::Imap || !has_changes || !online_)
        return;
    if (listening())
        fetch(env);
    else if (fetch_)
        fetch_again_ = true;
    else
        begin_fetch(env);
}

/// Remembers that a letter which is a copy got a flag, or is gone when `flag` is 0. Of any other
/// letter there is nobody to tell.
void MailClient::note_change(mail::FolderId folder, std::uint32_t uid, std::uint32_t flag)
{
    for (FolderCopy &copy : copies_.edit()) {
        if (copy.here != folder)
            continue;
        const auto found = std::find_if(copy.letters.begin(), copy.letters.end(),
                                        [uid](const auto &letter) { return letter.here == uid; });
        if (found == copy.letters.end())
            return;
        pending_.push_back({copy.name, found->there, flag});
        if (flag == 0)
            copy.letters.erase(found);
        return;
    }
}

void MailClient::appended(const imap::LetterAppended &event)
{
    if (unsaved_.empty())
        return;
    const Unsaved here = unsaved_.front();
    unsaved_.erase(unsaved_.begin());
    FolderCopy &copy = copy_of(event.folder);
    if (event.uid == 0 || (copy.uid_validity != 0 && copy.uid_validity != event.uid_validity))
        return; // It will come once more, as a copy.
    copy.uid_validity = event.uid_validity;
    if (store_.folder(user_, here.folder)->find(here.uid) == nullptr) {
        // A draft that was sent or written anew while its APPEND was on the way.
        pending_.push_back({event.folder, event.uid});
        fetch_again_ = true;
        return;
    }
    copy.letters.insert(place_of(copy.letters, event.uid), {event.uid, here.uid});
}

// ---- From the server

/// The copy of a folder; a new one lies in this device's folder of the same purpose or name.
MailClient::FolderCopy &MailClient::copy_of(const std::string &folder)
{
    std::vector<FolderCopy> &copies = copies_.edit();
    for (FolderCopy &copy : copies)
        if (copy.name == folder)
            return copy;
    FolderCopy copy;
    copy.name = folder;
    const mail::Folder *own = store_.mailbox(user_).find_folder(folder);
    if (folder == server_sent_)
        copy.here = sent_folder_;
    else if (folder == server_drafts_)
        copy.here = drafts_folder_;
    else if (own != nullptr)
        copy.here = own->id();
    else
        copy.here = store_.create_folder(user_, folder).value_or(inbox().id());
    copies.push_back(std::move(copy));
    return copies.back();
}

void MailClient::compare(Env &env, const imap::SelectionAsked &asked)
{
    FolderCopy &copy = copy_of(asked.folder);
    std::vector<FolderCopy::Uids> kept;
    const bool same = copy.uid_validity == asked.uid_validity;
    std::vector<std::uint32_t> wanted;
    auto known = copy.letters.begin();
    for (const imap::ListedLetter &letter : asked.listing) {
        for (; same && known != copy.letters.end() && known->there < letter.uid; ++known)
            forget_letter(env, copy.here, known->here);
        if (same && known != copy.letters.end() && known->there == letter.uid) {
            learn_flags(env, copy, known->here, letter.flags, letter.uid);
            kept.push_back(*known++);
            continue;
        }
        const bool removed = std::any_of(pending_.begin(), pending_.end(), [&](const auto &each) {
            return each.is_removal() && each.folder == copy.name && each.uid == letter.uid;
        });
        if (!removed)
            wanted.push_back(letter.uid);
    }
    for (; known != copy.letters.end(); ++known) // All of them, when the UIDs are new ones.
        forget_letter(env, copy.here, known->here);
    copy.letters = std::move(kept);
    copy.uid_validity = asked.uid_validity;
    fetch_->edit().imap->retrieve(wanted, env.now);
}

/// A letter that the server has no more: another device removed it.
void MailClient::forget_letter(Env &env, mail::FolderId folder, std::uint32_t uid)
{
    const mail::StoredLetter *letter = store_.folder(user_, folder)->find(uid);
    if (letter == nullptr)
        return;
    Record record = env.record(RecordKind::LetterVanished);
    record.protocol = Protocol::Imap;
    record.message = letter->message;
    record.text = SharedBytes::copy_of(subject_in(letter->content.view()));
    env.note(std::move(record));
    (void)store_.remove(user_, folder, uid); // It is there.
}

/// Flags of the server go before those here, but for what its person did since.
void MailClient::learn_flags(Env &env, const FolderCopy &copy, std::uint32_t here,
                             std::uint32_t flags, std::uint32_t there)
{
    const mail::StoredLetter *letter = store_.folder(user_, copy.here)->find(here);
    const bool pending = std::any_of(pending_.begin(), pending_.end(), [&](const auto &each) {
        return each.folder == copy.name && each.uid == there;
    });
    if (letter == nullptr || pending || letter->flags == flags)
        return;
    Record record = env.record(RecordKind::FlagsLearned);
    record.protocol = Protocol::Imap;
    record.message = letter->message;
    const std::string text = imap::flags_text(flags, false, {});
    record.text = SharedBytes::copy_of(
        fmt::format("{} {}", text.empty() ? "-" : text, subject_in(letter->content.view())));
    env.note(std::move(record));
    (void)store_.change_flags(user_, copy.here, here, mail::FlagChange::Replace, flags);
}

void MailClient::keep_copy(Env &env, const imap::LetterReceived &letter)
{
    Fetch &fetch = fetch_->edit();
    FolderCopy &copy = copy_of(letter.folder);
    const auto place = place_of(copy.letters, letter.uid);
    if (place != copy.letters.end() && place->there == letter.uid)
        return;
    const mail::MessageView view(letter.content.view());
    const MessageId message = env.messages.name(view.text_of("Message-ID"));
    const auto here =
        store_.deliver(user_, copy.here, {letter.content, env.now, message, letter.flags});
    if (!here)
        return give_up_action(env, no_room);
    copy.letters.insert(place, {letter.uid, *here});
    ++fetch.fetched;
    for (const mail::NamedAddress &from : mail::parse_address_list(view.text_of("From")))
        remember(from);
    Record record = env.connection_record(RecordKind::LetterFetched,
                                          fetch.session.stream.connection(), Protocol::Imap);
    record.message = message;
    record.value = static_cast<std::int64_t>(letter.content.size());
    if (env.keeps(record.kind))
        record.text = SharedBytes::copy_of(mail::decode_words(view.text_of("Subject")));
    env.note(std::move(record));
}

} // namespace mailscope
