// Writing the blocks of a pcapng file.
#include "sim/trace/pcapng.h"

#include <algorithm>

namespace mailscope::pcapng
{
namespace
{

// Types of blocks (draft-ietf-opsawg-pcapng 4.1 to 4.5).
constexpr std::uint32_t section_header_block = 0x0A0D0D0A;
constexpr std::uint32_t interface_description_block = 1;
constexpr std::uint32_t name_resolution_block = 4;
constexpr std::uint32_t enhanced_packet_block = 6;

constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint16_t version_major = 1;
constexpr std::uint16_t version_minor = 0;
constexpr std::uint16_t link_type_ipv4 = 228; ///< LINKTYPE_IPV4: the packet begins with its header
constexpr std::uint8_t nanosecond_resolution = 9; ///< a power of ten
constexpr std::uint16_t name_record_ipv4 = 1;

// Codes of options (3.5, 4.1 to 4.3). Codes mean something else in each kind of block.
constexpr std::uint16_t opt_end = 0;
constexpr std::uint16_t opt_comment = 1;
constexpr std::uint16_t shb_application = 4;
constexpr std::uint16_t if_name = 2;
constexpr std::uint16_t if_speed = 8;
constexpr std::uint16_t if_time_resolution = 9;
constexpr std::uint16_t epb_flags = 2;
constexpr std::uint16_t epb_packet_id = 5;

void put(std::string &out, std::uint64_t value, std::size_t octets)
{
    for (std::size_t i = 0; i < octets; ++i)
        out += static_cast<char>(value >> (8U * i) & 0xFFU);
}

void put16(std::string &out, std::uint64_t value) { put(out, value, 2); }
void put32(std::string &out, std::uint64_t value) { put(out, value, 4); }
void put64(std::string &out, std::uint64_t value) { put(out, value, 8); }

/// Everything variable is followed by zeros up to a multiple of four octets.
void pad(std::string &out, std::size_t size) { out.append((4 - size % 4) % 4, '\0'); }

void put_option(std::string &out, std::uint16_t code, std::string_view value)
{
    put16(out, code);
    put16(out, value.size());
    out += value;
    pad(out, value.size());
}

void put_option_number(std::string &out, std::uint16_t code, std::uint64_t value,
                       std::size_t octets)
{
    std::string number;
    put(number, value, octets);
    put_option(out, code, number);
}

void end_options(std::string &out) { put_option(out, opt_end, {}); }

/// The start of `text` that an option can hold, cut between characters.
std::string_view cut(std::string_view text)
{
    if (text.size() <= option_octets_max)
        return text;
    std::size_t end = option_octets_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end);
}

/// The frame of a block around what is appended while it lives: type, and its length at both ends.
class Block
{
public:
    Block(std::string &out, std::uint32_t type) : out_(out), begin_(out.size())
    {
        put32(out_, type);
        put32(out_, 0);
    }
    ~Block()
    {
        const std::size_t length = out_.size() + 4 - begin_;
        std::string octets;
        put32(octets, length);
        std::copy(octets.begin(), octets.end(),
                  out_.begin() + static_cast<std::ptrdiff_t>(begin_ + 4));
        out_ += octets;
    }
    Block(const Block &) = delete;
    Block &operator=(const Block &) = delete;

private:
    std::string &out_;
    std::size_t begin_;
};

} // namespace

void append_section(std::string &out, std::string_view application)
{
    const Block block(out, section_header_block);
    put32(out, byte_order_magic);
    put16(out, version_major);
    put16(out, version_minor);
    put64(out, ~std::uint64_t{0}); // the section's length is not known beforehand
    put_option(out, shb_application, cut(application));
    end_options(out);
}

void append_interface(std::string &out, const Interface &interface)
{
    const Block block(out, interface_description_block);
    put16(out, link_type_ipv4);
    put16(out, 0);
    put32(out, 0); // packets are whole
    put_option(out, if_name, cut(interface.name));
    if (interface.bits_per_second != 0)
        put_option_number(out, if_speed, interface.bits_per_second, 8);
    put_option_number(out, if_time_resolution, nanosecond_resolution, 1);
    end_options(out);
}

void append_names(std::string &out, std::span<const HostName> names)
{
    const Block block(out, name_resolution_block);
    for (const HostName &name : names) {
        const std::string_view text = cut(name.name);
        const std::size_t size = 4 + text.size() + 1;
        put16(out, name_record_ipv4);
        put16(out, size);
        for (unsigned shift = 32; shift != 0; shift -= 8) // as on the wire
            out += static_cast<char>(name.address.value >> (shift - 8) & 0xFFU);
        out += text;
        out += '\0';
        pad(out, size);
    }
    put32(out, 0); // the last record
}

void append_packet(std::string &out, const PacketBlock &packet)
{
    const Block block(out, enhanced_packet_block);
    put32(out, packet.interface);
    put32(out, packet.nanoseconds >> 32U);
    put32(out, packet.nanoseconds & 0xFFFFFFFFU);
    put32(out, packet.octets.size());
    put32(out, packet.octets.size());
    out += packet.octets;
    pad(out, packet.octets.size());
    if (!packet.comment.empty())
        put_option(out, opt_comment, cut(packet.comment));
    if (packet.direction != Direction::Unknown)
        put_option_number(out, epb_flags, static_cast<std::uint8_t>(packet.direction), 4);
    put_option_number(out, epb_packet_id, packet.number, 8);
    end_options(out);
}

} // namespace mailscope::pcapng
