// DNS messages as values, and their form on the wire (RFC 1035 4).
//
// `decode` reads what a peer sent and trusts nothing in it; `encode` writes with compression and
// cuts at whole record sets when the answer does not fit. Both know nothing of zones or caches.
// EDNS (RFC 6891) is a field of the message, not a record among the others; at most one question
// (more than one has no defined meaning and is malformed here).
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/ip_address.h"
#include "sim/core/result.h"
#include "sim/protocol/dns/grammar.h"
#include "sim/protocol/dns/name.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mailscope::dns
{

/// A question; equal without regard to case.
struct Question
{
    Name name;
    Type type = Type::A;
    std::uint16_t class_code = class_internet;

    friend bool operator==(const Question &a, const Question &b)
    {
        return a.type == b.type && a.class_code == b.class_code && a.name == b.name;
    }
};

/// RFC 1035 3.3.13. Times in seconds.
struct Soa
{
    Name primary_server;
    Name mailbox;
    std::uint32_t serial = 0;
    std::uint32_t refresh = 0;
    std::uint32_t retry = 0;
    std::uint32_t expire = 0;
    std::uint32_t negative_ttl = 0; ///< "minimum" of RFC 1035; its meaning is RFC 2308 4

    friend bool operator==(const Soa &a, const Soa &b)
    {
        return a.primary_server == b.primary_server && a.mailbox == b.mailbox &&
               a.serial == b.serial && a.refresh == b.refresh && a.retry == b.retry &&
               a.expire == b.expire && a.negative_ttl == b.negative_ttl;
    }
};

/// RFC 1035 3.3.9. The lower preference is tried first; `exchange` is the root in a null MX,
/// which says that the domain takes no mail (RFC 7505 3).
struct Mx
{
    std::uint16_t preference = 0;
    Name exchange;

    friend bool operator==(const Mx &a, const Mx &b)
    {
        return a.preference == b.preference && a.exchange == b.exchange;
    }
};

/// RFC 1035 3.3.14: one or more strings of at most 255 octets, in `octets` as on the wire.
struct Txt
{
    std::string octets;

    /// Cuts `text` into strings of 255 octets. At most 65,000 octets of text.
    static Txt of(std::string_view text);
    /// The strings one after the other, as SPF and DKIM read them (RFC 7208 3.3).
    std::string joined() const;

    friend bool operator==(const Txt &a, const Txt &b) { return a.octets == b.octets; }
};

/// Data of a type or class that has no meaning here (RFC 3597).
struct Unknown
{
    std::string octets;

    friend bool operator==(const Unknown &a, const Unknown &b) { return a.octets == b.octets; }
};

/// A: Ipv4Address. AAAA: Ipv6Address. NS, CNAME, PTR: Name. Others by name.
using RData = std::variant<Ipv4Address, Ipv6Address, Name, Mx, Soa, Txt, Unknown>;

/// One record. `type` and the alternative of `data` agree.
struct ResourceRecord
{
    Name owner;
    Type type = Type::A;
    std::uint16_t class_code = class_internet;
    std::uint32_t ttl = 0; ///< seconds, at most limits::ttl_max
    RData data;

    friend bool operator==(const ResourceRecord &a, const ResourceRecord &b)
    {
        return a.type == b.type && a.class_code == b.class_code && a.ttl == b.ttl &&
               a.owner == b.owner && a.data == b.data;
    }
};

/// What an OPT record says (RFC 6891 6.1).
struct Edns
{
    std::uint16_t udp_octets = limits::udp_octets_edns; ///< what the sender can take in a datagram
    std::uint8_t version = 0;
    bool dnssec_ok = false;
    std::string options; ///< as on the wire

    friend bool operator==(const Edns &a, const Edns &b)
    {
        return a.udp_octets == b.udp_octets && a.version == b.version &&
               a.dnssec_ok == b.dnssec_ok && a.options == b.options;
    }
};

/// The fixed part of a message (RFC 1035 4.1.1), without the counts.
struct Header
{
    std::uint16_t id = 0;
    bool is_response = false; ///< QR
    Opcode opcode = Opcode::Query;
    bool authoritative = false;       ///< AA
    bool truncated = false;           ///< TC
    bool recursion_desired = false;   ///< RD
    bool recursion_available = false; ///< RA
    bool authentic_data = false;      ///< AD (RFC 4035), carried only
    bool checking_disabled = false;   ///< CD (RFC 4035), carried only
    Rcode rcode = Rcode::NoError;     ///< above 15 only together with EDNS

    friend bool operator==(const Header &a, const Header &b)
    {
        return a.id == b.id && a.is_response == b.is_response && a.opcode == b.opcode &&
               a.authoritative == b.authoritative && a.truncated == b.truncated &&
               a.recursion_desired == b.recursion_desired &&
               a.recursion_available == b.recursion_available &&
               a.authentic_data == b.authentic_data && a.checking_disabled == b.checking_disabled &&
               a.rcode == b.rcode;
    }
};

/// A whole message.
struct Message
{
    Header header;
    std::optional<Question> question;
    std::vector<ResourceRecord> answer;
    std::vector<ResourceRecord> authority;
    std::vector<ResourceRecord> additional; ///< without the OPT record, which is `edns`
    std::optional<Edns> edns;

    friend bool operator==(const Message &a, const Message &b)
    {
        return a.header == b.header && a.question == b.question && a.answer == b.answer &&
               a.authority == b.authority && a.additional == b.additional && a.edns == b.edns;
    }
};

/// Reads a whole message; every octet must belong to it. Cost: one allocation per section and per
/// long name.
Result<Message> decode(ByteView bytes);

/// Writes a message of at most `limit` octets (at least 512, and enough for question and EDNS).
/// When it does not fit, whole record sets are left out from the end; TC is set when one of the
/// answer is, or of the authority section of a message without answer, because only those are
/// needed (RFC 2181 9).
std::string encode(const Message &message, std::size_t limit = limits::tcp_octets_max);

/// Octets that a response over `transport` to `query` may have (RFC 1035 4.2.1, RFC 6891 6.2.3).
std::size_t response_limit(const Message &query, Transport transport);

/// The beginning of a response: id, opcode, RD, question and the presence of EDNS are the query's.
Message response_to(const Message &query);

/// FORMERR for octets that `decode` refused: as much of the head as could be read (RFC 1035 4.1.1).
/// Empty when nothing is to be sent: for a response, or what is too short to have a head.
std::string format_error_for(ByteView query);

/// A query for one name and type.
Message make_query(std::uint16_t id, const Name &name, Type type);

/// A record of class IN; `type` must agree with `data`.
ResourceRecord record_of(Name owner, Type type, std::uint32_t ttl, RData data);

/// Data in the form of a zone file: "10 mx.example.jp.".
std::string to_string(const RData &data);

/// A record in the form of a zone file: "example.jp. 3600 IN MX 10 mx.example.jp.".
std::string to_string(const ResourceRecord &record);

/// Reads data of `type` as a zone file has it, with full names: "10 mx.example.jp.".
/// For scenarios and tests; understands the types that have a name in `Type`.
Result<RData> parse_data(Type type, std::string_view text);

} // namespace mailscope::dns
