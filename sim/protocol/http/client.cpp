// The HTTP/1.1 client engine; see client.h.
#include "sim/protocol/http/client.h"

#include "sim/core/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope::http
{

namespace
{

constexpr ByteView version_start = "HTTP/1.";

/// Where a line that cannot be a response ends: at its line end, or at an octet that is no text.
std::size_t end_of_foreign_line(ByteView bytes)
{
    const auto is_end = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r';
    };
    return static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(), is_end) -
                                    bytes.begin());
}

} // namespace

Client::Client(std::shared_ptr<const ClientOptions> options) : options_(std::move(options)) {}

std::optional<ClientEvent> Client::next_event() { return events_.pop(); }

void Client::start(SimTime now)
{
    go(ClientInput::Started);
    heard_ = now;
}

void Client::tls_established(SimTime now)
{
    go(ClientInput::TlsEstablished);
    heard_ = now;
}

bool Client::send(const Request &request, SimTime now)
{
    const bool is_open = state_ != ClientState::Closed && state_ != ClientState::ReadingToEnd;
    if (!is_open || last_ || waiting_.size() == limits::pipelined_requests_max)
        return false;
    MS_CHECK(request.method != Method::Unknown && request.method != Method::Connect);
    MS_CHECK(parse_target(request.target).has_value());
    output_.begin(OutputKind::Command);
    output_.append(fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", to_string(request.method),
                               request.target, options_->host));
    if (!options_->user_agent.empty())
        output_.append(fmt::format("User-Agent: {}\r\n", options_->user_agent));
    for (const Field &field : request.fields) {
        MS_CHECK(is_sendable(field));
        output_.append(fmt::format("{}: {}\r\n", field.name, field.value));
    }
    std::string chunks;
    ByteView content = request.content.view();
    const bool may_have_content = request.method == Method::Post || request.method == Method::Put ||
                                  request.method == Method::Patch;
    if (request.chunked) {
        append_chunked(chunks, content);
        content = chunks;
        output_.append("Transfer-Encoding: chunked\r\n");
    } else if (may_have_content || !content.empty()) { // RFC 9110 8.6
        output_.append(fmt::format("Content-Length: {}\r\n", content.size()));
    }
    output_.append("\r\n");
    if (!content.empty()) {
        output_.begin(OutputKind::Content);
        output_.append(content);
    }
    if (has_member(request.fields, "Connection", "close"))
        last_ = true;
    waiting_.push_back(request.method);
    if (waiting_.size() == 1)
        heard_ = now;
    go(ClientInput::RequestSent);
    return true;
}

void Client::receive(ByteView bytes, SimTime now)
{
    if (wants_close())
        return;
    heard_ = now;
    input_.append(bytes);
    while (advance()) {
    }
    if (state_ == ClientState::Idle && taken_ < input_.size()) // Nobody asked for it.
        violation(ByteView(input_).substr(taken_));
    if (wants_close())
        input_.clear();
    else
        input_.erase(0, taken_);
    taken_ = 0;
}

void Client::peer_closed(SimTime)
{
    if (wants_close())
        return;
    const ClientState before = state_;
    if (before == ClientState::AwaitingHead && !has_status_line_ && !input_.empty() &&
        ByteView(input_).substr(0, version_start.size()) != version_start)
        return violation(ByteView(input_).substr(0, end_of_foreign_line(input_)));
    if (before == ClientState::ReadingToEnd)
        complete();
    else
        go(ClientInput::PeerClosed);
    if (before != ClientState::ReadingToEnd && !waiting_.empty())
        events_.push(ClientPeerVanished{before, waiting_.size()});
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
    return waiting_.empty() || wants_close() ? time_never : heard_ + options_->response_wait;
}

/// One step; false when it needs more octets.
bool Client::advance()
{
    const ByteView rest = ByteView(input_).substr(taken_);
    switch (state_) {
    case ClientState::AwaitingHead:
        return !rest.empty() && read_head(rest) && !wants_close();
    case ClientState::ReadingContent:
    case ClientState::ReadingToEnd:
        return read_content(rest);
    case ClientState::ReadingChunks:
        return read_chunks(rest);
    default:
        return false;
    }
}

