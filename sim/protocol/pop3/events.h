// What the POP3 engines tell their owners: facts in the past tense, and questions (...Asked).
//
// Every event is a value and holds all it says. Message numbers are those of the session: they
// start at 1 and mean nothing in another session (RFC 1939 4); unique ids do.
#pragma once

#include "sim/core/bytes.h"
#include "sim/protocol/pop3/grammar.h"
#include "sim/protocol/pop3/states.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace mailscope::pop3
{

/// How a client said who it is.
enum class Mechanism : std::uint8_t
{
    UserPass,  ///< USER and PASS (RFC 1939 7)
    AuthPlain, ///< AUTH PLAIN (RFC 5034, RFC 4616)
    AuthLogin, ///< AUTH LOGIN, which no RFC defines but Dovecot offers
    Apop,      ///< a digest of timestamp and password (RFC 1939 7)
};

/// Why a login fails.
enum class LoginRefusal : std::uint8_t
{
    WrongPassword, ///< or no such user, which a server does not tell apart: -ERR [AUTH]
    MailboxInUse,  ///< another session holds the maildrop: -ERR [IN-USE] (RFC 2449 8.1.2)
    Temporary,     ///< the owner cannot tell just now: -ERR [SYS/TEMP] (RFC 3206)
};

/// Why a server refused a command.
enum class Refusal : std::uint8_t
{
    UnknownCommand,
    WrongOrder, ///< known, but not in this state (states.h)
    NotOffered,
    BadArgument,
    NoSuchLetter,
    NotInClear,  ///< a login without TLS where the server wants it
    NotPossible, ///< the owner said that the letter cannot be had
};

// ---- both sides

/// The server agreed to TLS; the owner starts it and calls tls_established when it stands.
struct TlsStarted
{
};

/// Nothing came within the time the RFC or the options grant; the connection is to be closed.
struct TimedOut
{
};

// ---- server: questions

/// May this user log in? Answer: login_accepted or login_refused.
struct LoginAsked
{
    std::string user;
    std::string password; ///< Apop: the digest
    Mechanism mechanism = Mechanism::UserPass;
    std::string timestamp{}; ///< Apop: that of the greeting

    /// Whether who said this knows the password.
    bool proves(ByteView right_password) const;
};

/// What APOP says instead of the password (RFC 1939 7).
std::string apop_digest(ByteView timestamp, ByteView password);

/// A letter's text, please. Answer: letter_found or letter_missing.
struct LetterAsked
{
    std::uint32_t index = 0; ///< into the maildrop given at login, from 0
    bool top_only = false;   ///< only its top will be shown (TOP); the engine cuts
};

/// QUIT: remove these letters now, and release the maildrop. Answer: update_done.
struct UpdateAsked
{
    std::vector<std::uint32_t> deleted; ///< indices, ascending; empty: nothing to remove
};

// ---- server: facts

struct LoggedIn
{
    std::string user;
};

struct LoginFailed
{
    std::string user;
    LoginRefusal reason = LoginRefusal::WrongPassword;
};

struct CommandRefused
{
    Verb verb = Verb::Unknown;
    Refusal reason = Refusal::UnknownCommand;
    std::string line; ///< the command, at most limits::quoted_bytes_max of it
};

/// The whole letter was handed over to the connection (RETR).
struct LetterRetrieved
{
    std::uint32_t index = 0;
};

struct LetterMarkedDeleted
{
    std::uint32_t index = 0;
};

/// RSET took all marks back.
struct MarksRemoved
{
};

/// The client said QUIT and has its answer.
struct SessionEnded
{
    bool updated = false; ///< the session was logged in and its update succeeded
};

/// The server ends the session because the client goes too far. Nothing is deleted.
enum class DropReason : std::uint8_t
{
    TooManyBadCommands,
    LineTooLong, ///< or too much sent ahead
};
struct ClientDropped
{
    DropReason reason = DropReason::LineTooLong;
};

/// The connection ended without QUIT. Nothing is deleted (RFC 1939 6).
struct ServerPeerVanished
{
    ServerState state = ServerState::Authorization;
};

using ServerEvent =
    std::variant<LoginAsked, LetterAsked, UpdateAsked, TlsStarted, LoggedIn, LoginFailed,
                 CommandRefused, LetterRetrieved, LetterMarkedDeleted, MarksRemoved, SessionEnded,
                 ClientDropped, ServerPeerVanished, TimedOut>;

// ---- client: questions

/// One letter as LIST and UIDL tell it.
struct ListedLetter
{
    std::uint32_t number = 0;
    std::uint32_t size = 0;
    std::string unique_id; ///< empty when the server has no UIDL
};

/// Which letters to take, which to remove? Answer: select.
struct SelectionAsked
{
    std::vector<ListedLetter> listing; ///< numbers ascending
};

/// A whole letter is here. Answer, now or later: letter_stored or letter_not_stored.
struct LetterReceived
{
    std::uint32_t number = 0;
    std::string unique_id;
    SharedBytes content; ///< without doubled dots
};

// ---- client: facts

/// The server does not accept this user and password.
struct LoginRefused
{
    std::string reply;
};

/// Another session holds the maildrop: [IN-USE] (RFC 2449 8.1.2).
struct MailboxInUse
{
    std::string reply;
};

/// TLS is demanded by the options and the server does not offer it or refused it.
struct TlsUnavailable
{
};

/// The server refused something else: its greeting, LIST, a RETR, a DELE, or the update at QUIT.
struct RequestRefused
{
    Verb verb = Verb::Unknown; ///< Unknown: the greeting
    std::uint32_t number = 0;  ///< the letter, or 0
    std::string reply;
};

/// QUIT is answered; the session did what it could.
struct Done
{
    std::uint32_t listed = 0;
    std::uint32_t received = 0;
    std::uint32_t deleted = 0; ///< 0 when the server refused the update
};

/// The connection ended before QUIT was answered. The server deletes nothing.
struct ClientPeerVanished
{
    ClientState stage = ClientState::Greeting;
};

/// The peer speaks something else than POP3 (IMAP, SMTP, HTTP, TLS, ...) or breaks its rules.
struct ProtocolViolation
{
    std::string line; ///< at most limits::quoted_bytes_max of it
};

using ClientEvent = std::variant<SelectionAsked, LetterReceived, TlsStarted, LoginRefused,
                                 MailboxInUse, TlsUnavailable, RequestRefused, Done,
                                 ClientPeerVanished, ProtocolViolation, TimedOut>;

} // namespace mailscope::pop3
