// Packets as the octets on the wire: IPv4 (RFC 791), UDP (RFC 768), TCP (RFC 9293 3.1).
//
// Inside the network packets are values. Who exports a capture or shows the octets of a packet
// calls here; checksums are computed as a real host would, so that other tools find nothing wrong.
// Deliberately absent: fragments, IPv4 options, and TCP options other than the maximum segment
// size (they are skipped when read, and never written).
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/result.h"
#include "sim/net/packet.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::net
{

/// Octets of the largest IPv4 packet (RFC 791 3.1, total length).
inline constexpr std::size_t packet_octets_max = 65'535;

/// The checksum of RFC 1071 over `octets`, continuing from the `sum` of what comes before them.
std::uint16_t internet_checksum(ByteView octets, std::uint32_t sum = 0);

/// The packet from its IPv4 header on; at most packet_octets_max.
std::string encode(const Packet &packet);

/// Reads what encode() writes. Fails on a truncated packet, on a fragment, on another protocol and
/// on a wrong checksum. The packet's place in the World (number, conversation, record) is not on
/// the wire and stays empty.
Result<Packet> decode(ByteView octets);

/// One field of a packet, for an inspector. Layer and name are the RFCs' words in lower case.
struct WireField
{
    std::string_view layer; ///< "ipv4", "udp", "tcp" or "payload"
    std::string_view name;  ///< "source address"
    std::string value;      ///< "192.0.2.1"
    std::size_t offset = 0; ///< of its first octet in encode()
    std::size_t length = 0; ///< in octets; fields that share an octet both name it
};

/// All fields of the packet in the order of the wire, the payload last when there is one.
std::vector<WireField> describe(const Packet &packet);

} // namespace mailscope::net
