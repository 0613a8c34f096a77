// The HTTP/1.1 server engine (RFC 9112): one value per connection.
//
// It reads requests, keeps their order, and writes the responses that its owner makes. What cannot
// be a request, or could be read as two by somebody else, it refuses by itself and closes the
// connection: nothing behind a broken message can be trusted (RFC 9112 11.2). It knows no
// resources, users or cookies. No upgrade, no CONNECT, no trailers. Contract: engine.h.
#pragma once

#include "sim/protocol/engine.h"
#include "sim/protocol/http/events.h"
#include "sim/protocol/http/states.h"

#include <memory>
#include <string>

namespace mailscope::http
{

/// What a server grants; shared by all its connections.
struct ServerOptions
{
    std::string server_name = "mailscope"; ///< the Server field (RFC 9110 10.2.4); empty: none
    std::uint64_t content_bytes_max = 16U << 20U; ///< of one request
    Duration idle_max = 60s;     ///< between requests (RFC 9112 9.5 names no number)
    Duration request_wait = 30s; ///< for a head as a whole, and for each further piece of content
};

/// The server's side of one connection.
class Server
{
public:
    explicit Server(std::shared_ptr<const ServerOptions> options);

    /// The connection stands. With TLS, call tls_established first.
    void start(SimTime now);
    void tls_established(SimTime now);

    void receive(ByteView bytes, SimTime now);
    void peer_closed(SimTime now);
    void on_time(SimTime now);
    SimTime next_deadline() const;

    /// Answer to RequestAsked. Passed over once the connection is lost. The response's fields must
    /// be sendable (grammar.h).
    void respond(const Response &response, SimTime now);

    std::optional<ServerEvent> next_event();
    const OutputBuffer &output() const { return output_; }
    void clear_output() { output_.clear(); }
    bool wants_close() const { return state_ == ServerState::Closed; }
    ServerState state() const { return state_; }

private:
    void work(SimTime now);
    bool advance(SimTime now);
    bool skip_empty_lines(ByteView rest);
    bool read_head(ByteView rest);
    void take_request_line(ByteView line);
    void take_field_line(ByteView line);
    void end_head();
    void begin_content(const Framing &framing);
    bool read_content(ByteView rest);
    bool read_chunks(ByteView rest);
    void ask();

    void refuse(Refusal reason, ByteView line);
    void say(int status, const Fields &fields, ByteView content);
    void go(ServerInput input);

    std::shared_ptr<const ServerOptions> options_;
    std::string input_;     ///< received and not yet read
    std::size_t taken_ = 0; ///< of input_, read already
    Request request_;       ///< the one under way
    std::string content_;   ///< of the request under way
    std::uint64_t content_length_ = 0;
    std::size_t head_bytes_ = 0; ///< field lines read so far
    OutputBuffer output_;
    EventBuffer<ServerEvent> events_;
    SimTime since_; ///< from when the present wait counts
    ChunkReader chunks_;
    unsigned empty_lines_ = 0;
    bool has_request_line_ = false;
    bool last_ = false; ///< the client wants no further exchange
    bool peer_gone_ = false;
    ServerState state_ = ServerState::Connected;
};

static_assert(StreamEngine<Server>);

} // namespace mailscope::http
