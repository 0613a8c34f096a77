// The fields of a packet as rows for an inspector.
#include "sim/net/wire.h"

#include <array>
#include <utility>

namespace mailscope::net
{
namespace
{

/// Collects fields; each begins where the one before it ended unless it shares its octet.
class Fields
{
public:
    explicit Fields(std::string octets) : octets_(std::move(octets)) {}

    void layer(std::string_view name) { layer_ = name; }

    void add(std::string_view name, std::size_t length, std::string value)
    {
        fields_.push_back({layer_, name, std::move(value), offset_, length});
        offset_ += length;
    }

    /// A field in the same octet as the next one.
    void add_sharing(std::string_view name, std::string value)
    {
        fields_.push_back({layer_, name, std::move(value), offset_, 1});
    }

    void add_number(std::string_view name, std::size_t length, std::uint64_t value)
    {
        add(name, length, std::to_string(value));
    }

    /// The two octets that are next on the wire, in hexadecimal.
    void add_octets(std::string_view name)
    {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string value = "0x";
        for (std::size_t i = offset_; i < offset_ + 2; ++i) {
            const unsigned char octet = static_cast<unsigned char>(octets_[i]);
            value += digits[octet >> 4U];
            value += digits[octet & 0x0FU];
        }
        add(name, 2, std::move(value));
    }

    std::vector<WireField> take() { return std::move(fields_); }

private:
    std::string octets_;
    std::string_view layer_;
    std::vector<WireField> fields_;
    std::size_t offset_ = 0;
};

std::string flag_names(std::uint8_t flags)
{
    constexpr std::array<std::string_view, 8> names = {"FIN", "SYN", "RST", "PSH",
                                                       "ACK", "URG", "ECE", "CWR"};
    std::string text;
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
        if ((flags >> bit & 1U) == 0)
            continue;
        if (!text.empty())
            text += ' ';
        text += names[bit];
    }
    return text;
}

void describe_ipv4(Fields &fields, const Packet &packet)
{
    const bool is_udp = packet.transport == Transport::Udp;
    fields.layer("ipv4");
    fields.add_sharing("version", "4");
    fields.add_number("header length", 1, ipv4_header_size);
    fields.add_number("type of service", 1, 0);
    fields.add_number("total length", 2, size_of(packet));
    fields.add_number("identification", 2, packet.identification);
    fields.add("flags and fragment offset", 2, "don't fragment");
    fields.add_number("time to live", 1, packet.time_to_live);
    fields.add("protocol", 1, is_udp ? "17 (UDP)" : "6 (TCP)");
    fields.add_octets("header checksum");
    fields.add("source address", 4, to_string(packet.source.address));
    fields.add("destination address", 4, to_string(packet.destination.address));
}

void describe_udp(Fields &fields, const Packet &packet)
{
    fields.layer("udp");
    fields.add_number("source port", 2, packet.source.port);
    fields.add_number("destination port", 2, packet.destination.port);
    fields.add_number("length", 2, udp_header_size + packet.payload.size());
    fields.add_octets("checksum");
}

void describe_tcp(Fields &fields, const Packet &packet)
{
    fields.layer("tcp");
    fields.add_number("source port", 2, packet.source.port);
    fields.add_number("destination port", 2, packet.destination.port);
    fields.add_number("sequence number", 4, packet.sequence);
    fields.add_number("acknowledgment number", 4, packet.acknowledgement);
    fields.add_number("data offset", 1, transport_header_size(packet));
    fields.add("control bits", 1, flag_names(packet.flags));
    fields.add_number("window", 2, packet.window);
    fields.add_octets("checksum");
    fields.add_number("urgent pointer", 2, 0);
    if (packet.mss != 0)
        fields.add_number("maximum segment size", tcp_mss_option_size, packet.mss);
}

} // namespace

std::vector<WireField> describe(const Packet &packet)
{
    Fields fields(encode(packet));
    describe_ipv4(fields, packet);
    packet.transport == Transport::Udp ? describe_udp(fields, packet)
                                       : describe_tcp(fields, packet);
    if (!packet.payload.empty()) {
        fields.layer("payload");
        fields.add("payload", packet.payload.size(), std::string(packet.payload.view()));
    }
    return fields.take();
}

} // namespace mailscope::net
