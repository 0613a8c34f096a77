// An LMTP server that hears anything (RFC 2033): one recipient in two is over quota.
#include "sim/core/check.h"
#include "sim/protocol/smtp/server.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <memory>
#include <variant>
#include <vector>

void mailscope::fuzz::run(std::string_view input)
{
    auto options = std::make_shared<smtp::ServerOptions>();
    options->hostname = "store.example.test";
    options->lmtp = true;
    options->starttls = true;
    smtp::Server server(options, "192.0.2.1");
    std::string said;
    const auto drain = [&] {
        while (const std::optional<smtp::ServerEvent> event = server.next_event()) {
            const bool asks = std::holds_alternative<smtp::SenderAsked>(*event) ||
                              std::holds_alternative<smtp::RecipientAsked>(*event) ||
                              std::holds_alternative<smtp::AuthAsked>(*event) ||
                              std::holds_alternative<smtp::VerifyAsked>(*event);
            if (asks)
                server.accept(SimTime{});
            if (!std::holds_alternative<smtp::ContentAsked>(*event))
                continue;
            std::vector<smtp::Reply> replies;
            for (std::size_t i = 0; i < server.transaction().recipients.size(); ++i)
                replies.push_back(i % 2 == 0 ? smtp::Reply{250, {2, 0, 0}, "Saved"}
                                             : smtp::Reply{552, {5, 2, 2}, "Quota exceeded"});
            server.answer_each(replies, SimTime{});
        }
        said += server.output().bytes();
        server.clear_output();
    };
    server.greet({220, {}, "store.example.test"}, SimTime{});
    hear(server, input, drain, everything);
    MS_CHECK(said.substr(0, 4) == "220 ");
    MS_CHECK(said.substr(said.size() - 2) == "\r\n");
}
