// A machine for somebody outside, and what it is told.
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

void turn_session(OutsideHost &outside, Env &env, const OutsideTurn &turn)
{
    switch (turn.what) {
    case OutsideTurn::What::Close:
        return outside.close(env, turn.session);
    case OutsideTurn::What::Abort:
        return outside.abort(env, turn.session);
    case OutsideTurn::What::StartTls:
        return outside.start_tls(env, turn.session);
    }
}

void remove_letter(World &world, Env &env, const OutsideRemove &letter)
{
    mail::Store &store = world.stores[letter.store];
    env.note(RecordKind::ActionTaken,
             env.directory.name_of(env.host) + " delete " + store.mailbox(letter.user).user);
    // A letter that is gone already is as removed as it can be.
    static_cast<void>(store.remove(letter.user, letter.folder, letter.uid));
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

OutsideResult act_outside(World &world, Records &records, const OutsideAct &act)
{
    if (const auto *later = std::get_if<OutsideOrder>(&act)) {
        if (later->after == Duration::zero())
            apply(world, records, later->order);
        else
            schedule(world, world.now + later->after, later->order);
        return {};
    }
    OutsideHost &outside = world.outside.front();
    // What it does first is an order of its own.
    Env env = env_for(world, records, outside.host(), RecordId{});
    OutsideResult result;
    if (const auto *connect = std::get_if<OutsideConnect>(&act))
        result.session = outside.open(env, 0, connect->server, connect->protocol, connect->tls);
    else if (const auto *say = std::get_if<OutsideSay>(&act))
        outside.send(env, say->session, say->bytes.view());
    else if (const auto *turn = std::get_if<OutsideTurn>(&act))
        turn_session(outside, env, *turn);
    else if (const auto *ask = std::get_if<OutsideAsk>(&act))
        result.question = outside.ask(env, ask->server, ask->query.view());
    else if (const auto *letter = std::get_if<OutsideRemove>(&act))
        remove_letter(world, env, *letter);
    finish_step(world, records);
    return result;
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
