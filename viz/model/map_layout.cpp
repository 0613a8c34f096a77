// Laying out the map.
#include "viz/model/map_layout.h"

#include "sim/scenario/names.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace mailscope::viz
{
namespace
{

// The design grid.
constexpr float grid_width = 1040;
constexpr float grid_height = 390;
constexpr float home_width = 128;
constexpr float side_width = 250;
constexpr float left_home = 8;
constexpr float left_side = 150;
constexpr float middle = grid_width / 2;
constexpr float provider_height = 166;
constexpr float network_row =
    102; ///< of the wires between routers, from the bottom: words have room below
constexpr float bottom = 5;
constexpr float between = 16;
constexpr float org_height_min = 118;
constexpr float device_pitch = 84;
constexpr float dns_pitch = 37;
constexpr std::size_t mailboxes_shown = 4;

/// A home, a provider or an organisation with its machines.
struct Part
{
    std::uint32_t region = 0;
    std::uint32_t provider = 0; ///< region of the provider that it hangs on
    std::vector<HostId> hosts;
};

std::vector<std::vector<HostId>> neighbours_of(const World &world)
{
    std::vector<std::vector<HostId>> near(world.directory->hosts.size());
    const std::vector<net::Interface> &ends = world.network.interfaces();
    for (const net::Link &link : world.network.links()) {
        const HostId a = ends[link.interfaces[0]].host;
        const HostId b = ends[link.interfaces[1]].host;
        near[a.value].push_back(b);
        near[b.value].push_back(a);
    }
    return near;
}

class Layouter
{
public:
    Layouter(const Scenario &scenario, const World &world)
        : world_(world), directory_(*world.directory)
    {
        const std::size_t count = directory_.hosts.size();
        layout_.hosts.assign(count, Point{middle, 0});
        layout_.label_right.assign(count, false);
        layout_.region_of.assign(count, -1);
        collect();
        sender_ = scenario.people.empty()
                      ? HostId{}
                      : directory_.find(host_of_device(scenario.people[0].name,
                                                       devices_of(scenario.people[0])[0].name));
    }

    MapLayout run()
    {
        choose_sides();
        layout_.height = needed_height();
        const float row = layout_.height - network_row;
        place(directory_.find(backbone_host), {middle, row});
        place_dns();
        for (const bool left : {true, false}) {
            place_homes(left);
            place_organisations(left);
        }
        return std::move(layout_);
    }

private:
    const HostInfo &info(HostId host) const { return directory_.hosts[host.value]; }
    RegionKind kind_of(std::uint32_t region) const { return directory_.regions[region].kind; }

    void place(HostId host, Point at, bool right = false)
    {
        if (host.is_none())
            return;
        layout_.hosts[host.value] = at;
        layout_.label_right[host.value] = right;
    }

    void collect();
    void choose_sides();
    bool is_left(const Part &part) const
    {
        return std::find(left_providers_.begin(), left_providers_.end(), part.provider) !=
               left_providers_.end();
    }
    std::vector<const Part *> parts(RegionKind kind, bool left) const;
    float needed_height() const;
    static float home_height(const Part &part)
    {
        return 96 +
               device_pitch * static_cast<float>(std::max<std::size_t>(part.hosts.size(), 2) - 1);
    }
    std::string network_of(const Part &part) const;
    void add_region(const Part &part, const Rect &area, RegionTint tint);
    void place_dns();
    void place_homes(bool left);
    void place_organisations(bool left);
    void place_provider(const Part &part, const Rect &area, bool left);
    void place_organisation(const Part &part, const Rect &area);
    std::vector<std::string> users_at(HostId server) const;

    const World &world_;
    const Directory &directory_;
    MapLayout layout_;
    std::vector<Part> parts_;
    std::vector<HostId> dns_; ///< name servers, from the root down
    std::vector<std::uint32_t> left_providers_;
    HostId sender_;
};

void Layouter::collect()
{
    for (std::uint32_t i = 0; i < directory_.regions.size(); ++i)
        if (kind_of(i) != RegionKind::Internet)
            parts_.push_back({i, i, {}});
    for (std::uint32_t i = 0; i < directory_.hosts.size(); ++i) {
        const HostInfo &host = directory_.hosts[i];
        if (host.kind == HostKind::NameServer) {
            dns_.push_back(HostId{i});
            continue;
        }
        for (Part &part : parts_)
            if (part.region == host.region)
                part.hosts.push_back(HostId{i});
    }
    const HostId backbone = directory_.find(backbone_host);
    for (Part &part : parts_)
        if (!part.hosts.empty())
            for (const HostId step : path_between(world_, part.hosts.front(), backbone))
                if (kind_of(info(step).region) == RegionKind::Provider)
                    part.provider = info(step).region;
    std::stable_sort(dns_.begin(), dns_.end(), [&](HostId a, HostId b) {
        const auto rank = [&](HostId host) {
            return info(host).name == root_name_server                  ? 0
                   : kind_of(info(host).region) == RegionKind::Internet ? 1
                                                                        : 2;
        };
        return rank(a) < rank(b);
    });
}

/// The sender's provider is on the left; of the others, every second one, so that both sides fill.
void Layouter::choose_sides()
{
    std::vector<std::uint32_t> providers;
    for (const Part &part : parts_)
        if (kind_of(part.region) == RegionKind::Provider)
            providers.push_back(part.region);
    for (const Part &part : parts_)
        if (!sender_.is_none() && part.region == info(sender_).region) {
            const auto own = std::find(providers.begin(), providers.end(), part.provider);
            if (own != providers.end())
                std::rotate(providers.begin(), own, own + 1);
        }
    for (std::size_t i = 0; i < providers.size(); ++i)
        if (i % 2 == 0)
            left_providers_.push_back(providers[i]);
}

std::vector<const Part *> Layouter::parts(RegionKind kind, bool left) const
{
    std::vector<const Part *> found;
    for (const Part &part : parts_)
        if (kind_of(part.region) == kind && is_left(part) == left && !part.hosts.empty())
            found.push_back(&part);
    return found;
}

float Layouter::needed_height() const
{
    float height = std::max(grid_height, 60 + dns_pitch * static_cast<float>(dns_.size()) + 130);
    for (const bool left : {true, false}) {
        float homes = 10;
        for (const Part *home : parts(RegionKind::Home, left))
            homes += home_height(*home) + between;
        const auto organisations = static_cast<float>(parts(RegionKind::Organisation, left).size());
        const auto providers = static_cast<float>(parts(RegionKind::Provider, left).size());
        const float side = 20 + organisations * (org_height_min + between + 12) +
                           providers * (provider_height + between);
        height = std::max({height, homes, side});
    }
    return height;
}

/// The addresses that the backbone sends to a provider; organisations and homes have theirs of it.
std::string Layouter::network_of(const Part &part) const
{
    const HostId backbone = directory_.find(backbone_host);
    for (const HostId host : part.hosts)
        if (info(host).kind == HostKind::Provider && !backbone.is_none())
            for (const net::Route &route : world_.network.hosts()[backbone.value].routes)
                if (route.to.contains(info(host).address))
                    return to_string(route.to.address) + "/" +
                           std::to_string(route.to.prefix_length);
    return {};
}

void Layouter::add_region(const Part &part, const Rect &area, RegionTint tint)
{
    for (const HostId host : part.hosts)
        layout_.region_of[host.value] = static_cast<int>(layout_.regions.size());
    layout_.regions.push_back(
        {directory_.regions[part.region].name, network_of(part), tint, area, false});
}

void Layouter::place_dns()
{
    if (dns_.empty())
        return;
    constexpr float wide = 184;
    // The caption keeps its size while a high grid is made smaller.
    const float caption = 32 * layout_.height / grid_height;
    const Rect area{middle - wide / 2, 8, wide,
                    caption + dns_pitch * static_cast<float>(dns_.size())};
    for (std::size_t i = 0; i < dns_.size(); ++i)
        place(dns_[i],
              {area.x + 24, area.y + caption + dns_pitch * (static_cast<float>(i) + 0.45F)}, true);
    Part zone;
    zone.hosts = dns_;
    for (const HostId host : dns_)
        layout_.region_of[host.value] = static_cast<int>(layout_.regions.size());
    layout_.regions.push_back({{}, {}, RegionTint::Dns, area, false});
}

void Layouter::place_homes(bool left)
{
    const std::vector<const Part *> homes = parts(RegionKind::Home, left);
    const float x = left ? left_home : grid_width - left_home - home_width;
    float below = layout_.height - bottom;
    for (const Part *home : homes) {
        float tall = home_height(*home);
        if (homes.size() == 1)
            tall = std::max(tall, 216.0F);
        const Rect area{x, below - tall, home_width, tall};
        add_region(*home, area, RegionTint::Home);
        std::size_t devices = 0;
        for (const HostId host : home->hosts) {
            const bool router = info(host).kind == HostKind::HomeRouter;
            const float y = router ? area.bottom() + bottom - network_row
                                   : area.y + 42 + device_pitch * static_cast<float>(devices++);
            place(host, {area.x + home_width / 2, y});
        }
        below = area.y - between;
    }
}

void Layouter::place_organisations(bool left)
{
    const float x = left ? left_side : grid_width - left_side - side_width;
    float below = layout_.height - bottom;
    for (const Part *provider : parts(RegionKind::Provider, left)) {
        const Rect area{x, below - provider_height, side_width, provider_height};
        place_provider(*provider, area, left);
        below = area.y - between - 12;
    }
    const std::vector<const Part *> organisations = parts(RegionKind::Organisation, left);
    if (organisations.empty())
        return;
    constexpr float bump = 30; ///< of a cloud above its box
    const auto count = static_cast<float>(organisations.size());
    const float tall = std::min((below - bump - (count - 1) * (between + 12)) / count, 186.0F);
    for (auto part = organisations.rbegin(); part != organisations.rend(); ++part) {
        const Rect area{x, below - tall, side_width, tall};
        place_organisation(**part, area);
        below = area.y - between - 12;
    }
}

void Layouter::place_provider(const Part &part, const Rect &area, bool left)
{
    add_region(part, area, RegionTint::Provider);
    const float row = area.bottom() + bottom - network_row;
    for (const HostId host : part.hosts)
        if (info(host).kind == HostKind::Resolver)
            place(host, {left ? area.x + 140 : area.x + 48, area.y + 32}, true);
        else
            place(host, {left ? area.x + 52 : area.right() - 52, row});
}

void Layouter::place_organisation(const Part &part, const Rect &area)
{
    add_region(part, area, RegionTint::Organisation);
    const float y = area.y + std::min(area.h - 76, area.h * 0.4F);
    float x = area.x + 58;
    for (const HostId host : part.hosts) {
        place(host, {x, y});
        x += 78;
    }
    std::size_t shown = 0;
    const float free_x = part.hosts.size() > 1 ? area.right() - 36 : area.x + 150;
    for (const HostId host : part.hosts)
        for (const std::string &user : users_at(host)) {
            if (shown == mailboxes_shown)
                return;
            const std::size_t row = shown / 2;
            layout_.mailboxes.push_back({host,
                                         user,
                                         {free_x + static_cast<float>(shown % 2) * 64,
                                          y - 12 + static_cast<float>(row) * 62}});
            ++shown;
        }
}

std::vector<std::string> Layouter::users_at(HostId server) const
{
    std::vector<std::string> users;
    for (const MailServerPlace &place : world_.mail_servers) {
        if (place.server.host() != server)
            continue;
        const mail::Store &store = world_.stores[place.store];
        for (std::uint32_t user = 0; user < store.user_count(); ++user)
            users.push_back(store.mailbox(mail::UserId{user}).user);
    }
    return users;
}

} // namespace

MapLayout lay_out_map(const Scenario &scenario, const World &world)
{
    MapLayout layout = Layouter(scenario, world).run();
    layout.ghost = {92, 62};
    return layout;
}

std::vector<HostId> path_between(const World &world, HostId from, HostId to)
{
    if (from.is_none() || to.is_none())
        return {};
    const std::vector<std::vector<HostId>> near = neighbours_of(world);
    std::vector<HostId> came_from(near.size());
    std::deque<HostId> open = {from};
    came_from[from.value] = from;
    while (!open.empty()) {
        const HostId here = open.front();
        open.pop_front();
        for (const HostId next : near[here.value])
            if (came_from[next.value].is_none()) {
                came_from[next.value] = here;
                open.push_back(next);
            }
    }
    if (came_from[to.value].is_none())
        return {};
    std::vector<HostId> path = {to};
    while (path.back() != from)
        path.push_back(came_from[path.back().value]);
    std::reverse(path.begin(), path.end());
    return path;
}

} // namespace mailscope::viz
