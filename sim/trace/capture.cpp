// From the trace to what is seen at chosen places.
#include "sim/trace/capture.h"

#include "sim/net/events.h"

#include <iterator>
#include <utility>

namespace mailscope
{
namespace
{

net::Reason reason_of(const Record &record) { return static_cast<net::Reason>(record.code); }

/// Lost before it came out at the far end of the wire, and not by the host there.
bool is_lost_on_wire(net::Reason reason)
{
    return reason == net::Reason::LinkCut || reason == net::Reason::LinkLoss ||
           reason == net::Reason::QueueFull;
}

} // namespace

void Capture::note(const Record &record, const Records &records)
{
    if (info_of(record.kind).layer != Layer::Packet || record.packet >= records.packet_count())
        return settle();
    const net::Packet &packet = records.packet(record.packet);
    if (record.kind == RecordKind::PacketDropped)
        drop(record, packet);
    settle();
    switch (record.kind) {
    case RecordKind::PacketSent:
        return leave(record, packet);
    case RecordKind::PacketForwarded:
        arrive(record, packet);
        return leave(record, packet);
    case RecordKind::PacketTranslated:
        translated_ = packet.number;
        return arrive(record, packet);
    case RecordKind::PacketArrived:
        return arrive(record, packet);
    default:
        return;
    }
}

void Capture::settle()
{
    ready_.insert(ready_.end(), std::make_move_iterator(held_.begin()),
                  std::make_move_iterator(held_.end()));
    held_.clear();
}

std::vector<Sighting> Capture::take() { return std::exchange(ready_, {}); }

/// The record's host puts the packet on the record's wire.
void Capture::leave(const Record &record, const net::Packet &packet)
{
    crossing_[packet.number] = {packet, record.link, record.id};
    const bool as_before = record.kind == RecordKind::PacketForwarded &&
                           std::exchange(translated_, std::nullopt) != packet.number;
    if (wires_ == Wires::FirstOfItsAddresses && as_before)
        return;
    for (std::size_t i = 0; i < taps_.size(); ++i) {
        const bool on_wire = taps_[i].host.is_none();
        if (taps_[i].link != record.link || (!on_wire && taps_[i].host != record.host))
            continue;
        held_.push_back({i, record.at, packet,
                         on_wire ? pcapng::Direction::Unknown : pcapng::Direction::Outbound,
                         record.id, RecordId{}});
    }
}

/// The packet has reached the record's host, if it was on a wire at all.
void Capture::arrive(const Record &record, const net::Packet &packet)
{
    const auto found = crossing_.find(packet.number);
    if (found == crossing_.end())
        return;
    const Crossing &crossing = found->second;
    for (std::size_t i = 0; i < taps_.size(); ++i)
        if (taps_[i].host == record.host && taps_[i].link == crossing.link)
            ready_.push_back({i, record.at, crossing.packet, pcapng::Direction::Inbound,
                              crossing.record, RecordId{}});
    crossing_.erase(found);
}

/// The packet goes no further: lost on the wire, not taken by a host that is off, or refused by one
/// that saw it.
void Capture::drop(const Record &record, const net::Packet &packet)
{
    const net::Reason reason = reason_of(record);
    if (!is_lost_on_wire(reason) && reason != net::Reason::HostDown)
        return arrive(record, packet);
    crossing_.erase(packet.number);
    const bool at_once = !held_.empty() && held_.front().packet.number == packet.number &&
                         held_.front().at == record.at;
    if (!at_once)
        return;
    // A wire that is cut, or a queue in front of it that is full, has not carried the packet.
    const bool carried = reason == net::Reason::LinkLoss;
    std::erase_if(held_, [&](const Sighting &sighting) {
        return !carried && taps_[sighting.tap].host.is_none();
    });
    for (Sighting &sighting : held_)
        sighting.lost = record.id;
}

} // namespace mailscope
