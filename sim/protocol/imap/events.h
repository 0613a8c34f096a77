// What the IMAP engines tell their owners: facts in the past tense, and questions (...Asked).
//
// Every event is a value and holds all it says. Folder names are UTF-8 here; INBOX is spelled as
// the client wrote it. Letters are named by their UIDs: numbers are a matter of one session.
#pragma once

#include "sim/core/bytes.h"
#include "sim/mail/date.h"
#include "sim/mail/store.h"
#include "sim/protocol/imap/grammar.h"
#include "sim/protocol/imap/states.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mailscope::imap
{

/// How a client said who it is.
enum class Mechanism : std::uint8_t
{
    Login,     ///< the LOGIN command (RFC 3501 6.2.3)
    AuthPlain, ///< AUTHENTICATE PLAIN (RFC 4616)
    AuthLogin, ///< AUTHENTICATE LOGIN, which no RFC defines but Dovecot offers
};

/// Why a login fails.
enum class LoginRefusal : std::uint8_t
{
    WrongPassword, ///< or no such user: NO [AUTHENTICATIONFAILED] (RFC 5530)
    Temporary,     ///< the owner cannot tell just now: NO [UNAVAILABLE]
};

/// Why a server refused a command by itself.
enum class Refusal : std::uint8_t
{
    UnknownCommand,
    WrongOrder, ///< known, but not in this state (states.h)
    NotOffered,
    BadArgument,
    NotInClear, ///< a login without TLS where the server wants it
    TooLong,    ///< a literal beyond the limit
};

/// Why the owner does not do what a command asks.
enum class Problem : std::uint8_t
{
    NoSuchMailbox,
    AlreadyExists,
    BadName,     ///< no name for a folder, or INBOX where that is not allowed
    OverQuota,   ///< NO [OVERQUOTA] (RFC 9208)
    NoSuchQuota, ///< GETQUOTA of an unknown root
    Denied,      ///< known, and not allowed
    Limit,       ///< NO [LIMIT]: more keywords or folders than there is place for
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

// ---- server: questions. Each is answered as server.h says, or by `refused`.

/// May this user log in?
struct LoginAsked
{
    std::string user;
    std::string password;
    Mechanism mechanism = Mechanism::Login;
};

/// All folders of the user, for LIST or LSUB, please.
struct FoldersAsked
{
    bool subscriptions = false; ///< the names subscribed to instead
};

/// This folder as it is, for STATUS.
struct FolderAsked
{
    std::string name;
};

/// Select this folder.
struct SelectAsked
{
    std::string name;
    bool read_only = false; ///< EXAMINE
};

/// Do this to folders: CREATE, DELETE, RENAME, SUBSCRIBE or UNSUBSCRIBE.
struct FolderChangeAsked
{
    Verb verb = Verb::Create;
    std::string name;
    std::string new_name; ///< of RENAME
};

/// May a letter of this size come into this folder? Before its octets are asked for.
struct AppendAnnounced
{
    std::string folder;
    std::uint64_t size = 0;
};

/// Put this letter into the folder.
struct AppendAsked
{
    std::string folder;
    SharedBytes content;
    std::uint32_t flags = 0;
    std::vector<std::string> keywords;
    std::optional<mail::DateTime> date;
};

/// Change flags of these letters of the selected folder.
struct FlagsAsked
{
    std::vector<std::uint32_t> uids; ///< rising
    mail::FlagChange change = mail::FlagChange::Add;
    std::uint32_t flags = 0;
    std::vector<std::string> keywords;
    bool by_reading = false; ///< a FETCH without PEEK sets \Seen
};

/// Copy or move these letters of the selected folder.
struct CopyAsked
{
    std::vector<std::uint32_t> uids; ///< rising
    std::string target;
    bool move = false;
};

/// Remove these letters of the selected folder for good.
struct ExpungeAsked
{
    std::vector<std::uint32_t> uids; ///< rising, each marked \Deleted
};

/// How much is used and how much may be?
struct QuotaAsked
{
    Verb verb = Verb::GetQuota; ///< GetQuota, GetQuotaRoot or SetQuota
    std::string name;           ///< of the root, or of the folder for GETQUOTAROOT
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

/// Octets of a letter's text were handed over to the connection, all of them.
struct LetterSent
{
    std::uint32_t uid = 0;
};

/// The client waits for news (RFC 2177), or no longer.
struct IdleBegan
{
};
struct IdleEnded
{
};

/// The client said LOGOUT and has its answer.
struct SessionEnded
{
};

/// The server ends the session because the client goes too far.
enum class DropReason : std::uint8_t
{
    TooManyBadCommands,
    LineTooLong, ///< or too much sent ahead
};
struct ClientDropped
{
    DropReason reason = DropReason::LineTooLong;
};

/// The connection ended without LOGOUT.
struct ServerPeerVanished
{
    ServerState state = ServerState::NotAuthenticated;
};

using ServerEvent =
    std::variant<LoginAsked, FoldersAsked, FolderAsked, SelectAsked, FolderChangeAsked,
                 AppendAnnounced, AppendAsked, FlagsAsked, CopyAsked, ExpungeAsked, QuotaAsked,
                 TlsStarted, LoggedIn, LoginFailed, CommandRefused, LetterSent, IdleBegan,
                 IdleEnded, SessionEnded, ClientDropped, ServerPeerVanished, TimedOut>;

} // namespace mailscope::imap
