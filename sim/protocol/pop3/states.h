// The order of a POP3 session, as one table per side (RFC 1939 3 to 6).
//
// AUTHORIZATION, TRANSACTION and UPDATE of the RFC are here, each with the moments in which an
// engine waits for its owner or for the rest of an exchange. A command that has no row for the
// current state is refused; the same rows are printed as documentation. The tables say where a
// successful step leads; a refused command leaves the state as it is.
#pragma once

#include "sim/core/bytes.h"
#include "sim/protocol/pop3/grammar.h"

#include <cstdint>
#include <span>

namespace mailscope::pop3
{

enum class ServerState : std::uint8_t
{
    Connected,      ///< before the greeting
    Authorization,  ///< AUTHORIZATION: who are you?
    UserGiven,      ///< AUTHORIZATION, a USER is waiting for its PASS
    PlainResponse,  ///< AUTH PLAIN: waits for the one response
    LoginUser,      ///< AUTH LOGIN: waits for the user
    LoginPassword,  ///< AUTH LOGIN: waits for the password
    CheckingLogin,  ///< the owner decides about a login
    StartingTls,    ///< STLS was agreed to; the owner sets TLS up
    Transaction,    ///< TRANSACTION
    FetchingLetter, ///< the owner fetches a letter
    Updating,       ///< UPDATE: the owner removes what was marked
    Closed,
    Any, ///< in the table only: whichever state has no row of its own for the input
};

/// What can happen to a server: the commands, in the order of Verb, and what is no command.
enum class ServerInput : std::uint8_t
{
    UnknownCommand,
    User,
    Pass,
    Auth,
    Capa,
    Stls,
    Quit,
    Stat,
    List,
    Retr,
    Dele,
    Noop,
    Rset,
    Top,
    Uidl,
    Apop,
    Started,
    PlainChosen,  ///< AUTH PLAIN
    LoginChosen,  ///< AUTH LOGIN
    AuthResponse, ///< a line that answers a challenge
    AuthEnded,    ///< the exchange was cancelled or malformed
    LoginAccepted,
    LoginDenied,   ///< wrong user or password, or not to be told just now
    MailboxLocked, ///< right, but another session holds the maildrop
    TlsEstablished,
    LetterAnswered,
    UpdateAnswered,
    TooMuch, ///< a line too long, or too many bad commands
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
    Capabilities,      ///< asked CAPA
    AskingTls,         ///< asked STLS
    StartingTls,       ///< the owner sets TLS up
    SendingUser,       ///< sent USER
    SendingPass,       ///< sent PASS
    Authenticating,    ///< sent AUTH PLAIN, with an initial response
    AwaitingChallenge, ///< sent AUTH PLAIN without one, because it would be too long
    Listing,           ///< asked LIST and UIDL
    Selecting,         ///< the owner decides what to take
    Transfer,          ///< takes and removes letters
    Quitting,          ///< sent QUIT
    Closed,
    Any, ///< in the table only: whichever state has no row of its own for the input
};

enum class ClientInput : std::uint8_t
{
    Started,
    GreetingRead,
    TurnedAway,      ///< a greeting of -ERR
    TlsWanted,       ///< capabilities known, next is STLS
    UserPassWanted,  ///< capabilities known, next is USER
    ApopWanted,      ///< capabilities known, and the greeting has a timestamp
    AuthPlainWanted, ///< capabilities known, next is AUTH
    LongAuthWanted,  ///< the same in two steps (RFC 5034 4)
    TlsAgreed,
    TlsEstablished,
    UserAccepted,
    ChallengeRead,
    LoginAccepted,
    ListingRead,
    NothingThere, ///< an empty maildrop
    Selected,
    AllDone,  ///< every letter is dealt with
    GivingUp, ///< a refusal after which only QUIT makes sense
    QuitAnswered,
    Violation, ///< what the peer says is no POP3
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

} // namespace mailscope::pop3
