// The small languages inside a scenario's strings: "1h30m", "10MB", "0.5%", names, addresses.
//
// Each function takes a whole string and says what it means, or nothing when it means nothing.
// All arithmetic is in integers and exact: a value that cannot be said exactly is refused, not
// rounded. What is said to the author about a refused value stands in reading.cpp.
#pragma once

#include "sim/core/ip_address.h"
#include "sim/core/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope
{

/// "500ms", "20m", "1h30m", "2d", "0s": units us, ms, s, m, h, d, larger ones first. At most ten
/// years of 365 days.
std::optional<Duration> parse_duration(std::string_view text);

/// "300kB", "1MB", "1.5MB" (decimal), "1MiB" (binary), "20B". At most 1 TB.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "100Mbps", "64kbps", "1Gbps": bits per second, 1 to 1 Tbps.
std::optional<std::uint64_t> parse_bit_rate(std::string_view text);

/// "0.5%" in parts per million: 0 to 1,000,000.
std::optional<std::uint32_t> parse_loss(std::string_view text);

/// A moment of the calendar and the time zone it was said in.
struct StartTime
{
    std::int64_t unix_seconds = 0;
    std::int32_t utc_offset_minutes = 0;
};

/// "2026-04-01T09:00:00+09:00" or "...Z" (RFC 3339), from 1970 to 2099.
std::optional<StartTime> parse_start_time(std::string_view text);

/// A name of a person, device, place, provider or remedy: lower-case letters, digits and single
/// hyphens between them, a letter first, at most 30 characters; so it can be part of a host's name.
bool is_plain_name(std::string_view text);

/// A domain name of lower-case letters, digits, hyphens and underscores (RFC 1035 2.3.1, as used).
bool is_domain_name(std::string_view text);

/// True for names that belong to nobody: below .example, .test, .invalid (RFC 2606), in
/// example.com, example.net, example.org, and example.jp (set aside by the .jp registry).
bool is_documentation_name(std::string_view domain);

/// True for addresses that belong to nobody: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24
/// (RFC 5737), private ones (RFC 1918), and 127.0.0.0/8, which block lists answer with (RFC 5782).
bool is_documentation_address(Ipv4Address address);

/// The same for all addresses of a network.
bool is_documentation_network(const Ipv4Network &network);

/// True for 2001:db8::/32 (RFC 3849).
bool is_documentation_address(const Ipv6Address &address);

} // namespace mailscope
