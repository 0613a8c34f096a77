// What the network tells its owner.
//
// The network knows no trace and no programs. Whatever happens on it becomes an event, taken by
// the World after each call: some become trace records, some go to the program that owns the
// connection or the port. A packet named by an event stays readable until the next step.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/id.h"
#include "sim/core/slab.h"
#include "sim/net/packet.h"

#include <cstdint>

namespace mailscope::net
{

/// No packet.
inline constexpr std::uint32_t no_packet = 0xFFFFFFFFU;

/// Who is told about a connection or a port: a role of a host, chosen by the World.
struct Owner
{
    std::uint16_t role = 0;
    std::uint16_t index = 0;
    std::uint32_t session = 0xFFFFFFFFU; ///< set by the owner once it knows the connection
};

enum class EventKind : std::uint8_t
{
    PacketSent,       ///< a host put the packet on the link
    PacketForwarded,  ///< a router put it on the next link
    PacketTranslated, ///< a router rewrote an address (NAT, RFC 3022)
    PacketDropped,    ///< it goes no further: see `reason`
    PacketArrived,    ///< it reached the host that it is for
    PortClosed,       ///< it reached its host, but nobody listens there; RST goes back
    SegmentRepeated,  ///< TCP sent it again, nothing came back in time
    DatagramArrived,  ///< for the owner of a UDP port
    Accepted,         ///< for the owner of a listening port: a new connection is established
    Connected,        ///< for the owner: the connection it asked for is established
    ConnectFailed,    ///< for the owner: refused or timed out, see `reason`
    DataArrived,      ///< for the owner: the next bytes of the stream
    PeerClosed,       ///< for the owner: the peer will send no more (FIN)
    ConnectionLost,   ///< for the owner: reset or timed out, see `reason`
};

enum class Reason : std::uint8_t
{
    None,
    LinkCut,
    LinkLoss,
    HostDown,
    NoRoute,        ///< no way to this address from here
    PrivateAddress, ///< a private address has no meaning on the public network (RFC 1918 3)
    TimeToLiveExceeded,
    NoTranslation, ///< a NAT router knows nobody inside who asked for this
    PortClosed,    ///< nobody listens there
    QueueFull,
    Refused,    ///< the peer answered with RST to the first SYN
    Reset,      ///< the peer sent RST
    TimedOut,   ///< nothing came back in time
    NoFreePort, ///< the host has no port left for another connection to that peer
};

struct Event
{
    EventKind kind = EventKind::PacketSent;
    Reason reason = Reason::None;
    HostId host;                      ///< where it happened
    LinkId link;                      ///< for packets on a link
    std::uint32_t packet = no_packet; ///< index of the packet, for packet events and datagrams
    Handle connection;                ///< for connection events
    Owner owner;
    SharedBytes data; ///< DataArrived, DatagramArrived: the payload
    // For ConnectFailed and ConnectionLost, after which the connection is gone:
    ConnectionId conversation;
    Endpoint remote;
    RecordId because; ///< the last thing it had to say
};

} // namespace mailscope::net
