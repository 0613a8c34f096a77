// What a name server's response means to a resolver that asked it (RFC 1034 5.3.3 step 4).
//
// A pure function, so that every odd response is a test of one line. Only what the server may speak
// of counts: records at or below the zone it was asked as a server of, and of class IN. Whether the
// response belongs to a query at all (path, id, question) is the resolver's matter.
#pragma once

#include "sim/protocol/dns/events.h"

#include <optional>
#include <vector>

namespace mailscope::dns
{

enum class ReplyKind : std::uint8_t
{
    Answer,    ///< the wanted set, maybe behind aliases
    Alias,     ///< aliases that lead to a name of which the response knows nothing
    NoData,    ///< RFC 2308 2.2
    NameError, ///< RFC 2308 2.1
    Referral,  ///< to the servers of a zone below the one asked
    Useless,   ///< see `fault`
};

struct Reply
{
    ReplyKind kind = ReplyKind::Useless;
    ServerFault fault = ServerFault::ErrorCode;
    Name name;                           ///< where the aliases lead; without any, the name asked
    std::vector<ResourceRecord> answer;  ///< the aliases in order, then the wanted set
    std::vector<ResourceRecord> servers; ///< of a referral: the NS set; its owner is the zone
    std::optional<ResourceRecord> soa;   ///< of a "no", when it came with one
};

/// Reads `response` as an answer to (`name`, `type`) from a server of `zone`.
Reply interpret(const Message &response, const Name &name, Type type, const Name &zone);

} // namespace mailscope::dns
