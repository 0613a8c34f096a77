// Dates of messages (RFC 5322 3.3) as integers.
#include "sim/mail/date.h"

#include "sim/core/text.h"
#include "sim/mail/tokens.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

namespace mailscope::mail
{

namespace
{

constexpr std::int64_t seconds_per_day = 86400;
constexpr std::array<std::string_view, 7> day_names = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct NamedZone
{
    std::string_view name;
    std::int32_t offset_minutes;
};

/// Zones by name: those of RFC 5322 4.3, and JST, which letters from Japan carry as a comment.
constexpr std::array<NamedZone, 13> named_zones = {{{"UTC", 0},
                                                    {"UT", 0},
                                                    {"GMT", 0},
                                                    {"Z", 0},
                                                    {"EST", -300},
                                                    {"EDT", -240},
                                                    {"CST", -360},
                                                    {"CDT", -300},
                                                    {"MST", -420},
                                                    {"MDT", -360},
                                                    {"PST", -480},
                                                    {"PDT", -420},
                                                    {"JST", 540}}};

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::int32_t days_in_month(std::int32_t year, std::int32_t month)
{
    constexpr std::array<std::int32_t, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

/// Appends at least `width` digits.
void append_number(std::string &out, std::int64_t value, std::size_t width)
{
    std::array<char, 20> digits{};
    std::size_t count = 0;
    do {
        digits[count++] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0 || count < width);
    while (count != 0)
        out += digits[--count];
}

/// The number that `digits` are; they are few enough to fit.
std::int32_t to_number(std::string_view digits)
{
    std::int32_t value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

/// Reads the parts of a date-time. Each part fails on its own.
class DateReader
{
public:
    explicit DateReader(std::string_view text) : in_(text) {}

    /// A number of `min` to `max` digits.
    std::optional<std::int32_t> number(std::size_t min, std::size_t max)
    {
        in_.skip_blanks();
        const std::string_view digits = in_.run(is_ascii_digit);
        digits_ = digits.size();
        if (digits.size() < min || digits.size() > max)
            return std::nullopt;
        return to_number(digits);
    }

    std::string_view word()
    {
        in_.skip_blanks();
        return in_.run(is_ascii_letter);
    }

    bool symbol(char c)
    {
        in_.skip_blanks();
        return in_.take(c);
    }

    bool at_end()
    {
        in_.skip_blanks();
        return in_.at_end();
    }

    /// How many digits the last number had.
    std::size_t digits() const { return digits_; }

private:
    TokenReader in_;
    std::size_t digits_ = 0;
};

std::optional<std::int32_t> month_of(std::string_view name)
{
    const auto found =
        std::find_if(month_names.begin(), month_names.end(),
                     [&](std::string_view each) { return equals_ignoring_case(each, name); });
    if (found == month_names.end())
        return std::nullopt;
    return static_cast<std::int32_t>(std::distance(month_names.begin(), found)) + 1;
}

/// Day, month and year; years of two or three digits as RFC 5322 4.3 has them.
bool read_day(DateReader &in, CivilTime &time)
{
    const std::string_view day_name = in.word();
    if (!day_name.empty())
        in.symbol(',');
    const std::optional<std::int32_t> day = in.number(1, 2);
    const std::optional<std::int32_t> month = month_of(in.word());
    const std::optional<std::int32_t> year = in.number(2, 4);
    if (!day || !month || !year)
        return false;
    time.year = *year;
    if (in.digits() == 2 && *year < 50)
        time.year += 2000;
    else if (in.digits() < 4)
        time.year += 1900;
    time.month = *month;
    time.day = *day;
    return time.year >= 1900 && *day >= 1 && *day <= days_in_month(time.year, *month);
}

/// "hh:mm" or "hh:mm:ss"; second 60 is a leap second.
bool read_time(DateReader &in, CivilTime &time)
{
    const std::optional<std::int32_t> hour = in.number(1, 2);
    if (!hour || !in.symbol(':'))
        return false;
    const std::optional<std::int32_t> minute = in.number(2, 2);
    std::optional<std::int32_t> second = 0;
    if (in.symbol(':'))
        second = in.number(2, 2);
    if (!minute || !second)
        return false;
    time.hour = *hour;
    time.minute = *minute;
    time.second = *second;
    return *hour < 24 && *minute < 60 && *second <= 60;
}

/// "+hhmm", "-hhmm" or a name; an unknown name, and none at all, say nothing: UTC (RFC 5322 4.3).
std::optional<std::int32_t> read_zone(DateReader &in)
{
    const bool minus = in.symbol('-');
    if (minus || in.symbol('+')) {
        const std::optional<std::int32_t> digits = in.number(4, 4);
        if (!digits || *digits / 100 > 23 || *digits % 100 > 59)
            return std::nullopt;
        const std::int32_t minutes = *digits / 100 * 60 + *digits % 100;
        return minus ? -minutes : minutes;
    }
    const std::string_view name = in.word();
    for (const NamedZone &zone : named_zones)
        if (equals_ignoring_case(zone.name, name))
            return zone.offset_minutes;
    return 0;
}

} // namespace

// The calendar's arithmetic: years begin in March, so that the day that comes and goes is the last.
std::int64_t days_from_civil(std::int32_t year, std::int32_t month, std::int32_t day)
{
    const std::int64_t y = std::int64_t{year} - (month <= 2 ? 1 : 0);
    const std::int64_t era = floor_div(y, 400);
    const std::int64_t year_of_era = y - era * 400;
    const std::int64_t month_from_march = (month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

CivilTime to_civil(DateTime date)
{
    const std::int64_t local = date.unix_seconds + std::int64_t{date.offset_minutes} * 60;
    const std::int64_t days = floor_div(local, seconds_per_day);
    const std::int64_t second_of_day = local - days * seconds_per_day;
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = floor_div(shifted, 146097);
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    CivilTime time;
    time.day = static_cast<std::int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    time.month = static_cast<std::int32_t>((month_from_march + 2) % 12 + 1);
    time.year = static_cast<std::int32_t>(year_of_era + era * 400 + (time.month <= 2 ? 1 : 0));
    time.hour = static_cast<std::int32_t>(second_of_day / 3600);
    time.minute = static_cast<std::int32_t>(second_of_day / 60 % 60);
    time.second = static_cast<std::int32_t>(second_of_day % 60);
    time.weekday = static_cast<std::int32_t>(days + 4 - floor_div(days + 4, 7) * 7);
    return time;
}

DateTime from_civil(const CivilTime &time, std::int32_t offset_minutes)
{
    const std::int64_t days = days_from_civil(time.year, time.month, time.day);
    const std::int64_t minutes = std::int64_t{time.hour} * 60 + time.minute - offset_minutes;
    return {days * seconds_per_day + minutes * 60 + time.second, offset_minutes};
}

DateTime date_at(DateTime start, SimTime time)
{
    return {start.unix_seconds + floor_div(nanoseconds_since_start(time), 1'000'000'000),
            start.offset_minutes};
}

std::string format_date(DateTime date)
{
    std::string out;
    out.reserve(32);
    append_date(out, date);
    return out;
}

void append_date(std::string &out, DateTime date)
{
    const CivilTime time = to_civil(date);
    out += day_names[static_cast<std::size_t>(time.weekday)];
    out += ", ";
    append_number(out, time.day, 2);
    out += ' ';
    out += month_names[static_cast<std::size_t>(time.month - 1)];
    out += ' ';
    append_number(out, time.year, 4);
    out += ' ';
    append_number(out, time.hour, 2);
    out += ':';
    append_number(out, time.minute, 2);
    out += ':';
    append_number(out, time.second, 2);
    out += date.offset_minutes < 0 ? " -" : " +";
    const std::int32_t offset =
        date.offset_minutes < 0 ? -date.offset_minutes : date.offset_minutes;
    append_number(out, offset / 60 * 100 + offset % 60, 4);
}

void append_trace_date(std::string &out, DateTime date)
{
    append_date(out, date);
    if (date.offset_minutes == 0)
        out += " (UTC)";
    else if (date.offset_minutes == 540)
        out += " (JST)";
}

Result<DateTime> parse_date(std::string_view text)
{
    DateReader in(text);
    CivilTime time;
    if (!read_day(in, time))
        return fail("date: expected day, month name and year");
    if (!read_time(in, time))
        return fail("date: expected hh:mm:ss after the year");
    const std::optional<std::int32_t> offset = read_zone(in);
    if (!offset)
        return fail("date: expected a zone such as +0900");
    if (!in.at_end())
        return fail("date: expected nothing after the zone");
    return from_civil(time, *offset);
}

} // namespace mailscope::mail