/// One line of the head; false when it is not there yet.
bool Client::read_head(ByteView rest)
{
    const ByteView start = rest.substr(0, version_start.size());
    if (!has_status_line_ && start != version_start.substr(0, start.size())) {
        const std::size_t end = end_of_foreign_line(rest);
        if (end == rest.size() && rest.size() < limits::quoted_bytes_max)
            return false; // to be told whole
        violation(rest.substr(0, std::max<std::size_t>(end, 1)));
        return true;
    }
    const std::optional<Line> line = first_line(rest);
    const std::size_t length = line ? line->taken : rest.size();
    const std::size_t length_max =
        has_status_line_ ? limits::head_bytes_max - head_bytes_ : limits::start_line_bytes_max;
    if (length > length_max || (line && !line->well_ended)) {
        violation(rest);
        return true;
    }
    if (!line)
        return false;
    taken_ += line->taken;
    if (!has_status_line_) {
        take_status_line(line->text);
    } else {
        head_bytes_ += line->taken;
        if (line->text.empty())
            end_head();
        else
            take_field_line(line->text);
    }
    return true;
}

void Client::take_status_line(ByteView line)
{
    const std::optional<StatusLine> status = parse_status_line(line);
    if (!status)
        return violation(line);
    has_status_line_ = true;
    head_bytes_ = 0;
    minor_ = status->minor;
    response_ = Response{};
    response_.status = status->status;
    response_.reason = status->reason;
}

void Client::take_field_line(ByteView line)
{
    std::optional<Field> field = parse_field_line(line);
    if (!field || response_.fields.size() == limits::fields_max)
        return violation(line);
    response_.fields.push_back(std::move(*field));
}

void Client::end_head()
{
    if (response_.status < 200) {
        has_status_line_ = false;
        return response_.status == 101 ? violation("101") : go(ClientInput::InterimRead);
    }
    last_ = last_ || ends_connection(response_.fields, minor_);
    const Framing framing =
        framing_of_response(response_.fields, minor_, response_.status, waiting_.front());
    if (framing.problem != FramingProblem::None || framing.length > options_->content_bytes_max)
        return violation(
            fmt::format("HTTP/1.{} {} with content of unknown length", minor_, response_.status));
    content_.clear();
    content_length_ = framing.length;
    switch (framing.kind) {
    case Framing::Kind::None:
        return complete();
    case Framing::Kind::Length:
        content_.reserve(
            static_cast<std::size_t>(std::min(framing.length, limits::content_reserve_max)));
        return go(ClientInput::LengthKnown);
    case Framing::Kind::Chunked:
        chunks_ = ChunkReader();
        return go(ClientInput::ChunksFollow);
    case Framing::Kind::UntilClose:
        content_length_ = options_->content_bytes_max;
        return go(ClientInput::NoLengthSaid);
    }
}

bool Client::read_content(ByteView rest)
{
    const ByteView piece =
        rest.substr(0, static_cast<std::size_t>(content_length_ - content_.size()));
    content_.append(piece);
    taken_ += piece.size();
    if (state_ == ClientState::ReadingToEnd) {
        if (piece.size() < rest.size())
            violation("content without end");
        return false;
    }
    if (content_.size() < content_length_)
        return false;
    complete();
    return !wants_close();
}

bool Client::read_chunks(ByteView rest)
{
    const std::size_t before = rest.size();
    const ChunkReader::Result result = chunks_.read(rest, content_, options_->content_bytes_max);
    taken_ += before - rest.size();
    if (result == ChunkReader::Result::More)
        return false;
    if (result == ChunkReader::Result::Complete)
        complete();
    else
        violation(rest);
    return !wants_close();
}

/// The response under way is whole.
void Client::complete()
{
    has_status_line_ = false;
    response_.content = SharedBytes::copy_of(content_);
    content_ = std::string();
    const Method asked = waiting_.front();
    waiting_.erase(waiting_.begin());
    events_.push(ResponseReceived{asked, std::move(response_)});
    response_ = Response{};
    if (state_ == ClientState::ReadingToEnd)
        go(ClientInput::PeerClosed);
    else if (last_)
        go(ClientInput::LastRead);
    else
        go(waiting_.empty() ? ClientInput::AllRead : ClientInput::NextDue);
    if (wants_close() && !waiting_.empty())
        events_.push(ClientPeerVanished{ClientState::AwaitingHead, waiting_.size()});
}

/// Quotes the first line of what was heard.
void Client::violation(ByteView heard)
{
    go(ClientInput::Violation);
    const ByteView line = heard.substr(0, heard.find_first_of("\r\n"));
    events_.push(ProtocolViolation{std::string(line.substr(0, limits::quoted_bytes_max))});
}

void Client::go(ClientInput input)
{
    const ClientTransition *row = find_transition(state_, input);
    MS_CHECK(row != nullptr);
    state_ = row->next;
}

} // namespace mailscope::http
