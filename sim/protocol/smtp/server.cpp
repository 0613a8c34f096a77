// The server engine's framing: from bytes to lines, letters and chunks, and the answers.
#include "sim/protocol/smtp/server.h"

#include "sim/core/check.h"
#include "sim/core/limits.h"

#include <algorithm>

namespace mailscope::smtp
{

namespace
{

constexpr bool is_question(ServerState state)
{
    switch (state) {
    case ServerState::AskingSender:
    case ServerState::AskingRecipient:
    case ServerState::AskingContent:
    case ServerState::AskingAuth:
    case ServerState::AskingVerify:
        return true;
    default:
        return false;
    }
}

Stage stage_of(ServerState state)
{
    switch (state) {
    case ServerState::Opening:
        return Stage::Greeting;
    case ServerState::AskingSender:
        return Stage::Mail;
    case ServerState::AskingRecipient:
        return Stage::Rcpt;
    case ServerState::Content:
    case ServerState::Chunk:
        return Stage::Content;
    case ServerState::AskingContent:
        return Stage::EndOfData;
    case ServerState::AuthPlain:
    case ServerState::AuthUser:
    case ServerState::AuthPassword:
    case ServerState::AskingAuth:
        return Stage::Auth;
    default:
        return Stage::Idle;
    }
}

} // namespace

std::optional<ServerEvent> Server::next_event() { return events_.pop(); }

Server::Server(std::shared_ptr<const ServerOptions> options, std::string peer_address)
    : options_(std::move(options)), peer_address_(std::move(peer_address))
{
    MS_CHECK(options_ != nullptr);
}

void Server::greet(const Reply &reply, SimTime now)
{
    if (state_ == ServerState::Closed)
        return;
    MS_CHECK(state_ == ServerState::Opening);
    encode_reply(output_, reply.code, reply.status, reply.text);
    heard_at_ = now;
    if (reply.code == 421) {
        close();
        return;
    }
    go(reply.is_positive() ? ServerInput::GreetingGood : ServerInput::GreetingBad);
    process(now);
}

void Server::receive(ByteView bytes, SimTime now)
{
    if (state_ == ServerState::Closed || bytes.empty())
        return;
    heard_at_ = now;
    if (is_asking() && input_.size() - used_ + bytes.size() > limits::waiting_input_max) {
        say(Phrase::InputExceeded, options_->hostname);
        close();
        return;
    }
    input_.reserve(256);
    input_.append(bytes);
    process(now);
}

void Server::peer_closed(SimTime)
{
    if (state_ == ServerState::Closed)
        return;
    events_.push(PeerVanished{stage_of(state_)});
    close();
}

SimTime Server::next_deadline() const
{
    const bool waits_for_client =
        state_ != ServerState::Opening && state_ != ServerState::Closed && !is_asking();
    return waits_for_client ? heard_at_ + options_->timeout : time_never;
}

void Server::on_time(SimTime now)
{
    if (now < next_deadline())
        return;
    events_.push(TimedOut{stage_of(state_)});
    say(Phrase::TimeExceeded, options_->hostname);
    close();
}

void Server::shut_down(const Reply &reply, SimTime)
{
    if (state_ == ServerState::Closed)
        return;
    encode_reply(output_, reply.code, reply.status, reply.text);
    close();
}

bool Server::is_asking() const { return is_question(state_); }

void Server::answer(const Reply &reply, SimTime now)
{
    if (state_ == ServerState::Closed)
        return;
    MS_CHECK(is_asking());
    MS_CHECK(reply.code >= 200);
    MS_CHECK(!reply.is_intermediate());
    heard_at_ = now;
    for (std::size_t due = state_ == ServerState::AskingContent ? replies_due_ : 1; due > 0; --due)
        encode_reply(output_, reply.code, reply.status, reply.text);
    if (reply.is_positive())
        accepted();
    else
        refused(reply);
    if (reply.code == 421)
        close();
    process(now);
}

void Server::answer_each(std::span<const Reply> replies, SimTime now)
{
    if (state_ == ServerState::Closed)
        return;
    MS_CHECK(options_->lmtp);
    MS_CHECK(state_ == ServerState::AskingContent);
    MS_CHECK(replies.size() == replies_due_);
    heard_at_ = now;
    for (const Reply &reply : replies) {
        MS_CHECK(reply.code >= 200);
        encode_reply(output_, reply.code, reply.status, reply.text);
        if (!reply.is_positive())
            events_.push(CommandRefused{verb_, reply});
    }
    accepted();
    process(now);
}

void Server::accept(SimTime now)
{
    if (state_ == ServerState::Closed)
        return;
    MS_CHECK(is_asking());
    heard_at_ = now;
    switch (state_) {
    case ServerState::AskingSender:
        say(Phrase::SenderOk);
        break;
    case ServerState::AskingRecipient:
        say(Phrase::RecipientOk);
        break;
    case ServerState::AskingAuth:
        say(Phrase::AuthOk);
        break;
    case ServerState::AskingVerify:
        say(Phrase::VerifyUnsaid, candidate_.address);
        break;
    default:
        for (std::size_t due = replies_due_; due > 0; --due)
            say(Phrase::Ok);
        break;
    }
    accepted();
    process(now);
}

Envelope Server::take_transaction()
{
    MS_CHECK(state_ == ServerState::AskingContent);
    return std::exchange(envelope_, Envelope{});
}

/// What a positive answer to the open question means.
void Server::accepted()
{
    switch (state_) {
    case ServerState::AskingSender:
        in_transaction_ = true;
        events_.push(TransactionStarted{});
        break;
    case ServerState::AskingRecipient:
        envelope_.recipients.push_back(std::move(candidate_));
        break;
    case ServerState::AskingContent:
        clear_transaction();
        errors_ = 0;
        break;
    case ServerState::AskingAuth:
        identity_ = std::move(auth_user_);
        break;
    default:
        break;
    }
    go(ServerInput::Accepted);
}

/// Notes a refusal that has been said; too many of them end the session.
void Server::refused(const Reply &reply)
{
    events_.push(CommandRefused{verb_, reply});
    const bool counts = speaks(Dialect::Postfix) || (!is_asking() && reply.is_permanent());
    if (verb_ == Verb::Rcpt && speaks(Dialect::Exim)) {
        const std::string said = to_string(reply);
        recipient_refusals_differ_ |= !recipient_refusal_.empty() && recipient_refusal_ != said;
        recipient_refusal_ = said;
    }
    if (is_asking()) {
        if (state_ == ServerState::AskingSender || state_ == ServerState::AskingContent)
            clear_transaction();
        go(ServerInput::Refused);
    }
    errors_ += counts ? 1U : 0U;
    if (errors_ < options_->errors_max || state_ == ServerState::Closed)
        return;
    if (speaks(Dialect::Postfix))
        say(Phrase::ErrorsExceeded, options_->hostname);
    close();
}

void Server::process(SimTime)
{
    Progress progress = Progress::Made;
    while (progress == Progress::Made && used_ < input_.size()) {
        if (is_asking() || state_ == ServerState::Opening)
            break;
        if (state_ == ServerState::Content)
            progress = take_content();
        else if (state_ == ServerState::Chunk || state_ == ServerState::SkippedChunk)
            progress = take_chunk();
        else if (state_ == ServerState::Closed)
            used_ = input_.size();
        else
            progress = take_line();
    }
    input_.erase(0, used_);
    used_ = 0;
}

Server::Progress Server::take_line()
{
    const bool in_auth = state_ == ServerState::AuthPlain || state_ == ServerState::AuthUser ||
                         state_ == ServerState::AuthPassword;
    const std::size_t line_max = in_auth ? limits::auth_line_max : limits::command_line_max;
    const ByteView left = ByteView(input_).substr(used_);
    const std::size_t newline = left.find('\n');
    if (newline == ByteView::npos) {
        // What lies behind the limit is ignored up to the line's end. Two octets more tell a line
        // of the greatest length, with its carriage return, from a longer one.
        input_.resize(std::min(input_.size(), used_ + line_max + 2));
        return Progress::NeedsMore;
    }
    ByteView line = left.substr(0, newline);
    used_ += newline + 1;
    const bool cut = line.size() > line_max + 1;
    const bool with_crlf = !line.empty() && line.back() == '\r';
    if (!cut && refuses_bare_newline(with_crlf))
        return Progress::Made;
    if (!cut && with_crlf)
        line.remove_suffix(1);
    if (in_auth && line.size() > line_max)
        auth_broken(Phrase::AuthLineTooLong);
    else if (in_auth)
        auth_line(line);
    else
        command(line.substr(0, line_max));
    return Progress::Made;
}

bool Server::refuses_bare_newline(bool with_crlf)
{
    if (with_crlf || options_->bare_newline != BareNewline::Reject)
        return false;
    say(Phrase::BareNewline, options_->hostname);
    close();
    return true;
}

/// A lone dot ends a letter only between two CRLF (RFC 5321 4.1.1.4); a server that is less strict
/// lets one message smuggle another.
bool Server::ends_content(bool with_crlf) const
{
    return options_->bare_newline == BareNewline::Allow || (with_crlf && crlf_before_);
}

Server::Progress Server::take_content()
{
    const ByteView left = ByteView(input_).substr(used_);
    std::size_t begin = 0; // of lines that go into the letter as they are
    std::size_t at = 0;
    for (;;) {
        const std::size_t newline = left.find('\n', at);
        if (newline == ByteView::npos)
            break;
        const bool with_crlf = newline > at && left[newline - 1] == '\r';
        const bool dotted = left[at] == '.' && !line_open_;
        const bool plain = with_crlf && !dotted;
        if (!plain) {
            keep_content(left.substr(begin, at - begin));
            if (refuses_bare_newline(with_crlf))
                return Progress::Made;
            const ByteView line = left.substr(at, newline - at - (with_crlf ? 1U : 0U));
            if (dotted && line.size() == 1 && ends_content(with_crlf)) {
                used_ += newline + 1;
                end_content(ServerInput::EndOfData);
                return Progress::Made;
            }
            keep_content(line.substr(dotted ? 1 : 0));
            keep_content("\r\n");
            begin = newline + 1;
        }
        crlf_before_ = with_crlf;
        line_open_ = false;
        at = newline + 1;
    }
    keep_content(left.substr(begin, at - begin));
    used_ += at;
    return hold_open_line(left.substr(at));
}

/// `left` is the front of a line. A long one is kept in pieces, but for an octet that may be the
/// carriage return of its end.
Server::Progress Server::hold_open_line(ByteView left)
{
    if (left.size() > limits::open_line_max) {
        const std::size_t skip = left.front() == '.' && !line_open_ ? 1 : 0;
        keep_content(left.substr(skip, left.size() - skip - 1));
        used_ += left.size() - 1;
        line_open_ = true;
    }
    return Progress::NeedsMore;
}

void Server::keep_content(ByteView bytes)
{
    const std::uint64_t configured = options_->size_limit;
    const std::uint64_t backstop = mailscope::limits::message_bytes_max;
    const std::uint64_t size_max = configured == 0 ? backstop : std::min(configured, backstop);
    content_size_ += bytes.size();
    if (content_size_ <= size_max)
        content_.append(bytes);
    else
        content_.clear();
}

void Server::end_content(ServerInput input)
{
    const bool too_large = content_size_ != content_.size();
    // RFC 2033 4.2: a reply for each recipient, although it is the same for all.
    replies_due_ = options_->lmtp ? envelope_.recipients.size() : 1;
    if (too_large) {
        clear_transaction();
        go(ServerInput::DataTooLarge);
        for (std::size_t due = replies_due_; due > 1; --due)
            say(Phrase::SizeExceeded);
        refuse(Phrase::SizeExceeded);
        return;
    }
    events_.push(ContentAsked{content_.joined(), verb_ == Verb::Bdat});
    go(input);
    content_.clear();
}

Server::Progress Server::take_chunk()
{
    const ByteView left = ByteView(input_).substr(used_);
    const ByteView part =
        left.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, left.size())));
    used_ += part.size();
    chunk_left_ -= part.size();
    if (state_ == ServerState::Chunk)
        keep_content(part);
    if (chunk_left_ != 0)
        return Progress::NeedsMore;
    if (state_ == ServerState::SkippedChunk) {
        go(ServerInput::EndOfChunk);
        refuse(chunk_refusal_);
    } else if (last_chunk_ || content_size_ != content_.size()) {
        end_content(ServerInput::EndOfLastChunk);
    } else {
        go(ServerInput::EndOfChunk);
        say(Phrase::ChunkOk, std::to_string(chunk_size_));
    }
    return Progress::Made;
}

