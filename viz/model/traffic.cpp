// Hops of packets.
#include "viz/model/traffic.h"

#include "sim/net/packet.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

bool goes_off(RecordKind kind)
{
    return kind == RecordKind::PacketSent || kind == RecordKind::PacketForwarded;
}

Mark mark_of_port(std::uint16_t port)
{
    switch (port) {
    case 53:
        return Mark::Dns;
    case 25:
    case 587:
    case 465:
        return Mark::Smtp;
    case 110:
    case 995:
        return Mark::Pop3;
    case 143:
    case 993:
        return Mark::Imap;
    case 80:
    case 443:
        return Mark::Http;
    default:
        return Mark::None;
    }
}

/// What never came, because the trace ends or a machine was off, is not under way for ever.
std::uint32_t end_of(const Hop &hop)
{
    constexpr std::uint32_t patience = 64; // Records.
    return hop.end == 0xFFFFFFFFU ? hop.start + patience : hop.end;
}

/// By the well-known port (RFC 6335 6); a segment without content is plumbing.
Mark mark_of_packet(const net::Packet &packet)
{
    if (packet.payload.view().empty())
        return Mark::Tcp;
    const Mark mark = mark_of_port(packet.destination.port);
    const Mark back = mark_of_port(packet.source.port);
    return mark != Mark::None ? mark : back != Mark::None ? back : Mark::Tcp;
}

} // namespace

void Traffic::grow(const Records &records)
{
    const std::size_t known = hop_of_.size();
    hop_of_.resize(records.size(), never);
    for (std::size_t i = known; i < records.size(); ++i) {
        const Record &record = records[i];
        if (info_of(record.kind).layer != Layer::Packet)
            continue;
        if (!record.because.is_none())
            if (const auto cause = records.find(record.because);
                cause && hop_of_[*cause] != never) {
                Hop &before = hops_[hop_of_[*cause]];
                // What a router translates goes on from there.
                if (before.end == never &&
                    (record.host != before.from || record.kind == RecordKind::PacketDropped))
                    before.end = static_cast<std::uint32_t>(i);
            }
        if (!goes_off(record.kind) || record.peer.is_none() ||
            record.packet >= records.packet_count())
            continue;
        hop_of_[i] = static_cast<std::uint32_t>(hops_.size());
        hops_.push_back({static_cast<std::uint32_t>(i), never, record.host, record.peer,
                         record.packet, mark_of_packet(records.packet(record.packet))});
    }
    reach_.clear();
    reach_.reserve(hops_.size());
    for (const Hop &hop : hops_)
        reach_.push_back(std::max(reach_.empty() ? 0U : reach_.back(), end_of(hop)));
}

template <class Visit> void Traffic::for_each_at(std::size_t record, Visit visit) const
{
    const auto after =
        std::upper_bound(hops_.begin(), hops_.end(), record,
                         [](std::size_t wanted, const Hop &hop) { return wanted < hop.start; });
    for (auto i = static_cast<std::size_t>(after - hops_.begin()); i-- > 0;) {
        if (reach_[i] <= record)
            return; // None of those before reaches so far.
        if (end_of(hops_[i]) > record)
            visit(hops_[i]);
    }
}

std::vector<Hop> Traffic::at(std::size_t record) const
{
    std::vector<Hop> found;
    for_each_at(record, [&](const Hop &hop) { found.push_back(hop); });
    std::reverse(found.begin(), found.end());
    return found;
}

std::size_t Traffic::count_at(std::size_t record) const
{
    std::size_t count = 0;
    for_each_at(record, [&](const Hop &) { ++count; });
    return count;
}

std::size_t Traffic::busiest() const
{
    std::vector<std::int32_t> change(hop_of_.size() + 1);
    for (const Hop &hop : hops_) {
        ++change[hop.start];
        --change[std::min<std::size_t>(end_of(hop), hop_of_.size())];
    }
    std::size_t best = 0;
    std::int32_t most = 0;
    std::int32_t now = 0;
    for (std::size_t i = 0; i < hop_of_.size(); ++i) {
        now += change[i];
        if (now > most) {
            most = now;
            best = i;
        }
    }
    return best;
}

} // namespace mailscope::viz
