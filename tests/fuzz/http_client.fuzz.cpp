// An HTTP client with requests under way that is answered anything.
#include "sim/core/check.h"
#include "sim/protocol/http/client.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <algorithm>
#include <memory>
#include <variant>

namespace
{

using namespace mailscope;

constexpr std::uint64_t content_bytes_max = 4096;

/// All at once, or in pieces of `piece` octets.
void talk(std::string_view input, std::size_t piece)
{
    http::ClientOptions options;
    options.host = "www.example.test";
    options.content_bytes_max = content_bytes_max;
    http::Client client(std::make_shared<const http::ClientOptions>(std::move(options)));
    const auto drain = [&] {
        while (const std::optional<http::ClientEvent> event = client.next_event())
            if (const auto *received = std::get_if<http::ResponseReceived>(&*event))
                MS_CHECK(received->response.content.size() <= content_bytes_max);
        client.clear_output();
    };
    client.start(SimTime{});
    for (const http::Method method :
         {http::Method::Get, http::Method::Head, http::Method::Post, http::Method::Get}) {
        http::Request request;
        request.method = method;
        request.target = "/mail";
        (void)client.send(request, SimTime{});
    }
    fuzz::hear(client, input, drain,
               [piece](std::string_view left) { return std::min(piece, left.size()); });
    MS_CHECK(client.wants_close());
}

} // namespace

void mailscope::fuzz::run(std::string_view input)
{
    talk(input, std::max<std::size_t>(input.size(), 1));
    talk(input, 7);
}
