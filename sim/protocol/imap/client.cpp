// The IMAP client engine: responses, and the way to the login; see client.h.
#include "sim/protocol/imap/client.h"

#include "sim/core/check.h"
#include "sim/core/limits.h"
#include "sim/core/text.h"
#include "sim/mail/encoding.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::imap
{

namespace
{

std::string quoted_line(ByteView line)
{
    return std::string(line.substr(0, limits::quoted_bytes_max));
}

bool is_plain(ByteView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

} // namespace

Client::Client(std::shared_ptr<const ClientOptions> options) : options_(std::move(options)) {}

std::optional<ClientEvent> Client::next_event() { return events_.pop(); }

void Client::start(SimTime now)
{
    go(ClientInput::Started);
    heard_ = now;
    tag_ = "*"; // The greeting is waited for.
}

void Client::receive(ByteView bytes, SimTime now)
{
    // What comes glued to the answer to STARTTLS may be of whoever sits on the path (6.2.1).
    if (wants_close() || state_ == ClientState::StartingTls)
        return;
    heard_ = now;
    input_.append(bytes);
    work();
}

void Client::peer_closed(SimTime)
{
    if (wants_close())
        return;
    if (!input_.empty() && state_ == ClientState::Greeting)
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
    if (state_ == ClientState::Idling) { // RFC 2177 3: asks again, lest the server think it gone.
        heard_ = now;
        go(ClientInput::IdleOver);
        return say("DONE");
    }
    go(ClientInput::Timeout);
    events_.push(TimedOut{});
}

SimTime Client::next_deadline() const
{
    if (wants_close())
        return time_never;
    if (state_ == ClientState::Idling)
        return heard_ + limits::idle_renewed_after;
    const bool waits_for_peer = !tag_.empty() || state_ == ClientState::StartingTls;
    return waits_for_peer ? heard_ + options_->reply_wait : time_never;
}

void Client::tls_established(SimTime now)
{
    if (wants_close())
        return;
    const bool after_starttls = state_ == ClientState::StartingTls;
    tls_ = true;
    heard_ = now;
    offered_ = Offered(); // What was announced in clear is forgotten (6.2.1).
    go(ClientInput::TlsEstablished);
    if (after_starttls) {
        tag_ = fmt::format("a{}", ++tags_);
        verb_ = Verb::Capability;
        say(tag_ + " CAPABILITY");
    }
}

// ---- Responses

void Client::work()
{
    while (!wants_close() && state_ != ClientState::StartingTls && take_response())
        ;
    if (wants_close() || state_ == ClientState::StartingTls) {
        input_.clear();
        assembled_ = 0;
        literals_ = 0;
    }
    if (news_ && state_ == ClientState::Idling) { // Once for all that came together.
        news_ = false;
        events_.push(NewsHeard{selected_});
    }
}

/// Puts lines and literals together; false while something is missing.
bool Client::take_response()
{
    const ByteView rest = ByteView(input_).substr(assembled_);
    const std::size_t room = limits::response_bytes_max - (assembled_ - literals_);
    const std::optional<Line> line = first_line(rest.substr(0, room + 1));
    if (!line) {
        const bool foreign =
            state_ == ClientState::Greeting && rest.size() >= 2 && rest.substr(0, 2) != "* ";
        if (rest.size() > room || (foreign && rest.size() >= limits::quoted_bytes_max))
            violation(input_);
        return false;
    }
    if (const std::optional<LiteralAnnounced> literal = announced_literal(line->text)) {
        if (literal->size > mailscope::limits::message_bytes_max ||
            literals_ + literal->size > mailscope::limits::message_bytes_max) {
            violation(line->text);
            return false;
        }
        if (rest.size() < line->taken + literal->size)
            return false;
        assembled_ += line->taken + literal->size;
        literals_ += literal->size;
        return true;
    }
    const std::string response = input_.substr(0, assembled_ + line->text.size());
    input_.erase(0, assembled_ + line->taken);
    assembled_ = 0;
    literals_ = 0;
    handle(response);
    return true;
}

void Client::handle(ByteView text)
{
    const std::optional<Response> response = parse_response(text);
    if (!response || (response->kind == Response::Kind::Tagged && response->tag != tag_))
        return violation(text);
    if (state_ == ClientState::Greeting)
        return handle_greeting(*response);
    switch (response->kind) {
    case Response::Kind::Untagged:
        return handle_untagged(*response, text);
    case Response::Kind::Continuation:
        return handle_continuation();
    case Response::Kind::Tagged:
        tag_.clear();
        return handle_tagged(*response, text);
    }
}

void Client::handle_greeting(const Response &response)
{
    const ByteView word = response.word;
    if (response.kind != Response::Kind::Untagged)
        return violation(response.rest);
    if (equals_ignoring_case(word, "BYE")) {
        events_.push(SentAway{quoted_line(response.rest)});
        return go(ClientInput::TurnedAway);
    }
    if (!equals_ignoring_case(word, "OK")) // PREAUTH is for tunnels, which we have none of.
        return violation(word);
    request(ClientInput::GreetingRead, Verb::Capability, "");
}

void Client::handle_untagged(const Response &response, ByteView text)
{
    const ByteView word = response.word;
    if (equals_ignoring_case(word, "BYE")) {
        if (state_ == ClientState::LoggingOut)
            return;
        events_.push(SentAway{quoted_line(response.rest)});
        return go(ClientInput::ByeRead);
    }
    if (equals_ignoring_case(word, "CAPABILITY"))
        return read_capabilities(response.rest);
    if (starts_with_ignoring_case(response.code, "CAPABILITY "))
        return read_capabilities(response.code.substr(11));
    if (starts_with_ignoring_case(response.code, "COPYUID ")) // MOVE says it so (RFC 6851 4.3).
        copy_uid_ = response.code.substr(8);
    if (const auto validity = code_number(response.code, "UIDVALIDITY"))
        uid_validity_ = *validity;
    if (equals_ignoring_case(word, "LIST") && state_ == ClientState::Listing) {
        std::optional<ListedFolder> folder = parse_list(response.rest);
        if (!folder || folders_.size() == limits::folders_max)
            return violation(text);
        return folders_.push_back(std::move(*folder));
    }
    if (equals_ignoring_case(word, "FETCH"))
        handle_letter(response, text);
    const bool news = equals_ignoring_case(word, "EXISTS") ||
                      equals_ignoring_case(word, "EXPUNGE") || equals_ignoring_case(word, "FETCH");
    news_ = news_ || (news && (state_ == ClientState::Idling || state_ == ClientState::AskingIdle));
}

void Client::handle_continuation()
{
    if (state_ == ClientState::AwaitingChallenge) {
        go(ClientInput::ChallengeRead);
        return say(plain_response());
    }
    if (state_ == ClientState::AskingIdle) {
        go(ClientInput::Listening);
        events_.push(ListeningBegan{});
        return pump(); // Orders may have come meanwhile.
    }
    if (state_ != ClientState::Appending)
        return violation("+");
    go(ClientInput::LetterWelcome);
    output_.begin(OutputKind::Content);
    output_.append(orders_.front().content.view());
    output_.append("\r\n");
}

void Client::handle_tagged(const Response &response, ByteView text)
{
    const bool ok = response.word == "OK";
    if (ok && starts_with_ignoring_case(response.code, "CAPABILITY "))
        read_capabilities(response.code.substr(11));
    if (ok && starts_with_ignoring_case(response.code, "COPYUID "))
        copy_uid_ = response.code.substr(8);
    switch (state_) {
    case ClientState::Capabilities:
        return after_capabilities();
    case ClientState::AskingTls:
        if (ok) {
            go(ClientInput::TlsAgreed);
            return events_.push(TlsStarted{});
        }
        if (options_->starttls != StartTlsUse::Required)
            return login();
        events_.push(TlsUnavailable{});
        return give_up();
    case ClientState::AwaitingChallenge:
    case ClientState::LoggingIn:
        if (ok && state_ == ClientState::LoggingIn)
            return request(ClientInput::LoginAccepted, Verb::List, "\"\" \"*\"");
        events_.push(LoginRefused{quoted_line(text)});
        return give_up();
    case ClientState::Listing:
        if (!ok) {
            events_.push(RequestRefused{Verb::List, std::string(), quoted_line(text), false});
            return give_up();
        }
        go(ClientInput::FoldersRead);
        return events_.push(FoldersListed{std::move(folders_)});
    case ClientState::LoggingOut:
        go(ClientInput::LogoutAnswered);
        if (!gave_up_)
            events_.push(Done{});
        return;
    default:
        return order_answered(response, text);
    }
}

// ---- The way to the login

void Client::read_capabilities(ByteView words)
{
    offered_.starttls = has_word(words, "STARTTLS");
    offered_.login = !has_word(words, "LOGINDISABLED");
    offered_.auth_plain = has_word(words, "AUTH=PLAIN");
    offered_.sasl_ir = has_word(words, "SASL-IR");
    offered_.idle = has_word(words, "IDLE");
    offered_.uidplus = has_word(words, "UIDPLUS");
    offered_.move = has_word(words, "MOVE");
}

void Client::after_capabilities()
{
    if (tls_ || options_->starttls == StartTlsUse::Never)
        return login();
    if (offered_.starttls)
        return request(ClientInput::TlsWanted, Verb::StartTls, "");
    if (options_->starttls == StartTlsUse::WhenOffered)
        return login();
    events_.push(TlsUnavailable{});
    give_up();
}

/// LOGIN where it is allowed and can say the password, otherwise AUTHENTICATE PLAIN.
void Client::login()
{
    const bool plain = is_plain(options_->user) && is_plain(options_->password);
    if (plain && (offered_.login || !offered_.auth_plain)) {
        std::string arguments;
        append_astring(arguments, options_->user);
        arguments += ' ';
        append_astring(arguments, options_->password);
        return request(ClientInput::LoginWanted, Verb::Login, arguments);
    }
    if (offered_.sasl_ir)
        return request(ClientInput::LoginWanted, Verb::Authenticate, "PLAIN " + plain_response());
    request(ClientInput::LongAuthWanted, Verb::Authenticate, "PLAIN");
}

/// RFC 4616 2: no authorization identity, user, password.
std::string Client::plain_response() const
{
    const char nul = '\0';
    return mail::base64_encode(nul + options_->user + nul + options_->password);
}

void Client::request(ClientInput input, Verb verb, ByteView rest)
{
    go(input);
    verb_ = verb;
    tag_ = fmt::format("a{}", ++tags_);
    if (verb == Verb::Unknown) // UID commands stand whole in `rest`.
        return say(fmt::format("{} {}", tag_, rest));
    say(fmt::format("{} {}{}{}", tag_, to_string(verb), rest.empty() ? "" : " ", rest));
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
    request(ClientInput::GivingUp, Verb::Logout, "");
}

void Client::violation(ByteView line)
{
    if (!line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    const auto end = std::find_if(line.begin(), line.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t';
    });
    line = line.substr(0, std::max<std::size_t>(static_cast<std::size_t>(end - line.begin()), 1));
    events_.push(ProtocolViolation{quoted_line(line)});
    go(ClientInput::Violation);
}

void Client::go(ClientInput input)
{
    const ClientTransition *row = find_transition(state_, input);
    MS_CHECK(row != nullptr);
    state_ = row->next;
}

} // namespace mailscope::imap
