// The zones of a scenario's name servers.
#include "sim/scenario/build_zones.h"

#include "sim/core/ip_address.h"
#include "sim/core/text.h"
#include "sim/hosts/mail_policy.h"
#include "sim/scenario/names.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

constexpr std::uint32_t delegation_ttl = 86'400; ///< of NS records and glue, as registries do

dns::Name name_of(std::string_view text) { return dns::Name::of(text); }

void add_address(std::vector<dns::ResourceRecord> &rows, const Directory &directory,
                 std::string_view host, std::uint32_t ttl)
{
    const HostId id = directory.find(host);
    if (!id.is_none())
        rows.push_back(
            dns::record_of(name_of(host), dns::Type::A, ttl, directory.hosts[id.value].address));
}

void add_soa(std::vector<dns::ResourceRecord> &rows, std::string_view origin,
             std::string_view server, std::uint32_t ttl, std::uint32_t negative_ttl)
{
    dns::Soa soa;
    soa.primary_server = name_of(server);
    soa.mailbox =
        name_of(origin == "." ? std::string("hostmaster.") : "hostmaster." + std::string(origin));
    soa.serial = 2026040100;
    soa.refresh = 7'200;
    soa.retry = 3'600;
    soa.expire = 1'209'600;
    soa.negative_ttl = negative_ttl;
    rows.push_back(dns::record_of(name_of(origin), dns::Type::Soa, ttl, soa));
}

/// NS records of a delegation, and the addresses that a resolver needs to follow them.
void add_delegation(std::vector<dns::ResourceRecord> &rows, const Directory &directory,
                    std::string_view zone, const std::vector<std::string> &servers,
                    std::string_view parent)
{
    for (const std::string &server : servers) {
        rows.push_back(
            dns::record_of(name_of(zone), dns::Type::Ns, delegation_ttl, name_of(server)));
        const bool below_parent = parent == "." || name_of(server).is_subdomain_of(name_of(parent));
        if (below_parent)
            add_address(rows, directory, server, delegation_ttl);
    }
}

/// What a block list says about the clients it lists: 127.0.0.2, and why (RFC 5782 2.1).
void add_listed_clients(std::vector<dns::ResourceRecord> &rows, const Directory &directory,
                        const DomainSpec &domain, std::uint32_t ttl)
{
    for (const std::string &client : domain.lists_clients) {
        const HostId id = directory.find(client);
        const Ipv4Address address = id.is_none() ? parse_ipv4(client).value_or(Ipv4Address{})
                                                 : directory.hosts[id.value].address;
        const dns::Name name = name_of(blocklist_name(address, domain.name));
        rows.push_back(dns::record_of(name, dns::Type::A, ttl, Ipv4Address{0x7F000002}));
        rows.push_back(dns::record_of(
            name, dns::Type::Txt, ttl,
            dns::Txt::of("listed for unwanted mail, see http://" + domain.name + "/")));
    }
}

} // namespace

/// The closest of the scenario's domains above `name`, or the domain of that name itself unless
/// `below` asks for a real ancestor; nullptr when only a top-level domain is above it.
const DomainSpec *ZoneBuilder::enclosing(std::string_view text, Below below) const
{
    const dns::Name name = name_of(text);
    const DomainSpec *closest = nullptr;
    for (const DomainSpec &domain : scenario_.domains) {
        const dns::Name origin = name_of(domain.name);
        if (!name.is_subdomain_of(origin) || (below == Below::Strictly && origin == name))
            continue;
        if (closest == nullptr || origin.label_count() > name_of(closest->name).label_count())
            closest = &domain;
    }
    return closest;
}

