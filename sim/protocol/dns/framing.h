// DNS over a byte stream: two octets of length before every message (RFC 1035 4.2.2).
//
// Engines speak in messages; whoever owns a TCP connection frames them with these.
#pragma once

#include "sim/core/bytes.h"

#include <optional>
#include <string>

namespace mailscope::dns
{

/// The message with its length before it; at most 65,535 octets.
std::string tcp_frame(ByteView message);

/// Takes a stream apart into messages. Holds at most one incomplete message and what came with it.
class TcpDeframer
{
public:
    void receive(ByteView bytes) { buffer_.append(bytes); }

    /// The next whole message, if there is one.
    std::optional<std::string> next_message();

private:
    std::string buffer_;
};

} // namespace mailscope::dns
