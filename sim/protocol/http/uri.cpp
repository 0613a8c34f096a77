// Percent-encoding, forms and cookies; see uri.h.
#include "sim/protocol/http/uri.h"

#include "sim/core/text.h"
#include "sim/protocol/http/grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope::http
{

namespace
{

bool is_unreserved(char c)
{
    return is_ascii_letter(c) || is_ascii_digit(c) || ByteView("-._~").find(c) != ByteView::npos;
}

/// The value of a hexadecimal digit, or -1.
int digit_value(char c)
{
    const char lower = ascii_lower(c);
    if (is_ascii_digit(c))
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decode_form_text(ByteView text)
{
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return percent_decode(spaced);
}

std::string encode_form_text(ByteView text)
{
    std::string encoded = percent_encode(text);
    for (std::size_t at = 0; (at = encoded.find("%20", at)) != std::string::npos;)
        encoded.replace(at, 3, "+");
    return encoded;
}

/// A parameter's text as RFC 7578 4.2 has it: quotes and line ends percent-encoded.
std::string quote(ByteView text)
{
    std::string quoted;
    for (const char c : text) {
        if (c == '"' || c == '\r' || c == '\n' || c == '%')
            quoted += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            quoted += c;
    }
    return quoted;
}

/// The value of name="..." among a field's parameters.
std::optional<std::string> parameter(ByteView field, ByteView name)
{
    const std::string wanted = fmt::format("; {}=\"", name);
    const std::size_t at = field.find(wanted);
    if (at == ByteView::npos)
        return std::nullopt;
    const ByteView rest = field.substr(at + wanted.size());
    return percent_decode(rest.substr(0, rest.find('"')));
}

void read_part_line(ByteView line, FormField &field)
{
    const std::optional<Field> header = parse_field_line(line);
    if (!header)
        return;
    if (equals_ignoring_case(header->name, "Content-Disposition")) {
        field.name = parameter(header->value, "name").value_or("");
        field.file_name = parameter(header->value, "filename").value_or("");
    } else if (equals_ignoring_case(header->name, "Content-Type")) {
        field.media_type = header->value;
    }
}

FormField read_part(ByteView part)
{
    FormField field;
    while (const std::optional<Line> line = first_line(part)) {
        part.remove_prefix(line->taken);
        if (line->text.empty())
            break;
        read_part_line(line->text, field);
    }
    field.value = part;
    return field;
}

} // namespace

std::string percent_encode(ByteView text)
{
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c))
            encoded += c;
        else
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::string percent_decode(ByteView text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_code = text[i] == '%' && i + 2 < text.size() &&
                             digit_value(text[i + 1]) >= 0 && digit_value(text[i + 2]) >= 0;
        if (!is_code) {
            decoded += text[i];
            continue;
        }
        decoded += static_cast<char>(digit_value(text[i + 1]) * 16 + digit_value(text[i + 2]));
        i += 2;
    }
    return decoded;
}

const FormField *find(const Form &form, ByteView name)
{
    for (const FormField &field : form)
        if (field.name == name)
            return &field;
    return nullptr;
}

ByteView value_of(const Form &form, ByteView name)
{
    const FormField *field = find(form, name);
    return field == nullptr ? ByteView() : ByteView(field->value);
}

Form parse_form(ByteView text, std::size_t fields_max)
{
    Form form;
    while (!text.empty() && form.size() < fields_max) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const ByteView pair = text.substr(0, end);
        const std::size_t equals = pair.find('=');
        const ByteView value = equals == pair.npos ? ByteView() : pair.substr(equals + 1);
        if (!pair.empty())
            form.push_back(
                {decode_form_text(pair.substr(0, equals)), decode_form_text(value), {}, {}});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return form;
}

std::string write_form(const Form &form)
{
    std::string text;
    for (const FormField &field : form) {
        if (!text.empty())
            text += '&';
        text += encode_form_text(field.name) + '=' + encode_form_text(field.value);
    }
    return text;
}

std::string write_multipart(const Form &form, ByteView boundary)
{
    std::string text;
    for (const FormField &field : form) {
        text += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"", boundary,
                            quote(field.name));
        if (!field.file_name.empty())
            text += fmt::format("; filename=\"{}\"\r\nContent-Type: {}", quote(field.file_name),
                                field.media_type);
        text += "\r\n\r\n";
        text += field.value;
        text += "\r\n";
    }
    return text + fmt::format("--{}--\r\n", boundary);
}

std::optional<Form> parse_multipart(ByteView text, ByteView boundary, std::size_t fields_max)
{
    const std::string delimiter = fmt::format("\r\n--{}", boundary);
    if (boundary.empty() || text.substr(0, delimiter.size() - 2) != ByteView(delimiter).substr(2))
        return std::nullopt;
    text.remove_prefix(delimiter.size() - 2);
    Form form;
    while (text.substr(0, 2) != "--") {
        const std::size_t end = text.find(delimiter);
        if (text.substr(0, 2) != "\r\n" || end == ByteView::npos || form.size() == fields_max)
            return std::nullopt;
        form.push_back(read_part(text.substr(2, end < 2 ? 0 : end - 2)));
        text.remove_prefix(end + delimiter.size());
    }
    return form;
}

std::optional<std::string> find_cookie(ByteView field, ByteView name)
{
    while (!field.empty()) {
        const std::size_t end = std::min(field.find(';'), field.size());
        const ByteView pair = trim(field.substr(0, end));
        const std::size_t equals = pair.find('=');
        if (equals != ByteView::npos && pair.substr(0, equals) == name)
            return std::string(pair.substr(equals + 1));
        field.remove_prefix(std::min(end + 1, field.size()));
    }
    return std::nullopt;
}

} // namespace mailscope::http
