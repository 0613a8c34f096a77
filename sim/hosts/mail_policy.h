// What a mail server decides: whom it serves, whom it refuses, and in which words.
//
// Grammar is the engine's matter (protocol/smtp); every decision about people, sizes and policy is
// made here, as pure functions from the server's configuration and what is known about the client
// to a reply, or to a DNS question that must be answered first. Words and codes are in mail_words;
// a departure from the defaults that an administrator must configure says so.
#pragma once

#include "sim/core/ip_address.h"
#include "sim/core/time.h"
#include "sim/hosts/mail_words.h"
#include "sim/mail/date.h"
#include "sim/mail/store.h"
#include "sim/protocol/dns/events.h"
#include "sim/protocol/dns/message.h"
#include "sim/protocol/smtp/grammar.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mailscope
{

/// Whether a mail server is under maintenance.
enum class Maintenance : std::uint8_t
{
    None,
    TryLater, ///< 421 in the greeting
    Closed,   ///< 554 in the greeting
};

/// What a server says to a recipient's domain that DNS does not know.
enum class UnknownDomain : std::uint8_t
{
    Accept,         ///< accepts, tries, and bounces (Postfix's default)
    ReplyTemporary, ///< 450 4.1.2 (reject_unknown_recipient_domain)
    ReplyPermanent, ///< 550 5.1.2 (the same with unknown_address_reject_code=550)
};

/// When a full mailbox is noticed.
enum class QuotaCheck : std::uint8_t
{
    AtDelivery,  ///< after the 250, then a bounce (the usual case)
    AtRecipient, ///< 552 5.2.2 at RCPT TO, for an administrator who configured so
};

/// An alias or a forwarding: mail for `user` goes to all of `to` (RFC 5321 3.9).
struct Alias
{
    std::string user;
    std::vector<std::string> to; ///< full addresses
};

/// A mailbox that is gone. With `to` its server names the new address.
struct Moved
{
    std::string user;
    std::string to;           ///< new address, or empty when none is named
    std::uint16_t code = 550; ///< 550: as Postfix's relocated table (5.1.6); 551: RFC 5321 3.4
    bool forwards = false;    ///< 251: accepts, and forwards to the new address
};

/// What an administrator sets on a mail server.
struct MailPolicy
{
    smtp::Dialect dialect = smtp::Dialect::Postfix; ///< whose words and defaults
    std::uint64_t size_limit = 10'240'000;
    std::uint32_t hop_limit = 50; ///< Received fields before a loop is assumed (RFC 5321 6.3)
    Duration greylist = Duration::zero(); ///< how long a new sender waits; zero: no greylisting
    Maintenance maintenance = Maintenance::None;
    UnknownDomain unknown_recipient_domain = UnknownDomain::Accept;
    bool refuse_unknown_sender_domain = false; ///< 450 4.1.8 when DNS does not know or answer
    QuotaCheck quota_check = QuotaCheck::AtDelivery;
    bool sender_login_check = true;      ///< submission: 553 for an address of somebody else
    bool authentication_required = true; ///< submission without AUTH is refused
    bool starttls = false;
    bool tls_required = false; ///< submission and logins only after STARTTLS, which is offered
    bool open_relay = false;
    std::string dnsbl;                        ///< zone asked about each client, like "bl.example"
    std::vector<std::string> refused_clients; ///< addresses or networks refused by hand (554)
    std::uint32_t connections_max = 50;       ///< at once from one client address (421 above)
    std::uint32_t recipients_max = 1000;
    std::vector<Duration> retry; ///< waits between attempts; the last repeats
    Duration delay_notice = std::chrono::hours(4);
    Duration give_up = std::chrono::hours(24 * 5);
};

/// What Exim 4.96 does where its administrator says nothing: 30 hops, four days of trying, a notice
/// after one day.
MailPolicy exim_defaults();

/// A domain that a server is responsible for.
struct LocalDomain
{
    std::string name;
    bool has_mailboxes = true; ///< false: a backup server keeps mail for the domain's first server
    std::vector<Alias> aliases;
    std::vector<Moved> moved;
};

/// Everything about a mail server that does not change by itself.
struct MailServerConfig
{
    std::string hostname;
    MailPolicy policy;
    std::vector<LocalDomain> domains;

    const LocalDomain *find_domain(std::string_view name) const;
};

/// What is asked of the DNS before a recipient can be decided about.
enum class Purpose : std::uint16_t
{
    ClientName, ///< PTR of the client
    SenderMx,
    SenderA,
    RecipientMx,
    RecipientA,
    Blocklist,     ///< A record below the blocklist
    BlocklistText, ///< its TXT record: why
    DeliveryMx,
    DeliveryA,
};

/// What the DNS said, as far as a decision needs it.
struct DnsFact
{
    Purpose purpose = Purpose::SenderMx;
    std::string name;
    dns::OutcomeKind outcome = dns::OutcomeKind::TimedOut;
    bool null_mx = false;
    std::string text; ///< of a TXT record
};

/// What a server knows about its client and the transaction.
struct ClientFacts
{
    Ipv4Address address;
    std::string name = "unknown"; ///< by PTR
    std::string identity;         ///< who authenticated; empty: nobody
    bool is_submission = false;   ///< came in on port 587 or 465
    std::vector<DnsFact> dns;

    const DnsFact *find(Purpose purpose, std::string_view name) const;
};

/// A question to be put to the DNS; the decision is asked for again with the answer.
struct DnsNeeded
{
    Purpose purpose = Purpose::SenderMx;
    std::string name;
    dns::Type type = dns::Type::Mx;
};

/// The recipient may be taken, unless greylisting says otherwise.
struct Accepted
{
    std::string forwarded_to; ///< not empty: 251, the mailbox has moved (RFC 5321 3.4)
};

using RecipientDecision = std::variant<smtp::Reply, DnsNeeded, Accepted>;

/// The greeting: 220, or the refusal of somebody who has `connections` open already.
smtp::Reply greeting(const MailServerConfig &config, Ipv4Address client, std::uint32_t connections,
                     mail::DateTime date);

/// MAIL FROM: refuses what is announced as too large (RFC 1870 6.1).
std::optional<smtp::Reply> refuse_sender(const MailServerConfig &config, std::uint64_t size);

/// RCPT TO. As Postfix does by default, what is wrong with the client or the sender is said here
/// too (smtpd_delay_reject), in the order client, sender, relay, recipient, blocklist.
RecipientDecision decide_recipient(const MailServerConfig &config, const mail::Store &store,
                                   const ClientFacts &client, std::string_view sender,
                                   std::string_view recipient);

/// The end of the content: refuses what is too large.
std::optional<smtp::Reply> refuse_content(const MailServerConfig &config, std::uint64_t size);

/// Whether `address` (full, any case) is answered for by an entry of a local domain, and how.
struct LocalTarget
{
    enum class Kind : std::uint8_t
    {
        NotLocal,
        Backup, ///< the domain's mail is kept for another server
        Mailbox,
        Alias,
        Moved,
        Unknown, ///< the domain is ours, the user is not
    };
    Kind kind = Kind::NotLocal;
    mail::UserId user;
    const Alias *alias = nullptr;
    const Moved *moved = nullptr;
};

LocalTarget find_target(const MailServerConfig &config, const mail::Store &store,
                        std::string_view address);

/// The name asked about a client: its octets reversed below the block list's zone (RFC 5782 2.1).
std::string blocklist_name(Ipv4Address client, std::string_view zone);

/// The domain of an address; empty when it has none.
std::string_view domain_of(std::string_view address);

/// The wait after an attempt (the first is 1): as configured, else the dialect's own schedule.
Duration retry_wait(const MailPolicy &policy, std::uint32_t attempt);

} // namespace mailscope
