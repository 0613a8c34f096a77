// The POP3 client engine: reading replies, and the way to the login; see client.h.
#include "sim/protocol/pop3/client.h"

#include "sim/core/check.h"
#include "sim/core/limits.h"
#include "sim/core/text.h"
#include "sim/mail/encoding.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::pop3
{

namespace
{

std::string quoted(ByteView line) { return std::string(line.substr(0, limits::quoted_bytes_max)); }

bool is_multiline(Verb verb)
{
    return verb == Verb::Capa || verb == Verb::List || verb == Verb::Uidl || verb == Verb::Retr;
}

/// Where a line that cannot be a reply ends: at its line end, or at an octet that is no text.
std::size_t end_of_foreign_line(ByteView bytes)
{
    const auto is_end = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r';
    };
    return static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(), is_end) -
                                    bytes.begin());
}

/// "<...@...>" at the end of a greeting: APOP is offered (RFC 1939 7).
ByteView timestamp_in(ByteView greeting)
{
    const std::size_t from = greeting.rfind('<');
    const std::size_t to = greeting.rfind('>');
    const bool is_there = from != ByteView::npos && to != ByteView::npos && from < to;
    return is_there ? greeting.substr(from, to - from + 1) : ByteView();
}

} // namespace

Client::Client(std::shared_ptr<const ClientOptions> options) : options_(std::move(options)) {}

std::optional<ClientEvent> Client::next_event() { return events_.pop(); }

void Client::start(SimTime now)
{
    go(ClientInput::Started);
    heard_ = now;
    requests_.push_back(Request{});
}

void Client::receive(ByteView bytes, SimTime now)
{
    // What comes glued to the reply to STLS may be of whoever sits on the path (RFC 2595 4).
    if (wants_close() || state_ == ClientState::StartingTls)
        return;
    heard_ = now;
    if (input_.empty()) {
        work(bytes);
        input_ = bytes;
    } else {
        input_.append(bytes);
        work_kept_input();
    }
    if (requests_.empty() && input_.size() > limits::listing_bytes_max)
        violation(input_);
}

void Client::work_kept_input()
{
    ByteView rest = input_;
    work(rest);
    input_.erase(0, input_.size() - rest.size());
}

void Client::peer_closed(SimTime)
{
    if (wants_close())
        return;
    const bool foreign = !input_.empty() && !reading_content_ && !requests_.empty() &&
                         input_.front() != '+' && input_.front() != '-';
    if (foreign)
        return violation(input_);
    const ClientState stage = state_;
    go(ClientInput::PeerClosed);
    if (!gave_up_)
        events_.push(ClientPeerVanished{stage});
}

void Client::on_time(SimTime now)
{
    if (now < next_deadline())
        return;
    go(ClientInput::Timeout);
    events_.push(TimedOut{});
}

SimTime Client::next_deadline() const
{
    const bool waits_for_peer = !requests_.empty() || state_ == ClientState::StartingTls;
    return waits_for_peer && !wants_close() ? heard_ + options_->reply_wait : time_never;
}

/// Reads replies as long as some are due; what nobody asked for stays in `bytes`.
void Client::work(ByteView &bytes)
{
    while (!requests_.empty() && !wants_close())
        if (!(reading_content_ ? read_content(bytes) : read_status(bytes)))
            break;
    if (wants_close() || state_ == ClientState::StartingTls)
        bytes = ByteView();
}

bool Client::read_status(ByteView &bytes)
{
    if (bytes.empty())
        return false;
    if (bytes.front() != '+' && bytes.front() != '-') {
        const std::size_t end = end_of_foreign_line(bytes);
        if (end < bytes.size() || bytes.size() >= limits::quoted_bytes_max)
            violation(bytes.substr(0, std::max<std::size_t>(end, 1)));
        return false;
    }
    const ByteView limited = bytes.substr(0, limits::reply_line_bytes_max);
    const std::optional<Line> line = first_line(limited);
    if (!line) {
        if (bytes.size() >= limits::reply_line_bytes_max)
            violation(limited);
        return false;
    }
    bytes.remove_prefix(line->taken);
    const std::optional<Reply> reply = parse_reply(line->text);
    if (reply)
        handle_status(*reply, line->text);
    else if (state_ == ClientState::AwaitingChallenge && line->text.substr(0, 1) == "+")
        answer_challenge();
    else
        violation(line->text);
    return true;
}

bool Client::read_content(ByteView &bytes)
{
    const bool complete = reader_.read(bytes, content_);
    const std::size_t most = requests_.front().verb == Verb::Retr
                                 ? mailscope::limits::message_bytes_max
                                 : limits::listing_bytes_max;
    if (content_.size() > most)
        violation("a reply without end");
    else if (complete)
        handle_content();
    return complete && !wants_close();
}

void Client::handle_status(const Reply &reply, ByteView line)
{
    const Request request = requests_.front();
    if (reply.positive && is_multiline(request.verb)) {
        reading_content_ = true;
        reader_ = MultilineReader();
        content_.clear();
        if (const Letter *letter = find(request.number))
            content_.reserve(std::min(letter->listed.size, limits::letter_reserve_max));
        return;
    }
    requests_.erase(requests_.begin());
    switch (request.verb) {
    case Verb::Unknown:
        if (!reply.positive) {
            events_.push(RequestRefused{Verb::Unknown, 0, quoted(line)});
            return go(ClientInput::TurnedAway);
        }
        timestamp_ = timestamp_in(reply.text);
        go(ClientInput::GreetingRead);
        return request_line(Verb::Capa, 0, "");
    case Verb::Capa: // Unknown to an old server, which is then tried without.
        offered_ = Offered();
        return after_capabilities();
    case Verb::Stls:
        return handle_stls(reply);
    case Verb::User:
    case Verb::Pass:
    case Verb::Auth:
    case Verb::Apop:
        return handle_login(reply, line);
    case Verb::Quit:
        return handle_farewell(reply, line);
    default:
        return handle_transaction(request, reply, line);
    }
}

