// Encoded-words (RFC 2047) and folding (RFC 5322 2.2.3).
#include "sim/mail/encoded_word.h"

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/mail/charset.h"
#include "sim/mail/encoding.h"

#include <algorithm>
#include <optional>

namespace mailscope::mail
{

namespace
{

constexpr std::string_view fold = "\r\n ";
/// A word longer than this can not stand in a line of 998 octets beside the field's name.
constexpr std::size_t plain_word_max = 900;

/// Counts the octets that characters take in a charset, one after the other.
class WordSize
{
public:
    explicit WordSize(TextCharset charset) : charset_(charset) {}

    /// The size if `character` were added.
    std::size_t with(std::string_view character) const
    {
        if (charset_ == TextCharset::Utf8)
            return size_ + character.size();
        if (character.size() == 1)
            return size_ + 1 + (in_kanji_ ? escape_size : 0);
        return size_ + 2 + (in_kanji_ ? escape_size : 2 * escape_size);
    }

    void add(std::string_view character)
    {
        const bool kanji = charset_ == TextCharset::Iso2022Jp && character.size() > 1;
        size_ = with(character) - (kanji ? escape_size : 0);
        in_kanji_ = kanji;
    }

private:
    static constexpr std::size_t escape_size = 3;

    TextCharset charset_;
    std::size_t size_ = 0;  ///< without the escape sequence back to ASCII
    bool in_kanji_ = false; ///< that sequence is still to come
};

/// Length of the longest beginning of `text` whose octets in `charset` are `octets_max` at most.
std::size_t fitting_length(std::string_view text, TextCharset charset, std::size_t octets_max)
{
    WordSize size(charset);
    std::size_t length = 0;
    while (length < text.size()) {
        const std::string_view rest = text.substr(length);
        const std::string_view character = rest.substr(0, utf8_sequence_length(rest));
        if (size.with(character) > octets_max)
            break;
        size.add(character);
        length += character.size();
    }
    return length;
}

/// An encoded-word as it was received.
struct EncodedWord
{
    std::string_view charset;
    char encoding = 'b';
    std::string_view text;
    std::size_t size = 0; ///< of the whole word
};

/// The encoded-word that `text` begins with (RFC 2047 2, RFC 2231 5 for the language).
std::optional<EncodedWord> word_at(std::string_view text)
{
    if (text.substr(0, 2) != "=?")
        return std::nullopt;
    const std::size_t charset_end = text.find('?', 2);
    if (charset_end == std::string_view::npos || charset_end + 2 >= text.size() ||
        text[charset_end + 2] != '?')
        return std::nullopt;
    const std::size_t text_begin = charset_end + 3;
    const std::size_t text_end = text.find_first_of("? \t\r\n", text_begin);
    if (text_end == std::string_view::npos || text.substr(text_end, 2) != "?=")
        return std::nullopt;
    EncodedWord word;
    word.charset = text.substr(2, charset_end - 2);
    word.charset = word.charset.substr(0, word.charset.find('*'));
    word.encoding = ascii_lower(text[charset_end + 1]);
    word.text = text.substr(text_begin, text_end - text_begin);
    word.size = text_end + 2;
    const bool known = word.encoding == 'b' || word.encoding == 'q';
    return known && !word.charset.empty() ? std::optional<EncodedWord>(word) : std::nullopt;
}

/// The Q encoding (RFC 2047 4.2).
std::string decode_q(std::string_view text)
{
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '_', ' ');
    // The blank after the end keeps blanks at the end from being dropped as transport padding.
    spaced += '.';
    std::string bytes = quoted_printable_decode(spaced);
    bytes.pop_back();
    return bytes;
}

/// Joins what neighbouring words hold, so that a character cut in two by a careless writer is one
/// again.
class WordJoiner
{
public:
    explicit WordJoiner(std::string &out) : out_(out) {}

    void add(const EncodedWord &word, std::string_view raw)
    {
        const bool joins = is_open() && equals_ignoring_case(word.charset, charset_) &&
                           equals_ignoring_case(word.charset, "utf-8");
        if (!joins)
            flush();
        charset_ = word.charset;
        bytes_ += word.encoding == 'b' ? base64_decode_lines(word.text) : decode_q(word.text);
        raw_ += raw;
    }

