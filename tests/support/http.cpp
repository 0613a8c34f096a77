// An HTTP server that answers everything.
#include "tests/support/http.h"

#include "sim/core/text.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace mailscope::test
{

std::string describe(const http::ServerEvent &event)
{
    if (const auto *asked = std::get_if<http::RequestAsked>(&event)) {
        const http::Request &request = asked->request;
        std::string text =
            fmt::format("RequestAsked {} {}", to_string(request.method), request.path);
        if (!request.query.empty())
            text += "?" + request.query;
        if (!request.content.empty())
            text += fmt::format(" [{}]", request.content.view());
        return text;
    }
    if (const auto *refused = std::get_if<http::RequestRefused>(&event))
        return fmt::format("RequestRefused {}", to_string(refused->reason));
    if (const auto *vanished = std::get_if<http::ServerPeerVanished>(&event))
        return fmt::format("ServerPeerVanished {}", to_string(vanished->state));
    return "TimedOut";
}

std::string describe(const http::ClientEvent &event)
{
    if (const auto *received = std::get_if<http::ResponseReceived>(&event))
        return fmt::format("ResponseReceived {} {} [{}]", to_string(received->asked),
                           received->response.status, received->response.content.view());
    if (const auto *vanished = std::get_if<http::ClientPeerVanished>(&event))
        return fmt::format("ClientPeerVanished {} {}", to_string(vanished->state),
                           vanished->unanswered);
    if (const auto *violation = std::get_if<http::ProtocolViolation>(&event))
        return "ProtocolViolation " + violation->line;
    return "TimedOut";
}

HttpHost::HttpHost(http::ServerOptions options)
    : server(std::make_shared<const http::ServerOptions>(std::move(options)))
{
    server.start(now);
}

std::string HttpHost::feed(ByteView bytes)
{
    server.receive(bytes, now);
    return settle();
}

std::string HttpHost::settle()
{
    while (const std::optional<http::ServerEvent> event = server.next_event()) {
        told.push_back(describe(*event));
        if (!std::holds_alternative<http::RequestAsked>(*event) || !answers)
            continue;
        http::Response response;
        response.content = SharedBytes::copy_of(told.back());
        response.chunked = chunked;
        server.respond(response, now);
    }
    std::string said(server.output().bytes());
    server.clear_output();
    return said;
}

Heard hear(HttpHost host, ByteView input, std::size_t piece)
{
    Heard heard;
    const std::size_t step = piece == 0 ? std::max<std::size_t>(input.size(), 1) : piece;
    for (std::size_t at = 0; at < input.size(); at += step)
        heard.said += host.feed(input.substr(at, step));
    heard.told = host.told;
    heard.closed = host.server.wants_close();
    return heard;
}

Heard hear(const HttpHost &host, ByteView input)
{
    const Heard whole = hear(host, input, 0);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
        const Heard again = hear(host, input, piece);
        CHECK(again.said == whole.said);
        CHECK(again.told == whole.told);
        CHECK(again.closed == whole.closed);
    }
    return whole;
}

std::vector<int> statuses(ByteView said)
{
    std::vector<int> found;
    constexpr ByteView start = "HTTP/1.1 ";
    for (std::size_t at = said.find(start); at != ByteView::npos; at = said.find(start, at + 1))
        if (const auto code = parse_decimal(said.substr(at + start.size(), 3)))
            found.push_back(static_cast<int>(*code));
    return found;
}

} // namespace mailscope::test
