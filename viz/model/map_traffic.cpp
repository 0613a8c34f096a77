// Packets and letters under way.
#include "viz/model/map_traffic.h"

#include "sim/net/packet.h"
#include "sim/world/inspect.h"
#include "viz/model/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace mailscope::viz
{
namespace
{

/// How far a letter is, by the state of the engine that hands it on or fetches it.
float share_of(std::string_view state)
{
    constexpr std::string_view done[] = {"EndOfData", "Quit", "Closed", "Rset"};
    constexpr std::string_view content[] = {"Data", "Retr", "Retrieving", "Fetching"};
    if (std::find(std::begin(done), std::end(done), state) != std::end(done))
        return 0.82F;
    return std::find(std::begin(content), std::end(content), state) != std::end(content) ? 0.5F
                                                                                         : 0.2F;
}

std::string label_of(const net::Packet &packet)
{
    const std::size_t size = packet.payload.size();
    std::string label = size == 0 ? std::string() : fmt::format("{} B", size);
    if (packet.transport == net::Transport::Tcp) {
        if ((packet.flags & net::tcp_flag::syn) != 0)
            label = (packet.flags & net::tcp_flag::ack) != 0 ? "SYN ACK" : "SYN";
        else if ((packet.flags & net::tcp_flag::rst) != 0)
            label = "RST";
        else if ((packet.flags & net::tcp_flag::fin) != 0)
            label = "FIN";
        else if (size == 0)
            label = "ACK";
    }
    return label;
}

bool same(Point a, Point b) { return a.x == b.x && a.y == b.y; }

class TrafficMaker
{
public:
    TrafficMaker(const Moment &now, const std::vector<Point> &places, MapView &view)
        : now_(now), places_(places), view_(view), zoom_(now.state.camera.zoom), time_(time())
    {
    }

    void make()
    {
        const std::vector<Hop> hops = now_.traffic->at(now_.index());
        add_letters();
        view_.under_way = hops.size() + view_.others.size() + view_.flights.size();
        if (hops.size() > flights_max || zoom_ < zoom_far)
            add_flows(hops);
        else
            for (const Hop &hop : hops)
                add_packet(hop);
    }

private:
    SimTime time() const;
    void add_letters();
    void add_flows(const std::vector<Hop> &hops);
    void add_packet(const Hop &hop);
    bool is_main(HostId a, HostId b) const;

    const Moment &now_;
    const std::vector<Point> &places_;
    MapView &view_;
    float zoom_;
    SimTime time_;
};

/// The moment that is shown: at the cursor, or while playing on the way to the next step.
SimTime TrafficMaker::time() const
{
    const SimTime here = now_.record().at;
    const std::size_t next = now_.step() + 1;
    if (!now_.state.playing || now_.state.reduced_motion || next >= now_.story.steps().size())
        return here;
    const Duration gap = now_.records[now_.story.steps()[next].record].at - here;
    if (gap >= pause_from || gap <= Duration::zero())
        return here;
    const double share = std::clamp(static_cast<double>(now_.state.progress), 0.0, 1.0);
    return here + Duration(static_cast<std::int64_t>(static_cast<double>(gap.count()) * share));
}

/// Whether the present step is about these two, so that its own mark stands for it.
bool TrafficMaker::is_main(HostId a, HostId b) const
{
    const Record &record = now_.record();
    return (record.host == a && record.peer == b) || (record.host == b && record.peer == a);
}

void TrafficMaker::add_letters()
{
    for (const EngineRow &row : engine_rows(now_.world)) {
        const bool fetches = row.engine == "pop3-client" || row.engine == "imap-client";
        if ((row.engine != "smtp-client" && !fetches) || row.peer.is_none() ||
            is_main(row.host, row.peer))
            continue;
        FlightRow letter;
        for (const HostId host :
             path_between(now_.world, fetches ? row.peer : row.host, fetches ? row.host : row.peer))
            letter.path.push_back(places_[host.value]);
        letter.mark = row.engine == "smtp-client"   ? Mark::Letter
                      : row.engine == "pop3-client" ? Mark::Pop3
                                                    : Mark::Imap;
        letter.at = share_of(row.state);
        if (letter.path.size() >= 2)
            view_.others.push_back(std::move(letter));
    }
}

void TrafficMaker::add_flows(const std::vector<Hop> &hops)
{
    std::map<std::tuple<std::uint32_t, std::uint32_t, Mark>, std::size_t> counts;
    for (const Hop &hop : hops)
        ++counts[{hop.from.value, hop.to.value, hop.mark}];
    for (const FlightRow &letter : std::exchange(view_.others, {}))
        view_.flows.push_back({{letter.path.front(), letter.path.back()}, letter.mark, 1});
    for (const auto &[way, count] : counts)
        view_.flows.push_back(
            {{places_[std::get<0>(way)], places_[std::get<1>(way)]}, std::get<2>(way), count});
}

void TrafficMaker::add_packet(const Hop &hop)
{
    const bool near = zoom_ >= zoom_near;
    const Record &start = now_.records[hop.start];
    // The present step's own packet is seen close up only: from afar the step's mark is it.
    if (!near && (hop.start == now_.index() || (!start.conversation.is_none() &&
                                                start.conversation == now_.record().conversation)))
        return;
    FlightRow flight;
    flight.path = {places_[hop.from.value], places_[hop.to.value]};
    flight.mark = hop.mark;
    flight.at = 0.5F;
    if (hop.end < now_.records.size()) {
        const auto whole = static_cast<float>((now_.records[hop.end].at - start.at).count());
        const auto gone = static_cast<float>((time_ - start.at).count());
        flight.at = whole > 0 ? std::clamp(gone / whole, 0.04F, 0.96F) : 0.5F;
    }
    if (near)
        flight.label = label_of(now_.records.packet(hop.packet));
    constexpr float together = 0.07F; // Of the way: about the size of a mark.
    for (FlightRow &other : view_.others)
        if (!near && other.mark == flight.mark && other.path.size() == 2 &&
            same(other.path[0], flight.path[0]) && same(other.path[1], flight.path[1]) &&
            std::abs(other.at - flight.at) < together) {
            other.label = fmt::format("×{}", ++other.count);
            return;
        }
    view_.others.push_back(std::move(flight));
}

} // namespace

void add_traffic(const Moment &now, const std::vector<Point> &places, MapView &view)
{
    if (now.traffic != nullptr && !now.records.empty() && !now.story.steps().empty())
        TrafficMaker(now, places, view).make();
}

} // namespace mailscope::viz
