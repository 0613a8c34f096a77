// Network address translation in a home or office router (RFC 3022, traditional NAPT).
//
// Many machines with private addresses share the router's one public address. The router notes
// for each outgoing conversation which port of its own stands for which machine and port inside.
// What comes from outside without such a note goes nowhere.
#pragma once

#include "sim/core/time.h"
#include "sim/net/packet.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace mailscope
{
class Digest;
}

namespace mailscope::net
{

/// One note: `inside` talks to the world as `outside_port` of the router.
struct Translation
{
    Transport transport = Transport::Tcp;
    Endpoint inside;
    std::uint16_t outside_port = 0;
    SimTime last_used;
};

/// The translation table of one router.
class NatTable
{
public:
    /// The port that stands for `inside`; a new one when there is no note. Nothing when all ports
    /// are taken.
    std::optional<std::uint16_t> outgoing(Transport transport, Endpoint inside, SimTime now);

    /// The machine inside that `outside_port` stands for.
    std::optional<Endpoint> incoming(Transport transport, std::uint16_t outside_port, SimTime now);

    /// Forgets all notes.
    void clear() { translations_.clear(); }

    /// All notes, for looking at.
    const std::vector<Translation> &translations() const { return translations_; }

    void mix(Digest &digest) const;

private:
    void forget_idle(SimTime now);
    bool port_taken(Transport transport, std::uint16_t port) const;

    std::vector<Translation> translations_;
    std::uint16_t next_port_ = 40'000;
};

} // namespace mailscope::net
