// The parts of a MIME message (RFC 2045, 2046) as a tree of offsets.
#include "sim/mail/mime.h"

#include "sim/core/text.h"
#include "sim/mail/charset.h"
#include "sim/mail/encoding.h"
#include "sim/mail/limits.h"
#include "sim/mail/message.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace mailscope::mail
{

namespace
{

constexpr std::string_view text_plain = "text/plain";
constexpr std::string_view message_rfc822 = "message/rfc822";

/// A stretch of the message.
struct Span
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A delimiter line (RFC 2046 5.1.1).
struct Delimiter
{
    Span line; ///< with the line ends before and behind it
    bool closes = false;
};

/// The next line in `span` that is "--boundary", perhaps with "--" and blanks behind it.
std::optional<Delimiter> find_delimiter(ByteView message, Span span, std::string_view dashed)
{
    message = message.substr(0, span.end);
    for (std::size_t at = message.find(dashed, span.begin); at != ByteView::npos;
         at = message.find(dashed, at + 1)) {
        if (at != span.begin && message[at - 1] != '\n')
            continue;
        const std::size_t newline = std::min(message.find('\n', at), span.end);
        ByteView rest = message.substr(at + dashed.size(), newline - at - dashed.size());
        Delimiter found;
        found.closes = rest.substr(0, 2) == "--";
        rest.remove_prefix(found.closes ? 2 : 0);
        if (rest.find_first_not_of(" \t\r") != ByteView::npos)
            continue;
        // The line end before the delimiter belongs to it.
        found.line.begin = at;
        if (found.line.begin > span.begin)
            --found.line.begin;
        if (found.line.begin > span.begin && message[found.line.begin - 1] == '\r')
            --found.line.begin;
        found.line.end = std::min(newline + 1, span.end);
        return found;
    }
    return std::nullopt;
}

/// Builds the tree from the root down; a part's children follow it at once.
class TreeBuilder
{
public:
    explicit TreeBuilder(ByteView message) : message_(message) {}

    PartTree build()
    {
        add_part({0, message_.size()}, Part::no_parent, text_plain);
        return std::move(tree_);
    }

private:
    void add_part(Span span, std::uint32_t parent, std::string_view default_type)
    {
        const auto index = static_cast<std::uint32_t>(tree_.parts.size());
        Part part = read_header(span, default_type);
        if (parent != Part::no_parent) {
            part.parent = parent;
            part.depth = tree_.parts[parent].depth + 1;
            tree_.parts[parent].children.push_back(index);
        }
        tree_.parts.push_back(std::move(part));
        add_children(index);
    }

    Part read_header(Span span, std::string_view default_type) const
    {
        const MessageView view(message_.substr(span.begin, span.end - span.begin));
        Part part;
        part.header_offset = span.begin;
        part.body_offset = span.begin + view.body_offset();
        part.end = span.end;
        if (const HeaderField *field = view.find("Content-Type"))
            part.type = parse_parameterised(field->raw_body);
        const std::size_t slash = part.type.value.find('/');
        if (slash == std::string::npos || slash == 0 || slash + 1 == part.type.value.size())
            part.type = ParameterisedValue{std::string(default_type), {}};
        if (const HeaderField *field = view.find("Content-Disposition"))
            part.disposition = parse_parameterised(field->raw_body);
        if (const HeaderField *field = view.find("Content-Transfer-Encoding"))
            part.encoding = parse_transfer_encoding(field->raw_body);
        return part;
    }

    void add_children(std::uint32_t index)
    {
        const Part &part = tree_.parts[index];
        const bool encoded = part.encoding == TransferEncoding::QuotedPrintable ||
                             part.encoding == TransferEncoding::Base64 ||
                             part.encoding == TransferEncoding::Unknown;
        if (encoded || (!part.is_multipart() && !part.is_message()))
            return;
        if (part.depth + 1 >= limits::part_depth_max) {
            tree_.limited = true;
            return;
        }
        const Span body{part.body_offset, part.end};
        if (part.is_message())
            add_part(body, index, text_plain);
        else
            add_body_parts(index, body);
    }

    void add_body_parts(std::uint32_t index, Span body)
    {
        const Part &part = tree_.parts[index];
        const std::string_view boundary = part.type.parameter("boundary");
        if (boundary.empty())
            return;
        const std::string dashed = "--" + std::string(boundary);
        const std::string_view default_type =
            part.type.value == "multipart/digest" ? message_rfc822 : text_plain;
        std::optional<Delimiter> delimiter = find_delimiter(message_, body, dashed);
        while (delimiter && !delimiter->closes) {
            if (tree_.parts.size() >= limits::parts_max) {
                tree_.limited = true;
                return;
            }
            const std::size_t begin = delimiter->line.end;
            delimiter = find_delimiter(message_, {begin, body.end}, dashed);
            // Without a delimiter the part goes on to the end of what is around it.
            add_part({begin, delimiter ? delimiter->line.begin : body.end}, index, default_type);
        }
    }

    ByteView message_;
    PartTree tree_;
};

bool begins_with(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

} // namespace

bool Part::is_multipart() const { return begins_with(type.value, "multipart/"); }

bool Part::is_message() const
{
    return type.value == message_rfc822 || type.value == "message/global";
}

bool Part::is_text() const { return begins_with(type.value, "text/"); }

std::string_view Part::file_name() const
{
    const std::string_view name = disposition.parameter("filename");
    return name.empty() ? type.parameter("name") : name;
}

PartTree parse_parts(ByteView message) { return TreeBuilder(message).build(); }

ByteView raw_body(ByteView message, const Part &part)
{
    return message.substr(part.body_offset, part.end - part.body_offset);
}

std::string decoded_body(ByteView message, const Part &part)
{
    const ByteView body = raw_body(message, part);
    if (part.encoding == TransferEncoding::Base64)
        return base64_decode_lines(body);
    if (part.encoding == TransferEncoding::QuotedPrintable)
        return quoted_printable_decode(body);
    return std::string(body);
}

std::string decoded_text(ByteView message, const Part &part)
{
    const std::string_view charset = part.type.parameter("charset");
    return with_lf(
        to_utf8_for_display(charset.empty() ? "us-ascii" : charset, decoded_body(message, part)));
}

TransferEncoding parse_transfer_encoding(std::string_view field_body)
{
    struct Name
    {
        std::string_view name;
        TransferEncoding encoding;
    };
    constexpr Name names[] = {
        {"7bit", TransferEncoding::SevenBit},
        {"8bit", TransferEncoding::EightBit},
        {"binary", TransferEncoding::Binary},
        {"quoted-printable", TransferEncoding::QuotedPrintable},
        {"base64", TransferEncoding::Base64},
    };
    const std::string name = parse_parameterised(field_body).value;
    for (const Name &each : names)
        if (each.name == name)
            return each.encoding;
    return TransferEncoding::Unknown;
}

} // namespace mailscope::mail
