// A World for measuring deliveries.
#include "sim/world/bench_world.h"

#include "sim/core/check.h"
#include "sim/mail/letter.h"

#include <string>
#include <utility>

namespace mailscope
{
namespace
{

constexpr std::size_t letters_kept_max = 1'000;
constexpr std::uint32_t day = 86'400;

struct Machine
{
    const char *name;
    Ipv4Address address;
    HostKind kind;
};

constexpr Machine machines[] = {{"mx.sender.example", {0xC0000201U}, HostKind::MailServer},
                                {"mx.receiver.example", {0xC0000202U}, HostKind::MailServer},
                                {"resolver.example", {0xC0000203U}, HostKind::Resolver},
                                {"root-dns", {0xC0000204U}, HostKind::NameServer}};
constexpr HostId sender{0};
constexpr HostId receiver{1};
constexpr HostId resolver_host{2};
constexpr HostId root{3};

/// One zone that knows everything, with times to live that outlast the run.
dns::Zone everything_zone()
{
    const auto name = [](const char *text) { return dns::Name::of(text); };
    dns::Soa soa;
    soa.primary_server = name("root-dns");
    soa.mailbox = name("hostmaster");
    soa.negative_ttl = day;
    std::vector<dns::ResourceRecord> rows = {
        dns::record_of(name("."), dns::Type::Soa, day, soa),
        dns::record_of(name("."), dns::Type::Ns, day, name("root-dns")),
        dns::record_of(name("root-dns"), dns::Type::A, day, machines[3].address),
        dns::record_of(name("receiver.example"), dns::Type::Mx, day,
                       dns::Mx{10, name("mx.receiver.example")}),
        dns::record_of(name("mx.receiver.example"), dns::Type::A, day, machines[1].address)};
    Result<dns::Zone> zone = dns::Zone::build(name("."), std::move(rows));
    MS_CHECK(zone.has_value());
    return std::move(*zone);
}

void join(World &world, HostId a, HostId b, Duration latency)
{
    const LinkId link =
        world.network.connect(a, machines[a.value].address, b, machines[b.value].address,
                              {latency, 1'000'000'000, 0}, Rng(1, "loss"));
    world.network.add_route(a, {machines[b.value].address, 32}, link);
    world.network.add_route(b, {machines[a.value].address, 32}, link);
}

net::Owner owner(Role role, std::uint16_t index)
{
    return {static_cast<std::uint16_t>(role), index, 0};
}

void add_mail_servers(World &world)
{
    for (const HostId host : {sender, receiver}) {
        MailServerConfig config;
        config.hostname = machines[host.value].name;
        if (host == receiver)
            config.domains.push_back({"receiver.example", true, {}, {}});
        world.mail_servers.push_back(
            {MailServer(host, std::move(config), Rng(host.value, "mail server")),
             static_cast<std::uint16_t>(host.value)});
        world.stores.emplace_back(1);
        world.network.listen(host, net::Transport::Tcp, 25,
                             owner(Role::SmtpServer, static_cast<std::uint16_t>(host.value)));
    }
    MS_CHECK(
        world.stores[receiver.value].add_user("bob@receiver.example", "secret", 0).has_value());
}

std::string letter_of(std::size_t bytes)
{
    mail::Letter letter;
    letter.from = {"", {"alice", "sender.example"}};
    letter.to = {{"", {"bob", "receiver.example"}}};
    letter.subject = "A letter for measuring";
    letter.message_id = "<measure@sender.example>";
    while (letter.text.size() < bytes)
        letter.text += "A line of text that has the usual length of lines in letters.\n";
    return mail::build_message(letter);
}

void empty_mailbox(mail::Store &store)
{
    const mail::UserId bob{0};
    const mail::FolderId inbox = store.mailbox(bob).inbox().id();
    for (const std::uint32_t uid : store.mailbox(bob).inbox().uids())
        static_cast<void>(store.remove(bob, inbox, uid));
}

} // namespace

World bench_world(std::uint64_t seed)
{
    World world;
    world.network = net::Network(seed);
    world.start = {1'775'001'600, 0};
    Directory &directory = world.directory.edit();
    directory.regions.push_back({"internet", RegionKind::Internet});
    for (const Machine &machine : machines) {
        world.network.add_host(false);
        directory.hosts.push_back({machine.name, machine.kind, 0, machine.address});
    }
    join(world, sender, receiver, 10ms);
    join(world, sender, resolver_host, 500us);
    join(world, receiver, resolver_host, 500us);
    join(world, resolver_host, root, 5ms);
    for (std::uint32_t i = 0; i < 4; ++i) {
        world.stubs.emplace_back(std::vector<Ipv4Address>{machines[2].address},
                                 Rng(seed + i, "stub"));
        world.network.listen(HostId{i}, net::Transport::Udp, 0,
                             owner(Role::StubResolver, static_cast<std::uint16_t>(i)));
    }
    world.network.listen(resolver_host, net::Transport::Udp, 0, owner(Role::Resolver, 0));
    world.network.listen(resolver_host, net::Transport::Udp, dns::port, owner(Role::Resolver, 0));
    world.resolvers.emplace_back(
        resolver_host, std::vector<dns::RootHint>{{dns::Name::of("root-dns"), machines[3].address}},
        Rng(seed, "resolver"));
    world.network.listen(root, net::Transport::Udp, dns::port, owner(Role::NameServer, 0));
    world.name_servers.emplace_back(root, std::vector<dns::Zone>{everything_zone()});
    add_mail_servers(world);
    return world;
}

DeliveryRun run_deliveries(World &world, Records &records, std::uint64_t messages,
                           std::size_t bytes, std::size_t concurrency)
{
    const SharedBytes content = SharedBytes::copy_of(letter_of(bytes));
    DeliveryRun run;
    const std::uint64_t steps_before = world.steps;
    const std::uint32_t records_before = world.next_record;
    MailServer &from = world.mail_servers[sender.value].server;
    const MailQueue &to = world.mail_servers[receiver.value].server.queue();
    const std::uint64_t delivered_before = to.counts.delivered;
    std::uint64_t written = 0;
    for (;;) {
        while (written < messages && from.queue().messages.size() < concurrency) {
            QueuedMessage message;
            message.reverse_path = "alice@sender.example";
            message.content = content;
            message.recipients.push_back({{"bob@receiver.example", {}, ""}, Fate::Pending});
            Env env = env_for(world, records, sender, RecordId{});
            from.submit(env, world.stores[sender.value], 0, std::move(message));
            finish_step(world, records);
            ++written;
        }
        run.messages = to.counts.delivered - delivered_before;
        if (written == messages && from.queue().messages.size() == 0)
            break;
        if (!step(world, records))
            break;
        if (world.stores[receiver.value].mailbox(mail::UserId{0}).inbox().size() > letters_kept_max)
            empty_mailbox(world.stores[receiver.value]);
    }
    run.steps = world.steps - steps_before;
    run.records = world.next_record - records_before;
    return run;
}

} // namespace mailscope
