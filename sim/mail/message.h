// A message as a view: header fields and body over bytes that somebody else owns.
//
// Servers look at a header without copying it, mail clients and reports build on the same view.
// Reading follows RFC 5322 2.2 and forgives what occurs in the wild: bare LF as a line end, white
// space before the colon; the first line that is no field begins the body. What the fields mean is
// left to the files beside this one.
#pragma once

#include "sim/core/bytes.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::mail
{

/// One header field, raw.
struct HeaderField
{
    std::string_view name;
    std::string_view raw_body; ///< what follows the colon, folds inside, without the last line end
    std::size_t offset = 0;    ///< where the field begins in the message
    std::size_t size = 0;      ///< with its last line end
};

/// The body on one line: line ends of folds removed (RFC 5322 2.2.3), blanks at both ends too.
std::string unfold(std::string_view raw_body);

/// Reads header fields one by one; touches nothing behind the header. No allocation.
class FieldReader
{
public:
    explicit FieldReader(ByteView message) : message_(message) {}

    /// The next field, nothing after the last.
    std::optional<HeaderField> next();

    /// Where the body begins; to be asked when `next` has given nothing. The size of the message
    /// when it has no body.
    std::size_t body_offset() const { return position_; }

private:
    std::size_t line_end(std::size_t from) const;

    ByteView message_;
    std::size_t position_ = 0;
    bool in_body_ = false;
};

/// The fields of a message and its body. Cost: the header's length.
class MessageView
{
public:
    explicit MessageView(ByteView message);

    ByteView bytes() const { return message_; }
    const std::vector<HeaderField> &fields() const { return fields_; }

    /// The header with the empty line that ends it.
    ByteView header() const { return message_.substr(0, body_offset_); }
    ByteView body() const { return message_.substr(body_offset_); }
    std::size_t body_offset() const { return body_offset_; }

    /// The first field of that name, without case, or nullptr.
    const HeaderField *find(std::string_view name) const;

    /// The unfolded body of the first field of that name; empty when there is none.
    std::string text_of(std::string_view name) const;

private:
    ByteView message_;
    std::vector<HeaderField> fields_;
    std::size_t body_offset_ = 0;
};

/// How many fields of that name the header has. No allocation.
std::size_t count_fields(ByteView message, std::string_view name);

/// `text` with every line end (CRLF, LF or CR) as CRLF.
std::string with_crlf(std::string_view text);

/// `text` with every CRLF as LF.
std::string with_lf(std::string_view text);

} // namespace mailscope::mail
