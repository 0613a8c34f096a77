// The queue of a mail server: messages it is responsible for, and what became of each recipient.
//
// A server that said 250 owes every recipient an end: delivered, handed on, expanded, or reported
// as failed (RFC 5321 4.2.5). The queue counts all of them, so that a checker can say at any
// moment that nothing is lost: what was taken equals what ended plus what is pending.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/id.h"
#include "sim/core/ip_address.h"
#include "sim/core/slab.h"
#include "sim/core/time.h"
#include "sim/hosts/timer.h"
#include "sim/protocol/smtp/grammar.h"
#include "sim/trace/record.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// What became of one recipient of a queued message.
enum class Fate : std::uint8_t
{
    Pending,
    Relayed,   ///< the next server is responsible
    Delivered, ///< in a mailbox here
    Expanded,  ///< an alias: others took its place
    Failed,    ///< reported to the sender, or discarded where there is none
};

struct QueuedRecipient
{
    smtp::Recipient who;
    Fate fate = Fate::Pending;
    bool own_copy = false; ///< of an alias that names itself: for the mailbox of that name
};

struct QueuedMessage
{
    std::string queue_id;
    MessageId message;
    std::string reverse_path; ///< empty: a report, about which nobody is told anything
    smtp::Return ret = smtp::Return::Unsaid;
    smtp::Body body = smtp::Body::Unsaid;
    bool smtputf8 = false;
    std::string envid;
    SharedBytes content; ///< with this server's Received field
    SimTime arrived;
    RecordId record; ///< its acceptance
    std::vector<QueuedRecipient> recipients;
    bool delay_reported = false;
};

/// Why a recipient could not be served, in the words of a report.
struct Problem
{
    StatusNumber status = 0; ///< 4.x.x: may go well later; 5.x.x: will not
    std::string text;        ///< "host mx[192.0.2.1] said: 550 ... (in reply to RCPT TO command)"
    std::string remote_mta;  ///< who said it; empty: nobody
    std::string diagnostic;  ///< "550 5.1.1 ..." as said by `remote_mta`

    bool is_permanent() const { return status / 1'000'000U == 5; }
};

/// Where one delivery stands.
enum class DeliveryState : std::uint8_t
{
    Waiting,    ///< for the next attempt
    AskingMx,   ///< for the domain's mail hosts
    AskingHost, ///< for the address of one of them
    Connecting,
    Talking,
    Finished,
};

/// What moves a delivery from state to state.
enum class DeliveryInput : std::uint8_t
{
    AttemptDue,
    HostsKnown, ///< MX records, or the domain itself where there are none (RFC 5321 5.1)
    AddressKnown,
    NextHost, ///< this host does not serve us; another one is left
    Connected,
    Answered, ///< every recipient is served or refused for good
    TryLater, ///< some recipients are not; the schedule says when
    GiveUp,   ///< the DNS says that there is nothing to deliver to
};

struct DeliveryTransition
{
    DeliveryState state;
    DeliveryInput input;
    DeliveryState next;
    std::string_view note;
};

std::span<const DeliveryTransition> delivery_transitions();
std::string_view to_string(DeliveryState state);
std::string_view to_string(DeliveryInput input);
DeliveryState delivery_next(DeliveryState state, DeliveryInput input);

/// A host that takes mail for a domain.
struct MailHost
{
    std::uint16_t preference = 0;
    std::string name;
};

/// What the current attempt found out about one recipient of a delivery.
enum class Attempt : std::uint8_t
{
    Undecided, ///< not asked yet, or nobody answered
    Taken,     ///< RCPT was accepted
    Done,      ///< the message was accepted
    Later,
    Refused,
};

struct DeliveryRecipient
{
    std::uint32_t index = 0; ///< in QueuedMessage::recipients
    Attempt attempt = Attempt::Undecided;
    Problem problem;
};

/// The delivery of one message to the recipients of one domain.
struct Delivery
{
    Handle message;
    std::string domain;
    DeliveryState state = DeliveryState::Waiting;
    std::uint32_t attempt = 0;
    SimTime next_attempt;
    RecordId because;
    std::vector<DeliveryRecipient> recipients;
    std::vector<MailHost> hosts;        ///< by preference
    std::size_t host = 0;               ///< the one being tried
    std::vector<Ipv4Address> addresses; ///< of that host
    std::size_t address = 0;            ///< the one being tried
    Handle session;                     ///< while Connecting or Talking
    Timer timer;
};

/// Recipients by what became of them; see the top of this file.
struct QueueCounts
{
    std::uint64_t accepted = 0; ///< by a 250 after the content
    std::uint64_t made = 0;     ///< reports, and what aliases expand to
    std::uint64_t relayed = 0;
    std::uint64_t delivered = 0;
    std::uint64_t expanded = 0;
    std::uint64_t failed = 0;

    std::uint64_t ended() const { return relayed + delivered + expanded + failed; }
};

struct MailQueue
{
    Slab<QueuedMessage> messages;
    Slab<Delivery> deliveries;
    QueueCounts counts;

    /// Recipients that are still owed an end, counted one by one.
    std::uint64_t count_pending() const
    {
        std::uint64_t pending = 0;
        messages.for_each([&](Handle, const QueuedMessage &message) {
            for (const QueuedRecipient &recipient : message.recipients)
                pending += recipient.fate == Fate::Pending ? 1U : 0U;
        });
        return pending;
    }
};

} // namespace mailscope
