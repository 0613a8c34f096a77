// The world around domains and people: providers, places, links, faults.
#include "sim/scenario/kinds.h"
#include "sim/scenario/names.h"
#include "sim/scenario/parts.h"
#include "sim/scenario/words.h"

#include <fmt/core.h>

namespace mailscope
{

namespace
{

constexpr unsigned prefix_length_min = 8;
constexpr unsigned prefix_length_max = 29; // a router, a few devices, and room

void read_provider(Reading &reading, NodeIndex node, ProviderSpec &provider)
{
    name_value.read(reading, node, provider.name);
    if (!provider.name.empty())
        reading.declare(NameKind::Host, node, provider.name);
}

void read_network(Reading &reading, NodeIndex node, Ipv4Network &target)
{
    if (reading.is_string(node)) {
        const Result<Ipv4Network> network = parse_ipv4_network(reading[node].text);
        if (network && is_private(network->address) &&
            network->prefix_length >= prefix_length_min &&
            network->prefix_length <= prefix_length_max) {
            target = *network;
            return;
        }
    }
    reading.refuse(node, fmt::format("a private network such as \"192.168.1.0/24\", /{} to /{}",
                                     prefix_length_min, prefix_length_max));
}

constexpr ValueKind<Ipv4Network> network_value{"network", read_network};

void read_place(Reading &reading, NodeIndex node, PlaceSpec &place)
{
    if (reading.is_string(node)) {
        name_value.read(reading, node, place.name);
        if (!place.name.empty())
            reading.declare(NameKind::Host, node, router_of_place(place.name));
        return;
    }
    ObjectReader object(reading, node, "place");
    object.value("name", name_value, place.name, Need::Required);
    object.value("network", network_value, place.network);
    object.value("provider", provider_value, place.provider);
    if (!place.name.empty())
        reading.declare(NameKind::Host, object.node("name"), router_of_place(place.name));
}

// The two ends of a wire.
struct Ends
{
    std::string from;
    std::string to;
};

void read_ends(Reading &reading, NodeIndex node, Ends &ends)
{
    const std::vector<NodeIndex> items = reading.items(node);
    if (reading[node].kind != JsonKind::List || items.size() != 2) {
        reading.refuse(node, "the two ends of a wire, such as [\"alice-home-router\", \"isp-a\"]");
        return;
    }
    host_value.read(reading, items[0], ends.from);
    host_value.read(reading, items[1], ends.to);
    if (!ends.from.empty() && !ends.to.empty())
        reading.mention(NameKind::Wire, node, ends.from, ends.to);
}

constexpr ValueKind<Ends> ends_value{"link_ends", read_ends};

void read_link(Reading &reading, NodeIndex node, LinkSpec &link)
{
    ObjectReader object(reading, node, "link");
    Ends ends;
    object.value("between", ends_value, ends, Need::Required);
    link.from = ends.from;
    link.to = ends.to;
    object.value("latency", duration_value, link.latency);
    object.value("bandwidth", bit_rate_value, link.bits_per_second);
    object.value("loss", loss_value, link.loss_per_million);
}

void read_host_fault(Reading &reading, NodeIndex node, FaultSpec &fault)
{
    ObjectReader object(reading, node, "host_fault");
    object.value("host", host_value, fault.host, Need::Required);
    object.word("is", words::host_fault, fault.kind, Need::Required);
    object.word("service", words::service, fault.port);
    object.value("from", duration_value, fault.begins);
    object.value("until", duration_value, fault.ends);
    if (object.has("service") && fault.kind == FaultKindSpec::HostDown)
        reading.refuse_key(object.node("service"), "\"is\": \"silent\" or \"closed\" beside it");
}

void read_link_fault(Reading &reading, NodeIndex node, FaultSpec &fault)
{
    ObjectReader object(reading, node, "link_fault");
    Ends ends;
    object.value("link", ends_value, ends, Need::Required);
    fault.from = ends.from;
    fault.to = ends.to;
    fault.kind = FaultKindSpec::LinkCut;
    object.word("is", words::link_fault, fault.kind, Need::Required);
    object.value("loss", loss_value, fault.loss_per_million);
    object.value("latency", duration_value, fault.latency);
    object.value("from", duration_value, fault.begins);
    object.value("until", duration_value, fault.ends);
    if (object.has("loss") != (fault.kind == FaultKindSpec::LinkLoss))
        reading.refuse_as(node, object.has("loss") ? "\"loss\"" : "no \"loss\"",
                          "\"loss\" together with \"is\": \"lossy\"");
    if (object.has("latency") != (fault.kind == FaultKindSpec::LinkSlow))
        reading.refuse_as(node, object.has("latency") ? "\"latency\"" : "no \"latency\"",
                          "\"latency\" together with \"is\": \"slow\"");
}

void read_fault(Reading &reading, NodeIndex node, FaultSpec &fault)
{
    if (reading.tree().member(node, "link") != no_node)
        read_link_fault(reading, node, fault);
    else
        read_host_fault(reading, node, fault);
    const NodeIndex until = reading.tree().member(node, "until");
    if (fault.ends && *fault.ends <= fault.begins)
        reading.refuse(until, "a time later than \"from\"");
}

constexpr ValueKind<ProviderSpec> provider_spec_value{"name", read_provider};
constexpr ValueKind<PlaceSpec> place_spec_value{"place", read_place};
constexpr ValueKind<DomainSpec> domain_spec_value{"domain", read_domain};
constexpr ValueKind<PersonSpec> person_spec_value{"person", read_person};
constexpr ValueKind<LinkSpec> link_value{"link", read_link};
constexpr ValueKind<FaultSpec> fault_value{"fault", read_fault};

} // namespace

void read_repair(Reading &reading, NodeIndex node, ChangeSpec &change)
{
    change.kind = ChangeKind::Repair;
    ObjectReader object(reading, node, "repair");
    object.value("host", host_value, change.host);
    Ends ends;
    object.value("link", ends_value, ends);
    change.from = ends.from;
    change.to = ends.to;
    has_exactly_one(reading, object, {"host", "link"});
}

void read_world(Reading &reading, NodeIndex node, Scenario &scenario)
{
    ObjectReader object(reading, node, "world");
    object.list("domains", domain_spec_value, scenario.domains, Need::Required);
    object.list("people", person_spec_value, scenario.people, Need::Required);
    object.list("places", place_spec_value, scenario.places);
    object.list("providers", provider_spec_value, scenario.providers);
    object.list("links", link_value, scenario.links);
    object.list("faults", fault_value, scenario.faults);
}

void describe_world(Reading &reading)
{
    Scenario scenario;
    read_world(reading, 0, scenario);
    PlaceSpec place;
    read_place(reading, 0, place);
    LinkSpec link;
    read_link(reading, 0, link);
    FaultSpec fault;
    read_host_fault(reading, 0, fault);
    read_link_fault(reading, 0, fault);
    ChangeSpec change;
    read_repair(reading, 0, change);
    describe_domain(reading);
    describe_person(reading);
}

} // namespace mailscope
