// An SMTP client with a letter to hand over that is answered anything.
#include "sim/core/check.h"
#include "sim/protocol/smtp/client.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <memory>
#include <utility>

void mailscope::fuzz::run(std::string_view input)
{
    auto options = std::make_shared<smtp::ClientOptions>();
    options->hostname = "client.example.test";
    smtp::Client client(options, SimTime{});
    smtp::Envelope envelope;
    envelope.reverse_path = "alice@example.test";
    envelope.recipients.push_back({"bob@example.test", {}, ""});
    bool sent = false;
    const auto drain = [&] {
        while (client.next_event()) {
        }
        if (client.state() == smtp::ClientState::Ready && !std::exchange(sent, true))
            client.begin(envelope, SharedBytes::copy_of("Subject: x\r\n\r\n.\r\n"),
                         smtp::After::Quit, SimTime{});
        client.clear_output();
    };
    drain();
    // In two pieces, so that what follows the greeting's answers finds a client with a letter.
    const std::size_t half = (input.size() + 1) / 2;
    hear(client, input, drain,
         [&](std::string_view left) { return left.size() == input.size() ? half : left.size(); });
    MS_CHECK(client.wants_close());
}
