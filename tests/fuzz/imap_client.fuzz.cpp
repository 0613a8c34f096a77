// An IMAP client with orders to carry out that is answered anything.
#include "sim/core/check.h"
#include "sim/protocol/imap/client.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <memory>
#include <variant>
#include <vector>

namespace
{

using namespace mailscope;

void talk(std::string_view input, bool listens)
{
    imap::ClientOptions options;
    options.user = "bob@example.test";
    options.password = "secret";
    options.listens = listens;
    imap::Client client(std::make_shared<const imap::ClientOptions>(std::move(options)));
    const auto drain = [&] {
        while (const std::optional<imap::ClientEvent> event = client.next_event()) {
            if (std::holds_alternative<imap::FoldersListed>(*event)) {
                client.store_flags("INBOX", {1, 2}, mail::FlagChange::Add, mail::letter_flag::seen);
                client.append("Sent", SharedBytes::copy_of("Subject: x\r\n\r\ny\r\n"),
                              mail::letter_flag::seen);
                client.expunge("INBOX", {3});
                client.sync_folder("INBOX");
                client.go_on(SimTime{});
            } else if (const auto *asked = std::get_if<imap::SelectionAsked>(&*event)) {
                std::vector<std::uint32_t> uids;
                for (const imap::ListedLetter &letter : asked->listing)
                    if (uids.empty() || uids.back() != letter.uid)
                        uids.push_back(letter.uid);
                client.retrieve(uids, SimTime{});
            } else if (std::holds_alternative<imap::TlsStarted>(*event)) {
                client.tls_established(SimTime{});
            }
        }
        client.clear_output();
    };
    client.start(SimTime{});
    drain();
    // Line by line, so that the answers to what the events ask for find a client that waits.
    fuzz::hear(client, input, drain, fuzz::one_line);
    MS_CHECK(client.wants_close());
}

} // namespace

void mailscope::fuzz::run(std::string_view input)
{
    talk(input, false);
    talk(input, true);
}
