// What is seen of the network's packets at chosen places, as a capture program there would see it.
//
// It is fed the trace record by record, and gives sightings in the order of time, so that a capture
// can be written while a World runs. At a host's interface is seen what the host puts on the wire
// and what reaches it: a packet that is lost on the way is seen at its sender only, a router that
// translates addresses shows the one address inside and the other outside, and a host that is off
// sees nothing. On a wire is seen what travelled on it, once. Whoever looks at all wires may have
// each packet at its first one only, and anew where a router has changed its addresses: so both
// sides of every conversation are there, and nothing looks as if it was sent again. How a file of
// it looks is not known here (pcapng.h).
#pragma once

#include "sim/trace/pcapng.h"
#include "sim/trace/records.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mailscope
{

/// A place where packets are seen: one end of a wire, or, without a host, the wire.
struct Tap
{
    HostId host;
    LinkId link;
};

/// Which wires of its way a packet is seen on.
enum class Wires : std::uint8_t
{
    Each,
    FirstOfItsAddresses,
};

/// One packet at one place.
struct Sighting
{
    std::size_t tap = 0;
    SimTime at;
    net::Packet packet; ///< as it was there
    pcapng::Direction direction = pcapng::Direction::Unknown;
    RecordId record; ///< that put it on this wire
    RecordId lost;   ///< that tells of its loss on this wire, where that is known at once
};

class Capture
{
public:
    explicit Capture(std::vector<Tap> taps, Wires wires = Wires::Each)
        : taps_(std::move(taps)), wires_(wires)
    {
    }

    /// Takes the next record of the trace, of whatever kind. All packet records must come, from a
    /// trace that keeps everything; `records` is the trace that keeps the record's packet.
    void note(const Record &record, const Records &records);

    /// Gives out the last packet, too, whose fate the next record might have told.
    void settle();

    /// The sightings since the last call.
    std::vector<Sighting> take();

private:
    /// A packet on a wire.
    struct Crossing
    {
        net::Packet packet;
        LinkId link;
        RecordId record;
    };

    void leave(const Record &record, const net::Packet &packet);
    void arrive(const Record &record, const net::Packet &packet);
    void drop(const Record &record, const net::Packet &packet);

    std::vector<Tap> taps_;
    Wires wires_;
    std::optional<std::uint32_t> translated_;    ///< the packet whose addresses were changed last
    std::map<std::uint32_t, Crossing> crossing_; ///< by the packet's number
    std::vector<Sighting> held_; ///< of the last record, which the next may say is lost
    std::vector<Sighting> ready_;
};

} // namespace mailscope
