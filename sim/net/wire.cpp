// Writing and reading the octets of a packet.
#include "sim/net/wire.h"

#include "sim/core/check.h"
#include "sim/core/reader.h"

namespace mailscope::net
{
namespace
{

constexpr std::uint16_t dont_fragment = 0x4000;
constexpr std::uint16_t fragment_bits = 0xBFFF; ///< everything but "don't fragment"
constexpr std::uint8_t option_end = 0;
constexpr std::uint8_t option_nothing = 1;
constexpr std::uint8_t option_mss = 2;
constexpr std::size_t ipv4_checksum_at = 10;

void put8(std::string &out, std::size_t value) { out += static_cast<char>(value & 0xFFU); }

void put16(std::string &out, std::size_t value)
{
    put8(out, value >> 8U);
    put8(out, value);
}

void put32(std::string &out, std::uint32_t value)
{
    put16(out, value >> 16U);
    put16(out, value);
}

void set16(std::string &out, std::size_t at, std::uint16_t value)
{
    out[at] = static_cast<char>(value >> 8U);
    out[at + 1] = static_cast<char>(value & 0xFFU);
}

void put_ipv4_header(std::string &out, const Packet &packet)
{
    put8(out, 0x45); // version 4, five words
    put8(out, 0);
    put16(out, size_of(packet));
    put16(out, packet.identification);
    put16(out, dont_fragment);
    put8(out, packet.time_to_live);
    put8(out, static_cast<std::uint8_t>(packet.transport));
    put16(out, 0);
    put32(out, packet.source.address.value);
    put32(out, packet.destination.address.value);
    set16(out, ipv4_checksum_at, internet_checksum(out));
}

void put_udp_header(std::string &out, const Packet &packet)
{
    put16(out, packet.source.port);
    put16(out, packet.destination.port);
    put16(out, udp_header_size + packet.payload.size());
    put16(out, 0);
}

void put_tcp_header(std::string &out, const Packet &packet)
{
    put16(out, packet.source.port);
    put16(out, packet.destination.port);
    put32(out, packet.sequence);
    put32(out, packet.acknowledgement);
    put8(out, transport_header_size(packet) / 4 << 4U);
    put8(out, packet.flags);
    put16(out, packet.window);
    put32(out, 0); // checksum, urgent pointer
    if (packet.mss != 0) {
        put8(out, option_mss);
        put8(out, tcp_mss_option_size);
        put16(out, packet.mss);
    }
}

std::size_t transport_checksum_at(const Packet &packet)
{
    return ipv4_header_size + (packet.transport == Transport::Udp ? 6 : 16);
}

/// Over the pseudo-header and the segment (RFC 768, RFC 9293 3.1).
std::uint16_t transport_checksum(const Packet &packet, ByteView segment)
{
    const std::uint32_t from = packet.source.address.value;
    const std::uint32_t to = packet.destination.address.value;
    const std::uint32_t sum = (from >> 16U) + (from & 0xFFFFU) + (to >> 16U) + (to & 0xFFFFU) +
                              static_cast<std::uint32_t>(packet.transport) +
                              static_cast<std::uint32_t>(segment.size());
    return internet_checksum(segment, sum);
}

/// The options after the fixed TCP header. Only the maximum segment size is taken.
bool read_tcp_options(ByteView options, Packet &packet)
{
    ByteReader reader(options);
    while (reader.left() != 0) {
        const std::uint8_t kind = reader.u8();
        if (kind == option_end)
            return true;
        if (kind == option_nothing)
            continue;
        const std::size_t size = reader.u8();
        if (size < 2)
            return false;
        ByteReader value(reader.take(size - 2));
        if (reader.failed())
            return false;
        if (kind == option_mss && size == tcp_mss_option_size)
            packet.mss = value.u16();
    }
    return !reader.failed();
}

bool read_tcp(ByteView segment, Packet &packet)
{
    ByteReader reader(segment);
    packet.source.port = reader.u16();
    packet.destination.port = reader.u16();
    packet.sequence = reader.u32();
    packet.acknowledgement = reader.u32();
    const std::size_t header = (reader.u8() >> 4U) * std::size_t{4};
    packet.flags = reader.u8();
    packet.window = reader.u16();
    reader.u32();
    if (header < tcp_header_size)
        return false;
    const ByteView options = reader.take(header - tcp_header_size);
    if (reader.failed() || !read_tcp_options(options, packet))
        return false;
    packet.payload = SharedBytes::copy_of(reader.take(reader.left()));
    return true;
}

bool read_udp(ByteView segment, Packet &packet)
{
    ByteReader reader(segment);
    packet.source.port = reader.u16();
    packet.destination.port = reader.u16();
    const std::size_t length = reader.u16();
    reader.u16();
    if (reader.failed() || length != segment.size())
        return false;
    packet.payload = SharedBytes::copy_of(reader.take(reader.left()));
    return true;
}

bool has_udp_checksum(ByteView segment) { return segment.substr(6, 2) != ByteView("\0\0", 2); }

Result<Packet> read_transport(Packet packet, ByteView segment)
{
    const bool is_udp = packet.transport == Transport::Udp;
    if (!(is_udp ? read_udp(segment, packet) : read_tcp(segment, packet)))
        return fail(is_udp ? "malformed UDP datagram" : "malformed TCP segment");
    const bool checks = !is_udp || has_udp_checksum(segment);
    if (checks && transport_checksum(packet, segment) != 0)
        return fail(is_udp ? "wrong UDP checksum" : "wrong TCP checksum");
    return packet;
}

} // namespace

std::uint16_t internet_checksum(ByteView octets, std::uint32_t sum)
{
    std::uint64_t total = sum;
    for (std::size_t i = 0; i < octets.size(); ++i) {
        const std::uint32_t octet = static_cast<unsigned char>(octets[i]);
        total += i % 2 == 0 ? octet << 8U : octet;
    }
    while (total > 0xFFFFU)
        total = (total >> 16U) + (total & 0xFFFFU);
    return static_cast<std::uint16_t>(~total);
}

std::string encode(const Packet &packet)
{
    MS_CHECK(size_of(packet) <= packet_octets_max);
    const bool is_udp = packet.transport == Transport::Udp;
    std::string out;
    out.reserve(size_of(packet));
    put_ipv4_header(out, packet);
    is_udp ? put_udp_header(out, packet) : put_tcp_header(out, packet);
    out += packet.payload.view();
    std::uint16_t checksum = transport_checksum(packet, ByteView(out).substr(ipv4_header_size));
    if (is_udp && checksum == 0)
        checksum = 0xFFFF; // zero means that there is none (RFC 768)
    set16(out, transport_checksum_at(packet), checksum);
    return out;
}

Result<Packet> decode(ByteView octets)
{
    ByteReader reader(octets);
    const std::uint8_t first = reader.u8();
    reader.u8();
    const std::size_t total = reader.u16();
    Packet packet;
    packet.identification = reader.u16();
    const std::uint16_t fragment = reader.u16();
    packet.time_to_live = reader.u8();
    const std::uint8_t protocol = reader.u8();
    reader.u16();
    packet.source.address.value = reader.u32();
    packet.destination.address.value = reader.u32();
    const std::size_t header = (first & 0x0FU) * std::size_t{4};
    if (reader.failed() || first >> 4U != 4 || header < ipv4_header_size || total < header ||
        total > octets.size())
        return fail("malformed IPv4 header");
    if (internet_checksum(octets.substr(0, header)) != 0)
        return fail("wrong IPv4 header checksum");
    if ((fragment & fragment_bits) != 0)
        return fail("a fragment: only whole packets are read");
    packet.transport = static_cast<Transport>(protocol);
    if (packet.transport != Transport::Tcp && packet.transport != Transport::Udp)
        return fail("IP protocol " + std::to_string(protocol) + ": expected 6 (TCP) or 17 (UDP)");
    return read_transport(std::move(packet), octets.substr(header, total - header));
}

} // namespace mailscope::net
