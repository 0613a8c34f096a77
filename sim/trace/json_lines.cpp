// The trace as JSON Lines.
#include "sim/trace/json_lines.h"

#include "sim/core/text.h"
#include "sim/net/packet.h"
#include "sim/net/wire.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace mailscope
{
namespace
{

void append_escaped(std::string &out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20U || c == '\x7F')
                fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
            else
                out += c;
        }
    }
    out += '"';
}

void append_hexadecimal(std::string &out, std::string_view octets)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (const char c : octets) {
        const unsigned octet = static_cast<unsigned char>(c);
        out += digits[octet >> 4U];
        out += digits[octet & 15U];
    }
    out += '"';
}

/// The fields of one object, with commas between them.
class Object
{
public:
    explicit Object(std::string &out) : out_(out) { out_ += '{'; }
    ~Object() { out_ += '}'; }
    Object(const Object &) = delete;
    Object &operator=(const Object &) = delete;

    std::string &key(std::string_view name)
    {
        out_ += first_ ? "\"" : ",\"";
        first_ = false;
        out_ += name;
        out_ += "\":";
        return out_;
    }

    void number(std::string_view name, std::int64_t value) { key(name) += std::to_string(value); }
    void text(std::string_view name, std::string_view value) { append_escaped(key(name), value); }

    void host(std::string_view name, HostId id, std::span<const std::string> names)
    {
        if (!id.is_none() && id.value < names.size())
            text(name, names[id.value]);
    }

    template <class Tag> void id(std::string_view name, Id<Tag> value)
    {
        if (!value.is_none())
            number(name, value.value);
    }

private:
    std::string &out_;
    bool first_ = true;
};

std::string flags_of(const net::Packet &packet)
{
    struct Flag
    {
        std::uint8_t bit;
        std::string_view name;
    };
    constexpr std::array<Flag, 5> flags = {{{net::tcp_flag::syn, "SYN"},
                                            {net::tcp_flag::fin, "FIN"},
                                            {net::tcp_flag::rst, "RST"},
                                            {net::tcp_flag::psh, "PSH"},
                                            {net::tcp_flag::ack, "ACK"}}};
    std::string text;
    for (const Flag &flag : flags)
        if ((packet.flags & flag.bit) != 0)
            text += (text.empty() ? "" : " ") + std::string(flag.name);
    return text;
}

std::string to_string(net::Endpoint end)
{
    return mailscope::to_string(end.address) + ":" + std::to_string(end.port);
}

void append_packet(std::string &out, const net::Packet &packet)
{
    Object object(out);
    object.number("number", packet.number);
    object.text("from", to_string(packet.source));
    object.text("to", to_string(packet.destination));
    object.text("transport", packet.transport == net::Transport::Udp ? "udp" : "tcp");
    object.number("ttl", packet.time_to_live);
    object.number("octets", static_cast<std::int64_t>(net::size_of(packet)));
    if (packet.transport == net::Transport::Udp)
        return;
    object.text("flags", flags_of(packet));
    object.number("seq", packet.sequence);
    object.number("ack", packet.acknowledgement);
}

} // namespace

void append_json_line(std::string &out, const Record &record, const Records &records,
                      std::span<const std::string> host_names)
{
    {
        const KindInfo &info = info_of(record.kind);
        const std::int64_t at = nanoseconds_since_start(record.at);
        Object object(out);
        object.id("id", record.id);
        object.number("at", at);
        object.text("time", fmt::format("{}.{:09}", at / 1'000'000'000, at % 1'000'000'000));
        object.text("kind", info.name);
        object.text("layer", layer_names[static_cast<std::size_t>(info.layer)]);
        if (record.protocol != Protocol::None)
            object.text("protocol", mailscope::to_string(record.protocol));
        object.host("host", record.host, host_names);
        object.host("peer", record.peer, host_names);
        object.id("conversation", record.conversation);
        object.id("message", record.message);
        object.id("link", record.link);
        if (record.code != 0)
            object.number("code", record.code);
        if (record.status != 0)
            object.text("status", to_string_status(record.status));
        if (const Trouble trouble = trouble_of(record); trouble != Trouble::None)
            object.text("trouble", trouble == Trouble::Permanent ? "permanent" : "temporary");
        if (!info.value.empty())
            object.number("value", record.value);
        if (is_valid_utf8(record.text.view())) {
            if (!record.text.empty())
                object.text("text", record.text.view());
        } else {
            append_hexadecimal(object.key("octets"), record.text.view());
        }
        if (record.packet < records.packet_count())
            append_packet(object.key("packet"), records.packet(record.packet));
        object.id("because", record.because);
    }
    out += '\n';
}

std::string write_json_lines(const Records &records, std::span<const std::string> host_names)
{
    std::string out;
    records.for_each(
        [&](const Record &record) { append_json_line(out, record, records, host_names); });
    return out;
}

} // namespace mailscope
