// What resolvers say has happened, for the trace.
//
// Plain values in the order of time. Each names the resolution it belongs to, so that a query to a
// root server can be led back to the client's question that caused it.
#pragma once

#include "sim/core/ip_address.h"
#include "sim/protocol/dns/message.h"

#include <cstdint>
#include <variant>
#include <vector>

namespace mailscope::dns
{

/// The owner's name for a client's query: what it needs to send the answer back.
struct ClientToken
{
    std::uint32_t value = 0;
    friend bool operator==(ClientToken a, ClientToken b) { return a.value == b.value; }
};

/// Numbers a resolver's resolutions from 1 on; 0 is none.
using ResolutionId = std::uint32_t;

/// The way to a server and back. Over UDP `local_port` is the source port, drawn at random
/// (RFC 5452 4.5); over TCP it only names the connection, whose real port the owner chooses.
struct ServerPath
{
    Ipv4Address server;
    std::uint16_t local_port = 0;
    Transport transport = Transport::Udp;

    friend bool operator==(const ServerPath &a, const ServerPath &b)
    {
        return a.server == b.server && a.local_port == b.local_port && a.transport == b.transport;
    }
};

/// Why a server's response, or its silence, is of no use.
enum class ServerFault : std::uint8_t
{
    ErrorCode,        ///< SERVFAIL, REFUSED, NOTIMP, FORMERR: see the event's rcode
    NotAuthoritative, ///< neither an authoritative answer nor a referral: a lame delegation
    UpwardReferral,   ///< refers to the zone itself or away from the name: lame as well
    TruncatedTcp,     ///< TC over TCP, which has no such limit
    NoConnection,     ///< TCP was refused or broke
};

/// Why a resolution ended in SERVFAIL.
enum class FailureReason : std::uint8_t
{
    ServersExhausted, ///< every server of the zone failed or kept silent
    TooLong,          ///< limits::resolution_time_max
    TooManyReferrals, ///< limits::referrals_max
    TooManyAliases,   ///< limits::aliases_max: mostly a CNAME loop
    TooManyQueries,   ///< limits::queries_max
    TooDeep,          ///< limits::depth_max: name servers that need each other to be found
    TooBusy,          ///< limits::resolutions_max
};

/// Why something that arrived was not looked at.
enum class IgnoreReason : std::uint8_t
{
    Malformed,       ///< not a DNS message
    Unexpected,      ///< no query is open on this path with this id: late, or forged
    QuestionDiffers, ///< the right path and id, another question: forged
};

/// What a client learns: RFC 2308 tells three kinds of "no" apart.
enum class OutcomeKind : std::uint8_t
{
    Answer,        ///< there are records
    NoData,        ///< the name exists, without records of this type
    NameError,     ///< the name does not exist
    ServerFailure, ///< SERVFAIL or an error that should not be: try again later
    Refused,
    TimedOut, ///< nobody answered
};

// Events of a resolver. `client` events concern one query, the others a resolution.
struct QueryReceived
{
    ClientToken client;
    Question question;
    Transport transport;
};
struct QueryRefused
{
    ClientToken client;
    Rcode rcode;
};
struct CacheHit
{
    ClientToken client;
    Question question;
    OutcomeKind kind;
    std::uint32_t seconds_left;
};
struct CacheMiss
{
    ClientToken client;
    Question question;
    ResolutionId resolution;
};
struct ResolutionShared
{
    ClientToken client;
    ResolutionId resolution;
};
/// The address of a name server must be found first: `resolution` is the new one.
struct AddressNeeded
{
    ResolutionId parent;
    ResolutionId resolution;
    Name server_name;
};
struct QuerySent
{
    ResolutionId resolution;
    ServerPath path;
    Name server_name; ///< the root for a hint without a name
    Name zone;        ///< whose server is asked: ".", "jp.", "example.jp."
    Question question;
    unsigned attempt; ///< from 1 on, per server
};
struct ReferralReceived
{
    ResolutionId resolution;
    Ipv4Address from;
    Name zone;
    std::vector<Name> servers;
};
struct AliasFollowed
{
    ResolutionId resolution;
    Name alias;
    Name target;
};
struct AnswerReceived
{
    ResolutionId resolution;
    Ipv4Address from;
    Rcode rcode;
    OutcomeKind kind;
};
struct NegativeCached
{
    ResolutionId resolution;
    Name name;
    Type type;
    OutcomeKind kind;
    std::uint32_t seconds;
};
struct ServerTimedOut
{
    ResolutionId resolution;
    Ipv4Address server;
    unsigned attempt;
};
/// The server cannot be used for this zone; the next one is tried.
struct LameServer
{
    ResolutionId resolution;
    Ipv4Address server;
    Name zone;
    ServerFault fault;
    Rcode rcode;
};
struct TruncatedRetryOverTcp
{
    ResolutionId resolution;
    Ipv4Address server;
};
struct ResponseIgnored
{
    Ipv4Address from;
    IgnoreReason reason;
};
struct ResolutionFailed
{
    ResolutionId resolution;
    Question question;
    FailureReason reason;
};
struct AnswerSent
{
    ClientToken client;
    ResolutionId resolution;
    Rcode rcode;
    std::uint32_t records;
    bool truncated;
};

using ResolverEvent =
    std::variant<QueryReceived, QueryRefused, CacheHit, CacheMiss, ResolutionShared, AddressNeeded,
                 QuerySent, ReferralReceived, AliasFollowed, AnswerReceived, NegativeCached,
                 ServerTimedOut, LameServer, TruncatedRetryOverTcp, ResponseIgnored,
                 ResolutionFailed, AnswerSent>;

/// The stub's name for a question that its host asked.
struct StubToken
{
    std::uint32_t value = 0;
    friend bool operator==(StubToken a, StubToken b) { return a.value == b.value; }
};

/// The result of a question.
struct Outcome
{
    OutcomeKind kind = OutcomeKind::TimedOut;
    Rcode rcode = Rcode::ServerFailure;  ///< as received; ServerFailure when timed out
    std::vector<ResourceRecord> records; ///< the answer section: aliases first, then the data
};

// Events of a stub resolver.
struct StubQuerySent
{
    StubToken token;
    ServerPath path;
    Question question;
    unsigned attempt;
};
struct StubServerTimedOut
{
    StubToken token;
    Ipv4Address server;
    unsigned attempt;
};
/// The server answered with an error, or cannot be reached by TCP; the next one is tried.
struct StubServerFailed
{
    StubToken token;
    Ipv4Address server;
    Rcode rcode;
};
struct StubTruncated
{
    StubToken token;
    Ipv4Address server;
};
struct StubResponseIgnored
{
    Ipv4Address from;
    IgnoreReason reason;
};
struct Resolved
{
    StubToken token;
    Question question;
    Outcome outcome;
};

using StubEvent = std::variant<StubQuerySent, StubServerTimedOut, StubServerFailed, StubTruncated,
                               StubResponseIgnored, Resolved>;

} // namespace mailscope::dns
