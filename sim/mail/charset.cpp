// Character sets of mail: us-ascii, utf-8, iso-8859-1 and iso-2022-jp (RFC 1468).
#include "sim/mail/charset.h"

#include "sim/core/text.h"

#include <iconv.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace mailscope::mail
{

namespace
{

constexpr char escape = '\x1B';
constexpr std::string_view to_ascii = "\x1B(B";
constexpr std::string_view to_roman = "\x1B(J";
constexpr std::string_view to_kanji_1978 = "\x1B$@";
constexpr std::string_view to_kanji = "\x1B$B";
constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

enum class Charset
{
    Ascii,
    Utf8,
    Latin1,
    Iso2022Jp
};

std::optional<Charset> charset_of(std::string_view name)
{
    struct Name
    {
        std::string_view name;
        Charset charset;
    };
    constexpr Name names[] = {
        {"us-ascii", Charset::Ascii},
        {"ascii", Charset::Ascii},
        {"utf-8", Charset::Utf8},
        {"utf8", Charset::Utf8},
        {"iso-8859-1", Charset::Latin1},
        {"latin1", Charset::Latin1},
        {"iso-2022-jp", Charset::Iso2022Jp},
        {"csiso2022jp", Charset::Iso2022Jp},
    };
    for (const Name &each : names)
        if (equals_ignoring_case(each.name, name))
            return each.charset;
    return std::nullopt;
}

tl::unexpected<Error> unknown_charset(std::string_view name)
{
    return fail("charset \"" + std::string(name.substr(0, 40)) +
                "\": expected us-ascii, utf-8, iso-8859-1 or iso-2022-jp");
}

/// The C library's table of JIS X 0208, in EUC-JP's octets.
class JisTable
{
public:
    enum class Direction
    {
        FromUtf8,
        ToUtf8
    };

    explicit JisTable(Direction direction)
        : table_(direction == Direction::FromUtf8 ? iconv_open("EUC-JP", "UTF-8")
                                                  : iconv_open("UTF-8", "EUC-JP"))
    {
    }
    JisTable(const JisTable &) = delete;
    JisTable &operator=(const JisTable &) = delete;
    ~JisTable()
    {
        if (is_open())
            iconv_close(table_);
    }

    /// The converted text; nothing when a character has no counterpart. Some C libraries put a
    /// substitute in and count it in the result, others stop: neither is a conversion.
    std::optional<std::string> convert(std::string_view text) const
    {
        if (!is_open())
            return std::nullopt;
        std::string out(text.size() * 2 + 8, '\0');
        char *from = const_cast<char *>(text.data());
        char *to = out.data();
        std::size_t from_left = text.size();
        std::size_t to_left = out.size();
        if (iconv(table_, &from, &from_left, &to, &to_left) != 0 || from_left != 0)
            return std::nullopt;
        out.resize(out.size() - to_left);
        return out;
    }

private:
    bool is_open() const { return reinterpret_cast<std::intptr_t>(table_) != -1; }

    iconv_t table_;
};

bool is_kanji_octet(char c) { return c >= '\x21' && c <= '\x7E'; }

/// Undoes the escape sequences of RFC 1468.
class Iso2022JpDecoder
{
public:
    Result<std::string> decode(ByteView bytes)
    {
        while (!bytes.empty()) {
            if (bytes.front() == escape ? !change_set(bytes) : !take_run(bytes))
                return fail("iso-2022-jp: expected the escape sequences and characters of "
                            "RFC 1468");
        }
        return std::move(text_);
    }

private:
    enum class Set
    {
        Ascii,
        Roman,
        Kanji
    };

    bool change_set(ByteView &bytes)
    {
        const ByteView sequence = bytes.substr(0, 3);
        if (sequence == to_ascii)
            set_ = Set::Ascii;
        else if (sequence == to_roman)
            set_ = Set::Roman;
        else if (sequence == to_kanji || sequence == to_kanji_1978)
            set_ = Set::Kanji;
        else
            return false;
        bytes.remove_prefix(3);
        return true;
    }

    /// Takes everything up to the next escape sequence; of kanji, up to the end of the line, where
    /// the set goes back to ASCII even if the sequence for it is missing.
    bool take_run(ByteView &bytes)
    {
        ByteView run = bytes.substr(0, bytes.find(escape));
        if (set_ == Set::Kanji) {
            const auto end = std::find_if_not(run.begin(), run.end(), is_kanji_octet);
            run = run.substr(0, static_cast<std::size_t>(end - run.begin()));
            if (run.empty()) {
                set_ = Set::Ascii;
                return bytes.front() == '\r' || bytes.front() == '\n';
            }
        }
        bytes.remove_prefix(run.size());
        return set_ == Set::Kanji ? add_kanji(run) : add_single(run);
    }

    bool add_single(ByteView run)
    {
        for (const char c : run) {
            if (static_cast<unsigned char>(c) >= 0x80)
                return false;
            if (set_ == Set::Roman && c == '\\')
                text_ += "\xC2\xA5"; // the yen sign, U+00A5
            else if (set_ == Set::Roman && c == '~')
                text_ += "\xE2\x80\xBE"; // the overline, U+203E
            else
                text_ += c;
        }
        return true;
    }

    bool add_kanji(ByteView run)
    {
        if (run.size() % 2 != 0)
            return false;
        std::string euc(run);
        for (char &c : euc)
            c = static_cast<char>(c | '\x80');
        const std::optional<std::string> converted = table_.convert(euc);
        if (!converted)
            return false;
        text_ += *converted;
        return true;
    }

    JisTable table_{JisTable::Direction::ToUtf8};
    Set set_ = Set::Ascii;
    std::string text_;
};

/// The two octets of each character of JIS X 0208, or nothing when `text` has others.
std::optional<std::string> to_kanji_octets(const JisTable &table, std::string_view text)
{
    std::optional<std::string> octets = table.convert(text);
    if (!octets)
        return std::nullopt;
    for (char &c : *octets) {
        // EUC-JP's octets 8E and 8F lead to half-width kana and JIS X 0212, which RFC 1468 lacks.
        if (static_cast<unsigned char>(c) < 0xA1)
            return std::nullopt;
        c = static_cast<char>(c & 0x7F);
    }
    return octets;
}

Result<std::string> to_iso_2022_jp(std::string_view text)
{
    if (text.find(escape) != std::string_view::npos)
        return fail("iso-2022-jp: expected no escape character");
    const JisTable table(JisTable::Direction::FromUtf8);
    const auto is_high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    std::string out;
    out.reserve(text.size() + 16);
    while (!text.empty()) {
        const auto first_high = std::find_if(text.begin(), text.end(), is_high);
        const auto ascii_size = static_cast<std::size_t>(first_high - text.begin());
        out += text.substr(0, ascii_size);
        text.remove_prefix(ascii_size);
        if (text.empty())
            break;
        const auto high_end = std::find_if_not(text.begin(), text.end(), is_high);
        const auto high_size = static_cast<std::size_t>(high_end - text.begin());
        const std::optional<std::string> kanji = to_kanji_octets(table, text.substr(0, high_size));
        if (!kanji)
            return fail("iso-2022-jp: expected only characters of ASCII and JIS X 0208");
        out += to_kanji;
        out += *kanji;
        out += to_ascii;
        text.remove_prefix(high_size);
    }
    return out;
}

std::string latin1_to_utf8(ByteView bytes)
{
    std::string text;
    text.reserve(bytes.size());
    for (const char c : bytes) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x80) {
            text += c;
        } else {
            text += static_cast<char>(0xC0U | octet >> 6U);
            text += static_cast<char>(0x80U | (octet & 0x3FU));
        }
    }
    return text;
}

