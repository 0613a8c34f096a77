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

// ---- client: questions

/// A folder as LIST tells it.
struct ListedFolder
{
    std::string name; ///< UTF-8
    mail::SpecialUse special_use = mail::SpecialUse::None;
    bool selectable = true;
};

/// The session is open, and these folders are there. Answer: orders (client.h), then go_on.
struct FoldersListed
{
    std::vector<ListedFolder> folders;
};

/// One letter of a folder, without its text.
struct ListedLetter
{
    std::uint32_t uid = 0;
    std::uint32_t flags = 0; ///< system flags
};

/// What lies in a folder. Which of these letters are wanted? Answer: retrieve.
struct SelectionAsked
{
    std::string folder;
    std::uint32_t uid_validity = 0;
    std::vector<ListedLetter> listing; ///< UIDs rising
};

// ---- client: facts

/// A whole letter is here.
struct LetterReceived
{
    std::string folder;
    std::uint32_t uid = 0;
    std::uint32_t flags = 0;
    std::optional<mail::DateTime> date; ///< internal
    SharedBytes content;
};

/// All letters wanted of a folder are here.
struct FolderSynced
{
    std::string folder;
};

/// The server took an order.
struct FlagsStored
{
    std::string folder;
    std::vector<std::uint32_t> uids;
    std::uint32_t flags = 0; ///< those of the order
};
struct LettersExpunged
{
    std::string folder;
    std::vector<std::uint32_t> uids;
};
struct LetterAppended
{
    std::string folder;
    std::uint32_t uid_validity = 0;
    std::uint32_t uid = 0; ///< 0: the server has no UIDPLUS
};

struct FolderCreated
{
    std::string folder;
};
/// The letters lie in another folder now.
struct LettersMoved
{
    struct NewUid
    {
        std::uint32_t before = 0;
        std::uint32_t now = 0;
    };
    std::string folder;
    std::vector<std::uint32_t> uids; ///< those of the order
    std::string target;
    std::uint32_t uid_validity = 0; ///< of the target
    std::vector<NewUid> new_uids{}; ///< none: the server has no UIDPLUS (RFC 4315 3)
};

/// The client listens now (RFC 2177).
struct ListeningBegan
{
};

/// Something changed in the folder that is listened to.
struct NewsHeard
{
    std::string folder;
};

/// The server does not accept this user and password.
struct LoginRefused
{
    std::string reply;
};

/// TLS is demanded by the options and the server does not offer it or refused it.
struct TlsUnavailable
{
};

/// The server refused something else.
struct RequestRefused
{
    Verb verb = Verb::Unknown; ///< Unknown: the greeting
    std::string folder;        ///< that it is about; may be empty
    std::string reply;
    bool over_quota = false; ///< [OVERQUOTA] (RFC 9208)
};

/// LOGOUT is answered.
struct Done
{
};

/// The server ended the session by BYE.
struct SentAway
{
    std::string reply;
};

/// The connection ended before LOGOUT was answered.
struct ClientPeerVanished
{
    ClientState stage = ClientState::Greeting;
};

/// The peer speaks something else than IMAP (POP3, SMTP, HTTP, TLS, ...) or breaks its rules.
struct ProtocolViolation
{
    std::string line; ///< at most limits::quoted_bytes_max of it
};

using ClientEvent =
    std::variant<FoldersListed, SelectionAsked, LetterReceived, FolderSynced, FlagsStored,
                 LettersExpunged, LetterAppended, FolderCreated, LettersMoved, ListeningBegan,
                 NewsHeard, LoginRefused, TlsUnavailable, RequestRefused, Done, SentAway,
                 ClientPeerVanished, ProtocolViolation, TlsStarted, TimedOut>;

} // namespace mailscope::imap
