// From a scenario to a World: hosts, wires, addresses, servers, people, and their agenda.
#include "sim/scenario/build.h"

#include "sim/core/text.h"
#include "sim/scenario/build_people.h"
#include "sim/scenario/build_zones.h"
#include "sim/scenario/names.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace mailscope
{
namespace
{

constexpr Ipv4Network infrastructure{{0xC0000200U}, 24}; // 192.0.2.0/24
constexpr std::uint32_t provider_block = 64;             // addresses of a provider: a /26
constexpr std::size_t providers_max = 8;
constexpr Ipv4Network everything{{0}, 0};

/// The block of provider number `i`: the two other documentation ranges by turns.
Ipv4Network block_of_provider(std::size_t i)
{
    constexpr std::array<std::uint32_t, 2> ranges = {0xC6336400U, 0xCB007100U};
    const std::uint32_t part = static_cast<std::uint32_t>(i / 2) * provider_block;
    return {{ranges[i % 2] + part}, 26};
}

net::LinkQuality default_quality(HostKind kind)
{
    switch (kind) {
    case HostKind::Device:
        return {1ms, 1'000'000'000, 0};
    case HostKind::HomeRouter:
        return {4ms, 100'000'000, 0};
    case HostKind::Provider:
        return {6ms, 10'000'000'000, 0};
    case HostKind::Resolver:
        return {500us, 1'000'000'000, 0};
    default:
        return {2ms, 1'000'000'000, 0};
    }
}

class Builder
{
public:
    Builder(const Scenario &scenario, std::uint64_t seed)
        : scenario_(scenario), seed_(seed), zones_(scenario)
    {
        world_.network = net::Network(seed);
        world_.start = {scenario.start_unix_seconds, scenario.utc_offset_minutes};
    }

    Result<World> build();

private:
    Result<void> place_hosts();
    void classify();
    std::uint32_t region(const std::string &name, RegionKind kind);
    Result<void> lay_wires();
    Result<Ipv4Address> new_address(const HostName &host);
    void connect(const HostName &host);
    net::LinkQuality quality_of(const HostName &host) const;
    void add_resolvers();
    Result<void> add_name_servers();
    void add_mail_domains();
    void add_web_server(const DomainSpec &domain, const MailServerSpec &spec, HostId id,
                        std::uint16_t store, std::uint16_t mail_server);
    void add_mail_server(const DomainSpec &domain, const MailServerSpec &spec, HostId host,
                         std::uint16_t store, bool takes_mail);
    void add_reading_servers(const DomainSpec &domain, const MailServerSpec &spec, HostId host,
                             std::uint16_t store);
    void fill_agenda();
    MailServerConfig config_of(const DomainSpec &domain, const MailServerSpec &spec, HostId host,
                               bool takes_mail) const;
    void resolve_clients(MailServerConfig &config) const;
    HostId host(std::string_view name) const { return world_.directory->find(name); }
    HostInfo &info(HostId id) { return world_.directory.edit().hosts[id.value]; }
    Rng rng(std::string_view purpose) const { return Rng(seed_, purpose); }

    const Scenario &scenario_;
    std::uint64_t seed_;
    World world_;
    ZoneBuilder zones_;
    std::vector<HostName> names_;
    std::map<std::string, std::uint32_t> next_address_; ///< by provider
    std::map<std::string, Ipv4Network> home_networks_;  ///< by place
    std::map<std::string, std::uint32_t> next_in_home_;
    std::uint32_t next_infrastructure_ = 1;
};

std::uint32_t Builder::region(const std::string &name, RegionKind kind)
{
    std::vector<Region> &regions = world_.directory.edit().regions;
    for (std::uint32_t i = 0; i < regions.size(); ++i)
        if (regions[i].name == name)
            return i;
    regions.push_back({name, kind});
    return static_cast<std::uint32_t>(regions.size() - 1);
}

Result<void> Builder::place_hosts()
{
    names_ = hosts_of(scenario_);
    for (const HostName &name : names_) {
        world_.network.add_host(false);
        world_.directory.edit().hosts.push_back({name.name, HostKind::NameServer, 0, {}});
    }
    classify();
    if (providers_of(scenario_).size() > providers_max)
        return fail("more than " + std::to_string(providers_max) + " providers");
    return {};
}

/// Gives every host its kind and its region of the map.
void Builder::classify()
{
    const auto set = [this](std::string_view name, HostKind kind, std::uint32_t where) {
        const HostId id = host(name);
        if (id.is_none())
            return;
        info(id).kind = kind;
        info(id).region = where;
    };
    const std::uint32_t internet = region("internet", RegionKind::Internet);
    set(backbone_host, HostKind::Backbone, internet);
    for (const std::string &provider : providers_of(scenario_)) {
        const std::uint32_t where = region(provider, RegionKind::Provider);
        set(provider, HostKind::Provider, where);
        set(resolver_of_provider(provider), HostKind::Resolver, where);
    }
    for (const DomainSpec &domain : scenario_.domains) {
        const std::uint32_t where = region(domain.name, RegionKind::Organisation);
        for (const std::string &server : name_servers_of(domain))
            set(server, HostKind::NameServer, where);
        for (const std::string &server : mail_servers_of(domain))
            set(server, HostKind::MailServer, where);
        set(submission_host_of(domain), HostKind::MailServer, where);
    }
    for (const PlaceSpec &place : places_of(scenario_))
        set(router_of_place(place.name), HostKind::HomeRouter,
            region(place.name, RegionKind::Home));
    for (const PersonSpec &person : scenario_.people)
        for (const DeviceSpec &device : devices_of(person))
            set(host_of_device(person.name, device.name), HostKind::Device,
                region(place_of_device(person, device), RegionKind::Home));
}

Result<Ipv4Address> Builder::new_address(const HostName &name)
{
    const HostInfo &self = world_.directory->hosts[host(name.name).value];
    if (self.kind == HostKind::Device) {
        const std::string &place = world_.directory->regions[self.region].name;
        return Ipv4Address{home_networks_[place].address.value + 10 + next_in_home_[place]++};
    }
    if (name.uplink.empty() || name.uplink == backbone_host) {
        const std::vector<std::string> providers = providers_of(scenario_);
        const auto provider = std::find(providers.begin(), providers.end(), name.name);
        if (provider != providers.end())
            return Ipv4Address{
                block_of_provider(static_cast<std::size_t>(provider - providers.begin()))
                    .address.value +
                1};
        if (next_infrastructure_ > 250)
            return fail("too many hosts on the backbone");
        return Ipv4Address{infrastructure.address.value + next_infrastructure_++};
    }
    const std::vector<std::string> providers = providers_of(scenario_);
    const auto provider = std::find(providers.begin(), providers.end(), name.uplink);
    if (provider == providers.end())
        return fail(name.name + " hangs on " + name.uplink + ", which is no provider");
    std::uint32_t &next = next_address_[name.uplink];
    if (next + 2 >= provider_block - 1)
        return fail("too many hosts at provider " + name.uplink);
    return Ipv4Address{
        block_of_provider(static_cast<std::size_t>(provider - providers.begin())).address.value +
        2 + next++};
}

net::LinkQuality Builder::quality_of(const HostName &name) const
{
    net::LinkQuality quality = default_quality(world_.directory->hosts[host(name.name).value].kind);
    for (const LinkSpec &link : scenario_.links) {
        const bool same = (link.from == name.name && link.to == name.uplink) ||
                          (link.to == name.name && link.from == name.uplink);
        if (!same)
            continue;
        quality.latency = link.latency.value_or(quality.latency);
        quality.bits_per_second = link.bits_per_second.value_or(quality.bits_per_second);
        quality.loss_per_million = link.loss_per_million.value_or(quality.loss_per_million);
    }
    return quality;
}

/// Lays the wire from a host to its uplink and the routes in both directions.
void Builder::connect(const HostName &name)
{
    const HostId self = host(name.name);
    const HostId uplink = host(name.uplink);
    const HostKind kind = info(self).kind;
    const Ipv4Address address = info(self).address;
    Ipv4Address uplink_address = info(uplink).address;
    if (kind == HostKind::Device) {
        const std::string &place = world_.directory->regions[info(self).region].name;
        uplink_address = Ipv4Address{home_networks_[place].address.value + 1};
    }
    const LinkId link =
        world_.network.connect(self, address, uplink, uplink_address, quality_of(name),
                               rng("loss of " + name.name + " - " + name.uplink));
    world_.network.add_route(self, everything, link);
    Ipv4Network behind{address, 32};
    if (kind == HostKind::Provider)
        behind = {{address.value & ~(provider_block - 1)}, 26};
    world_.network.add_route(uplink, behind, link);
    if (kind == HostKind::HomeRouter)
        world_.network.translate_on(self, link);
}

Result<void> Builder::lay_wires()
{
    std::uint32_t number = 1;
    for (const PlaceSpec &place : places_of(scenario_))
        home_networks_[place.name] =
            place.network.value_or(Ipv4Network{{0xC0A80000U + (number++ << 8U)}, 24});
    for (const HostName &name : names_) {
        const Result<Ipv4Address> address = new_address(name);
        if (!address)
            return tl::unexpected<Error>(address.error());
        info(host(name.name)).address = *address;
        const HostKind kind = info(host(name.name)).kind;
        if (kind == HostKind::Backbone || kind == HostKind::Provider ||
            kind == HostKind::HomeRouter)
            world_.network.set_forwarding(host(name.name));
    }
    for (const HostName &name : names_)
        if (!name.uplink.empty())
            connect(name);
    return {};
}

/// Every host asks its provider's resolver; resolvers answer on port 53.
void Builder::add_resolvers()
{
    std::map<std::string, std::string> uplinks;
    for (const HostName &name : names_)
        uplinks[name.name] = name.uplink;
    const std::vector<std::string> providers = providers_of(scenario_);
    const auto provider_of = [&](std::string name) {
        while (!name.empty() &&
               std::find(providers.begin(), providers.end(), name) == providers.end())
            name = uplinks[name];
        return name.empty() ? providers.front() : name;
    };
    for (std::uint32_t i = 0; i < names_.size(); ++i) {
        const Ipv4Address resolver =
            info(host(resolver_of_provider(provider_of(names_[i].name)))).address;
        world_.stubs.emplace_back(std::vector<Ipv4Address>{resolver},
                                  rng("stub resolver of " + names_[i].name));
        world_.network.listen(
            HostId{i}, net::Transport::Udp, 0,
            {static_cast<std::uint16_t>(Role::StubResolver), static_cast<std::uint16_t>(i), 0});
    }
    for (const std::string &provider : providers) {
        const HostId id = host(resolver_of_provider(provider));
        const net::Owner owner{static_cast<std::uint16_t>(Role::Resolver),
                               static_cast<std::uint16_t>(world_.resolvers.size()), 0};
        world_.network.listen(id, net::Transport::Udp, 0, owner);
        world_.network.listen(id, net::Transport::Udp, dns::port, owner);
        world_.network.listen(id, net::Transport::Tcp, dns::port, owner);
        world_.resolvers.emplace_back(
            id,
            std::vector<dns::RootHint>{
                {dns::Name::of(root_server_name), info(host(root_name_server)).address}},
            rng("resolver of " + provider));
    }
}

Result<void> Builder::add_name_servers()
{
    for (std::uint32_t i = 0; i < names_.size(); ++i) {
        if (world_.directory->hosts[i].kind != HostKind::NameServer)
            continue;
        Result<ZoneBuilder::Zones> zones = zones_.zones_of(names_[i].name, *world_.directory);
        if (!zones)
            return tl::unexpected<Error>(zones.error());
        const net::Owner owner{static_cast<std::uint16_t>(Role::NameServer),
                               static_cast<std::uint16_t>(world_.name_servers.size()), 0};
        world_.network.listen(HostId{i}, net::Transport::Udp, dns::port, owner);
        world_.network.listen(HostId{i}, net::Transport::Tcp, dns::port, owner);
        world_.name_servers.emplace_back(HostId{i}, std::move(zones->served),
                                         std::move(zones->unserved));
    }
    return {};
}

/// refused_clients may name hosts; the policy knows addresses.
void Builder::resolve_clients(MailServerConfig &config) const
{
    for (std::string &client : config.policy.refused_clients)
        if (const HostId id = host(client); !id.is_none())
            client = to_string(world_.directory->hosts[id.value].address);
}

MailServerConfig Builder::config_of(const DomainSpec &domain, const MailServerSpec &spec, HostId id,
                                    bool takes_mail) const
{
    MailServerConfig config;
    config.hostname = world_.directory->name_of(id);
    config.policy = spec;
    resolve_clients(config);
    if (takes_mail) {
        LocalDomain local{domain.name, !spec.backup, {}, {}};
        if (!spec.backup) {
            local.aliases = domain.aliases;
            local.moved = domain.moved;
        }
        config.domains.push_back(std::move(local));
    }
    return config;
}

void Builder::add_mail_server(const DomainSpec &domain, const MailServerSpec &spec, HostId id,
                              std::uint16_t store, bool takes_mail)
{
    for (MailServerPlace &place : world_.mail_servers) {
        if (place.server.host() != id)
            continue;
        if (takes_mail) // a machine that serves several domains
            place.server.edit_config().domains.push_back(
                config_of(domain, spec, id, true).domains.front());
        return;
    }
    const std::uint16_t index = static_cast<std::uint16_t>(world_.mail_servers.size());
    const net::Owner owner{static_cast<std::uint16_t>(Role::SmtpServer), index, 0};
    if (takes_mail)
        world_.network.listen(id, net::Transport::Tcp, MailServer::relay_port, owner);
    if (!spec.backup)
        world_.network.listen(id, net::Transport::Tcp, MailServer::submission_port, owner);
    if (!spec.backup && spec.starttls)
        world_.network.listen(id, net::Transport::Tcp, MailServer::submissions_port, owner);
    const std::string name = world_.directory->name_of(id);
    world_.mail_servers.push_back(
        {MailServer(id, config_of(domain, spec, id, takes_mail), rng("mail server " + name)),
         store});
    if (spec.backup || !takes_mail)
        return;
    add_reading_servers(domain, spec, id, store);
    if (spec.webmail)
        add_web_server(domain, spec, id, store, index);
}

/// POP3 and IMAP on the machine that keeps the mailboxes.
void Builder::add_reading_servers(const DomainSpec &domain, const MailServerSpec &spec, HostId id,
                                  std::uint16_t store)
{
    const std::string name = world_.directory->name_of(id);
    if (spec.imap) {
        const net::Owner owner{static_cast<std::uint16_t>(Role::ImapServer),
                               static_cast<std::uint16_t>(world_.imap_servers.size()), 0};
        world_.network.listen(id, net::Transport::Tcp, ImapServer::port, owner);
        if (spec.starttls)
            world_.network.listen(id, net::Transport::Tcp, ImapServer::tls_port, owner);
        imap::ServerOptions options;
        options.offer_starttls = spec.starttls;
        if (spec.tls_required)
            options.login = imap::LoginRule::OnlyWithTls;
        options.start = world_.start;
        world_.imap_servers.push_back(
            {ImapServer(id, std::make_shared<const imap::ServerOptions>(std::move(options)), name,
                        {domain.name}),
             store});
    }
    if (!spec.pop3)
        return;
    const net::Owner pop{static_cast<std::uint16_t>(Role::PopServer),
                         static_cast<std::uint16_t>(world_.pop_servers.size()), 0};
    world_.network.listen(id, net::Transport::Tcp, PopServer::port, pop);
    if (spec.starttls)
        world_.network.listen(id, net::Transport::Tcp, PopServer::tls_port, pop);
    pop3::ServerOptions options;
    options.offer_stls = spec.starttls;
    options.apop = spec.apop;
    if (spec.tls_required)
        options.login = pop3::LoginRule::OnlyWithTls;
    world_.pop_servers.push_back(
        {PopServer(id, std::make_shared<const pop3::ServerOptions>(std::move(options)), name,
                   {domain.name}),
         store});
}

void Builder::add_web_server(const DomainSpec &domain, const MailServerSpec &spec, HostId id,
                             std::uint16_t store, std::uint16_t mail_server)
{
    const net::Owner owner{static_cast<std::uint16_t>(Role::WebServer),
                           static_cast<std::uint16_t>(world_.web_servers.size()), 0};
    world_.network.listen(id, net::Transport::Tcp, WebServer::port, owner);
    if (spec.starttls)
        world_.network.listen(id, net::Transport::Tcp, WebServer::tls_port, owner);
    http::ServerOptions options;
    // A letter at the limit as a form: files are sent as they are, text up to three times as long.
    if (spec.size_limit != 0)
        options.content_bytes_max = 3 * spec.size_limit;
    const std::string name = world_.directory->name_of(id);
    world_.web_servers.push_back(
        {WebServer(id, std::make_shared<const http::ServerOptions>(std::move(options)), name,
                   {domain.name}, rng("web server " + name)),
         store, mail_server});
}

void Builder::add_mail_domains()
{
    std::map<std::string, std::uint16_t> store_of_host;
    for (const DomainSpec &domain : scenario_.domains) {
        if (!domain.has_mail)
            continue;
        const std::string first = mail_servers_of(domain).front();
        if (store_of_host.count(first) == 0) {
            store_of_host[first] = static_cast<std::uint16_t>(world_.stores.size());
            world_.stores.emplace_back(static_cast<std::uint32_t>(scenario_.start_unix_seconds));
        }
        const std::uint16_t store = store_of_host[first];
        fill_mailboxes(world_, world_.stores[store], scenario_, domain);
        const std::vector<MailServerSpec> specs =
            domain.servers.empty() ? std::vector<MailServerSpec>(1) : domain.servers;
        for (std::size_t i = 0; i < specs.size(); ++i)
            add_mail_server(domain, specs[i], host(host_of_mail_server(domain, i)), store, true);
        add_mail_server(domain, specs.front(), host(submission_host_of(domain)), store, false);
    }
}

void Builder::fill_agenda()
{
    for (const FaultSpec &fault : scenario_.faults) {
        schedule(world_, SimTime(fault.begins), FaultOrder{fault, FaultOrder::Turn::Begins});
        if (fault.ends)
            schedule(world_, SimTime(*fault.ends), FaultOrder{fault, FaultOrder::Turn::Ends});
    }
    for (const ActionSpec &action : scenario_.story)
        schedule(world_, SimTime(action.at), action);
    Records nothing(TraceLevel::Nothing);
    for (std::size_t i = 0; i < world_.clients.size(); ++i) {
        Env env = env_for(world_, nothing, world_.clients[i].settings().host, RecordId{});
        world_.clients[i].start(env);
    }
}

Result<World> Builder::build()
{
    if (const Result<void> placed = place_hosts(); !placed)
        return tl::unexpected<Error>(placed.error());
    if (const Result<void> wired = lay_wires(); !wired)
        return tl::unexpected<Error>(wired.error());
    add_resolvers();
    if (const Result<void> named = add_name_servers(); !named)
        return tl::unexpected<Error>(named.error());
    add_mail_domains();
    add_people(world_, scenario_);
    fill_agenda();
    return std::move(world_);
}

} // namespace

Result<World> build_world(const Scenario &scenario, std::optional<std::uint64_t> seed)
{
    return Builder(scenario, seed.value_or(scenario.seed)).build();
}

SimTime time_limit(const Scenario &scenario)
{
    constexpr Duration longest = std::chrono::hours(24 * 14); // above every give-up time in use
    return SimTime(scenario.runs_for.value_or(longest));
}

} // namespace mailscope
