// IPv4 and IPv6 addresses as values.
//
// The simulated network routes IPv4 (RFC 791) with addresses from the documentation ranges
// (RFC 5737) and private ones (RFC 1918). IPv6 addresses exist only as contents of AAAA records.
#pragma once

#include "sim/core/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope
{

/// An IPv4 address in host byte order: 192.0.2.1 is 0xC0000201.
struct Ipv4Address
{
    std::uint32_t value = 0;

    constexpr bool is_unspecified() const { return value == 0; }
    friend constexpr bool operator==(Ipv4Address a, Ipv4Address b) { return a.value == b.value; }
    friend constexpr bool operator!=(Ipv4Address a, Ipv4Address b) { return a.value != b.value; }
    friend constexpr bool operator<(Ipv4Address a, Ipv4Address b) { return a.value < b.value; }
};

/// An IPv6 address, 16 octets in network order.
struct Ipv6Address
{
    std::array<std::uint8_t, 16> octets{};
    friend bool operator==(const Ipv6Address &a, const Ipv6Address &b)
    {
        return a.octets == b.octets;
    }
};

/// A network: all addresses whose first `prefix_length` bits (0 to 32) equal those of `address`.
struct Ipv4Network
{
    Ipv4Address address;
    std::uint8_t prefix_length = 0;

    constexpr bool contains(Ipv4Address other) const
    {
        return prefix_length == 0 || ((address.value ^ other.value) >> (32U - prefix_length)) == 0;
    }
};

/// Four decimal numbers with dots and nothing else; no leading zeros, no octal.
Result<Ipv4Address> parse_ipv4(std::string_view text);

/// "192.0.2.0/24".
Result<Ipv4Network> parse_ipv4_network(std::string_view text);

/// "192.0.2.1".
std::string to_string(Ipv4Address address);

/// True for the ranges that are valid only inside a home or an office (RFC 1918).
bool is_private(Ipv4Address address);

/// Text form of RFC 4291 2.2, with "::" and a trailing dotted quad accepted.
Result<Ipv6Address> parse_ipv6(std::string_view text);

/// Canonical text of RFC 5952: lower case, the longest run of zeros as "::".
std::string to_string(const Ipv6Address &address);

} // namespace mailscope
