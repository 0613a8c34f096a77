// Mail addresses as envelopes carry them (RFC 5321 4.1.2, 4.1.3; RFC 6531 3.3).
#include "sim/mail/address.h"

#include "sim/core/ip_address.h"
#include "sim/core/text.h"
#include "sim/mail/limits.h"
#include "sim/mail/tokens.h"

#include <algorithm>

namespace mailscope::mail
{

namespace
{

/// Dot-string: atoms with single dots between them.
bool is_dot_string(std::string_view text)
{
    bool after_dot = true;
    for (const char c : text) {
        if (c == '.' ? after_dot : !is_atext(c))
            return false;
        after_dot = c == '.';
    }
    return !after_dot;
}

/// Ends of the local part that `text` begins with, or 0. A quoted string counts with its quotes.
std::size_t local_part_length(std::string_view text)
{
    if (text.empty() || text.front() != '"') {
        const std::size_t at = text.find('@');
        return at == std::string_view::npos ? 0 : at;
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"')
            return i + 1;
        if (text[i] == '\\')
            ++i;
    }
    return 0;
}

bool is_control(char c) { return (c >= 0 && c < ' ') || c == '\x7F'; }

/// The local part without its quotes, or why it is none.
Result<std::string> parse_local_part(std::string_view text)
{
    if (!is_valid_utf8(text))
        return fail("local part: expected ASCII or UTF-8");
    if (std::any_of(text.begin(), text.end(), is_control))
        return fail("local part: expected no control characters");
    std::string content;
    if (!text.empty() && text.front() == '"')
        content = TokenReader(text).quoted_string();
    else if (is_dot_string(text))
        content = text;
    else
        return fail("local part: expected words with dots between them, or a quoted string");
    if (content.size() > limits::local_part_octets_max)
        return fail("local part: expected at most 64 octets");
    return content;
}

bool is_letter_digit_or_utf8(char c)
{
    return is_ascii_letter(c) || is_ascii_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

/// "sub-domain" of RFC 5321 4.1.2 or a U-label of RFC 6531 3.3.
bool is_label(std::string_view label)
{
    const auto belongs = [](char c) { return is_letter_digit_or_utf8(c) || c == '-'; };
    return !label.empty() && is_letter_digit_or_utf8(label.front()) &&
           is_letter_digit_or_utf8(label.back()) &&
           (label.size() <= limits::label_octets_max || !is_ascii(label)) &&
           std::all_of(label.begin(), label.end(), belongs);
}

/// RFC 5321 4.1.3; no tag but IPv6 is registered.
bool is_address_literal(std::string_view text)
{
    if (text.size() < 2 || text.front() != '[' || text.back() != ']')
        return false;
    text = text.substr(1, text.size() - 2);
    constexpr std::string_view ipv6_tag = "IPv6:";
    if (starts_with_ignoring_case(text, ipv6_tag))
        return parse_ipv6(text.substr(ipv6_tag.size())).has_value();
    return parse_ipv4(text).has_value();
}

/// Drops "@a,@b:" at the front; false when it is malformed.
bool drop_source_route(std::string_view &text)
{
    if (text.empty() || text.front() != '@')
        return true;
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos)
        return false;
    std::string_view route = text.substr(0, colon);
    while (!route.empty()) {
        const std::size_t comma = std::min(route.find(','), route.size());
        if (route.front() != '@' || !is_valid_domain(route.substr(1, comma - 1)))
            return false;
        route.remove_prefix(std::min(comma + 1, route.size()));
    }
    text.remove_prefix(colon + 1);
    return true;
}

} // namespace

bool operator==(const Address &a, const Address &b)
{
    return a.local_part == b.local_part && equals_ignoring_case(a.domain, b.domain);
}

bool same_mailbox(const Address &a, const Address &b)
{
    return equals_ignoring_case(a.local_part, b.local_part) &&
           equals_ignoring_case(a.domain, b.domain);
}

bool needs_utf8(const Address &address)
{
    return !is_ascii(address.local_part) || !is_ascii(address.domain);
}

bool is_valid_domain(std::string_view text)
{
    if (text.empty() || text.size() > limits::domain_octets_max)
        return false;
    if (text.front() == '[')
        return is_address_literal(text);
    if (!is_valid_utf8(text))
        return false;
    for (;;) {
        const std::size_t dot = text.find('.');
        if (!is_label(text.substr(0, dot)))
            return false;
        if (dot == std::string_view::npos)
            return true;
        text.remove_prefix(dot + 1);
    }
}

Result<Address> parse_address(std::string_view text)
{
    if (text.size() + 2 > limits::path_octets_max)
        return fail("address: expected at most 254 octets");
    const std::size_t local_size = local_part_length(text);
    if (local_size == 0 || local_size >= text.size() || text[local_size] != '@')
        return fail("address: expected local-part@domain");
    Result<std::string> local_part = parse_local_part(text.substr(0, local_size));
    if (!local_part)
        return tl::unexpected<Error>(std::move(local_part.error()));
    const std::string_view domain = text.substr(local_size + 1);
    if (!is_valid_domain(domain))
        return fail("address: expected a domain name or an address literal after \"@\"");
    return Address{std::move(*local_part), std::string(domain)};
}

Result<Address> parse_path(std::string_view text, PathKind kind)
{
    if (text.size() < 2 || text.front() != '<' || text.back() != '>')
        return fail("path: expected an address in angle brackets");
    text = text.substr(1, text.size() - 2);
    if (text.empty() && kind == PathKind::Reverse)
        return Address();
    if (kind == PathKind::Forward && equals_ignoring_case(text, "postmaster"))
        return Address{std::string(text), std::string()};
    if (!drop_source_route(text))
        return fail("path: expected \"@domain,@domain:\" before the address");
    return parse_address(text);
}

std::size_t path_length(std::string_view text)
{
    if (text.empty() || text.front() != '<')
        return 0;
    bool in_quotes = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"')
            in_quotes = !in_quotes;
        else if (text[i] == '\\' && in_quotes)
            ++i;
        else if (text[i] == '>' && !in_quotes)
            return i + 1;
    }
    return 0;
}

void append_address(std::string &out, const Address &address)
{
    if (address.is_null())
        return;
    if (is_dot_string(address.local_part))
        out += address.local_part;
    else
        out += quoted(address.local_part);
    if (!address.domain.empty()) {
        out += '@';
        out += address.domain;
    }
}

void append_path(std::string &out, const Address &address)
{
    out += '<';
    append_address(out, address);
    out += '>';
}

std::string to_string(const Address &address)
{
    std::string text;
    append_address(text, address);
    return text;
}

std::string to_path(const Address &address)
{
    std::string text;
    append_path(text, address);
    return text;
}

} // namespace mailscope::mail
