// The naming rules.
#include "sim/scenario/names.h"

#include <algorithm>
#include <set>
#include <utility>

namespace mailscope
{

namespace
{

void append_once(std::vector<std::string> &list, std::string name)
{
    if (!name.empty() && std::find(list.begin(), list.end(), name) == list.end())
        list.push_back(std::move(name));
}

std::string domain_of_address(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    return std::string(at == address.npos ? std::string_view() : address.substr(at + 1));
}

// Machines that stand at a domain's provider.
std::vector<std::string> machines_of(const DomainSpec &domain)
{
    std::vector<std::string> result = mail_servers_of(domain);
    append_once(result, submission_host_of(domain));
    for (std::string &host : name_servers_of(domain))
        append_once(result, std::move(host));
    return result;
}

// Collects hosts, each name once.
class HostTable
{
public:
    void add(std::string name, std::string uplink)
    {
        if (names_.insert(name).second)
            hosts_.push_back({std::move(name), std::move(uplink)});
    }
    std::vector<HostName> take() { return std::move(hosts_); }

private:
    std::vector<HostName> hosts_;
    std::set<std::string> names_;
};

} // namespace

std::string name_server_of_tld(std::string_view tld) { return "dns." + std::string(tld); }

std::string tld_of(std::string_view domain)
{
    const std::size_t dot = domain.rfind('.');
    return std::string(dot == domain.npos ? domain : domain.substr(dot + 1));
}

std::string resolver_of_provider(std::string_view provider)
{
    return "resolver." + std::string(provider);
}

std::string router_of_place(std::string_view place) { return std::string(place) + "-router"; }

std::string host_of_device(std::string_view person, std::string_view device)
{
    return std::string(person) + "-" + std::string(device);
}

std::string host_of_mail_server(const DomainSpec &domain, std::size_t server)
{
    if (server < domain.servers.size() && !domain.servers[server].host.empty())
        return domain.servers[server].host;
    const std::string number = server == 0 ? "" : std::to_string(server + 1);
    return "mx" + number + "." + domain.name;
}

std::vector<std::string> mail_servers_of(const DomainSpec &domain)
{
    std::vector<std::string> result;
    if (!domain.has_mail)
        return result;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, domain.servers.size()); ++i)
        append_once(result, host_of_mail_server(domain, i));
    return result;
}

std::string submission_host_of(const DomainSpec &domain)
{
    if (!domain.submission.empty() || !domain.has_mail)
        return domain.submission;
    return host_of_mail_server(domain, 0);
}

std::vector<std::string> name_servers_of(const DomainSpec &domain)
{
    if (!domain.dns.name_servers.empty())
        return domain.dns.name_servers;
    return {"ns1." + domain.name};
}

std::string place_of_person(const PersonSpec &person)
{
    return person.at.empty() ? person.name + "-home" : person.at;
}

std::string place_of_device(const PersonSpec &person, const DeviceSpec &device)
{
    return device.at.empty() ? place_of_person(person) : device.at;
}

std::vector<DeviceSpec> devices_of(const PersonSpec &person)
{
    if (!person.devices.empty())
        return person.devices;
    DeviceSpec device;
    device.name = default_device;
    return {device};
}

std::vector<std::string> providers_of(const Scenario &scenario)
{
    std::vector<std::string> result;
    result.reserve(scenario.providers.size());
    for (const ProviderSpec &provider : scenario.providers)
        result.push_back(provider.name);
    return result.empty() ? std::vector<std::string>{"isp-a", "isp-b"} : result;
}

std::vector<PlaceSpec> places_of(const Scenario &scenario)
{
    std::vector<PlaceSpec> result = scenario.places;
    std::vector<std::string> known;
    for (const PlaceSpec &place : result)
        append_once(known, place.name);
    for (const PersonSpec &person : scenario.people) {
        for (const DeviceSpec &device : devices_of(person)) {
            const std::string name = place_of_device(person, device);
            if (std::find(known.begin(), known.end(), name) != known.end())
                continue;
            known.push_back(name);
            PlaceSpec place;
            place.name = name;
            result.push_back(std::move(place));
        }
    }
    return result;
}

std::vector<std::string> tlds_of(const Scenario &scenario)
{
    std::vector<std::string> result;
    for (const DomainSpec &domain : scenario.domains) {
        append_once(result, tld_of(domain.name));
        for (const std::string &host : machines_of(domain))
            append_once(result, tld_of(host));
    }
    return result;
}

std::string provider_of_domain(const Scenario &scenario, std::size_t domain)
{
    if (!scenario.domains[domain].provider.empty())
        return scenario.domains[domain].provider;
    const std::vector<std::string> providers = providers_of(scenario);
    return providers[domain % providers.size()];
}

std::string provider_of_place(const Scenario &scenario, const PlaceSpec &place)
{
    if (!place.provider.empty())
        return place.provider;
    for (const PersonSpec &person : scenario.people) {
        if (place_of_person(person) != place.name)
            continue;
        const std::string domain = domain_of_address(person.address);
        for (std::size_t i = 0; i < scenario.domains.size(); ++i)
            if (scenario.domains[i].name == domain)
                return provider_of_domain(scenario, i);
    }
    return providers_of(scenario).front();
}

std::vector<HostName> hosts_of(const Scenario &scenario)
{
    HostTable hosts;
    hosts.add(std::string(backbone_host), "");
    hosts.add(std::string(root_name_server), std::string(backbone_host));
    for (const std::string &tld : tlds_of(scenario))
        hosts.add(name_server_of_tld(tld), std::string(backbone_host));
    for (const std::string &provider : providers_of(scenario)) {
        hosts.add(provider, std::string(backbone_host));
        hosts.add(resolver_of_provider(provider), provider);
    }
    for (std::size_t i = 0; i < scenario.domains.size(); ++i)
        for (std::string &host : machines_of(scenario.domains[i]))
            hosts.add(std::move(host), provider_of_domain(scenario, i));
    for (const PlaceSpec &place : places_of(scenario))
        hosts.add(router_of_place(place.name), provider_of_place(scenario, place));
    for (const PersonSpec &person : scenario.people)
        for (const DeviceSpec &device : devices_of(person))
            hosts.add(host_of_device(person.name, device.name),
                      router_of_place(place_of_device(person, device)));
    return hosts.take();
}

bool are_joined(const std::vector<HostName> &hosts, std::string_view a, std::string_view b)
{
    return std::any_of(hosts.begin(), hosts.end(), [a, b](const HostName &host) {
        return (host.name == a && host.uplink == b) || (host.name == b && host.uplink == a);
    });
}

} // namespace mailscope
