// What a role of a host may do to the world around it.
//
// A role (mail server, resolver, mail client) is a value without pointers. When something happens
// to it, the World hands it an Env: the time, the network, the trace, and the record that is the
// cause. All effects of a role go through here, and everything it records follows from `because`.
#pragma once

#include "sim/core/event_queue.h"
#include "sim/core/flat_table.h"
#include "sim/core/id.h"
#include "sim/core/slab.h"
#include "sim/hosts/directory.h"
#include "sim/mail/date.h"
#include "sim/net/network.h"
#include "sim/protocol/dns/events.h"
#include "sim/protocol/dns/message.h"
#include "sim/protocol/engine.h"
#include "sim/trace/records.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// The programs that may run on a host. A connection or port belongs to one of them.
enum class Role : std::uint16_t
{
    None,
    StubResolver, ///< index: host
    Resolver,
    NameServer,
    SmtpServer, ///< the receiving side of a mail server
    SmtpClient, ///< the sending side of a mail server
    PopServer,
    ImapServer,
    MailClient, ///< a device's mail program
    WebServer,  ///< webmail
    Outside,    ///< real programs, through the live door
};

/// Kinds of work that the World puts into the event queue; smaller numbers are the network's.
enum class Work : std::uint16_t
{
    RoleTimer = static_cast<std::uint16_t>(net::Work::FirstFree), ///< where: role, what: index,
                                                                  ///< argument: session
    Command,                                                      ///< what: index into the agenda
};

/// Names messages by their Message-ID field, so that records on different hosts can say that they
/// are about the same letter. Known to the trace only; no host acts on it.
class MessageNames
{
public:
    /// The message with this Message-ID (with brackets); a new number for a new or empty one.
    MessageId name(std::string_view message_id);

    /// The same for a whole message: by its Message-ID field.
    MessageId name_of(ByteView message);

    /// The message that these octets are, or begin, when it has a name already; none otherwise.
    MessageId find(ByteView message) const;

    std::uint32_t count() const { return next_; }

private:
    FlatTable by_hash_;
    std::uint32_t next_ = 0;
};

/// A question that a role asked the DNS through its host's stub resolver.
struct DnsTicket
{
    Role role = Role::None;
    std::uint16_t index = 0;
    Handle session; ///< the role's own, to find what the answer is for
    std::uint16_t purpose = 0;
};

class StubAgent;

/// The answer to a question of a role, on its way to that role.
struct DnsAnswer
{
    HostId host;
    DnsTicket ticket;
    dns::Question question;
    dns::Outcome outcome;
    RecordId because;
};

struct Env
{
    SimTime now;
    EventQueue &queue;
    net::Network &network;
    Records &records;
    std::uint32_t &next_record;
    const Directory &directory;
    MessageNames &messages;
    std::vector<StubAgent> &stubs;       ///< by host
    std::vector<DnsAnswer> &dns_answers; ///< to be handed to roles before the step ends
    mail::DateTime start;                ///< the date at which simulated time is zero
    HostId host;
    RecordId because;

    net::Step step() const { return {queue, now}; }

    /// The date now.
    mail::DateTime date() const { return mail::date_at(start, now); }

    /// A record about this host, now, caused by `because`; fill in the rest and pass it to note.
    Record record(RecordKind kind) const;

    /// Appends the record (if such are kept) and makes it the cause of what follows.
    RecordId note(Record &&record);

    /// The usual short form: text is built by the caller only when it is cheap.
    RecordId note(RecordKind kind, std::string_view text, std::int64_t value = 0);

    /// A record about a connection of this host: its conversation and peer are filled in. The
    /// text is taken only when such records are kept.
    Record connection_record(RecordKind kind, Handle connection, Protocol protocol,
                             std::string_view text = {}) const;

    bool keeps(RecordKind kind) const { return records.keeps(kind); }

    /// Sends an engine's output over a connection and records each stretch of it as a line. One
    /// block of bytes is shared by the connection and the trace. The caller clears the output.
    void send_lines(Handle connection, Protocol protocol, const OutputBuffer &output,
                    MessageId message);

    /// The first half of send_lines: records the lines and gives their bytes. Content that no
    /// message is given for is of the one whose Message-ID it has.
    SharedBytes note_lines(Handle connection, Protocol protocol, const OutputBuffer &output,
                           MessageId message);

    /// Begins a connection for a role of this host and records that.
    Handle open(net::Endpoint remote, net::Owner owner, Protocol protocol);

    /// The host that is really at an endpoint: behind a router with NAT, the machine inside. For
    /// records only; hosts themselves see nothing but the address.
    HostId host_at(net::Endpoint endpoint, net::Transport transport) const;

    /// The other end of a connection as a host; none when it is unknown.
    HostId peer_of(Handle connection) const;

    /// Work for a role of this host, for use with Timer.
    Event timer_event(Role role, std::uint16_t index, std::uint32_t session) const;

    /// Asks the DNS through this host's stub resolver. The answer comes to the ticket's role.
    void ask_dns(const dns::Name &name, dns::Type type, const DnsTicket &ticket);
};

} // namespace mailscope
