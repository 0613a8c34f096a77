// Transfer encodings: base64 and quoted-printable (RFC 2045 6.7 and 6.8, RFC 4648 4).
//
// Mail travels as lines of ASCII, so whatever is not has to be written in letters that survive.
// The strict forms serve protocols (SMTP AUTH), where a wrong byte is the peer's error; the
// lenient forms serve received messages, of which a mail client shows what it can. Lines end in
// CRLF. Charsets are not this file's matter: bytes go in and bytes come out.
#pragma once

#include "sim/core/bytes.h"

#include <cstddef>
#include <optional>
#include <string>

namespace mailscope::mail
{

/// Longest encoded line without its CRLF (RFC 2045 6.7 rule 5 and 6.8).
inline constexpr std::size_t encoded_line_max = 76;

/// Base64 in one run, with padding.
std::string base64_encode(ByteView bytes);

/// The bytes of strict base64: the length a multiple of four, padding at the end only, unused bits
/// zero, nothing else in between (RFC 4648 3.2, 3.3, 3.5). Nothing when that does not hold.
std::optional<std::string> base64_decode(ByteView text);

/// Base64 in lines of 76 columns, each ending in CRLF; empty for no bytes.
std::string base64_encode_lines(ByteView bytes);

/// The bytes of base64 as it comes in mail: other octets are skipped (RFC 2045 6.8), a padding
/// character ends it, and of an unfinished last group the whole octets are kept.
std::string base64_decode_lines(ByteView text);

/// Quoted-printable of a text whose lines end in CRLF. Line breaks stay, a lone CR or LF is
/// encoded, so are spaces and tabs at the end of a line; longer lines are cut by soft breaks.
std::string quoted_printable_encode(ByteView text);

/// The text of quoted-printable. White space at the end of an encoded line is dropped (RFC 2045
/// 6.7 rule 3); an "=" that begins no valid sequence stays as it is.
std::string quoted_printable_decode(ByteView text);

/// The value of one hexadecimal digit, either case, or nothing.
std::optional<unsigned> hex_digit_value(char digit);

/// Appends `octet` as two capital hexadecimal digits.
void append_hex(std::string &out, char octet);

} // namespace mailscope::mail
