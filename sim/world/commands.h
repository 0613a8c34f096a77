// Orders to the World: what people do, what breaks, what is changed.
//
// An order is a plain value in which hosts, people and mailboxes are named, so that a scenario
// file, the command line, the app and a random tester all give the same orders. Orders are
// scheduled in the World's agenda or applied at once; what cannot be done becomes a record
// (ActionFailed), never a crash.
#pragma once

#include "sim/core/result.h"
#include "sim/core/time.h"
#include "sim/trace/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mailscope
{

struct World;

/// A text for people in the languages of the product. Either may be missing, not both.
struct LocalText
{
    std::string en;
    std::string ja;
};

/// One more record of a zone, in the form of a master file: "www", "A", "192.0.2.80".
struct RecordSpec
{
    std::string name; ///< relative to the domain; "@" is the domain itself
    std::string type;
    std::string data;
    std::optional<Duration> ttl;
};

/// What is broken. Faults are part of the World.
enum class FaultKindSpec : std::uint8_t
{
    HostDown,      ///< the machine is off
    ServiceSilent, ///< the machine is on, the service takes requests and never answers
    ServiceClosed, ///< nothing listens: TCP answers with RST, UDP is dropped
    LinkCut,
    LinkLoss,
    LinkSlow, ///< adds `latency`
};

struct FaultSpec
{
    FaultKindSpec kind = FaultKindSpec::HostDown;
    std::string host;       ///< for host and service faults
    std::uint16_t port = 0; ///< for service faults; 0: all
    std::string from;       ///< for link faults: the two ends
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
    Send,    ///< writes a letter and submits it
    Resend,  ///< takes the last letter from the sent folder, changes what is said here, submits it
    Fetch,   ///< checks for mail
    Read,    ///< opens a letter on the device (subject; default: the newest unread)
    Delete,  ///< deletes a letter on the device
    Reply,   ///< answers the letter of subject `letter`; default: the newest
    Forward, ///< passes that letter on
    GoOffline, ///< the device loses its network
    GoOnline,
    HangUp,     ///< ends a POP3 session kept open
    SaveDraft,  ///< writes a draft, or goes on with the one of subject `draft`
    SendDraft,  ///< sends the draft of subject `draft`; default: the newest
    OpenDrafts, ///< looks into the folder of drafts
    MakeFolder, ///< makes `folder`, a folder of one's own
    Move,       ///< moves a letter of the inbox to `folder` (subject; default: the newest)
    Retry,      ///< the postmaster of `host` has its queue tried again now
    Wait,       ///< nothing; gives time (`at`)
};

/// One thing that somebody does.
struct ActionSpec
{
    Duration at = Duration::zero();
    ActionKind does = ActionKind::Send;
    std::string who;
    std::string device; ///< default: the person's first
    std::string host;   ///< Retry
    std::vector<std::string> to;
    std::vector<std::string> cc;
    std::string subject;
    std::string text;
    std::string from;   ///< another sender address than the device's
    std::string draft;  ///< SaveDraft, SendDraft: subject of the draft meant
    std::string letter; ///< Reply, Forward: subject of the letter meant
    std::string folder; ///< MakeFolder, Move: its name
    std::vector<AttachmentSpec> attach;
    bool drop_attachments = false; ///< Resend without attachments
    bool iso_2022_jp = false;
    bool notify_success = false; ///< asks for NOTIFY=SUCCESS (RFC 3461)
    LocalText scene;             ///< a heading for the part of the story that begins here
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
    UnlistClient,   ///< host: all refusals by hand there; domain: client `value` of a block list
    SetForwarding,  ///< mailbox, value: new address
    Repair,         ///< host, or link from-to: ends all faults there
    SetRecord,      ///< domain, record: replaces the records of that name and type
    ServeZone,      ///< domain: its name servers serve it from now on
    Device,         ///< person, device, `setting` to `value`
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
                         ///< incoming_host, incoming_port, leave_on_server, starttls,
                         ///< implicit_tls (moves to the usual ports, too)
    std::string value;
    std::uint64_t number = 0;
    RecordSpec record;
};

/// A fault begins or ends.
struct FaultOrder
{
    FaultSpec fault;
    enum class Turn : std::uint8_t
    {
        Begins,
        Ends,
    };
    Turn turn = Turn::Begins;
};

using Order = std::variant<ActionSpec, FaultOrder, ChangeSpec>;

/// Puts an order into the World's agenda, for `at`, or at once when that is past.
void schedule(World &world, SimTime at, Order order);

/// Does an order now, as a step of its own. The record of the order is the cause of what follows.
void apply(World &world, Records &records, const Order &order);

} // namespace mailscope
