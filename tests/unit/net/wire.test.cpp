// Octets of packets: by hand, there and back, and broken.
#include "sim/net/wire.h"

#include "sim/core/rng.h"

#include <catch2/catch_test_macros.hpp>

namespace mailscope::net
{
namespace
{

std::string octets(std::string_view hex)
{
    std::string result;
    std::string digits;
    for (const char c : hex) {
        if (c != ' ')
            digits += c;
        if (digits.size() == 2) {
            result += static_cast<char>(std::stoi(digits, nullptr, 16));
            digits.clear();
        }
    }
    return result;
}

Packet datagram()
{
    Packet packet;
    packet.transport = Transport::Udp;
    packet.source = {Ipv4Address{0xC0000201U}, 5353};
    packet.destination = {Ipv4Address{0xC6336401U}, 53};
    packet.identification = 1;
    packet.payload = SharedBytes::copy_of("hi!");
    return packet;
}

Packet syn()
{
    Packet packet;
    packet.source = {Ipv4Address{0xC0000201U}, 49'152};
    packet.destination = {Ipv4Address{0xC6336401U}, 25};
    packet.identification = 2;
    packet.sequence = 0x01020304U;
    packet.flags = tcp_flag::syn;
    packet.window = 65'535;
    packet.mss = 1460;
    return packet;
}

void check_equal(const Packet &a, const Packet &b)
{
    CHECK(a.transport == b.transport);
    CHECK(a.source == b.source);
    CHECK(a.destination == b.destination);
    CHECK(a.sequence == b.sequence);
    CHECK(a.acknowledgement == b.acknowledgement);
    CHECK(a.identification == b.identification);
    CHECK(a.window == b.window);
    CHECK(a.mss == b.mss);
    CHECK(a.flags == b.flags);
    CHECK(a.time_to_live == b.time_to_live);
    CHECK(a.payload == b.payload);
}

} // namespace

TEST_CASE("The checksum is that of the example in RFC 1071", "[net][wire]")
{
    // 0001 + f203 + f4f5 + f6f7 = 2ddf0, folded ddf2.
    CHECK(internet_checksum(octets("0001 f203 f4f5 f6f7")) == 0x220D);
    CHECK(internet_checksum(octets("0001 f2")) == static_cast<std::uint16_t>(~0xF201U));
    CHECK(internet_checksum("") == 0xFFFF);
}

TEST_CASE("A datagram's octets, summed by hand", "[net][wire]")
{
    // Header: 4500 001f 0001 4000 4011 c000 0201 c633 6401 = 2b166 -> b168, inverted 4e97.
    // UDP: c000 0201 c633 6401 0011 000b + 14e9 0035 000b 6869 2100 = 28ae3 -> 8ae5, inverted 751a.
    const std::string wire = encode(datagram());
    CHECK(wire.substr(0, 20) == octets("4500 001f 0001 4000 4011 4e97 c000 0201 c633 6401"));
    CHECK(wire.substr(20, 6) == octets("14e9 0035 000b"));
    CHECK(wire.substr(26, 2) == octets("751a"));
    CHECK(wire.substr(28) == "hi!");
}

TEST_CASE("A SYN's octets, summed by hand", "[net][wire]")
{
    // Header: 4500 002c 0002 4000 4006 c000 0201 c633 6401 = 2b169 -> b16b, inverted 4e94.
    const std::string wire = encode(syn());
    CHECK(wire.substr(0, 20) == octets("4500 002c 0002 4000 4006 4e94 c000 0201 c633 6401"));
    CHECK(wire.substr(20, 16) == octets("c000 0019 0102 0304 0000 0000 6002 ffff"));
    // c000 0201 c633 6401 0006 0018 + c000 0019 0102 0304 6002 ffff 0204 05b4 = 4182b -> 182f.
    CHECK(wire.substr(36) == octets("e7d0 0000 0204 05b4"));
}

TEST_CASE("A zero UDP checksum is written as ffff, and none at all is accepted", "[net][wire]")
{
    Packet packet = datagram();
    packet.payload = SharedBytes();
    for (std::uint32_t port = 0; port < 65'536; ++port) {
        packet.source.port = static_cast<std::uint16_t>(port);
        REQUIRE(encode(packet).substr(26, 2) != octets("0000"));
    }
    std::string wire = encode(datagram());
    wire[26] = wire[27] = 0;
    CHECK(decode(wire));
}

TEST_CASE("Every packet comes back from its octets", "[net][wire][property]")
{
    Rng rng(1, "packets");
    for (int i = 0; i < 500; ++i) {
        Packet packet = i % 2 == 0 ? datagram() : syn();
        packet.source.address.value = static_cast<std::uint32_t>(rng.next());
        packet.destination.port = static_cast<std::uint16_t>(rng.next());
        packet.identification = static_cast<std::uint16_t>(rng.next());
        packet.time_to_live = static_cast<std::uint8_t>(1 + rng.below(255));
        if (packet.transport == Transport::Tcp) {
            packet.sequence = static_cast<std::uint32_t>(rng.next());
            packet.acknowledgement = static_cast<std::uint32_t>(rng.next());
            packet.flags = static_cast<std::uint8_t>(rng.below(32));
            packet.mss = static_cast<std::uint16_t>(rng.below(2) * 1460);
        }
        std::string payload;
        for (std::uint32_t left = rng.below(40); left != 0; --left)
            payload += static_cast<char>(rng.below(256));
        packet.payload = SharedBytes::copy_of(payload);
        const Result<Packet> back = decode(encode(packet));
        REQUIRE(back);
        check_equal(*back, packet);
    }
}

TEST_CASE("A packet that is cut anywhere, or has one octet changed, is refused", "[net][wire]")
{
    for (const Packet &packet : {datagram(), syn()}) {
        const std::string wire = encode(packet);
        for (std::size_t i = 0; i < wire.size(); ++i) {
            INFO("octet " << i);
            CHECK_FALSE(decode(std::string_view(wire).substr(0, i)));
            std::string changed = wire;
            changed[i] = static_cast<char>(changed[i] ^ 0x01);
            CHECK_FALSE(decode(changed));
        }
    }
}

TEST_CASE("Random octets are refused and read within their bounds", "[net][wire][property]")
{
    Rng rng(2, "octets");
    for (int i = 0; i < 2000; ++i) {
        std::string wire = encode(i % 2 == 0 ? datagram() : syn());
        for (int changes = 0; changes < 4; ++changes)
            wire[rng.below(static_cast<std::uint32_t>(wire.size()))] =
                static_cast<char>(rng.below(256));
        const Result<Packet> packet = decode(wire);
        if (packet)
            CHECK(packet->payload.size() <= wire.size());
    }
}

TEST_CASE("Unknown TCP options are skipped; a broken one is refused", "[net][wire]")
{
    // Window scale (3), padding (1), then MSS 1460; a header of eight words.
    std::string wire = encode(syn());
    wire.replace(40, 4, octets("0303 0701 0204 05b4 0000 0000"));
    const auto finish = [](std::string text, unsigned char words) {
        text[3] = static_cast<char>(text.size());
        text[32] = static_cast<char>(words << 4U);
        text[10] = text[11] = text[36] = text[37] = 0;
        const std::uint16_t header = internet_checksum(std::string_view(text).substr(0, 20));
        text[10] = static_cast<char>(header >> 8U);
        text[11] = static_cast<char>(header);
        const std::string pseudo =
            text.substr(12, 8) + std::string("\0\6\0", 3) + static_cast<char>(text.size() - 20);
        const std::uint16_t sum = internet_checksum(pseudo + text.substr(20));
        text[36] = static_cast<char>(sum >> 8U);
        text[37] = static_cast<char>(sum);
        return text;
    };
    const Result<Packet> packet = decode(finish(wire, 8));
    REQUIRE(packet);
    CHECK(packet->mss == 1460);
    wire[41] = 1; // an option shorter than its own two octets
    CHECK_FALSE(decode(finish(wire, 8)));
    wire[41] = 40; // an option that reaches past the header
    CHECK_FALSE(decode(finish(wire, 8)));
}

TEST_CASE("Fragments and other protocols are not ours", "[net][wire]")
{
    const auto with = [](std::size_t at, std::string_view hex) {
        std::string wire = encode(datagram());
        const std::string bytes = octets(hex);
        wire.replace(at, bytes.size(), bytes);
        wire[10] = wire[11] = 0;
        const std::uint16_t sum = internet_checksum(std::string_view(wire).substr(0, 20));
        wire[10] = static_cast<char>(sum >> 8U);
        wire[11] = static_cast<char>(sum);
        return decode(wire);
    };
    CHECK(with(6, "0000"));
    CHECK(with(6, "2000").error().message.find("fragment") != std::string::npos);
    CHECK(with(6, "0001").error().message.find("fragment") != std::string::npos);
    CHECK(with(9, "01").error().message.find("protocol 1") != std::string::npos);
    CHECK(with(0, "65").error().message.find("IPv4") != std::string::npos);
}

TEST_CASE("An inspector's fields cover every octet of the packet, in order", "[net][wire]")
{
    for (const Packet &packet : {datagram(), syn()}) {
        std::size_t end = 0;
        for (const WireField &field : describe(packet)) {
            CHECK(field.offset == end);
            end = field.offset + field.length;
            if (field.name == "version")
                end = field.offset;
        }
        CHECK(end == encode(packet).size());
    }
    const std::vector<WireField> fields = describe(syn());
    CHECK(fields[9].name == "source address");
    CHECK(fields[9].value == "192.0.2.1");
    CHECK(fields[9].offset == 12);
    CHECK(fields[8].value == "0x4e94");
    CHECK(fields.back().name == "maximum segment size");
    CHECK(fields.back().value == "1460");
    CHECK(describe(datagram()).back().value == "hi!");
}

} // namespace mailscope::net
