// What a server says by itself: every reply of the protocol in one table.
//
// A phrase is a cause ("MAIL inside a transaction"); a dialect gives it a code, an enhanced status
// and words. Dialects are data: another server's manner of speaking is one more column. Replies
// that come from a decision (unknown user, mailbox full) are the owner's and not found here.
#pragma once

#include "sim/protocol/smtp/grammar.h"

#include <cstdint>
#include <string_view>

namespace mailscope::smtp
{

/// Causes of a server's own replies. "{}" in a text stands for the one argument.
enum class Phrase : std::uint8_t
{
    None,

    // Things that go well.
    Ok,
    ResetOk,
    Help,
    HeloOk,
    SenderOk,
    RecipientOk,
    StartContent,
    ChunkOk,
    Bye,
    TlsReady,
    AuthOk,
    AuthContinue,
    AuthAskUser,
    AuthAskPassword,
    VerifyUnsaid,

    // Syntax.
    CommandUnknown,
    CommandEmpty,
    CommandForeign,
    SyntaxHelo,
    SyntaxEhlo,
    SyntaxMail,
    SyntaxRcpt,
    SyntaxData,
    SyntaxBdat,
    SyntaxRset,
    SyntaxVrfy,
    SyntaxEtrn,
    SyntaxStartTls,
    SyntaxAuth,
    BadSender,
    BadRecipient,
    BadSize,
    BadRet,
    BadEnvid,
    BadNotify,
    BadOrcpt,
    ParameterUnknown,
    BareNewline,

    // Order.
    NeedHelo,
    NestedMail,
    NeedMail,
    NeedRcpt,
    NoValidRecipients,
    RcptAfterBdat,
    DataAfterBdat,
    AuthInTransaction,
    AuthTwice,
    TlsTwice,
    NoService,

    // Means and limits.
    CommandDisabled,
    VrfyDisabled,
    DsnDisabled,
    AuthDisabled,
    AuthMechanismUnknown,
    AuthBadInitial,
    AuthBadContinued,
    AuthAborted,
    AuthFailed,
    AuthLineTooLong,
    AuthNeeded,
    AuthNeedsTls,
    TlsNeeded,
    EtrnRefused,
    SizeAnnounced,
    SizeExceeded,
    RecipientsExceeded,
    ErrorsExceeded,
    InputExceeded,
    TimeExceeded,

    Count
};

/// Whose manner of speaking.
enum class Dialect : std::uint8_t
{
    Postfix, ///< 3.7: enhanced status codes, reasons in every reply
    Exim,    ///< 4.96: short words, no enhanced status codes of its own
    Dovecot, ///< 2.3 as a server of LMTP
};

/// Code, status and words of one phrase.
struct Words
{
    std::uint16_t code = 0;
    EnhancedStatus status;
    std::string_view text;
};

/// How `dialect` says `phrase`.
const Words &words(Dialect dialect, Phrase phrase);

/// The phrase as a reply, with "{}" replaced by `argument`.
Reply make_reply(Dialect dialect, Phrase phrase, std::string_view argument = {});

} // namespace mailscope::smtp
