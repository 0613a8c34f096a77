// Reads messages from the wire: the forgiving side of message.h, which trusts no count or length.
#include "sim/core/reader.h"
#include "sim/protocol/dns/message.h"

#include <algorithm>

namespace mailscope::dns
{

namespace
{

// The smallest record: a root owner, type, class, TTL and an empty rdata (RFC 1035 4.1.3).
constexpr std::size_t record_octets_min = 11;

struct Counts
{
    std::uint16_t question = 0;
    std::uint16_t answer = 0;
    std::uint16_t authority = 0;
    std::uint16_t additional = 0;
};

Counts read_header(ByteReader &reader, Header &header)
{
    header.id = reader.u16();
    const unsigned flags = reader.u16();
    header.is_response = (flags & 0x8000U) != 0;
    header.opcode = static_cast<Opcode>(flags >> 11U & 0xFU);
    header.authoritative = (flags & 0x0400U) != 0;
    header.truncated = (flags & 0x0200U) != 0;
    header.recursion_desired = (flags & 0x0100U) != 0;
    header.recursion_available = (flags & 0x0080U) != 0;
    header.authentic_data = (flags & 0x0020U) != 0;
    header.checking_disabled = (flags & 0x0010U) != 0;
    header.rcode = static_cast<Rcode>(flags & 0xFU);
    Counts counts;
    counts.question = reader.u16();
    counts.answer = reader.u16();
    counts.authority = reader.u16();
    counts.additional = reader.u16();
    return counts;
}

bool read_soa(ByteReader &reader, Soa &soa)
{
    if (!Name::read(reader, soa.primary_server) || !Name::read(reader, soa.mailbox))
        return false;
    soa.serial = reader.u32();
    soa.refresh = reader.u32();
    soa.retry = reader.u32();
    soa.expire = reader.u32();
    soa.negative_ttl = reader.u32();
    return true;
}

/// One or more strings, each with its length before it, that fill the data exactly.
bool is_text_strings(ByteView octets)
{
    ByteReader reader(octets);
    do
        reader.take(reader.u8());
    while (!reader.failed() && reader.left() != 0);
    return !reader.failed();
}

bool read_data(ByteReader &reader, std::size_t length, ResourceRecord &record)
{
    const bool internet = record.class_code == class_internet;
    switch (record.type) {
    case Type::A:
        if (!internet)
            break;
        record.data = Ipv4Address{reader.u32()};
        return true;
    case Type::Aaaa: {
        if (!internet)
            break;
        Ipv6Address address;
        for (std::uint8_t &octet : address.octets)
            octet = reader.u8();
        record.data = address;
        return true;
    }
    case Type::Ns:
    case Type::Cname:
    case Type::Ptr:
        return Name::read(reader, record.data.emplace<Name>());
    case Type::Mx: {
        Mx &mx = record.data.emplace<Mx>();
        mx.preference = reader.u16();
        return Name::read(reader, mx.exchange);
    }
    case Type::Soa:
        return read_soa(reader, record.data.emplace<Soa>());
    case Type::Txt: {
        Txt &txt = record.data.emplace<Txt>();
        txt.octets = reader.take(length);
        return is_text_strings(txt.octets);
    }
    default:
        break;
    }
    record.data.emplace<Unknown>().octets = reader.take(length);
    return true;
}

/// The record's fixed fields mean something else in OPT (RFC 6891 6.1.2).
Edns edns_of(std::uint16_t class_code, std::uint32_t ttl, ByteView options, Header &header)
{
    Edns edns;
    edns.udp_octets = class_code;
    edns.version = static_cast<std::uint8_t>(ttl >> 16U & 0xFFU);
    edns.dnssec_ok = (ttl & 0x8000U) != 0;
    edns.options = std::string(options);
    header.rcode = static_cast<Rcode>(static_cast<unsigned>(header.rcode) | (ttl >> 24U) << 4U);
    return edns;
}

/// Reads one record, or the OPT record into the message; false when malformed.
bool read_record(ByteReader &reader, Message &message, std::vector<ResourceRecord> &section)
{
    ResourceRecord record;
    if (!Name::read(reader, record.owner))
        return false;
    record.type = static_cast<Type>(reader.u16());
    record.class_code = reader.u16();
    const std::uint32_t ttl = reader.u32();
    record.ttl = ttl > limits::ttl_max ? 0 : ttl;
    const std::size_t length = reader.u16();
    if (reader.failed() || length > reader.left())
        return false;
    if (record.type == Type::Opt) {
        // RFC 6891 6.1.1: at most one, in the additional section, at the root.
        if (message.edns || &section != &message.additional || !record.owner.is_root() ||
            length > limits::edns_options_octets_max)
            return false;
        message.edns = edns_of(record.class_code, ttl, reader.take(length), message.header);
        return true;
    }
    const std::size_t end = reader.position() + length;
    if (!read_data(reader, length, record) || reader.failed() || reader.position() != end)
        return false;
    section.push_back(std::move(record));
    return true;
}

bool read_section(ByteReader &reader, std::size_t count, Message &message,
                  std::vector<ResourceRecord> &section)
{
    section.reserve(std::min(count, reader.left() / record_octets_min));
    for (std::size_t i = 0; i < count; ++i)
        if (!read_record(reader, message, section))
            return false;
    return true;
}

} // namespace

Result<Message> decode(ByteView bytes)
{
    if (bytes.size() > limits::tcp_octets_max)
        return fail("message longer than 65,535 octets");
    ByteReader reader(bytes);
    Result<Message> result = Message();
    Message &message = *result;
    const Counts counts = read_header(reader, message.header);
    if (reader.failed())
        return fail("message without a whole header: expected at least 12 octets");
    if (counts.question > 1)
        return fail("message with several questions: expected one at most");
    if (counts.question == 1) {
        Question &question = message.question.emplace();
        const bool good = Name::read(reader, question.name);
        question.type = static_cast<Type>(reader.u16());
        question.class_code = reader.u16();
        if (!good || reader.failed())
            return fail("malformed question section");
    }
    if (!read_section(reader, counts.answer, message, message.answer))
        return fail("malformed record in the answer section");
    if (!read_section(reader, counts.authority, message, message.authority))
        return fail("malformed record in the authority section");
    if (!read_section(reader, counts.additional, message, message.additional))
        return fail("malformed record in the additional section");
    if (reader.left() != 0)
        return fail("octets behind the end of the message");
    return result;
}

} // namespace mailscope::dns
