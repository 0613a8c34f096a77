// Transfer encodings: base64 and quoted-printable (RFC 2045 6.7 and 6.8, RFC 4648 4).
#include "sim/mail/encoding.h"

#include <array>
#include <cstdint>

namespace mailscope::mail
{

namespace
{

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;

/// The value of each octet as a base64 digit, `no_digit` for all others.
constexpr std::array<std::uint8_t, 256> make_base64_values()
{
    std::array<std::uint8_t, 256> values{};
    for (std::uint8_t &value : values)
        value = no_digit;
    for (std::size_t i = 0; i < base64_alphabet.size(); ++i)
        values[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}

constexpr std::array<std::uint8_t, 256> base64_values = make_base64_values();

std::uint32_t octet_at(ByteView bytes, std::size_t index)
{
    return static_cast<unsigned char>(bytes[index]);
}

void append_base64(std::string &out, ByteView bytes)
{
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t group =
            octet_at(bytes, i) << 16U | octet_at(bytes, i + 1) << 8U | octet_at(bytes, i + 2);
        out += base64_alphabet[group >> 18U];
        out += base64_alphabet[group >> 12U & 63U];
        out += base64_alphabet[group >> 6U & 63U];
        out += base64_alphabet[group & 63U];
    }
    const std::size_t left = bytes.size() - i;
    if (left == 0)
        return;
    const std::uint32_t group =
        octet_at(bytes, i) << 16U | (left == 2 ? octet_at(bytes, i + 1) << 8U : 0U);
    out += base64_alphabet[group >> 18U];
    out += base64_alphabet[group >> 12U & 63U];
    out += left == 2 ? base64_alphabet[group >> 6U & 63U] : '=';
    out += '=';
}

/// Collects base64 digits into octets.
class Base64Decoder
{
public:
    /// Takes one digit's value (0 to 63).
    void digit(std::uint32_t value)
    {
        group_ = group_ << 6U | value;
        bits_ += 6;
        if (bits_ < 8)
            return;
        bits_ -= 8;
        bytes_ += static_cast<char>(group_ >> bits_ & 0xFFU);
        group_ &= (1U << bits_) - 1U;
    }

    /// True when no bit of a started octet is set.
    bool rest_is_zero() const { return group_ == 0; }

    std::string take() { return std::move(bytes_); }
    void reserve(std::size_t size) { bytes_.reserve(size); }

private:
    std::string bytes_;
    std::uint32_t group_ = 0;
    std::uint32_t bits_ = 0;
};

/// True when quoted-printable may show the octet as itself (RFC 2045 6.7 rules 2 and 3).
bool is_literal(char c) { return (c >= '!' && c <= '~' && c != '=') || c == ' ' || c == '\t'; }

/// Appends one line, without its end, in quoted-printable with soft breaks.
void append_quoted_printable_line(std::string &out, ByteView line)
{
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool last = i + 1 == line.size();
        const bool literal = is_literal(c) && !(last && (c == ' ' || c == '\t'));
        const std::size_t width = literal ? 1 : 3;
        // A soft break's "=" needs a column of its own, the end of the line does not.
        if (column + width > encoded_line_max - (last ? 0 : 1)) {
            out += "=\r\n";
            column = 0;
        }
        if (literal) {
            out += c;
        } else {
            out += '=';
            append_hex(out, c);
        }
        column += width;
    }
}

/// `line` without spaces and tabs at its end.
ByteView without_trailing_blanks(ByteView line)
{
    const std::size_t last = line.find_last_not_of(" \t");
    return last == ByteView::npos ? ByteView() : line.substr(0, last + 1);
}

/// Appends the octets of one encoded line; true when it ends in a soft break.
bool append_decoded_line(std::string &out, ByteView line)
{
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '=') {
            out += line[i];
            continue;
        }
        if (i + 1 == line.size())
            return true;
        const std::optional<unsigned> high = hex_digit_value(line[i + 1]);
        const std::optional<unsigned> low =
            i + 2 < line.size() ? hex_digit_value(line[i + 2]) : std::nullopt;
        if (high && low) {
            out += static_cast<char>(*high << 4U | *low);
            i += 2;
        } else {
            out += '=';
        }
    }
    return false;
}

} // namespace

std::string base64_encode(ByteView bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    append_base64(out, bytes);
    return out;
}

std::optional<std::string> base64_decode(ByteView text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    for (int padding = 0; padding < 2 && !text.empty() && text.back() == '='; ++padding)
        text.remove_suffix(1);
    Base64Decoder decoder;
    decoder.reserve(text.size() / 4 * 3 + 2);
    for (const char c : text) {
        const std::uint8_t value = base64_values[static_cast<unsigned char>(c)];
        if (value == no_digit)
            return std::nullopt;
        decoder.digit(value);
    }
    if (!decoder.rest_is_zero())
        return std::nullopt;
    return decoder.take();
}

std::string base64_encode_lines(ByteView bytes)
{
    constexpr std::size_t octets_per_line = encoded_line_max / 4 * 3;
    std::string out;
    out.reserve(bytes.size() / octets_per_line * (encoded_line_max + 2) + encoded_line_max + 2);
    for (std::size_t i = 0; i < bytes.size(); i += octets_per_line) {
        append_base64(out, bytes.substr(i, octets_per_line));
        out += "\r\n";
    }
    return out;
}

std::string base64_decode_lines(ByteView text)
{
    Base64Decoder decoder;
    decoder.reserve(text.size() / 4 * 3);
    for (const char c : text) {
        if (c == '=')
            break;
        const std::uint8_t value = base64_values[static_cast<unsigned char>(c)];
        if (value != no_digit)
            decoder.digit(value);
    }
    return decoder.take();
}

std::string quoted_printable_encode(ByteView text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    while (!text.empty()) {
        const std::size_t end = text.find("\r\n");
        append_quoted_printable_line(out, text.substr(0, end));
        if (end == ByteView::npos)
            break;
        out += "\r\n";
        text.remove_prefix(end + 2);
    }
    return out;
}

std::string quoted_printable_decode(ByteView text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        const std::size_t end = newline == ByteView::npos ? text.size() : newline;
        const bool has_cr = newline != ByteView::npos && end != 0 && text[end - 1] == '\r';
        const ByteView line = text.substr(0, has_cr ? end - 1 : end);
        const bool soft_break = append_decoded_line(out, without_trailing_blanks(line));
        if (newline == ByteView::npos)
            break;
        if (!soft_break)
            out += has_cr ? "\r\n" : "\n";
        text.remove_prefix(newline + 1);
    }
    return out;
}

std::optional<unsigned> hex_digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return static_cast<unsigned>(digit - '0');
    if (digit >= 'A' && digit <= 'F')
        return static_cast<unsigned>(digit - 'A' + 10);
    if (digit >= 'a' && digit <= 'f')
        return static_cast<unsigned>(digit - 'a' + 10);
    return std::nullopt;
}

void append_hex(std::string &out, char octet)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(octet);
    out += digits[value >> 4U];
    out += digits[value & 15U];
}

} // namespace mailscope::mail
