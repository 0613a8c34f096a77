// The tables of both sides and the names of what is in them; see states.h.
#include "sim/protocol/pop3/states.h"

#include "sim/protocol/transitions.h"

#include <array>

namespace mailscope::pop3
{

namespace
{

using S = ServerState;
using I = ServerInput;

constexpr ServerTransition server_table[] = {
    {S::Connected, I::Started, S::Authorization, "says the greeting (RFC 1939 4)"},
    {S::Connected, I::TlsEstablished, S::Connected, "TLS from the start (RFC 8314 3)"},

    {S::Authorization, I::User, S::UserGiven, "takes any name (RFC 1939 7)"},
    {S::Authorization, I::Auth, S::Authorization, "looks for the mechanism (RFC 5034 4)"},
    {S::Authorization, I::PlainChosen, S::PlainResponse, "sends an empty challenge (RFC 5034 4)"},
    {S::Authorization, I::LoginChosen, S::LoginUser, "asks for the user"},
    {S::Authorization, I::Apop, S::CheckingLogin, "asks its owner (RFC 1939 7)"},
    {S::Authorization, I::Capa, S::Authorization, "lists its abilities (RFC 2449 5)"},
    {S::Authorization, I::Stls, S::StartingTls, "forgets what was received (RFC 2595 4)"},
    {S::Authorization, I::Quit, S::Closed, "there is nothing to update (RFC 1939 4)"},

    {S::UserGiven, I::User, S::UserGiven, "takes another name"},
    {S::UserGiven, I::Pass, S::CheckingLogin, "asks its owner (RFC 1939 7)"},
    {S::UserGiven, I::Auth, S::UserGiven, "looks for the mechanism (RFC 5034 4)"},
    {S::UserGiven, I::PlainChosen, S::PlainResponse, "sends an empty challenge (RFC 5034 4)"},
    {S::UserGiven, I::LoginChosen, S::LoginUser, "asks for the user"},
    {S::UserGiven, I::Apop, S::CheckingLogin, "asks its owner (RFC 1939 7)"},
    {S::UserGiven, I::Capa, S::UserGiven, "lists its abilities (RFC 2449 5)"},
    {S::UserGiven, I::Stls, S::StartingTls, "forgets what was received (RFC 2595 4)"},
    {S::UserGiven, I::Quit, S::Closed, "there is nothing to update (RFC 1939 4)"},

    {S::PlainResponse, I::AuthResponse, S::CheckingLogin, "asks its owner (RFC 4616 2)"},
    {S::PlainResponse, I::AuthEnded, S::Authorization, "as if AUTH had not been (RFC 5034 4)"},
    {S::LoginUser, I::AuthResponse, S::LoginPassword, "asks for the password"},
    {S::LoginUser, I::AuthEnded, S::Authorization, "as if AUTH had not been (RFC 5034 4)"},
    {S::LoginPassword, I::AuthResponse, S::CheckingLogin, "asks its owner"},
    {S::LoginPassword, I::AuthEnded, S::Authorization, "as if AUTH had not been (RFC 5034 4)"},

    {S::CheckingLogin, I::LoginAccepted, S::Transaction, "the maildrop is locked (RFC 1939 4)"},
    {S::CheckingLogin, I::LoginDenied, S::Authorization, "-ERR [AUTH] or [SYS/TEMP] (RFC 3206)"},
    {S::CheckingLogin, I::MailboxLocked, S::Closed, "-ERR [IN-USE] (RFC 2449 8.1.2)"},
    {S::StartingTls, I::TlsEstablished, S::Authorization, "starts anew (RFC 2595 4)"},

    {S::Transaction, I::Stat, S::Transaction, "number and size (RFC 1939 5)"},
    {S::Transaction, I::List, S::Transaction, "sizes (RFC 1939 5)"},
    {S::Transaction, I::Uidl, S::Transaction, "unique ids (RFC 1939 7)"},
    {S::Transaction, I::Retr, S::FetchingLetter, "asks its owner (RFC 1939 5)"},
    {S::Transaction, I::Top, S::FetchingLetter, "asks its owner (RFC 1939 7)"},
    {S::Transaction, I::Dele, S::Transaction, "marks, and deletes nothing yet (RFC 1939 5)"},
    {S::Transaction, I::Rset, S::Transaction, "takes the marks back (RFC 1939 5)"},
    {S::Transaction, I::Noop, S::Transaction, "does nothing (RFC 1939 5)"},
    {S::Transaction, I::Capa, S::Transaction, "lists its abilities (RFC 2449 5)"},
    {S::Transaction, I::Quit, S::Updating, "has the marked letters deleted (RFC 1939 6)"},
    {S::FetchingLetter, I::LetterAnswered, S::Transaction, "sends the letter, or -ERR"},
    {S::Updating, I::UpdateAnswered, S::Closed, "tells how it went (RFC 1939 6)"},
    {S::Updating, I::PeerClosed, S::Updating, "QUIT was said: the update goes on"},

    {S::Any, I::TooMuch, S::Closed, "a line too long, or too many bad commands"},
    {S::Any, I::Timeout, S::Closed, "without an update and without a word (RFC 1939 3)"},
    {S::Any, I::PeerClosed, S::Closed, "without an update (RFC 1939 6)"},
};

using C = ClientState;
using J = ClientInput;

constexpr ClientTransition client_table[] = {
    {C::Connected, J::Started, C::Greeting, "the server speaks first (RFC 1939 4)"},
    {C::Connected, J::TlsEstablished, C::Connected, "TLS from the start (RFC 8314 3)"},
    {C::Greeting, J::GreetingRead, C::Capabilities, "CAPA (RFC 2449 5)"},
    {C::Greeting, J::TurnedAway, C::Closed, "the server wants no session"},

    {C::Capabilities, J::TlsWanted, C::AskingTls, "STLS (RFC 2595 4)"},
    {C::Capabilities, J::UserPassWanted, C::SendingUser, "USER (RFC 1939 7)"},
    {C::Capabilities, J::ApopWanted, C::Authenticating, "APOP (RFC 1939 7)"},
    {C::Capabilities, J::AuthPlainWanted, C::Authenticating, "AUTH PLAIN (RFC 5034 4)"},
    {C::Capabilities, J::LongAuthWanted, C::AwaitingChallenge, "AUTH PLAIN, too long for one line"},
    {C::Capabilities, J::GivingUp, C::Quitting, "no TLS where it is demanded"},
    {C::AskingTls, J::TlsAgreed, C::StartingTls, "nothing more in clear (RFC 2595 4)"},
    {C::AskingTls, J::UserPassWanted, C::SendingUser, "TLS refused, and not demanded"},
    {C::AskingTls, J::ApopWanted, C::Authenticating, "TLS refused, and not demanded"},
    {C::AskingTls, J::AuthPlainWanted, C::Authenticating, "TLS refused, and not demanded"},
    {C::AskingTls, J::LongAuthWanted, C::AwaitingChallenge, "TLS refused, and not demanded"},
    {C::AskingTls, J::GivingUp, C::Quitting, "TLS refused where it is demanded"},
    {C::StartingTls, J::TlsEstablished, C::Capabilities, "CAPA again (RFC 2595 4)"},

    {C::SendingUser, J::UserAccepted, C::SendingPass, "PASS (RFC 1939 7)"},
    {C::SendingUser, J::GivingUp, C::Quitting, "the name is refused"},
    {C::SendingPass, J::LoginAccepted, C::Listing, "LIST and UIDL (RFC 1939 5, 7)"},
    {C::SendingPass, J::GivingUp, C::Quitting, "the login is refused"},
    {C::AwaitingChallenge, J::ChallengeRead, C::Authenticating, "the response (RFC 5034 4)"},
    {C::AwaitingChallenge, J::GivingUp, C::Quitting, "the login is refused"},
    {C::Authenticating, J::LoginAccepted, C::Listing, "LIST and UIDL (RFC 1939 5, 7)"},
    {C::Authenticating, J::GivingUp, C::Quitting, "the login is refused"},

    {C::Listing, J::ListingRead, C::Selecting, "asks its owner"},
    {C::Listing, J::NothingThere, C::Quitting, "an empty maildrop"},
    {C::Listing, J::GivingUp, C::Quitting, "LIST is refused"},
    {C::Selecting, J::Selected, C::Transfer, "RETR and DELE (RFC 1939 5)"},
    {C::Transfer, J::AllDone, C::Quitting, "QUIT makes the deletions real (RFC 1939 6)"},
    {C::Quitting, J::QuitAnswered, C::Closed, "the session is complete"},

    {C::Any, J::Violation, C::Closed, "the peer does not speak POP3"},
    {C::Any, J::Timeout, C::Closed, "the server is silent"},
    {C::Any, J::PeerClosed, C::Closed, "the server keeps all letters (RFC 1939 6)"},
};

constexpr std::size_t server_states = static_cast<std::size_t>(S::Any) + 1;
constexpr std::size_t server_inputs = static_cast<std::size_t>(I::PeerClosed) + 1;
constexpr std::size_t client_states = static_cast<std::size_t>(C::Any) + 1;
constexpr std::size_t client_inputs = static_cast<std::size_t>(J::PeerClosed) + 1;

constexpr TransitionIndex<ServerTransition, std::size(server_table), server_states, server_inputs>
    server_index(server_table);
constexpr TransitionIndex<ClientTransition, std::size(client_table), client_states, client_inputs>
    client_index(client_table);

constexpr std::array<ByteView, server_states> server_state_names = {
    "Connected",     "Authorization", "UserGiven",   "PlainResponse", "LoginUser",
    "LoginPassword", "CheckingLogin", "StartingTls", "Transaction",   "FetchingLetter",
    "Updating",      "Closed",        "Any"};

constexpr std::array<ByteView, server_inputs> server_input_names = {
    "UnknownCommand", "USER",           "PASS",        "AUTH",          "CAPA",
    "STLS",           "QUIT",           "STAT",        "LIST",          "RETR",
    "DELE",           "NOOP",           "RSET",        "TOP",           "UIDL",
    "APOP",           "Started",        "PlainChosen", "LoginChosen",   "AuthResponse",
    "AuthEnded",      "LoginAccepted",  "LoginDenied", "MailboxLocked", "TlsEstablished",
    "LetterAnswered", "UpdateAnswered", "TooMuch",     "Timeout",       "PeerClosed"};

constexpr std::array<ByteView, client_states> client_state_names = {
    "Connected",         "Greeting",    "Capabilities", "AskingTls",
    "StartingTls",       "SendingUser", "SendingPass",  "Authenticating",
    "AwaitingChallenge", "Listing",     "Selecting",    "Transfer",
    "Quitting",          "Closed",      "Any"};

constexpr std::array<ByteView, client_inputs> client_input_names = {
    "Started",      "GreetingRead",    "TurnedAway",     "TlsWanted",    "UserPassWanted",
    "ApopWanted",   "AuthPlainWanted", "LongAuthWanted", "TlsAgreed",    "TlsEstablished",
    "UserAccepted", "ChallengeRead",   "LoginAccepted",  "ListingRead",  "NothingThere",
    "Selected",     "AllDone",         "GivingUp",       "QuitAnswered", "Violation",
    "Timeout",      "PeerClosed"};

template <class Names, class Enum> ByteView name_of(const Names &names, Enum value)
{
    return names[static_cast<std::size_t>(value)];
}

} // namespace

std::span<const ServerTransition> server_transitions() { return server_table; }

const ServerTransition *find_transition(ServerState state, ServerInput input)
{
    const std::size_t row = server_index(state, input);
    return row == 0 ? nullptr : &server_table[row - 1];
}

ServerInput input_of(Verb verb) { return static_cast<ServerInput>(verb); }

std::span<const ClientTransition> client_transitions() { return client_table; }

const ClientTransition *find_transition(ClientState state, ClientInput input)
{
    const std::size_t row = client_index(state, input);
    return row == 0 ? nullptr : &client_table[row - 1];
}

ByteView to_string(ServerState state) { return name_of(server_state_names, state); }
ByteView to_string(ServerInput input) { return name_of(server_input_names, input); }
ByteView to_string(ClientState state) { return name_of(client_state_names, state); }
ByteView to_string(ClientInput input) { return name_of(client_input_names, input); }

} // namespace mailscope::pop3
