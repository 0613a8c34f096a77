// The IMAP server engine: lines, literals and replies; see server.h. Words are Dovecot 2.3's.
#include "sim/protocol/imap/server.h"

#include "sim/core/check.h"
#include "sim/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::imap
{

Server::Server(std::shared_ptr<const ServerOptions> options) : options_(std::move(options)) {}

std::optional<ServerEvent> Server::next_event() { return events_.pop(); }

void Server::start(SimTime now)
{
    go(ServerInput::Started);
    last_command_ = now;
    say(fmt::format("* OK [CAPABILITY {}] {}\r\n", capabilities(), options_->greeting));
    in_reply_ = false;
}

void Server::receive(ByteView bytes, SimTime now)
{
    // What comes glued to STARTTLS may be of whoever sits on the path (RFC 3501 6.2.1); what comes
    // behind LOGOUT has no meaning.
    if (wants_close() || state_ == ServerState::StartingTls)
        return;
    input_.append(bytes);
    work(now);
    if (asking() && input_.size() - taken_ > limits::append_bytes_max + limits::pipelined_bytes_max)
        abort("* BYE Input buffer full, aborting\r\n");
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
    say("* BYE Disconnected for inactivity.\r\n");
    events_.push(TimedOut{});
}

SimTime Server::next_deadline() const
{
    if (wants_close() || asking() || state_ == ServerState::Connected)
        return time_never;
    return last_command_ + std::max(options_->idle_max, limits::idle_min);
}

void Server::clear_output()
{
    output_.clear();
    in_reply_ = false;
}

bool Server::idling() const
{
    return state_ == ServerState::Idling || state_ == ServerState::IdlingSelected;
}

bool Server::asking() const
{
    return state_ == ServerState::CheckingLogin || state_ == ServerState::Asking ||
           state_ == ServerState::AskingSelected;
}

/// Obeys the commands received, one by one, until the owner is asked or there are no more.
void Server::work(SimTime now)
{
    while (!asking() && state_ != ServerState::Connected) {
        if (wants_close() || state_ == ServerState::StartingTls) {
            input_.clear();
            taken_ = 0;
            assembled_ = 0;
            break;
        }
        const std::size_t before = taken_;
        const bool more = take_command();
        if (taken_ != before)
            last_command_ = now;
        if (!more)
            break;
    }
    if (taken_ > input_.size() / 2) {
        input_.erase(0, taken_);
        taken_ = 0;
    }
    // A peer that said its last words and left is gone once they are obeyed.
    const bool more = asking() && ByteView(input_).substr(taken_).find('\n') != ByteView::npos;
    if (peer_gone_ && !more && !wants_close()) {
        const ServerState last = state_;
        go(ServerInput::PeerClosed);
        events_.push(ServerPeerVanished{last});
    }
}

/// Takes one line, or one literal; false when there is none, or the engine has to wait.
bool Server::take_command()
{
    const ByteView rest = ByteView(input_).substr(taken_);
    const std::size_t room = limits::command_bytes_max - (assembled_ - literals_);
    const std::optional<Line> line = first_line(rest.substr(assembled_, room + 1));
    if (!line) {
        if (rest.size() - assembled_ > room)
            abort("* BYE Input buffer full, aborting\r\n");
        return false;
    }
    const bool is_command = state_ == ServerState::NotAuthenticated ||
                            state_ == ServerState::Authenticated || state_ == ServerState::Selected;
    if (!is_command) {
        taken_ += line->taken;
        take_line(line->text);
        return true;
    }
    const ByteView command = rest.substr(0, assembled_ + line->text.size());
    if (const std::optional<LiteralAnnounced> literal = announced_literal(line->text)) {
        const Literal what = literal_awaited_ ? Literal::Comes : take_literal(command, *literal);
        literal_awaited_ = what == Literal::Comes;
        if (what == Literal::Comes) {
            const std::size_t end = assembled_ + line->taken + literal->size;
            if (rest.size() < end)
                return false;
            assembled_ = end;
            literals_ += literal->size;
            literal_awaited_ = false;
        }
        if (what == Literal::Refused)
            drop_line();
        if (what != Literal::NoneTaken)
            return true;
    }
    drop_line();
    obey(command);
    return true;
}

/// Goes over the command that ends in the line behind `assembled_`.
void Server::drop_line()
{
    const ByteView rest = ByteView(input_).substr(taken_);
    taken_ += assembled_ + first_line(rest.substr(assembled_))->taken;
    assembled_ = 0;
    literals_ = 0;
}

/// A command announces a literal at its end: whether it may come. One that the client waits to
/// send can be refused before it comes (RFC 3501 7.5).
Server::Literal Server::take_literal(ByteView text, const LiteralAnnounced &literal)
{
    const std::optional<Command> command = parse_command(text);
    const bool permitted = command && find_transition(state_, input_of(command->verb)) != nullptr;
    const bool append = permitted && command->verb == Verb::Append;
    const std::size_t most = append ? limits::append_bytes_max : limits::literal_bytes_max;
    if (literal.size > most || literals_ + literal.size > limits::append_bytes_max) {
        pending_ = {};
        if (!literal.waits || !command) {
            abort("* BYE Literal too large, aborting\r\n");
            return Literal::OwnerAsked; // Over: nothing more is taken.
        }
        quoted_ = text.substr(0, limits::quoted_bytes_max);
        pending_.tag = command->tag;
        pending_.verb = command->verb;
        no("[TOOBIG] Literal too large"); // RFC 4469 4.2
        events_.push(CommandRefused{command->verb, Refusal::TooLong, quoted_});
        return Literal::Refused;
    }
    if (!permitted && literal.waits)
        return Literal::NoneTaken;
    ArgumentReader in(text.substr(command ? command->arguments : text.size()));
    const bool letter = append && (in.peek() != '{' || in.rest().find('\n') != ByteView::npos);
    if (letter && literal.waits) {
        pending_ = {};
        pending_.tag = command->tag;
        pending_.name = command->name;
        pending_.verb = command->verb;
        quoted_ = text.substr(0, limits::quoted_bytes_max);
        return announce_append(in, literal);
    }
    if (literal.waits) {
        say("+ OK\r\n");
        in_reply_ = false;
    }
    return Literal::Comes;
}

/// A line that is no command: a response of AUTHENTICATE, or the end of IDLE.
void Server::take_line(ByteView line)
{
    if (!idling())
        return auth_response(line);
    go(ServerInput::IdleEnded);
    events_.push(IdleEnded{});
    if (equals_ignoring_case(line, "DONE"))
        return completed();
    say_changes();
    finish("BAD", "Expected DONE.");
}

void Server::obey(ByteView text)
{
    quoted_ = text.substr(0, limits::quoted_bytes_max);
    pending_ = {};
    const std::optional<Command> command = parse_command(text);
    if (!command) {
        pending_.tag = "*";
        pending_.name = "tag";
        return bad(Refusal::UnknownCommand, "Invalid tag");
    }
    pending_.tag = command->tag;
    pending_.name = command->name;
    pending_.verb = command->verb;
    pending_.by_uid = command->by_uid;
    if (command->verb == Verb::Unknown)
        return bad(Refusal::UnknownCommand, "Unknown command");
    if (find_transition(state_, input_of(command->verb)) == nullptr) {
        const bool letters =
            find_transition(ServerState::Selected, input_of(command->verb)) != nullptr;
        return bad(Refusal::WrongOrder, letters && state_ == ServerState::Authenticated
                                            ? "No mailbox selected"
                                            : "Unknown command");
    }
    ArgumentReader in(text.substr(command->arguments));
    obey_anywhere(in);
}

void Server::obey_anywhere(ArgumentReader &in)
{
    switch (pending_.verb) {
    case Verb::Capability:
        capabilities_asked_ = true;
        say(fmt::format("* CAPABILITY {}\r\n", capabilities()));
        if (state_ == ServerState::NotAuthenticated)
            return finish("OK",
                          "Pre-login capabilities listed, post-login capabilities have more.");
        return completed();
    case Verb::Logout:
        go(ServerInput::Logout);
        say("* BYE Logging out\r\n");
        events_.push(SessionEnded{});
        return completed();
    case Verb::Id:
        return identify(in);
    case Verb::StartTls:
        return start_tls();
    case Verb::Authenticate:
        return authenticate(in);
    case Verb::Login:
        return login(in);
    case Verb::Select:
    case Verb::Examine:
        return select(in);
    case Verb::Create:
    case Verb::Delete:
    case Verb::Rename:
    case Verb::Subscribe:
    case Verb::Unsubscribe:
        return change_folder(in);
    case Verb::List:
    case Verb::Lsub:
        return list(in);
    case Verb::Namespace:
        say("* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
        return completed();
    case Verb::Status:
        return status(in);
    case Verb::Append:
        return append(in);
    case Verb::Idle:
        return idle();
    case Verb::GetQuotaRoot:
    case Verb::GetQuota:
    case Verb::SetQuota:
        return quota(in);
    case Verb::Noop:
    case Verb::Check:
        return completed();
    default:
        return obey_selected(in);
    }
}

void Server::obey_selected(ArgumentReader &in)
{
    switch (pending_.verb) {
    case Verb::Close:
    case Verb::Unselect:
        return close_mailbox();
    case Verb::Expunge:
        return expunge(in);
    case Verb::Search:
        return search(in);
    case Verb::Fetch:
        return fetch(in);
    case Verb::Store:
        return store(in);
    case Verb::Copy:
    case Verb::Move:
        return copy(in);
    default:
        MS_CHECK(false);
    }
}

// ---- Waiting for the owner

void Server::ask(ServerEvent question)
{
    go(ServerInput::OwnerAsked);
    events_.push(std::move(question));
}

/// Goes on after an answer; false when there is nobody to tell it any more.
bool Server::answered(SimTime now)
{
    if (wants_close())
        return false;
    last_command_ = now;
    go(ServerInput::OwnerAnswered);
    return true;
}

void Server::done(SimTime now)
{
    if (wants_close())
        return;
    last_command_ = now;
    if (pending_.verb == Verb::Close) {
        go(ServerInput::MailboxLeft);
        selected_.reset();
        completed();
        return work(now);
    }
    go(ServerInput::OwnerAnswered);
    switch (pending_.verb) {
    case Verb::Append: // Announced: the letter may come.
        say("+ OK\r\n");
        in_reply_ = false;
        literal_awaited_ = true;
        break;
    case Verb::Fetch:
        fetched();
        break;
    case Verb::Store:
        stored();
        break;
    default:
        completed();
        break;
    }
    work(now);
}

void Server::refused(Problem problem, SimTime now)
{
    if (!answered(now))
        return;
    if (pending_.announced)
        drop_line();
    const Verb verb = pending_.verb;
    const bool target = verb == Verb::Append || verb == Verb::Copy || verb == Verb::Move;
    const bool change = verb == Verb::Delete || verb == Verb::Rename;
    switch (problem) {
    case Problem::NoSuchMailbox:
        no(fmt::format("{}Mailbox doesn't exist: {}",
                       target   ? "[TRYCREATE] " // RFC 3501 6.3.11
                       : change ? "[NONEXISTENT] "
                                : "",
                       pending_.mailbox));
        break;
    case Problem::AlreadyExists:
        no(verb == Verb::Rename ? "[ALREADYEXISTS] Target mailbox already exists"
                                : "[ALREADYEXISTS] Mailbox already exists");
        break;
    case Problem::BadName:
        no(verb == Verb::Delete ? "INBOX can't be deleted" : "[CANNOT] Invalid mailbox name");
        break;
    case Problem::OverQuota:
        no("[OVERQUOTA] Quota exceeded (mailbox for user is full)");
        break;
    case Problem::NoSuchQuota:
        no("Quota root doesn't exist");
        break;
    case Problem::Denied:
        no(verb == Verb::SetQuota ? "Quota can be changed only by admin"
                                  : "[NOPERM] Permission denied");
        break;
    case Problem::Limit:
        no("[LIMIT] Too many keywords or folders");
        break;
    }
    work(now);
}

void Server::mailbox_changed(const mail::Folder &folder, std::uint32_t first_recent, SimTime)
{
    if (!selected_ || wants_close())
        return;
    selected_->update(folder, first_recent);
    if (idling()) {
        say_changes();
        in_reply_ = false;
    }
}

void Server::mailbox_deleted(SimTime)
{
    if (!selected_ || wants_close())
        return;
    go(ServerInput::MailboxGone);
    selected_.reset();
    say("* BYE Selected mailbox was deleted, have to disconnect.\r\n");
}

void Server::go(ServerInput input)
{
    const ServerTransition *row = find_transition(state_, input);
    MS_CHECK(row != nullptr);
    state_ = row->next;
}

// ---- Replies

/// Adds lines, or parts of a line, to the reply under way.
void Server::say(ByteView text)
{
    if (text.empty())
        return;
    if (!in_reply_)
        output_.begin(OutputKind::Reply);
    in_reply_ = true;
    output_.append(text);
}

void Server::finish(ByteView status, ByteView text)
{
    say(fmt::format("{} {} {}\r\n", pending_.tag, status, text));
    in_reply_ = false;
}

/// A refusal that is nobody's mistake.
void Server::no(ByteView text) { finish("NO", fmt::format("{}.", text)); }

/// Tells what else has changed. Numbers may not move while a command names letters by them
/// (RFC 3501 7.4.1).
void Server::say_changes()
{
    if (!selected_)
        return;
    const bool by_number =
        !pending_.by_uid && (pending_.verb == Verb::Fetch || pending_.verb == Verb::Store ||
                             pending_.verb == Verb::Search);
    say(selected_->take_changes(by_number ? Expunged::Withheld : Expunged::Told,
                                pending_.by_uid ? Naming::ByUid : Naming::ByNumber,
                                idling() ? Recent::WithNewLetters : Recent::Told));
}

/// "Fetch completed."
void Server::completed()
{
    bad_commands_ = 0;
    if (state_ != ServerState::Closed)
        say_changes();
    std::string name = to_lower(to_string(pending_.verb));
    name.front() = ascii_upper(name.front());
    finish("OK",
           fmt::format("{} completed.", pending_.verb == Verb::Noop || pending_.verb == Verb::Id
                                            ? to_string(pending_.verb)
                                            : ByteView(name)));
}

/// A command that a client ought not to have sent; too many of them end the session.
void Server::bad(Refusal reason, ByteView message)
{
    events_.push(CommandRefused{pending_.verb, reason, quoted_});
    const bool before_login = state_ == ServerState::NotAuthenticated;
    const unsigned most =
        before_login ? limits::bad_commands_before_login_max : limits::bad_commands_max;
    if (++bad_commands_ >= most) {
        go(ServerInput::TooMuch);
        events_.push(ClientDropped{DropReason::TooManyBadCommands});
        return say("* BYE Too many invalid IMAP commands.\r\n");
    }
    if (before_login)
        return finish("BAD", "Error in IMAP command received by server.");
    if (message == "No mailbox selected")
        return finish("BAD", fmt::format("{}.", message));
    finish("BAD", fmt::format("Error in IMAP {}{}: {}.", pending_.tag == "*" ? "" : "command ",
                              pending_.name, message));
}

void Server::abort(ByteView last_words)
{
    go(ServerInput::TooMuch);
    say(last_words);
    in_reply_ = false;
    events_.push(ClientDropped{DropReason::LineTooLong});
    input_.clear();
    taken_ = 0;
    assembled_ = 0;
}

} // namespace mailscope::imap
