// Implements the parts of message.h that are neither wire nor text.
#include "sim/protocol/dns/message.h"

#include "sim/core/check.h"
#include "sim/core/reader.h"

#include <algorithm>

namespace mailscope::dns
{

Txt Txt::of(std::string_view text)
{
    MS_CHECK(text.size() <= 65000);
    Txt txt;
    do {
        const std::string_view part = text.substr(0, limits::text_string_octets_max);
        txt.octets += static_cast<char>(part.size());
        txt.octets += part;
        text.remove_prefix(part.size());
    } while (!text.empty());
    return txt;
}

std::string Txt::joined() const
{
    std::string text;
    for (std::size_t i = 0; i < octets.size();) {
        const std::size_t length = static_cast<unsigned char>(octets[i]);
        text += octets.substr(i + 1, length);
        i += length + 1;
    }
    return text;
}

std::size_t response_limit(const Message &query, Transport transport)
{
    if (transport == Transport::Tcp)
        return limits::tcp_octets_max;
    if (!query.edns)
        return limits::udp_octets_plain;
    return std::clamp<std::size_t>(query.edns->udp_octets, limits::udp_octets_plain,
                                   limits::udp_octets_edns);
}

Message response_to(const Message &query)
{
    Message response;
    response.header.id = query.header.id;
    response.header.is_response = true;
    response.header.opcode = query.header.opcode;
    response.header.recursion_desired = query.header.recursion_desired;
    response.question = query.question;
    if (query.edns)
        response.edns.emplace();
    return response;
}

std::string format_error_for(ByteView query)
{
    ByteReader reader(query);
    Message response;
    response.header.id = reader.u16();
    const unsigned flags = reader.u16();
    if (query.size() < header_octets || (flags & 0x8000U) != 0)
        return std::string();
    response.header.is_response = true;
    response.header.opcode = static_cast<Opcode>(flags >> 11U & 0xFU);
    response.header.rcode = Rcode::FormatError;
    return encode(response);
}

Message make_query(std::uint16_t id, const Name &name, Type type)
{
    Message query;
    query.header.id = id;
    query.question = Question{name, type, class_internet};
    return query;
}

ResourceRecord record_of(Name owner, Type type, std::uint32_t ttl, RData data)
{
    return ResourceRecord{std::move(owner), type, class_internet, ttl, std::move(data)};
}

} // namespace mailscope::dns