/// `text` is valid UTF-8.
Result<std::string> utf8_to_latin1(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead >= 0x80) {
            if (lead > 0xC3)
                return fail("iso-8859-1: expected only characters up to U+00FF");
            const auto trail = static_cast<unsigned char>(text[++i]);
            bytes += static_cast<char>((lead & 0x03U) << 6U | (trail & 0x3FU));
        } else {
            bytes += text[i];
        }
    }
    return bytes;
}

} // namespace

Result<std::string> to_utf8(std::string_view charset, ByteView bytes)
{
    const std::optional<Charset> known = charset_of(charset);
    if (!known)
        return unknown_charset(charset);
    switch (*known) {
    case Charset::Ascii:
        if (!is_ascii(bytes))
            return fail("us-ascii: expected octets below 128");
        return std::string(bytes);
    case Charset::Utf8:
        if (!is_valid_utf8(bytes))
            return fail("utf-8: expected well-formed sequences");
        return std::string(bytes);
    case Charset::Latin1:
        return latin1_to_utf8(bytes);
    case Charset::Iso2022Jp:
        break;
    }
    return Iso2022JpDecoder().decode(bytes);
}

Result<std::string> from_utf8(std::string_view charset, std::string_view text)
{
    const std::optional<Charset> known = charset_of(charset);
    if (!known)
        return unknown_charset(charset);
    if (!is_valid_utf8(text))
        return fail("text: expected well-formed UTF-8");
    switch (*known) {
    case Charset::Ascii:
        if (!is_ascii(text))
            return fail("us-ascii: expected only characters of ASCII");
        return std::string(text);
    case Charset::Utf8:
        return std::string(text);
    case Charset::Latin1:
        return utf8_to_latin1(text);
    case Charset::Iso2022Jp:
        break;
    }
    return to_iso_2022_jp(text);
}

std::string to_utf8_for_display(std::string_view charset, ByteView bytes)
{
    Result<std::string> text = to_utf8(charset, bytes);
    if (text)
        return std::move(*text);
    std::string shown;
    shown.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = utf8_sequence_length(bytes);
        shown += length == 0 ? replacement : bytes.substr(0, length);
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return shown;
}

} // namespace mailscope::mail
