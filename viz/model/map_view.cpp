// The map at a moment.
#include "sim/core/text.h"
#include "sim/scenario/names.h"
#include "sim/world/inspect.h"
#include "sim/world/outside.h"
#include "viz/model/last_change.h"
#include "viz/model/map_faults.h"
#include "viz/model/map_traffic.h"
#include "viz/model/views.h"

#include <algorithm>
#include <utility>

namespace mailscope::viz
{
namespace
{

HostShape shape_of(HostKind kind)
{
    switch (kind) {
    case HostKind::Device:
        return HostShape::Laptop;
    case HostKind::HomeRouter:
    case HostKind::Provider:
    case HostKind::Backbone:
        return HostShape::Router;
    case HostKind::Resolver:
    case HostKind::NameServer:
        return HostShape::DnsServer;
    case HostKind::MailServer:
        break;
    }
    return HostShape::Server;
}

/// A user's name in an address: "bob" of "<bob@example.jp>".
std::string user_in(std::string_view text)
{
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos)
        return {};
    std::size_t start = at;
    while (start > 0 && text[start - 1] != '<' && text[start - 1] != ' ' && text[start - 1] != ':')
        --start;
    return std::string(text.substr(start, at - start));
}

class MapMaker
{
public:
    MapMaker(const Moment &now, const MapLayout &layout) : now_(now), layout_(layout) {}

    MapView make()
    {
        view_.width = layout_.width;
        view_.height = layout_.height;
        for (std::uint32_t i = 0; i < now_.world.directory->hosts.size(); ++i)
            places_.push_back(place_of(HostId{i}));
        add_regions();
        add_links();
        add_hosts();
        add_mailboxes();
        if (!now_.story.steps().empty())
            add_now();
        add_key();
        view_.faults = fault_rows(now_, places_);
        add_traffic(now_, places_, view_);
        return std::move(view_);
    }

private:
    Point place_of(HostId host) const;
    void add_regions();
    void add_links();
    void add_hosts();
    void add_mailboxes();
    void add_badges();
    BadgeRow queue_badge(HostId host, std::size_t letters) const;
    void add_now();
    void add_flight(const StoryStep &step);
    void add_ghost(const Record &record, HostId asked);
    void add_key();
    HostRow *row_of(HostId host);
    bool link_is_broken(const net::Link &link) const;

