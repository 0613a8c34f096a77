// The HTTP/1.1 client engine (RFC 9112): one value per connection.
//
// It writes requests, sends some ahead when its owner does not wait, and gives the responses in
// their order. It is as strict about where a response ends as the server is about requests. It
// follows no redirection and keeps no cookie: that is a browser's work, its owner's. It does not
// ask for 100 (Continue) and reads over whatever 1xx comes. Contract: engine.h.
#pragma once

#include "sim/protocol/engine.h"
#include "sim/protocol/http/events.h"
#include "sim/protocol/http/states.h"

#include <memory>
#include <string>
#include <vector>

namespace mailscope::http
{

struct ClientOptions
{
    std::string host;       ///< the Host field (RFC 9110 7.2)
    std::string user_agent; ///< the User-Agent field (RFC 9110 10.1.5); empty: none
    std::uint64_t content_bytes_max = 64U << 20U; ///< of one response
    Duration response_wait = 2min;                ///< for each piece of a response; no RFC number
};

/// The client's side of one connection.
class Client
{
public:
    explicit Client(std::shared_ptr<const ClientOptions> options);

    /// The connection stands. With TLS, call tls_established first.
    void start(SimTime now);
    void tls_established(SimTime now);

    void receive(ByteView bytes, SimTime now);
    void peer_closed(SimTime now);
    void on_time(SimTime now);
    SimTime next_deadline() const;

    /// Writes a request; its fields must be sendable (grammar.h). False when none can be sent: the
    /// connection is closed or is about to be, or too many requests are under way.
    bool send(const Request &request, SimTime now);

    std::optional<ClientEvent> next_event();
    const OutputBuffer &output() const { return output_; }
    void clear_output() { output_.clear(); }
    bool wants_close() const { return state_ == ClientState::Closed; }
    ClientState state() const { return state_; }

private:
    bool advance();
    bool read_head(ByteView rest);
    void take_status_line(ByteView line);
    void take_field_line(ByteView line);
    void end_head();
    bool read_content(ByteView rest);
    bool read_chunks(ByteView rest);
    void complete();
    void violation(ByteView heard);
    void go(ClientInput input);

    std::shared_ptr<const ClientOptions> options_;
    std::string input_;           ///< received and not yet read
    std::size_t taken_ = 0;       ///< of input_, read already
    std::vector<Method> waiting_; ///< of the requests without a response, in order
    Response response_;           ///< the one under way
    std::string content_;         ///< of the response under way
    std::uint64_t content_length_ = 0;
    std::size_t head_bytes_ = 0;
    OutputBuffer output_;
    EventBuffer<ClientEvent> events_;
    SimTime heard_;
    ChunkReader chunks_;
    unsigned minor_ = 1; ///< of the response under way
    bool has_status_line_ = false;
    bool last_ = false; ///< one of the sides wants no further exchange
    ClientState state_ = ClientState::Connected;
};

static_assert(StreamEngine<Client>);

} // namespace mailscope::http
