// The tables of states; see states.h.
#include "sim/protocol/imap/states.h"

#include "sim/protocol/transitions.h"

#include <array>
#include <cstddef>
#include <iterator>

namespace mailscope::imap
{

namespace
{

using S = ServerState;
using I = ServerInput;

constexpr ServerTransition server_table[] = {
    {S::Connected, I::Started, S::NotAuthenticated, "the server greets first (RFC 3501 3)"},
    {S::Connected, I::TlsEstablished, S::Connected, "TLS from the start (RFC 8314 3)"},

    {S::NotAuthenticated, I::Capability, S::NotAuthenticated, "lists its abilities (6.1.1)"},
    {S::NotAuthenticated, I::Noop, S::NotAuthenticated, "does nothing (6.1.2)"},
    {S::NotAuthenticated, I::Logout, S::Closed, "BYE (6.1.3)"},
    {S::NotAuthenticated, I::Id, S::NotAuthenticated, "says its name (RFC 2971)"},
    {S::NotAuthenticated, I::StartTls, S::StartingTls, "nothing more in clear (6.2.1)"},
    {S::NotAuthenticated, I::Authenticate, S::NotAuthenticated, "a mechanism is chosen (6.2.2)"},
    {S::NotAuthenticated, I::Login, S::CheckingLogin, "asks its owner (6.2.3)"},
    {S::NotAuthenticated, I::PlainChosen, S::PlainResponse, "one response holds all (RFC 4616)"},
    {S::NotAuthenticated, I::LoginChosen, S::LoginUser, "asks for the user"},
    {S::PlainResponse, I::AuthResponse, S::CheckingLogin, "asks its owner (RFC 4616)"},
    {S::PlainResponse, I::AuthEnded, S::NotAuthenticated, "as if nothing had been (6.2.2)"},
    {S::LoginUser, I::AuthResponse, S::LoginPassword, "asks for the password"},
    {S::LoginUser, I::AuthEnded, S::NotAuthenticated, "as if nothing had been (6.2.2)"},
    {S::LoginPassword, I::AuthResponse, S::CheckingLogin, "asks its owner"},
    {S::LoginPassword, I::AuthEnded, S::NotAuthenticated, "as if nothing had been (6.2.2)"},
    {S::CheckingLogin, I::LoginAccepted, S::Authenticated, "welcome (6.2.3)"},
    {S::CheckingLogin, I::LoginDenied, S::NotAuthenticated, "NO [AUTHENTICATIONFAILED] (RFC 5530)"},
    {S::StartingTls, I::TlsEstablished, S::NotAuthenticated, "starts anew (6.2.1)"},

    {S::Authenticated, I::Capability, S::Authenticated, "lists its abilities (6.1.1)"},
    {S::Authenticated, I::Noop, S::Authenticated, "does nothing (6.1.2)"},
    {S::Authenticated, I::Logout, S::Closed, "BYE (6.1.3)"},
    {S::Authenticated, I::Id, S::Authenticated, "says its name (RFC 2971)"},
    {S::Authenticated, I::Select, S::Authenticated, "asks its owner for the mailbox (6.3.1)"},
    {S::Authenticated, I::Examine, S::Authenticated, "the same, to read only (6.3.2)"},
    {S::Authenticated, I::Create, S::Authenticated, "makes a folder (6.3.3)"},
    {S::Authenticated, I::Delete, S::Authenticated, "removes a folder (6.3.4)"},
    {S::Authenticated, I::Rename, S::Authenticated, "renames a folder (6.3.5)"},
    {S::Authenticated, I::Subscribe, S::Authenticated, "remembers a name (6.3.6)"},
    {S::Authenticated, I::Unsubscribe, S::Authenticated, "forgets a name (6.3.7)"},
    {S::Authenticated, I::List, S::Authenticated, "folders (6.3.8)"},
    {S::Authenticated, I::Lsub, S::Authenticated, "names subscribed to (6.3.9)"},
    {S::Authenticated, I::Namespace, S::Authenticated, "where folders may be (RFC 2342)"},
    {S::Authenticated, I::Status, S::Authenticated, "counts of a folder (6.3.10)"},
    {S::Authenticated, I::Append, S::Authenticated, "stores a letter (6.3.11)"},
    {S::Authenticated, I::Idle, S::Idling, "the client listens (RFC 2177)"},
    {S::Authenticated, I::GetQuotaRoot, S::Authenticated, "how full a folder may be (RFC 9208)"},
    {S::Authenticated, I::GetQuota, S::Authenticated, "how full the mailbox is (RFC 9208)"},
    {S::Authenticated, I::SetQuota, S::Authenticated, "refused: the administrator's (RFC 9208)"},
    {S::Authenticated, I::OwnerAsked, S::Asking, "the owner works"},
    {S::Asking, I::OwnerAnswered, S::Authenticated, "the answer is passed on"},
    {S::Asking, I::MailboxOpened, S::Selected, "flags, counts, UIDs (6.3.1)"},
    {S::Idling, I::IdleEnded, S::Authenticated, "DONE (RFC 2177)"},

    {S::Selected, I::Capability, S::Selected, "lists its abilities (6.1.1)"},
    {S::Selected, I::Noop, S::Selected, "tells what has changed (6.1.2)"},
    {S::Selected, I::Logout, S::Closed, "BYE (6.1.3)"},
    {S::Selected, I::Id, S::Selected, "says its name (RFC 2971)"},
    {S::Selected, I::Select, S::Authenticated, "leaves the mailbox first (6.3.1)"},
    {S::Selected, I::Examine, S::Authenticated, "leaves the mailbox first (6.3.2)"},
    {S::Selected, I::Create, S::Selected, "makes a folder (6.3.3)"},
    {S::Selected, I::Delete, S::Selected, "removes a folder (6.3.4)"},
    {S::Selected, I::Rename, S::Selected, "renames a folder (6.3.5)"},
    {S::Selected, I::Subscribe, S::Selected, "remembers a name (6.3.6)"},
    {S::Selected, I::Unsubscribe, S::Selected, "forgets a name (6.3.7)"},
    {S::Selected, I::List, S::Selected, "folders (6.3.8)"},
    {S::Selected, I::Lsub, S::Selected, "names subscribed to (6.3.9)"},
    {S::Selected, I::Namespace, S::Selected, "where folders may be (RFC 2342)"},
    {S::Selected, I::Status, S::Selected, "counts of a folder (6.3.10)"},
    {S::Selected, I::Append, S::Selected, "stores a letter (6.3.11)"},
    {S::Selected, I::Idle, S::IdlingSelected, "the client listens (RFC 2177)"},
    {S::Selected, I::GetQuotaRoot, S::Selected, "how full a folder may be (RFC 9208)"},
    {S::Selected, I::GetQuota, S::Selected, "how full the mailbox is (RFC 9208)"},
    {S::Selected, I::SetQuota, S::Selected, "refused: the administrator's (RFC 9208)"},
    {S::Selected, I::Check, S::Selected, "tells what has changed (6.4.1)"},
    {S::Selected, I::Close, S::Selected, "removes what is marked, then leaves (6.4.2)"},
    {S::Selected, I::Unselect, S::Selected, "leaves and removes nothing (RFC 3691)"},
    {S::Selected, I::Expunge, S::Selected, "removes what is marked (6.4.3, RFC 4315)"},
    {S::Selected, I::Search, S::Selected, "which letters fit? (6.4.4)"},
    {S::Selected, I::Fetch, S::Selected, "what letters hold (6.4.5)"},
    {S::Selected, I::Store, S::Selected, "changes flags (6.4.6)"},
    {S::Selected, I::Copy, S::Selected, "copies letters (6.4.7)"},
    {S::Selected, I::Move, S::Selected, "moves letters (RFC 6851)"},
    {S::Selected, I::OwnerAsked, S::AskingSelected, "the owner works"},
    {S::Selected, I::MailboxLeft, S::Authenticated, "no mailbox is selected any more"},
    {S::AskingSelected, I::OwnerAnswered, S::Selected, "the answer is passed on"},
    {S::AskingSelected, I::MailboxLeft, S::Authenticated, "the marked letters are gone (6.4.2)"},
    {S::IdlingSelected, I::IdleEnded, S::Selected, "DONE (RFC 2177)"},

    {S::Any, I::TooMuch, S::Closed, "a line too long, or too many bad commands"},
    {S::Any, I::MailboxGone, S::Closed, "BYE: another session deleted the mailbox"},
    {S::Any, I::Timeout, S::Closed, "BYE (RFC 3501 5.4)"},
    {S::Any, I::PeerClosed, S::Closed, "all letters stay as they are"},
};

using C = ClientState;
using J = ClientInput;

constexpr ClientTransition client_table[] = {
    {C::Connected, J::Started, C::Greeting, "the server speaks first (RFC 3501 3)"},
    {C::Connected, J::TlsEstablished, C::Connected, "TLS from the start (RFC 8314 3)"},
    {C::Greeting, J::GreetingRead, C::Capabilities, "CAPABILITY (6.1.1)"},
    {C::Greeting, J::TurnedAway, C::Closed, "the server wants no session (7.1.5)"},

    {C::Capabilities, J::TlsWanted, C::AskingTls, "STARTTLS (6.2.1)"},
    {C::Capabilities, J::LoginWanted, C::LoggingIn, "LOGIN or AUTHENTICATE (6.2.2, 6.2.3)"},
    {C::Capabilities, J::LongAuthWanted, C::AwaitingChallenge, "AUTHENTICATE without SASL-IR"},
    {C::Capabilities, J::GivingUp, C::LoggingOut, "no TLS where it is demanded"},
    {C::AskingTls, J::TlsAgreed, C::StartingTls, "nothing more in clear (6.2.1)"},
    {C::AskingTls, J::LoginWanted, C::LoggingIn, "TLS refused, and not demanded"},
    {C::AskingTls, J::LongAuthWanted, C::AwaitingChallenge, "TLS refused, and not demanded"},
    {C::AskingTls, J::GivingUp, C::LoggingOut, "TLS refused where it is demanded"},
    {C::StartingTls, J::TlsEstablished, C::Capabilities, "CAPABILITY again (6.2.1)"},
    {C::AwaitingChallenge, J::ChallengeRead, C::LoggingIn, "the response (RFC 4616)"},
    {C::AwaitingChallenge, J::GivingUp, C::LoggingOut, "the login is refused"},
    {C::LoggingIn, J::LoginAccepted, C::Listing, "LIST (6.3.8)"},
    {C::LoggingIn, J::GivingUp, C::LoggingOut, "the login is refused"},
    {C::Listing, J::FoldersRead, C::Ready, "the owner gives orders"},
    {C::Listing, J::GivingUp, C::LoggingOut, "LIST is refused"},

    {C::Ready, J::SelectWanted, C::Selecting, "SELECT (6.3.1)"},
    {C::Ready, J::ListingWanted, C::ListingLetters, "UID FETCH 1:* (FLAGS) (6.4.5)"},
    {C::Ready, J::StoreWanted, C::Storing, "UID STORE (6.4.6)"},
    {C::Ready, J::ExpungeWanted, C::Expunging, "UID EXPUNGE (RFC 4315), or EXPUNGE"},
    {C::Ready, J::AppendWanted, C::Appending, "APPEND (6.3.11)"},
    {C::Ready, J::CreateWanted, C::CreatingFolder, "CREATE (6.3.3)"},
    {C::Ready, J::MoveWanted, C::Moving, "UID MOVE (RFC 6851), or UID COPY (6.4.7)"},
    {C::Ready, J::IdleWanted, C::AskingIdle, "IDLE (RFC 2177)"},
    {C::Ready, J::LogoutWanted, C::LoggingOut, "LOGOUT (6.1.3)"},
    {C::Selecting, J::Selected, C::Ready, "the order is carried out"},
    {C::Selecting, J::OrderRefused, C::Ready, "the order is given up"},
    {C::ListingLetters, J::LettersListed, C::Choosing, "the owner compares with what it has"},
    {C::ListingLetters, J::OrderRefused, C::Ready, "the order is given up"},
    {C::Choosing, J::LettersWanted, C::Retrieving, "UID FETCH (BODY.PEEK[]) (6.4.5)"},
    {C::Choosing, J::NothingWanted, C::Ready, "nothing is new"},
    {C::Retrieving, J::OrderDone, C::Ready, "the letters are here"},
    {C::Retrieving, J::OrderRefused, C::Ready, "the order is given up"},
    {C::Storing, J::OrderDone, C::Ready, "the flags are the server's now"},
    {C::Storing, J::OrderRefused, C::Ready, "the order is given up"},
    {C::Expunging, J::OrderDone, C::Ready, "the letters are gone"},
    {C::Expunging, J::OrderRefused, C::Ready, "the order is given up"},
    {C::Appending, J::LetterWelcome, C::SendingLetter, "the octets of the literal (7.5)"},
    {C::Appending, J::OrderRefused, C::Ready, "refused before it travelled"},
    {C::SendingLetter, J::OrderDone, C::Ready, "the letter is stored"},
    {C::SendingLetter, J::OrderRefused, C::Ready, "refused after it travelled"},
    {C::CreatingFolder, J::OrderDone, C::Ready, "the folder is there"},
    {C::CreatingFolder, J::OrderRefused, C::Ready, "the order is given up"},
    {C::Moving, J::OrderDone, C::Ready, "the letters lie in the other folder"},
    {C::Moving, J::ExpungeWanted, C::Expunging, "copied; now removed here (RFC 6851 3.3)"},
    {C::Moving, J::OrderRefused, C::Ready, "the order is given up"},
    {C::AskingIdle, J::Listening, C::Idling, "the server tells what changes"},
    {C::AskingIdle, J::OrderRefused, C::Ready, "the server does not let it listen"},
    {C::Idling, J::IdleOver, C::EndingIdle, "there is something to do, or half an hour is over"},
    {C::EndingIdle, J::OrderDone, C::Ready, "the session goes on"},
    {C::EndingIdle, J::OrderRefused, C::Ready, "the session goes on"},
    {C::LoggingOut, J::LogoutAnswered, C::Closed, "the session is complete"},

    {C::Any, J::ByeRead, C::Closed, "the server ends the session (7.1.5)"},
    {C::Any, J::Violation, C::Closed, "the peer does not speak IMAP"},
    {C::Any, J::Timeout, C::Closed, "the server is silent"},
    {C::Any, J::PeerClosed, C::Closed, "all letters stay on the server"},
};

constexpr std::size_t server_states = static_cast<std::size_t>(S::Any) + 1;
constexpr std::size_t server_inputs = static_cast<std::size_t>(I::PeerClosed) + 1;

constexpr TransitionIndex<ServerTransition, std::size(server_table), server_states, server_inputs>
    server_index(server_table);

constexpr std::size_t client_states = static_cast<std::size_t>(C::Any) + 1;
constexpr std::size_t client_inputs = static_cast<std::size_t>(J::PeerClosed) + 1;
constexpr TransitionIndex<ClientTransition, std::size(client_table), client_states, client_inputs>
    client_index(client_table);

constexpr std::array<ByteView, server_states> server_state_names = {
    "Connected",     "NotAuthenticated", "PlainResponse",  "LoginUser", "LoginPassword",
    "CheckingLogin", "StartingTls",      "Authenticated",  "Asking",    "Idling",
    "Selected",      "AskingSelected",   "IdlingSelected", "Closed",    "Any"};

/// Inputs behind the commands, whose names are those of Verb.
constexpr std::size_t first_other = static_cast<std::size_t>(I::Started);
constexpr std::array<ByteView, server_inputs - first_other> server_input_names = {
    "Started",       "PlainChosen", "LoginChosen",    "AuthResponse", "AuthEnded",
    "LoginAccepted", "LoginDenied", "TlsEstablished", "OwnerAsked",   "OwnerAnswered",
    "MailboxOpened", "MailboxLeft", "MailboxGone",    "IdleEnded",    "TooMuch",
    "Timeout",       "PeerClosed"};

constexpr std::array<ByteView, client_states> client_state_names = {
    "Connected",      "Greeting",          "Capabilities",   "AskingTls", "StartingTls",
    "LoggingIn",      "AwaitingChallenge", "Listing",        "Ready",     "Selecting",
    "ListingLetters", "Choosing",          "Retrieving",     "Storing",   "Expunging",
    "Appending",      "SendingLetter",     "CreatingFolder", "Moving",    "AskingIdle",
    "Idling",         "EndingIdle",        "LoggingOut",     "Closed",    "Any"};

constexpr std::array<ByteView, client_inputs> client_input_names = {
    "Started",        "GreetingRead",  "TurnedAway",     "TlsWanted",     "LoginWanted",
    "LongAuthWanted", "TlsAgreed",     "TlsEstablished", "ChallengeRead", "LoginAccepted",
    "FoldersRead",    "SelectWanted",  "ListingWanted",  "StoreWanted",   "ExpungeWanted",
    "AppendWanted",   "CreateWanted",  "MoveWanted",     "IdleWanted",    "LogoutWanted",
    "Selected",       "LettersListed", "NothingWanted",  "LettersWanted", "LetterWelcome",
    "OrderDone",      "OrderRefused",  "Listening",      "IdleOver",      "GivingUp",
    "LogoutAnswered", "ByeRead",       "Violation",      "Timeout",       "PeerClosed"};

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

ByteView to_string(ServerState state) { return name_of(server_state_names, state); }

ByteView to_string(ServerInput input)
{
    const auto place = static_cast<std::size_t>(input);
    if (input == ServerInput::UnknownCommand)
        return "UnknownCommand";
    return place < first_other ? to_string(static_cast<Verb>(place))
                               : server_input_names[place - first_other];
}

std::span<const ClientTransition> client_transitions() { return client_table; }

const ClientTransition *find_transition(ClientState state, ClientInput input)
{
    const std::size_t row = client_index(state, input);
    return row == 0 ? nullptr : &client_table[row - 1];
}

ByteView to_string(ClientState state) { return name_of(client_state_names, state); }
ByteView to_string(ClientInput input) { return name_of(client_input_names, input); }

} // namespace mailscope::imap