Result<dns::Zone> ZoneBuilder::root_zone(const Directory &directory) const
{
    std::vector<dns::ResourceRecord> rows;
    add_soa(rows, ".", root_server_name, delegation_ttl, 86'400);
    rows.push_back(
        dns::record_of(name_of("."), dns::Type::Ns, delegation_ttl, name_of(root_server_name)));
    add_address(rows, directory, root_name_server, delegation_ttl);
    for (const std::string &tld : tlds_of(scenario_))
        add_delegation(rows, directory, tld, {name_server_of_tld(tld)}, ".");
    return dns::Zone::build(name_of("."), std::move(rows));
}

Result<dns::Zone> ZoneBuilder::tld_zone(const std::string &tld, const Directory &directory) const
{
    std::vector<dns::ResourceRecord> rows;
    const std::string server = name_server_of_tld(tld);
    add_soa(rows, tld, server, delegation_ttl, 900);
    rows.push_back(dns::record_of(name_of(tld), dns::Type::Ns, delegation_ttl, name_of(server)));
    add_address(rows, directory, server, delegation_ttl);
    for (const DomainSpec &domain : scenario_.domains)
        if (tld_of(domain.name) == tld && domain.dns.delegation != DelegationSpec::Missing &&
            enclosing(domain.name, Below::Strictly) == nullptr)
            add_delegation(rows, directory, domain.name, name_servers_of(domain), tld);
    return dns::Zone::build(name_of(tld), std::move(rows));
}

Result<dns::Zone> ZoneBuilder::domain_zone(const DomainSpec &domain,
                                           const Directory &directory) const
{
    std::vector<dns::ResourceRecord> rows;
    const std::uint32_t ttl = static_cast<std::uint32_t>(whole_seconds(domain.dns.ttl));
    const dns::Name origin = name_of(domain.name);
    add_soa(rows, domain.name, name_servers_of(domain).front(), ttl,
            static_cast<std::uint32_t>(whole_seconds(domain.dns.negative_ttl)));
    for (const std::string &server : name_servers_of(domain))
        rows.push_back(dns::record_of(origin, dns::Type::Ns, ttl, name_of(server)));
    if (domain.dns.null_mx)
        rows.push_back(dns::record_of(origin, dns::Type::Mx, ttl, dns::Mx{0, name_of(".")}));
    const std::vector<std::string> servers = mail_servers_of(domain);
    for (std::size_t i = 0; i < servers.size() && domain.dns.publish_mx && !domain.dns.null_mx;
         ++i) {
        const std::uint16_t preference =
            i < domain.servers.size() ? domain.servers[i].preference : std::uint16_t{10};
        rows.push_back(
            dns::record_of(origin, dns::Type::Mx, ttl, dns::Mx{preference, name_of(servers[i])}));
    }
    if (!domain.dns.publish_mx && !servers.empty()) { // the implicit MX needs an address
        const HostId host = directory.find(servers.front());
        rows.push_back(
            dns::record_of(origin, dns::Type::A, ttl, directory.hosts[host.value].address));
    }
    for (const HostInfo &host : directory.hosts) {
        const bool is_server =
            host.kind == HostKind::MailServer || host.kind == HostKind::NameServer;
        if (is_server && host.name != root_name_server &&
            enclosing(host.name, Below::OrSame) == &domain)
            add_address(rows, directory, host.name, ttl);
    }
    for (const DomainSpec &child : scenario_.domains)
        if (child.dns.delegation != DelegationSpec::Missing &&
            enclosing(child.name, Below::Strictly) == &domain)
            add_delegation(rows, directory, child.name, name_servers_of(child), domain.name);
    add_listed_clients(rows, directory, domain, ttl);
    for (const RecordSpec &record : domain.dns.records) {
        const std::string owner = record.name == "@" || record.name.empty()
                                      ? domain.name
                                      : record.name + "." + domain.name;
        const std::optional<dns::Type> type = dns::parse_type(record.type);
        const Result<dns::Name> name = dns::Name::parse(owner);
        if (!type || !name)
            return fail("no such record: " + owner + " " + record.type);
        const Result<dns::RData> data = dns::parse_data(*type, record.data);
        if (!data)
            return tl::unexpected<Error>(data.error());
        const Duration lifetime = record.ttl.value_or(domain.dns.ttl);
        rows.push_back(dns::record_of(*name, *type,
                                      static_cast<std::uint32_t>(whole_seconds(lifetime)), *data));
    }
    return dns::Zone::build(origin, std::move(rows));
}

Result<ZoneBuilder::Zones> ZoneBuilder::zones_of(std::string_view host,
                                                 const Directory &directory) const
{
    Zones zones;
    const auto add = [](std::vector<dns::Zone> &where, Result<dns::Zone> zone) -> Result<void> {
        if (!zone)
            return tl::unexpected<Error>(zone.error());
        where.push_back(std::move(*zone));
        return {};
    };
    Result<void> done;
    if (host == root_name_server)
        done = add(zones.served, root_zone(directory));
    for (const std::string &tld : tlds_of(scenario_))
        if (done && host == name_server_of_tld(tld))
            done = add(zones.served, tld_zone(tld, directory));
    for (const DomainSpec &domain : scenario_.domains) {
        const std::vector<std::string> servers = name_servers_of(domain);
        const bool serves = std::find(servers.begin(), servers.end(), host) != servers.end();
        const bool is_lame = domain.dns.delegation == DelegationSpec::Lame;
        if (done && serves)
            done = add(is_lame ? zones.unserved : zones.served, domain_zone(domain, directory));
    }
    if (!done)
        return tl::unexpected<Error>(done.error());
    return zones;
}

} // namespace mailscope
