// One packet of the simulated network, with its headers as fields.
//
// Packets travel as values: IPv4 (RFC 791) carrying UDP (RFC 768) or TCP (RFC 9293). wire.h turns
// a packet into the octets that would be on the wire, with checksums, for whoever looks.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/id.h"
#include "sim/core/ip_address.h"

#include <cstddef>
#include <cstdint>

namespace mailscope::net
{

/// The protocol inside IP, with its number.
enum class Transport : std::uint8_t
{
    Tcp = 6,
    Udp = 17,
};

/// TCP's control bits (RFC 9293 3.1).
namespace tcp_flag
{
inline constexpr std::uint8_t fin = 0x01;
inline constexpr std::uint8_t syn = 0x02;
inline constexpr std::uint8_t rst = 0x04;
inline constexpr std::uint8_t psh = 0x08;
inline constexpr std::uint8_t ack = 0x10;
} // namespace tcp_flag

/// An address and a port.
struct Endpoint
{
    Ipv4Address address;
    std::uint16_t port = 0;

    friend constexpr bool operator==(Endpoint a, Endpoint b)
    {
        return a.address == b.address && a.port == b.port;
    }
};

struct Packet
{
    Endpoint source;
    Endpoint destination;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint32_t number = 0;         ///< identity of the packet in the World, kept over all hops
    ConnectionId conversation;        ///< the TCP connection or the datagram exchange it belongs to
    RecordId record;                  ///< the last thing that happened to it
    std::uint32_t kept = 0xFFFFFFFFU; ///< where the trace keeps it as it is now, if it does
    std::uint16_t identification = 0;
    std::uint16_t window = 0;
    std::uint16_t mss = 0; ///< maximum segment size option, 0: absent (only with SYN)
    Transport transport = Transport::Tcp;
    std::uint8_t flags = 0;
    std::uint8_t time_to_live = 64;
    SharedBytes payload;
};

/// Octets of an IPv4 header without options.
inline constexpr std::size_t ipv4_header_size = 20;
inline constexpr std::size_t udp_header_size = 8;
inline constexpr std::size_t tcp_header_size = 20;
/// Octets of the maximum segment size option (RFC 9293 3.2).
inline constexpr std::size_t tcp_mss_option_size = 4;

/// Octets of the transport header.
constexpr std::size_t transport_header_size(const Packet &packet)
{
    if (packet.transport == Transport::Udp)
        return udp_header_size;
    return tcp_header_size + (packet.mss != 0 ? tcp_mss_option_size : 0);
}

/// Octets of the whole packet at the IP layer.
inline std::size_t size_of(const Packet &packet)
{
    return ipv4_header_size + transport_header_size(packet) + packet.payload.size();
}

} // namespace mailscope::net
