// What a scenario file says, as plain values.
//
// This is the whole vocabulary of a lesson: the world (domains with their mail servers and name
// servers, people with their devices, places, providers, links), the story (who does what when),
// what the lesson says and asks, remedies, and what is expected at the end. parse.h makes it from
// JSON and reports every mistake; build.h makes a World from it and fills in what is not said.
// Names of hosts that nobody wrote down follow the rules in build.h. Sizes are octets.
#pragma once

#include "sim/core/id.h"
#include "sim/core/ip_address.h"
#include "sim/core/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailscope
{

/// A text for people in the languages of the product. Either may be missing, not both.
struct LocalText
{
    std::string en;
    std::string ja;
};

/// A mailbox on a domain's mail server.
struct MailboxSpec
{
    std::string user;                ///< local part
    std::string password = "secret"; ///< what its owner's devices know
    std::uint64_t quota = 0;         ///< 0: no limit
    std::uint64_t filled = 0;        ///< octets of old letters lying there at the start
};

/// An alias or a forwarding: mail for `user` goes to all of `to` (RFC 5321 3.9).
struct AliasSpec
{
    std::string user;
    std::vector<std::string> to; ///< full addresses
};

/// A mailbox that is gone. With `to` its server names the new address.
struct MovedSpec
{
    std::string user;
    std::string to;             ///< new address, or empty when none is named
    std::uint16_t code = 550;   ///< 550: as Postfix's relocated table says (5.1.6); 551: RFC 5321
    bool forwards = false;      ///< 251: accepts and forwards to the new address
};

/// What a mail server refuses for being under maintenance.
enum class MaintenanceSpec : std::uint8_t
{
    None,
    TryLater, ///< 421 in the greeting
    Closed,   ///< 554 in the greeting
};

/// What a server says to a recipient's domain that DNS does not know (RFC 5321 3.6.2, Postfix's
/// reject_unknown_recipient_domain).
enum class UnknownDomainSpec : std::uint8_t
{
    Accept,         ///< accepts, tries, and bounces (Postfix's default)
    ReplyTemporary, ///< 450 4.1.2
    ReplyPermanent, ///< 550 5.1.2
};

/// When a full mailbox is noticed.
enum class QuotaCheckSpec : std::uint8_t
{
    AtDelivery,  ///< after the 250, then a bounce (the usual case)
    AtRecipient, ///< 552 5.2.2 at RCPT TO, for an administrator who configured so
};

/// One machine that takes mail for a domain.
struct MailServerSpec
{
    std::string host;                    ///< default: mx.DOMAIN, mail.DOMAIN for submission only
    std::uint16_t preference = 10;       ///< MX preference
    bool backup = false;                 ///< keeps mail for the domain's first server, has no mailboxes
    std::uint64_t size_limit = 10'240'000;
    std::uint32_t hop_limit = 50;        ///< Received fields before a loop is assumed (RFC 5321 6.3)
    Duration greylist = Duration::zero(); ///< zero: no greylisting
    MaintenanceSpec maintenance = MaintenanceSpec::None;
    UnknownDomainSpec unknown_recipient_domain = UnknownDomainSpec::Accept;
    bool refuse_unknown_sender_domain = false; ///< 450 4.1.8 when DNS does not know or answer
    QuotaCheckSpec quota_check = QuotaCheckSpec::AtDelivery;
    bool sender_login_check = true;      ///< submission: 553 for an address of somebody else
    bool authentication_required = true; ///< submission without AUTH is refused
    bool starttls = false;
    bool open_relay = false;
    std::string dnsbl;                   ///< zone asked about each client, such as bl.example
    std::vector<std::string> refused_clients; ///< addresses or networks refused by hand (554)
    std::uint32_t connections_max = 50;  ///< at once from one client address (421 above)
    std::uint32_t recipients_max = 1000;
    std::vector<Duration> retry;         ///< waits between attempts; the last repeats
    Duration delay_notice = std::chrono::hours(4);
    Duration give_up = std::chrono::hours(24 * 5);
    bool pop3 = true;                    ///< whether the machine offers POP3 (110)
};

/// One more record of a zone, in the form of a master file: "www", "A", "192.0.2.80".
struct RecordSpec
{
    std::string name; ///< relative to the domain; "@" is the domain itself
    std::string type;
    std::string data;
    std::optional<Duration> ttl;
};

/// Why a domain's delegation leads nowhere.
enum class DelegationSpec : std::uint8_t
{
    Good,
    Missing, ///< the parent knows no such domain: NXDOMAIN
    Lame,    ///< the name servers named do not serve the zone: SERVFAIL
};

/// A domain's entries in DNS.
struct DomainDnsSpec
{
    std::vector<std::string> name_servers; ///< hosts; default: ns1.DOMAIN
    Duration ttl = std::chrono::hours(1);
    Duration negative_ttl = std::chrono::minutes(5);
    bool publish_mx = true;                ///< false: no MX; senders fall back to the A record
    bool null_mx = false;                  ///< "MX 0 ." (RFC 7505)
    DelegationSpec delegation = DelegationSpec::Good;
    std::vector<RecordSpec> records;
};

struct DomainSpec
{
    std::string name;
    bool has_mail = true;                ///< false: a domain without mail servers
    std::vector<MailServerSpec> servers; ///< empty and has_mail: one with all defaults
    std::string submission;              ///< host for submission; default: the first server
    std::vector<MailboxSpec> mailboxes;
    std::vector<AliasSpec> aliases;
    std::vector<MovedSpec> moved;
    DomainDnsSpec dns;
    std::string provider;                ///< default: the first provider
};

/// How a device reads mail.
enum class ReadsSpec : std::uint8_t
{
    Pop3,
    Nothing, ///< sends only
};

/// A server as a mail client's settings name it.
struct ServerSettingSpec
{
    std::string host;       ///< default: the domain's own
    std::uint16_t port = 0; ///< default: the protocol's own
};

/// One device of a person with its mail client.
struct DeviceSpec
{
    std::string name = "laptop";
    std::string at;                ///< place; default: the person's
    ReadsSpec reads = ReadsSpec::Pop3;
    bool leave_on_server = false;
    std::optional<Duration> check_every; ///< none: only when the story says so
    bool authenticates = true;     ///< gives user and password when submitting
    std::string password;          ///< default: the mailbox's; another one is a wrong password
    std::string user;              ///< login name; default: the address
    std::string from;              ///< address in From and envelope; default: the person's
    ServerSettingSpec submission;  ///< 587
    ServerSettingSpec incoming;    ///< 110
    bool starttls = false;
    bool stays_connected = false;  ///< keeps a POP3 session open until the story says "hang_up"
};

struct PersonSpec
{
    std::string name;
    LocalText display_name;
    std::string address;
    std::string at = "";             ///< place; default: NAME-home
    std::vector<DeviceSpec> devices; ///< default: one laptop
};

/// A home or an office behind one router with NAT.
struct PlaceSpec
{
    std::string name;
    std::optional<Ipv4Network> network; ///< private; default: 192.168.N.0/24
    std::string provider;
};

/// A provider: a router on the backbone with a resolver for its customers.
struct ProviderSpec
{
    std::string name;
};

/// A wire's properties; hosts by name, both ends.
struct LinkSpec
{
    std::string from;
    std::string to;
    std::optional<Duration> latency;
    std::optional<std::uint64_t> bits_per_second;
    std::optional<std::uint32_t> loss_per_million;
};

/// What is broken. Faults are part of the World.
enum class FaultKindSpec : std::uint8_t
{
    HostDown,     ///< the machine is off
    ServiceSilent, ///< the machine is on, the service takes requests and never answers
    ServiceClosed, ///< nothing listens: TCP answers with RST, UDP is dropped
    LinkCut,
    LinkLoss,
    LinkSlow, ///< adds `latency`
};

struct FaultSpec
{
    FaultKindSpec kind = FaultKindSpec::HostDown;
    std::string host;              ///< for host and service faults
    std::uint16_t port = 0;        ///< for service faults; 0: all
    std::string from;              ///< for link faults: the two ends
    std::string to;
    std::uint32_t loss_per_million = 0;
    Duration latency = Duration::zero();
    Duration begins = Duration::zero();
    std::optional<Duration> ends;
};

/// An attachment: named bytes of a kind; contents are made from the name and the size.
struct AttachmentSpec
{
    std::string name;
    std::string media_type = "application/octet-stream";
    std::uint64_t size = 0;
};

enum class ActionKind : std::uint8_t
{
    Send,      ///< writes a letter and submits it
    Resend,    ///< takes the last letter from the sent folder, changes what is said here, submits it
    Fetch,     ///< checks for mail
    Read,      ///< opens a letter on the device (subject; default: the newest unread)
    Delete,    ///< deletes a letter on the device
    GoOffline, ///< the device loses its network
    GoOnline,
    HangUp,    ///< ends a POP3 session kept open
    Retry,     ///< the postmaster of `host` has its queue tried again now
    Wait,      ///< nothing; gives time (`at`)
};

/// One thing that somebody does.
struct ActionSpec
{
    Duration at = Duration::zero();
    ActionKind does = ActionKind::Send;
    std::string who;
    std::string device;               ///< default: the person's first
    std::string host;                 ///< Retry
    std::vector<std::string> to;
    std::vector<std::string> cc;
    std::string subject;
    std::string text;
    std::string from;                 ///< another sender address than the device's
    std::vector<AttachmentSpec> attach;
    bool drop_attachments = false;    ///< Resend without attachments
    bool iso_2022_jp = false;
    bool notify_success = false;      ///< asks for NOTIFY=SUCCESS (RFC 3461)
    LocalText scene;                  ///< a heading for the part of the story that begins here
};

/// A change to the World that a remedy makes. Exactly one kind; `kind` says which fields count.
enum class ChangeKind : std::uint8_t
{
    DeleteOldest,   ///< mailbox
    EmptyMailbox,   ///< mailbox
    SetQuota,       ///< mailbox, number
    CreateMailbox,  ///< mailbox
    SetSizeLimit,   ///< host, number
    EndMaintenance, ///< host
    UnlistClient,   ///< host: removes all refusals by hand there; dnsbl: removes `text` from zone
    SetForwarding,  ///< mailbox, text: new address
    Repair,         ///< host, or link from-to: ends all faults there
    SetRecord,      ///< domain, record: replaces the records of that name and type
    Device,         ///< person, device, setting `text` to `value`
};

struct ChangeSpec
{
    ChangeKind kind = ChangeKind::Repair;
    std::string mailbox;
    std::string host;
    std::string from;
    std::string to;
    std::string domain;
    std::string person;
    std::string device;
    std::string setting; ///< from, user, password, authenticates, submission_host, submission_port,
                         ///< incoming_host, incoming_port, leave_on_server
    std::string value;
    std::uint64_t number = 0;
    RecordSpec record;
};

/// Something a learner can do about what went wrong. It begins a new branch of the story.
struct RemedySpec
{
    std::string id;
    LocalText label;
    std::optional<Duration> at;      ///< when it is applied; default: when the story has come to rest
    std::vector<ChangeSpec> changes;
    std::vector<ActionSpec> then;    ///< `at` counts from the moment the remedy is applied
};

enum class ExpectationKind : std::uint8_t
{
    Delivered,    ///< a letter lies in the mailbox, or its owner fetched it from there
    NotDelivered,
    OnDevice,     ///< a letter is in the store of a person's device
    NotOnDevice,
    OnServer,     ///< a letter is on the server now
    NotOnServer,
    Bounce,       ///< a report came back to `to` with `status`
    Delayed,      ///< a delay notice came to `to`
    Refused,      ///< the sender's own client got `code` at submission
    Queued,       ///< a letter waits in the queue of `host`
    Happened,     ///< at least `count_min` and at most `count_max` records match `query`
    Lost,         ///< never true for an accepted message; kept for messages never accepted
};

struct ExpectationSpec
{
    ExpectationKind kind = ExpectationKind::Delivered;
    std::string after;              ///< remedy; empty: the story itself
    std::string to;                 ///< mailbox address
    std::string who;                ///< person
    std::string device;
    std::string host;
    std::string subject;            ///< empty: any
    std::string status;             ///< enhanced code such as "5.2.2"
    std::uint16_t code = 0;         ///< reply code
    std::optional<std::uint32_t> count; ///< exact number of such letters
    std::optional<Duration> by;     ///< not later than
    std::string query;              ///< Happened: the query language of trace/query.h
    std::uint32_t count_min = 1;
    std::optional<std::uint32_t> count_max;
    std::uint32_t line = 0;         ///< where in the file it stands, for the report
};

struct ChoiceSpec
{
    LocalText text;
    bool correct = false;
    LocalText why;
};

/// What the lesson says when something happens for the first time; with a question it pauses.
struct MomentSpec
{
    std::string when;   ///< the query language of trace/query.h
    std::string topic;  ///< a key of the text catalogue; or:
    LocalText say;
    LocalText question; ///< empty: none
    std::vector<ChoiceSpec> choices;
};

struct Scenario
{
    std::string file; ///< as given, for messages
    LocalText title;
    LocalText summary;
    std::vector<std::string> topics;
    std::uint32_t difficulty = 1;              ///< 1 to 5
    std::uint32_t minutes = 5;                 ///< a learner needs about so long
    std::uint64_t seed = 1;
    std::int64_t start_unix_seconds = 1'775'001'600; ///< 2026-04-01 00:00 UTC
    std::int32_t utc_offset_minutes = 540;
    std::optional<Duration> runs_for;          ///< default: until nothing more happens
    std::vector<ProviderSpec> providers;
    std::vector<PlaceSpec> places;
    std::vector<DomainSpec> domains;
    std::vector<PersonSpec> people;
    std::vector<LinkSpec> links;
    std::vector<FaultSpec> faults;
    std::vector<ActionSpec> story;
    std::vector<MomentSpec> lesson;
    std::vector<RemedySpec> remedies;
    std::vector<ExpectationSpec> expect;
};

} // namespace mailscope
