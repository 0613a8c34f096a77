// The recursive resolver: finds answers by asking from the root down, and remembers them.
//
// A value and sans-I/O: datagrams and the time go in; datagrams, events and a next deadline come
// out. Follows RFC 1034 5.3.3: from the nearest known zone it follows referrals, glue and aliases,
// asks the servers of a zone in the order given, waits 1.5 s for each and 3 s in a second round,
// repeats truncated answers over TCP, and says SERVFAIL when nothing is left or a limit is reached
// (grammar.h, limits). Believes only what a server may say: authoritative data below the zone
// asked, on the path and with the id and question of an open query (RFC 5452 4). No DNSSEC;
// servers are expected to understand EDNS; IPv4 transport only.
//
// The order of calls, for its owner:
//   1. give input: receive_query, receive_response, connection_failed or on_time;
//   2. take all events: while (auto event = resolver.next_event());
//   3. send all that is ready: while (auto out = resolver.next_outgoing());
//   4. call on_time at next_deadline(), if that has not moved meanwhile.
#pragma once

#include "sim/core/rng.h"
#include "sim/protocol/dns/cache.h"
#include "sim/protocol/dns/events.h"
#include "sim/protocol/dns/reply.h"
#include "sim/protocol/dns/states.h"
#include "sim/protocol/engine.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mailscope::dns
{

/// A server of the root zone that the resolver knows from the start.
struct RootHint
{
    Name name;
    Ipv4Address address;
};

/// A message to be sent.
struct Outgoing
{
    enum class Kind : std::uint8_t
    {
        ToServer,
        ToClient
    };
    Kind kind = Kind::ToServer;
    ServerPath path;    ///< of a query to a server; TCP: connect to port 53 first
    ClientToken client; ///< of an answer; it goes the way the client's query came
    std::string bytes;  ///< one message; over TCP put through tcp_frame
};

/// What one resolution is doing, for people.
struct ResolutionRow
{
    ResolutionId id = 0;
    ResolutionId parent = 0; ///< the one that waits for this; 0 when clients do
    Question question;       ///< as asked
    Name current_name;       ///< after aliases
    Name zone;               ///< whose servers are asked
    ResolutionState state = ResolutionState::LookingUp;
    SimTime deadline;
    std::size_t clients = 0;
};

class Resolver
{
public:
    /// `hints` are tried in this order; `rng` draws ids and source ports.
    Resolver(std::vector<RootHint> hints, Rng rng);

    /// A query from a stub resolver. Every query gets one answer through next_outgoing, but for
    /// messages that are no queries. Cached: answered at once.
    void receive_query(ClientToken client, Transport transport, ByteView query, SimTime now);

    /// What came on `path` from a server; over TCP one message without its length.
    void receive_response(const ServerPath &path, ByteView response, SimTime now);

    /// The TCP connection of `path` could not be opened or broke before the answer.
    void connection_failed(const ServerPath &path, SimTime now);

    void on_time(SimTime now);
    SimTime next_deadline() const { return deadline_; }

    std::optional<ResolverEvent> next_event();
    std::optional<Outgoing> next_outgoing() { return outgoing_.pop(); }

    const Cache &cache() const { return cache_; }
    /// For commands that flush or fill the cache.
    Cache &cache() { return cache_; }

    /// Resolutions in progress, oldest first.
    std::vector<ResolutionRow> rows() const;

    void mix(Digest &digest) const;

private:
    /// What has been found out so far for one question.
    struct Findings
    {
        Name name; ///< the name now looked for: the question's, or where aliases led
        unsigned aliases = 0;
        OutcomeKind kind = OutcomeKind::ServerFailure;
        std::vector<ResourceRecord> answer;
        std::vector<ResourceRecord> authority;
        std::uint32_t seconds_left = 0; ///< of what was remembered
    };
    /// A query of a client: what the head of its answer needs.
    struct Client
    {
        ClientToken token;
        Header header;
        bool edns = false;
        std::uint16_t octets_max = 0;
    };
    struct Server
    {
        Name name;
        Ipv4Address address; ///< unspecified: not known yet
        unsigned tries = 0;
        bool useless = false;
    };
    struct Resolution
    {
        ResolutionId id = 0;
        ResolutionId parent = 0;
        ResolutionId client_resolution = 0; ///< the topmost one; it counts the queries of all
        ResolutionState state = ResolutionState::LookingUp;
        FailureReason failure = FailureReason::ServersExhausted;
        Question question;
        Findings found;
        std::vector<Client> clients;
        Name zone;
        std::vector<Server> servers; ///< of `zone`; empty: not chosen yet
        std::size_t server = 0;      ///< the one asked, or whose address is being found
        ServerPath path;
        std::uint16_t query_id = 0;
        SimTime deadline = time_never; ///< when the wait of the present state ends
        SimTime give_up;
        unsigned depth = 0;
        unsigned referrals = 0;
        unsigned queries = 0;
    };
    enum class Recalled : std::uint8_t
    {
        All,
        NotAll,
        TooManyAliases
    };

    // resolver.cpp: clients, time, what is sent and what arrives.
    Rcode refusal_of(const Message &query) const;
    Recalled recall(Findings &found, Type type, Trust at_least, SimTime now) const;
    void start(const Client &client, const Question &question, Findings found, SimTime now);
    void send_answer(const Client &client, const Question &question, Findings found,
                     ResolutionId id);
    Resolution *find(ResolutionId id);
    Resolution *awaiting(const ServerPath &path);
    void settle(SimTime now);
    void finish(ResolutionId id);

    // resolution.cpp: the steps of one resolution.
    static void move(Resolution &resolution, ResolutionInput input);
    static void fail(Resolution &resolution, FailureReason reason);
    void step(ResolutionId id, SimTime now);
    void look_up(Resolution &resolution, SimTime now);
    void choose_server(Resolution &resolution, SimTime now);
    void choose_zone(Resolution &resolution, SimTime now) const;
    void add_servers(Resolution &resolution, std::span<const ResourceRecord> servers,
                     std::span<const ResourceRecord> glue, SimTime now) const;
    void find_address(ResolutionId id, SimTime now);
    void send_query(Resolution &resolution, Transport transport, SimTime now);
    void take_response(Resolution &resolution, const Message &response, SimTime now);
    void take_reply(Resolution &resolution, const Reply &reply, const Message &response,
                    SimTime now);
    void remember_absence(Resolution &resolution, const ResourceRecord &soa, SimTime now);
    void remember(const Resolution &resolution, const Reply &reply, const Message &response,
                  SimTime now);
    void give_address(Resolution &parent, const Resolution &child);

    Cow<std::vector<RootHint>> hints_;
    Rng rng_;
    Cache cache_;
    std::vector<Resolution> active_;  ///< in order of their ids
    std::vector<ResolutionId> ready_; ///< can take a step; empty between calls
    ResolutionId last_id_ = 0;
    SimTime deadline_ = time_never;
    EventBuffer<ResolverEvent> events_;
    EventBuffer<Outgoing> outgoing_;
};

} // namespace mailscope::dns
