// Letters that begin from another letter: replies and forwarded letters.
//
// What mail programs and webmail services do alike when somebody presses "reply" or "forward":
// the subject, the text that stands there already, the files that go along. Who it goes to, and
// sending, are the caller's matter.
#pragma once

#include "sim/core/bytes.h"
#include "sim/mail/letter.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mailscope::mail
{

enum class Answering : std::uint8_t
{
    Reply,
    Forward,
};

/// The files that a message carries, decoded.
std::vector<Attachment> attachments_of(ByteView message);

/// What stands in the form before its writer types anything; from, date and Message-ID are missing.
/// A reply goes to the Reply-To addresses, else to the author (RFC 5322 3.6.2), and names the
/// letter that it answers (3.6.4); the old text is quoted with "> ". A forwarded letter has the
/// old one below a short header, and its files.
Letter answer_to(ByteView message, Answering how);

/// What somebody wrote, above what stood there.
std::string text_above(const std::string &written, const std::string &below);

} // namespace mailscope::mail
