// The server before login: who is there (RFC 3501 6.2), and what the server can; see server.h.
#include "sim/core/text.h"
#include "sim/mail/encoding.h"
#include "sim/protocol/imap/server.h"
#include "sim/protocol/sasl.h"

#include <fmt/format.h>

namespace mailscope::imap
{

/// Before login only what matters for it, as Dovecot does.
std::string Server::capabilities() const
{
    std::string list = "IMAP4rev1 SASL-IR ID";
    if (options_->offer_idle)
        list += " IDLE";
    if (state_ != ServerState::NotAuthenticated && state_ != ServerState::Connected)
        return list + " UNSELECT CHILDREN NAMESPACE UIDPLUS MOVE LITERAL+ SPECIAL-USE QUOTA";
    list += " LITERAL+";
    if (options_->offer_starttls && !tls_)
        list += " STARTTLS";
    return list + (may_login() ? " AUTH=PLAIN AUTH=LOGIN" : " LOGINDISABLED");
}

void Server::identify(ArgumentReader &in)
{
    // What the client says of itself is read and means nothing (RFC 2971 3.1).
    bool valid = in.take_word("NIL");
    if (!valid && in.take('(')) {
        std::size_t values = 0;
        do
            valid = in.string().has_value() || in.take_word("NIL");
        while (valid && ++values <= limits::id_values_max && in.space());
        valid = (valid || values == 0) && in.take(')');
    }
    if (!valid || !in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    say("* ID (\"name\" \"mailscope\")\r\n");
    completed();
}

void Server::start_tls()
{
    if (tls_)
        return bad(Refusal::WrongOrder, "TLS is already active");
    if (!options_->offer_starttls)
        return bad(Refusal::NotOffered, "TLS support isn't enabled");
    go(ServerInput::StartTls);
    finish("OK", "Begin TLS negotiation now.");
    events_.push(TlsStarted{});
}

void Server::tls_established(SimTime now)
{
    if (wants_close())
        return;
    go(ServerInput::TlsEstablished);
    tls_ = true;
    user_.clear();
    capabilities_asked_ = false;
    last_command_ = now;
}

/// The warning comes after the fact: the password has been on the wire (RFC 3501 6.2.3).
bool Server::refuse_in_clear()
{
    if (may_login())
        return false;
    events_.push(CommandRefused{pending_.verb, Refusal::NotInClear, std::string()});
    say("* BAD [ALERT] Plaintext authentication not allowed without SSL/TLS, but your client did "
        "it anyway. If anyone was listening, the password was exposed.\r\n");
    no("[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) "
       "connections");
    return true;
}

void Server::login(ArgumentReader &in)
{
    const std::optional<std::string> user = in.astring();
    const bool more = in.space();
    const std::optional<std::string> password = in.astring();
    if (!user || !more || !password || !in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    if (refuse_in_clear())
        return;
    user_ = *user;
    ask_login(ServerInput::Login, *password, Mechanism::Login);
}

/// AUTHENTICATE mechanism [initial-response] (RFC 4959 3).
void Server::authenticate(ArgumentReader &in)
{
    const std::optional<ByteView> mechanism = in.atom();
    const bool has_initial = mechanism && in.space();
    const ByteView initial = in.rest();
    if (!mechanism || (!has_initial && !in.at_end()))
        return bad(Refusal::BadArgument, "Invalid arguments");
    const bool plain = equals_ignoring_case(*mechanism, "PLAIN");
    if (!plain && !equals_ignoring_case(*mechanism, "LOGIN"))
        return no("[ALERT] Unsupported authentication mechanism");
    if (refuse_in_clear())
        return;
    go(plain ? ServerInput::PlainChosen : ServerInput::LoginChosen);
    if (has_initial && plain)
        return auth_response(initial == "=" ? ByteView() : initial);
    say(plain ? "+ \r\n" : "+ VXNlcm5hbWU6\r\n");
    in_reply_ = false;
}

void Server::auth_response(ByteView line)
{
    const std::optional<std::string> decoded = mail::base64_decode(line);
    if (line == "*" || !decoded) {
        go(ServerInput::AuthEnded);
        events_.push(CommandRefused{pending_.verb, Refusal::BadArgument, std::string()});
        return finish("BAD", line == "*" ? "Authentication aborted by client."
                                         : "Invalid base64 data in continued response");
    }
    if (state_ == ServerState::LoginUser) {
        user_ = *decoded;
        go(ServerInput::AuthResponse);
        say("+ UGFzc3dvcmQ6\r\n");
        in_reply_ = false;
        return;
    }
    if (state_ == ServerState::LoginPassword)
        return ask_login(ServerInput::AuthResponse, *decoded, Mechanism::AuthLogin);
    const std::optional<PlainLogin> plain = parse_sasl_plain(*decoded);
    if (!plain) {
        go(ServerInput::AuthEnded);
        events_.push(CommandRefused{pending_.verb, Refusal::BadArgument, std::string()});
        return no("[AUTHENTICATIONFAILED] Authentication failed");
    }
    user_ = plain->user;
    ask_login(ServerInput::AuthResponse, plain->password, Mechanism::AuthPlain);
}

void Server::ask_login(ServerInput input, ByteView password, Mechanism mechanism)
{
    go(input);
    events_.push(LoginAsked{user_, std::string(password), mechanism});
}

/// What the server can after login is told unasked, in whichever form the client knows (RFC 3501
/// 6.2.2).
void Server::login_accepted(SimTime now)
{
    if (wants_close())
        return;
    go(ServerInput::LoginAccepted);
    last_command_ = now;
    bad_commands_ = 0;
    if (capabilities_asked_) {
        say(fmt::format("* CAPABILITY {}\r\n", capabilities()));
        finish("OK", "Logged in");
    } else {
        finish("OK", fmt::format("[CAPABILITY {}] Logged in", capabilities()));
    }
    events_.push(LoggedIn{user_});
    work(now);
}

void Server::login_refused(LoginRefusal reason, SimTime now)
{
    if (wants_close())
        return;
    go(ServerInput::LoginDenied);
    last_command_ = now;
    no(reason == LoginRefusal::WrongPassword ? "[AUTHENTICATIONFAILED] Authentication failed"
                                             : "[UNAVAILABLE] Temporary authentication failure");
    events_.push(LoginFailed{user_, reason});
    user_.clear();
    work(now);
}

} // namespace mailscope::imap
