// A machine for somebody outside.
#include "sim/world/outside.h"

#include <algorithm>
#include <optional>

namespace mailscope
{
namespace
{

constexpr std::uint32_t provider_block = 64; ///< addresses of a provider (scenario/build.cpp)

std::optional<Ipv4Address> free_address(const Directory &directory, Ipv4Address router)
{
    const std::uint32_t first = router.value & ~(provider_block - 1);
    // From the end: customers of the scenario have the addresses at the beginning.
    for (std::uint32_t i = provider_block - 2; i > 1; --i)
        if (directory.at(Ipv4Address{first + i}).is_none())
            return Ipv4Address{first + i};
    return std::nullopt;
}

} // namespace

Result<void> add_outside_host(World &world, const std::string &name)
{
    MS_CHECK(world.outside.empty());
    Directory &directory = world.directory.edit();
    const auto provider =
        std::find_if(directory.hosts.begin(), directory.hosts.end(),
                     [](const HostInfo &host) { return host.kind == HostKind::Provider; });
    if (provider == directory.hosts.end())
        return fail("no provider to connect " + name + " to");
    const HostId router{static_cast<std::uint32_t>(provider - directory.hosts.begin())};
    const Ipv4Address router_address = provider->address;
    const std::optional<Ipv4Address> address = free_address(directory, router_address);
    if (!address)
        return fail("no address left for " + name);
    const HostId host = world.network.add_host(false);
    directory.regions.push_back({name, RegionKind::Home});
    directory.hosts.push_back({name, HostKind::Device,
                               static_cast<std::uint32_t>(directory.regions.size() - 1), *address});
    const LinkId link = world.network.connect(host, *address, router, router_address,
                                              {1ms, 1'000'000'000, 0}, Rng(1, "loss of " + name));
    world.network.add_route(host, {{0}, 0}, link);
    world.network.add_route(router, {*address, 32}, link);
    world.stubs.emplace_back(std::vector<Ipv4Address>{}, Rng(1, "stub resolver of " + name));
    world.network.listen(host, net::Transport::Udp, 0,
                         {static_cast<std::uint16_t>(Role::Outside), 0, 0});
    world.outside.emplace_back(host);
    return {};
}

Env outside_env(World &world, Records &records)
{
    return env_for(world, records, world.outside.front().host(), RecordId{});
}

Handle far_end(const World &world, Handle session)
{
    Handle found;
    const OutsideHost::Session *outside = world.outside.front().sessions().find(session);
    const net::TcpConnection *near =
        outside == nullptr ? nullptr : world.network.find(outside->stream.connection());
    if (near == nullptr)
        return found;
    world.network.connections().for_each([&](Handle handle, const net::TcpConnection &end) {
        if (end.conversation == near->conversation && end.host != near->host)
            found = handle;
    });
    return found;
}

bool server_began_tls(const World &world, Handle session)
{
    const net::TcpConnection *end = world.network.find(far_end(world, session));
    if (end == nullptr)
        return false;
    const net::Owner owner = end->owner;
    const auto began = [&](const auto &sessions) {
        const auto *far = sessions.find(sessions.handle_at(owner.session));
        return far != nullptr && far->stream.tls_started();
    };
    switch (static_cast<Role>(owner.role)) {
    case Role::SmtpServer:
        return began(world.mail_servers[owner.index].server.receptions());
    case Role::PopServer:
        return began(world.pop_servers[owner.index].server.sessions());
    case Role::ImapServer:
        return began(world.imap_servers[owner.index].server.sessions());
    default:
        return false;
    }
}

} // namespace mailscope
