// The HTTP/1.1 server engine; see server.h.
#include "sim/protocol/http/server.h"

#include "sim/core/check.h"
#include "sim/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope::http
{

namespace
{

Refusal refusal_of(FramingProblem problem)
{
    switch (problem) {
    case FramingProblem::LengthAndCoding:
        return Refusal::LengthAndCoding;
    case FramingProblem::LengthsDiffer:
        return Refusal::LengthsDiffer;
    case FramingProblem::UnknownCoding:
        return Refusal::UnknownCoding;
    case FramingProblem::ChunkedNotLast:
        return Refusal::ChunkedNotLast;
    case FramingProblem::CodingInOldVersion:
        return Refusal::CodingInOldVersion;
    default:
        return Refusal::BadLength;
    }
}

} // namespace

Server::Server(std::shared_ptr<const ServerOptions> options) : options_(std::move(options)) {}

std::optional<ServerEvent> Server::next_event() { return events_.pop(); }

void Server::start(SimTime now)
{
    go(ServerInput::Started);
    since_ = now;
}

void Server::tls_established(SimTime now)
{
    go(ServerInput::TlsEstablished);
    since_ = now;
}

void Server::receive(ByteView bytes, SimTime now)
{
    if (wants_close())
        return;
    input_.append(bytes);
    work(now);
    const bool waits_for_owner = state_ == ServerState::Answering;
    if (waits_for_owner && input_.size() - taken_ > limits::pipelined_bytes_max)
        refuse(Refusal::TooMuchAhead, ByteView());
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
    if (state_ != ServerState::Idle) // RFC 9110 15.5.9
        say(408, {{"Connection", "close"}}, "408 Request Timeout\n");
    go(ServerInput::Timeout);
    events_.push(TimedOut{});
}

SimTime Server::next_deadline() const
{
    switch (state_) {
    case ServerState::Idle:
        return since_ + options_->idle_max;
    case ServerState::ReadingHead:
    case ServerState::ReadingContent:
    case ServerState::ReadingChunks:
        return since_ + options_->request_wait;
    default:
        return time_never;
    }
}

/// Reads on until the owner is asked or there is no more to read.
void Server::work(SimTime now)
{
    while (advance(now)) {
    }
    if (wants_close()) {
        input_.clear();
        taken_ = 0;
        return;
    }
    if (taken_ > input_.size() / 2) {
        input_.erase(0, taken_);
        taken_ = 0;
    }
    if (!peer_gone_)
        return;
    const ServerState before = state_;
    go(ServerInput::PeerClosed);
    if (wants_close() && before != ServerState::Idle)
        events_.push(ServerPeerVanished{before});
}

/// One step; false when it needs more octets or the owner.
bool Server::advance(SimTime now)
{
    const ByteView rest = ByteView(input_).substr(taken_);
    switch (state_) {
    case ServerState::Idle:
        if (rest.empty() || !skip_empty_lines(rest))
            return false;
        if (state_ == ServerState::ReadingHead)
            since_ = now;
        return !wants_close();
    case ServerState::ReadingHead:
        if (!read_head(rest))
            return false;
        if (state_ == ServerState::ReadingContent || state_ == ServerState::ReadingChunks)
            since_ = now;
        return !wants_close();
    case ServerState::ReadingContent:
        since_ = now;
        return read_content(rest);
    case ServerState::ReadingChunks:
        since_ = now;
        return read_chunks(rest);
    default:
        return false;
    }
}

/// Passes over an empty line before a request, or begins the request; false: more octets needed.
bool Server::skip_empty_lines(ByteView rest)
{
    if (rest == "\r")
        return false;
    if (rest.substr(0, 2) == "\r\n" && empty_lines_ < limits::empty_lines_max) {
        ++empty_lines_;
        taken_ += 2;
        return true;
    }
    request_ = Request{};
    content_.clear();
    head_bytes_ = 0;
    has_request_line_ = false;
    go(ServerInput::RequestBegan);
    return true;
}

/// One line of the head; false when it is not there yet.
bool Server::read_head(ByteView rest)
{
    const std::optional<Line> line = first_line(rest);
    const std::size_t length = line ? line->taken : rest.size();
    if (!has_request_line_ && length > limits::start_line_bytes_max + 2) {
        refuse(Refusal::TargetTooLong, rest);
        return true;
    }
    if (has_request_line_ && head_bytes_ + length > limits::head_bytes_max) {
        refuse(Refusal::FieldsTooLarge, rest);
        return true;
    }
    if (!line)
        return false;
    taken_ += line->taken;
    if (!line->well_ended) {
        refuse(Refusal::BadLineEnd, line->text);
    } else if (!has_request_line_) {
        take_request_line(line->text);
    } else {
        head_bytes_ += line->taken;
        if (line->text.empty())
            end_head();
        else
            take_field_line(line->text);
    }
    return true;
}

void Server::take_request_line(ByteView line)
{
    has_request_line_ = true;
    const std::optional<RequestLine> request = parse_request_line(line);
    if (!request)
        return refuse(Refusal::BadRequestLine, line);
    if (request->major != 1)
        return refuse(Refusal::UnsupportedVersion, line);
    request_.method = parse_method(request->method);
    request_.target = request->target;
    request_.minor = std::min(request->minor, 1U); // a later 1.x is served as 1.1 (RFC 9110 2.5)
    if (request_.method == Method::Unknown || request_.method == Method::Connect)
        return refuse(Refusal::UnknownMethod, line); // and no proxy is here
    const std::optional<Target> target = parse_target(request->target);
    if (!target || (target->path == "*" && request_.method != Method::Options))
        return refuse(Refusal::BadTarget, line);
    request_.path = target->path;
    request_.query = target->query;
}

void Server::take_field_line(ByteView line)
{
    if (line.front() == ' ' || line.front() == '\t')
        return refuse(Refusal::FoldedField, line);
    std::optional<Field> field = parse_field_line(line);
    if (!field)
        return refuse(Refusal::BadField, line);
    if (request_.fields.size() == limits::fields_max)
        return refuse(Refusal::FieldsTooLarge, line);
    request_.fields.push_back(std::move(*field));
}

void Server::end_head()
{
    const std::size_t hosts = count_fields(request_.fields, "Host");
    if (hosts > 1)
        return refuse(Refusal::SeveralHosts, request_.target);
    if (hosts == 0 && request_.minor == 1)
        return refuse(Refusal::NoHost, request_.target);
    last_ = ends_connection(request_.fields, request_.minor);
    const Framing framing = framing_of_request(request_.fields, request_.minor);
    if (framing.problem != FramingProblem::None)
        return refuse(refusal_of(framing.problem), request_.target);
    if (framing.kind == Framing::Kind::None) { // no content, whatever the method (RFC 9112 6.3)
        go(ServerInput::HeadOnly);
        return ask();
    }
    begin_content(framing);
}

void Server::begin_content(const Framing &framing)
{
    if (framing.length > options_->content_bytes_max)
        return refuse(Refusal::ContentTooLarge, request_.target);
    const std::string *expected = find_field(request_.fields, "Expect");
    const bool waits = expected != nullptr && equals_ignoring_case(*expected, "100-continue");
    if (expected != nullptr && !waits)
        return refuse(Refusal::UnknownExpectation, *expected);
    if (waits && request_.minor == 1 &&
        (framing.length > 0 || framing.kind != Framing::Kind::Length)) {
        output_.begin(OutputKind::Reply);
        output_.append("HTTP/1.1 100 Continue\r\n\r\n");
    }
    content_length_ = framing.length;
    content_.reserve(
        static_cast<std::size_t>(std::min(framing.length, limits::content_reserve_max)));
    chunks_ = ChunkReader();
    go(framing.kind == Framing::Kind::Chunked ? ServerInput::ChunksFollow
                                              : ServerInput::LengthKnown);
}

bool Server::read_content(ByteView rest)
{
    const ByteView piece =
        rest.substr(0, static_cast<std::size_t>(content_length_ - content_.size()));
    content_.append(piece);
    taken_ += piece.size();
    if (content_.size() < content_length_)
        return false;
    go(ServerInput::ContentRead);
    ask();
    return true;
}

bool Server::read_chunks(ByteView rest)
{
    const std::size_t before = rest.size();
    const ChunkReader::Result result = chunks_.read(rest, content_, options_->content_bytes_max);
    taken_ += before - rest.size();
    switch (result) {
    case ChunkReader::Result::More:
        return false;
    case ChunkReader::Result::Bad:
        refuse(Refusal::BadChunk, rest);
        return true;
    case ChunkReader::Result::TooLarge:
        refuse(Refusal::ContentTooLarge, request_.target);
        return true;
    case ChunkReader::Result::Complete:
        break;
    }
    go(ServerInput::ContentRead);
    ask();
    return true;
}

void Server::ask()
{
    empty_lines_ = 0;
    request_.content = SharedBytes::copy_of(content_);
    content_ = std::string();
    events_.push(RequestAsked{request_});
}

void Server::respond(const Response &response, SimTime now)
{
    if (wants_close())
        return;
    MS_CHECK(state_ == ServerState::Answering);
    MS_CHECK(response.status >= 200);
    const bool is_old = request_.minor == 0;
    const bool has_content = response.status != 204 && response.status != 304; // RFC 9110 6.4.1
    // HTTP/1.0 knows no chunks: there the end of the connection ends the content.
    const bool ends_by_close = response.chunked && is_old;
    const bool is_last = last_ || response.last || ends_by_close;
    Fields fields = response.fields;
    std::string chunks;
    ByteView content = response.content.view();
    if (has_content && response.chunked && !is_old) {
        fields.push_back({"Transfer-Encoding", "chunked"});
        append_chunked(chunks, content);
        content = chunks;
    } else if (has_content && !ends_by_close) {
        fields.push_back({"Content-Length", std::to_string(content.size())});
    }
    if (is_last)
        fields.push_back({"Connection", "close"});
    else if (is_old) // RFC 9112 C.2.2: an old client wants to hear it
        fields.push_back({"Connection", "keep-alive"});
    say(response.status, fields,
        has_content && request_.method != Method::Head ? content : ByteView());
    go(is_last ? ServerInput::AnsweredLast : ServerInput::Answered);
    since_ = now;
    work(now);
}

/// Answers by itself and lets go of the connection.
void Server::refuse(Refusal reason, ByteView line)
{
    const int status = status_of(reason);
    if (status != 0) {
        const std::string text =
            fmt::format("{} {}: {}\n", status, reason_phrase(status), to_string(reason));
        say(status,
            {{"Content-Type", "text/plain; charset=utf-8"},
             {"Content-Length", std::to_string(text.size())},
             {"Connection", "close"}},
            request_.method == Method::Head ? ByteView() : ByteView(text));
    }
    line = line.substr(0, line.find_first_of("\r\n"));
    events_.push(RequestRefused{reason, std::string(line.substr(0, limits::quoted_bytes_max))});
    go(ServerInput::RequestRefused);
}

/// Writes a message: the head is one stretch of output, the content another.
void Server::say(int status, const Fields &fields, ByteView content)
{
    output_.begin(OutputKind::Reply);
    output_.append(fmt::format("HTTP/1.1 {} {}\r\n", status, reason_phrase(status)));
    if (!options_->server_name.empty())
        output_.append(fmt::format("Server: {}\r\n", options_->server_name));
    for (const Field &field : fields) {
        MS_CHECK(is_sendable(field));
        output_.append(fmt::format("{}: {}\r\n", field.name, field.value));
    }
    output_.append("\r\n");
    if (content.empty())
        return;
    output_.begin(OutputKind::Content);
    output_.append(content);
}

void Server::go(ServerInput input)
{
    const ServerTransition *row = find_transition(state_, input);
    MS_CHECK(row != nullptr);
    state_ = row->next;
}

} // namespace mailscope::http
