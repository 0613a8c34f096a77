// How letters and replies are shown in a few lines.
//
// Wire text stands as it is, cut where it is long; beside it what a person would read. Protocol
// words only: sentences come from the catalogue.
#pragma once

#include "sim/core/bytes.h"
#include "sim/text/catalogue.h"

#include <string>
#include <vector>

namespace mailscope::cli
{

/// The lines of a text without their line ends.
std::vector<std::string> lines_of(ByteView text);

/// A message: its header as it is and the beginning of its body; base64 only by its first line.
std::vector<std::string> abbreviated_letter(ByteView message, const Catalogue &catalogue);

/// What a person reads of a message that is encoded: subject, text, attachments, in a few lines.
/// Takes the message as it is on the wire, dots doubled and a dot at its end (RFC 5321 4.5.2).
/// Empty for a message that can be read as it is.
std::vector<std::string> readable_letter(ByteView sent);

} // namespace mailscope::cli
