// How letters and replies are shown in a few lines.
//
// Wire text stands as it is, cut where it is long; beside it what a person would read. Protocol
// words only: sentences come from the catalogue.
#pragma once

#include "sim/core/bytes.h"
#include "sim/text/catalogue.h"
#include "sim/trace/record.h"

#include <cstddef>
#include <string>
#include <vector>

namespace mailscope::cli
{

/// The lines of a text without their line ends.
std::vector<std::string> lines_of(ByteView text);

/// A message: its header as it is and the beginning of its body; base64 only by its first line.
std::vector<std::string> abbreviated_letter(ByteView message, const Catalogue &catalogue);

/// The message in content as it was handed over: in SMTP and POP3 dots are doubled on the way and
/// one ends it (RFC 5321 4.5.2, RFC 1939 3); in IMAP nothing is changed (RFC 3501 4.3).
std::string message_in(const Record &content);

/// Whether something in the message is written in another way than people read it.
bool is_encoded(ByteView message);

/// What a person reads of a message: its text, at most so many lines of it, then the attachments.
/// Of a delivery report (RFC 3464) what it says for machines stands there, too.
std::vector<std::string> readable_text(ByteView message, std::size_t lines_max,
                                       const Catalogue &catalogue);

} // namespace mailscope::cli
