// The POP3 server engine; see server.h. Replies are the words of Dovecot 2.3.
#include "sim/protocol/pop3/server.h"

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/mail/encoding.h"
#include "sim/protocol/sasl.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::pop3
{

Server::Server(std::shared_ptr<const ServerOptions> options) : options_(std::move(options)) {}

std::optional<ServerEvent> Server::next_event() { return events_.pop(); }

void Server::start(SimTime now)
{
    go(ServerInput::Started);
    last_command_ = now;
    const std::string stamp = timestamp_.empty() ? std::string() : " " + timestamp_;
    reply(fmt::format("+OK {}", options_->greeting) + stamp);
}

void Server::receive(ByteView bytes, SimTime now)
{
    // What comes glued to STLS may be of whoever sits on the path (RFC 2595 4); what comes behind
    // QUIT has no meaning.
    if (wants_close() || state_ == ServerState::StartingTls || state_ == ServerState::Updating)
        return;
    input_.append(bytes);
    work(now);
    if (input_.size() - taken_ > limits::command_bytes_max + limits::pipelined_bytes_max)
        abort("-ERR Input buffer full, aborting");
}

void Server::peer_closed(SimTime now)
{
    peer_gone_ = true;
    work(now);
}

void Server::on_time(SimTime now)
{
    if (now < next_deadline())
        return;
    go(ServerInput::Timeout);
    events_.push(TimedOut{});
}

SimTime Server::next_deadline() const
{
    if (wants_close() || asking() || state_ == ServerState::Connected)
        return time_never;
    return last_command_ + std::max(options_->idle_max, limits::idle_min);
}

/// Obeys the lines received, one by one, until the owner is asked or there are no more.
void Server::work(SimTime now)
{
    std::optional<Line> line;
    while (!asking() && state_ != ServerState::Connected) {
        if (wants_close() || state_ == ServerState::StartingTls) {
            input_.clear();
            taken_ = 0;
            break;
        }
        const ByteView rest = ByteView(input_).substr(taken_);
        line = first_line(rest.substr(0, limits::command_bytes_max + 1));
        if (!line) {
            if (rest.size() > limits::command_bytes_max)
                abort("-ERR Input buffer full, aborting");
            break;
        }
        last_command_ = now;
        taken_ += line->taken;
        take_line(line->text);
    }
    if (taken_ > input_.size() / 2) {
        input_.erase(0, taken_);
        taken_ = 0;
    }
    // A peer that said its last words and left is gone once they are obeyed.
    const bool more = asking() && ByteView(input_).substr(taken_).find('\n') != ByteView::npos;
    if (peer_gone_ && !more && !wants_close()) {
        const ServerState before = state_;
        go(ServerInput::PeerClosed);
        if (wants_close())
            events_.push(ServerPeerVanished{before});
    }
}

void Server::take_line(ByteView line)
{
    quoted_ = line.substr(0, limits::quoted_bytes_max);
    if (state_ == ServerState::PlainResponse || state_ == ServerState::LoginUser ||
        state_ == ServerState::LoginPassword)
        auth_response(line);
    else
        obey(parse_command(line));
}

void Server::obey(const Command &command)
{
    verb_ = command.verb;
    const bool known = find_transition(state_, input_of(command.verb)) != nullptr;
    if (!known && command.verb == Verb::Pass && state_ == ServerState::Authorization)
        return refuse(Refusal::WrongOrder, "-ERR No username given.");
    if (!known)
        return bad_command(command.verb == Verb::Unknown ? Refusal::UnknownCommand
                                                         : Refusal::WrongOrder);
    if (!offered(command.verb))
        return bad_command(Refusal::NotOffered);
    bad_commands_ = 0;
    if (state_ == ServerState::Transaction)
        obey_in_transaction(command);
    else
        obey_in_authorization(command);
}

bool Server::offered(Verb verb) const
{
    switch (verb) {
    case Verb::Auth:
        return options_->offer_auth;
    case Verb::Apop:
        return !timestamp_.empty();
    case Verb::Uidl:
        return options_->offer_uidl;
    case Verb::Top:
        return options_->offer_top;
    default:
        return true;
    }
}

void Server::obey_in_authorization(const Command &command)
{
    const bool is_login = command.verb == Verb::User || command.verb == Verb::Pass;
    if (is_login && !may_login())
        return refuse_in_clear();
    switch (command.verb) {
    case Verb::User:
        user_ = command.argument;
        go(ServerInput::User);
        return reply("+OK");
    case Verb::Pass:
        return ask_login(ServerInput::Pass, command.argument, Mechanism::UserPass);
    case Verb::Auth:
        return auth(command.argument);
    case Verb::Apop:
        return apop(command.argument);
    case Verb::Capa:
        return capabilities();
    case Verb::Stls:
        return start_tls();
    case Verb::Quit:
        go(ServerInput::Quit);
        events_.push(SessionEnded{false});
        return reply("+OK Logging out");
    default:
        MS_CHECK(false);
    }
}

void Server::refuse_in_clear()
{
    refuse(Refusal::NotInClear, "-ERR [AUTH] Plaintext authentication disallowed on non-secure "
                                "(SSL/TLS) connections.");
}

void Server::start_tls()
{
    if (tls_)
        return refuse(Refusal::WrongOrder, "-ERR TLS is already active.");
    if (!options_->offer_stls)
        return refuse(Refusal::NotOffered, "-ERR TLS support isn't enabled.");
    go(ServerInput::Stls);
    reply("+OK Begin TLS negotiation now.");
    events_.push(TlsStarted{});
}

/// AUTH mechanism [initial-response] (RFC 5034 4).
void Server::auth(ByteView argument)
{
    if (argument.empty()) {
        reply("+OK");
        return content("PLAIN\r\nLOGIN\r\n");
    }
    if (!may_login())
        return refuse_in_clear();
    const std::size_t space = std::min(argument.find(' '), argument.size());
    const ByteView mechanism = argument.substr(0, space);
    const ByteView initial = argument.substr(std::min(space + 1, argument.size()));
    if (equals_ignoring_case(mechanism, "PLAIN")) {
        go(ServerInput::PlainChosen);
        if (!initial.empty())
            return auth_response(initial == "=" ? ByteView() : initial);
        return reply("+ ");
    }
    if (!equals_ignoring_case(mechanism, "LOGIN"))
        return refuse(Refusal::BadArgument, "-ERR Unsupported authentication mechanism.");
    if (!initial.empty()) // The server speaks first here: RFC 5034 4 wants it rejected.
        return refuse(Refusal::BadArgument, "-ERR Invalid authentication data.");
    go(ServerInput::LoginChosen);
    reply("+ VXNlcm5hbWU6");
}

void Server::auth_response(ByteView line)
{
    const std::optional<std::string> decoded = mail::base64_decode(line);
    if (line == "*" || !decoded) {
        go(ServerInput::AuthEnded);
        return refuse(Refusal::BadArgument, line == "*" ? "-ERR Authentication aborted by client."
                                                        : "-ERR Invalid base64 data in response.");
    }
    if (state_ == ServerState::LoginUser) {
        user_ = *decoded;
        go(ServerInput::AuthResponse);
        return reply("+ UGFzc3dvcmQ6");
    }
    if (state_ == ServerState::LoginPassword)
        return ask_login(ServerInput::AuthResponse, *decoded, Mechanism::AuthLogin);
    const std::optional<PlainLogin> login = parse_sasl_plain(*decoded);
    if (!login) {
        go(ServerInput::AuthEnded);
        return refuse(Refusal::BadArgument, "-ERR Invalid authentication data.");
    }
    user_ = login->user;
    ask_login(ServerInput::AuthResponse, login->password, Mechanism::AuthPlain);
}

void Server::ask_login(ServerInput input, ByteView password, Mechanism mechanism)
{
    go(input);
    events_.push(LoginAsked{user_, std::string(password), mechanism, timestamp_});
}

/// APOP name digest. No password passes, so it may come without TLS.
void Server::apop(ByteView argument)
{
    const std::size_t space = argument.rfind(' ');
    if (space == ByteView::npos)
        return refuse(Refusal::BadArgument, "-ERR Invalid parameters.");
    user_ = argument.substr(0, space);
    ask_login(ServerInput::Apop, argument.substr(space + 1), Mechanism::Apop);
}

void Server::login_accepted(Maildrop maildrop, SimTime now)
{
    if (wants_close())
        return;
    maildrop_ = std::make_shared<const Maildrop>(std::move(maildrop));
    go(ServerInput::LoginAccepted);
    last_command_ = now;
    reply("+OK Logged in.");
    events_.push(LoggedIn{user_});
    work(now);
}

void Server::login_refused(LoginRefusal reason, SimTime now)
{
    if (wants_close())
        return;
    go(reason == LoginRefusal::MailboxInUse ? ServerInput::MailboxLocked
                                            : ServerInput::LoginDenied);
    last_command_ = now;
    switch (reason) {
    case LoginRefusal::WrongPassword:
        reply("-ERR [AUTH] Authentication failed.");
        break;
    case LoginRefusal::MailboxInUse:
        reply("-ERR [IN-USE] Mailbox is locked by another POP3 session.");
        break;
    case LoginRefusal::Temporary:
        reply("-ERR [SYS/TEMP] Temporary authentication failure.");
        break;
    }
    events_.push(LoginFailed{user_, reason});
    user_.clear();
    work(now);
}

void Server::tls_established(SimTime now)
{
    if (wants_close())
        return;
    go(ServerInput::TlsEstablished);
    tls_ = true;
    user_.clear();
    last_command_ = now;
}

/// RFC 2449 5 and 6: what is there before login is announced after it too, also where Dovecot
/// leaves it out. STLS is announced where it is permitted (RFC 2595 4).
void Server::capabilities()
{
    std::string list = "CAPA\r\n";
    if (options_->offer_top)
        list += "TOP\r\n";
    if (options_->offer_uidl)
        list += "UIDL\r\n";
    list += "RESP-CODES\r\nPIPELINING\r\nAUTH-RESP-CODE\r\n";
    if (options_->offer_stls && !tls_ && state_ != ServerState::Transaction)
        list += "STLS\r\n";
    if (may_login()) {
        list += "USER\r\n";
        if (options_->offer_auth)
            list += "SASL PLAIN LOGIN\r\n";
    }
    reply("+OK");
    content(list);
}

bool Server::asking() const
{
    return state_ == ServerState::CheckingLogin || state_ == ServerState::FetchingLetter ||
           state_ == ServerState::Updating;
}

void Server::go(ServerInput input)
{
    const ServerTransition *row = find_transition(state_, input);
    MS_CHECK(row != nullptr);
    state_ = row->next;
}

void Server::reply(ByteView line)
{
    output_.begin(OutputKind::Reply);
    output_.append(line);
    output_.append("\r\n");
}

void Server::content(ByteView text)
{
    output_.begin(OutputKind::Content);
    append_multiline(output_, text);
}

void Server::refuse(Refusal reason, ByteView line)
{
    reply(line);
    events_.push(CommandRefused{verb_, reason, quoted_});
}

/// A command that a client ought not to have sent; too many of them end the session.
void Server::bad_command(Refusal reason)
{
    refuse(reason, "-ERR Unknown command.");
    const unsigned most = state_ == ServerState::Transaction
                              ? limits::bad_commands_max
                              : limits::bad_commands_before_login_max;
    if (++bad_commands_ >= most) {
        go(ServerInput::TooMuch);
        reply("-ERR Too many invalid bad commands.");
        events_.push(ClientDropped{DropReason::TooManyBadCommands});
    }
}

void Server::abort(ByteView last_words)
{
    go(ServerInput::TooMuch);
    reply(last_words);
    events_.push(ClientDropped{DropReason::LineTooLong});
    input_.clear();
    taken_ = 0;
}

} // namespace mailscope::pop3
