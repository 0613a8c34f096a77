// A real connection to the API.
#include "sim/live/api_connection.h"

#include "sim/live/parts.h"

#include <utility>

namespace mailscope::live
{
namespace
{

using asio::ip::tcp;

std::shared_ptr<const http::ServerOptions> api_options()
{
    http::ServerOptions options;
    options.content_bytes_max = 1U << 20U; // A fault is small.
    return std::make_shared<const http::ServerOptions>(std::move(options));
}

/// The name in a Host field or an origin, without scheme and port, is this machine's own.
bool is_own_name(std::string_view text)
{
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
        text.remove_prefix(scheme + 3);
    if (!text.empty() && text.front() == '[')
        return text.substr(0, 5) == "[::1]";
    const std::string_view name = text.substr(0, text.find(':'));
    return name == "localhost" || name.substr(0, 4) == "127.";
}

/// A page of somebody else's in a browser on this machine must not act here: it shows itself by
/// its Origin, or, when its name was made to lead here, by the name in Host.
bool is_from_elsewhere(const http::Request &request)
{
    const std::string *origin = http::find_field(request.fields, "Origin");
    const std::string *host = http::find_field(request.fields, "Host");
    return (origin != nullptr && !is_own_name(*origin)) || (host != nullptr && !is_own_name(*host));
}

} // namespace

ApiConnection::ApiConnection(tcp::socket socket, Door::Parts &door)
    : socket_(std::move(socket)), door_(door), engine_(api_options())
{
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
}

void ApiConnection::start()
{
    engine_.start(SimTime(door_.real_now()));
    read();
}

void ApiConnection::read()
{
    if (reading_ || ended_)
        return;
    reading_ = true;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code error) {
        self->reading_ = false;
        self->on_readable(error);
    });
}

void ApiConnection::on_readable(std::error_code error)
{
    if (ended_)
        return;
    std::size_t size = 0;
    if (!error)
        size = socket_.read_some(asio::buffer(door_.block), error);
    if (error == asio::error::would_block)
        return read();
    if (error)
        return end();
    engine_.receive({door_.block.data(), size}, SimTime(door_.real_now()));
    take();
    read();
}

/// Requests that the engine has read, in order; the next one is asked when this one is answered.
void ApiConnection::take()
{
    while (!request_) {
        std::optional<http::ServerEvent> event = engine_.next_event();
        if (!event)
            break;
        auto *asked = std::get_if<http::RequestAsked>(&*event);
        if (asked == nullptr)
            continue;
        if (!door_.options.api_exposed && is_from_elsewhere(asked->request)) {
            engine_.respond({403, {}, {}, false, true, {}}, SimTime(door_.real_now()));
            continue;
        }
        request_ = std::move(asked->request);
        asked_at_ = Clock::now();
        look();
    }
    write();
}

void ApiConnection::look()
{
    if (ended_)
        return;
    engine_.on_time(SimTime(door_.real_now()));
    if (request_) {
        door_.catch_up();
        const Duration waited = Clock::now() - asked_at_;
        const std::optional<http::Response> response =
            door_.options.api->answer(*request_, door_.simulation, waited);
        if (!response)
            return;
        request_.reset();
        engine_.respond(*response, SimTime(door_.real_now()));
        door_.after_orders();
        take();
    }
    write();
}

void ApiConnection::write()
{
    if (ended_ || !writing_.empty())
        return;
    writing_ = std::string(engine_.output().bytes());
    engine_.clear_output();
    if (writing_.empty()) {
        if (engine_.wants_close())
            end();
        return;
    }
    asio::async_write(socket_, asio::buffer(writing_),
                      [self = shared_from_this()](std::error_code error, std::size_t) {
                          self->writing_.clear();
                          if (error)
                              return self->end();
                          self->write();
                      });
}

void ApiConnection::end()
{
    if (std::exchange(ended_, true))
        return;
    std::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

} // namespace mailscope::live
