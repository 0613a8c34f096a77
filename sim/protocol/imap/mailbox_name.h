// Mailbox names of IMAP: modified UTF-7 (RFC 3501 5.1.3) and the patterns of LIST (6.3.8).
//
// The store keeps names in UTF-8. On the wire they are ASCII: what is not stands between "&" and
// "-" as base64 of UTF-16, so "送信" becomes "&kAFP4Q-".
#pragma once

#include "sim/core/bytes.h"

#include <optional>
#include <string>

namespace mailscope::imap
{

/// The wire's form of a name in UTF-8. What is no valid UTF-8 is left out.
std::string to_wire_name(ByteView utf8);

/// The UTF-8 of a name on the wire; nothing when it is not modified UTF-7: 8-bit octets, an open
/// "&", bits left over, an ASCII character in base64.
std::optional<std::string> from_wire_name(ByteView name);

/// True when a name fits a pattern: "*" is anything, "%" anything without the separator. INBOX is
/// compared without case. Cost: the product of the lengths.
bool matches(ByteView name, ByteView pattern, char separator);

} // namespace mailscope::imap
