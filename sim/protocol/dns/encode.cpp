// Writes messages: the strict side of message.h, with compression (RFC 1035 4.1.4) and truncation.
#include "sim/core/check.h"
#include "sim/protocol/dns/message.h"

#include <algorithm>
#include <array>
#include <span>

namespace mailscope::dns
{

namespace
{

constexpr std::size_t opt_octets = 11;         // an OPT record without options
constexpr std::size_t pointer_reach = 0x3FFF;  // RFC 1035 4.1.4: 14 bits of offset
constexpr std::size_t suffixes_kept_max = 128; // names behind these are compressed less

/// Writes into a string that is longer than what is written, so that each piece costs one check.
class Encoder
{
public:
    explicit Encoder(std::size_t expected) { out_.resize(expected); }

    void u8(unsigned value) { *room(1) = static_cast<char>(value); }
    void u16(unsigned value) { put(room(2), value, 2); }
    void u32(std::uint32_t value) { put(room(4), value, 4); }
    void octets(ByteView bytes) { std::copy(bytes.begin(), bytes.end(), room(bytes.size())); }
    void set_u16(std::size_t at, std::size_t value)
    {
        put(&out_[at], static_cast<std::uint32_t>(value), 2);
    }

    /// Points to the longest suffix already written. Suffixes are matched with their case, which
    /// keeps every name as it was given.
    void name(const Name &name)
    {
        ByteView rest = name.wire();
        while (rest.size() > 1) {
            if (const std::size_t offset = offset_of(rest)) {
                u16(static_cast<unsigned>(0xC000U | offset));
                return;
            }
            if (known_count_ < known_.size() && size_ <= pointer_reach)
                known_[known_count_++] = {rest.data(), static_cast<std::uint16_t>(rest.size()),
                                          static_cast<std::uint16_t>(size_)};
            const std::size_t label = static_cast<unsigned char>(rest[0]) + std::size_t{1};
            octets(rest.substr(0, label));
            rest.remove_prefix(label);
        }
        u8(0);
    }

    void record(const ResourceRecord &record)
    {
        name(record.owner);
        u16(static_cast<unsigned>(record.type));
        u16(record.class_code);
        u32(record.ttl);
        const std::size_t length_at = size_;
        u16(0);
        data(record.data);
        set_u16(length_at, size_ - length_at - 2);
    }

    struct Mark
    {
        std::size_t size;
        std::size_t known;
    };
    Mark mark() const { return {size_, known_count_}; }
    void back_to(Mark mark)
    {
        size_ = mark.size;
        known_count_ = mark.known;
    }
    std::size_t size() const { return size_; }
    std::string take()
    {
        out_.resize(size_);
        return std::move(out_);
    }

private:
    /// A suffix of a name in the message being written. Without initial values, because the array
    /// of them is filled only as far as needed.
    struct Known
    {
        const char *octets;
        std::uint16_t size;
        std::uint16_t offset;
    };

    char *room(std::size_t octets)
    {
        if (out_.size() - size_ < octets)
            out_.resize((size_ + octets) * 2);
        char *at = &out_[size_];
        size_ += octets;
        return at;
    }

    static void put(char *at, std::uint32_t value, unsigned octets)
    {
        for (unsigned i = 0; i < octets; ++i)
            at[i] = static_cast<char>(value >> (8U * (octets - 1 - i)) & 0xFFU);
    }

    std::size_t offset_of(ByteView suffix) const
    {
        for (std::size_t i = 0; i < known_count_; ++i)
            if (ByteView(known_[i].octets, known_[i].size) == suffix)
                return known_[i].offset;
        return 0;
    }

    // Only names in the types of RFC 1035 may be compressed (RFC 3597 4); all others are opaque.
    void data(const RData &data)
    {
        if (const auto *v4 = std::get_if<Ipv4Address>(&data)) {
            u32(v4->value);
        } else if (const auto *v6 = std::get_if<Ipv6Address>(&data)) {
            for (const std::uint8_t octet : v6->octets)
                u8(octet);
        } else if (const auto *target = std::get_if<Name>(&data)) {
            name(*target);
        } else if (const auto *mx = std::get_if<Mx>(&data)) {
            u16(mx->preference);
            name(mx->exchange);
        } else if (const auto *soa = std::get_if<Soa>(&data)) {
            name(soa->primary_server);
            name(soa->mailbox);
            u32(soa->serial);
            u32(soa->refresh);
            u32(soa->retry);
            u32(soa->expire);
            u32(soa->negative_ttl);
        } else if (const auto *txt = std::get_if<Txt>(&data)) {
            octets(txt->octets);
        } else {
            octets(std::get<Unknown>(data).octets);
        }
    }

