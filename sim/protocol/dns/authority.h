// An authoritative name server, as a pure function from zones and a query to a response.
//
// Follows the algorithm of RFC 1034 4.3.2 without its recursive part: authoritative data, CNAME
// chains inside the zones, referrals with glue, wildcards (4.3.3), name errors and no-data answers
// with SOA (RFC 2308 2). Checked against NSD. Has no state: a name server host keeps only zones.
#pragma once

#include "sim/protocol/dns/zone.h"

#include <span>
#include <string>

namespace mailscope::dns
{

/// The whole response to a query, whatever its length. The query must not itself be a response.
Message answer(std::span<const Zone> zones, const Message &query);

/// Octets in, octets out: what a server sends back for what it received, cut to what `transport`
/// and the query allow. Empty when nothing is to be sent: for a message that is itself a response,
/// or too short to have an id. A malformed query gets FORMERR.
std::string respond(std::span<const Zone> zones, ByteView query, Transport transport);

} // namespace mailscope::dns
