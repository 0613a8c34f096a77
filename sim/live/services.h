// What the live door can open: the services of the simulated hosts, by the names of its options.
//
// A service is found by the port on which a simulated host listens, so that the door offers what
// the scenario has and nothing else.
#pragma once

#include "sim/net/packet.h"
#include "sim/trace/record.h"
#include "sim/world/world.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::live
{

/// A kind of service, by its usual port.
struct ServiceKind
{
    std::string_view name; ///< "submission": the option, and the word in the readiness line
    Protocol protocol = Protocol::None;
    std::uint16_t port = 0;
    bool datagrams = false; ///< answers by UDP, too
    OutsideHost::TlsBegins tls = OutsideHost::TlsBegins::WhenAsked;
};

std::span<const ServiceKind> service_kinds();
const ServiceKind *find_service(std::string_view name);

/// A service of one simulated host.
struct Service
{
    const ServiceKind *kind = nullptr;
    std::string host;
    net::Endpoint endpoint; ///< inside the simulated internet
};

/// The hosts that offer a service, in the order of the World. `hosts`: only these; empty: all.
std::vector<Service> services_of(const World &world, const ServiceKind &kind,
                                 const std::vector<std::string> &hosts);

} // namespace mailscope::live
