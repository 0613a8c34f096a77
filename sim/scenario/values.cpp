// Reading quantities, times, names.
#include "sim/scenario/values.h"

#include "sim/core/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace mailscope
{

namespace
{

struct Unit
{
    std::string_view name;
    std::uint64_t factor;
};

// Largest first: the parts of a duration come in this order.
constexpr std::array<Unit, 6> time_units{{{"d", 86'400'000'000'000},
                                          {"h", 3'600'000'000'000},
                                          {"m", 60'000'000'000},
                                          {"s", 1'000'000'000},
                                          {"ms", 1'000'000},
                                          {"us", 1'000}}};
constexpr std::array<Unit, 7> size_units{{{"B", 1},
                                          {"kB", 1'000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000},
                                          {"KiB", 1U << 10U},
                                          {"MiB", 1U << 20U},
                                          {"GiB", 1U << 30U}}};
constexpr std::array<Unit, 4> rate_units{
    {{"bps", 1}, {"kbps", 1'000}, {"Mbps", 1'000'000}, {"Gbps", 1'000'000'000}}};
constexpr std::array<Unit, 1> loss_units{{{"%", 10'000}}};

constexpr std::uint64_t duration_max = 3650ULL * 86'400'000'000'000ULL;
constexpr std::uint64_t quantity_max = 1'000'000'000'000;
constexpr std::size_t whole_digits_max = 13;
constexpr std::size_t fraction_digits_max = 6;
constexpr std::size_t name_length_max = 30;
constexpr std::size_t label_length_max = 63;        // RFC 1035 2.3.4
constexpr std::size_t domain_text_length_max = 253; // 255 on the wire

std::string_view take_digits(std::string_view &text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), is_ascii_digit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

// Takes a number with its unit off the front. Units before `first_unit` do not count; it moves
// behind the unit that was found.
template <std::size_t N>
std::optional<std::uint64_t> take_quantity(std::string_view &text, const std::array<Unit, N> &units,
                                           std::size_t &first_unit, std::uint64_t max)
{
    const std::string_view whole = take_digits(text);
    std::string_view fraction;
    if (!text.empty() && text[0] == '.') {
        text.remove_prefix(1);
        fraction = take_digits(text);
        if (fraction.empty() || fraction.size() > fraction_digits_max)
            return std::nullopt;
    }
    if (whole.empty() || whole.size() > whole_digits_max)
        return std::nullopt;
    const auto unit_end = std::find_if(text.begin(), text.end(), is_ascii_digit);
    const std::string_view name = text.substr(0, static_cast<std::size_t>(unit_end - text.begin()));
    text.remove_prefix(name.size());
    const auto unit = std::find_if(units.begin() + static_cast<std::ptrdiff_t>(first_unit),
                                   units.end(), [&](const Unit &u) { return u.name == name; });
    if (unit == units.end())
        return std::nullopt;
    first_unit = static_cast<std::size_t>(unit - units.begin()) + 1;

    std::uint64_t scale = 1;
    for (std::size_t i = 0; i < fraction.size(); ++i)
        scale *= 10;
    const std::uint64_t whole_value = *parse_decimal(whole);
    if (whole_value > max / unit->factor)
        return std::nullopt;
    const std::uint64_t part = fraction.empty() ? 0 : *parse_decimal(fraction) * unit->factor;
    const std::uint64_t value = whole_value * unit->factor + part / scale;
    return part % scale == 0 && value <= max ? std::optional(value) : std::nullopt;
}

// A whole string that is one number with a unit.
template <std::size_t N>
std::optional<std::uint64_t> parse_quantity(std::string_view text, const std::array<Unit, N> &units,
                                            std::uint64_t max)
{
    std::size_t first_unit = 0;
    const std::optional<std::uint64_t> value = take_quantity(text, units, first_unit, max);
    return text.empty() ? value : std::nullopt;
}

// Takes a number of exactly `count` digits.
std::optional<unsigned> take_number(std::string_view &text, std::size_t count)
{
    const std::string_view digits = text.substr(0, count);
    if (digits.size() != count || !std::all_of(digits.begin(), digits.end(), is_ascii_digit))
        return std::nullopt;
    text.remove_prefix(count);
    return static_cast<unsigned>(*parse_decimal(digits));
}

bool take(std::string_view &text, char expected)
{
    if (text.empty() || text[0] != expected)
        return false;
    text.remove_prefix(1);
    return true;
}

// "Z", "+09:00", "-03:30"; the rest of the string.
std::optional<std::int32_t> parse_offset(std::string_view text)
{
    if (text == "Z")
        return 0;
    const bool west = !text.empty() && text[0] == '-';
    if (!take(text, west ? '-' : '+'))
        return std::nullopt;
    const std::optional<unsigned> hours = take_number(text, 2);
    const bool colon = take(text, ':');
    const std::optional<unsigned> minutes = take_number(text, 2);
    if (!hours || !colon || !minutes || !text.empty() || *hours > 14 || *minutes > 59)
        return std::nullopt;
    const auto offset = static_cast<std::int32_t>(*hours * 60 + *minutes);
    return west ? -offset : offset;
}

bool is_label(std::string_view label)
{
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || is_ascii_digit(c) || c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= label_length_max && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), good);
}

bool is_in_domain(std::string_view name, std::string_view domain)
{
    if (name.size() <= domain.size())
        return name == domain;
    return name.substr(name.size() - domain.size()) == domain &&
           name[name.size() - domain.size() - 1] == '.';
}

// The ranges that belong to nobody, RFC 5737 first.
constexpr std::array<Ipv4Network, 7> documentation_networks{{{{0xC0000200}, 24},
                                                             {{0xC6336400}, 24},
                                                             {{0xCB007100}, 24},
                                                             {{0x0A000000}, 8},
                                                             {{0xAC100000}, 12},
                                                             {{0xC0A80000}, 16},
                                                             {{0x7F000000}, 8}}};

} // namespace

std::optional<Duration> parse_duration(std::string_view text)
{
    std::uint64_t total = 0;
    std::size_t first_unit = 0;
    do {
        const std::optional<std::uint64_t> part =
            take_quantity(text, time_units, first_unit, duration_max - total);
        if (!part)
            return std::nullopt;
        total += *part;
    } while (!text.empty());
    return Duration(static_cast<Duration::rep>(total));
}

std::optional<std::uint64_t> parse_size(std::string_view text)
{
    return parse_quantity(text, size_units, quantity_max);
}

std::optional<std::uint64_t> parse_bit_rate(std::string_view text)
{
    const std::optional<std::uint64_t> rate = parse_quantity(text, rate_units, quantity_max);
    return rate && *rate > 0 ? rate : std::nullopt;
}

std::optional<std::uint32_t> parse_loss(std::string_view text)
{
    const std::optional<std::uint64_t> loss = parse_quantity(text, loss_units, 1'000'000);
    return loss ? std::optional(static_cast<std::uint32_t>(*loss)) : std::nullopt;
}

std::optional<StartTime> parse_start_time(std::string_view text)
{
    // "2026-04-01T09:00:00" in pieces: how many digits, and what follows them.
    constexpr std::array<std::pair<std::size_t, char>, 6> pieces{
        {{4, '-'}, {2, '-'}, {2, 'T'}, {2, ':'}, {2, ':'}, {2, '\0'}}};
    std::array<unsigned, 6> numbers{};
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::optional<unsigned> number = take_number(text, pieces[i].first);
        if (!number || (pieces[i].second != '\0' && !take(text, pieces[i].second)))
            return std::nullopt;
        numbers[i] = *number;
    }
    const std::optional<std::int32_t> offset = parse_offset(text);
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(numbers[0])),
                                           std::chrono::month(numbers[1]),
                                           std::chrono::day(numbers[2])};
    if (!offset || !date.ok() || numbers[0] < 1970 || numbers[0] > 2099 || numbers[3] > 23 ||
        numbers[4] > 59 || numbers[5] > 59)
        return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t local =
        std::int64_t{days} * 86'400 + numbers[3] * 3'600 + numbers[4] * 60 + numbers[5];
    return StartTime{local - std::int64_t{*offset} * 60, *offset};
}

bool is_plain_name(std::string_view text)
{
    return is_label(text) && text.size() <= name_length_max && is_ascii_letter(text[0]) &&
           text.find('_') == text.npos && text.find("--") == text.npos;
}

bool is_domain_name(std::string_view text)
{
    if (text.empty() || text.size() > domain_text_length_max)
        return false;
    while (true) {
        const std::size_t dot = text.find('.');
        if (!is_label(text.substr(0, dot)))
            return false;
        if (dot == text.npos)
            return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_documentation_name(std::string_view domain)
{
    constexpr std::array<std::string_view, 7> reserved{
        "example", "test", "invalid", "example.com", "example.net", "example.org", "example.jp"};
    return std::any_of(reserved.begin(), reserved.end(),
                       [domain](std::string_view name) { return is_in_domain(domain, name); });
}

bool is_documentation_address(Ipv4Address address)
{
    return is_documentation_network({address, 32});
}

bool is_documentation_network(const Ipv4Network &network)
{
    return std::any_of(documentation_networks.begin(), documentation_networks.end(),
                       [&network](const Ipv4Network &range) {
                           return range.prefix_length <= network.prefix_length &&
                                  range.contains(network.address);
                       });
}

bool is_documentation_address(const Ipv6Address &address)
{
    constexpr std::array<std::uint8_t, 4> prefix{0x20, 0x01, 0x0D, 0xB8};
    return std::equal(prefix.begin(), prefix.end(), address.octets.begin());
}

} // namespace mailscope
