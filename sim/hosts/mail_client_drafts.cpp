// Drafts: letters that their writer has not finished.
//
// A draft is a message in the folder Drafts of this device. By POP3 that is the only place where it
// is. By IMAP the server's folder for drafts has it too, flagged \Draft (RFC 3501 2.3.2, RFC 6154),
// so that another device can go on with it. Each version is a message with a Message-ID of its own
// (RFC 5322 3.6.4), and the one before goes away. By webmail drafts are the service's.
#include "sim/hosts/mail_client.h"
#include "sim/hosts/typed_letter.h"

#include <fmt/format.h>

#include <utility>

namespace mailscope
{
namespace
{

constexpr std::uint32_t draft_flags = mail::letter_flag::seen | mail::letter_flag::draft;

std::vector<std::string> typed_texts(const std::vector<mail::NamedAddress> &addresses)
{
    std::vector<std::string> texts;
    texts.reserve(addresses.size());
    for (const mail::NamedAddress &each : addresses)
        texts.push_back(as_typed(each));
    return texts;
}

/// What its writer sees when it is opened. That a report was wished for is not part of a message.
Draft draft_in(ByteView message)
{
    const mail::ReadLetter letter = mail::read_message(message);
    Draft draft;
    draft.to = typed_texts(letter.to);
    draft.cc = typed_texts(letter.cc);
    draft.subject = letter.subject;
    draft.text = letter.text;
    for (const mail::AttachmentSummary &file : letter.attachments)
        draft.attachments.push_back({file.name, file.media_type, file.size});
    draft.in_reply_to = letter.in_reply_to;
    draft.charset = charset_of(message);
    if (!letter.from.empty())
        draft.from = as_typed(letter.from.front());
    return draft;
}

std::string no_draft(std::string_view subject)
{
    return subject.empty() ? std::string("no draft") : fmt::format("no draft: {}", subject);
}

} // namespace

/// The newest one; with an empty subject whatever it is about.
const mail::StoredLetter *MailClient::find_draft(std::string_view subject) const
{
    const mail::Folder &drafts = folder(drafts_name);
    const std::vector<std::uint32_t> uids = drafts.uids();
    for (auto uid = uids.rbegin(); uid != uids.rend(); ++uid) {
        const mail::StoredLetter *letter = drafts.find(*uid);
        if (subject.empty() || mail::read_message(letter->content.view()).subject == subject)
            return letter;
    }
    return nullptr;
}

void MailClient::note_draft(Env &env, RecordKind kind, MessageId message, std::string_view subject,
                            std::size_t octets) const
{
    Record record = env.record(kind);
    record.protocol = reading_protocol();
    record.message = message;
    record.value = static_cast<std::int64_t>(octets);
    if (env.keeps(kind))
        record.text = SharedBytes::copy_of(subject);
    env.note(std::move(record));
}

Result<void> MailClient::save_draft(Env &env, const DraftChanges &written, std::string_view earlier)
{
    if (browser_) {
        const std::string from = earlier.empty() ? usual_sender() : std::string();
        order_web(env,
                  {Browser::Wish::SaveDraft, std::string(earlier), web_form(written, from), {}});
        return {};
    }
    Draft draft;
    std::uint32_t replaced = 0;
    if (!earlier.empty()) {
        const mail::StoredLetter *before = find_draft(earlier);
        if (before == nullptr)
            return fail(no_draft(earlier));
        note_draft(env, RecordKind::DraftOpened, before->message, earlier, before->content.size());
        draft = draft_in(before->content.view());
        replaced = before->uid;
    }
    change(draft, written);
    const mail::Letter letter = compose(env, draft);
    const SharedBytes content = SharedBytes::copy_of(mail::build_message(letter));
    const MessageId message = env.messages.name(letter.message_id);
    const auto uid =
        store_.deliver(user_, drafts_folder_, {content, env.now, message, draft_flags});
    if (!uid)
        return fail(std::string(no_room));
    note_draft(env, RecordKind::DraftSaved, message, letter.subject, content.size());
    if (replaced != 0)
        remove_draft(env, replaced);
    if (settings_->reads == ReadsBy::Imap) {
        syncs_drafts_ = true;
        unsaved_.push_back({drafts_folder_, *uid});
        send_changes(env);
    }
    return {};
}

Result<void> MailClient::send_draft(Env &env, const DraftChanges &changes, std::string_view subject)
{
    if (browser_) {
        order_web(env, {Browser::Wish::SendDraft, std::string(subject), web_form(changes, {}), {}});
        return {};
    }
    const mail::StoredLetter *letter = find_draft(subject);
    if (letter == nullptr)
        return fail(no_draft(subject));
    const std::uint32_t uid = letter->uid;
    Draft draft = draft_in(letter->content.view());
    note_draft(env, RecordKind::DraftOpened, letter->message, draft.subject,
               letter->content.size());
    change(draft, changes);
    const RecordId opened = env.because;
    write_and_send(env, draft);
    if (last_uid_ == 0) // It did not get into the Outbox: it stays what it is.
        return {};
    env.because = opened;
    remove_draft(env, uid);
    send_changes(env);
    return {};
}

/// Away from this device; by IMAP the server will be told.
void MailClient::remove_draft(Env &env, std::uint32_t uid)
{
    const mail::StoredLetter *letter = folder(drafts_name).find(uid);
    note_draft(env, RecordKind::DraftRemoved, letter->message,
               mail::read_message(letter->content.view()).subject, letter->content.size());
    note_change(drafts_folder_, uid);
    (void)store_.remove(user_, drafts_folder_, uid); // It is there.
}

void MailClient::open_drafts(Env &env)
{
    if (browser_)
        return order_web(env, {Browser::Wish::OpenDrafts, {}, {}, {}});
    if (settings_->reads != ReadsBy::Imap || !online_)
        return note_drafts_shown(env);
    syncs_drafts_ = true;
    shows_drafts_ = true;
    fetch(env);
}

void MailClient::note_drafts_shown(Env &env)
{
    Record record = env.record(RecordKind::DraftsShown);
    record.protocol = reading_protocol();
    record.value = static_cast<std::int64_t>(folder(drafts_name).size());
    env.note(std::move(record));
}

} // namespace mailscope
