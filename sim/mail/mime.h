// The parts of a MIME message (RFC 2045, 2046, 2231) as a tree of offsets.
//
// The tree says where in the bytes each part's header and body lie and what they claim to be;
// it owns no content, so that a server can describe a large message cheaply. Content is decoded on
// demand. Reading forgives: a missing end boundary, a wrong type, a bare LF. Depth and number of
// parts are limited (limits.h); what lies deeper is kept as one undivided part.
#pragma once

#include "sim/core/bytes.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::mail
{

/// `name=value` after a type or disposition; RFC 2231 continuations and charsets are resolved.
struct Parameter
{
    std::string name;  ///< lower case
    std::string value; ///< UTF-8
};

/// A value with parameters: the body of Content-Type or Content-Disposition.
struct ParameterisedValue
{
    std::string value; ///< lower case: "text/plain", "attachment"
    std::vector<Parameter> parameters;

    /// The parameter's value, empty when there is none. `name` in lower case.
    std::string_view parameter(std::string_view name) const;
};

/// Reads such a body; white space, comments and quoted strings as RFC 2045 5.1 has them. What is
/// malformed is skipped. Values with encoded-words in them, as many clients write, are decoded.
ParameterisedValue parse_parameterised(std::string_view field_body);

/// Content-Transfer-Encoding (RFC 2045 6.1).
enum class TransferEncoding : std::uint8_t
{
    SevenBit,
    EightBit,
    Binary,
    QuotedPrintable,
    Base64,
    Unknown, ///< shown undecoded, as application/octet-stream (RFC 2045 6.4)
};

/// One part; offsets are into the whole message.
struct Part
{
    static constexpr std::uint32_t no_parent = 0xFFFFFFFFU;

    std::size_t header_offset = 0;
    std::size_t body_offset = 0;
    std::size_t end = 0; ///< behind the body's last octet; the CRLF before a boundary is not body
    std::uint32_t parent = no_parent;
    std::uint32_t depth = 0;
    std::vector<std::uint32_t> children; ///< of multipart/*; of message/rfc822 the one root
    ParameterisedValue type;             ///< Content-Type with the defaults of RFC 2045 5.2
    ParameterisedValue disposition;      ///< Content-Disposition (RFC 2183); may be empty
    TransferEncoding encoding = TransferEncoding::SevenBit;

    bool is_multipart() const;
    /// "message/rfc822" or "message/global": its body is a message.
    bool is_message() const;
    bool is_text() const;
    /// File name of disposition or type, empty when there is none.
    std::string_view file_name() const;
};

/// All parts in the order of the bytes; parts[0] is the message itself.
struct PartTree
{
    std::vector<Part> parts;
    bool limited = false; ///< a limit left a part undivided
};

/// Reads any bytes.
PartTree parse_parts(ByteView message);

/// The part's body as it lies in the message, still encoded.
ByteView raw_body(ByteView message, const Part &part);

/// The part's body with the transfer encoding undone.
std::string decoded_body(ByteView message, const Part &part);

/// A text part for display: decoded, UTF-8, line ends LF.
std::string decoded_text(ByteView message, const Part &part);

/// The encoding named in a Content-Transfer-Encoding field.
TransferEncoding parse_transfer_encoding(std::string_view field_body);

} // namespace mailscope::mail
