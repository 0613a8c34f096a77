// Letters: what a person writes and what a mail client shows of a message.
//
// The two ends of the journey. Building makes an RFC 5322 message with MIME (RFC 2045 to 2047,
// 2231) that every server can carry: lines of ASCII, except for addresses that need UTF-8
// themselves (RFC 6532). The result depends on the letter alone. Reading shows whatever came.
// Sending, and the envelope, are not this file's matter.
#pragma once

#include "sim/core/bytes.h"
#include "sim/mail/address.h"
#include "sim/mail/date.h"
#include "sim/mail/encoded_word.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::mail
{

/// A file that goes with a letter.
struct Attachment
{
    std::string name;                                    ///< UTF-8
    std::string media_type = "application/octet-stream"; ///< without parameters
    SharedBytes content;
};

/// A letter before it is sent. All text is UTF-8; lines of `text` end in LF or CRLF.
struct Letter
{
    NamedAddress from;
    std::vector<NamedAddress> to;
    std::vector<NamedAddress> cc;
    std::vector<NamedAddress> reply_to;
    std::string subject;
    std::string text;
    std::vector<Attachment> attachments;
    DateTime date;
    std::string message_id;                  ///< with its angle brackets; empty: no such field
    std::string in_reply_to;                 ///< with its angle brackets; empty: no such field
    TextCharset charset = TextCharset::Utf8; ///< used where it has all the characters
};

/// The message, lines ending in CRLF. Transfer encodings: 7bit where the text allows it, then
/// quoted-printable or base64, whichever is shorter; base64 for attachments.
std::string build_message(const Letter &letter);

/// True when the message needs SMTPUTF8: an address in it is not ASCII (RFC 6531 3.1).
bool needs_utf8(const Letter &letter);

/// A line of the list of attachments.
struct AttachmentSummary
{
    std::string name;       ///< decoded; may be empty
    std::string media_type; ///< "image/jpeg"
    std::size_t size = 0;   ///< decoded octets
    std::size_t part = 0;   ///< index in the message's PartTree
};

/// A message as a person sees it; all text is decoded UTF-8 with LF as line end.
struct ReadLetter
{
    std::vector<NamedAddress> from;
    std::vector<NamedAddress> to;
    std::vector<NamedAddress> cc;
    std::vector<NamedAddress> reply_to;
    std::string subject;
    std::optional<DateTime> date; ///< nothing when missing or unreadable
    std::string message_id;
    std::string in_reply_to;
    std::string text; ///< the text parts shown, one below the other
    std::vector<AttachmentSummary> attachments;
};

/// Reads any bytes; what is missing stays empty.
ReadLetter read_message(ByteView message);

} // namespace mailscope::mail
