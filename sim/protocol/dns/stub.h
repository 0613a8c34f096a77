// The stub resolver inside every host: asks the configured resolvers and waits (RFC 1034 5.3.1).
//
// A value and sans-I/O, with the manners of resolv.conf(5): servers in order, 5 seconds each, the
// whole list twice; an error code moves on to the next server at once, and is the result when every
// server has said one. A truncated answer is asked for again over TCP. No cache, no search list,
// no EDNS.
//
// The order of calls is the resolver's: input, all events, all outgoing, deadline.
#pragma once

#include "sim/core/digest.h"
#include "sim/core/rng.h"
#include "sim/protocol/dns/events.h"
#include "sim/protocol/engine.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mailscope::dns
{

class Stub
{
public:
    /// A query to be sent to port 53 of `path.server`; over TCP put through tcp_frame.
    struct Query
    {
        ServerPath path;
        std::string bytes;
    };

    /// At most limits::stub_servers_max `servers` are kept, in order; with none, every question
    /// times out at once.
    Stub(std::span<const Ipv4Address> servers, Rng rng);

    /// Starts a question; its result is a Resolved event with this token.
    StubToken ask(const Name &name, Type type, SimTime now);

    /// Forgets a question; it has no result. Unknown tokens are ignored.
    void cancel(StubToken token);

    /// What came on `path`; over TCP one message without its length.
    void receive(const ServerPath &path, ByteView response, SimTime now);

    /// The TCP connection of `path` could not be opened or broke before the answer.
    void connection_failed(const ServerPath &path, SimTime now);

    void on_time(SimTime now);
    SimTime next_deadline() const { return deadline_; }

    std::optional<StubEvent> next_event();
    std::optional<Query> next_outgoing() { return outgoing_.pop(); }

    /// Questions without a result yet.
    std::size_t pending() const { return pending_.size(); }

    void mix(Digest &digest) const;

private:
    struct Pending
    {
        StubToken token;
        Question question;
        ServerPath path;
        std::uint16_t id = 0;
        std::uint8_t server = 0;  ///< index of the one asked
        std::uint8_t attempt = 1; ///< round over the list
        std::uint8_t failed = 0;  ///< a bit per server that said an error code
        Rcode last_error = Rcode::ServerFailure;
        SimTime deadline;
    };

    Pending *awaiting(const ServerPath &path);
    void send(Pending &pending, Transport transport, SimTime now);
    void ask_next(Pending &pending, SimTime now);
    void conclude(StubToken token, Outcome outcome);
    void settle();

    std::array<Ipv4Address, limits::stub_servers_max> servers_{};
    std::uint8_t server_count_ = 0;
    Rng rng_;
    std::vector<Pending> pending_; ///< in the order asked
    std::uint32_t last_token_ = 0;
    SimTime deadline_ = time_never;
    EventBuffer<StubEvent> events_;
    EventBuffer<Query> outgoing_;
};

} // namespace mailscope::dns
