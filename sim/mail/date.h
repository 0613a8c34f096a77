// Dates of messages (RFC 5322 3.3) as integers.
//
// A date is a count of seconds since 1970 and the zone it is to be written in. The calendar is the
// proleptic Gregorian one, computed in integers; no locale, no time zone database, no clock. Which
// date a moment of simulated time has is the scenario's choice: see `date_at`.
#pragma once

#include "sim/core/result.h"
#include "sim/core/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::mail
{

/// A moment as a header field writes it.
struct DateTime
{
    std::int64_t unix_seconds = 0;
    std::int32_t offset_minutes = 0; ///< east of UTC: +540 in Japan; at most a day either way

    friend bool operator==(DateTime a, DateTime b)
    {
        return a.unix_seconds == b.unix_seconds && a.offset_minutes == b.offset_minutes;
    }
    friend bool operator!=(DateTime a, DateTime b) { return !(a == b); }
};

/// A date by the calendar, in its own zone.
struct CivilTime
{
    std::int32_t year = 1970;
    std::int32_t month = 1;   ///< 1 to 12
    std::int32_t day = 1;     ///< 1 to 31
    std::int32_t hour = 0;    ///< 0 to 23
    std::int32_t minute = 0;  ///< 0 to 59
    std::int32_t second = 0;  ///< 0 to 59
    std::int32_t weekday = 4; ///< 0 is Sunday
};

/// Days from 1970-01-01 to a day of the calendar; negative before.
std::int64_t days_from_civil(std::int32_t year, std::int32_t month, std::int32_t day);

/// The calendar's view of a date, in the date's zone.
CivilTime to_civil(DateTime date);

/// The date of a calendar time in the zone `offset_minutes` east of UTC; `weekday` is not read.
DateTime from_civil(const CivilTime &time, std::int32_t offset_minutes);

/// The date of a simulated moment when the scenario starts at `start`.
DateTime date_at(DateTime start, SimTime time);

/// "Tue, 24 Nov 2026 03:05:08 +0000"
std::string format_date(DateTime date);

/// Appends `format_date`.
void append_date(std::string &out, DateTime date);

/// Appends the form of trace fields, with the zone's name as a comment where it has a common one:
/// "Tue, 24 Nov 2026 03:05:08 +0000 (UTC)".
void append_trace_date(std::string &out, DateTime date);

/// Reads a date-time of RFC 5322 3.3, obsolete forms of 4.3 included (two-digit years, zone names,
/// comments). The name of the weekday may be wrong or missing.
[[nodiscard]] Result<DateTime> parse_date(std::string_view text);

} // namespace mailscope::mail