void Server::go(ServerInput input)
{
    const ServerTransition *row = find_transition(state_, input);
    MS_CHECK(row != nullptr);
    if (row->to == ServerState::Back)
        state_ = back_;
    else if (row->to != ServerState::Same)
        state_ = row->to;
}

void Server::say(Phrase phrase, std::string_view argument)
{
    const Words &said = words(options_->dialect, phrase);
    if (said.text.find("{}") == std::string_view::npos) {
        encode_reply(output_, said.code, said.status, said.text);
    } else {
        const Reply reply = make_reply(options_->dialect, phrase, argument);
        encode_reply(output_, reply.code, reply.status, reply.text);
    }
}

void Server::refuse(Phrase phrase, std::string_view argument)
{
    Reply reply = make_reply(options_->dialect, phrase, argument);
    // Exim has no reply of its own for that: it adds a line to the last refusal.
    if (speaks(Dialect::Exim) && reply.is_permanent() && errors_ + 1 >= options_->errors_max)
        reply.text += "\nToo many syntax or protocol errors";
    encode_reply(output_, reply.code, reply.status, reply.text);
    refused(reply);
}

void Server::reset_transaction()
{
    if (in_transaction_)
        events_.push(TransactionReset{});
    clear_transaction();
}

void Server::clear_transaction()
{
    envelope_.reverse_path.clear();
    envelope_.recipients.clear();
    envelope_.envid.clear();
    envelope_.size = 0;
    envelope_.body = Body::Unsaid;
    envelope_.ret = Return::Unsaid;
    envelope_.smtputf8 = false;
    recipient_refusal_.clear();
    recipient_refusals_differ_ = false;
    content_.clear();
    content_size_ = 0;
    in_transaction_ = false;
}

void Server::close()
{
    reset_transaction();
    state_ = ServerState::Closed;
    input_.clear();
    used_ = 0;
}

} // namespace mailscope::smtp
