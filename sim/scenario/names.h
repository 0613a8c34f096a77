// How hosts are called that nobody named, and where each is plugged in.
//
// A scenario may speak of machines that it does not describe: a resolver, a home's router, the root
// name server. The rules for their names stand here and nowhere else; the builder makes hosts by
// them and the parser knows by them which names exist.
//
//   backbone                      the router between providers
//   root-dns, dns.TLD             name servers of the root and of each top-level domain in use
//   PROVIDER, resolver.PROVIDER   a provider's router and its resolver
//   PLACE-router                  the router of a home or an office
//   PERSON-DEVICE                 a device
//   mx.DOMAIN, mx2.DOMAIN, ...    mail servers in their order, where no host is given
//   ns1.DOMAIN                    name server, where none is given
#pragma once

#include "sim/scenario/scenario.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

inline constexpr std::string_view backbone_host = "backbone";
inline constexpr std::string_view root_name_server = "root-dns";
inline constexpr std::string_view default_device = "laptop";

/// "dns.jp" for "jp".
std::string name_server_of_tld(std::string_view tld);
/// "jp" for "mx.example.jp".
std::string tld_of(std::string_view domain);
/// "resolver.isp-a".
std::string resolver_of_provider(std::string_view provider);
/// "alice-home-router".
std::string router_of_place(std::string_view place);
/// "alice-laptop".
std::string host_of_device(std::string_view person, std::string_view device);
/// The host that was given, or "mx.DOMAIN" for server 0, "mx2.DOMAIN" for server 1 and so on.
std::string host_of_mail_server(const DomainSpec &domain, std::size_t server);

/// Hosts that take mail for the domain, in the order of the file; empty without mail.
std::vector<std::string> mail_servers_of(const DomainSpec &domain);
/// The host its people submit to: the one given (a machine of its own when it is no mail server of
/// the domain), or the first mail server; empty without mail.
std::string submission_host_of(const DomainSpec &domain);
/// Name servers: those given, or "ns1.DOMAIN".
std::vector<std::string> name_servers_of(const DomainSpec &domain);

/// The person's place: the one given, or "NAME-home".
std::string place_of_person(const PersonSpec &person);
/// The place where the device is at the start.
std::string place_of_device(const PersonSpec &person, const DeviceSpec &device);
/// The person's devices, or one called "laptop" with all defaults.
std::vector<DeviceSpec> devices_of(const PersonSpec &person);

/// Providers: those given, or "isp-a" and "isp-b".
std::vector<std::string> providers_of(const Scenario &scenario);
/// Places: those given, then those that persons and devices name, in order of appearance.
std::vector<PlaceSpec> places_of(const Scenario &scenario);
/// Top-level domains of all domains and hosts named, in order of appearance.
std::vector<std::string> tlds_of(const Scenario &scenario);

/// The domain's provider: the one given; else providers take turns in the order of domains.
std::string provider_of_domain(const Scenario &scenario, std::size_t domain);
/// The place's provider: the one given; else the one of the domain in which the first person there
/// has an address; else the first.
std::string provider_of_place(const Scenario &scenario, const PlaceSpec &place);

/// A machine and the next machine on its way to the backbone (empty for the backbone itself).
/// Each such pair is a wire, and there are no other wires.
struct HostName
{
    std::string name;
    std::string uplink;
};

/// Every machine of the scenario, each once: routers before those behind them.
std::vector<HostName> hosts_of(const Scenario &scenario);

/// True when a wire joins the two hosts, in either order.
bool are_joined(const std::vector<HostName> &hosts, std::string_view a, std::string_view b);

} // namespace mailscope
