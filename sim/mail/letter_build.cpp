// Building a message from a letter (RFC 5322, RFC 2045 to 2047, RFC 2231).
#include "sim/core/text.h"
#include "sim/mail/charset.h"
#include "sim/mail/encoding.h"
#include "sim/mail/letter.h"
#include "sim/mail/message.h"
#include "sim/mail/tokens.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mailscope::mail
{

namespace
{

/// Longest line of a message without its CRLF (RFC 5322 2.1.1).
constexpr std::size_t message_line_max = 998;
/// Longest value of a parameter that is written in one piece.
constexpr std::size_t parameter_value_max = 60;

/// A body with what its header must say about it.
struct Content
{
    std::string type;     ///< body of Content-Type
    std::string encoding; ///< body of Content-Transfer-Encoding
    std::string disposition;
    std::string body; ///< encoded; ends in CRLF unless empty
};

void append_field(std::string &out, std::string_view name, std::string_view body)
{
    if (!body.empty())
        out += folded_field(name, body);
}

/// The column behind the last line break of `text` when it begins in `column`.
std::size_t column_after(std::string_view text, std::size_t column)
{
    const std::size_t newline = text.rfind('\n');
    return newline == std::string_view::npos ? column + text.size() : text.size() - newline - 1;
}

/// A display name as RFC 5322 3.2.5 allows it: words, a quoted string, or encoded-words.
std::string display_name(std::string_view name, TextCharset charset, std::size_t column)
{
    if (needs_encoded_words(name))
        return encode_words(name, charset, column);
    // Blanks side by side would become one between words.
    const bool words =
        name.find("  ") == std::string_view::npos &&
        std::all_of(name.begin(), name.end(), [](char c) { return c == ' ' || is_atext(c); });
    return words ? std::string(name) : quoted(name);
}

/// The body of an address field; a line break goes between addresses where a line gets long.
std::string address_list(const std::vector<NamedAddress> &addresses, TextCharset charset,
                         std::size_t column)
{
    std::string out;
    for (const NamedAddress &each : addresses) {
        if (!out.empty()) {
            out += ',';
            const std::string plain = each.name + " <" + to_string(each.address) + '>';
            const bool fits = column + plain.size() + 3 <= header_line_max;
            out += fits ? " " : "\r\n ";
            column = fits ? column + 2 : 1;
        }
        std::string entry = to_string(each.address);
        if (!each.name.empty()) {
            const std::string name = display_name(each.name, charset, column);
            const bool fits = column_after(name, column) + entry.size() + 3 <= header_line_max;
            entry.insert(0, name + (fits ? " <" : "\r\n <"));
            entry += '>';
        }
        column = column_after(entry, column);
        out += entry;
    }
    return out;
}

void append_addresses(std::string &out, std::string_view name,
                      const std::vector<NamedAddress> &addresses, TextCharset charset)
{
    append_field(out, name, address_list(addresses, charset, name.size() + 2));
}

/// True when the text can travel as it is (RFC 2045 2.7). Its line ends are CRLF.
bool is_seven_bit(std::string_view text)
{
    std::size_t line_size = 0;
    for (const char c : text) {
        line_size = c == '\n' ? 0 : line_size + 1;
        // One more for the CR.
        if (c == '\0' || static_cast<unsigned char>(c) >= 0x80 || line_size > message_line_max + 1)
            return false;
    }
    return true;
}

/// The text in the charset that its characters ask for, in the shortest encoding that carries it.
Content text_content(std::string_view text, TextCharset charset)
{
    std::string lines = with_crlf(to_utf8_for_display("utf-8", text));
    if (!lines.empty() && lines.back() != '\n')
        lines += "\r\n";
    std::string_view charset_name = is_ascii(lines) ? "us-ascii" : name_of(charset);
    if (charset == TextCharset::Iso2022Jp && !is_ascii(lines)) {
        Result<std::string> encoded = from_utf8(charset_name, lines);
        if (encoded)
            lines = std::move(*encoded);
        else
            charset_name = name_of(TextCharset::Utf8);
    }
    Content content;
    content.type = "text/plain; charset=" + std::string(charset_name);
    if (is_seven_bit(lines)) {
        content.encoding = "7bit";
        content.body = std::move(lines);
        return content;
    }
    content.encoding = "quoted-printable";
    content.body = quoted_printable_encode(lines);
    if (std::string base64 = base64_encode_lines(lines); base64.size() < content.body.size()) {
        content.encoding = "base64";
        content.body = std::move(base64);
    }
    return content;
}

bool is_parameter_char(char c)
{
    return is_ascii_letter(c) || is_ascii_digit(c) || c == '-' || c == '.' || c == '_';
}

/// `; name*=utf-8''...`, in sections where it is long (RFC 2231 3 and 4).
std::string extended_parameter(std::string_view name, std::string_view value)
{
    std::string encoded = "utf-8''";
    std::vector<std::string> sections;
    for (const char c : value) {
        if (encoded.size() + 3 > parameter_value_max)
            sections.push_back(std::exchange(encoded, std::string()));
        if (is_parameter_char(c)) {
            encoded += c;
        } else {
            encoded += '%';
            append_hex(encoded, c);
        }
    }
    sections.push_back(std::move(encoded));
    std::string out;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        out += ";\r\n ";
        out += name;
        if (sections.size() > 1)
            out += '*' + std::to_string(i);
        out += "*=" + sections[i];
    }
    return out;
}

bool is_short_ascii(std::string_view name)
{
    return name.size() <= parameter_value_max && !needs_encoded_words(name);
}

/// `; filename="..."`, by RFC 2231 where it is long or not ASCII.
std::string file_name_parameter(std::string_view name)
{
    if (name.empty())
        return std::string();
    if (is_short_ascii(name))
        return ";\r\n filename=" + quoted(name);
    return extended_parameter("filename", name);
}

/// `; name="..."` for clients that do not know RFC 2231: with encoded-words in it.
std::string fallback_name_parameter(std::string_view name)
{
    constexpr std::size_t column = std::string_view(" name=\"").size();
    if (name.empty())
        return std::string();
    if (is_short_ascii(name))
        return ";\r\n name=" + quoted(name);
    return ";\r\n name=\"" + encode_words(name, TextCharset::Utf8, column) + '"';
}

/// "type/subtype" of token characters, or the type of unknown bytes.
std::string valid_media_type(std::string_view type)
{
    const auto is_token = [](char c) { return is_parameter_char(c) || c == '+'; };
    const std::size_t slash = type.find('/');
    const bool valid = slash != std::string_view::npos && slash != 0 && slash + 1 != type.size() &&
                       std::all_of(type.begin(), type.begin() + slash, is_token) &&
                       std::all_of(type.begin() + slash + 1, type.end(), is_token);
    return valid ? to_lower(type) : "application/octet-stream";
}

Content attachment_content(const Attachment &attachment)
{
    const ByteView bytes = attachment.content.view();
    std::string type = valid_media_type(attachment.media_type);
    Content content;
    // A message inside a message must not be encoded (RFC 2046 5.2.1).
    const bool composite = starts_with_ignoring_case(type, "message/") ||
                           starts_with_ignoring_case(type, "multipart/");
    if (composite && is_seven_bit(bytes)) {
        content.encoding = "7bit";
        content.body = with_crlf(bytes);
    } else {
        if (composite)
            type = "application/octet-stream";
        content.encoding = "base64";
        content.body = base64_encode_lines(bytes);
    }
    content.type = type + fallback_name_parameter(attachment.name);
    content.disposition = "attachment" + file_name_parameter(attachment.name);
    return content;
}

void append_content(std::string &out, const Content &content)
{
    append_field(out, "Content-Type", content.type);
    append_field(out, "Content-Transfer-Encoding", content.encoding);
    append_field(out, "Content-Disposition", content.disposition);
    out += "\r\n";
    out += content.body;
}

/// A boundary that depends on the parts alone and occurs in none of them. "=_" can not occur in
/// quoted-printable or base64 (RFC 2045 6.7), so it is the texts in 7bit that are searched.
std::string choose_boundary(const std::vector<Content> &parts)
{
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const Content &part : parts)
        for (const char c : part.body)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    for (;; ++hash) {
        std::string boundary = "=_";
        for (unsigned shift = 0; shift < 64; shift += 8)
            append_hex(boundary, static_cast<char>(hash >> shift & 0xFFU));
        const bool occurs = std::any_of(parts.begin(), parts.end(), [&](const Content &part) {
            return part.encoding == "7bit" && part.body.find(boundary) != std::string::npos;
        });
        if (!occurs)
            return boundary;
    }
}

