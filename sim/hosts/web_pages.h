// What a webmail service shows: each page as HTML for a browser and as JSON for a program.
//
// Pure functions from what there is to show to text. The HTML is plain and works without scripts:
// headings, a table, forms with labels, everything escaped. Its words are the service's own, as a
// reply's words are a mail server's: they are the same in every language of this program.
#pragma once

#include "sim/mail/letter.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailscope::web
{

/// Text with the five characters that mean something in HTML written as references.
std::string escape_html(std::string_view text);
/// The text that `escape_html` was given, other references of the same kind included.
std::string unescape_html(std::string_view html);
/// A string of JSON with its quotes (RFC 8259 7); octets that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

/// Who looks at which page.
struct PageHead
{
    std::string title;
    std::string user; ///< empty: nobody is logged in
};

/// A letter as a list shows it.
struct ListedLetter
{
    std::uint32_t uid = 0;
    std::string who; ///< the sender; in the folder of sent letters the recipients
    std::string subject;
    std::string date;
    std::string message_id; ///< with its angle brackets
    std::size_t size = 0;   ///< octets
    bool seen = false;
};

/// A folder, the newest letter first. `path`: "/mail", "/sent", "/drafts" or "/folders/5".
struct FolderPage
{
    PageHead head;
    std::string path;
    std::vector<ListedLetter> letters;
    std::uint64_t used_bytes = 0;
    std::uint64_t quota_bytes = 0; ///< 0: none
    std::uint32_t older_than = 0;  ///< more letters lie below this UID; 0: no more
};
std::string html(const FolderPage &page);
std::string json(const FolderPage &page);

/// A folder of a person's own in the list of them.
struct ListedFolder
{
    std::uint32_t id = 0;
    std::string name;
    std::size_t letters = 0;
    std::size_t unread = 0;
};

/// The folders of a person's own, with the form for a new one.
struct FoldersPage
{
    PageHead head;
    std::vector<ListedFolder> folders;
};
std::string html(const FoldersPage &page);
std::string json(const FoldersPage &page);

/// One letter.
struct LetterPage
{
    PageHead head;
    std::string path; ///< of the letter: "/mail/7"
    mail::ReadLetter letter;
    std::vector<std::string> folders{}; ///< names of those that a letter of the inbox can move to
};
std::string html(const LetterPage &page);
std::string json(const LetterPage &page);

/// What stands in the form for a letter: nothing, a draft that its writer goes on with, or what an
/// answer to a letter begins with.
struct LetterForm
{
    std::uint32_t draft = 0;    ///< UID of the draft; 0: it is none
    std::uint32_t replies = 0;  ///< UID in the inbox of the letter that it replies to; 0: none
    std::uint32_t forwards = 0; ///< UID in the inbox of the letter that it passes on; 0: none
    std::string to;
    std::string cc;
    std::string from;
    std::string subject;
    std::string text;
    bool iso_2022_jp = false;
    std::vector<std::string> files;               ///< names of those that go along
    std::vector<mail::NamedAddress> address_book; ///< offered while an address is typed
};

/// Something that went wrong, or well, in one sentence, and what else there is to say about it.
struct NoticePage
{
    PageHead head;
    std::string problem{};    ///< empty: none
    std::string message{};    ///< empty: none
    std::string message_id{}; ///< of a letter that was sent
    bool asks_login = false;  ///< with the form for user and password
    bool asks_letter = false; ///< with the form for a letter
    LetterForm form{};        ///< that form
};
std::string html(const NoticePage &page);
std::string json(const NoticePage &page);

/// What a browser sees in a page of this service.
struct SeenPage
{
    std::string title;
    std::string problem;    ///< of an element with role="alert"
    std::string message;    ///< of an element with role="status"
    std::string message_id; ///< of the letter shown or sent
    bool asks_login = false;
    std::vector<ListedLetter> letters; ///< uid, subject, message_id, seen; the newest first
    std::vector<std::string> folders;  ///< names in the list of folders
    /// The fields of the form for a letter that have something in them: name and value.
    std::vector<std::pair<std::string, std::string>> filled_in;
};
SeenPage read_page(std::string_view html);

} // namespace mailscope::web
