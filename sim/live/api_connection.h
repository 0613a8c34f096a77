// A real connection to the API: requests in, responses out, by the HTTP engine.
//
// Internal to this folder. It has no session inside the simulated internet.
#pragma once

#include "sim/live/api.h"
#include "sim/live/door.h"
#include "sim/protocol/http/server.h"

#include <asio.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace mailscope::live
{

class ApiConnection : public std::enable_shared_from_this<ApiConnection>
{
public:
    ApiConnection(asio::ip::tcp::socket socket, Door::Parts &door);

    void start();
    /// Asks again for the answer that was not there yet, and lets time pass.
    void look();
    bool ended() const { return ended_; }
    bool is_waiting() const { return request_.has_value(); }

private:
    void read();
    void on_readable(std::error_code error);
    void take();
    void write();
    void end();

    asio::ip::tcp::socket socket_;
    Door::Parts &door_;
    http::Server engine_;
    std::optional<http::Request> request_; ///< waits for its answer
    std::chrono::steady_clock::time_point asked_at_;
    std::string writing_;
    bool reading_ = false;
    bool ended_ = false;
};

} // namespace mailscope::live
