// Steps of the World: scheduled work, and what the network reports, handed to the roles of hosts.
#include "sim/world/world.h"

#include "sim/core/check.h"
#include "sim/core/digest.h"
#include "sim/world/network_trace.h"
#include "sim/world/rest.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

bool is_silent(const World &world, HostId host, std::uint16_t port)
{
    return std::any_of(world.silent.begin(), world.silent.end(), [&](const SilentService &service) {
        return service.host == host && (service.port == 0 || service.port == port);
    });
}

/// Whether the role waits for others to come (as opposed to going to others).
bool is_server(Role role)
{
    return role == Role::Resolver || role == Role::NameServer || role == Role::SmtpServer ||
           role == Role::PopServer || role == Role::WebServer || role == Role::ImapServer;
}

WebServer::Backend backend_of(World &world, const WebServerPlace &place)
{
    return {world.stores[place.store], world.mail_servers[place.mail_server].server,
            place.mail_server};
}

std::uint16_t local_port(const World &world, const net::Event &event)
{
    if (event.kind == net::EventKind::DatagramArrived)
        return world.network.packet(event.packet).destination.port;
    const net::TcpConnection *connection = world.network.find(event.connection);
    return connection == nullptr ? std::uint16_t{0} : connection->local.port;
}

/// Hands an event to the role that owns the connection or port.
void hand_over(World &world, Records &records, const net::Event &event, RecordId because)
{
    const Role role = static_cast<Role>(event.owner.role);
    if (is_server(role) && is_silent(world, event.host, local_port(world, event))) {
        if (event.kind == net::EventKind::PeerClosed)
            world.network.close(event.connection, because);
        return;
    }
    Env env = env_for(world, records, event.host, because);
    const std::uint16_t index = event.owner.index;
    switch (role) {
    case Role::None:
        return;
    case Role::StubResolver:
        return world.stubs[index].on_network(env, event);
    case Role::Resolver:
        return world.resolvers[index].on_network(env, index, event);
    case Role::NameServer:
        return world.name_servers[index].on_network(env, event);
    case Role::SmtpServer:
    case Role::SmtpClient: {
        MailServerPlace &place = world.mail_servers[index];
        return place.server.on_network(env, world.stores[place.store], index, event);
    }
    case Role::PopServer: {
        PopServerPlace &place = world.pop_servers[index];
        return place.server.on_network(env, index, world.stores[place.store], event);
    }
    case Role::WebServer: {
        WebServerPlace &place = world.web_servers[index];
        return place.server.on_network(env, index, backend_of(world, place), event);
    }
    case Role::ImapServer: {
        ImapServerPlace &place = world.imap_servers[index];
        return place.server.on_network(env, index, world.stores[place.store], event);
    }
    case Role::MailClient:
        return world.clients[index].on_network(env, event);
    case Role::Outside:
        return world.outside[index].on_network(env, event);
    }
}

/// Whoever changed a mailbox last: sessions that listen are told.
void tell_listeners(World &world, Records &records)
{
    for (std::size_t i = 0; i < world.imap_servers.size(); ++i) {
        ImapServerPlace &place = world.imap_servers[i];
        mail::Store &store = world.stores[place.store];
        if (!place.server.has_news(store) || !world.network.hosts()[place.server.host().value].up)
            continue;
        Env env = env_for(world, records, place.server.host(), RecordId{world.next_record - 1});
        place.server.tell_listeners(env, static_cast<std::uint16_t>(i), store);
    }
}

void hand_over_answer(World &world, Records &records, const DnsAnswer &answer)
{
    Env env = env_for(world, records, answer.host, answer.because);
    const std::uint16_t index = answer.ticket.index;
    switch (answer.ticket.role) {
    case Role::SmtpServer:
    case Role::SmtpClient: {
        MailServerPlace &place = world.mail_servers[index];
        return place.server.on_dns(env, world.stores[place.store], index, answer);
    }
    case Role::MailClient:
        return world.clients[index].on_dns(env, answer);
    default:
        MS_CHECK(!"only roles that ask get answers");
    }
}

HostId host_of(const World &world, Role role, std::uint16_t index)
{
    switch (role) {
    case Role::StubResolver:
        return HostId{index};
    case Role::Resolver:
        return world.resolvers[index].host();
    case Role::NameServer:
        return world.name_servers[index].host();
    case Role::SmtpServer:
    case Role::SmtpClient:
        return world.mail_servers[index].server.host();
    case Role::PopServer:
        return world.pop_servers[index].server.host();
    case Role::WebServer:
        return world.web_servers[index].server.host();
    case Role::ImapServer:
        return world.imap_servers[index].server.host();
    case Role::MailClient:
        return world.clients[index].settings().host;
    case Role::Outside:
        return world.outside[index].host();
    case Role::None:
        break;
    }
    return HostId{};
}

