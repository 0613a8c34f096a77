// What a mail server says about people and policy: every such reply in one table.
//
// The engine's own replies (order, syntax, limits) are in protocol/smtp/replies.h; here are those
// that come of a decision of mail_policy. A verdict is a cause ("the mailbox is full"); a dialect
// gives it code, status and words, as recorded from Postfix and Exim in tests/dialogue/reference.
#pragma once

#include "sim/protocol/smtp/replies.h"

#include <cstdint>
#include <string_view>

namespace mailscope
{

/// Why a server answers as it does. Behind each: what {0}, {1}, {2} stand for.
enum class Verdict : std::uint8_t
{
    Welcome,                ///< this host, the date
    TooManyConnections,     ///< this host, the client's address
    MaintenanceTryLater,    ///< this host
    MaintenanceClosed,      ///< this host
    ClientRefused,          ///< the client's name, its address
    NotLoggedIn,            ///< the sender
    NotOwned,               ///< the sender, the user who logged in
    SenderDomainNullMx,     ///< the sender, its domain
    SenderDomainNotFound,   ///< the sender
    SenderDomainNoAnswer,   ///< the sender
    RelayDenied,            ///< the recipient
    RecipientDomainNullMx,  ///< the recipient, its domain
    RecipientDomainUnknown, ///< the recipient
    RecipientDomainLater,   ///< the recipient: not found, but not for good
    RecipientDomainSilent,  ///< the recipient: the DNS does not answer
    UserUnknown,            ///< the recipient
    UserMoved,              ///< the recipient
    UserMovedTo,            ///< the recipient, the new address
    UserNotLocal,           ///< the recipient
    UserNotLocalTry,        ///< the recipient, the new address
    WillForward,            ///< the recipient, the new address
    MailboxFull,            ///< the recipient
    Blocklisted,            ///< the client's address, the list
    BlocklistedWhy,         ///< the client's address, the list, its reason
    Greylisted,             ///< the recipient, seconds
    TooManyHops,
    Queued, ///< the queue id
    Count
};

/// How `dialect` says it. `arguments` are those named at the verdict.
smtp::Reply say(smtp::Dialect dialect, Verdict verdict,
                std::initializer_list<std::string_view> arguments = {});

} // namespace mailscope
