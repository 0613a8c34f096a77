// The names and places of machines that nobody described.
#include "sim/scenario/names.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace mailscope;

namespace
{

// alice at example.com and bob at example.jp, and nothing else said.
Scenario two_people()
{
    Scenario scenario;
    for (const char *name : {"example.com", "example.jp"})
        scenario.domains.emplace_back().name = name;
    scenario.people.resize(2);
    scenario.people[0].name = "alice";
    scenario.people[0].address = "alice@example.com";
    scenario.people[1].name = "bob";
    scenario.people[1].address = "bob@example.jp";
    return scenario;
}

std::string listed(const Scenario &scenario)
{
    std::string text;
    for (const HostName &host : hosts_of(scenario))
        text += host.name + " < " + host.uplink + "\n";
    return text;
}

} // namespace

TEST_CASE("Every machine that nobody named has a name and a place", "[scenario]")
{
    CHECK(listed(two_people()) == "backbone < \n"
                                  "root-dns < backbone\n"
                                  "dns.com < backbone\n"
                                  "dns.jp < backbone\n"
                                  "isp-a < backbone\n"
                                  "resolver.isp-a < isp-a\n"
                                  "isp-b < backbone\n"
                                  "resolver.isp-b < isp-b\n"
                                  "mx.example.com < isp-a\n"
                                  "ns1.example.com < isp-a\n"
                                  "mx.example.jp < isp-b\n"
                                  "ns1.example.jp < isp-b\n"
                                  "alice-home-router < isp-a\n"
                                  "bob-home-router < isp-b\n"
                                  "alice-laptop < alice-home-router\n"
                                  "bob-laptop < bob-home-router\n");
}

TEST_CASE("Further mail servers are numbered", "[scenario]")
{
    DomainSpec domain;
    domain.name = "example.jp";
    domain.servers.resize(3);
    domain.servers[1].host = "backup.example.net";
    CHECK(mail_servers_of(domain) ==
          std::vector<std::string>{"mx.example.jp", "backup.example.net", "mx3.example.jp"});
    CHECK(submission_host_of(domain) == "mx.example.jp");
    domain.has_mail = false;
    CHECK(mail_servers_of(domain).empty());
    CHECK(submission_host_of(domain).empty());
}

TEST_CASE("People who live together share a place", "[scenario]")
{
    Scenario scenario = two_people();
    scenario.people[0].at = "office";
    scenario.people[1].at = "office";
    REQUIRE(places_of(scenario).size() == 1);
    CHECK(provider_of_place(scenario, places_of(scenario)[0]) == "isp-a");
}

TEST_CASE("A wire joins a host and the next one towards the backbone", "[scenario]")
{
    const std::vector<HostName> hosts = hosts_of(two_people());
    CHECK(are_joined(hosts, "alice-laptop", "alice-home-router"));
    CHECK(are_joined(hosts, "backbone", "isp-a"));
    CHECK_FALSE(are_joined(hosts, "alice-laptop", "isp-a"));
    CHECK_FALSE(are_joined(hosts, "isp-a", "isp-b"));
}
