// Blocks of a pcapng capture file, the format of Wireshark and tcpdump (draft-ietf-opsawg-pcapng).
//
// Each function appends one whole block, so that a capture can be written packet by packet while a
// World runs: a section header, an interface description for each place where packets are seen, the
// names of addresses, then packets; interfaces and names may follow later, too. What is seen where
// is not decided here (capture.h). Numbers are written least significant octet first; the section
// header says so. Deliberately absent: reading, statistics, snapped packets, other link types than
// bare IPv4.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/ip_address.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mailscope::pcapng
{

/// Octets of an option's value at most: its length has 16 bits, and a comment is read by people.
inline constexpr std::size_t option_octets_max = 4096;

/// Section Header Block (4.1): begins the file. `application` is the program that writes it.
void append_section(std::string &out, std::string_view application);

/// A place where packets are seen. Packets name it by its number, in the order of the blocks.
struct Interface
{
    std::string_view name;
    std::uint64_t bits_per_second = 0; ///< 0: not known
};

/// Interface Description Block (4.2): link type LINKTYPE_IPV4, times in nanoseconds.
void append_interface(std::string &out, const Interface &interface);

struct HostName
{
    Ipv4Address address;
    std::string name;
};

/// Name Resolution Block (4.5): what addresses are called.
void append_names(std::string &out, std::span<const HostName> names);

/// Where the packet was going as the interface saw it (epb_flags, 4.3.1).
enum class Direction : std::uint8_t
{
    Unknown = 0,
    Inbound = 1,
    Outbound = 2,
};

struct PacketBlock
{
    std::uint32_t interface = 0;
    std::uint64_t nanoseconds = 0; ///< since 1970-01-01 00:00 UTC
    ByteView octets;               ///< from the IPv4 header on
    std::uint64_t number = 0;      ///< the same for one packet at all interfaces (epb_packetid)
    Direction direction = Direction::Unknown;
    std::string_view comment; ///< UTF-8; empty: none. Cut to option_octets_max.
};

/// Enhanced Packet Block (4.3).
void append_packet(std::string &out, const PacketBlock &packet);

} // namespace mailscope::pcapng
