// A machine for somebody outside, put into a World that is built already, and what it is told.
//
// The live door adds it once, before anything happens. What it is told from then on are values: a
// World that was driven from outside can be driven in the same way again, which is how the timeline
// goes anywhere in such a story. Without the machine a World is as closed as it always was.
#pragma once

#include "sim/core/result.h"
#include "sim/world/commands.h"
#include "sim/world/world.h"

#include <cstdint>
#include <string>
#include <variant>

namespace mailscope
{

/// The name of the machine that real programs act through.
inline constexpr const char *outside_name = "your-computer";

// What somebody outside does.

struct OutsideConnect
{
    net::Endpoint server;
    Protocol protocol = Protocol::None;
    OutsideHost::TlsBegins tls = OutsideHost::TlsBegins::WhenAsked;
};

struct OutsideSay
{
    Handle session;
    SharedBytes bytes;
};

/// What a session comes to.
struct OutsideTurn
{
    enum class What : std::uint8_t
    {
        Close,
        Abort,
        StartTls,
    };
    Handle session;
    What what = What::Close;
};

/// A question by UDP.
struct OutsideAsk
{
    net::Endpoint server;
    SharedBytes query;
};

/// A letter goes from a mailbox, as if nobody had ever sent it.
struct OutsideRemove
{
    std::size_t store = 0;
    mail::UserId user;
    mail::FolderId folder;
    std::uint32_t uid = 0;
};

/// An order as scenarios have them, after a while (zero: now).
struct OutsideOrder
{
    Order order;
    Duration after = Duration::zero();
};

using OutsideAct =
    std::variant<OutsideConnect, OutsideSay, OutsideTurn, OutsideAsk, OutsideRemove, OutsideOrder>;

/// An act with its moment: after so many steps of the World, at that time.
struct TimedAct
{
    std::uint64_t steps = 0;
    SimTime at;
    OutsideAct act;
};

struct OutsideResult
{
    Handle session;             ///< of OutsideConnect
    std::uint32_t question = 0; ///< of OutsideAsk
};

/// Does it now, with everything that follows at the same moment. The World has its outside machine.
OutsideResult act_outside(World &world, Records &records, const OutsideAct &act);

/// Puts a machine of that name on the network of the first provider, with an address of its own
/// and the provider's resolver. At most one. Fails when the provider has no address left.
[[nodiscard]] Result<void> add_outside_host(World &world, const std::string &name);

/// The other end of a session's connection, inside the server's host; nothing when there is none
/// yet or no more. Looks through all connections.
Handle far_end(const World &world, Handle session);

/// Whether the server at the other end of a session of the machine has begun TLS. Only the end of
/// the connection inside knows that for certain: words may be part of a letter.
bool server_began_tls(const World &world, Handle session);

} // namespace mailscope
