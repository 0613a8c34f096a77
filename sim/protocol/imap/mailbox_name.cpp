// Mailbox names of IMAP; see mailbox_name.h.
#include "sim/protocol/imap/mailbox_name.h"

#include "sim/core/text.h"
#include "sim/mail/encoding.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace mailscope::imap
{

namespace
{

bool is_printable(char c) { return c >= 0x20 && c < 0x7F; }

/// The code point of the UTF-8 sequence at the front; its length is known to be right.
std::uint32_t code_point(ByteView sequence)
{
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    if (sequence.size() == 1)
        return octet(0);
    std::uint32_t value = octet(0) & (0x7FU >> sequence.size());
    for (std::size_t i = 1; i < sequence.size(); ++i)
        value = value << 6U | (octet(i) & 0x3FU);
    return value;
}

void append_utf8(std::string &out, std::uint32_t code)
{
    const auto add = [&out](std::uint32_t octet) { out += static_cast<char>(octet); };
    if (code < 0x800) {
        add(0xC0U | code >> 6U);
    } else {
        if (code < 0x10000) {
            add(0xE0U | code >> 12U);
        } else {
            add(0xF0U | code >> 18U);
            add(0x80U | (code >> 12U & 0x3FU));
        }
        add(0x80U | (code >> 6U & 0x3FU));
    }
    add(0x80U | (code & 0x3FU));
}

void append_utf16(std::string &out, std::uint32_t code)
{
    const auto add = [&out](std::uint32_t unit) {
        out += static_cast<char>(unit >> 8U);
        out += static_cast<char>(unit & 0xFFU);
    };
    if (code < 0x10000)
        return add(code);
    add(0xD800U | (code - 0x10000) >> 10U);
    add(0xDC00U | (code & 0x3FFU));
}

/// "&...-" of the UTF-16 collected so far; base64 without padding and with "," for "/".
void flush(std::string &out, std::string &utf16)
{
    if (utf16.empty())
        return;
    std::string base64 = mail::base64_encode(utf16);
    while (base64.back() == '=')
        base64.pop_back();
    std::replace(base64.begin(), base64.end(), '/', ',');
    out += '&' + base64 + '-';
    utf16.clear();
}

/// Appends the text between "&" and "-"; false when it is not what an encoder would write.
bool append_shifted(std::string &out, ByteView shifted)
{
    std::string base64(shifted);
    if (base64.find('/') != std::string::npos || base64.find('=') != std::string::npos)
        return false;
    std::replace(base64.begin(), base64.end(), ',', '/');
    base64.append((4 - base64.size() % 4) % 4, '=');
    const std::optional<std::string> utf16 = mail::base64_decode(base64);
    if (!utf16 || utf16->empty() || utf16->size() % 2 != 0)
        return false;
    const auto unit = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>((*utf16)[i])) << 8U |
               static_cast<unsigned char>((*utf16)[i + 1]);
    };
    for (std::size_t i = 0; i < utf16->size(); i += 2) {
        std::uint32_t code = unit(i);
        if (code >= 0xD800 && code < 0xDC00) {
            i += 2;
            if (i == utf16->size() || unit(i) < 0xDC00 || unit(i) > 0xDFFF)
                return false;
            code = 0x10000 + ((code & 0x3FFU) << 10U | (unit(i) & 0x3FFU));
        } else if (code < 0x80 || (code >= 0xDC00 && code < 0xE000)) {
            return false;
        }
        append_utf8(out, code);
    }
    return true;
}

} // namespace

std::string to_wire_name(ByteView utf8)
{
    std::string out;
    std::string utf16;
    while (!utf8.empty()) {
        const std::size_t length = std::max<std::size_t>(utf8_sequence_length(utf8), 1);
        const char first = utf8.front();
        if (is_printable(first)) {
            flush(out, utf16);
            out += first;
            if (first == '&')
                out += '-';
        } else if (length > 1 || static_cast<unsigned char>(first) < 0x80) {
            append_utf16(utf16, code_point(utf8.substr(0, length)));
        }
        utf8.remove_prefix(length);
    }
    flush(out, utf16);
    return out;
}

std::optional<std::string> from_wire_name(ByteView name)
{
    std::string out;
    bool just_shifted = false;
    while (!name.empty()) {
        if (name.front() != '&') {
            if (!is_printable(name.front()))
                return std::nullopt;
            out += name.front();
            name.remove_prefix(1);
            just_shifted = false;
            continue;
        }
        const std::size_t end = name.find('-');
        if (end == ByteView::npos)
            return std::nullopt;
        const ByteView shifted = name.substr(1, end - 1);
        // Two runs in a row would be one; so every name has one form only.
        if (!shifted.empty() && (just_shifted || !append_shifted(out, shifted)))
            return std::nullopt;
        if (shifted.empty())
            out += '&';
        just_shifted = !shifted.empty();
        name.remove_prefix(end + 1);
    }
    return out;
}

bool matches(ByteView name, ByteView pattern, char separator)
{
    const auto same = [](char a, char b, bool caseless) {
        return caseless ? ascii_lower(a) == ascii_lower(b) : a == b;
    };
    const bool inbox = equals_ignoring_case(name, "INBOX");
    // fits[i]: the first i characters of the name fit the pattern read so far.
    std::vector<bool> fits(name.size() + 1, false);
    fits[0] = true;
    for (const char c : pattern) {
        if (c == '*' || c == '%') {
            for (std::size_t i = 0; i < name.size(); ++i)
                if (fits[i] && (c == '*' || name[i] != separator))
                    fits[i + 1] = true;
            continue;
        }
        for (std::size_t i = name.size(); i > 0; --i)
            fits[i] = fits[i - 1] && same(name[i - 1], c, inbox);
        fits[0] = false;
    }
    return fits[name.size()];
}

} // namespace mailscope::imap
