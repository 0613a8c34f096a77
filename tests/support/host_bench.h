// A few hosts on a network, for tests of roles without a World.
//
// Every host hangs on one router. Roles stay with the test, which registers how they are called;
// the bench does the World's part: it runs the queue, hands events, timers and answers of the DNS
// to the roles, and keeps the trace. Names are answered by one authoritative server that every
// stub resolver asks.
#pragma once

#include "sim/core/event_queue.h"
#include "sim/hosts/env.h"
#include "sim/hosts/name_server.h"
#include "sim/hosts/stub_agent.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailscope::test
{

/// How a role is called; what is empty is not.
struct RoleCalls
{
    std::function<void(Env &, const net::Event &)> on_network;
    std::function<void(Env &, std::uint32_t)> on_timer;
    std::function<void(Env &, const DnsAnswer &)> on_dns;
};

class HostBench
{
public:
    HostBench();

    /// A host with a wire to the router. `address` is its first one.
    HostId add_host(std::string_view name, std::string_view address);

    /// Rows as in a zone file, "mail.example.jp 300 A 192.0.2.1".
    void add_name(std::string_view row);

    /// The role of that kind and index, on a host.
    void add_role(HostId host, Role role, std::uint16_t index, RoleCalls calls);
    void listen(HostId host, std::uint16_t port, Role role, std::uint16_t index);

    Env env(HostId host, RecordId because = RecordId{});

    /// Calls `order(env)` for a host and what follows at this moment.
    template <class Order> void order(HostId host, Order order)
    {
        Env now_there = env(host);
        order(now_there);
        finish_step();
    }

    /// Runs until nothing is scheduled, or for so long.
    void run(Duration how_long = std::chrono::hours(1));

    /// The wire of a host.
    net::Link &wire(HostId host) { return network.link(wires_[host.value]); }

    SimTime now{};
    EventQueue queue;
    net::Network network;
    Records records;
    std::uint32_t next_record = 0;
    Directory directory;
    MessageNames messages;

    /// What happened to mail on a host, a line for each record: "letter-fetched: Hello". With a
    /// reply code, "submission-refused 550: ...".
    std::vector<std::string> story(HostId host) const;

    /// How many records of that kind there are, on one host.
    std::size_t count(HostId host, RecordKind kind) const;

private:
    void finish_step();
    void hand_over(const net::Event &event);

    HostId router_;
    HostId name_host_;
    std::vector<StubAgent> stubs_;
    std::vector<DnsAnswer> dns_answers_;
    std::vector<LinkId> wires_;
    std::vector<dns::ResourceRecord> names_;
    std::optional<NameServer> name_server_;
    std::map<std::pair<Role, std::uint16_t>, std::pair<HostId, RoleCalls>> roles_;
};

} // namespace mailscope::test