void append_multipart(std::string &out, const std::vector<Content> &parts)
{
    const std::string boundary = choose_boundary(parts);
    out += "Content-Type: multipart/mixed;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
    out += "This is a message in several parts, in MIME format.\r\n";
    for (const Content &part : parts) {
        out += "\r\n--" + boundary + "\r\n";
        append_content(out, part);
    }
    out += "\r\n--" + boundary + "--\r\n";
}

} // namespace

std::string build_message(const Letter &letter)
{
    std::string out;
    append_field(out, "Date", format_date(letter.date));
    append_addresses(out, "From", {letter.from}, letter.charset);
    append_addresses(out, "Reply-To", letter.reply_to, letter.charset);
    append_addresses(out, "To", letter.to, letter.charset);
    append_addresses(out, "Cc", letter.cc, letter.charset);
    append_field(out, "Message-ID", letter.message_id);
    append_field(out, "In-Reply-To", letter.in_reply_to);
    append_field(out, "References", letter.in_reply_to);
    constexpr std::size_t subject_column = std::string_view("Subject: ").size();
    out +=
        folded_field("Subject", needs_encoded_words(letter.subject)
                                    ? encode_words(letter.subject, letter.charset, subject_column)
                                    : letter.subject);
    out += "MIME-Version: 1.0\r\n";
    Content text = text_content(letter.text, letter.charset);
    if (letter.attachments.empty()) {
        append_content(out, text);
        return out;
    }
    std::vector<Content> parts;
    parts.push_back(std::move(text));
    for (const Attachment &attachment : letter.attachments)
        parts.push_back(attachment_content(attachment));
    append_multipart(out, parts);
    return out;
}

bool needs_utf8(const Letter &letter)
{
    const auto any = [](const std::vector<NamedAddress> &addresses) {
        return std::any_of(addresses.begin(), addresses.end(),
                           [](const NamedAddress &each) { return needs_utf8(each.address); });
    };
    return needs_utf8(letter.from.address) || any(letter.to) || any(letter.cc) ||
           any(letter.reply_to);
}

} // namespace mailscope::mail