    const Moment &now_;
    const MapLayout &layout_;
    MapView view_;
    std::vector<Point> places_;
    std::vector<HostId> taking_part_;
};

Point MapMaker::place_of(HostId host) const
{
    const auto moved = now_.state.moved_hosts.find(now_.state.place_key(now_.words.host(host)));
    return moved == now_.state.moved_hosts.end() ? layout_.hosts[host.value] : moved->second;
}

void MapMaker::add_regions()
{
    const Directory &directory = *now_.world.directory;
    view_.regions = layout_.regions;
    for (std::size_t i = 0; i < view_.regions.size(); ++i) {
        RegionRow &region = view_.regions[i];
        if (region.tint == RegionTint::Dns)
            region.name = now_.words.view("dns-hierarchy");
        else if (region.tint == RegionTint::Home)
            region.name = now_.words.place(region.name);
        for (std::uint32_t host = 0; host < directory.hosts.size(); ++host)
            if (layout_.region_of[host] == static_cast<int>(i) &&
                directory.hosts[host].name == outside_name)
                region.name = now_.words.view("outside");
    }
}

bool MapMaker::link_is_broken(const net::Link &link) const
{
    return link.cut || link.extra_loss_per_million >= 500'000;
}

void MapMaker::add_links()
{
    const std::vector<net::Interface> &ends = now_.world.network.interfaces();
    for (const net::Link &link : now_.world.network.links()) {
        const HostId a = ends[link.interfaces[0]].host;
        const HostId b = ends[link.interfaces[1]].host;
        const bool to_dns = now_.world.directory->hosts[a.value].kind == HostKind::NameServer ||
                            now_.world.directory->hosts[b.value].kind == HostKind::NameServer;
        if (to_dns && !link_is_broken(link))
            continue; // Questions are drawn as curves from who asks to who answers.
        view_.links.push_back({{places_[a.value], places_[b.value]},
                               false,
                               link_is_broken(link) ? LinkLook::Broken : LinkLook::Idle,
                               Mark::None});
    }
}

void MapMaker::add_hosts()
{
    const Directory &directory = *now_.world.directory;
    for (std::uint32_t i = 0; i < directory.hosts.size(); ++i) {
        const HostInfo &host = directory.hosts[i];
        HostRow row;
        row.host = static_cast<int>(i);
        row.key = host.name;
        row.name = now_.words.short_host(HostId{i});
        if (host.kind == HostKind::NameServer && row.name.find('.') == std::string::npos &&
            host.name != root_name_server)
            row.name = host.name;
        row.address = host.kind == HostKind::Backbone ? "" : to_string(host.address);
        row.shape = shape_of(host.kind);
        if (host.kind == HostKind::Device && host.name.find("phone") != std::string::npos)
            row.shape = HostShape::Phone;
        row.at = places_[i];
        row.label_right = layout_.label_right[i];
        view_.hosts.push_back(std::move(row));
    }
    for (const FaultSpec &fault : now_.world.faults)
        if (HostRow *row = row_of(directory.find(fault.host)))
            row->trouble = Mark::Temporary;
    add_badges();
}

HostRow *MapMaker::row_of(HostId host)
{
    return host.is_none() || host.value >= view_.hosts.size() ? nullptr : &view_.hosts[host.value];
}

/// How many letters wait, and how long the next attempt is off.
BadgeRow MapMaker::queue_badge(HostId host, std::size_t letters) const
{
    BadgeRow badge{Mark::Letter, std::to_string(letters),
                   last_change(now_, {host, {}, Holds::Queue})};
    for (const QueueRow &row : queue_rows(now_.world)) {
        if (row.host != host || row.state != DeliveryState::Waiting || row.attempt == 0 ||
            badge.record < 0 || row.next_attempt <= now_.world.now)
            continue;
        const SimTime since = now_.records[static_cast<std::size_t>(badge.record)].at;
        const auto whole = static_cast<float>((row.next_attempt - since).count());
        const auto left = static_cast<float>((row.next_attempt - now_.world.now).count());
        badge.wait = std::max(badge.wait, std::clamp(left / std::max(whole, 1.0F), 0.0F, 1.0F));
    }
    return badge;
}

void MapMaker::add_badges()
{
    std::vector<std::size_t> queued(view_.hosts.size());
    std::vector<std::size_t> cached(view_.hosts.size());
    for (const QueueRow &row : queue_rows(now_.world))
        ++queued[row.host.value];
    for (const CachedRow &row : cache_rows(now_.world))
        ++cached[row.host.value];
    for (std::uint32_t i = 0; i < view_.hosts.size(); ++i) {
        if (queued[i] > 0)
            view_.hosts[i].badges.push_back(queue_badge(HostId{i}, queued[i]));
        if (cached[i] > 0)
            view_.hosts[i].badges.push_back({Mark::Dns, std::to_string(cached[i]),
                                             last_change(now_, {HostId{i}, {}, Holds::Cache})});
    }
    for (const DeviceRow &row : device_rows(now_.world)) {
        HostRow *host = row_of(row.host);
        if (host == nullptr)
            continue;
        const std::size_t letters = row.letters + letters_in(row.folders) + row.outbox;
        if (letters > 0)
            host->badges.push_back({Mark::Letter, std::to_string(letters),
                                    last_change(now_, {row.host, {}, Holds::Device})});
        if (!row.online)
            host->trouble = Mark::Temporary;
    }
}

void MapMaker::add_mailboxes()
{
    const std::vector<MailboxRow> boxes = mailbox_rows(now_.world);
    for (const MailboxPlacement &place : layout_.mailboxes) {
        HostRow row;
        row.host = static_cast<int>(place.host.value);
        row.key = place.user + " " + now_.words.host(place.host);
        row.name = place.user.substr(0, place.user.find('@'));
        row.shape = HostShape::Mailbox;
        const Point server = places_[place.host.value];
        const Point drawn = layout_.hosts[place.host.value];
        row.at = {place.at.x + server.x - drawn.x, place.at.y + server.y - drawn.y};
        for (const MailboxRow &box : boxes)
            if (box.host == place.host && box.user == place.user) {
                const std::size_t letters = box.letters + letters_in(box.folders);
                if (letters > 0)
                    row.badges.push_back({Mark::Letter, std::to_string(letters),
                                          last_change(now_, {box.host, box.user, Holds::Mailbox})});
                // Full: an eighth is left at most, and a letter with a picture does not fit.
                if (box.quota != 0)
                    row.filled = std::min(
                        static_cast<float>(box.bytes) / static_cast<float>(box.quota), 1.0F);
                row.is_full = box.quota != 0 && box.bytes + box.quota / 8 >= box.quota;
                if (box.locked)
                    row.badges.push_back({Mark::Pop3, now_.words.view("locked"), -1});
            }
        // Full, when something is refused for it (RFC 3463 3.3: X.2.2).
        const std::uint32_t status = now_.records.empty() ? 0 : now_.record().status;
        if (row.is_full && (status == status_number(5, 2, 2) || status == status_number(4, 2, 2)))
            row.trouble = trouble_mark(now_.record());
        view_.links.push_back({{server, row.at}, false, LinkLook::Idle, Mark::None});
        view_.hosts.push_back(std::move(row));
    }
}

/// A mailbox that was asked for and is not there, beside the server that was asked.
void MapMaker::add_ghost(const Record &record, HostId asked)
{
    const Point server = places_[asked.value];
    if (record.status != status_number(5, 1, 1))
        return;
    const std::string user = user_in(record.text.view());
    if (user.empty())
        return;
    HostRow ghost;
    ghost.host = static_cast<int>(asked.value);
    ghost.key = "ghost";
    ghost.name = user;
    ghost.address = now_.words.view("no-such-user");
    ghost.shape = HostShape::GhostMailbox;
    ghost.at = {server.x + layout_.ghost.x, server.y + layout_.ghost.y};
    ghost.label_right = true;
    view_.links.push_back({{server, ghost.at}, false, LinkLook::Broken, Mark::Permanent});
    view_.hosts.push_back(std::move(ghost));
}

void MapMaker::add_flight(const StoryStep &step)
{
    FlightRow flight;
    flight.mark = step.mark;
    flight.trouble = step.trouble;
    const Point from = places_[step.from.value];
    const Point to = places_[step.to.value];
    const bool to_name_server =
        now_.world.directory->hosts[step.from.value].kind == HostKind::NameServer ||
        now_.world.directory->hosts[step.to.value].kind == HostKind::NameServer;
    const bool packet = info_of(now_.record().kind).layer == Layer::Packet;
    if (to_name_server && !packet) {
        const float bend = (to.x - from.x) * 0.4F;
        flight.path = {from, {from.x + bend, from.y - 40}, {to.x - bend, to.y + 20}, to};
        flight.curved = true;
        view_.links.push_back({flight.path, true, LinkLook::Active, step.mark});
    } else {
        for (const HostId host : path_between(now_.world, step.from, step.to)) {
            flight.path.push_back(places_[host.value]);
            taking_part_.push_back(host);
        }
        if (flight.path.size() < 2)
            return;
        view_.links.push_back({flight.path, false, LinkLook::Active, step.mark});
    }
    if (now_.state.playing && !now_.state.reduced_motion) {
        flight.at = now_.state.progress;
        flight.rests = false;
    }
    view_.flights.push_back(std::move(flight));
}

void MapMaker::add_now()
{
    const Record &record = now_.record();
    const StoryExchange &exchange =
        now_.story.exchanges()[now_.story.steps()[now_.step()].exchange];
    const StoryStep step = is_step(record) ? now_.story.steps()[now_.step()]
                                           : step_of(record, now_.index(), now_.world);
    taking_part_ = {step.from, step.to, exchange.client, exchange.server};
    CalloutRow callout;
    callout.number = std::to_string(now_.step() + 1);
    callout.headline = now_.words.headline(record);
    callout.gloss = now_.words.sentence(now_.records, record);
    callout.mark = step.mark;
    callout.is_trouble = step.trouble != Mark::None;
    if (!step.to.is_none() && step.from != step.to)
        add_flight(step);
    if (view_.flights.empty() && !step.from.is_none()) {
        callout.at = places_[step.from.value];
        if (HostRow *row = row_of(step.from))
            row->is_now = true;
    }
    // Where the mailbox was looked for, which is not always where one hears of it.
    HostId asked = refusing_server(now_);
    if (asked.is_none())
        asked = record.host;
    if (!asked.is_none())
        add_ghost(record, asked);
    for (HostRow &row : view_.hosts) {
        const HostId host{static_cast<std::uint32_t>(row.host)};
        row.takes_part =
            std::find(taking_part_.begin(), taking_part_.end(), host) != taking_part_.end();
        if (step.trouble != Mark::None && host == record.host && row.shape == HostShape::Server &&
            step.to.is_none())
            row.trouble = step.trouble;
    }
    for (std::size_t i = 0; i < view_.regions.size(); ++i)
        view_.regions[i].dimmed =
            std::none_of(taking_part_.begin(), taking_part_.end(), [&](HostId host) {
                return !host.is_none() && layout_.region_of[host.value] == static_cast<int>(i);
            });
    if (!step.from.is_none() || !view_.flights.empty())
        view_.callout = std::move(callout);
    if (now_.state.show_why)
        for (const WhyRow &why : why_rows(now_))
            if (why.record >= 0)
                if (HostRow *row = row_of(now_.records[static_cast<std::size_t>(why.record)].host))
                    row->pins.push_back({why.number, why.record, why.is_future});
}

void MapMaker::add_key()
{
    for (unsigned mark = 0; mark < static_cast<unsigned>(Mark::None); ++mark)
        if ((now_.story.marks() >> mark & 1U) != 0)
            view_.key.push_back(static_cast<Mark>(mark));
}

} // namespace

MapView map_view(const Moment &now, const MapLayout &layout)
{
    return MapMaker(now, layout).make();
}

} // namespace mailscope::viz
