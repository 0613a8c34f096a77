// Implements framing.h.
#include "sim/protocol/dns/framing.h"

#include "sim/core/check.h"
#include "sim/core/reader.h"
#include "sim/protocol/dns/grammar.h"

namespace mailscope::dns
{

std::string tcp_frame(ByteView message)
{
    MS_CHECK(message.size() <= limits::tcp_octets_max);
    std::string framed;
    framed.reserve(message.size() + 2);
    framed += static_cast<char>(message.size() >> 8U);
    framed += static_cast<char>(message.size() & 0xFFU);
    framed += message;
    return framed;
}

std::optional<std::string> TcpDeframer::next_message()
{
    ByteReader reader(buffer_);
    const std::size_t length = reader.u16();
    const ByteView message = reader.take(length);
    if (reader.failed())
        return std::nullopt;
    std::optional<std::string> result = std::string(message);
    buffer_.erase(0, length + 2);
    return result;
}

} // namespace mailscope::dns
