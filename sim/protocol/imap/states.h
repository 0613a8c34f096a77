// The order of an IMAP session, as one table per side (RFC 3501 3).
//
// The four states of the RFC are here, each with the moments in which an engine waits for its owner
// or for the rest of an exchange. A command that has no row for the current state is refused; the
// same rows are printed as documentation. The tables say where a successful step leads; a refused
// command leaves the state as it is.
#pragma once

#include "sim/core/bytes.h"
#include "sim/protocol/imap/grammar.h"

#include <cstdint>
#include <span>

namespace mailscope::imap
{

enum class ServerState : std::uint8_t
{
    Connected,        ///< before the greeting
    NotAuthenticated, ///< who are you?
    PlainResponse,    ///< AUTHENTICATE PLAIN: waits for the one response
    LoginUser,        ///< AUTHENTICATE LOGIN: waits for the user
    LoginPassword,    ///< AUTHENTICATE LOGIN: waits for the password
    CheckingLogin,    ///< the owner decides about a login
    StartingTls,      ///< STARTTLS was agreed to; the owner sets TLS up
    Authenticated,    ///< logged in, no mailbox selected
    Asking,           ///< the same, while the owner works
    Idling,           ///< the same, while the client listens
    Selected,         ///< a mailbox is selected
    AskingSelected,   ///< the same, while the owner works
    IdlingSelected,   ///< the same, while the client listens
    Closed,
    Any, ///< in the table only: whichever state has no row of its own for the input
};

/// What can happen to a server: the commands, in the order of Verb, and what is no command.
enum class ServerInput : std::uint8_t
{
    UnknownCommand,
    Capability,
    Noop,
    Logout,
    Id,
    StartTls,
    Authenticate,
    Login,
    Select,
    Examine,
    Create,
    Delete,
    Rename,
    Subscribe,
    Unsubscribe,
    List,
    Lsub,
    Namespace,
    Status,
    Append,
    Idle,
    GetQuotaRoot,
    GetQuota,
    SetQuota,
    Check,
    Close,
    Unselect,
    Expunge,
    Search,
    Fetch,
    Store,
    Copy,
    Move,
    Started,
    PlainChosen,  ///< AUTHENTICATE PLAIN
    LoginChosen,  ///< AUTHENTICATE LOGIN
    AuthResponse, ///< a line that answers a challenge
    AuthEnded,    ///< the exchange was cancelled or malformed
    LoginAccepted,
    LoginDenied,
    TlsEstablished,
    OwnerAsked, ///< a command needs its owner
    OwnerAnswered,
    MailboxOpened, ///< the owner's answer to SELECT or EXAMINE
    MailboxLeft,   ///< by CLOSE or UNSELECT, or because it is no more
    MailboxGone,   ///< another session deleted the selected mailbox
    IdleEnded,     ///< DONE, or anything else
    TooMuch,       ///< a line too long, or too many bad commands
    Timeout,
    PeerClosed,
};

/// One row of a table.
template <class State, class Input> struct Transition
{
    State state;
    Input input;
    State next;
    ByteView note; ///< for the printed table: what happens, and where it is said
};
using ServerTransition = Transition<ServerState, ServerInput>;

/// The server's table, ordered by state.
std::span<const ServerTransition> server_transitions();

/// The row for an input in a state; nullptr: it must not happen here.
const ServerTransition *find_transition(ServerState state, ServerInput input);

/// The input that a command is.
ServerInput input_of(Verb verb);

enum class ClientState : std::uint8_t
{
    Connected,         ///< before anything was said
    Greeting,          ///< waits for the server's greeting
    Capabilities,      ///< asked CAPABILITY
    AskingTls,         ///< asked STARTTLS
    StartingTls,       ///< the owner sets TLS up
    LoggingIn,         ///< sent LOGIN, or AUTHENTICATE PLAIN with its response
    AwaitingChallenge, ///< sent AUTHENTICATE PLAIN without one
    Listing,           ///< asked LIST
    Ready,             ///< nothing is under way; the owner may give orders
    Selecting,         ///< asked SELECT
    ListingLetters,    ///< asked for UIDs and flags
    Choosing,          ///< the owner decides which letters are wanted
    Retrieving,        ///< asked for letters
    Storing,           ///< asked STORE
    Expunging,         ///< asked EXPUNGE
    Appending,         ///< asked APPEND; the letter waits for the server's "+"
    SendingLetter,     ///< the letter is on its way
    CreatingFolder,    ///< asked CREATE
    Moving,            ///< asked UID MOVE, or UID COPY
    AskingIdle,        ///< asked IDLE
    Idling,            ///< listens
    EndingIdle,        ///< said DONE
    LoggingOut,        ///< asked LOGOUT
    Closed,
    Any, ///< in the table only: whichever state has no row of its own for the input
};

enum class ClientInput : std::uint8_t
{
    Started,
    GreetingRead,
    TurnedAway, ///< a greeting of BYE
    TlsWanted,  ///< capabilities known, next is STARTTLS
    LoginWanted,
    LongAuthWanted, ///< AUTHENTICATE in two steps
    TlsAgreed,
    TlsEstablished,
    ChallengeRead,
    LoginAccepted,
    FoldersRead,
    SelectWanted,
    ListingWanted,
    StoreWanted,
    ExpungeWanted,
    AppendWanted,
    CreateWanted,
    MoveWanted,
    IdleWanted,
    LogoutWanted,
    Selected, ///< for an order, which is to be carried out now
    LettersListed,
    NothingWanted, ///< of the letters listed
    LettersWanted,
    LetterWelcome, ///< "+": the letter may be sent
    OrderDone,
    OrderRefused,
    Listening, ///< "+ idling"
    IdleOver,  ///< DONE is said
    GivingUp,  ///< a refusal after which only LOGOUT makes sense
    LogoutAnswered,
    ByeRead,
    Violation, ///< what the peer says is no IMAP
    Timeout,
    PeerClosed,
};
using ClientTransition = Transition<ClientState, ClientInput>;

std::span<const ClientTransition> client_transitions();
const ClientTransition *find_transition(ClientState state, ClientInput input);

ByteView to_string(ServerState state);
ByteView to_string(ServerInput input);
ByteView to_string(ClientState state);
ByteView to_string(ClientInput input);

} // namespace mailscope::imap
