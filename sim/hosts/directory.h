// Who is who in the simulated internet: names, kinds and addresses of hosts.
//
// Hosts themselves find each other through DNS; the directory exists so that a record can say
// which host is meant, so that people can name hosts in commands, and so that views can draw them.
// It is built once with the World and shared by its copies.
#pragma once

#include "sim/core/id.h"
#include "sim/core/ip_address.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// What a machine is there for; a mail server may play several roles of RFC 5598.
enum class HostKind : std::uint8_t
{
    Device,     ///< a person's computer with a mail client
    HomeRouter, ///< with NAT
    Provider,   ///< a provider's router
    Backbone,
    MailServer,
    Resolver,
    NameServer,
};

/// A part of the map: a home, a provider, an organisation, the internet between them.
enum class RegionKind : std::uint8_t
{
    Home,
    Provider,
    Organisation,
    Internet,
};

struct Region
{
    std::string name;
    RegionKind kind = RegionKind::Internet;
};

struct HostInfo
{
    std::string name; ///< unique: "mx.example.jp", "alice-laptop"
    HostKind kind = HostKind::Device;
    std::uint32_t region = 0; ///< index into Directory::regions
    Ipv4Address address;      ///< its first one
};

struct Directory
{
    std::vector<HostInfo> hosts; ///< by HostId
    std::vector<Region> regions;

    /// The host of that name, none when there is no such host.
    HostId find(std::string_view name) const
    {
        for (std::uint32_t i = 0; i < hosts.size(); ++i)
            if (hosts[i].name == name)
                return HostId{i};
        return HostId{};
    }

    /// The host that has the address; none for private addresses of which there may be several.
    HostId at(Ipv4Address address) const
    {
        if (address.is_unspecified() || is_private(address))
            return HostId{};
        for (std::uint32_t i = 0; i < hosts.size(); ++i)
            if (hosts[i].address == address)
                return HostId{i};
        return HostId{};
    }

    const std::string &name_of(HostId host) const { return hosts[host.value].name; }
};

} // namespace mailscope
