// A small internet for the tests of the resolver: zones on addresses, and a clock.
//
// Messages take 10 ms each way. Servers answer with the project's own authority; single addresses
// can be silent, or answer with what a test says. It knows nothing of hosts or networks.
#pragma once

#include "sim/protocol/dns/authority.h"
#include "sim/protocol/dns/resolver.h"
#include "sim/protocol/dns/stub.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mailscope::dns::test
{

inline Zone zone_of(std::string_view origin, const std::vector<std::string> &rows)
{
    std::vector<ResourceRecord> records;
    for (const std::string &row : rows) {
        Result<ResourceRecord> record = parse_record(row);
        INFO(row);
        REQUIRE(record.has_value());
        records.push_back(std::move(*record));
    }
    Result<Zone> zone = Zone::build(Name::of(origin), std::move(records));
    REQUIRE(zone.has_value());
    return std::move(*zone);
}

inline Ipv4Address address_of(std::string_view text) { return parse_ipv4(text).value(); }

/// "kind NOERROR: record; record", as a client sees an answer.
inline std::string text_of(const Message &message)
{
    std::string text = to_string(message.header.rcode);
    for (const ResourceRecord &record : message.answer)
        text += "; " + to_string(record);
    return text;
}

/// One line for the events that tell the story of a resolution; empty for the others.
inline std::string line_of(const ResolverEvent &event)
{
    const auto ip = [](Ipv4Address address) { return mailscope::to_string(address); };
    if (const auto *sent = std::get_if<QuerySent>(&event))
        return fmt::format("ask {} of {} for {} {}{}", ip(sent->path.server), to_string(sent->zone),
                           to_string(sent->question.name), to_string(sent->question.type),
                           sent->path.transport == Transport::Tcp ? " by TCP" : "");
    if (const auto *referral = std::get_if<ReferralReceived>(&event))
        return fmt::format("referred to {}", to_string(referral->zone));
    if (const auto *answer = std::get_if<AnswerReceived>(&event))
        return fmt::format("answer {}", to_string(answer->rcode));
    if (const auto *alias = std::get_if<AliasFollowed>(&event))
        return fmt::format("alias {}", to_string(alias->target));
    if (const auto *absence = std::get_if<NegativeCached>(&event))
        return fmt::format("remember absence {} s", absence->seconds);
    if (const auto *silent = std::get_if<ServerTimedOut>(&event))
        return fmt::format("silent {} attempt {}", ip(silent->server), silent->attempt);
    if (const auto *lame = std::get_if<LameServer>(&event))
        return fmt::format("lame {} {}", ip(lame->server), to_string(lame->rcode));
    if (const auto *needed = std::get_if<AddressNeeded>(&event))
        return fmt::format("find {}", to_string(needed->server_name));
    if (const auto *failed = std::get_if<ResolutionFailed>(&event))
        return fmt::format("failed {}", static_cast<int>(failed->reason));
    if (std::holds_alternative<TruncatedRetryOverTcp>(event))
        return "truncated";
    if (std::holds_alternative<CacheHit>(event))
        return "remembered";
    if (std::holds_alternative<ResponseIgnored>(event))
        return "ignored";
    if (std::holds_alternative<ResolutionShared>(event))
        return "shared";
    return std::string();
}

/// The name servers, one resolver at their feet, and one client.
struct Internet
{
    std::map<std::uint32_t, std::vector<Zone>> servers;
    std::set<std::uint32_t> silent;
    /// Answers in place of the server at an address; empty: nothing is sent.
    std::map<std::uint32_t, std::function<std::string(ByteView, Transport)>> odd;
    Resolver resolver{{RootHint{Name::of("a.root."), address_of("198.51.100.1")}}, Rng(1, "dns")};
    SimTime now;
    std::vector<std::string> story;
    std::map<std::uint32_t, Message> answers; ///< by client token
    std::size_t queries = 0;
    std::uint32_t last_client = 0;

    struct Arrival
    {
        SimTime at;
        ServerPath path;
        std::string bytes;
    };
    std::vector<Arrival> arrivals;

    void serve(std::string_view address, Zone zone)
    {
        servers[address_of(address).value].push_back(std::move(zone));
    }

    void send(const Outgoing &out)
    {
        if (out.kind == Outgoing::Kind::ToClient) {
            answers[out.client.value] = decode(out.bytes).value();
            return;
        }
        ++queries;
        const std::uint32_t to = out.path.server.value;
        if (silent.count(to) != 0)
            return;
        std::string response;
        if (odd.count(to) != 0)
            response = odd[to](out.bytes, out.path.transport);
        else
            response = respond(servers[to], out.bytes, out.path.transport);
        if (!response.empty())
            arrivals.push_back({now + 20ms, out.path, std::move(response)});
    }

    void take_all()
    {
        while (const auto event = resolver.next_event())
            if (std::string line = line_of(*event); !line.empty())
                story.push_back(std::move(line));
        while (const auto out = resolver.next_outgoing())
            send(*out);
    }

    /// Lets the time go on until nothing is open any more.
    void run()
    {
        take_all();
        for (;;) {
            SimTime next = resolver.next_deadline();
            std::size_t first = arrivals.size();
            for (std::size_t i = 0; i < arrivals.size(); ++i)
                if (arrivals[i].at < next || (arrivals[i].at == next && first == arrivals.size())) {
                    next = arrivals[i].at;
                    first = i;
                }
            if (next == time_never)
                return;
            now = next;
            if (first < arrivals.size()) {
                const Arrival arrival = arrivals[first];
                arrivals.erase(arrivals.begin() + static_cast<std::ptrdiff_t>(first));
                resolver.receive_response(arrival.path, arrival.bytes, now);
            } else {
                resolver.on_time(now);
            }
            take_all();
        }
    }

    std::uint32_t start(std::string_view name, Type type, Transport transport = Transport::Udp)
    {
        Message query = make_query(77, Name::of(name), type);
        query.header.recursion_desired = true;
        resolver.receive_query(ClientToken{++last_client}, transport, encode(query), now);
        return last_client;
    }

    /// Asks and waits; the story holds this question's events only.
    Message ask(std::string_view name, Type type, Transport transport = Transport::Udp)
    {
        story.clear();
        const std::uint32_t client = start(name, type, transport);
        run();
        REQUIRE(answers.count(client) == 1);
        return answers[client];
    }
};

inline constexpr std::string_view soa_data =
    "ns1.example.jp. hostmaster.example.jp. 1 3600 900 604800 300";

/// Root at 198.51.100.1, jp at .2, example.jp at .3 and .4, example.com (served from
/// example.jp's name servers, without glue) below com at .5.
inline Internet given_internet()
{
    const std::string soa(soa_data);
    Internet internet;
    internet.serve(
        "198.51.100.1",
        zone_of(".", {". 86400 SOA " + soa, ". 86400 NS a.root.", "a.root. 86400 A 198.51.100.1",
                      "jp. 86400 NS ns.jp.", "ns.jp. 86400 A 198.51.100.2", "com. 86400 NS ns.com.",
                      "ns.com. 86400 A 198.51.100.5"}));
    internet.serve(
        "198.51.100.2",
        zone_of("jp.",
                {"jp. 86400 SOA " + soa, "jp. 86400 NS ns.jp.", "ns.jp. 86400 A 198.51.100.2",
                 "example.jp. 3600 NS ns1.example.jp.", "example.jp. 3600 NS ns2.example.jp.",
                 "ns1.example.jp. 3600 A 198.51.100.3", "ns2.example.jp. 3600 A 198.51.100.4"}));
    internet.serve(
        "198.51.100.5",
        zone_of("com.", {"com. 86400 SOA " + soa, "com. 86400 NS ns.com.",
                         "ns.com. 86400 A 198.51.100.5", "example.com. 3600 NS ns1.example.jp."}));
    std::vector<std::string> rows = {
        "example.jp. 3600 SOA " + soa,
        "example.jp. 3600 NS ns1.example.jp.",
        "example.jp. 3600 NS ns2.example.jp.",
        "ns1.example.jp. 3600 A 198.51.100.3",
        "ns2.example.jp. 3600 A 198.51.100.4",
        "example.jp. 600 MX 10 mx.example.jp.",
        "mx.example.jp. 600 A 203.0.113.25",
        "www.example.jp. 600 CNAME web.example.jp.",
        "web.example.jp. 600 A 203.0.113.80",
        "shop.example.jp. 600 CNAME shop.example.com.",
        "loop1.example.jp. 600 CNAME loop2.example.jp.",
        "loop2.example.jp. 600 CNAME loop1.example.jp.",
        "nomail.example.jp. 600 MX 0 .",
    };
    for (int i = 10; i < 90; ++i)
        rows.push_back(
            fmt::format("many.example.jp. 600 MX {} host-{}.some-label.example.jp.", i, i));
    const Zone example = zone_of("example.jp.", rows);
    internet.serve("198.51.100.3", example);
    internet.serve("198.51.100.4", example);
    internet.serve("198.51.100.3",
                   zone_of("example.com.",
                           {"example.com. 3600 SOA " + soa, "example.com. 3600 NS ns1.example.jp.",
                            "shop.example.com. 600 A 203.0.113.90"}));
    return internet;
}

} // namespace mailscope::dns::test
