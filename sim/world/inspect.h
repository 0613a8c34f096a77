// What is true in a World at this moment, as rows.
//
// The one place that says so: the command line, tests and view models all look here, and nobody
// works out state a second time. Rows are plain values in a fixed order (hosts, then time of
// making); hosts are named by id. A row says what is, never what it means: that is the text
// catalogue's part. Cost: what is looked at; letters are read by their headers only.
#pragma once

#include "sim/hosts/mail_queue.h"
#include "sim/net/tcp.h"
#include "sim/protocol/dns/cache.h"
#include "sim/world/world.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// A recipient that a server still owes an end.
struct QueueRow
{
    HostId host;
    std::string queue_id;
    MessageId message;
    std::string sender; ///< reverse-path; empty for a report
    std::string recipient;
    DeliveryState state = DeliveryState::Waiting;
    std::uint32_t attempt = 0; ///< attempts made, with the one under way
    SimTime arrived;
    SimTime next_attempt;    ///< means something while Waiting
    StatusNumber status = 0; ///< of the last problem; 0: none yet
    std::string problem;
};

/// A folder of a person's own.
struct FolderRow
{
    std::string name;
    std::size_t letters = 0;
};

/// The letters in all of them.
std::size_t letters_in(const std::vector<FolderRow> &folders);

/// A mailbox on a server.
struct MailboxRow
{
    HostId host; ///< the first mail server that delivers into its store
    std::string user;
    std::size_t letters = 0; ///< in its inbox
    std::uint64_t bytes = 0;
    std::uint64_t quota = 0; ///< 0: none
    bool locked = false;
    std::vector<FolderRow> folders{}; ///< of its owner's own
};

/// A device with its mail program.
struct DeviceRow
{
    HostId host;
    std::string person;
    std::string address;
    bool online = true;
    std::size_t letters = 0; ///< in its inbox
    std::size_t unread = 0;
    std::size_t outbox = 0;
    std::string problem; ///< what it showed last; empty: nothing
    ReadsBy reads = ReadsBy::Pop3;
    std::string page;                 ///< by webmail: the title of the page on the screen
    std::size_t drafts = 0;           ///< in its folder of drafts
    std::vector<FolderRow> folders{}; ///< of its person's own
};

/// Where a letter may be.
enum class Place : std::uint8_t
{
    Outbox,
    Queue,
    Mailbox, ///< on a server
    Device,
    Sent,  ///< the sender's copy, on the device or, by webmail, on the server
    Draft, ///< not sent yet, on the device or on the server
};

/// "outbox", "queue", "mailbox", "device", "sent", "draft".
std::string_view to_string(Place place);

/// A letter, at one of the places where a copy of it is. A report (RFC 3464) is a letter too.
struct LetterPlace
{
    MessageId message;
    Place place = Place::Mailbox;
    HostId host;
    std::string owner;    ///< person, mailbox or recipient
    std::string folder{}; ///< of a person's own; empty: it is in none
    std::string subject;
    std::size_t size = 0; ///< octets
    bool seen = false;    ///< marked as read there
    bool is_report = false;
};

/// An entry of an address book.
struct ContactRow
{
    HostId host;       ///< the device; by webmail the server
    std::string owner; ///< person, or mailbox
    std::string name;  ///< may be empty
    std::string address;
};

/// One record in a resolver's cache.
struct CachedRow
{
    HostId host;
    dns::CacheRow entry;
};

/// A line of a router's translation table.
struct TranslationRow
{
    HostId host;
    net::Translation translation;
    Ipv4Address outside; ///< the router's public address
};

/// One end of a TCP connection.
struct ConnectionRow
{
    HostId host;
    HostId peer;
    net::Endpoint local;
    net::Endpoint remote;
    net::TcpState state = net::TcpState::Closed;
    ConnectionId conversation;
    std::uint32_t unacknowledged = 0; ///< octets sent and not acknowledged
};

/// Somebody who is logged in to webmail.
struct WebSessionRow
{
    HostId host;
    std::string user;
    std::string cookie; ///< the token that the browser shows with each request
    SimTime used;       ///< last
    SimTime expires;    ///< unless it is used before
};

/// A protocol engine in the midst of a conversation.
struct EngineRow
{
    HostId host;
    HostId peer;
    std::string_view engine; ///< "smtp-server", as `states` names it
    std::string_view state;
};

std::vector<QueueRow> queue_rows(const World &world);
std::vector<MailboxRow> mailbox_rows(const World &world);
std::vector<DeviceRow> device_rows(const World &world);
/// Every copy of every letter that was sent; old letters that fill a mailbox are not told.
std::vector<LetterPlace> letter_places(const World &world);
/// Of every device, then of every webmail service.
std::vector<ContactRow> contact_rows(const World &world);
std::vector<CachedRow> cache_rows(const World &world);
std::vector<TranslationRow> translation_rows(const World &world);
std::vector<ConnectionRow> connection_rows(const World &world);
std::vector<WebSessionRow> web_session_rows(const World &world);
std::vector<EngineRow> engine_rows(const World &world);

} // namespace mailscope
