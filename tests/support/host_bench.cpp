// A few hosts on a network, for tests of roles without a World.
#include "tests/support/host_bench.h"

#include <fmt/format.h>

namespace mailscope::test
{
namespace
{

constexpr std::string_view name_server_address = "192.0.2.253";

} // namespace

HostBench::HostBench()
{
    router_ = network.add_host(true);
    directory.hosts.push_back({"router", HostKind::Backbone, 0, {}});
    stubs_.emplace_back(std::vector<Ipv4Address>{}, Rng());
    wires_.emplace_back();
    name_host_ = add_host("ns", name_server_address);
    add_name(". 300 SOA ns.test. hostmaster.test. 1 3600 600 86400 300");
    network.listen(name_host_, net::Transport::Udp, dns::port,
                   {static_cast<std::uint16_t>(Role::NameServer), 0, 0});
}

HostId HostBench::add_host(std::string_view name, std::string_view address)
{
    const Ipv4Address own = *parse_ipv4(address);
    const HostId host = network.add_host(false);
    const LinkId wire =
        network.connect(host, own, router_, *parse_ipv4("198.51.100.1"), {}, Rng(1, name));
    network.add_route(host, {Ipv4Address{}, 0}, wire);
    network.add_route(router_, {own, 32}, wire);
    directory.hosts.push_back({std::string(name), HostKind::Device, 0, own});
    stubs_.emplace_back(std::vector<Ipv4Address>{*parse_ipv4(name_server_address)}, Rng(1, name));
    wires_.push_back(wire);
    // Answers come to ports that the stub resolver chooses: to all that nobody else has.
    network.listen(host, net::Transport::Udp, 0,
                   {static_cast<std::uint16_t>(Role::StubResolver),
                    static_cast<std::uint16_t>(host.value), 0});
    return host;
}

void HostBench::add_name(std::string_view row)
{
    names_.push_back(*dns::parse_record(row));
    name_server_.emplace(name_host_,
                         std::vector<dns::Zone>{*dns::Zone::build(dns::Name(), names_)});
}

void HostBench::add_role(HostId host, Role role, std::uint16_t index, RoleCalls calls)
{
    roles_[{role, index}] = {host, std::move(calls)};
}

void HostBench::listen(HostId host, std::uint16_t port, Role role, std::uint16_t index)
{
    network.listen(host, net::Transport::Tcp, port, {static_cast<std::uint16_t>(role), index, 0});
}

Env HostBench::env(HostId host, RecordId because)
{
    const mail::DateTime start{1'795'489'200, 540}; // Tue, 24 Nov 2026 12:00:00 +0900
    return Env{now,      queue,  network,      records, next_record, directory,
               messages, stubs_, dns_answers_, start,   host,        because};
}

void HostBench::run(Duration how_long)
{
    const SimTime limit = now + how_long;
    while (const std::optional<Event> work = queue.pop_until(limit)) {
        now = work->at;
        if (work->kind < static_cast<std::uint16_t>(net::Work::FirstFree)) {
            network.handle(*work, {queue, now});
        } else if (static_cast<Role>(work->where) == Role::StubResolver) {
            Env there = env(HostId{work->what}, work->because);
            stubs_[work->what].on_timer(there);
        } else {
            const auto &[host, calls] =
                roles_.at({static_cast<Role>(work->where), static_cast<std::uint16_t>(work->what)});
            Env there = env(host, work->because);
            calls.on_timer(there, work->argument);
        }
        finish_step();
    }
    now = limit;
}

void HostBench::hand_over(const net::Event &event)
{
    const Role role = static_cast<Role>(event.owner.role);
    Env there = env(event.host);
    if (role == Role::StubResolver)
        return stubs_[event.owner.index].on_network(there, event);
    if (role == Role::NameServer)
        return name_server_->on_network(there, event);
    const auto found = roles_.find({role, event.owner.index});
    if (found != roles_.end())
        found->second.second.on_network(there, event);
}

void HostBench::finish_step()
{
    for (;;) {
        for (std::size_t i = 0; i < network.events().size(); ++i) {
            const net::Event event = network.events()[i];
            if (event.owner.role != 0)
                hand_over(event);
        }
        network.events().clear();
        for (const DnsAnswer &answer : std::exchange(dns_answers_, {})) {
            Env there = env(answer.host, answer.because);
            roles_.at({answer.ticket.role, answer.ticket.index}).second.on_dns(there, answer);
        }
        network.flush({queue, now});
        if (network.events().empty() && dns_answers_.empty())
            break;
    }
    network.end_step();
}

std::vector<std::string> HostBench::story(HostId host) const
{
    std::vector<std::string> lines;
    records.for_each([&](const Record &record) {
        const KindInfo &info = info_of(record.kind);
        if (record.host != host || (info.layer != Layer::Mail && info.layer != Layer::Story))
            return;
        std::string line(info.name);
        if (record.code != 0)
            line += fmt::format(" {}", record.code);
        if (!record.text.empty())
            line += fmt::format(": {}", record.text.view());
        lines.push_back(std::move(line));
    });
    return lines;
}

std::size_t HostBench::count(HostId host, RecordKind kind) const
{
    std::size_t found = 0;
    records.for_each([&](const Record &record) {
        found += record.host == host && record.kind == kind ? 1U : 0U;
    });
    return found;
}

} // namespace mailscope::test
