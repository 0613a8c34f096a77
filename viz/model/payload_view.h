// What the octets inside a packet are: verb, path, code, tag, header field, body, literal.
//
// That follows from the trace and is never guessed from how octets look. Commands, replies and
// stretches of content are records with their whole text; one after the other they are the stream
// of octets in which a segment's sequence number names a place. So each octet of a segment belongs
// to a record, also where a line or a letter goes on from the segment before. DNS messages are read
// as RFC 1035 4.1 lays them out, records of TLS as RFC 8446 5.1 does; what is inside those is not
// read, as nobody on the way could.
#pragma once

#include "sim/net/packet.h"
#include "sim/trace/records.h"
#include "viz/model/rows.h"

#include <cstddef>
#include <vector>

namespace mailscope::viz
{

/// A part of a payload, and the record that tells what was said with it.
struct Stretch
{
    std::size_t record = 0;
    std::size_t offset = 0; ///< in the payload
    std::size_t length = 0;
    std::size_t from = 0; ///< where it begins in the record's text
};

/// The lines of one TCP connection up to a packet.
struct Talk
{
    std::vector<std::size_t> lines;     ///< records of both sides, in order
    std::vector<Stretch> stretches;     ///< of the packet's payload; empty where nothing is known
    HostId sender;                      ///< of the packet
    Protocol protocol = Protocol::None; ///< of what it carries; None where nothing is known
};

/// What the packet carries that the record at `index` is about. Nothing is known of datagrams, and
/// of connections that began too many records ago.
Talk talk_around(const Records &records, std::size_t index, const net::Packet &packet);

/// Adds the fields of the payload, which begins at octet `base` of the packet, to the last layer:
/// first those of the record `present`, which may share the segment with others.
void describe_payload(const Records &records, const Talk &talk, std::size_t present,
                      std::size_t base, InspectorView &view);

/// The same for a DNS message: in a datagram, or behind its length (RFC 1035 4.2.2).
void describe_dns(ByteView payload, net::Transport transport, std::size_t base,
                  InspectorView &view);

} // namespace mailscope::viz
