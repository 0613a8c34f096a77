// MD5 (RFC 1321), for the one protocol that still asks for it: APOP of POP3 (RFC 1939 7).
//
// It has been broken for long and protects nothing; it stands here so that a recorded login can be
// held against ours, and so that this library needs no other one on the web.
#pragma once

#include "sim/core/bytes.h"

#include <string>

namespace mailscope
{

/// The digest as 32 lower-case hexadecimal digits.
std::string md5_hex(ByteView text);

} // namespace mailscope
