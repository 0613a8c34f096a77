// Declarations against mentions.
#include "sim/scenario/check.h"

#include "sim/scenario/names.h"
#include "sim/scenario/values.h"
#include "sim/trace/query.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace mailscope
{

namespace
{

constexpr std::size_t listed_names_max = 8;

std::string_view kind_text(NameKind kind)
{
    switch (kind) {
    case NameKind::Person:
        return "person";
    case NameKind::Device:
        return "device";
    case NameKind::Place:
        return "place";
    case NameKind::Provider:
        return "provider";
    case NameKind::Domain:
        return "domain";
    case NameKind::Host:
        return "host";
    case NameKind::Wire:
        return "wire";
    case NameKind::MailServer:
        return "mail server";
    case NameKind::Mailbox:
        return "mailbox";
    case NameKind::Remedy:
        return "remedy";
    case NameKind::Contact:
        return "contact";
    case NameKind::Folder:
        return "folder";
    case NameKind::Query:
        return "query";
    }
    return {};
}

using Names = std::set<std::string, std::less<>>;

/// Everything that exists, by kind.
class Inventory
{
public:
    Inventory(const Reading &reading, const Scenario &scenario)
        : scenario_(&scenario), hosts_(hosts_of(scenario))
    {
        for (const HostName &host : hosts_)
            names_[NameKind::Host].insert(host.name);
        for (const std::string &provider : providers_of(scenario))
            names_[NameKind::Provider].insert(provider);
        for (const PlaceSpec &place : scenario.places)
            names_[NameKind::Place].insert(place.name);
        for (const PersonSpec &person : scenario.people) {
            names_[NameKind::Person].insert(person.name);
            names_[NameKind::Place].insert(person.name + "-home");
        }
        for (const DomainSpec &domain : scenario.domains) {
            names_[NameKind::Domain].insert(domain.name);
            for (const std::string &host : mail_servers_of(domain))
                names_[NameKind::MailServer].insert(host);
            names_[NameKind::MailServer].insert(submission_host_of(domain));
        }
        for (const Mention &declared : reading.declarations())
            if (declared.kind == NameKind::Mailbox || declared.kind == NameKind::Remedy ||
                declared.kind == NameKind::Folder)
                names_[declared.kind].insert(declared.name);
    }

    bool knows(const Mention &mention)
    {
        if (mention.kind == NameKind::Place && scenario_->places.empty())
            return is_plain_name(mention.name); // places that people name are built
        return of(mention).count(mention.name) > 0;
    }

    /// The names among which the mentioned one should be.
    const Names &of(const Mention &mention)
    {
        const bool devices = mention.kind == NameKind::Device;
        if (!devices && mention.kind != NameKind::Contact)
            return names_[mention.kind];
        owned_.clear();
        for (const PersonSpec &person : scenario_->people) {
            if (person.name != mention.owner)
                continue;
            if (devices)
                for (const DeviceSpec &device : devices_of(person))
                    owned_.insert(device.name);
            else
                for (const ContactSpec &contact : person.address_book)
                    owned_.insert(contact.name);
        }
        return owned_;
    }

    bool has_person(const std::string &name) { return names_[NameKind::Person].count(name) > 0; }
    bool has_host(const std::string &name) { return names_[NameKind::Host].count(name) > 0; }
    const std::vector<HostName> &hosts() const { return hosts_; }

private:
    const Scenario *scenario_;
    std::vector<HostName> hosts_;
    std::map<NameKind, Names> names_;
    Names owned_; ///< of one person
};

void check_wire(Reading &reading, Inventory &inventory, const Mention &wire)
{
    if (!inventory.has_host(wire.name) || !inventory.has_host(wire.owner) ||
        are_joined(inventory.hosts(), wire.name, wire.owner))
        return;
    std::string wires;
    for (const HostName &host : inventory.hosts())
        if (!host.uplink.empty() && (host.name == wire.name || host.name == wire.owner))
            wires += fmt::format(" {} to {},", host.name, host.uplink);
    if (!wires.empty())
        wires.back() = ';';
    reading.refuse_as(wire.node, fmt::format("no wire from {} to {}", wire.name, wire.owner),
                      "a wire:" + wires + " see the rules in docs/scenarios.md");
}

void check_query(Reading &reading, const Inventory &inventory, const Mention &query)
{
    std::vector<std::string> hosts;
    for (const HostName &host : inventory.hosts())
        hosts.push_back(host.name);
    if (const Result<Query> parsed = Query::parse(query.name, hosts); !parsed)
        reading.refuse(query.node,
                       "a query such as \"reply:552\" (" + parsed.error().message + ")");
}

void check_mention(Reading &reading, Inventory &inventory, const Mention &mention)
{
    if (mention.kind == NameKind::Wire) {
        check_wire(reading, inventory, mention);
        return;
    }
    if (mention.kind == NameKind::Query) {
        check_query(reading, inventory, mention);
        return;
    }
    const bool is_owned = mention.kind == NameKind::Device || mention.kind == NameKind::Contact;
    const bool owner_is_wrong = is_owned && !inventory.has_person(mention.owner);
    if (owner_is_wrong || inventory.knows(mention))
        return;
    const Names &names = inventory.of(mention);
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    std::string expected =
        mention.kind == NameKind::Contact
            ? fmt::format("an address, or a name in the address book of {}", mention.owner)
            : fmt::format("a {} of this scenario", kind_text(mention.kind));
    if (candidates.empty())
        expected += ", which has none";
    else if (candidates.size() <= listed_names_max)
        expected += ": " + alternatives(candidates);
    reading.refuse(mention.node, expected,
                   reading.full() ? std::string_view() : nearest_name(mention.name, candidates));
}

/// An alias and where it leads inside its own server.
struct AliasNode
{
    std::string address;
    NodeIndex node = no_node;
    std::vector<std::size_t> targets;
};

// What serves the domain: aliases of domains with the same first server meet there.
std::string server_of(const DomainSpec &domain)
{
    const std::vector<std::string> servers = mail_servers_of(domain);
    return servers.empty() ? std::string() : servers.front();
}

bool has_mailbox(const DomainSpec &domain, const std::string &user)
{
    return std::any_of(domain.mailboxes.begin(), domain.mailboxes.end(),
                       [&user](const MailboxSpec &mailbox) { return mailbox.user == user; });
}

std::vector<AliasNode> alias_graph(const Reading &reading, const Scenario &scenario)
{
    std::vector<AliasNode> graph;
    std::map<std::pair<std::string, std::string>, std::size_t> index; // server, address
    for (const DomainSpec &domain : scenario.domains)
        for (const AliasSpec &alias : domain.aliases) {
            const std::string address = alias.user + "@" + domain.name;
            if (index.emplace(std::pair(server_of(domain), address), graph.size()).second)
                graph.push_back({address, no_node, {}});
        }
    for (const DomainSpec &domain : scenario.domains)
        for (const AliasSpec &alias : domain.aliases) {
            const std::string address = alias.user + "@" + domain.name;
            AliasNode &node = graph[index.at({server_of(domain), address})];
            for (const std::string &to : alias.to) {
                const auto target = index.find({server_of(domain), to});
                const bool keeps_copy = to == address && has_mailbox(domain, alias.user);
                if (target != index.end() && !keeps_copy)
                    node.targets.push_back(target->second);
            }
        }
    std::map<std::string, NodeIndex> places;
    for (const Mention &declared : reading.declarations())
        if (declared.kind == NameKind::Mailbox && declared.owner == "aliases")
            places.emplace(declared.name, declared.node);
    for (AliasNode &node : graph)
        if (const auto place = places.find(node.address); place != places.end())
            node.node = place->second;
    return graph;
}

// "info -> sales -> info", with domains where they differ.
std::string circle_text(const std::vector<AliasNode> &graph, const std::vector<std::size_t> &circle)
{
    const auto domain = [](const std::string &address) {
        return address.substr(address.rfind('@'));
    };
    const std::string first = domain(graph[circle.front()].address);
    const bool one_domain = std::all_of(circle.begin(), circle.end(), [&](std::size_t i) {
        return domain(graph[i].address) == first;
    });
    std::string text;
    for (const std::size_t i : circle) {
        const std::string &address = graph[i].address;
        text += (one_domain ? address.substr(0, address.rfind('@')) : address) + " -> ";
    }
    const std::string &address = graph[circle.front()].address;
    return text + (one_domain ? address.substr(0, address.rfind('@')) : address);
}

} // namespace

void check_declarations(Reading &reading)
{
    std::set<std::tuple<NameKind, std::string, std::string>> seen; // kind, name, list
    const auto is_in = [&seen](const std::string &mailbox, const char *list) {
        return seen.count({NameKind::Mailbox, mailbox, list}) > 0;
    };
    seen.insert({NameKind::Host, std::string(backbone_host), ""});
    seen.insert({NameKind::Host, std::string(root_name_server), ""});
    for (const Mention &declared : reading.declarations()) {
        if (declared.kind == NameKind::Folder)
            continue;
        const std::string &name = declared.name;
        const bool is_created = declared.owner == "remedies";
        bool again = !seen.insert({declared.kind, name, declared.owner}).second && !is_created;
        if (is_created || declared.owner == "moved")
            again |= is_in(name, "mailboxes");
        if (declared.owner == "moved")
            again |= is_in(name, "aliases");
        if (again)
            reading.refuse_as(
                declared.node,
                fmt::format("the {} {} a second time", kind_text(declared.kind), in_quotes(name)),
                "each name once");
    }
}

void check_mentions(Reading &reading, const Scenario &scenario)
{
    Inventory inventory(reading, scenario);
    const std::vector<Mention> mentions = reading.mentions();
    for (const Mention &mention : mentions)
        check_mention(reading, inventory, mention);
}

void check_aliases(Reading &reading, const Scenario &scenario)
{
    const std::vector<AliasNode> graph = alias_graph(reading, scenario);
    enum class Mark : std::uint8_t
    {
        New,
        OnPath,
        Done
    };
    std::vector<Mark> marks(graph.size(), Mark::New);
    std::vector<std::size_t> path;
    std::vector<std::size_t> next_target(graph.size(), 0);
    for (std::size_t start = 0; start < graph.size(); ++start) {
        if (marks[start] == Mark::New)
            path.push_back(start);
        while (!path.empty()) {
            const std::size_t at = path.back();
            marks[at] = Mark::OnPath;
            if (next_target[at] == graph[at].targets.size()) {
                marks[at] = Mark::Done;
                path.pop_back();
                continue;
            }
            const std::size_t target = graph[at].targets[next_target[at]++];
            if (marks[target] == Mark::New) {
                path.push_back(target);
            } else if (marks[target] == Mark::OnPath) {
                const auto first = std::find(path.begin(), path.end(), target);
                reading.refuse_as(graph[target].node,
                                  "a cycle of aliases: " + circle_text(graph, {first, path.end()}),
                                  "aliases that end in mailboxes or at another server");
            }
        }
    }
}

} // namespace mailscope
