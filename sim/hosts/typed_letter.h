// From what a person typed into a form to addresses and an envelope.
//
// A mail program and a webmail service read the same fields in the same way, and show a draft in
// them again. What is no address is
// taken along as it is: the server that is asked to carry the letter will say so.
#pragma once

#include "sim/mail/letter.h"
#include "sim/protocol/smtp/grammar.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// Recipients as people write them: "bob@example.jp", "Bob <bob@example.jp>, carol@...". At least
/// one address for each text. What is none becomes a local part without a domain, without octets
/// that could not stand in a command.
std::vector<mail::NamedAddress> typed_addresses(const std::vector<std::string> &typed);

/// The same text with the address of each name that the address book knows and that stands alone
/// between commas, upper and lower case alike: "Bob, c@..." becomes "\"Bob\" <bob@...>, c@...".
std::string with_addresses(std::string_view typed,
                           std::span<const mail::NamedAddress> address_book);

/// As a person would type it: "\"Bob\" <bob@example.jp>"; without a name just the address.
std::string as_typed(const mail::NamedAddress &address);

/// Several, with commas between them.
std::string as_typed_list(const std::vector<mail::NamedAddress> &addresses);

/// The charset in which a letter was written by its author's choice.
mail::TextCharset charset_of(ByteView message);

/// The envelope of a letter: everybody in To and Cc. With `notify_success` a report of success is
/// asked for (RFC 3461).
smtp::Envelope envelope_of(const mail::Letter &letter, bool notify_success);

} // namespace mailscope