void Client::read_capabilities()
{
    offered_ = Offered{false, false, false, false, false};
    ByteView rest = content_;
    while (const std::optional<Line> line = first_line(rest)) {
        rest.remove_prefix(line->taken);
        const Command capability = parse_command(line->text);
        const ByteView tag = capability.keyword;
        if (equals_ignoring_case(tag, "STLS"))
            offered_.stls = true;
        else if (equals_ignoring_case(tag, "USER"))
            offered_.user = true;
        else if (equals_ignoring_case(tag, "UIDL"))
            offered_.uidl = true;
        else if (equals_ignoring_case(tag, "PIPELINING"))
            offered_.pipelining = true;
        else if (equals_ignoring_case(tag, "SASL"))
            offered_.auth_plain =
                to_upper(fmt::format(" {} ", capability.argument)).find(" PLAIN ") !=
                std::string::npos;
    }
}

void Client::after_capabilities()
{
    if (tls_ || options_->stls == StlsUse::Never)
        return login();
    if (offered_.stls) {
        go(ClientInput::TlsWanted);
        return request_line(Verb::Stls, 0, "");
    }
    if (options_->stls == StlsUse::WhenOffered)
        return login();
    events_.push(TlsUnavailable{});
    give_up();
}

void Client::handle_stls(const Reply &reply)
{
    if (reply.positive) {
        go(ClientInput::TlsAgreed);
        return events_.push(TlsStarted{});
    }
    if (options_->stls == StlsUse::WhenOffered)
        return login();
    events_.push(TlsUnavailable{});
    give_up();
}

void Client::tls_established(SimTime now)
{
    if (wants_close())
        return;
    const bool after_stls = state_ == ClientState::StartingTls;
    go(ClientInput::TlsEstablished);
    tls_ = true;
    heard_ = now;
    if (after_stls) // What was announced in clear is forgotten (RFC 2595 4).
        request_line(Verb::Capa, 0, "");
}

/// APOP where it is wanted and offered; else USER and PASS, unless the server takes AUTH only.
void Client::login()
{
    if (options_->apop && !timestamp_.empty()) {
        go(ClientInput::ApopWanted);
        return request_line(
            Verb::Apop, 0,
            fmt::format("{} {}", options_->user, apop_digest(timestamp_, options_->password)));
    }
    if (offered_.user || !offered_.auth_plain) {
        go(ClientInput::UserPassWanted);
        return request_line(Verb::User, 0, options_->user);
    }
    const std::string argument = "PLAIN " + plain_response();
    const std::size_t line_bytes = std::size("AUTH ") - 1 + argument.size() + std::size("\r\n") - 1;
    if (line_bytes <= limits::short_command_bytes_max) {
        go(ClientInput::AuthPlainWanted);
        return request_line(Verb::Auth, 0, argument);
    }
    go(ClientInput::LongAuthWanted);
    request_line(Verb::Auth, 0, "PLAIN");
}

/// RFC 4616 2: no authorization identity, user, password.
std::string Client::plain_response() const
{
    const char nul = '\0';
    return mail::base64_encode(nul + options_->user + nul + options_->password);
}

void Client::answer_challenge()
{
    go(ClientInput::ChallengeRead);
    say(plain_response());
}

void Client::handle_login(const Reply &reply, ByteView line)
{
    if (!reply.positive) {
        if (equals_ignoring_case(response_code(reply.text), "IN-USE"))
            events_.push(MailboxInUse{quoted(line)});
        else
            events_.push(LoginRefused{quoted(line)});
        return give_up();
    }
    if (state_ == ClientState::SendingUser) {
        go(ClientInput::UserAccepted);
        return request_line(Verb::Pass, 0, options_->password);
    }
    if (state_ == ClientState::AwaitingChallenge) // Logged in without having said the password.
        return violation(line);
    go(ClientInput::LoginAccepted);
    request_line(Verb::List, 0, "");
    if (offered_.uidl && offered_.pipelining)
        request_line(Verb::Uidl, 0, "");
}

void Client::request_line(Verb verb, std::uint32_t number, ByteView argument)
{
    MS_CHECK(argument.find_first_of("\r\n") == ByteView::npos);
    requests_.push_back(Request{verb, number});
    output_.begin(OutputKind::Command);
    output_.append(to_string(verb));
    if (!argument.empty()) {
        output_.append(" ");
        output_.append(argument);
    }
    output_.append("\r\n");
}

void Client::say(ByteView line)
{
    output_.begin(OutputKind::Command);
    output_.append(line);
    output_.append("\r\n");
}

void Client::give_up()
{
    gave_up_ = true;
    go(ClientInput::GivingUp);
    request_line(Verb::Quit, 0, "");
}

void Client::violation(ByteView line)
{
    if (!line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    events_.push(ProtocolViolation{quoted(line)});
    go(ClientInput::Violation);
}

void Client::go(ClientInput input)
{
    const ClientTransition *row = find_transition(state_, input);
    MS_CHECK(row != nullptr);
    state_ = row->next;
}

} // namespace mailscope::pop3
