// A name server that is asked anything: what it sends is a response to that, no longer than may be.
#include "sim/core/check.h"
#include "sim/protocol/dns/authority.h"
#include "sim/protocol/dns/message.h"
#include "tests/fuzz/fuzz.h"

#include <string>
#include <vector>

namespace
{

using namespace mailscope;

/// A delegation, a wildcard, and aliases that go round, out of the zone, and to nobody.
dns::Zone zone()
{
    std::vector<dns::ResourceRecord> records;
    for (const char *row :
         {"example.jp. 3600 SOA ns.example.jp. root.example.jp. 1 2 3 4 300",
          "example.jp. 3600 NS ns.example.jp.", "ns.example.jp. 3600 A 192.0.2.53",
          "example.jp. 3600 MX 10 mx.example.jp.", "mx.example.jp. 3600 A 192.0.2.25",
          "deep.down.example.jp. 60 TXT here", "*.wild.example.jp. 60 MX 5 mx.example.jp.",
          "gone.example.jp. 60 CNAME nobody.example.jp.",
          "out.example.jp. 60 CNAME www.example.com.", "sub.example.jp. 60 NS ns.sub.example.jp.",
          "ns.sub.example.jp. 60 A 192.0.2.54", "a.example.jp. 60 CNAME b.example.jp.",
          "b.example.jp. 60 CNAME a.example.jp."})
        records.push_back(*dns::parse_record(row));
    return *dns::Zone::build(*dns::Name::parse("example.jp"), records);
}

} // namespace

void mailscope::fuzz::run(std::string_view input)
{
    static const std::vector<dns::Zone> zones = {zone()};
    const Result<dns::Message> query = dns::decode(input);
    for (const dns::Transport transport : {dns::Transport::Udp, dns::Transport::Tcp}) {
        const std::string octets = dns::respond(zones, input, transport);
        if (octets.empty())
            continue;
        const Result<dns::Message> response = dns::decode(octets);
        MS_CHECK(response.has_value());
        MS_CHECK(response->header.is_response);
        MS_CHECK(octets.substr(0, 2) == input.substr(0, 2)); // the query's id
        if (!query) {
            MS_CHECK(response->header.rcode == dns::Rcode::FormatError);
            continue;
        }
        MS_CHECK(!query->header.is_response);
        MS_CHECK(octets.size() <= dns::response_limit(*query, transport));
    }
}
