// A POP3 server that hears anything, from an owner who lets everybody in.
#include "sim/core/check.h"
#include "sim/protocol/pop3/server.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <memory>
#include <variant>

void mailscope::fuzz::run(std::string_view input)
{
    const SharedBytes letter = SharedBytes::copy_of("Subject: x\r\n\r\n.\r\ny\r\n");
    const auto size = static_cast<std::uint32_t>(letter.size());
    pop3::Server server(std::make_shared<const pop3::ServerOptions>());
    std::string said;
    const auto drain = [&] {
        while (const std::optional<pop3::ServerEvent> event = server.next_event()) {
            if (std::holds_alternative<pop3::LoginAsked>(*event))
                server.login_accepted({{size, "1"}, {size, "2"}}, SimTime{});
            else if (std::holds_alternative<pop3::LetterAsked>(*event))
                server.letter_found(letter, SimTime{});
            else if (std::holds_alternative<pop3::UpdateAsked>(*event))
                server.update_done(pop3::Server::Update::Succeeded, SimTime{});
            else if (std::holds_alternative<pop3::TlsStarted>(*event))
                server.tls_established(SimTime{});
        }
        said += server.output().bytes();
        server.clear_output();
    };
    server.start(SimTime{});
    hear(server, input, drain, everything);
    MS_CHECK(said.substr(0, 4) == "+OK ");
    MS_CHECK(said.substr(said.size() - 2) == "\r\n");
}
