// BODYSTRUCTURE of a letter; see envelope.h.
#include "sim/core/text.h"
#include "sim/mail/limits.h"
#include "sim/mail/message.h"
#include "sim/mail/tokens.h"
#include "sim/protocol/imap/envelope.h"
#include "sim/protocol/imap/grammar.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::imap
{

namespace
{

bool is_token_char(char c)
{
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F &&
           ByteView("()<>@,;:\\\"/[]?=").find(c) == ByteView::npos;
}

/// Appends `("name" "value" ...)` of the parameters behind a value, as they are written, or NIL.
void append_parameters(std::string &out, mail::TokenReader &in)
{
    std::string list;
    for (std::size_t count = 0; count < mail::limits::parameters_max; ++count) {
        in.skip_blanks();
        while (!in.at_end() && !in.take(';'))
            in.skip_one();
        in.skip_blanks();
        const std::string name(in.run(is_token_char));
        in.skip_blanks();
        if (name.empty() || !in.take('='))
            break;
        in.skip_blanks();
        const std::string value =
            in.peek() == '"' ? in.quoted_string() : std::string(in.run(is_token_char));
        list += list.empty() ? "" : " ";
        append_string(list, name);
        list += ' ';
        append_string(list, value);
    }
    out += list.empty() ? "NIL" : '(' + list + ')';
}

/// Content-Type: type and subtype, then its parameters.
void append_type(std::string &out, ByteView field, const mail::Part &part)
{
    // What cannot be read is what the tree took it for (RFC 2045 5.2).
    mail::TokenReader in(field);
    in.skip_blanks();
    const std::string type(in.run(is_token_char));
    const bool slash = in.take('/');
    const std::string subtype(in.run(is_token_char));
    if (type.empty() || !slash || subtype.empty()) {
        const std::size_t middle = part.type.value.find('/');
        append_string(out, part.type.value.substr(0, middle));
        out += ' ';
        append_string(out, part.type.value.substr(middle + 1));
        out += part.is_text() ? " (\"charset\" \"us-ascii\")" : " NIL";
        return;
    }
    append_string(out, type);
    out += ' ';
    append_string(out, subtype);
    out += ' ';
    append_parameters(out, in);
}

void append_disposition(std::string &out, const std::optional<std::string> &field)
{
    mail::TokenReader in(field ? ByteView(*field) : ByteView());
    in.skip_blanks();
    const std::string value(in.run(is_token_char));
    if (value.empty()) {
        out += "NIL";
        return;
    }
    out += '(';
    append_string(out, value);
    out += ' ';
    append_parameters(out, in);
    out += ')';
}

/// A field of a part's header, unfolded.
std::optional<std::string> field_of(const mail::MessageView &header, ByteView name)
{
    const mail::HeaderField *field = header.find(name);
    return field == nullptr ? std::nullopt
                            : std::optional<std::string>(mail::unfold(field->raw_body));
}

std::size_t lines_of(ByteView text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Content-Language (RFC 3282): one tag, or a list of them.
void append_languages(std::string &out, const std::optional<std::string> &field)
{
    std::string list;
    mail::TokenReader in(field ? ByteView(*field) : ByteView());
    for (std::size_t count = 0; count < mail::limits::parameters_max && !in.at_end(); ++count) {
        in.skip_blanks();
        const std::string tag(in.run(is_token_char));
        if (!tag.empty()) {
            list += list.empty() ? "" : " ";
            append_string(list, tag);
        }
        if (!in.at_end())
            in.skip_one();
    }
    out += list.empty() ? "NIL" : '(' + list + ')';
}

} // namespace

void append_structure(std::string &out, ByteView letter, const mail::PartTree &tree,
                      std::uint32_t index, Structure structure)
{
    const mail::Part &part = tree.parts[index];
    const mail::MessageView header(
        letter.substr(part.header_offset, part.body_offset - part.header_offset));
    const std::optional<std::string> type = field_of(header, "Content-Type");
    const bool multipart = part.is_multipart() && !part.children.empty();
    out += '(';
    if (multipart) {
        for (const std::uint32_t child : part.children)
            append_structure(out, letter, tree, child, structure);
        mail::TokenReader in(*type);
        (void)in.run([](char c) { return c != '/'; });
        in.skip_one();
        out += ' ';
        append_string(out, in.run(is_token_char));
        if (structure == Structure::Extended) {
            out += ' ';
            append_parameters(out, in);
        }
    } else {
        append_type(out, type.value_or(std::string()), part);
        out += ' ';
        append_nstring(out, field_of(header, "Content-ID"));
        out += ' ';
        append_nstring(out, field_of(header, "Content-Description"));
        out += ' ';
        append_string(out, field_of(header, "Content-Transfer-Encoding").value_or("7bit"));
        const ByteView body = mail::raw_body(letter, part);
        out += fmt::format(" {}", body.size());
        if (part.is_message() && !part.children.empty()) {
            const mail::Part &inner = tree.parts[part.children.front()];
            out += ' ';
            append_envelope(out,
                            letter.substr(inner.header_offset, inner.end - inner.header_offset));
            out += ' ';
            append_structure(out, letter, tree, part.children.front(), structure);
            out += fmt::format(" {}", lines_of(body));
        } else if (part.is_text()) {
            out += fmt::format(" {}", lines_of(body));
        }
        if (structure == Structure::Extended) {
            out += ' ';
            append_nstring(out, field_of(header, "Content-MD5"));
        }
    }
    if (structure == Structure::Extended) {
        out += ' ';
        append_disposition(out, field_of(header, "Content-Disposition"));
        out += ' ';
        append_languages(out, field_of(header, "Content-Language"));
        out += ' ';
        append_nstring(out, field_of(header, "Content-Location"));
    }
    out += ')';
}

} // namespace mailscope::imap
