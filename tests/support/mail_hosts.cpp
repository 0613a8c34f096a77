// One mail host and devices of its users on a bench.
#include "tests/support/mail_hosts.h"

#include <fmt/format.h>

namespace mailscope::test
{

MailHosts::MailHosts(pop3::ServerOptions pop_options, imap::ServerOptions imap_options)
{
    mail = bench.add_host("mail", "192.0.2.1");
    bench.add_name("mail.example.jp. 300 A 192.0.2.1");
    bob = *store.add_user("bob@example.jp", "secret", 0);
    pop.emplace(mail, std::make_shared<const pop3::ServerOptions>(std::move(pop_options)),
                "mail.example.jp", std::vector<std::string>{"example.jp"});
    bench.add_role(
        mail, Role::PopServer, 0,
        {[this](Env &env, const net::Event &event) { pop->on_network(env, 0, store, event); },
         [this](Env &env, std::uint32_t session) { pop->on_timer(env, 0, store, session); },
         {}});
    bench.listen(mail, 110, Role::PopServer, 0);

    imap.emplace(mail, std::make_shared<const imap::ServerOptions>(std::move(imap_options)),
                 "mail.example.jp", std::vector<std::string>{"example.jp"});
    bench.add_role(
        mail, Role::ImapServer, 0,
        {[this](Env &env, const net::Event &event) { imap->on_network(env, 0, store, event); },
         [this](Env &env, std::uint32_t session) { imap->on_timer(env, 0, store, session); },
         {}});
    bench.listen(mail, 143, Role::ImapServer, 0);

    submission.options.hostname = "mail.example.jp";
    submission.options.auth_plain = true;
    submission.greeting = {220, {}, "mail.example.jp ESMTP"};
    submission.domains = {"example.jp"};
    submission.users = {"bob", "carol"};
    submission.passwords = {{"bob@example.jp", "secret"}};
    bench.add_role(
        mail, Role::SmtpServer, 0,
        {[this](Env &env, const net::Event &event) { serve_submission(env, event); }, {}, {}});
    bench.listen(mail, 587, Role::SmtpServer, 0);
}

MailClientSettings MailHosts::settings() const
{
    MailClientSettings settings;
    settings.person = "bob";
    settings.address = "bob@example.jp";
    settings.submission = {"mail.example.jp", 587, "bob@example.jp", "secret"};
    settings.incoming = {"mail.example.jp", 110, "bob", "secret"};
    return settings;
}

MailClientSettings MailHosts::imap_settings() const
{
    MailClientSettings imap_settings = settings();
    imap_settings.reads = ReadsBy::Imap;
    imap_settings.incoming.port = ImapServer::port;
    return imap_settings;
}

void MailHosts::tell_listeners()
{
    bench.order(mail, [&](Env &env) { imap->tell_listeners(env, 0, store); });
}

MailClient &MailHosts::add_device(std::string_view name, MailClientSettings settings)
{
    const std::uint16_t index = static_cast<std::uint16_t>(clients_.size());
    settings.host = bench.add_host(name, fmt::format("192.0.2.{}", 10 + index));
    const HostId host = settings.host;
    clients_[index] = std::make_unique<MailClient>(index, std::move(settings));
    MailClient &client = *clients_[index];
    bench.add_role(host, Role::MailClient, index,
                   {[&client](Env &env, const net::Event &event) { client.on_network(env, event); },
                    [&client](Env &env, std::uint32_t session) { client.on_timer(env, session); },
                    [&client](Env &env, const DnsAnswer &answer) { client.on_dns(env, answer); }});
    return client;
}

void MailHosts::deliver(std::string_view subject, std::size_t text_bytes)
{
    std::string text;
    while (text.size() < text_bytes)
        text += "The quick brown fox jumps over the lazy dog.\r\n";
    deliver_message(fmt::format("From: Alice <alice@example.com>\r\nTo: bob@example.jp\r\n"
                                "Subject: {}\r\nMessage-ID: <{}@example.com>\r\n\r\n{}",
                                subject, ++delivered_, text));
}

void MailHosts::deliver_message(std::string_view message)
{
    (void)*store.deliver(bob, {SharedBytes::copy_of(message), bench.now, MessageId{}});
}

std::vector<SmtpHost::Letter> MailHosts::submitted() const
{
    std::vector<SmtpHost::Letter> all = submitted_;
    for (const auto &[place, conversation] : conversations_)
        all.insert(all.end(), conversation.letters().begin(), conversation.letters().end());
    return all;
}

void MailHosts::serve_submission(Env &env, const net::Event &event)
{
    const std::uint32_t place = event.connection.index;
    std::string said;
    if (event.kind == net::EventKind::Accepted) {
        submitted_ = submitted();
        conversations_.clear();
        said = conversations_.emplace(place, SmtpHost(submission)).first->second.feed("", env.now);
    } else if (event.kind == net::EventKind::DataArrived) {
        said = conversations_.at(place).feed(event.data.view(), env.now);
    }
    env.network.send(event.connection, SharedBytes::copy_of(said), env.because);
    const auto conversation = conversations_.find(place);
    if (event.kind == net::EventKind::PeerClosed ||
        (conversation != conversations_.end() && conversation->second.server().wants_close()))
        env.network.close(event.connection, env.because);
}

} // namespace mailscope::test
