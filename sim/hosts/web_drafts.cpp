// Drafts in the webmail service: they lie in the mailbox itself, so that any browser can go on.
#include "sim/hosts/typed_letter.h"
#include "sim/hosts/web_answers.h"
#include "sim/hosts/web_server.h"

#include <optional>
#include <utility>

namespace mailscope
{
namespace
{

/// A record about a draft of somebody who is logged in.
Record draft_record(const Env &env, RecordKind kind, Handle connection,
                    const mail::StoredLetter &draft)
{
    Record record = env.connection_record(kind, connection, Protocol::Http,
                                          mail::read_message(draft.content.view()).subject);
    record.message = draft.message;
    record.value = static_cast<std::int64_t>(draft.content.size());
    return record;
}

} // namespace

http::Response WebServer::drafts(Visit &visit)
{
    if (visit.request.method == http::Method::Post)
        return save_draft(visit);
    return list(visit, visit.backend.store.mailbox(*visit.user).find_folder(drafts_name),
                drafts_name, "/drafts");
}

/// A draft is shown in the form, to go on with; as JSON it is a letter like others.
http::Response WebServer::draft(Visit &visit)
{
    mail::FolderId folder;
    const mail::StoredLetter *stored = find_letter(visit, folder);
    const bool is_shown = stored != nullptr && visit.request.method == http::Method::Get;
    if (!is_shown || visit.wants_json)
        return letter(visit);
    visit.session.message = stored->message;
    visit.env.note(draft_record(visit.env, RecordKind::DraftOpened,
                                visit.session.stream.connection(), *stored));
    const mail::ReadLetter read = mail::read_message(stored->content.view());
    web::LetterForm form = empty_form(visit);
    form.draft = stored->uid;
    form.to = as_typed_list(read.to);
    form.cc = as_typed_list(read.cc);
    form.from = as_typed_list(read.from);
    form.subject = read.subject;
    form.text = read.text;
    for (const mail::AttachmentSummary &file : read.attachments)
        form.files.push_back(file.name);
    form.iso_2022_jp = charset_of(stored->content.view()) == mail::TextCharset::Iso2022Jp;
    const std::string &user = visit.backend.store.mailbox(*visit.user).user;
    return web::notice(200, {{"Draft", user}, "", "", "", false, true, std::move(form)}, false);
}

http::Response WebServer::save_draft(Visit &visit)
{
    const std::optional<http::Form> form = web::form_of(visit.request);
    if (!form)
        return web::unknown_form(visit.wants_json);
    mail::Store &store = visit.backend.store;
    const std::string user = store.mailbox(*visit.user).user;
    const mail::Letter letter = compose(visit, *form);
    const mail::NewLetter draft{SharedBytes::copy_of(mail::build_message(letter)), visit.env.now,
                                visit.env.messages.name(letter.message_id),
                                mail::letter_flag::seen | mail::letter_flag::draft};
    visit.session.message = draft.message;
    const mail::StoreResult<mail::FolderId> folder =
        special_folder(visit, drafts_name, mail::SpecialUse::Drafts);
    const mail::StoredLetter *earlier = draft_of(visit, *form);
    const std::uint32_t replaced = earlier == nullptr ? 0 : earlier->uid;
    const auto uid =
        folder ? store.deliver(*visit.user, *folder, draft)
               : mail::StoreResult<std::uint32_t>(tl::unexpected(mail::StoreProblem::NoSuchFolder));
    if (!uid) {
        visit.env.note(visit.env.connection_record(
            RecordKind::AppendRefused, visit.session.stream.connection(), Protocol::Http, user));
        return web::notice(507, {{"Not saved", user}, "The mailbox is full."}, visit.wants_json);
    }
    visit.env.note(draft_record(visit.env, RecordKind::DraftSaved,
                                visit.session.stream.connection(),
                                *store.folder(*visit.user, *folder)->find(*uid)));
    if (replaced != 0)
        remove_draft(visit, replaced);
    return web::redirect("/drafts");
}

/// The draft that the form says it goes on with; nullptr when it is none, or gone.
const mail::StoredLetter *WebServer::draft_of(Visit &visit, const http::Form &form) const
{
    return named_in(visit, form, "draft", drafts_name);
}

void WebServer::remove_draft(Visit &visit, std::uint32_t uid)
{
    mail::Store &store = visit.backend.store;
    const mail::Folder *folder = store.mailbox(*visit.user).find_folder(drafts_name);
    visit.env.note(draft_record(visit.env, RecordKind::DraftRemoved,
                                visit.session.stream.connection(), *folder->find(uid)));
    (void)store.remove(*visit.user, folder->id(), uid); // It is there.
}

} // namespace mailscope
