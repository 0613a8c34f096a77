// Finding what an order names.
#include "sim/world/lookup.h"

#include <string>

namespace mailscope
{

std::optional<std::size_t> find_client(const World &world, std::string_view person,
                                       std::string_view device)
{
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        const MailClientSettings &settings = world.clients[i].settings();
        const std::string &name = world.directory->name_of(settings.host);
        if (settings.person == person &&
            (device.empty() || name == std::string(person) + "-" + std::string(device)))
            return i;
    }
    return std::nullopt;
}

MailServerPlace *find_mail_server(World &world, std::string_view host)
{
    for (MailServerPlace &place : world.mail_servers)
        if (world.directory->name_of(place.server.host()) == host)
            return &place;
    return nullptr;
}

MailboxPlace find_mailbox(World &world, std::string_view address)
{
    for (mail::Store &store : world.stores)
        if (const std::optional<mail::UserId> user = store.find_user(address))
            return {&store, *user};
    return {};
}

mail::Store *store_for(World &world, std::string_view address)
{
    for (const MailServerPlace &place : world.mail_servers) {
        const LocalDomain *domain = place.server.config().find_domain(domain_of(address));
        if (domain != nullptr && domain->has_mailboxes)
            return &world.stores[place.store];
    }
    return nullptr;
}

net::Link *find_link(World &world, const FaultSpec &fault)
{
    const HostId from = world.directory->find(fault.from);
    const HostId to = world.directory->find(fault.to);
    for (std::uint32_t i = 0; i < world.network.links().size(); ++i) {
        net::Link &link = world.network.link(LinkId{i});
        const HostId a = world.network.interfaces()[link.interfaces[0]].host;
        const HostId b = world.network.interfaces()[link.interfaces[1]].host;
        if ((a == from && b == to) || (a == to && b == from))
            return &link;
    }
    return nullptr;
}

} // namespace mailscope
