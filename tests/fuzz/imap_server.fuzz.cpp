// An IMAP server that hears anything, with a mailbox behind it and the rules of the host.
#include "sim/core/check.h"
#include "sim/hosts/imap_answers.h"
#include "sim/protocol/imap/server.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/hear.h"

#include <memory>
#include <string>
#include <variant>

void mailscope::fuzz::run(std::string_view input)
{
    mail::Store store(1795489800);
    const mail::UserId user = *store.add_user("bob@example.test", "secret", 20'000);
    (void)store.create_folder(user, "Sent", mail::SpecialUse::Sent);
    for (const char *content :
         {"Subject: x\r\n\r\ny\r\n", "From: a@example.test\r\nContent-Type: multipart/mixed; "
                                     "boundary=b\r\n\r\n--b\r\n\r\n1\r\n"
                                     "--b\r\nContent-Type: text/html\r\n\r\n2\r\n--b--\r\n"})
        (void)store.deliver(user, {SharedBytes::copy_of(content), SimTime{}, MessageId{}});
    ImapAccount account{store, user, {}};
    imap::ServerOptions options;
    options.offer_starttls = true;
    imap::Server server(std::make_shared<const imap::ServerOptions>(std::move(options)));
    std::string said;
    const auto drain = [&] {
        while (const std::optional<imap::ServerEvent> event = server.next_event()) {
            if (std::holds_alternative<imap::LoginAsked>(*event))
                server.login_accepted(SimTime{});
            else if (std::holds_alternative<imap::TlsStarted>(*event))
                server.tls_established(SimTime{});
            else
                (void)answer(server, *event, account, MessageId{}, SimTime{});
        }
        said += server.output().bytes();
        server.clear_output();
    };
    server.start(SimTime{});
    hear(server, input, drain, everything);
    MS_CHECK(said.substr(0, 5) == "* OK ");
    MS_CHECK(said.substr(said.size() - 2) == "\r\n");
    std::uint64_t octets = 0;
    for (const mail::Folder &folder : store.mailbox(user).folders)
        octets += folder.bytes();
    MS_CHECK(octets == store.mailbox(user).used_bytes);
}
