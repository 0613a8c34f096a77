// One mail host and devices of its users on a bench, for tests of the roles that serve people.
//
// The mail host's POP and IMAP sides are the real roles over a real store; its submission side is
// SmtpHost, whose policy the test sets. All are reached by name.
#pragma once

#include "sim/hosts/imap_server.h"
#include "sim/hosts/mail_client.h"
#include "sim/hosts/pop_server.h"
#include "sim/mail/store.h"
#include "tests/support/host_bench.h"
#include "tests/support/smtp_host.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::test
{

class MailHosts
{
public:
    /// mail.example.jp serves bob@example.jp (password "secret") on ports 110, 143 and 587.
    explicit MailHosts(pop3::ServerOptions pop = {}, imap::ServerOptions imap = {});

    /// Settings that are right for bob, on a device that add_device makes.
    MailClientSettings settings() const;
    /// The same, to be read by IMAP.
    MailClientSettings imap_settings() const;
    /// A device with that mail program.
    MailClient &add_device(std::string_view name, MailClientSettings settings);
    HostId host_of(const MailClient &client) const { return client.settings().host; }

    /// Puts a letter into bob's mailbox on the server.
    void deliver(std::string_view subject, std::size_t text_bytes = 20);
    void deliver_message(std::string_view message);
    /// Tells sessions that listen what changed in the store since.
    void tell_listeners();
    const mail::Folder &mailbox() const { return store.mailbox(bob).inbox(); }
    bool locked() const { return store.mailbox(bob).locked_by != 0; }

    /// Letters that the submission server accepted, in order.
    std::vector<SmtpHost::Letter> submitted() const;

    HostBench bench;
    HostId mail;
    mail::Store store;
    mail::UserId bob;
    SmtpPolicy submission;
    std::optional<PopServer> pop;
    std::optional<ImapServer> imap;

private:
    void serve_submission(Env &env, const net::Event &event);

    std::map<std::uint16_t, std::unique_ptr<MailClient>> clients_;
    std::map<std::uint32_t, SmtpHost> conversations_; ///< by the connection's place, the last there
    std::vector<SmtpHost::Letter> submitted_;
    std::uint32_t delivered_ = 0;
};

} // namespace mailscope::test
