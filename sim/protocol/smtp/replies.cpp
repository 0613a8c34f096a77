// The table of dialects.
#include "sim/protocol/smtp/replies.h"

#include "sim/core/check.h"

#include <array>

namespace mailscope::smtp
{

namespace
{

struct Row
{
    Phrase phrase = Phrase::None;
    Words words;
};

constexpr EnhancedStatus none{};

// Postfix 3.7, as recorded in tests/dialogue/reference; the few that were not recorded follow the
// RFC named beside them.
// clang-format off
constexpr Row postfix_rows[] = {
    {Phrase::Ok,                {250, {2, 0, 0}, "Ok"}},
    {Phrase::ResetOk,           {250, {2, 0, 0}, "Ok"}},
    {Phrase::Help,              {500, {5, 5, 2}, "Error: command not recognized"}},
    {Phrase::HeloOk,            {250, none,      "{}"}},
    {Phrase::SenderOk,          {250, {2, 1, 0}, "Ok"}},
    {Phrase::RecipientOk,       {250, {2, 1, 5}, "Ok"}},
    {Phrase::StartContent,      {354, none,      "End data with <CR><LF>.<CR><LF>"}},
    {Phrase::ChunkOk,           {250, {2, 0, 0}, "Ok: {} bytes"}},
    {Phrase::Bye,               {221, {2, 0, 0}, "Bye"}},
    {Phrase::TlsReady,          {220, {2, 0, 0}, "Ready to start TLS"}},
    {Phrase::AuthOk,            {235, {2, 7, 0}, "Authentication successful"}},
    {Phrase::AuthContinue,      {334, none,      ""}},
    {Phrase::AuthAskUser,       {334, none,      "VXNlcm5hbWU6"}},
    {Phrase::AuthAskPassword,   {334, none,      "UGFzc3dvcmQ6"}},
    {Phrase::VerifyUnsaid,      {252, {2, 0, 0}, "{}"}},

    {Phrase::CommandUnknown,    {500, {5, 5, 2}, "Error: command not recognized"}},
    {Phrase::CommandEmpty,      {500, {5, 5, 2}, "Error: bad syntax"}},
    {Phrase::CommandForeign,    {221, {2, 7, 0}, "Error: I can break rules, too. Goodbye."}},
    {Phrase::SyntaxHelo,        {501, none,      "Syntax: HELO hostname"}},
    {Phrase::SyntaxEhlo,        {501, none,      "Syntax: EHLO hostname"}},
    {Phrase::SyntaxMail,        {501, {5, 5, 4}, "Syntax: MAIL FROM:<address>"}},
    {Phrase::SyntaxRcpt,        {501, {5, 5, 4}, "Syntax: RCPT TO:<address>"}},
    {Phrase::SyntaxData,        {501, {5, 5, 4}, "Syntax: DATA"}},
    {Phrase::SyntaxBdat,        {501, {5, 5, 4}, "Syntax: BDAT count [LAST]"}},
    {Phrase::SyntaxRset,        {501, {5, 5, 4}, "Syntax: RSET"}},
    {Phrase::SyntaxVrfy,        {501, {5, 5, 4}, "Syntax: VRFY address"}},
    {Phrase::SyntaxEtrn,        {500, none,      "Syntax: ETRN domain"}},
    {Phrase::SyntaxStartTls,    {501, {5, 5, 4}, "Syntax: STARTTLS"}},
    {Phrase::SyntaxAuth,        {501, {5, 5, 4}, "Syntax: AUTH mechanism"}},
    {Phrase::BadSender,         {501, {5, 1, 7}, "Bad sender address syntax"}},
    {Phrase::BadRecipient,      {501, {5, 1, 3}, "Bad recipient address syntax"}},
    {Phrase::BadSize,           {501, {5, 5, 4}, "Bad message size syntax"}},
    {Phrase::BadRet,            {501, {5, 5, 4}, "Bad RET parameter syntax"}},
    {Phrase::BadEnvid,          {501, {5, 5, 4}, "Bad ENVID parameter syntax"}},
    {Phrase::BadNotify,         {501, {5, 5, 4}, "Error: Bad NOTIFY parameter syntax"}},
    {Phrase::BadOrcpt,          {501, {5, 5, 4}, "Error: Bad ORCPT parameter syntax"}},
    {Phrase::ParameterUnknown,  {555, {5, 5, 4}, "Unsupported option: {}"}},
    {Phrase::BareNewline,       {521, {5, 5, 2}, "{} Error: bare <LF> received"}},

    {Phrase::NeedHelo,          {503, {5, 5, 1}, "Error: send HELO/EHLO first"}},
    {Phrase::NestedMail,        {503, {5, 5, 1}, "Error: nested MAIL command"}},
    {Phrase::NeedMail,          {503, {5, 5, 1}, "Error: need MAIL command"}},
    {Phrase::NeedRcpt,          {503, {5, 5, 1}, "Error: need RCPT command"}},
    {Phrase::NoValidRecipients, {554, {5, 5, 1}, "Error: no valid recipients"}},
    {Phrase::RcptAfterBdat,     {503, {5, 5, 1}, "Error: RCPT after BDAT"}},
    {Phrase::DataAfterBdat,     {503, {5, 5, 1}, "Error: DATA after BDAT"}}, // RFC 3030 2
    {Phrase::AuthInTransaction, {503, {5, 5, 1}, "Error: MAIL transaction in progress"}},
    {Phrase::AuthTwice,         {503, {5, 5, 1}, "Error: already authenticated"}},
    {Phrase::TlsTwice,          {554, {5, 5, 1}, "Error: TLS already active"}},
    {Phrase::NoService,         {503, {5, 5, 1}, "Error: no service here"}}, // RFC 5321 3.1

    {Phrase::CommandDisabled,   {502, {5, 5, 1}, "Error: command not " "implemented"}},
    {Phrase::VrfyDisabled,      {502, {5, 5, 1}, "VRFY command is disabled"}},
    {Phrase::DsnDisabled,       {501, {5, 7, 1}, "DSN support is disabled"}},
    {Phrase::AuthDisabled,      {503, {5, 5, 1}, "Error: authentication not enabled"}},
    {Phrase::AuthMechanismUnknown,
     {535, {5, 7, 8}, "Error: authentication failed: Invalid authentication mechanism"}},
    {Phrase::AuthBadInitial,
     {535, {5, 7, 8}, "Error: authentication failed: Invalid base64 data in initial response"}},
    {Phrase::AuthBadContinued,
     {535, {5, 7, 8}, "Error: authentication failed: Invalid base64 data in continued response"}},
    {Phrase::AuthAborted,       {501, {5, 7, 0}, "Authentication aborted"}},
    {Phrase::AuthFailed,
     {535, {5, 7, 8}, "Error: authentication failed: (reason unavailable)"}},
    {Phrase::AuthLineTooLong,   {500, {5, 5, 6}, "Error: AUTH line too long"}}, // RFC 4954 4
    {Phrase::AuthNeeded,        {530, {5, 7, 0}, "Authentication required"}}, // RFC 4954 6
    {Phrase::AuthNeedsTls,
     {538, {5, 7, 11}, "Encryption required for requested authentication mechanism"}},
    {Phrase::TlsNeeded,         {530, {5, 7, 0}, "Must issue a STARTTLS command first"}},
    {Phrase::EtrnRefused,       {459, none,      "<{}>: service unavailable"}},
    {Phrase::SizeAnnounced,     {552, {5, 3, 4}, "Message size exceeds fixed limit"}},
    {Phrase::SizeExceeded,      {552, {5, 3, 4}, "Error: message file too big"}},
    {Phrase::RecipientsExceeded,{452, {4, 5, 3}, "Error: too many recipients"}},
    {Phrase::ErrorsExceeded,    {421, {4, 7, 0}, "{} Error: too many errors"}},
    {Phrase::InputExceeded,     {421, {4, 7, 0}, "{} Error: too much unprocessed input"}},
    {Phrase::TimeExceeded,      {421, {4, 4, 2}, "{} Error: timeout exceeded"}},
};

// Exim 4.96 with its default configuration, as recorded in tests/dialogue/reference/exim. A row
// marked * was not recorded; its words are ours in Exim's manner, its code is the RFC's.
constexpr Row exim_rows[] = {
    {Phrase::Ok,                {250, none, "OK"}},
    {Phrase::ResetOk,           {250, none, "Reset OK"}}, // *
    {Phrase::Help,              {214, none, "Commands supported:\n{}"}}, // *
    {Phrase::HeloOk,            {250, none, "{}"}},
    {Phrase::SenderOk,          {250, none, "OK"}},
    {Phrase::RecipientOk,       {250, none, "Accepted"}},
    {Phrase::StartContent,
     {354, none, "Enter message, ending with \".\" on a line by itself"}},
    {Phrase::ChunkOk,           {250, none, "{} byte chunk received"}}, // *
    {Phrase::Bye,               {221, none, "{} closing connection"}},
    {Phrase::TlsReady,          {220, none, "TLS go ahead"}}, // *
    {Phrase::AuthOk,            {235, none, "Authentication succeeded"}},
    {Phrase::AuthContinue,      {334, none, ""}},
    {Phrase::AuthAskUser,       {334, none, "VXNlcm5hbWU6"}},
    {Phrase::AuthAskPassword,   {334, none, "UGFzc3dvcmQ6"}},
    {Phrase::VerifyUnsaid,      {252, none, "Administrative prohibition"}}, // *

    {Phrase::CommandUnknown,    {500, none, "unrecognized command"}},
    {Phrase::CommandEmpty,      {500, none, "unrecognized command"}},
    {Phrase::CommandForeign,    {500, none, "unrecognized command"}},
    {Phrase::SyntaxHelo,        {501, none, "Syntactically invalid HELO argument(s)"}}, // *
    {Phrase::SyntaxEhlo,        {501, none, "Syntactically invalid EHLO argument(s)"}}, // *
    {Phrase::SyntaxMail,        {500, none, "unrecognized command"}},
    {Phrase::SyntaxRcpt,        {500, none, "unrecognized command"}},
    {Phrase::SyntaxData,        {500, none, "unrecognized command"}}, // *
    {Phrase::SyntaxBdat,        {501, none, "missing size for BDAT command"}}, // *
    {Phrase::SyntaxRset,        {500, none, "unrecognized command"}}, // *
    {Phrase::SyntaxVrfy,        {252, none, "Administrative prohibition"}}, // *
    {Phrase::SyntaxEtrn,        {500, none, "unrecognized command"}}, // *
    {Phrase::SyntaxStartTls,    {500, none, "unrecognized command"}}, // *
    {Phrase::SyntaxAuth,        {501, none, "Syntax: AUTH mechanism"}}, // *
    {Phrase::BadSender,         {501, none, "{}"}},
    {Phrase::BadRecipient,      {501, none, "{}"}},
    {Phrase::BadSize,           {501, none, "invalid SIZE value"}}, // *
    {Phrase::BadRet,            {501, none, "Invalid value for RET"}}, // *
    {Phrase::BadEnvid,          {501, none, "Invalid value for ENVID"}}, // *
    {Phrase::BadNotify,         {501, none, "Invalid value for NOTIFY"}}, // *
    {Phrase::BadOrcpt,          {501, none, "Invalid value for ORCPT"}}, // *
    {Phrase::ParameterUnknown,  {501, none, "{}: unsupported option"}}, // *
    {Phrase::BareNewline,       {500, none, "bare <LF> received"}}, // *

    {Phrase::NeedHelo,          {503, none, "HELO or EHLO required"}}, // *
    {Phrase::NestedMail,        {503, none, "sender already given"}},
    {Phrase::NeedMail,          {503, none, "sender not yet given"}},
    {Phrase::NeedRcpt,          {503, none, "{}valid RCPT command must precede DATA"}},
    {Phrase::NoValidRecipients, {503, none, "{}valid RCPT command must precede DATA"}},
    {Phrase::RcptAfterBdat,     {503, none, "RCPT not permitted after BDAT"}}, // *
    {Phrase::DataAfterBdat,     {503, none, "only BDAT permissible after non-LAST BDAT"}}, // *
    {Phrase::AuthInTransaction, {503, none, "not permitted in mail transaction"}}, // *
    {Phrase::AuthTwice,         {503, none, "already authenticated"}},
    {Phrase::TlsTwice,          {503, none, "STARTTLS command used when not advertised"}}, // *
    {Phrase::NoService,         {503, none, "no service here"}}, // * RFC 5321 3.1

    {Phrase::CommandDisabled,   {503, none, "STARTTLS command used when not advertised"}}, // *
    {Phrase::VrfyDisabled,      {252, none, "Administrative prohibition"}}, // *
    {Phrase::DsnDisabled,       {501, none, "unsupported option"}}, // *
    {Phrase::AuthDisabled,      {503, none, "AUTH command used when not advertised"}}, // *
    {Phrase::AuthMechanismUnknown,
     {504, none, "{} authentication mechanism not supported"}},
    {Phrase::AuthBadInitial,    {501, none, "Invalid base64 data"}},
    {Phrase::AuthBadContinued,  {501, none, "Invalid base64 data"}},
    {Phrase::AuthAborted,       {501, none, "Authentication cancelled"}},
    {Phrase::AuthFailed,        {535, none, "Incorrect authentication data"}},
    {Phrase::AuthLineTooLong,   {501, none, "Invalid base64 data"}}, // *
    {Phrase::AuthNeeded,        {530, none, "Authentication required"}}, // * RFC 4954 6
    {Phrase::AuthNeedsTls,      {503, none, "AUTH command used when not advertised"}}, // *
    {Phrase::TlsNeeded,         {530, none, "Must issue a STARTTLS command first"}}, // *
    {Phrase::EtrnRefused,       {458, none, "Administrative prohibition"}}, // *
    {Phrase::SizeAnnounced,     {552, none, "Message size exceeds maximum permitted"}},
    {Phrase::SizeExceeded,      {552, none, "Message size exceeds maximum permitted"}},
    {Phrase::RecipientsExceeded,{452, none, "too many recipients"}}, // *
    {Phrase::ErrorsExceeded,    {421, none, "{} lost input connection"}}, // * see Server::refuse
    {Phrase::InputExceeded,     {554, none, "SMTP synchronization error"}}, // *
    {Phrase::TimeExceeded,      {421, none, "{}: SMTP command timeout - closing connection"}}, // *
};

// Dovecot 2.3 as a server of LMTP, as recorded in tests/dialogue/reference/lmtp. What is not here
// was not recorded, and is said as Postfix says it.
constexpr Row dovecot_rows[] = {
    {Phrase::Ok,                {250, {2, 0, 0}, "OK"}},
    {Phrase::ResetOk,           {250, {2, 0, 0}, "OK"}},
    {Phrase::SenderOk,          {250, {2, 1, 0}, "OK"}},
    {Phrase::RecipientOk,       {250, {2, 1, 5}, "OK"}},
    {Phrase::StartContent,      {354, none,      "OK"}},
    {Phrase::NoValidRecipients, {503, {5, 5, 0}, "No valid recipients"}},
};
// clang-format on

using Column = std::array<Words, static_cast<std::size_t>(Phrase::Count)>;

template <std::size_t Size> constexpr Column column_of(const Row (&rows)[Size], Column column = {})
{
    for (const Row &row : rows)
        column[static_cast<std::size_t>(row.phrase)] = row.words;
    return column;
}

constexpr Column postfix = column_of(postfix_rows);
constexpr Column exim = column_of(exim_rows);
constexpr Column dovecot = column_of(dovecot_rows, postfix);

constexpr bool says_everything(const Column &column)
{
    for (std::size_t i = 1; i < column.size(); ++i)
        if (column[i].code == 0)
            return false;
    return true;
}
static_assert(says_everything(postfix), "a phrase has no words");
static_assert(says_everything(exim), "a phrase has no words");

} // namespace

const Words &words(Dialect dialect, Phrase phrase)
{
    const Column &column = dialect == Dialect::Exim      ? exim
                           : dialect == Dialect::Dovecot ? dovecot
                                                         : postfix;
    return column[static_cast<std::size_t>(phrase)];
}

Reply make_reply(Dialect dialect, Phrase phrase, std::string_view argument)
{
    const Words &said = words(dialect, phrase);
    Reply reply{said.code, said.status, std::string(said.text)};
    if (const std::size_t gap = reply.text.find("{}"); gap != std::string::npos)
        reply.text.replace(gap, 2, argument);
    return reply;
}

} // namespace mailscope::smtp
