// What the SMTP engines tell their owners.
//
// Past facts and, with names that end in Asked, questions. The server waits after a question until
// it is answered with a Reply: a positive one lets the client go on, a negative one refuses.
// Events are plain values, so that a trace can keep them as they are.
#pragma once

#include "sim/core/bytes.h"
#include "sim/protocol/smtp/grammar.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace mailscope::smtp
{

/// Which part of the conversation an event belongs to.
enum class Stage : std::uint8_t
{
    Greeting,
    Ehlo,
    Helo,
    StartTls,
    Auth,
    Idle,
    Mail,
    Rcpt,
    Data,
    Content,   ///< the letter is under way, its last dot is not
    EndOfData, ///< the last dot is sent and not answered: the message may have been accepted
    Rset,
    Quit,
};

/// How a log names the command of a stage: "RCPT TO", "end of DATA". For "Greeting" it is
/// "initial server greeting". The text is protocol vocabulary, the same in every language.
std::string_view to_string(Stage stage);

// ---- Questions of the server --------------------------------------------------------------

/// MAIL FROM: may this sender send? A positive answer begins a transaction.
struct SenderAsked
{
    std::string reverse_path; ///< empty for the null path
    std::uint64_t size = 0;   ///< declared octets, 0 when unsaid
    Body body = Body::Unsaid;
    Return ret = Return::Unsaid;
    bool smtputf8 = false;
    std::string envid;
};

/// RCPT TO: is this recipient taken?
struct RecipientAsked
{
    Recipient recipient;
};

/// The letter is there: shall it be accepted? Responsibility passes with the positive answer.
struct ContentAsked
{
    SharedBytes content;  ///< lines end in CRLF, dots unstuffed
    bool chunked = false; ///< it came by BDAT (RFC 3030)
};

/// AUTH: are these credentials right? A 235 sets the session's identity to `user`.
struct AuthAsked
{
    std::string mechanism; ///< "PLAIN" or "LOGIN"
    std::string authzid;   ///< whom to act as; empty: the user (RFC 4616 2)
    std::string user;
    std::string password;
};

/// VRFY: what is known about this name?
struct VerifyAsked
{
    std::string address;
};

// ---- Facts of the server ------------------------------------------------------------------

/// HELO or EHLO was accepted.
struct PeerIdentified
{
    std::string name;
    bool esmtp = false;
};

/// The server refused a command, by itself or by its owner's answer.
struct CommandRefused
{
    Verb verb = Verb::Unknown;
    Reply reply;
};

/// A sender was accepted.
struct TransactionStarted
{
};

/// A transaction ended without a message: RSET, HELO, EHLO, STARTTLS, QUIT or the end.
struct TransactionReset
{
};

/// QUIT was answered.
struct ClientQuit
{
};

// ---- Facts of the client ------------------------------------------------------------------

/// The session is open and waits for a message or for quit().
struct Ready
{
};

/// The server refused the sender, and with it all recipients of this message.
struct SenderRefused
{
    Reply reply;
};

/// The server took recipient number `index` of the envelope.
struct RecipientAccepted
{
    std::uint32_t index = 0;
    Reply reply;
};

/// The server refused recipient number `index`.
struct RecipientRefused
{
    std::uint32_t index = 0;
    Reply reply;
};

/// The server is responsible for the message from here on, for every accepted recipient.
struct MessageAccepted
{
    Reply reply;
};

/// The message was refused at DATA or after its end, for every accepted recipient.
struct MessageRefused
{
    Stage stage = Stage::EndOfData;
    Reply reply;
};

/// The message was not tried: the server does not offer what it needs.
struct MessageUnsendable
{
    EnhancedStatus status;
    std::string reason;
};

/// The server does not serve this client (any more): at its greeting, at HELO, or by a 421.
/// Recipients and a message without an answer of their own are undecided.
struct SessionRefused
{
    Stage stage = Stage::Greeting;
    Reply reply;
};

/// Authentication failed or cannot be done (then the reply's code is 0). The session ends.
struct AuthFailed
{
    Reply reply;
};

/// Authentication succeeded.
struct AuthSucceeded
{
    Reply reply;
};

/// TLS is required and was not offered (the reply's code is 0) or refused. The session ends.
struct TlsNotOffered
{
    Reply reply;
};

/// The other side speaks something else; `line` is what it said. The session ends.
struct ProtocolViolation
{
    Stage stage = Stage::Greeting;
    std::string line;
};

// ---- Facts of both sides ------------------------------------------------------------------

/// STARTTLS was agreed. The owner sends what the server's output holds now in the clear, then
/// wraps every byte of both directions. The engine has forgotten what it learned before (RFC 3207
/// 4.2). The client's next output is already for inside.
struct TlsStarted
{
};

/// The peer was silent for too long; the session ends.
struct TimedOut
{
    Stage stage = Stage::Idle;
};

/// The connection ended before the conversation did. On the client with Stage::EndOfData the
/// message may have been accepted; trying again may deliver it twice (RFC 5321 4.5.3.2.6).
struct PeerVanished
{
    Stage stage = Stage::Idle;
};

using ServerEvent = std::variant<SenderAsked, RecipientAsked, ContentAsked, AuthAsked, VerifyAsked,
                                 PeerIdentified, CommandRefused, TransactionStarted,
                                 TransactionReset, TlsStarted, ClientQuit, TimedOut, PeerVanished>;

using ClientEvent =
    std::variant<Ready, SenderRefused, RecipientAccepted, RecipientRefused, MessageAccepted,
                 MessageRefused, MessageUnsendable, SessionRefused, AuthSucceeded, AuthFailed,
                 TlsStarted, TlsNotOffered, TimedOut, PeerVanished, ProtocolViolation>;

} // namespace mailscope::smtp
