// Encoded-words: text other than ASCII in header fields (RFC 2047), and folding (RFC 5322 2.2.3).
//
// "=?utf-8?B?5YaZ55yf?=" is how a subject survives servers that know only ASCII. Writing uses the B
// form and cuts between characters; reading accepts B and Q, joins neighbours, and leaves alone
// what is not valid.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailscope::mail
{

/// Longest encoded-word (RFC 2047 2).
inline constexpr std::size_t encoded_word_max = 75;
/// Longest line that holds one (RFC 2047 2).
inline constexpr std::size_t encoded_word_line_max = 76;
/// Columns at which header lines are folded (RFC 5322 2.1.1).
inline constexpr std::size_t header_line_max = 78;

/// The charset a letter is written in.
enum class TextCharset : unsigned char
{
    Utf8,
    Iso2022Jp
};

/// "utf-8" or "iso-2022-jp".
std::string_view name_of(TextCharset charset);

/// True when `text` cannot stand in an unstructured field as it is: it has octets other than
/// printable ASCII, or something that reads like an encoded-word.
bool needs_encoded_words(std::string_view text);

/// `text` (UTF-8) as one or more encoded-words joined by folds. `column` is where it begins in its
/// line. Uses UTF-8 when the charset lacks a character.
std::string encode_words(std::string_view text, TextCharset charset, std::size_t column);

/// `text` with its encoded-words decoded to UTF-8 and the white space between neighbours removed
/// (RFC 2047 6.2). Words in an unknown charset or encoding stay as they are. The result is UTF-8.
std::string decode_words(std::string_view text);

/// A field "Name: body" CRLF, folded at spaces where a line would pass 78 columns. The body's own
/// folds stay.
std::string folded_field(std::string_view name, std::string_view body);

} // namespace mailscope::mail
