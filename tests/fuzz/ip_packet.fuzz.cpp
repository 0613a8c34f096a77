// An IPv4 packet that can be read can be written, and reads the same again (RFC 791, 768, 9293).
#include "sim/core/check.h"
#include "sim/net/wire.h"
#include "tests/fuzz/fuzz.h"

void mailscope::fuzz::run(std::string_view input)
{
    const Result<net::Packet> packet = net::decode(input);
    if (!packet)
        return;
    const std::string octets = net::encode(*packet);
    const Result<net::Packet> again = net::decode(octets);
    MS_CHECK(again.has_value());
    MS_CHECK(net::encode(*again) == octets);
}
