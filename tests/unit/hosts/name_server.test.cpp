// The zones that a name server has, and those of them that it serves.
#include "sim/hosts/name_server.h"

#include "sim/core/digest.h"
#include "sim/protocol/dns/zone.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>

using namespace mailscope;

namespace
{

dns::Zone bare_zone()
{
    return dns::Zone::build(
               dns::Name::of("example.jp"),
               {dns::parse_record("example.jp. 60 SOA ns.example.jp. root.example.jp. 1 2 3 4 5")
                    .value()})
        .value();
}

std::uint64_t fingerprint(const NameServer &server)
{
    Digest digest;
    server.mix(digest);
    return digest.value();
}

} // namespace

TEST_CASE("A zone that is not served is part of what a name server is")
{
    const NameServer without(HostId{0}, {});
    const NameServer waiting(HostId{0}, {}, {bare_zone()});
    const NameServer serving(HostId{0}, {bare_zone()});

    CHECK(fingerprint(waiting) != fingerprint(without));
    CHECK(fingerprint(waiting) != fingerprint(serving));
}

TEST_CASE("A zone told to be served is served from then on, once")
{
    NameServer server(HostId{0}, {}, {bare_zone()});

    CHECK_FALSE(server.serve(dns::Name::of("example.com")));
    CHECK(server.serve(dns::Name::of("example.jp")));
    CHECK(fingerprint(server) == fingerprint(NameServer(HostId{0}, {bare_zone()})));
    CHECK_FALSE(server.serve(dns::Name::of("example.jp")));
}
