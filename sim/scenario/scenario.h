// What a scenario file says, as plain values.
//
// This is the whole vocabulary of a lesson: the world (domains with their mail servers and name
// servers, people with their devices, places, providers, links), the story (who does what when),
// what the lesson says and asks, remedies, and what is expected at the end. parse.h makes it from
// JSON and reports every mistake; build.h makes a World from it and fills in what is not said.
// Names of hosts that nobody wrote down follow the rules in names.h. Sizes are octets.
#pragma once

#include "sim/core/ip_address.h"
#include "sim/core/time.h"
#include "sim/hosts/mail_policy.h"
#include "sim/world/commands.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailscope
{

using AliasSpec = Alias;
using MovedSpec = Moved;
using MaintenanceSpec = Maintenance;
using UnknownDomainSpec = UnknownDomain;
using QuotaCheckSpec = QuotaCheck;

/// A mailbox on a domain's mail server.
struct MailboxSpec
{
    std::string user;                ///< local part
    std::string password = "secret"; ///< what its owner's devices know
    std::uint64_t quota = 0;         ///< 0: no limit
    std::uint64_t filled = 0;        ///< octets of old letters lying there at the start
};

/// One machine that takes mail for a domain: its place, and its policy (hosts/mail_policy.h). Its
/// refused_clients may also be hosts of the scenario, by name.
struct MailServerSpec : MailPolicy
{
    std::string host;              ///< default: mx.DOMAIN, then mx2.DOMAIN, ...
    std::uint16_t preference = 10; ///< MX preference; parsed: 10, 20, ... by place in the list
    bool backup = false;           ///< keeps mail for the domain's first server, has no mailboxes
    bool pop3 = true;              ///< whether the machine offers POP3 (110)
    bool apop = false;             ///< its POP3 greeting has a timestamp (RFC 1939 7)
    bool imap = true;              ///< whether the machine offers IMAP (143)
    bool webmail = true;           ///< whether it offers webmail (80; with starttls also 443)
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
    bool publish_mx = true; ///< false: no MX; senders fall back to the A record
    bool null_mx = false;   ///< "MX 0 ." (RFC 7505)
    DelegationSpec delegation = DelegationSpec::Good;
    std::vector<RecordSpec> records;
};

struct DomainSpec
{
    std::string name;
    bool has_mail = true;                ///< false: a domain without mail servers
    std::vector<MailServerSpec> servers; ///< empty and has_mail: one with all defaults
    std::string submission;              ///< host for submission; default: the first server; one
                                         ///< that is no server of the domain only submits
    std::vector<MailboxSpec> mailboxes;
    std::vector<AliasSpec> aliases;
    std::vector<MovedSpec> moved;
    std::vector<std::string> lists_clients; ///< of a block list's zone (RFC 5782): addresses it
                                            ///< lists, or hosts of the scenario
    DomainDnsSpec dns;
    std::string provider; ///< default: providers take turns
};

/// How a device reads mail.
enum class ReadsSpec : std::uint8_t
{
    Pop3,
    Imap,
    Webmail, ///< and writes, too
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
    std::string at; ///< place; default: the person's
    ReadsSpec reads = ReadsSpec::Pop3;
    bool leave_on_server = false;
    bool apop = false;                   ///< POP3 without saying the password, if offered
    std::uint64_t capacity = 0;          ///< room for letters on the device; 0: enough
    std::optional<Duration> check_every; ///< none: only when the story says so
    bool authenticates = true;           ///< gives user and password when submitting
    std::string password;         ///< default: the mailbox's; another one is a wrong password
    std::string user;             ///< login name; default: the address
    std::string from;             ///< address in From and envelope; default: the person's
    ServerSettingSpec submission; ///< 587
    ServerSettingSpec incoming;   ///< 110; by IMAP 143; by webmail 80, or 443 with starttls
    bool starttls = false;
    bool implicit_tls = false; ///< TLS from the start: 465; 993, 995 or 443
    /// Keeps its session open until the story says "hang_up"; by IMAP it listens.
    bool stays_connected = false;
};

/// An entry of a person's address book.
struct ContactSpec
{
    std::string name; ///< as the story's "to" may say
    std::string address;
};

struct PersonSpec
{
    std::string name;
    LocalText display_name;
    std::string address;
    std::string at{};                ///< place; default: NAME-home
    std::vector<DeviceSpec> devices; ///< default: one laptop
    std::vector<ContactSpec> address_book;
};

/// A home or an office behind one router with NAT.
struct PlaceSpec
{
    std::string name;
    std::optional<Ipv4Network> network; ///< private; default: 192.168.N.0/24
    std::string provider;               ///< default: that of its first person's domain
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

/// Something a learner can do about what went wrong. It begins a new branch of the story.
struct RemedySpec
{
    std::string id;
    LocalText label;
    std::optional<Duration> at; ///< when it is applied; default: when the story has come to rest
    std::vector<ChangeSpec> changes;
    std::vector<ActionSpec> then; ///< `at` counts from the moment the remedy is applied
};

/// The folder in which an expectation looks.
enum class FolderSpec : std::uint8_t
{
    Inbox,
    Drafts,
    Sent,
};

enum class ExpectationKind : std::uint8_t
{
    Delivered, ///< a letter lies in the mailbox, or its owner fetched it from there
    NotDelivered,
    OnDevice, ///< a letter is in the store of a person's device
    NotOnDevice,
    OnServer, ///< a letter is on the server now
    NotOnServer,
    Bounce,   ///< a report came back to `to` with `status`
    Delayed,  ///< a delay notice came to `to`
    Refused,  ///< the sender's own client got `code` at submission
    Queued,   ///< a letter waits in the queue of `host`
    Happened, ///< at least `count_min` and at most `count_max` records match `query`
};

struct ExpectationSpec
{
    ExpectationKind kind = ExpectationKind::Delivered;
    std::string after; ///< remedy; empty: the story itself
    std::string to;    ///< mailbox address
    std::string who;   ///< person
    std::string device;
    std::string host;
    FolderSpec folder = FolderSpec::Inbox;
    std::string own_folder;             ///< a folder of the person's own instead
    std::string subject;                ///< empty: any
    std::string status;                 ///< enhanced code such as "5.2.2"
    std::uint16_t code = 0;             ///< reply code
    std::optional<std::uint32_t> count; ///< exact number of such letters
    std::optional<Duration> by;         ///< not later than
    std::string query;                  ///< Happened: the query language of trace/query.h
    std::uint32_t count_min = 1;
    std::optional<std::uint32_t> count_max;
    std::uint32_t line = 0; ///< where in the file it stands, for the report
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
    std::string when;  ///< the query language of trace/query.h
    std::string topic; ///< a key of the text catalogue; or:
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
    std::uint32_t difficulty = 1; ///< 1 to 5
    std::uint32_t minutes = 5;    ///< a learner needs about so long
    std::uint64_t seed = 1;
    std::int64_t start_unix_seconds = 1'775'001'600; ///< 2026-04-01 00:00 UTC
    std::int32_t utc_offset_minutes = 540;
    std::optional<Duration> runs_for; ///< default: until nothing more happens
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