    bool is_open() const { return !raw_.empty(); }

    void flush()
    {
        if (!is_open())
            return;
        const Result<std::string> text = to_utf8(charset_, bytes_);
        out_ += text ? *text : to_utf8_for_display("utf-8", raw_);
        bytes_.clear();
        raw_.clear();
    }

private:
    std::string &out_;
    std::string charset_;
    std::string bytes_;
    std::string raw_; ///< shown when the bytes can not be
};

} // namespace

std::string_view name_of(TextCharset charset)
{
    return charset == TextCharset::Utf8 ? "utf-8" : "iso-2022-jp";
}

bool needs_encoded_words(std::string_view text)
{
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (!std::all_of(text.begin(), text.end(), is_plain))
        return true;
    if (!text.empty() && (text.front() == ' ' || text.back() == ' '))
        return true;
    std::size_t word_size = 0;
    for (const char c : text) {
        word_size = c == ' ' ? 0 : word_size + 1;
        if (word_size > plain_word_max)
            return true;
    }
    return text.find("=?") != std::string_view::npos;
}

std::string encode_words(std::string_view text, TextCharset charset, std::size_t column)
{
    const std::string valid = to_utf8_for_display("utf-8", text);
    if (!from_utf8(name_of(charset), valid))
        charset = TextCharset::Utf8;
    const std::string_view name = name_of(charset);
    const std::size_t frame = name.size() + 7; // "=?" name "?B?" text "?="
    std::string out;
    for (std::string_view rest = valid; !rest.empty();) {
        const std::size_t room = std::min(
            encoded_word_max, encoded_word_line_max - std::min(column, encoded_word_line_max));
        const std::size_t octets = room > frame ? (room - frame) / 4 * 3 : 0;
        const std::size_t length = fitting_length(rest, charset, octets);
        if (length != 0) {
            const Result<std::string> bytes = from_utf8(name, rest.substr(0, length));
            MS_CHECK(bytes.has_value());
            out += "=?";
            out += name;
            out += "?B?" + base64_encode(*bytes) + "?=";
            rest.remove_prefix(length);
        }
        if (!rest.empty()) {
            out += fold;
            column = 1;
        }
    }
    return out;
}

std::string decode_words(std::string_view text)
{
    if (text.find("=?") == std::string_view::npos)
        return to_utf8_for_display("utf-8", text);
    std::string out;
    out.reserve(text.size());
    WordJoiner words(out);
    while (!text.empty()) {
        if (const std::optional<EncodedWord> word = word_at(text)) {
            words.add(*word, text.substr(0, word->size));
            text.remove_prefix(word->size);
            continue;
        }
        // White space between encoded-words is no text (RFC 2047 6.2); any other is.
        const std::size_t blanks = std::min(text.find_first_not_of(" \t\r\n"), text.size());
        if (words.is_open() && blanks != 0 && word_at(text.substr(blanks))) {
            text.remove_prefix(blanks);
            continue;
        }
        words.flush();
        const std::size_t next = std::min(text.find("=?", 1), text.size());
        const std::size_t plain = blanks != 0 ? std::min(blanks, next) : next;
        out += to_utf8_for_display("utf-8", text.substr(0, plain));
        text.remove_prefix(plain);
    }
    words.flush();
    return out;
}

std::string folded_field(std::string_view name, std::string_view body)
{
    std::string out;
    out.reserve(name.size() + body.size() + 8);
    out += name;
    out += ": ";
    std::size_t column = out.size();
    while (!body.empty()) {
        if (body.substr(0, 2) == "\r\n") {
            out += body.substr(0, 2);
            body.remove_prefix(2);
            column = 0;
            continue;
        }
        // A piece is blanks and the word behind them; a fold goes before the blanks.
        const std::size_t blanks = std::min(body.find_first_not_of(' '), body.size());
        const std::size_t size = std::min(body.find_first_of(" \r", blanks + 1), body.size());
        if (column > 1 && blanks != 0 && size > blanks && column + size > header_line_max) {
            out += "\r\n";
            column = 0;
        }
        out += body.substr(0, size);
        column += size;
        body.remove_prefix(size);
    }
    out += "\r\n";
    return out;
}

} // namespace mailscope::mail
