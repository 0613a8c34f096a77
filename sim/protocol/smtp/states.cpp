// The transition tables of both sides and their lookup.
#include "sim/protocol/smtp/states.h"

#include "sim/core/check.h"

#include <array>

namespace mailscope::smtp
{

namespace
{

using S = ServerState;
using I = ServerInput;
using P = Phrase;

// clang-format off
constexpr ServerTransition server_rows[] = {
    {S::Opening,         I::GreetingGood,   S::Connected,       P::None, "220"},
    {S::Opening,         I::GreetingBad,    S::Refusing,        P::None, "554 or 521"},

    {S::Any,             I::Ehlo,           S::Identified,      P::None, "or LHLO (RFC 2033 4.1)"},
    {S::Any,             I::Helo,           S::Identified,      P::None, ""},
    {S::Any,             I::StartTls,       S::Connected,       P::None, "forgets (RFC 3207 4.2)"},

    {S::Connected,       I::Auth,           S::AskingAuth,      P::None, ""},
    {S::Connected,       I::AuthPlainBare,  S::AuthPlain,       P::None, "334"},
    {S::Connected,       I::AuthLoginBare,  S::AuthUser,        P::None, "334 Username:"},
    {S::Connected,       I::AuthLoginUser,  S::AuthPassword,    P::None, "334 Password:"},
    {S::Identified,      I::Auth,           S::AskingAuth,      P::None, ""},
    {S::Identified,      I::AuthPlainBare,  S::AuthPlain,       P::None, "334"},
    {S::Identified,      I::AuthLoginBare,  S::AuthUser,        P::None, "334 Username:"},
    {S::Identified,      I::AuthLoginUser,  S::AuthPassword,    P::None, "334 Password:"},
    {S::Sender,          I::Auth,           S::Same,            P::AuthInTransaction, "RFC 4954 3"},
    {S::Recipients,      I::Auth,           S::Same,            P::AuthInTransaction, ""},
    {S::Chunks,          I::Auth,           S::Same,            P::AuthInTransaction, ""},
    {S::AuthPlain,       I::AuthLine,       S::AskingAuth,      P::None, ""},
    {S::AuthPlain,       I::AuthBroken,     S::Back,            P::None, ""},
    {S::AuthUser,        I::AuthLine,       S::AuthPassword,    P::None, "334 Password:"},
    {S::AuthUser,        I::AuthBroken,     S::Back,            P::None, ""},
    {S::AuthPassword,    I::AuthLine,       S::AskingAuth,      P::None, ""},
    {S::AuthPassword,    I::AuthBroken,     S::Back,            P::None, ""},
    {S::AskingAuth,      I::Accepted,       S::Back,            P::None, "235"},
    {S::AskingAuth,      I::Refused,        S::Back,            P::None, "535"},

    {S::Connected,       I::Mail,           S::AskingSender,    P::None, "unless HELO is required"},
    {S::Identified,      I::Mail,           S::AskingSender,    P::None, ""},
    {S::Sender,          I::Mail,           S::Same,            P::NestedMail, ""},
    {S::Recipients,      I::Mail,           S::Same,            P::NestedMail, ""},
    {S::Chunks,          I::Mail,           S::Same,            P::NestedMail, ""},
    {S::AskingSender,    I::Accepted,       S::Sender,          P::None, "250"},
    {S::AskingSender,    I::Refused,        S::Back,            P::None, ""},

    {S::Connected,       I::Rcpt,           S::Same,            P::NeedMail, ""},
    {S::Identified,      I::Rcpt,           S::Same,            P::NeedMail, ""},
    {S::Sender,          I::Rcpt,           S::AskingRecipient, P::None, ""},
    {S::Recipients,      I::Rcpt,           S::AskingRecipient, P::None, ""},
    {S::Chunks,          I::Rcpt,           S::Same,            P::RcptAfterBdat, ""},
    {S::AskingRecipient, I::Accepted,       S::Recipients,      P::None, "250"},
    {S::AskingRecipient, I::Refused,        S::Back,            P::None, ""},

    {S::Connected,       I::Data,           S::Same,            P::NeedRcpt, ""},
    {S::Identified,      I::Data,           S::Same,            P::NeedRcpt, ""},
    {S::Sender,          I::Data,           S::Same,            P::NoValidRecipients, "RFC 2920"},
    {S::Recipients,      I::Data,           S::Content,         P::None, "354"},
    {S::Chunks,          I::Data,           S::Same,            P::DataAfterBdat, "RFC 3030 2"},
    {S::Content,         I::EndOfData,      S::AskingContent,   P::None, "the lone dot"},
    {S::Content,         I::DataTooLarge,   S::Identified,      P::None, "552"},

    {S::Connected,       I::Bdat,           S::SkippedChunk,    P::NeedRcpt, "said behind it"},
    {S::Identified,      I::Bdat,           S::SkippedChunk,    P::NeedRcpt, ""},
    {S::Sender,          I::Bdat,           S::SkippedChunk,    P::NoValidRecipients, ""},
    {S::Recipients,      I::Bdat,           S::Chunk,           P::None, ""},
    {S::Chunks,          I::Bdat,           S::Chunk,           P::None, ""},
    {S::SkippedChunk,    I::EndOfChunk,     S::Back,            P::None, ""},
    {S::Chunk,           I::EndOfChunk,     S::Chunks,          P::None, "250"},
    {S::Chunk,           I::EndOfLastChunk, S::AskingContent,   P::None, ""},
    {S::Chunk,           I::DataTooLarge,   S::Identified,      P::None, "552"},

    {S::AskingContent,   I::Accepted,       S::Identified,      P::None, "250"},
    {S::AskingContent,   I::Refused,        S::Identified,      P::None, ""},

    {S::Connected,       I::Rset,           S::Same,            P::None, ""},
    {S::Any,             I::Rset,           S::Identified,      P::None, "ends a transaction"},
    {S::Any,             I::Noop,           S::Same,            P::None, ""},
    {S::Any,             I::Vrfy,           S::AskingVerify,    P::None, ""},
    {S::AskingVerify,    I::Accepted,       S::Back,            P::None, "252"},
    {S::AskingVerify,    I::Refused,        S::Back,            P::None, ""},
    {S::Any,             I::Help,           S::Same,            P::None, "214, or 500"},
    {S::Any,             I::Etrn,           S::Same,            P::EtrnRefused, "never served"},
    {S::Any,             I::Unknown,        S::Same,            P::CommandUnknown, ""},
    {S::Any,             I::Quit,           S::Closed,          P::None, "221"},
    {S::Refusing,        I::Quit,           S::Closed,          P::None, "all else: 503"},
    {S::Any,             I::Shutdown,       S::Closed,          P::None, "in every state"},
};

using C = ClientState;
using O = ClientInput;

constexpr ClientTransition client_rows[] = {
    {C::Greeting,     O::Good,           C::Ehlo,         "says EHLO"},
    {C::Greeting,     O::SessionOver,    C::Quit,         "554, 521 or 4xx: says QUIT"},
    {C::Ehlo,         O::WantsHelo,      C::Helo,         "5xx: says HELO (RFC 5321 3.2)"},
    {C::Ehlo,         O::WantsTls,       C::StartTls,     "says STARTTLS"},
    {C::Ehlo,         O::WantsAuth,      C::Auth,         "says AUTH PLAIN"},
    {C::Ehlo,         O::WantsLogin,     C::AuthUser,     "says AUTH LOGIN"},
    {C::Ehlo,         O::Good,           C::Ready,        ""},
    {C::Ehlo,         O::SessionOver,    C::Quit,         "4xx, or a need is not offered"},
    {C::Helo,         O::Good,           C::Ready,        ""},
    {C::Helo,         O::SessionOver,    C::Quit,         ""},
    {C::StartTls,     O::Good,           C::Ehlo,         "says EHLO again, inside (RFC 3207 4.2)"},
    {C::StartTls,     O::Bad,            C::Ready,        "refused: on in the clear"},
    {C::StartTls,     O::WantsAuth,      C::Auth,         "refused: on in the clear"},
    {C::StartTls,     O::WantsLogin,     C::AuthUser,     "refused: on in the clear"},
    {C::StartTls,     O::SessionOver,    C::Quit,         "refused, but required"},
    {C::Auth,         O::GoOn,           C::Auth,         "credentials too long for AUTH"},
    {C::Auth,         O::Good,           C::Ready,        "235"},
    {C::Auth,         O::SessionOver,    C::Quit,         "535"},
    {C::AuthUser,     O::GoOn,           C::AuthPassword, "sends the user name"},
    {C::AuthUser,     O::SessionOver,    C::Quit,         ""},
    {C::AuthPassword, O::GoOn,           C::Auth,         "sends the password"},
    {C::AuthPassword, O::SessionOver,    C::Quit,         ""},
    {C::Ready,        O::Begin,          C::Mail,         "MAIL, or a whole group"},
    {C::Ready,        O::Finish,         C::Quit,         "says QUIT"},
    {C::Mail,         O::Good,           C::Rcpt,         ""},
    {C::Mail,         O::GroupRunsOn,    C::Rcpt,         "replies still to come"},
    {C::Mail,         O::Bad,            C::Rset,         "refused"},
    {C::Rcpt,         O::MoreRecipients, C::Rcpt,         ""},
    {C::Rcpt,         O::AllAnswered,    C::Data,         ""},
    {C::Rcpt,         O::NoRecipients,   C::Rset,         "none, or not all that are wanted"},
    {C::Data,         O::GoOn,           C::EndOfData,    "354: sends the letter"},
    {C::Data,         O::EmptyData,      C::EmptyData,    "a lone dot (RFC 2920 3.1)"},
    {C::Data,         O::Bad,            C::Rset,         ""},
    {C::EndOfData,    O::Good,           C::Ready,        "250: the server is responsible"},
    {C::EndOfData,    O::Bad,            C::Ready,        "refused; the transaction is over"},
    {C::EmptyData,    O::Bad,            C::Ready,        "whatever the reply"},
    {C::Rset,         O::Good,           C::Ready,        ""},
    {C::Quit,         O::Good,           C::Closed,       "221"},
    {C::Any,          O::Shutdown,       C::Closed,       "421, silence, garbage, loss"},
};
// clang-format on

constexpr std::size_t at(S state) { return static_cast<std::size_t>(state); }
constexpr std::size_t at(I input) { return static_cast<std::size_t>(input); }
constexpr std::size_t at(C state) { return static_cast<std::size_t>(state); }
constexpr std::size_t at(O input) { return static_cast<std::size_t>(input); }

constexpr bool takes_commands(S state)
{
    return state == S::Connected || state == S::Identified || state == S::Sender ||
           state == S::Recipients || state == S::Chunks;
}

/// For each state and input the number of its row plus one; 0 is none.
template <std::size_t States, std::size_t Inputs>
using Index = std::array<std::array<std::uint8_t, Inputs>, States>;

constexpr auto index_of_server()
{
    Index<at(S::Count), at(I::Count)> index{};
    std::uint8_t number = 0;
    for (const ServerTransition &row : server_rows) {
        ++number;
        if (row.from != S::Any)
            index[at(row.from)][at(row.input)] = number;
    }
    number = 0;
    for (const ServerTransition &row : server_rows) {
        ++number;
        for (std::size_t state = 0; row.from == S::Any && state < at(S::Any); ++state) {
            std::uint8_t &entry = index[state][at(row.input)];
            const bool covered = takes_commands(static_cast<S>(state)) || row.input == I::Shutdown;
            if (covered && entry == 0)
                entry = number;
        }
    }
    return index;
}

constexpr auto index_of_client()
{
    Index<at(C::Count), at(O::Count)> index{};
    std::uint8_t number = 0;
    for (const ClientTransition &row : client_rows) {
        ++number;
        if (row.from != C::Any)
            index[at(row.from)][at(row.input)] = number;
    }
    number = 0;
    for (const ClientTransition &row : client_rows) {
        ++number;
        for (std::size_t state = 0; row.from == C::Any && state < at(C::Any); ++state)
            index[state][at(row.input)] = number;
    }
    return index;
}

constexpr auto server_index = index_of_server();
constexpr auto client_index = index_of_client();

constexpr std::string_view server_state_names[] = {
    "Opening",         "Refusing",   "Connected", "Identified",   "AskingSender", "Sender",
    "AskingRecipient", "Recipients", "Content",   "Chunk",        "Chunks",       "SkippedChunk",
    "AskingContent",   "AuthPlain",  "AuthUser",  "AuthPassword", "AskingAuth",   "AskingVerify",
    "Closed",          "any",        "same",      "back"};

constexpr std::string_view server_input_names[] = {"HELO",
                                                   "EHLO",
                                                   "MAIL",
                                                   "RCPT",
                                                   "DATA",
                                                   "BDAT",
                                                   "RSET",
                                                   "NOOP",
                                                   "VRFY",
                                                   "ETRN",
                                                   "QUIT",
                                                   "STARTTLS",
                                                   "AUTH",
                                                   "HELP",
                                                   "unknown command",
                                                   "AUTH PLAIN",
                                                   "AUTH LOGIN",
                                                   "AUTH LOGIN user",
                                                   "credentials",
                                                   "* or bad credentials",
                                                   "good greeting",
                                                   "refusing greeting",
                                                   "accepted",
                                                   "refused",
                                                   "lone dot",
                                                   "too large",
                                                   "end of chunk",
                                                   "end of last chunk",
                                                   "shutdown"};

constexpr std::string_view client_state_names[] = {
    "Greeting",     "Ehlo",  "Helo", "StartTls", "Auth", "AuthUser",
    "AuthPassword", "Ready", "Mail", "Rcpt",     "Data", "EndOfData",
    "EmptyData",    "Rset",  "Quit", "Closed",   "any"};

constexpr std::string_view client_input_names[] = {
    "good",          "go on",       "bad",           "wants HELO",      "wants TLS",
    "wants AUTH",    "wants LOGIN", "group runs on", "more recipients", "all answered",
    "no recipients", "empty data",  "session over",  "begin",           "finish",
    "shutdown"};

static_assert(std::size(server_state_names) == at(S::Count));
static_assert(std::size(server_input_names) == at(I::Count));
static_assert(std::size(client_state_names) == at(C::Count));
static_assert(std::size(client_input_names) == at(O::Count));

} // namespace

std::string_view to_string(ServerState state)
{
    MS_CHECK(state < ServerState::Count);
    return server_state_names[at(state)];
}

std::string_view to_string(ServerInput input)
{
    MS_CHECK(input < ServerInput::Count);
    return server_input_names[at(input)];
}

std::string_view to_string(ClientState state)
{
    MS_CHECK(state < ClientState::Count);
    return client_state_names[at(state)];
}

std::string_view to_string(ClientInput input)
{
    MS_CHECK(input < ClientInput::Count);
    return client_input_names[at(input)];
}

std::span<const ServerTransition> server_transitions() { return server_rows; }

std::span<const ClientTransition> client_transitions() { return client_rows; }

const ServerTransition *find_transition(ServerState from, ServerInput input)
{
    const std::uint8_t number = server_index[at(from)][at(input)];
    return number == 0 ? nullptr : &server_rows[number - 1];
}

const ClientTransition *find_transition(ClientState from, ClientInput input)
{
    const std::uint8_t number = client_index[at(from)][at(input)];
    return number == 0 ? nullptr : &client_rows[number - 1];
}

} // namespace mailscope::smtp
