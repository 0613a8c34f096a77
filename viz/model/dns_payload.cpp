// Fields of a DNS message, each with its own octets; declared in payload_view.h.
#include "sim/protocol/dns/message.h"
#include "viz/model/payload_view.h"

#include <algorithm>
#include <array>
#include <string>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t head_octets = 12;   ///< RFC 1035 4.1.1
constexpr std::size_t record_octets = 10; ///< type, class, TTL, length of the data (4.1.3)
constexpr unsigned option_type = 41;      ///< OPT (RFC 6891 6.1.1)

unsigned octet_at(ByteView message, std::size_t at)
{
    return at < message.size() ? static_cast<unsigned char>(message[at]) : 0U;
}

unsigned number_at(ByteView message, std::size_t at)
{
    return octet_at(message, at) << 8U | octet_at(message, at + 1);
}

/// Where the name that begins there ends: with the root, or with a pointer (RFC 1035 4.1.4).
std::size_t end_of_name(ByteView message, std::size_t at)
{
    constexpr unsigned pointer = 0xC0;
    while (at < message.size()) {
        const unsigned length = octet_at(message, at);
        if (length == 0)
            return at + 1;
        if (length >= pointer)
            return at + 2;
        at += length + 1;
    }
    return message.size();
}

std::string flags_text(const dns::Header &head)
{
    std::string flags = head.is_response ? "QR=1" : "QR=0";
    flags += head.authoritative ? " AA=1" : "";
    flags += head.truncated ? " TC=1" : "";
    flags += head.recursion_desired ? " RD=1" : " RD=0";
    flags += head.recursion_available ? " RA=1" : "";
    return flags + " rcode=" + std::to_string(static_cast<int>(head.rcode));
}

} // namespace

void describe_dns(ByteView payload, net::Transport transport, std::size_t base, InspectorView &view)
{
    const auto part = [&](const char *name, std::string value, std::size_t from, std::size_t to) {
        view.fields.push_back(
            {view.layers.size() - 1, name, std::move(value), base + from, to - from});
    };
    if (transport == net::Transport::Tcp) {
        constexpr std::size_t length_octets = 2;
        if (payload.size() < length_octets)
            return;
        part("length", std::to_string(number_at(payload, 0)), 0, length_octets);
        payload = payload.substr(length_octets);
        base += length_octets;
    }
    const Result<dns::Message> message = dns::decode(payload);
    if (!message)
        return;
    part("ID", std::to_string(message->header.id), 0, 2);
    part("flags", flags_text(message->header), 2, 4);
    std::size_t at = head_octets;
    if (message->question) {
        const std::size_t end = std::min(end_of_name(payload, at) + 4, payload.size());
        part("question",
             to_string(message->question->name) + " " +
                 std::string(to_string(message->question->type)),
             at, end);
        at = end;
    }
    const std::array<const std::vector<dns::ResourceRecord> *, 3> sections = {
        &message->answer, &message->authority, &message->additional};
    constexpr std::array<const char *, 3> names = {"answer", "authority", "additional"};
    for (std::size_t section = 0; section < sections.size(); ++section) {
        std::size_t told = 0;
        const unsigned count = number_at(payload, 6 + 2 * section);
        for (unsigned i = 0; i < count && at < payload.size(); ++i) {
            const std::size_t fixed = end_of_name(payload, at);
            const std::size_t end =
                std::min(fixed + record_octets + number_at(payload, fixed + record_octets - 2),
                         payload.size());
            if (number_at(payload, fixed) == option_type)
                part("EDNS", std::to_string(number_at(payload, fixed + 2)) + " B", at, end);
            else if (told < sections[section]->size())
                part(names[section], to_string((*sections[section])[told++]), at, end);
            at = end;
        }
    }
}

} // namespace mailscope::viz
