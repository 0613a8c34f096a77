// What the delivery agent behind a mail server says about one recipient (LMTP, RFC 2033).
//
// Unlike a server of SMTP it queues nothing: it says of each recipient whether the letter lies in
// the mailbox. The words are Dovecot's, as recorded in tests/dialogue/reference/lmtp; the order of
// commands and their syntax are the engine's (protocol/smtp).
#pragma once

#include "sim/protocol/smtp/grammar.h"

#include <string_view>

namespace mailscope
{

/// To RCPT TO: there is no such mailbox. `address` is the recipient without angle brackets.
smtp::Reply lmtp_user_unknown(std::string_view address);

/// After the letter: it lies in the mailbox. `id` names this delivery in the server's log.
smtp::Reply lmtp_saved(std::string_view address, std::string_view id);

/// After the letter: the mailbox has no room for it (RFC 3463 3.3, 5.2.2).
smtp::Reply lmtp_mailbox_full(std::string_view address);

} // namespace mailscope
