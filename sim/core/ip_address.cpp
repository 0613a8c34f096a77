// Reading and writing IP addresses.
#include "sim/core/ip_address.h"

#include "sim/core/text.h"

#include <charconv>
#include <cstddef>
#include <optional>

namespace mailscope
{
namespace
{

std::string quoted(std::string_view text)
{
    std::string result(1, '"');
    result += text;
    result += '"';
    return result;
}

} // namespace

Result<Ipv4Address> parse_ipv4(std::string_view text)
{
    const auto error = [&] { return fail(quoted(text) + " is no IPv4 address"); };
    std::uint32_t value = 0;
    std::string_view rest = text;
    for (int part = 0; part < 4; ++part) {
        const std::size_t dot = rest.find('.');
        if ((dot == std::string_view::npos) != (part == 3))
            return error();
        const std::string_view digits = rest.substr(0, dot);
        const std::optional<std::uint64_t> number = parse_decimal(digits);
        if (!number || *number > 255 || digits.size() > 3 || (digits[0] == '0' && *number != 0) ||
            (*number == 0 && digits.size() > 1))
            return error();
        value = value << 8U | static_cast<std::uint32_t>(*number);
        rest.remove_prefix(part == 3 ? rest.size() : dot + 1);
    }
    return Ipv4Address{value};
}

Result<Ipv4Network> parse_ipv4_network(std::string_view text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return fail(quoted(text) + " is no network: expected ADDRESS/LENGTH");
    const Result<Ipv4Address> address = parse_ipv4(text.substr(0, slash));
    if (!address)
        return tl::unexpected<Error>(address.error());
    const std::optional<std::uint64_t> length = parse_decimal(text.substr(slash + 1));
    if (!length || *length > 32)
        return fail(quoted(text) + ": expected a prefix length of 0 to 32");
    return Ipv4Network{*address, static_cast<std::uint8_t>(*length)};
}

std::string to_string(Ipv4Address address)
{
    std::string result;
    for (unsigned shift = 32; shift != 0;) {
        shift -= 8;
        result += std::to_string(address.value >> shift & 0xFFU);
        if (shift != 0)
            result += '.';
    }
    return result;
}

bool is_private(Ipv4Address address)
{
    constexpr Ipv4Network ranges[] = {{{0x0A000000U}, 8}, {{0xAC100000U}, 12}, {{0xC0A80000U}, 16}};
    for (const Ipv4Network &range : ranges)
        if (range.contains(address))
            return true;
    return false;
}

namespace
{

/// Up to eight groups of the text before or after "::"; false when it is malformed.
bool read_groups(std::string_view text, std::array<std::uint16_t, 8> &groups, std::size_t &count)
{
    while (!text.empty()) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
            const Result<Ipv4Address> quad = parse_ipv4(group);
            if (!quad || count > 6)
                return false;
            groups[count++] = static_cast<std::uint16_t>(quad->value >> 16U);
            groups[count++] = static_cast<std::uint16_t>(quad->value & 0xFFFFU);
            return true;
        }
        std::uint16_t value = 0;
        const char *end = group.data() + group.size();
        const std::from_chars_result read = std::from_chars(group.data(), end, value, 16);
        if (group.empty() || group.size() > 4 || read.ec != std::errc() || read.ptr != end ||
            count == 8)
            return false;
        groups[count++] = value;
        if (colon == std::string_view::npos)
            return true;
        text.remove_prefix(colon + 1);
        if (text.empty())
            return false;
    }
    return true;
}

} // namespace

Result<Ipv6Address> parse_ipv6(std::string_view text)
{
    const auto error = [&] { return fail(quoted(text) + " is no IPv6 address"); };
    std::array<std::uint16_t, 8> front{};
    std::array<std::uint16_t, 8> back{};
    std::size_t front_count = 0;
    std::size_t back_count = 0;
    const std::size_t gap = text.find("::");
    if (!read_groups(text.substr(0, gap), front, front_count))
        return error();
    if (gap == std::string_view::npos) {
        if (front_count != 8)
            return error();
    } else if (!read_groups(text.substr(gap + 2), back, back_count) ||
               front_count + back_count > 7) {
        return error();
    }
    Ipv6Address address;
    for (std::size_t i = 0; i < 8; ++i) {
        const bool in_back = i >= 8 - back_count;
        const std::uint16_t group = in_back           ? back[i - (8 - back_count)]
                                    : i < front_count ? front[i]
                                                      : std::uint16_t{0};
        address.octets[2 * i] = static_cast<std::uint8_t>(group >> 8U);
        address.octets[2 * i + 1] = static_cast<std::uint8_t>(group & 0xFFU);
    }
    return address;
}

std::string to_string(const Ipv6Address &address)
{
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i)
        groups[i] = static_cast<unsigned>(address.octets[2 * i] << 8U | address.octets[2 * i + 1]);
    std::size_t best = 8;
    std::size_t best_length = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t end = i;
        while (end < 8 && groups[end] == 0)
            ++end;
        if (end - i > best_length) {
            best = i;
            best_length = end - i;
        }
    }
    std::string result;
    for (std::size_t i = 0; i < 8;) {
        if (i == best) {
            result += "::";
            i += best_length;
            continue;
        }
        if (!result.empty() && result.back() != ':')
            result += ':';
        char digits[4];
        result.append(digits, std::to_chars(digits, digits + 4, groups[i], 16).ptr);
        ++i;
    }
    return result;
}

} // namespace mailscope
