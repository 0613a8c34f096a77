// The resources of the webmail service: session, folders, letters, sending.
#include "sim/core/text.h"
#include "sim/hosts/login_name.h"
#include "sim/hosts/typed_letter.h"
#include "sim/hosts/web_answers.h"
#include "sim/hosts/web_server.h"
#include "sim/mail/message.h"
#include "sim/mail/mime.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mailscope
{
namespace
{

constexpr std::string_view read_only = "GET, HEAD";

std::string names_of(const std::vector<mail::NamedAddress> &addresses)
{
    std::string text;
    for (const mail::NamedAddress &address : addresses) {
        text += text.empty() ? "" : ", ";
        text += address.name.empty() ? mail::to_string(address.address) : address.name;
    }
    return text;
}

web::ListedLetter row_of(const mail::StoredLetter &stored, bool by_recipient)
{
    const mail::ReadLetter letter = mail::read_message(stored.content.view());
    web::ListedLetter row;
    row.uid = stored.uid;
    row.who = names_of(by_recipient ? letter.to : letter.from);
    row.subject = letter.subject;
    row.date = letter.date ? mail::format_date(*letter.date) : std::string();
    row.message_id = letter.message_id;
    row.size = stored.content.size();
    row.seen = (stored.flags & mail::letter_flag::seen) != 0;
    return row;
}

http::Response no_letter(bool wants_json)
{
    return web::notice(404, {{"Not found", ""}, "There is no such letter."}, wants_json);
}

/// A media type as a field may carry it; what looks odd is some octets.
std::string safe_type(std::string_view type)
{
    const bool is_good = std::count(type.begin(), type.end(), '/') == 1 &&
                         std::all_of(type.begin(), type.end(), [](char c) {
                             return is_ascii_letter(c) || is_ascii_digit(c) ||
                                    std::string_view("/.+-").find(c) != std::string_view::npos;
                         });
    return is_good ? std::string(type) : "application/octet-stream";
}

} // namespace

std::span<const WebServer::Route> WebServer::routes()
{
    static constexpr std::array<Route, 23> table = {
        {{"/", read_only, false, &WebServer::home},
         {"/login", "GET, HEAD, POST", true, &WebServer::login},
         {"/logout", "POST", false, &WebServer::log_out},
         {"/mail", "GET, HEAD, POST", false, &WebServer::inbox},
         {"/mail/new", read_only, false, &WebServer::letter_form},
         {"/mail/#", "GET, HEAD, DELETE", false, &WebServer::letter},
         {"/mail/#/reply", read_only, false, &WebServer::reply},
         {"/mail/#/forward", read_only, false, &WebServer::forward},
         {"/mail/#/delete", "POST", false, &WebServer::delete_letter},
         {"/mail/#/move", "POST", false, &WebServer::move_letter},
         {"/mail/#/part/#", read_only, false, &WebServer::part},
         {"/drafts", "GET, HEAD, POST", false, &WebServer::drafts},
         {"/drafts/#", "GET, HEAD, DELETE", false, &WebServer::draft},
         {"/drafts/#/delete", "POST", false, &WebServer::delete_letter},
         {"/folders", "GET, HEAD, POST", false, &WebServer::folders},
         {"/folders/#", read_only, false, &WebServer::own_folder},
         {"/folders/#/#", "GET, HEAD, DELETE", false, &WebServer::letter},
         {"/folders/#/#/delete", "POST", false, &WebServer::delete_letter},
         {"/folders/#/#/part/#", read_only, false, &WebServer::part},
         {"/sent", read_only, false, &WebServer::sent},
         {"/sent/#", "GET, HEAD, DELETE", false, &WebServer::letter},
         {"/sent/#/delete", "POST", false, &WebServer::delete_letter},
         {"/sent/#/part/#", read_only, false, &WebServer::part}}};
    return table;
}

http::Response WebServer::home(Visit &) { return web::redirect("/mail"); }

// ---- The session

http::Response WebServer::login(Visit &visit)
{
    web::NoticePage page{{"Log in", ""}, "", "", "", true, false};
    if (visit.request.method != http::Method::Post)
        return web::notice(200, page, visit.wants_json);
    const std::optional<http::Form> form = web::form_of(visit.request);
    if (!form)
        return web::unknown_form(visit.wants_json);
    const std::string name(http::value_of(*form, "user"));
    const std::optional<mail::UserId> user = find_login(visit.backend.store, domains_, name);
    const bool right =
        user && visit.backend.store.mailbox(*user).password == http::value_of(*form, "password");
    const auto note = [&](RecordKind kind) {
        Record record = visit.env.connection_record(kind, visit.session.stream.connection(),
                                                    Protocol::Http, name);
        if (kind == RecordKind::WebSessionOpened)
            record.value = whole_seconds(session_max);
        visit.env.note(std::move(record));
    };
    if (!right) {
        note(RecordKind::LoginFailed);
        page.problem = "Wrong address or password.";
        return web::notice(403, page, visit.wants_json);
    }
    note(RecordKind::LoginSucceeded);
    note(RecordKind::WebSessionOpened);
    // A new login never goes on with a token that was known before it.
    std::erase_if(logins_, [&](const Login &each) {
        return each.token == visit.token || visit.env.now - each.used > session_max;
    });
    logins_.push_back({new_token(), *user, visit.env.now});
    http::Response response = web::redirect("/mail");
    const std::string_view secure = visit.session.stream.tls_active() ? "; Secure" : "";
    response.fields.push_back(
        {"Set-Cookie", fmt::format("session={}; Path=/; HttpOnly; SameSite=Strict{}",
                                   logins_.back().token, secure)});
    return response;
}

http::Response WebServer::log_out(Visit &visit)
{
    close_login(visit, "logged out");
    http::Response response = web::redirect("/login");
    response.fields.push_back({"Set-Cookie", "session=; Path=/; Max-Age=0"});
    return response;
}

// ---- Folders and letters

http::Response WebServer::inbox(Visit &visit)
{
    if (visit.request.method == http::Method::Post)
        return send(visit);
    return list(visit, &visit.backend.store.mailbox(*visit.user).inbox(), "Inbox", "/mail");
}

http::Response WebServer::sent(Visit &visit)
{
    return list(visit, visit.backend.store.mailbox(*visit.user).find_folder(sent_name), sent_name,
                "/sent");
}

http::Response WebServer::list(Visit &visit, const mail::Folder *folder, std::string_view title,
                               std::string_view path)
{
    const mail::Mailbox &mailbox = visit.backend.store.mailbox(*visit.user);
    const bool is_own = path == "/sent" || path == "/drafts"; // written by whom it belongs to
    web::FolderPage page;
    page.head = {std::string(title), mailbox.user};
    page.path = path;
    page.used_bytes = mailbox.used_bytes;
    page.quota_bytes = mailbox.quota_bytes;
    const std::vector<std::uint32_t> uids =
        folder == nullptr ? std::vector<std::uint32_t>() : folder->uids();
    const std::uint64_t before =
        parse_decimal(http::value_of(http::parse_form(visit.request.query), "before"))
            .value_or(0xFFFFFFFFU);
    for (auto uid = uids.rbegin(); uid != uids.rend(); ++uid) {
        if (*uid >= before)
            continue;
        if (page.letters.size() == listed_max) {
            page.older_than = page.letters.back().uid;
            break;
        }
        page.letters.push_back(row_of(*folder->find(*uid), is_own));
    }
    return web::answer(200, page, visit.wants_json);
}

const mail::StoredLetter *WebServer::find_letter(Visit &visit, mail::FolderId &folder) const
{
    const std::string_view name = visit.request.path.compare(0, 5, "/sent") == 0 ? sent_name
                                  : visit.request.path.compare(0, 7, "/drafts") == 0
                                      ? drafts_name
                                      : mail::inbox_name;
    const bool is_own = visit.request.path.compare(0, 8, "/folders") == 0;
    const mail::Mailbox &mailbox = visit.backend.store.mailbox(*visit.user);
    const mail::Folder *found = is_own ? mailbox.find_folder(mail::FolderId{visit.numbers.front()})
                                       : mailbox.find_folder(name);
    if (found == nullptr)
        return nullptr;
    folder = found->id();
    return found->find(visit.numbers[is_own ? 1 : 0]);
}

http::Response WebServer::letter(Visit &visit)
{
    if (visit.request.method == http::Method::Delete)
        return delete_letter(visit);
    mail::FolderId folder;
    const mail::StoredLetter *stored = find_letter(visit, folder);
    if (stored == nullptr)
        return no_letter(visit.wants_json);
    visit.session.message = stored->message;
    web::LetterPage page;
    page.letter = mail::read_message(stored->content.view());
    page.head = {page.letter.subject.empty() ? "(no subject)" : page.letter.subject,
                 visit.backend.store.mailbox(*visit.user).user};
    page.path = visit.request.path;
    for (const mail::Folder *each : own_folders(visit))
        page.folders.push_back(each->name());
    if (visit.request.method == http::Method::Get) // HEAD looks at nothing.
        (void)visit.backend.store.change_flags(*visit.user, folder, stored->uid,
                                               mail::FlagChange::Add, mail::letter_flag::seen);
    return web::answer(200, page, visit.wants_json);
}

http::Response WebServer::part(Visit &visit)
{
    mail::FolderId folder;
    const mail::StoredLetter *stored = find_letter(visit, folder);
    if (stored == nullptr)
        return no_letter(visit.wants_json);
    const ByteView message = stored->content.view();
    const mail::PartTree tree = mail::parse_parts(message);
    if (visit.numbers.back() >= tree.parts.size())
        return no_letter(visit.wants_json);
    visit.session.message = stored->message;
    const mail::Part &part = tree.parts[visit.numbers.back()];
    http::Response response =
        web::response(200, safe_type(part.type.value), mail::decoded_body(message, part));
    // To be saved, never shown as a page of this site (RFC 6266 4.2).
    response.fields.push_back(
        {"Content-Disposition",
         fmt::format("attachment; filename*=UTF-8''{}", http::percent_encode(part.file_name()))});
    return response;
}

http::Response WebServer::delete_letter(Visit &visit)
{
    mail::FolderId folder;
    const mail::StoredLetter *stored = find_letter(visit, folder);
    if (stored == nullptr)
        return no_letter(visit.wants_json);
    Record record =
        visit.env.connection_record(RecordKind::LetterRemoved, visit.session.stream.connection(),
                                    Protocol::Http, visit.backend.store.mailbox(*visit.user).user);
    record.message = stored->message;
    record.value = stored->uid;
    visit.env.note(std::move(record));
    (void)visit.backend.store.remove(*visit.user, folder, stored->uid); // It is there.
    if (visit.request.method == http::Method::Delete)
        return {204, {}, {}, false, false, {}};
    const std::string letter = visit.request.path.substr(0, visit.request.path.rfind('/'));
    return web::redirect(letter.substr(0, letter.rfind('/')));
}

// ---- Sending

http::Response WebServer::letter_form(Visit &visit)
{
    const std::string &user = visit.backend.store.mailbox(*visit.user).user;
    return web::notice(200, {{"Write", user}, "", "", "", false, true, empty_form(visit)},
                       visit.wants_json);
}

http::Response WebServer::reply(Visit &visit) { return answer_form(visit, mail::Answering::Reply); }

http::Response WebServer::forward(Visit &visit)
{
    return answer_form(visit, mail::Answering::Forward);
}

/// The form with what an answer to a letter begins with.
http::Response WebServer::answer_form(Visit &visit, mail::Answering how)
{
    mail::FolderId folder;
    const mail::StoredLetter *old = find_letter(visit, folder);
    if (old == nullptr)
        return no_letter(visit.wants_json);
    const mail::Letter letter = mail::answer_to(old->content.view(), how);
    const bool is_reply = how == mail::Answering::Reply;
    web::LetterForm form = empty_form(visit);
    (is_reply ? form.replies : form.forwards) = old->uid;
    form.to = as_typed_list(letter.to);
    form.subject = letter.subject;
    form.text = letter.text;
    for (const mail::Attachment &file : letter.attachments)
        form.files.push_back(file.name);
    const std::string &user = visit.backend.store.mailbox(*visit.user).user;
    return web::notice(
        200, {{is_reply ? "Reply" : "Forward", user}, "", "", "", false, true, std::move(form)},
        visit.wants_json);
}

const mail::StoredLetter *WebServer::named_in(Visit &visit, const http::Form &form,
                                              std::string_view field, std::string_view folder) const
{
    const mail::Folder *found = visit.backend.store.mailbox(*visit.user).find_folder(folder);
    const std::optional<std::uint64_t> uid = parse_decimal(http::value_of(form, field));
    if (found == nullptr || !uid || *uid > 0xFFFFFFFFU)
        return nullptr;
    return found->find(static_cast<std::uint32_t>(*uid));
}

web::LetterForm WebServer::empty_form(Visit &visit) const
{
    web::LetterForm form;
    for (const AddressBook &book : *address_books_)
        if (book.user == visit.backend.store.mailbox(*visit.user).user)
            form.address_book = book.entries;
    return form;
}

http::Response WebServer::send(Visit &visit)
{
    const std::optional<http::Form> form = web::form_of(visit.request);
    if (!form)
        return web::unknown_form(visit.wants_json);
    if (trim(http::value_of(*form, "to")).empty() && trim(http::value_of(*form, "cc")).empty())
        return web::notice(
            422,
            {{"Not sent", ""}, "There is no recipient.", "", "", false, true, empty_form(visit)},
            visit.wants_json);
    return hand_in(visit, *form);
}

mail::Letter WebServer::compose(Visit &visit, const http::Form &form)
{
    const std::vector<mail::NamedAddress> known = empty_form(visit).address_book;
    const auto typed = [&](std::string_view name) {
        std::vector<std::string> texts;
        if (const ByteView text = trim(http::value_of(form, name)); !text.empty())
            texts.push_back(with_addresses(text, known));
        return texts;
    };
    mail::Letter letter;
    std::vector<std::string> from = typed("from");
    if (from.empty())
        from.push_back(visit.backend.store.mailbox(*visit.user).user);
    letter.from = typed_addresses(from).front();
    letter.to = typed_addresses(typed("to"));
    letter.cc = typed_addresses(typed("cc"));
    letter.subject = http::value_of(form, "subject");
    letter.text = http::value_of(form, "text");
    for (const http::FormField &field : form)
        if (!field.file_name.empty())
            letter.attachments.push_back(
                {field.file_name, safe_type(field.media_type), SharedBytes::copy_of(field.value)});
    const auto take_files_of = [&](const mail::StoredLetter &other) {
        if (letter.attachments.empty())
            letter.attachments = mail::attachments_of(other.content.view());
    };
    if (const mail::StoredLetter *draft = draft_of(visit, form)) {
        take_files_of(*draft);
        letter.in_reply_to = mail::read_message(draft->content.view()).in_reply_to;
    }
    if (const mail::StoredLetter *old = named_in(visit, form, "forward", mail::inbox_name))
        take_files_of(*old);
    if (const mail::StoredLetter *old = named_in(visit, form, "reply", mail::inbox_name))
        letter.in_reply_to = mail::read_message(old->content.view()).message_id;
    letter.date = visit.env.date();
    const mail::CivilTime at = mail::to_civil(letter.date);
    letter.message_id = fmt::format("<{:04}{:02}{:02}{:02}{:02}{:02}.{}.web@{}>", at.year, at.month,
                                    at.day, at.hour, at.minute, at.second, ++letters_, hostname_);
    if (http::value_of(form, "charset") == "iso-2022-jp")
        letter.charset = mail::TextCharset::Iso2022Jp;
    return letter;
}

http::Response WebServer::hand_in(Visit &visit, const http::Form &form)
{
    Env &env = visit.env;
    const std::string user = visit.backend.store.mailbox(*visit.user).user;
    const mail::Letter letter = compose(visit, form);
    const SharedBytes content = SharedBytes::copy_of(mail::build_message(letter));
    const MessageId message = env.messages.name(letter.message_id);
    visit.session.message = message;
    const auto note = [&](RecordKind kind, std::string_view text) {
        Record record =
            env.connection_record(kind, visit.session.stream.connection(), Protocol::Http, text);
        record.message = message;
        return record;
    };
    Record written = note(RecordKind::LetterWritten, letter.subject);
    written.value = static_cast<std::int64_t>(content.size());
    env.note(std::move(written));

    const net::TcpConnection *end = env.network.find(visit.session.stream.connection());
    const smtp::Reply reply = visit.backend.mail.hand_in(
        env, visit.backend.store, user, end == nullptr ? Ipv4Address{} : end->remote.address,
        envelope_of(letter, http::value_of(form, "report") == "success"), content);
    if (!reply.is_positive()) {
        Record refused = note(RecordKind::MessageRefused, smtp::to_string(reply));
        refused.code = static_cast<std::uint16_t>(reply.code);
        refused.status =
            status_number(reply.status.kind, reply.status.subject, reply.status.detail);
        env.note(std::move(refused));
        return web::notice(
            422,
            {{"Not sent", user}, smtp::to_string(reply), "", "", false, true, empty_form(visit)},
            visit.wants_json);
    }
    if (const mail::StoredLetter *draft = draft_of(visit, form))
        remove_draft(visit, draft->uid);
    mail::Store &store = visit.backend.store;
    if (const mail::StoredLetter *old = named_in(visit, form, "reply", mail::inbox_name))
        (void)store.change_flags(*visit.user, store.mailbox(*visit.user).inbox().id(), old->uid,
                                 mail::FlagChange::Add, mail::letter_flag::answered);
    const std::string problem = keep_copy(visit, content, message);
    // 202: taken for delivery; whether it arrives is not known yet (RFC 9110 15.3.3).
    return web::notice(
        202, {{"Sent", user}, problem, smtp::to_string(reply), letter.message_id, false, false},
        visit.wants_json);
}

/// A copy of what was sent, in the mailbox itself; gives what is in the way of it.
std::string WebServer::keep_copy(Visit &visit, const SharedBytes &content, MessageId message)
{
    const mail::StoreResult<mail::FolderId> folder =
        special_folder(visit, sent_name, mail::SpecialUse::Sent);
    if (!folder)
        return "No copy was kept.";
    const mail::NewLetter copy{content, visit.env.now, message, mail::letter_flag::seen};
    return visit.backend.store.deliver(*visit.user, *folder, copy)
               ? ""
               : "No copy was kept: the mailbox is full.";
}

mail::StoreResult<mail::FolderId> WebServer::special_folder(Visit &visit, std::string_view name,
                                                            mail::SpecialUse use)
{
    mail::Store &store = visit.backend.store;
    if (const mail::Folder *folder = store.mailbox(*visit.user).find_folder(name))
        return folder->id();
    return store.create_folder(*visit.user, name, use);
}

} // namespace mailscope