    std::string out_;
    std::size_t size_ = 0;
    std::array<Known, suffixes_kept_max> known_;
    std::size_t known_count_ = 0;
};

unsigned flags_of(const Header &header)
{
    return (header.is_response ? 0x8000U : 0U) | static_cast<unsigned>(header.opcode) << 11U |
           (header.authoritative ? 0x0400U : 0U) | (header.truncated ? 0x0200U : 0U) |
           (header.recursion_desired ? 0x0100U : 0U) | (header.recursion_available ? 0x0080U : 0U) |
           (header.authentic_data ? 0x0020U : 0U) | (header.checking_disabled ? 0x0010U : 0U) |
           (static_cast<unsigned>(header.rcode) & 0xFU);
}

void write_edns(Encoder &out, const Edns &edns, Rcode rcode)
{
    out.u8(0);
    out.u16(static_cast<unsigned>(Type::Opt));
    out.u16(edns.udp_octets);
    out.u8(static_cast<unsigned>(rcode) >> 4U);
    out.u8(edns.version);
    out.u16(edns.dnssec_ok ? 0x8000U : 0U);
    out.u16(static_cast<unsigned>(edns.options.size()));
    out.octets(edns.options);
}

bool same_set(const ResourceRecord &a, const ResourceRecord &b)
{
    return a.type == b.type && a.class_code == b.class_code && a.owner == b.owner;
}

/// Writes set by set while they fit; gives the number of records written.
std::size_t write_sets(Encoder &out, std::span<const ResourceRecord> section, std::size_t limit)
{
    for (std::size_t first = 0; first < section.size();) {
        const Encoder::Mark mark = out.mark();
        std::size_t next = first;
        do
            out.record(section[next++]);
        while (next < section.size() && same_set(section[first], section[next]));
        if (out.size() > limit) {
            out.back_to(mark);
            return first;
        }
        first = next;
    }
    return section.size();
}

} // namespace

std::string encode(const Message &message, std::size_t limit)
{
    MS_CHECK(limit >= limits::udp_octets_plain);
    const std::size_t edns_octets =
        message.edns ? opt_octets + message.edns->options.size() : std::size_t{0};
    MS_CHECK(header_octets + limits::name_octets_max + 4 + edns_octets <= limit);
    MS_CHECK(message.edns || static_cast<unsigned>(message.header.rcode) <= 0xFU);
    limit -= edns_octets;
    const std::size_t records =
        message.answer.size() + message.authority.size() + message.additional.size();
    Encoder out(64 + edns_octets + records * 48);

    out.u16(message.header.id);
    out.u16(0);
    for (int i = 0; i < 4; ++i)
        out.u16(0);
    if (message.question) {
        out.name(message.question->name);
        out.u16(static_cast<unsigned>(message.question->type));
        out.u16(message.question->class_code);
    }
    const std::size_t answers = write_sets(out, message.answer, limit);
    std::size_t authorities = 0;
    std::size_t additionals = 0;
    Header header = message.header;
    if (answers < message.answer.size()) {
        header.truncated = true;
    } else {
        authorities = write_sets(out, message.authority, limit);
        if (authorities == message.authority.size())
            additionals = write_sets(out, message.additional, limit);
        else if (message.answer.empty())
            header.truncated = true;
    }
    if (message.edns)
        write_edns(out, *message.edns, header.rcode);
    out.set_u16(2, flags_of(header));
    out.set_u16(4, message.question ? 1 : 0);
    out.set_u16(6, answers);
    out.set_u16(8, authorities);
    out.set_u16(10, additionals + (message.edns ? 1 : 0));
    return out.take();
}

} // namespace mailscope::dns
