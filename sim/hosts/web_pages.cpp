// The pages of a webmail service, written and read; see web_pages.h.
#include "sim/hosts/web_pages.h"

#include "sim/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mailscope::web
{

namespace
{

struct Reference
{
    char character;
    std::string_view html;
};
constexpr std::array<Reference, 5> references = {
    {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};

/// Readable from a phone's width on: long words break, and fields are as large as the text.
constexpr std::string_view style =
    "body{font-family:sans-serif;max-width:50em;margin:1em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3em}"
    "h1,dd,pre,td a{overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;font:1em monospace,monospace}"
    ".unread{font-weight:bold}label{display:block;margin:.6em 0}input,textarea,select,button{"
    "font:inherit}input:not([type=checkbox]),textarea{width:100%;box-sizing:border-box}";

/// Everything around the main part of a page.
std::string document(const PageHead &head, std::string_view main)
{
    std::string page = fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                                   "<meta charset=\"utf-8\">\n"
                                   "<meta name=\"viewport\" content=\"width=device-width\">\n"
                                   "<title>{}</title>\n"
                                   "<style>{}</style>\n</head>\n<body>\n",
                                   escape_html(head.title), style);
    if (!head.user.empty())
        page += fmt::format("<nav><a href=\"/mail\">Inbox</a> <a href=\"/drafts\">Drafts</a> "
                            "<a href=\"/sent\">Sent</a> <a href=\"/folders\">Folders</a> "
                            "<a href=\"/mail/new\">Write</a>\n<form "
                            "method=\"post\" action=\"/logout\">"
                            "<button>Log out {}</button></form></nav>\n",
                            escape_html(head.user));
    page += fmt::format("<main>\n<h1>{}</h1>\n{}</main>\n</body>\n</html>\n",
                        escape_html(head.title), main);
    return page;
}

std::string typed_list(const std::vector<mail::NamedAddress> &addresses)
{
    std::string text;
    for (const mail::NamedAddress &address : addresses) {
        text += text.empty() ? "" : ", ";
        text += address.name.empty()
                    ? mail::to_string(address.address)
                    : fmt::format("{} <{}>", address.name, mail::to_string(address.address));
    }
    return text;
}

std::string date_of(const mail::ReadLetter &letter)
{
    return letter.date ? mail::format_date(*letter.date) : std::string();
}

/// "<dt>From</dt><dd>...</dd>", unless there is nothing to say.
std::string definition(std::string_view term, std::string_view text, std::string_view id = {})
{
    if (text.empty())
        return {};
    const std::string attribute = id.empty() ? std::string() : fmt::format(" id=\"{}\"", id);
    return fmt::format("<dt>{}</dt><dd{}>{}</dd>\n", term, attribute, escape_html(text));
}

constexpr std::string_view login_form =
    "<form method=\"post\" action=\"/login\">\n"
    "<label>Address <input name=\"user\" autocomplete=\"username\" required></label>\n"
    "<label>Password <input name=\"password\" type=\"password\" "
    "autocomplete=\"current-password\" required></label>\n"
    "<button>Log in</button>\n</form>\n";

/// The attribute for what stands in a field; nothing when nothing does.
std::string value_attribute(std::string_view value)
{
    return value.empty() ? std::string() : fmt::format(" value=\"{}\"", escape_html(value));
}

/// The names that a browser offers while an address is typed.
std::string address_list(const std::vector<mail::NamedAddress> &address_book)
{
    if (address_book.empty())
        return {};
    std::string list = "<datalist id=\"addresses\">\n";
    for (const mail::NamedAddress &each : address_book)
        list += fmt::format("<option value=\"{}\">{}</option>\n", escape_html(each.name),
                            escape_html(mail::to_string(each.address)));
    return list + "</datalist>\n";
}

std::string letter_form(const LetterForm &form)
{
    const std::string_view offered = form.address_book.empty() ? "" : " list=\"addresses\"";
    std::string files;
    for (const std::string &name : form.files)
        files += fmt::format("<li>{}</li>\n", escape_html(name));
    std::string html = fmt::format(
        "<form method=\"post\" action=\"/mail\" enctype=\"multipart/form-data\">\n"
        "<label>To <input name=\"to\"{0}{1} required></label>\n"
        "<label>Cc <input name=\"cc\"{0}{2}></label>\n"
        "<label>From, when not your own address <input name=\"from\"{3}></label>\n"
        "<label>Subject <input name=\"subject\"{4}></label>\n"
        "<label>Text <textarea name=\"text\" rows=\"12\">{5}</textarea></label>\n"
        "<label>Files <input name=\"file\" type=\"file\" multiple></label>\n",
        offered, value_attribute(form.to), value_attribute(form.cc), value_attribute(form.from),
        value_attribute(form.subject), escape_html(form.text));
    if (!files.empty())
        html += "<p>These go along; others take their place.</p>\n<ul>\n" + files + "</ul>\n";
    html += fmt::format("<label>Written in <select name=\"charset\"><option>utf-8</option>"
                        "<option{}>iso-2022-jp</option></select></label>\n"
                        "<label><input name=\"report\" type=\"checkbox\" value=\"success\"> "
                        "Report when it is delivered</label>\n",
                        form.iso_2022_jp ? " selected" : "");
    const auto hide = [&](std::string_view name, std::uint32_t uid) {
        if (uid != 0)
            html += fmt::format("<input name=\"{}\" type=\"hidden\" value=\"{}\">\n", name, uid);
    };
    hide("draft", form.draft);
    hide("reply", form.replies);
    hide("forward", form.forwards);
    html += "<button>Send</button> <button formaction=\"/drafts\" formnovalidate>Save as draft"
            "</button>\n</form>\n";
    return html + address_list(form.address_book);
}

/// What stands behind `start` and before `end`; `html` goes on behind it. Nothing when either is
/// missing.
std::optional<std::string_view> take_between(std::string_view &html, std::string_view start,
                                             std::string_view end)
{
    const std::size_t from = html.find(start);
    if (from == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = html.substr(from + start.size());
    const std::size_t to = rest.find(end);
    if (to == std::string_view::npos)
        return std::nullopt;
    html = rest.substr(to + end.size());
    return rest.substr(0, to);
}

std::string text_between(std::string_view html, std::string_view start, std::string_view end)
{
    return unescape_html(take_between(html, start, end).value_or(std::string_view()));
}

/// What a person sees in the fields of the form for a letter.
std::vector<std::pair<std::string, std::string>> read_letter_form(std::string_view html)
{
    std::vector<std::pair<std::string, std::string>> fields;
    const std::string_view form =
        take_between(html, "action=\"/mail\"", "</form>").value_or(std::string_view());
    std::string_view rest = form;
    while (const std::optional<std::string_view> input = take_between(rest, "<input ", ">")) {
        const std::string name = text_between(*input, "name=\"", "\"");
        const std::string value = text_between(*input, "value=\"", "\"");
        if (!value.empty() && name != "report")
            fields.emplace_back(name, value);
    }
    if (std::string text = text_between(form, "rows=\"12\">", "</textarea>"); !text.empty())
        fields.emplace_back("text", std::move(text));
    if (form.find("<option selected>iso-2022-jp") != std::string_view::npos)
        fields.emplace_back("charset", "iso-2022-jp");
    return fields;
}

/// One row of a folder's table.
ListedLetter read_row(std::string_view row)
{
    ListedLetter letter;
    letter.message_id = text_between(row, "data-message-id=\"", "\"");
    letter.seen = row.find(" class=\"unread\"") == std::string_view::npos;
    const std::string link = text_between(row, "<a href=\"", "\">");
    letter.uid = static_cast<std::uint32_t>(
        parse_decimal(std::string_view(link).substr(link.rfind('/') + 1)).value_or(0));
    letter.subject = text_between(row, link + "\">", "</a>");
    return letter;
}

} // namespace

std::string escape_html(std::string_view text)
{
    std::string html;
    html.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        const auto *reference =
            std::find_if(references.begin(), references.end(),
                         [&](const Reference &each) { return each.character == c; });
        if (reference != references.end())
            html += reference->html;
        else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
            html += c; // other control characters have no place in HTML
    }
    return html;
}

std::string unescape_html(std::string_view html)
{
    std::string text;
    while (!html.empty()) {
        const auto *reference =
            std::find_if(references.begin(), references.end(), [&](const Reference &each) {
                return html.substr(0, each.html.size()) == each.html;
            });
        const bool found = reference != references.end();
        text += found ? reference->character : html.front();
        html.remove_prefix(found ? reference->html.size() : 1);
    }
    return text;
}

std::string json_string(std::string_view text)
{
    std::string json = "\"";
    while (!text.empty()) {
        const unsigned char octet = static_cast<unsigned char>(text.front());
        const std::size_t length = utf8_sequence_length(text);
        if (octet == '"' || octet == '\\')
            json += fmt::format("\\{}", text.front());
        else if (octet < 0x20)
            json += fmt::format("\\u{:04x}", octet);
        else if (length == 0)
            json += "\xEF\xBF\xBD";
        else
            json += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return json + "\"";
}

std::string html(const FolderPage &page)
{
    std::string main = fmt::format(
        "<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">Subject</th>"
        "<th scope=\"col\">Date</th><th scope=\"col\">Size</th></tr></thead>\n<tbody>\n",
        page.path == "/sent" || page.path == "/drafts" ? "To" : "From");
    for (const ListedLetter &letter : page.letters)
        main +=
            fmt::format("<tr{} data-message-id=\"{}\"><td>{}</td><td><a href=\"{}/{}\">{}</a></td>"
                        "<td>{}</td><td>{}</td></tr>\n",
                        letter.seen ? "" : " class=\"unread\"", escape_html(letter.message_id),
                        escape_html(letter.who), page.path, letter.uid,
                        letter.subject.empty() ? "(no subject)" : escape_html(letter.subject),
                        escape_html(letter.date), letter.size);
    main += "</tbody>\n</table>\n";
    if (page.older_than != 0)
        main += fmt::format("<p><a href=\"{}?before={}\">Older letters</a></p>\n", page.path,
                            page.older_than);
    if (page.quota_bytes != 0)
        main += fmt::format("<p>{} of {} octets used.</p>\n", page.used_bytes, page.quota_bytes);
    return document(page.head, main);
}

std::string json(const FolderPage &page)
{
    std::string letters;
    for (const ListedLetter &letter : page.letters) {
        letters += letters.empty() ? "" : ",";
        letters += fmt::format("{{\"uid\":{},\"who\":{},\"subject\":{},\"date\":{},"
                               "\"message_id\":{},\"size\":{},\"seen\":{}}}",
                               letter.uid, json_string(letter.who), json_string(letter.subject),
                               json_string(letter.date), json_string(letter.message_id),
                               letter.size, letter.seen);
    }
    return fmt::format(
        "{{\"user\":{},\"used\":{},\"quota\":{},\"older_than\":{},\"letters\":[{}]}}\n",
        json_string(page.head.user), page.used_bytes, page.quota_bytes, page.older_than, letters);
}

std::string html(const FoldersPage &page)
{
    std::string main = "<ul>\n";
    for (const ListedFolder &folder : page.folders)
        main += fmt::format("<li><a href=\"/folders/{}\">{}</a> ({} letters, {} unread)</li>\n",
                            folder.id, escape_html(folder.name), folder.letters, folder.unread);
    main += "</ul>\n<form method=\"post\" action=\"/folders\">\n"
            "<label>New folder <input name=\"name\" required></label>\n"
            "<button>Make</button>\n</form>\n";
    return document(page.head, main);
}

std::string json(const FoldersPage &page)
{
    std::string folders;
    for (const ListedFolder &folder : page.folders)
        folders += fmt::format("{}{{\"id\":{},\"name\":{},\"letters\":{},\"unread\":{}}}",
                               folders.empty() ? "" : ",", folder.id, json_string(folder.name),
                               folder.letters, folder.unread);
    return fmt::format("{{\"user\":{},\"folders\":[{}]}}\n", json_string(page.head.user), folders);
}

std::string html(const LetterPage &page)
{
    const mail::ReadLetter &letter = page.letter;
    std::string main = "<dl>\n" + definition("From", typed_list(letter.from)) +
                       definition("To", typed_list(letter.to)) +
                       definition("Cc", typed_list(letter.cc)) +
                       definition("Date", date_of(letter)) +
                       definition("Message-ID", letter.message_id, "message-id") + "</dl>\n";
    main += fmt::format("<pre>{}</pre>\n", escape_html(letter.text));
    if (!letter.attachments.empty()) {
        main += "<ul>\n";
        for (const mail::AttachmentSummary &file : letter.attachments)
            main +=
                fmt::format("<li><a href=\"{}/part/{}\">{}</a> ({}, {} octets)</li>\n", page.path,
                            file.part, file.name.empty() ? "file" : escape_html(file.name),
                            escape_html(file.media_type), file.size);
        main += "</ul>\n";
    }
    if (page.path.compare(0, 6, "/mail/") == 0)
        main += fmt::format("<p><a href=\"{0}/reply\">Reply</a> <a href=\"{0}/forward\">Forward"
                            "</a></p>\n",
                            page.path);
    if (page.path.compare(0, 6, "/mail/") == 0 && !page.folders.empty()) {
        std::string options;
        for (const std::string &name : page.folders)
            options += fmt::format("<option>{}</option>", escape_html(name));
        main += fmt::format("<form method=\"post\" action=\"{}/move\">"
                            "<label>Move to <select name=\"folder\">{}</select></label>"
                            "<button>Move</button></form>\n",
                            page.path, options);
    }
    main += fmt::format("<form method=\"post\" action=\"{}/delete\"><button>Delete</button>"
                        "</form>\n",
                        page.path);
    return document(page.head, main);
}

std::string json(const LetterPage &page)
{
    const mail::ReadLetter &letter = page.letter;
    std::string files;
    for (const mail::AttachmentSummary &file : letter.attachments) {
        files += files.empty() ? "" : ",";
        files +=
            fmt::format("{{\"name\":{},\"type\":{},\"size\":{},\"part\":{}}}",
                        json_string(file.name), json_string(file.media_type), file.size, file.part);
    }
    return fmt::format("{{\"from\":{},\"to\":{},\"cc\":{},\"subject\":{},\"date\":{},"
                       "\"message_id\":{},\"text\":{},\"attachments\":[{}]}}\n",
                       json_string(typed_list(letter.from)), json_string(typed_list(letter.to)),
                       json_string(typed_list(letter.cc)), json_string(letter.subject),
                       json_string(date_of(letter)), json_string(letter.message_id),
                       json_string(letter.text), files);
}

std::string html(const NoticePage &page)
{
    std::string main;
    if (!page.problem.empty())
        main += fmt::format("<p role=\"alert\">{}</p>\n", escape_html(page.problem));
    if (!page.message.empty())
        main += fmt::format("<p role=\"status\">{}</p>\n", escape_html(page.message));
    if (!page.message_id.empty())
        main += "<dl>\n" + definition("Message-ID", page.message_id, "message-id") + "</dl>\n";
    if (page.asks_login)
        main += login_form;
    if (page.asks_letter)
        main += letter_form(page.form);
    return document(page.head, main);
}

std::string json(const NoticePage &page)
{
    const bool is_problem = !page.problem.empty();
    std::string text = fmt::format("{{\"{}\":{}", is_problem ? "problem" : "message",
                                   json_string(is_problem             ? page.problem
                                               : page.message.empty() ? page.head.title
                                                                      : page.message));
    if (!page.message_id.empty())
        text += ",\"message_id\":" + json_string(page.message_id);
    return text + "}\n";
}

SeenPage read_page(std::string_view html)
{
    SeenPage page;
    page.title = text_between(html, "<title>", "</title>");
    page.problem = text_between(html, "<p role=\"alert\">", "</p>");
    page.message = text_between(html, "<p role=\"status\">", "</p>");
    page.message_id = text_between(html, "<dd id=\"message-id\">", "</dd>");
    page.asks_login = html.find("action=\"/login\"") != std::string_view::npos;
    page.filled_in = read_letter_form(html);
    std::string_view rest = html;
    while (std::optional<std::string_view> link =
               take_between(rest, "<li><a href=\"/folders/", "<"))
        page.folders.push_back(unescape_html(link->substr(link->find('>') + 1)));
    rest = html;
    rest = take_between(rest, "<tbody>", "</tbody>").value_or(std::string_view());
    while (const std::optional<std::string_view> row = take_between(rest, "<tr", "</tr>"))
        page.letters.push_back(read_row(*row));
    return page;
}

} // namespace mailscope::web
