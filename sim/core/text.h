// Small tools for the ASCII text that mail protocols are made of.
//
// Protocol keywords compare without regard to case in ASCII only; no locale ever takes part.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope
{

constexpr char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr char ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_letter(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }

/// A space or a tab.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// A set of octets.
class OctetSet
{
public:
    /// The octets that `has` says yes to.
    template <class Predicate> constexpr explicit OctetSet(Predicate has)
    {
        for (std::size_t octet = 0; octet < octets_.size(); ++octet)
            octets_[octet] = has(static_cast<unsigned char>(octet));
    }

    constexpr bool has(char c) const { return octets_[static_cast<unsigned char>(c)]; }

private:
    std::array<bool, 256> octets_{};
};

/// The text with A to Z in lower case.
std::string to_lower(std::string_view text);

/// The text with a to z in upper case.
std::string to_upper(std::string_view text);

/// True when `text` begins with `prefix`, without regard to ASCII case.
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);

/// Equal without regard to ASCII case.
inline bool equals_ignoring_case(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && starts_with_ignoring_case(a, b);
}

/// `text` without spaces and tabs at both ends.
std::string_view trim(std::string_view text);

/// A decimal number of digits only that fits; nothing otherwise.
std::optional<std::uint64_t> parse_decimal(std::string_view digits);

/// Length in octets of the well-formed UTF-8 sequence at the start of `text` (RFC 3629), or 0.
std::size_t utf8_sequence_length(std::string_view text);

/// True when all of `text` is well-formed UTF-8 (RFC 3629: no surrogates, shortest forms only).
bool is_valid_utf8(std::string_view text);

/// True when every octet is below 128.
bool is_ascii(std::string_view text);

} // namespace mailscope
