// An SMTP server that hears anything, from an owner who says yes to every question.
#include "sim/core/check.h"
#include "sim/protocol/smtp/server.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <memory>

namespace
{

using namespace mailscope;

std::string talk(smtp::Dialect dialect, std::string_view input)
{
    auto options = std::make_shared<smtp::ServerOptions>();
    options->hostname = "mx.example.test";
    options->dialect = dialect;
    options->auth_plain = true;
    options->auth_login = true;
    options->starttls = true;
    smtp::Server server(options, "192.0.2.1");
    std::string said;
    const auto drain = [&] {
        while (server.next_event())
            if (server.is_asking())
                server.accept(SimTime{});
        said += server.output().bytes();
        server.clear_output();
    };
    server.greet({220, {}, "mx.example.test"}, SimTime{});
    fuzz::hear(server, input, drain, fuzz::everything);
    return said;
}

} // namespace

void mailscope::fuzz::run(std::string_view input)
{
    for (const smtp::Dialect dialect : {smtp::Dialect::Postfix, smtp::Dialect::Exim}) {
        const std::string said = talk(dialect, input);
        MS_CHECK(said.substr(0, 4) == "220 ");
        MS_CHECK(said.size() >= 2);
        MS_CHECK(said.substr(said.size() - 2) == "\r\n");
    }
}