void run_role_timer(World &world, Records &records, const Event &work)
{
    const Role role = static_cast<Role>(work.where);
    const std::uint16_t index = static_cast<std::uint16_t>(work.what);
    const HostId host = host_of(world, role, index);
    if (!world.network.hosts()[host.value].up) {
        world.parked.push_back(work);
        return;
    }
    Env env = env_for(world, records, host, work.because);
    switch (role) {
    case Role::StubResolver:
        return world.stubs[index].on_timer(env);
    case Role::Resolver:
        return world.resolvers[index].on_timer(env, index);
    case Role::SmtpServer:
    case Role::SmtpClient: {
        MailServerPlace &place = world.mail_servers[index];
        return place.server.on_timer(env, world.stores[place.store], index, role, work.argument);
    }
    case Role::PopServer: {
        PopServerPlace &place = world.pop_servers[index];
        return place.server.on_timer(env, index, world.stores[place.store], work.argument);
    }
    case Role::WebServer: {
        WebServerPlace &place = world.web_servers[index];
        return place.server.on_timer(env, index, backend_of(world, place), work.argument);
    }
    case Role::ImapServer: {
        ImapServerPlace &place = world.imap_servers[index];
        return place.server.on_timer(env, index, world.stores[place.store], work.argument);
    }
    case Role::MailClient:
        return world.clients[index].on_timer(env, work.argument);
    case Role::NameServer:
    case Role::Outside:
    case Role::None:
        break;
    }
}

void do_work(World &world, Records &records, const Event &work)
{
    if (work.kind < static_cast<std::uint16_t>(net::Work::FirstFree))
        return world.network.handle(work, {world.queue, world.now});
    if (static_cast<Work>(work.kind) == Work::RoleTimer)
        return run_role_timer(world, records, work);
    --world.appointments_left;
    const Order order = (*world.agenda)[work.what].order;
    apply(world, records, order);
}

} // namespace

World::World() = default;
World::World(const World &) = default;
World::World(World &&) noexcept = default;
World &World::operator=(const World &) = default;
World &World::operator=(World &&) noexcept = default;
World::~World() = default;

Env env_for(World &world, Records &records, HostId host, RecordId because)
{
    return Env{world.now,         world.queue,      world.network,  records,
               world.next_record, *world.directory, world.messages, world.stubs,
               world.dns_answers, world.start,      host,           because};
}

void finish_step(World &world, Records &records)
{
    NetworkTrace trace;
    const net::Step at{world.queue, world.now};
    for (;;) {
        for (std::size_t i = 0; i < world.network.events().size(); ++i) {
            net::Event &next = world.network.events()[i];
            const RecordId because = trace.note(world, records, next);
            if (next.owner.role != 0 && goes_to_role(next.kind)) {
                const net::Event event = std::move(next); // more may come meanwhile
                hand_over(world, records, event, because);
                tell_listeners(world, records);
            }
        }
        world.network.events().clear();
        if (!world.dns_answers.empty()) {
            const std::size_t count = world.dns_answers.size(); // more may come meanwhile
            for (std::size_t i = 0; i < count; ++i) {
                const DnsAnswer answer = std::move(world.dns_answers[i]);
                hand_over_answer(world, records, answer);
            }
            tell_listeners(world, records);
            world.dns_answers.erase(world.dns_answers.begin(),
                                    world.dns_answers.begin() + static_cast<std::ptrdiff_t>(count));
            continue;
        }
        world.network.flush(at);
        if (world.network.events().empty())
            break;
    }
    world.network.end_step();
}

bool step(World &world, Records &records, SimTime limit)
{
    const std::optional<Event> work = world.queue.pop_until(limit);
    if (!work)
        return false;
    world.now = work->at;
    ++world.steps;
    do_work(world, records, *work);
    tell_listeners(world, records);
    finish_step(world, records);
    return true;
}

void run_until(World &world, Records &records, SimTime time)
{
    while (step(world, records, time)) {
    }
    world.now = std::max(world.now, time);
}

bool is_busy(const World &world)
{
    if (world.appointments_left != 0 || world.network.packets_in_flight() != 0)
        return true;
    for (const MailServerPlace &place : world.mail_servers)
        if (place.server.queue().messages.size() != 0)
            return true;
    for (const MailClient &client : world.clients)
        if (!client.idle())
            return true;
    return std::any_of(world.stubs.begin(), world.stubs.end(),
                       [](const StubAgent &stub) { return stub.pending() != 0; });
}

void run_to_rest(World &world, Records &records, SimTime limit)
{
    RestWatch watch(world);
    while (step(world, records, limit) && !watch.is_at_rest(world)) {
    }
}

std::uint64_t fingerprint(const World &world)
{
    Digest digest;
    digest.add(world.now, world.steps, world.next_record, world.messages.count(),
               world.appointments_left, world.silent.size(), world.faults.size());
    world.queue.mix(digest);
    world.network.mix(digest);
    for (const StubAgent &stub : world.stubs)
        stub.mix(digest);
    for (const ResolverHost &resolver : world.resolvers)
        resolver.mix(digest);
    for (const NameServer &server : world.name_servers)
        server.mix(digest);
    for (const mail::Store &store : world.stores)
        store.mix(digest);
    for (const MailServerPlace &place : world.mail_servers)
        place.server.mix(digest);
    for (const PopServerPlace &place : world.pop_servers)
        place.server.mix(digest);
    for (const WebServerPlace &place : world.web_servers)
        place.server.mix(digest);
    for (const ImapServerPlace &place : world.imap_servers)
        place.server.mix(digest);
    for (const MailClient &client : world.clients)
        client.mix(digest);
    for (const OutsideHost &host : world.outside)
        host.mix(digest);
    return digest.value();
}

} // namespace mailscope
