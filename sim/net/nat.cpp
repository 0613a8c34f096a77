// The translation table of a router.
#include "sim/net/nat.h"

#include "sim/core/digest.h"

#include <algorithm>

namespace mailscope::net
{
namespace
{

/// How long an idle note is kept (RFC 4787 4.3 and RFC 5382 5 give these as minimum values).
constexpr Duration udp_idle_max = 5min;
constexpr Duration tcp_idle_max = 124min;
constexpr std::uint16_t first_port = 40'000;
constexpr std::uint16_t last_port = 59'999;

Duration idle_max(Transport transport)
{
    return transport == Transport::Udp ? udp_idle_max : tcp_idle_max;
}

} // namespace

void NatTable::forget_idle(SimTime now)
{
    std::erase_if(translations_, [now](const Translation &note) {
        return now - note.last_used > idle_max(note.transport);
    });
}

bool NatTable::port_taken(Transport transport, std::uint16_t port) const
{
    return std::any_of(translations_.begin(), translations_.end(), [&](const Translation &note) {
        return note.transport == transport && note.outside_port == port;
    });
}

std::optional<std::uint16_t> NatTable::outgoing(Transport transport, Endpoint inside, SimTime now)
{
    for (Translation &note : translations_) {
        if (note.transport == transport && note.inside == inside) {
            note.last_used = now;
            return note.outside_port;
        }
    }
    forget_idle(now);
    for (int tries = 0; tries <= last_port - first_port; ++tries) {
        const std::uint16_t port = next_port_;
        next_port_ = next_port_ == last_port ? first_port : static_cast<std::uint16_t>(port + 1);
        if (!port_taken(transport, port)) {
            translations_.push_back({transport, inside, port, now});
            return port;
        }
    }
    return std::nullopt;
}

std::optional<Endpoint> NatTable::incoming(Transport transport, std::uint16_t outside_port,
                                           SimTime now)
{
    for (Translation &note : translations_) {
        if (note.transport == transport && note.outside_port == outside_port &&
            now - note.last_used <= idle_max(transport)) {
            note.last_used = now;
            return note.inside;
        }
    }
    return std::nullopt;
}

void NatTable::mix(Digest &digest) const
{
    digest.add(translations_.size(), next_port_);
    for (const Translation &note : translations_)
        digest.add(note.transport, note.inside.address.value, note.inside.port, note.outside_port,
                   note.last_used);
}

} // namespace mailscope::net
