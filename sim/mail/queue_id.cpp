// Queue ids and message ids, in the shape that Postfix gives them.
#include "sim/mail/queue_id.h"

#include <array>
#include <cstddef>

namespace mailscope::mail
{

namespace
{

/// Appends at least `width` capital hexadecimal digits.
void append_hex_number(std::string &out, std::uint64_t value, std::size_t width)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::array<char, 16> text{};
    std::size_t count = 0;
    do {
        text[count++] = digits[value & 15U];
        value >>= 4U;
    } while (value != 0 || count < width);
    while (count != 0)
        out += text[--count];
}

void append_base_62(std::string &out, std::uint64_t value, std::size_t width)
{
    constexpr std::string_view digits =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const std::size_t begin = out.size();
    out.append(width, '0');
    for (std::size_t place = width; place-- != 0; value /= digits.size())
        out[begin + place] = digits[value % digits.size()];
}

void append_two_digits(std::string &out, std::int32_t value)
{
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
}

} // namespace

// The number only rises, in irregular steps as inode numbers do, so that no id comes twice.
QueueIds::QueueIds(Rng rng) : rng_(rng), number_(0x800000U) { number_ += rng_.below(0x400000U); }

std::string QueueIds::next(SimTime now)
{
    number_ += 1U + rng_.below(16);
    const std::int64_t microseconds = nanoseconds_since_start(now) / 1000 % 1'000'000;
    std::string id;
    append_hex_number(id, static_cast<std::uint64_t>(microseconds < 0 ? 0 : microseconds), 5);
    append_hex_number(id, number_, 6);
    return id;
}

std::string QueueIds::next_in_base_62(DateTime date, SimTime now)
{
    // A process number is five decimal digits; the fraction counts steps of half a millisecond.
    constexpr std::uint64_t processes = 32768;
    number_ += 1U + rng_.below(16);
    const std::int64_t nanoseconds = nanoseconds_since_start(now) % 1'000'000'000;
    std::string id;
    append_base_62(id, static_cast<std::uint64_t>(date.unix_seconds), 6);
    id += '-';
    append_base_62(id, number_ % processes, 6);
    id += '-';
    append_base_62(id, static_cast<std::uint64_t>(nanoseconds / 500'000), 2);
    return id;
}

std::string make_message_id(DateTime date, std::string_view queue_id, std::string_view host)
{
    const CivilTime time = to_civil({date.unix_seconds, 0});
    std::string id;
    id.reserve(32 + queue_id.size() + host.size());
    id += '<';
    append_two_digits(id, time.year / 100);
    append_two_digits(id, time.year);
    for (const std::int32_t part : {time.month, time.day, time.hour, time.minute, time.second})
        append_two_digits(id, part);
    id += '.';
    id += queue_id;
    id += '@';
    id += host;
    id += '>';
    return id;
}

} // namespace mailscope::mail
