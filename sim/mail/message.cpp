// A message as a view: header fields and body.
#include "sim/mail/message.h"

#include "sim/core/text.h"
#include "sim/mail/limits.h"

#include <algorithm>

namespace mailscope::mail
{

namespace
{

/// What a "field-name" of RFC 5322 3.6.8 is made of.
constexpr OctetSet name_octets([](unsigned char c) { return c > ' ' && c <= '~' && c != ':'; });

/// `line` without its CRLF or LF.
std::string_view without_line_end(std::string_view line)
{
    if (!line.empty() && line.back() == '\n')
        line.remove_suffix(1);
    if (!line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    return line;
}

} // namespace

std::string unfold(std::string_view raw_body)
{
    std::string text;
    text.reserve(raw_body.size());
    for (std::size_t i = 0; i < raw_body.size(); ++i) {
        const bool fold_begins =
            raw_body[i] == '\r' && i + 1 < raw_body.size() && raw_body[i + 1] == '\n';
        if (raw_body[i] != '\n' && !fold_begins)
            text += raw_body[i];
    }
    return std::string(trim(text));
}

std::size_t FieldReader::line_end(std::size_t from) const
{
    const std::size_t newline = message_.find('\n', from);
    return newline == ByteView::npos ? message_.size() : newline + 1;
}

std::optional<HeaderField> FieldReader::next()
{
    if (in_body_ || position_ >= message_.size())
        return std::nullopt;
    std::size_t name_end = position_;
    while (name_end < message_.size() && name_octets.has(message_[name_end]))
        ++name_end;
    std::size_t colon = name_end; // White space before it is RFC 5322 4.5's.
    while (colon < message_.size() && is_blank(message_[colon]))
        ++colon;
    std::size_t end = line_end(colon);
    if (name_end == position_ || colon == message_.size() || message_[colon] != ':') {
        in_body_ = true;
        if (without_line_end(message_.substr(position_, end - position_)).empty())
            position_ = end;
        return std::nullopt;
    }
    while (end < message_.size() && is_blank(message_[end]))
        end = line_end(end);
    const std::size_t body_begin = colon + 1;
    HeaderField field;
    field.name = message_.substr(position_, name_end - position_);
    field.raw_body = without_line_end(message_.substr(body_begin, end - body_begin))
                         .substr(0, limits::field_bytes_max);
    field.offset = position_;
    field.size = end - position_;
    position_ = end;
    return field;
}

MessageView::MessageView(ByteView message) : message_(message)
{
    FieldReader reader(message);
    while (const std::optional<HeaderField> field = reader.next())
        if (fields_.size() < limits::header_fields_max)
            fields_.push_back(*field);
    body_offset_ = reader.body_offset();
}

const HeaderField *MessageView::find(std::string_view name) const
{
    const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const HeaderField &field) {
        return equals_ignoring_case(field.name, name);
    });
    return found == fields_.end() ? nullptr : &*found;
}

std::string MessageView::text_of(std::string_view name) const
{
    const HeaderField *field = find(name);
    return field == nullptr ? std::string() : unfold(field->raw_body);
}

std::size_t count_fields(ByteView message, std::string_view name)
{
    std::size_t count = 0;
    FieldReader reader(message);
    while (const std::optional<HeaderField> field = reader.next())
        if (equals_ignoring_case(field->name, name))
            ++count;
    return count;
}

std::string with_crlf(std::string_view text)
{
    std::string result;
    result.reserve(text.size() + text.size() / 16);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r' && text[i] != '\n') {
            result += text[i];
            continue;
        }
        result += "\r\n";
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
            ++i;
    }
    return result;
}

std::string with_lf(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n')
            result += text[i];
    return result;
}

} // namespace mailscope::mail
