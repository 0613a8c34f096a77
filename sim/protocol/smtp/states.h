// The states of an SMTP conversation, and one table per side of what leads from state to state.
//
// Illegal order is a row that refuses. The engines ask these tables before they act, and the same
// rows are printed as documentation, so that both cannot differ. RFC 5321 4.1.4, 4.3.
#pragma once

#include "sim/protocol/smtp/replies.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace mailscope::smtp
{

/// Where a server's conversation stands.
enum class ServerState : std::uint8_t
{
    Opening,         ///< connected; the owner has not decided the greeting yet
    Refusing,        ///< greeted with a refusal: only QUIT is served (RFC 5321 3.1)
    Connected,       ///< greeted; the client has not said who it is
    Identified,      ///< no transaction
    AskingSender,    ///< the owner decides about MAIL
    Sender,          ///< a sender, no recipient yet
    AskingRecipient, ///< the owner decides about RCPT
    Recipients,      ///< at least one recipient
    Content,         ///< after 354: lines of the letter
    Chunk,           ///< octets of a BDAT chunk
    Chunks,          ///< between two chunks
    SkippedChunk,    ///< octets of a refused BDAT chunk
    AskingContent,   ///< the owner decides about the letter
    AuthPlain,       ///< after "334 ": credentials in one line
    AuthUser,        ///< AUTH LOGIN asked for the user name
    AuthPassword,    ///< AUTH LOGIN asked for the password
    AskingAuth,      ///< the owner decides about the credentials
    AskingVerify,    ///< the owner decides about VRFY
    Closed,

    Any,  ///< in a row's `from`: every state that takes commands and has no row of its own
    Same, ///< in a row's `to`: the state stays
    Back, ///< in a row's `to`: the state in which the command came
    Count
};

/// What moves a server: a command, an answer of the owner, or the end of something.
enum class ServerInput : std::uint8_t
{
    Helo,
    Ehlo,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Etrn,
    Quit,
    StartTls,
    Auth, ///< AUTH with all it needs
    Help,
    Unknown, ///< a command without a name here
    AuthPlainBare,
    AuthLoginBare,
    AuthLoginUser, ///< AUTH LOGIN with the user name
    AuthLine,      ///< a good line of an AUTH exchange
    AuthBroken,    ///< "*" or a bad line
    GreetingGood,
    GreetingBad,
    Accepted, ///< the owner's answer to the open question
    Refused,
    EndOfData,
    DataTooLarge,
    EndOfChunk,
    EndOfLastChunk,
    Shutdown, ///< 421, silence, a lost connection
    Count
};

/// One row: in state `from`, `input` leads to `to`. With a refusal the command is answered by it
/// and does nothing else.
struct ServerTransition
{
    ServerState from = ServerState::Count;
    ServerInput input = ServerInput::Count;
    ServerState to = ServerState::Count;
    Phrase refusal = Phrase::None;
    std::string_view note;
};

/// Where a client's conversation stands: which reply it waits for.
enum class ClientState : std::uint8_t
{
    Greeting,
    Ehlo,
    Helo,
    StartTls,
    Auth,
    AuthUser,
    AuthPassword,
    Ready, ///< waits for its owner: a message or the end
    Mail,
    Rcpt,
    Data,
    EndOfData, ///< the letter is sent
    EmptyData, ///< DATA was accepted although no recipient was: a lone dot was sent
    Rset,
    Quit,
    Closed,

    Any, ///< in a row's `from`: every state without a row of its own
    Count
};

/// What moves a client: a class of reply in the light of what it knows, or its owner's order.
enum class ClientInput : std::uint8_t
{
    Good,           ///< 2xx that decides the stage
    GoOn,           ///< 3xx
    Bad,            ///< 4xx or 5xx that decides the stage
    WantsHelo,      ///< EHLO was refused for good
    WantsTls,       ///< STARTTLS comes next
    WantsAuth,      ///< AUTH comes next, with all it needs
    WantsLogin,     ///< AUTH LOGIN comes next
    GroupRunsOn,    ///< MAIL was refused, replies to the rest of its group are to come
    MoreRecipients, ///< this recipient is answered, others are not
    AllAnswered,    ///< all recipients are answered and DATA is sent
    NoRecipients,   ///< all recipients are refused and DATA is not sent
    EmptyData,      ///< 3xx to a DATA that should have been refused
    SessionOver,    ///< a refusal after which the client only says QUIT
    Begin,          ///< the owner's order: a message
    Finish,         ///< the owner's order, given now or with the message: QUIT
    Shutdown,       ///< 421, silence, garbage, or a lost connection
    Count
};

/// One row: in state `from`, `input` leads to `to`.
struct ClientTransition
{
    ClientState from = ClientState::Count;
    ClientInput input = ClientInput::Count;
    ClientState to = ClientState::Count;
    std::string_view note;
};

std::string_view to_string(ServerState state);
std::string_view to_string(ServerInput input);
std::string_view to_string(ClientState state);
std::string_view to_string(ClientInput input);

/// All rows in the order in which a person reads them.
std::span<const ServerTransition> server_transitions();
std::span<const ClientTransition> client_transitions();

/// The row for `input` in `from`, or nullptr when the table has none. Constant time.
const ServerTransition *find_transition(ServerState from, ServerInput input);
const ClientTransition *find_transition(ClientState from, ClientInput input);

} // namespace mailscope::smtp
