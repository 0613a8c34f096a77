// Folders of a person's own in the webmail service: they lie in the mailbox, so every browser and
// every IMAP client shows them.
#include "sim/hosts/web_answers.h"
#include "sim/hosts/web_server.h"
#include "sim/mail/letter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope
{

void WebServer::note_change(Visit &visit, RecordKind kind, std::string_view text, MessageId message)
{
    Record record =
        visit.env.connection_record(kind, visit.session.stream.connection(), Protocol::Http, text);
    record.message = message;
    visit.env.note(std::move(record));
}

/// All but the INBOX and those that have a purpose.
std::vector<const mail::Folder *> WebServer::own_folders(Visit &visit) const
{
    const mail::Mailbox &mailbox = visit.backend.store.mailbox(*visit.user);
    std::vector<const mail::Folder *> own;
    for (const mail::Folder &each : mailbox.folders)
        if (each.special_use() == mail::SpecialUse::None && each.id() != mailbox.inbox().id())
            own.push_back(&each);
    return own;
}

http::Response WebServer::folders(Visit &visit)
{
    if (visit.request.method == http::Method::Post)
        return make_folder(visit);
    web::FoldersPage page;
    page.head = {"Folders", visit.backend.store.mailbox(*visit.user).user};
    for (const mail::Folder *each : own_folders(visit)) {
        web::ListedFolder row{each->id().value, each->name(), each->size(), 0};
        each->for_each([&](const mail::StoredLetter &letter) {
            row.unread += (letter.flags & mail::letter_flag::seen) == 0 ? 1U : 0U;
        });
        page.folders.push_back(std::move(row));
    }
    return web::answer(200, page, visit.wants_json);
}

http::Response WebServer::own_folder(Visit &visit)
{
    for (const mail::Folder *each : own_folders(visit))
        if (each->id().value == visit.numbers.front())
            return list(visit, each, each->name(), visit.request.path);
    return web::notice(404, {{"Not found", ""}, "There is no such folder."}, visit.wants_json);
}

http::Response WebServer::make_folder(Visit &visit)
{
    const std::optional<http::Form> form = web::form_of(visit.request);
    if (!form)
        return web::unknown_form(visit.wants_json);
    const std::string name(http::value_of(*form, "name"));
    const std::string &user = visit.backend.store.mailbox(*visit.user).user;
    const auto made = visit.backend.store.create_folder(*visit.user, name);
    if (!made) {
        const bool exists = made.error() == mail::StoreProblem::FolderExists;
        return web::notice(exists ? 409 : 422,
                           {{"Not made", user},
                            exists ? "There is a folder of that name." : "This is no good name."},
                           visit.wants_json);
    }
    note_change(visit, RecordKind::FolderMade, name, MessageId{});
    return web::redirect("/folders");
}

/// The form says into which folder, by its name.
http::Response WebServer::move_letter(Visit &visit)
{
    const std::optional<http::Form> form = web::form_of(visit.request);
    if (!form)
        return web::unknown_form(visit.wants_json);
    mail::Store &store = visit.backend.store;
    mail::FolderId from;
    const mail::StoredLetter *stored = find_letter(visit, from);
    if (stored == nullptr)
        return web::notice(404, {{"Not found", ""}, "There is no such letter."}, visit.wants_json);
    const std::string name(http::value_of(*form, "folder"));
    const std::vector<const mail::Folder *> own = own_folders(visit);
    const auto target = std::find_if(
        own.begin(), own.end(), [&](const mail::Folder *each) { return each->name() == name; });
    if (target == own.end())
        return web::notice(
            422,
            {{"Not moved", store.mailbox(*visit.user).user}, "There is no folder of that name."},
            visit.wants_json);
    const MessageId message = stored->message;
    const std::string subject = mail::read_message(stored->content.view()).subject;
    (void)store.move_letter(*visit.user, from, stored->uid, (*target)->id()); // Both are there.
    visit.session.message = message;
    note_change(visit, RecordKind::LetterMoved, fmt::format("{} {}", name, subject), message);
    return web::redirect("/mail");
}

} // namespace mailscope
