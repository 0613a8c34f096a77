// A DNS message that can be read can be written, and reads the same again (RFC 1035 4).
#include "sim/core/check.h"
#include "sim/protocol/dns/message.h"
#include "tests/fuzz/fuzz.h"

void mailscope::fuzz::run(std::string_view input)
{
    const Result<dns::Message> message = dns::decode(input);
    if (!message)
        return;
    const std::string octets = dns::encode(*message);
    const Result<dns::Message> again = dns::decode(octets);
    MS_CHECK(again.has_value());
    MS_CHECK(dns::encode(*again) == octets);
}
