// What the live door can open.
#include "sim/live/services.h"

#include <algorithm>
#include <array>

namespace mailscope::live
{
namespace
{

constexpr auto at_once = OutsideHost::TlsBegins::AtOnce;

constexpr std::array kinds = {
    ServiceKind{"smtp", Protocol::Smtp, 25, false},
    ServiceKind{"submission", Protocol::Smtp, 587, false},
    ServiceKind{"pop3", Protocol::Pop3, 110, false},
    ServiceKind{"imap", Protocol::Imap, 143, false},
    ServiceKind{"dns", Protocol::Dns, 53, true},
    ServiceKind{"http", Protocol::Http, 80, false},
    ServiceKind{"submissions", Protocol::Smtp, 465, false, at_once},
    ServiceKind{"imaps", Protocol::Imap, 993, false, at_once},
    ServiceKind{"pop3s", Protocol::Pop3, 995, false, at_once},
    ServiceKind{"https", Protocol::Http, 443, false, at_once},
};

} // namespace

std::span<const ServiceKind> service_kinds() { return kinds; }

const ServiceKind *find_service(std::string_view name)
{
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const ServiceKind &row) { return row.name == name; });
    return kind == kinds.end() ? nullptr : &*kind;
}

std::vector<Service> services_of(const World &world, const ServiceKind &kind,
                                 const std::vector<std::string> &hosts)
{
    std::vector<Service> found;
    for (std::uint32_t i = 0; i < world.network.hosts().size(); ++i) {
        const HostInfo &info = world.directory->hosts[i];
        if (!hosts.empty() && std::find(hosts.begin(), hosts.end(), info.name) == hosts.end())
            continue;
        const std::vector<net::Listener> &listeners = world.network.hosts()[i].listeners;
        const bool offers =
            std::any_of(listeners.begin(), listeners.end(), [&](const net::Listener &listener) {
                return listener.transport == net::Transport::Tcp && listener.port == kind.port;
            });
        if (offers)
            found.push_back({&kind, info.name, {info.address, kind.port}});
    }
    return found;
}

} // namespace mailscope::live
