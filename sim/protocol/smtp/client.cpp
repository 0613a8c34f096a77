// The client engine: replies move it from command to command.
#include "sim/protocol/smtp/client.h"

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/mail/encoding.h"

#include <utility>

namespace mailscope::smtp
{

namespace
{

/// Room for what goes along with a letter: a few doubled dots, the last dot, QUIT.
constexpr std::size_t around_content = 64;

/// How much of a line that is no reply an event repeats.
constexpr std::size_t quoted_line_max = 200;

/// RFC 4616 2: the user acts as itself.
std::string plain_message(const Credentials &credentials)
{
    std::string message(1, '\0');
    message.append(credentials.user).push_back('\0');
    message.append(credentials.password);
    return mail::base64_encode(message);
}

/// Appends a letter with its lines ended by CRLF, leading dots doubled (RFC 5321 4.5.2) and the
/// final dot.
void append_content(OutputBuffer &out, ByteView content)
{
    out.make_room(content.size() + around_content);
    std::size_t begin = 0; // of what is not yet appended
    std::size_t at = 0;
    while (at < content.size()) {
        if (content[at] == '.') {
            out.append(content.substr(begin, at - begin));
            out.append(".");
            begin = at;
        }
        const std::size_t newline = content.find('\n', at);
        if (newline == ByteView::npos)
            break;
        if (newline == 0 || content[newline - 1] != '\r') {
            out.append(content.substr(begin, newline - begin));
            out.append("\r\n");
            begin = newline + 1;
        }
        at = newline + 1;
    }
    out.append(content.substr(begin));
    const bool line_ended = content.empty() || content.back() == '\n';
    out.append(line_ended ? ".\r\n" : "\r\n.\r\n");
}

} // namespace

std::optional<ClientEvent> Client::next_event() { return events_.pop(); }

Client::Client(std::shared_ptr<const ClientOptions> options, SimTime now)
    : options_(std::move(options)), since_(now)
{
    MS_CHECK(options_ != nullptr);
}

Stage Client::stage() const
{
    switch (state_) {
    case ClientState::Greeting:
        return Stage::Greeting;
    case ClientState::Ehlo:
        return Stage::Ehlo;
    case ClientState::Helo:
        return Stage::Helo;
    case ClientState::StartTls:
        return Stage::StartTls;
    case ClientState::Auth:
    case ClientState::AuthUser:
    case ClientState::AuthPassword:
        return Stage::Auth;
    case ClientState::Mail:
        return Stage::Mail;
    case ClientState::Rcpt:
        return Stage::Rcpt;
    case ClientState::Data:
        return Stage::Data;
    case ClientState::EndOfData:
    case ClientState::EmptyData:
        return Stage::EndOfData;
    case ClientState::Rset:
        return Stage::Rset;
    case ClientState::Quit:
        return Stage::Quit;
    default:
        return Stage::Idle;
    }
}

void Client::receive(ByteView bytes, SimTime now)
{
    if (state_ == ClientState::Closed)
        return;
    // As a rule whole lines come and nothing waits: they are read where they lie.
    std::string waited = std::exchange(input_, std::string());
    if (!waited.empty())
        bytes = waited.append(bytes);
    while (state_ != ClientState::Closed) {
        const std::size_t newline = bytes.find('\n');
        if (newline == ByteView::npos && bytes.size() <= limits::reply_line_max + 1)
            break;
        std::string_view line = bytes.substr(0, newline);
        bytes.remove_prefix(newline == ByteView::npos ? bytes.size() : newline + 1);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        since_ = now;
        const bool was_tls = tls_;
        take_line(line);
        // RFC 3207 4.2: what stands behind the answer to STARTTLS was not said inside.
        if (tls_ != was_tls)
            bytes = ByteView();
    }
    if (state_ != ClientState::Closed)
        input_ = bytes;
}

void Client::take_line(std::string_view line)
{
    const ReplyParser::Status status =
        line.size() > limits::reply_line_max ? ReplyParser::Status::Malformed : parser_.add(line);
    if (status == ReplyParser::Status::Complete)
        on_reply(parser_.reply());
    if (status != ReplyParser::Status::Malformed)
        return;
    events_.push(ProtocolViolation{stage(), std::string(line.substr(0, quoted_line_max))});
    close();
}

void Client::on_reply(const Reply &reply)
{
    // RFC 5321 3.8 and 4.2.1: 421 may answer any command, and the session is over.
    if (reply.code == 421 && state_ != ClientState::Quit) {
        refuse_session(reply);
        close();
        return;
    }
    switch (state_) {
    case ClientState::Greeting:
        on_greeting(reply);
        break;
    case ClientState::Ehlo:
        on_ehlo(reply);
        break;
    case ClientState::Helo:
        on_helo(reply);
        break;
    case ClientState::StartTls:
        on_starttls(reply);
        break;
    case ClientState::Auth:
        on_auth(reply);
        break;
    case ClientState::AuthUser:
    case ClientState::AuthPassword:
        on_login(reply);
        break;
    case ClientState::Mail:
        on_mail(reply);
        break;
    case ClientState::Rcpt:
        on_rcpt(reply);
        break;
    case ClientState::Data:
        on_data(reply);
        break;
    case ClientState::EndOfData:
        on_end_of_data(reply);
        break;
    case ClientState::EmptyData:
        go(ClientInput::Bad);
        next_message();
        break;
    case ClientState::Rset:
        go(ClientInput::Good);
        next_message();
        break;
    case ClientState::Quit:
        close();
        break;
    default: // nothing was asked
        events_.push(ProtocolViolation{Stage::Idle, to_string(reply)});
        close();
        break;
    }
}

void Client::on_greeting(const Reply &reply)
{
    if (!reply.is_positive()) {
        refuse_session(reply);
        end_session();
        return;
    }
    introduce();
    go(ClientInput::Good);
}

/// Says EHLO; what the server offered before is forgotten.
void Client::introduce()
{
    offers_ = ServerOffers{};
    say("EHLO ", options_->hostname);
}

void Client::on_ehlo(const Reply &reply)
{
    if (reply.is_permanent()) {
        // RFC 5321 3.2: a server that does not know EHLO is spoken to in the old way.
        say("HELO ", options_->hostname);
        go(ClientInput::WantsHelo);
        return;
    }
    if (!reply.is_positive()) {
        refuse_session(reply);
        end_session();
        return;
    }
    offers_ = parse_offers(reply.text);
    const bool wants_tls = !tls_ && options_->tls != TlsUse::Never;
    if (wants_tls && offers_.starttls) {
        say("STARTTLS");
        go(ClientInput::WantsTls);
    } else if (wants_tls && options_->tls == TlsUse::Required) {
        events_.push(TlsNotOffered{});
        end_session();
    } else {
        authenticate_or_be_ready(ClientInput::Good);
    }
}

void Client::on_helo(const Reply &reply)
{
    if (!reply.is_positive()) {
        refuse_session(reply);
        end_session();
    } else if (options_->tls == TlsUse::Required && !tls_) {
        events_.push(TlsNotOffered{});
        end_session();
    } else {
        authenticate_or_be_ready(ClientInput::Good);
    }
}

void Client::on_starttls(const Reply &reply)
{
    if (reply.code == 220) {
        tls_ = true;
        events_.push(TlsStarted{});
        introduce();
        go(ClientInput::Good);
    } else if (options_->tls == TlsUse::Required) {
        events_.push(TlsNotOffered{reply});
        end_session();
    } else {
        authenticate_or_be_ready(ClientInput::Bad);
    }
}

void Client::authenticate_or_be_ready(ClientInput ready)
{
    if (!options_->credentials) {
        go(ready);
        events_.push(Ready{});
    } else if (offers_.auth_plain) {
        const std::string message = plain_message(*options_->credentials);
        // RFC 4954 4: an initial response that makes the line too long waits for "334 ".
        constexpr std::size_t around = std::string_view("AUTH PLAIN \r\n").size();
        credentials_sent_ = message.size() + around <= limits::command_line_min;
        if (credentials_sent_)
            say("AUTH PLAIN ", message);
        else
            say("AUTH PLAIN");
        go(ClientInput::WantsAuth);
    } else if (offers_.auth_login) {
        say("AUTH LOGIN");
        go(ClientInput::WantsLogin);
    } else {
        events_.push(AuthFailed{});
        end_session();
    }
}

void Client::on_auth(const Reply &reply)
{
    if (reply.is_positive()) {
        events_.push(AuthSucceeded{reply});
        go(ClientInput::Good);
        events_.push(Ready{});
    } else if (reply.is_intermediate() && !credentials_sent_) {
        say(plain_message(*options_->credentials));
        credentials_sent_ = true;
        go(ClientInput::GoOn);
    } else {
        events_.push(AuthFailed{reply});
        end_session();
    }
}

/// AUTH LOGIN: whatever the prompts say, the first wants the user and the second the password.
void Client::on_login(const Reply &reply)
{
    if (!reply.is_intermediate()) {
        events_.push(AuthFailed{reply});
        end_session();
        return;
    }
    const Credentials &credentials = *options_->credentials;
    const bool first = state_ == ClientState::AuthUser;
    say(mail::base64_encode(first ? credentials.user : credentials.password));
    credentials_sent_ = true;
    go(ClientInput::GoOn);
}

void Client::begin(Envelope envelope, SharedBytes content, After after, SimTime now)
{
    if (state_ == ClientState::Closed)
        return;
    MS_CHECK(state_ == ClientState::Ready);
    MS_CHECK(!envelope.recipients.empty());
    since_ = now;
    envelope_ = std::move(envelope);
    content_ = std::move(content);
    after_ = after;
    answered_ = 0;
    accepted_ = 0;
    sender_bad_ = false;
    if (!can_send()) {
        if (envelope_.smtputf8 && !offers_.smtputf8)
            events_.push(MessageUnsendable{
                {5, 6, 7}, "SMTPUTF8 is required, but was not offered by the server"});
        else
            events_.push(MessageUnsendable{
                {5, 3, 4},
                "message size " + std::to_string(content_.size()) + " exceeds size limit " +
                    std::to_string(offers_.size_limit) + " of the server"});
        next_message();
        return;
    }
    grouped_ = offers_.pipelining && options_->pipelining &&
               options_->partial_refusal == PartialRefusal::SendToRest;
    say_mail();
    if (grouped_) {
        for (const Recipient &recipient : envelope_.recipients)
            say_rcpt(recipient);
        say("DATA");
    }
    go(ClientInput::Begin);
}

bool Client::can_send() const
{
    const bool too_large =
        options_->checks_size && offers_.size_limit != 0 && content_.size() > offers_.size_limit;
    return !too_large && (!envelope_.smtputf8 || offers_.smtputf8);
}

void Client::say_mail()
{
    output_.begin(OutputKind::Command);
    output_.append("MAIL FROM:<");
    output_.append(envelope_.reverse_path);
    output_.append(">");
    if (offers_.size) {
        output_.append(" SIZE=");
        output_.append(std::to_string(content_.size()));
    }
    if (offers_.eight_bit_mime && envelope_.body != Body::Unsaid)
        output_.append(envelope_.body == Body::EightBitMime ? " BODY=8BITMIME" : " BODY=7BIT");
    if (envelope_.smtputf8)
        output_.append(" SMTPUTF8");
    if (offers_.dsn && !envelope_.envid.empty()) {
        output_.append(" ENVID=");
        output_.append(envelope_.envid);
    }
    if (offers_.dsn && envelope_.ret != Return::Unsaid)
        output_.append(envelope_.ret == Return::Full ? " RET=FULL" : " RET=HDRS");
    output_.append("\r\n");
}

void Client::say_rcpt(const Recipient &recipient)
{
    output_.begin(OutputKind::Command);
    output_.append("RCPT TO:<");
    output_.append(recipient.address);
    output_.append(">");
    if (offers_.dsn && !recipient.orcpt.empty()) {
        output_.append(" ORCPT=");
        output_.append(recipient.orcpt);
    }
    if (offers_.dsn && !recipient.notify.unsaid()) {
        output_.append(" NOTIFY=");
        output_.append(to_string(recipient.notify));
    }
    output_.append("\r\n");
}

void Client::on_mail(const Reply &reply)
{
    if (!reply.is_positive()) {
        events_.push(SenderRefused{reply});
        sender_bad_ = true;
        if (grouped_)
            go(ClientInput::GroupRunsOn);
        else
            abandon_transaction(ClientInput::Bad);
        return;
    }
    if (!grouped_)
        say_rcpt(envelope_.recipients.front());
    go(ClientInput::Good);
}

void Client::on_rcpt(const Reply &reply)
{
    const std::uint32_t index = answered_++;
    // Recipients of a refused sender are refused with it, whatever is said about them.
    if (!sender_bad_ && reply.is_positive()) {
        ++accepted_;
        events_.push(RecipientAccepted{index, reply});
    } else if (!sender_bad_) {
        events_.push(RecipientRefused{index, reply});
    }
    const bool all = accepted_ == envelope_.recipients.size();
    const bool may_go_on =
        options_->partial_refusal == PartialRefusal::SendToNone ? all : accepted_ > 0;
    if (answered_ < envelope_.recipients.size()) {
        if (!grouped_)
            say_rcpt(envelope_.recipients[answered_]);
        go(ClientInput::MoreRecipients);
    } else if (!grouped_ && !may_go_on) {
        abandon_transaction(ClientInput::NoRecipients);
    } else {
        if (!grouped_)
            say("DATA");
        go(ClientInput::AllAnswered);
    }
}

void Client::on_data(const Reply &reply)
{
    if (reply.is_intermediate() && accepted_ > 0) {
        say_content();
        go(ClientInput::GoOn);
    } else if (reply.is_intermediate()) {
        output_.begin(OutputKind::Content);
        output_.append(".\r\n");
        go(ClientInput::EmptyData);
    } else {
        if (accepted_ > 0)
            events_.push(MessageRefused{Stage::Data, reply});
        abandon_transaction(ClientInput::Bad);
    }
}

void Client::say_content()
{
    output_.begin(OutputKind::Content);
    append_content(output_, content_.view());
    // RFC 2920 3.1: content may be first in a group, QUIT last.
    quit_sent_ = grouped_ && after_ == After::Quit;
    if (quit_sent_)
        say("QUIT");
}

void Client::on_end_of_data(const Reply &reply)
{
    const bool good = reply.is_positive();
    if (good)
        events_.push(MessageAccepted{reply});
    else
        events_.push(MessageRefused{Stage::EndOfData, reply});
    go(good ? ClientInput::Good : ClientInput::Bad);
    next_message();
}

/// Says RSET, and QUIT in the same group where that is possible.
void Client::abandon_transaction(ClientInput input)
{
    say("RSET");
    quit_sent_ = grouped_ && after_ == After::Quit;
    if (quit_sent_)
        say("QUIT");
    go(input);
}

/// In state Ready, after a message: the next one, or the end.
void Client::next_message()
{
    content_ = SharedBytes();
    if (after_ == After::Wait) {
        events_.push(Ready{});
        return;
    }
    if (!quit_sent_)
        say("QUIT");
    go(ClientInput::Finish);
}

void Client::quit(SimTime now)
{
    if (state_ == ClientState::Closed)
        return;
    MS_CHECK(state_ == ClientState::Ready);
    since_ = now;
    say("QUIT");
    go(ClientInput::Finish);
}

void Client::output_progressed(SimTime now) { since_ = now; }

void Client::end_session()
{
    say("QUIT");
    go(ClientInput::SessionOver);
}

void Client::refuse_session(const Reply &reply) { events_.push(SessionRefused{stage(), reply}); }

void Client::peer_closed(SimTime)
{
    if (state_ == ClientState::Closed)
        return;
    // After QUIT nothing is lost with the reply to it.
    if (state_ != ClientState::Quit)
        events_.push(PeerVanished{stage()});
    close();
}

SimTime Client::next_deadline() const
{
    const ClientTimeouts &timeouts = options_->timeouts;
    switch (state_) {
    case ClientState::Ready:
    case ClientState::Closed:
        return time_never;
    case ClientState::Greeting:
        return since_ + timeouts.greeting;
    case ClientState::Data:
        return since_ + timeouts.data;
    case ClientState::EndOfData:
    case ClientState::EmptyData:
        return since_ + timeouts.end_of_data;
    default:
        return since_ + timeouts.command;
    }
}

void Client::on_time(SimTime now)
{
    if (now < next_deadline())
        return;
    if (state_ != ClientState::Quit)
        events_.push(TimedOut{stage()});
    close();
}

void Client::say(std::string_view verb, std::string_view argument)
{
    output_.begin(OutputKind::Command);
    output_.append(verb);
    output_.append(argument);
    output_.append("\r\n");
}

void Client::go(ClientInput input)
{
    const ClientTransition *row = find_transition(state_, input);
    MS_CHECK(row != nullptr);
    state_ = row->to;
}

void Client::close()
{
    go(state_ == ClientState::Quit ? ClientInput::Good : ClientInput::Shutdown);
    input_.clear();
}

} // namespace mailscope::smtp
