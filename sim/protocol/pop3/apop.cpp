// APOP: a login that does not say the password (RFC 1939 7).
#include "sim/core/md5.h"
#include "sim/protocol/pop3/events.h"

namespace mailscope::pop3
{

std::string apop_digest(ByteView timestamp, ByteView password)
{
    return md5_hex(std::string(timestamp) + std::string(password));
}

bool LoginAsked::proves(ByteView right_password) const
{
    return password == (mechanism == Mechanism::Apop ? apop_digest(timestamp, right_password)
                                                     : std::string(right_password));
}

} // namespace mailscope::pop3
