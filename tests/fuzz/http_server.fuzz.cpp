// An HTTP server that hears anything and answers every request with a page.
#include "sim/protocol/http/server.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <memory>
#include <variant>

void mailscope::fuzz::run(std::string_view input)
{
    http::Server server(std::make_shared<const http::ServerOptions>());
    const auto drain = [&] {
        while (const std::optional<http::ServerEvent> event = server.next_event())
            if (std::holds_alternative<http::RequestAsked>(*event)) {
                http::Response response;
                response.content = SharedBytes::copy_of("hello");
                server.respond(response, SimTime{});
            }
        server.clear_output();
    };
    server.start(SimTime{});
    hear(server, input, drain, everything);
}
