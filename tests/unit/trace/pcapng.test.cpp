// The blocks of a pcapng file, octet by octet (draft-ietf-opsawg-pcapng 3 and 4).
#include "sim/trace/pcapng.h"

#include <catch2/catch_test_macros.hpp>

#include <array>

namespace mailscope::pcapng
{
namespace
{

std::string hexadecimal(std::string_view octets)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < octets.size(); ++i) {
        const unsigned octet = static_cast<unsigned char>(octets[i]);
        text += i != 0 && i % 4 == 0 ? " " : "";
        text += digits[octet >> 4U];
        text += digits[octet & 15U];
    }
    return text;
}

std::uint32_t number_at(std::string_view octets, std::size_t at)
{
    std::uint32_t number = 0;
    for (std::size_t i = 4; i-- > 0;)
        number = number << 8U | static_cast<unsigned char>(octets[at + i]);
    return number;
}

/// How many whole blocks there are; each says its length at both ends.
std::size_t blocks_in(std::string_view octets)
{
    std::size_t count = 0;
    for (; !octets.empty(); ++count) {
        REQUIRE(octets.size() >= 12);
        const std::uint32_t length = number_at(octets, 4);
        REQUIRE(length % 4 == 0);
        REQUIRE(length <= octets.size());
        REQUIRE(number_at(octets, length - 4) == length);
        octets.remove_prefix(length);
    }
    return count;
}

} // namespace

TEST_CASE("A section says its octet order, its version and who wrote it", "[pcapng]")
{
    std::string out;
    append_section(out, "mail");
    CHECK(hexadecimal(out) == "0a0d0d0a 28000000 4d3c2b1a 01000000 ffffffff ffffffff "
                              "04000400 6d61696c 00000000 28000000");
}

TEST_CASE("An interface has bare IPv4 packets, a name, a speed and nanoseconds", "[pcapng]")
{
    std::string out;
    append_interface(out, {"a:b", 1'000'000});
    CHECK(hexadecimal(out) == "01000000 34000000 e4000000 00000000 02000300 613a6200 "
                              "08000800 40420f00 00000000 09000100 09000000 00000000 34000000");
    std::string slow;
    append_interface(slow, {"a:b", 0});
    CHECK(hexadecimal(slow) == "01000000 28000000 e4000000 00000000 02000300 613a6200 "
                               "09000100 09000000 00000000 28000000");
}

TEST_CASE("Names stand behind their addresses, which are as on the wire", "[pcapng]")
{
    std::string out;
    const std::array<HostName, 2> names = {
        {{Ipv4Address{0xC0000201U}, "mx"}, {Ipv4Address{0xC0A80101U}, "tom"}}};
    append_names(out, names);
    CHECK(hexadecimal(out) == "04000000 28000000 01000700 c0000201 6d780000 "
                              "01000800 c0a80101 746f6d00 00000000 28000000");
}

TEST_CASE("A packet has its interface, its time in two halves, its octets and options", "[pcapng]")
{
    PacketBlock packet;
    packet.interface = 3;
    packet.nanoseconds = 0x0102030405060708U;
    packet.octets = "hello";
    packet.number = 9;
    packet.direction = Direction::Outbound;
    packet.comment = "hi";
    std::string out;
    append_packet(out, packet);
    CHECK(hexadecimal(out) == "06000000 48000000 03000000 04030201 08070605 05000000 05000000 "
                              "68656c6c 6f000000 01000200 68690000 02000400 02000000 "
                              "05000800 09000000 00000000 00000000 48000000");
}

TEST_CASE("Blocks of any length follow each other without a gap", "[pcapng]")
{
    std::string out;
    append_section(out, "mailscope");
    append_interface(out, {"wire", 1});
    append_names(out, {});
    const std::string text(40, 'x');
    for (std::size_t size = 0; size < text.size(); ++size) {
        PacketBlock packet;
        packet.octets = std::string_view(text).substr(0, size);
        packet.comment = std::string_view(text).substr(size);
        append_packet(out, packet);
    }
    CHECK(blocks_in(out) == 3 + text.size());
}

TEST_CASE("A comment that is too long is cut between two characters", "[pcapng]")
{
    std::string comment = "x";
    while (comment.size() < 3 * option_octets_max)
        comment += "あ";
    PacketBlock packet;
    packet.comment = comment;
    std::string out;
    append_packet(out, packet);
    CHECK(blocks_in(out) == 1);
    const std::size_t size = number_at(out, 28) >> 16U;
    CHECK(size <= option_octets_max);
    CHECK(size > option_octets_max - 3);
    CHECK(size % 3 == 1);
}

} // namespace mailscope::pcapng
