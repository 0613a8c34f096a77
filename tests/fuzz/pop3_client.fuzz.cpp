// A POP3 client that wants every letter and is answered anything.
#include "sim/core/check.h"
#include "sim/protocol/pop3/client.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <memory>
#include <variant>

void mailscope::fuzz::run(std::string_view input)
{
    pop3::ClientOptions options;
    options.user = "bob@example.test";
    options.password = "secret";
    pop3::Client client(std::make_shared<const pop3::ClientOptions>(std::move(options)));
    const auto drain = [&] {
        while (const std::optional<pop3::ClientEvent> event = client.next_event()) {
            if (const auto *asked = std::get_if<pop3::SelectionAsked>(&*event)) {
                pop3::Selection selection;
                for (const pop3::ListedLetter &letter : asked->listing)
                    (selection.retrieve.empty() ? selection.remove : selection.retrieve)
                        .push_back(letter.number);
                std::swap(selection.retrieve, selection.remove);
                client.select(selection, SimTime{});
            } else if (const auto *letter = std::get_if<pop3::LetterReceived>(&*event)) {
                if (letter->content.size() % 2 == 0)
                    client.letter_stored(letter->number, SimTime{});
                else
                    client.letter_not_stored(letter->number, SimTime{});
            } else if (std::holds_alternative<pop3::TlsStarted>(*event)) {
                client.tls_established(SimTime{});
            }
        }
        client.clear_output();
    };
    client.start(SimTime{});
    drain();
    // Line by line, so that the answers to what the events ask for find a client that waits.
    hear(client, input, drain, one_line);
    MS_CHECK(client.wants_close());
}
