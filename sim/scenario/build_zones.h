// The zones of a scenario's name servers: root, top-level domains, domains.
//
// From what a scenario says about its domains and from the hosts of the World come the records
// that make every name found in the usual way: the root refers to the servers of a top-level
// domain, those to the servers of a domain, with glue. A missing delegation or a lame one is made
// by leaving out the record that would be there.
#pragma once

#include "sim/core/result.h"
#include "sim/hosts/directory.h"
#include "sim/protocol/dns/zone.h"
#include "sim/scenario/scenario.h"

#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// The root name server's own name in the DNS; its host is names.h's root_name_server.
inline constexpr std::string_view root_server_name = "root-dns";

class ZoneBuilder
{
public:
    explicit ZoneBuilder(const Scenario &scenario) : scenario_(scenario) {}

    struct Zones
    {
        std::vector<dns::Zone> served;
        std::vector<dns::Zone> unserved; ///< of domains whose delegation is lame
    };

    /// The zones that this host has; none for a host that is no name server.
    Result<Zones> zones_of(std::string_view host, const Directory &directory) const;

private:
    Result<dns::Zone> root_zone(const Directory &directory) const;
    Result<dns::Zone> tld_zone(const std::string &tld, const Directory &directory) const;
    Result<dns::Zone> domain_zone(const DomainSpec &domain, const Directory &directory) const;
    enum class Below
    {
        OrSame,
        Strictly,
    };
    const DomainSpec *enclosing(std::string_view name, Below below) const;

    const Scenario &scenario_;
};

} // namespace mailscope
