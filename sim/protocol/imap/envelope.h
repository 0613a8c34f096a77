// What FETCH tells about a letter without its text: ENVELOPE and BODYSTRUCTURE (RFC 3501 7.4.2).
//
// Values stand as the letter has them: encoded-words stay encoded, for the client decodes. Both
// forms are read afresh from the letter each time; nothing is kept.
#pragma once

#include "sim/core/bytes.h"
#include "sim/mail/mime.h"

#include <cstdint>
#include <string>

namespace mailscope::imap
{

/// Appends "(date subject from sender reply-to to cc bcc in-reply-to message-id)". Cost: the
/// length of the header.
void append_envelope(std::string &out, ByteView letter);

/// How much is told about each part: BODY leaves the extension data away.
enum class Structure : std::uint8_t
{
    Basic,
    Extended
};

/// Appends the structure of a part and all inside it. `tree` is that of `letter`.
void append_structure(std::string &out, ByteView letter, const mail::PartTree &tree,
                      std::uint32_t part, Structure structure);

} // namespace mailscope::imap
