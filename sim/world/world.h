// The World: a small internet that is a value.
//
// Copying it is the snapshot, the rewind and the what-if branch: its parts name each other by
// index, scheduled work is data, random numbers come from generators inside, and long-lived bytes
// are shared and never change. Records are appended outside, so that a World runs the same whether
// or not anybody looks. Built by scenario/build; driven by step(), run_until() and the orders of
// commands.h; looked at through inspect.h.
#pragma once

#include "sim/core/cow.h"
#include "sim/core/event_queue.h"
#include "sim/hosts/env.h"
#include "sim/hosts/imap_server.h"
#include "sim/hosts/mail_client.h"
#include "sim/hosts/mail_server.h"
#include "sim/hosts/name_server.h"
#include "sim/hosts/outside_host.h"
#include "sim/hosts/pop_server.h"
#include "sim/hosts/resolver_host.h"
#include "sim/hosts/stub_agent.h"
#include "sim/hosts/web_server.h"
#include "sim/mail/store.h"
#include "sim/net/network.h"
#include "sim/trace/records.h"
#include "sim/world/commands.h"

#include <cstdint>
#include <vector>

namespace mailscope
{

/// A mail server and the store that it delivers into (shared by a separate submission server).
struct MailServerPlace
{
    MailServer server;
    std::uint16_t store = 0;
};

struct PopServerPlace
{
    PopServer server;
    std::uint16_t store = 0;
};

/// Webmail, the store that it shows, and the mail server that it hands letters to.
struct WebServerPlace
{
    WebServer server;
    std::uint16_t store = 0;
    std::uint16_t mail_server = 0;
};

struct ImapServerPlace
{
    ImapServer server;
    std::uint16_t store = 0;
};

/// A service that takes requests and never answers. Port 0: all services of the host.
struct SilentService
{
    HostId host;
    std::uint16_t port = 0;
};

/// An order that waits for its time.
struct Appointment
{
    SimTime at;
    Order order;
};

/// Its special members, like those of the roles, are written in one place only: generated wherever
/// a World is used they took more time to compile than everything else.
struct World
{
    World();
    World(const World &);
    World(World &&) noexcept;
    World &operator=(const World &);
    World &operator=(World &&) noexcept;
    ~World();

    SimTime now;
    std::uint64_t steps = 0;       ///< how many have been made
    std::uint32_t next_record = 0; ///< number of the next record, kept or not
    mail::DateTime start;          ///< the date at which simulated time is zero
    EventQueue queue;
    net::Network network;
    MessageNames messages;
    Cow<Directory> directory;

    std::vector<StubAgent> stubs; ///< by host
    std::vector<ResolverHost> resolvers;
    std::vector<NameServer> name_servers;
    std::vector<mail::Store> stores;
    std::vector<MailServerPlace> mail_servers;
    std::vector<PopServerPlace> pop_servers;
    std::vector<WebServerPlace> web_servers;
    std::vector<ImapServerPlace> imap_servers;
    std::vector<MailClient> clients;  ///< devices, in the order of people and their devices
    std::vector<OutsideHost> outside; ///< none, or the one of the live door (outside.h)

    std::vector<SilentService> silent;
    std::vector<FaultSpec> faults; ///< those that hold now
    std::vector<Event> parked;     ///< work of hosts that are off
    Cow<std::vector<Appointment>> agenda;
    std::uint32_t appointments_left = 0;
    std::int64_t scenes = 0; ///< headings of the story that have begun

    std::vector<DnsAnswer> dns_answers; ///< within a step only
};

/// Does the next scheduled work, if it is due at `limit` or before, and everything that follows at
/// the same moment. False when there is none.
bool step(World &world, Records &records, SimTime limit = time_never);

/// Steps until nothing is due at `time` or before; afterwards it is that time.
void run_until(World &world, Records &records, SimTime time);

/// Whether anything but polling and expiring timers is still to come: orders, letters on their way,
/// conversations, packets.
bool is_busy(const World &world);

/// Steps until the World is no longer busy and all its timers have run out, or `limit` is reached.
/// Devices that poll would go on for ever: with them it ends once the World has not been busy for
/// as long as the longest interval between polls.
void run_to_rest(World &world, Records &records, SimTime limit);

/// An Env for `host`, with `because` as the cause of what happens through it.
Env env_for(World &world, Records &records, HostId host, RecordId because);

/// Does what follows from the last call of the network or of a role: hands events to roles, sends
/// what they queued, until nothing is left at this moment. Ends every step.
void finish_step(World &world, Records &records);

/// A fingerprint of all state; equal Worlds have equal futures.
std::uint64_t fingerprint(const World &world);

} // namespace mailscope
