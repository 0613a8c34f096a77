// Configuration of hosts.
#include "viz/model/host_facts.h"

#include "viz/model/views.h"

#include <utility>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t records_max = 12; ///< of one zone

class Settings
{
public:
    Settings(const Moment &now, HostId host) : now_(now), host_(host) {}

    std::vector<FactRow> make()
    {
        for (const MailServerPlace &place : now_.world.mail_servers)
            if (place.server.host() == host_)
                add_mail_server(place.server.config());
        for (const PopServerPlace &place : now_.world.pop_servers)
            if (place.server.host() == host_)
                add_logins("POP3", Mark::Pop3,
                           place.server.options().login == pop3::LoginRule::OnlyWithTls,
                           place.server.options().offer_stls);
        for (const ImapServerPlace &place : now_.world.imap_servers)
            if (place.server.host() == host_)
                add_logins("IMAP", Mark::Imap,
                           place.server.options().login == imap::LoginRule::OnlyWithTls,
                           place.server.options().offer_starttls);
        for (const NameServer &server : now_.world.name_servers)
            if (server.host() == host_)
                add_zones(server);
        for (const MailClient &client : now_.world.clients)
            if (client.settings().host == host_)
                add_account(client.settings());
        return std::move(rows_);
    }

private:
    void heading(std::string_view word, std::string_view text, Mark mark)
    {
        rows_.push_back(
            {now_.words.view(word, {{"text", std::string(text)}}), {}, true, mark, -1, {}});
    }
    void fact(std::string text, std::string value)
    {
        rows_.push_back({std::move(text), std::move(value), false, Mark::None, -1, {}});
    }
    void set(std::string_view word, std::string value)
    {
        fact(now_.words.view("set." + std::string(word)), std::move(value));
    }
    void set_flag(std::string_view word, bool yes)
    {
        set(word, now_.words.view(yes ? "yes" : "no"));
    }
    void set(std::string_view word, Duration time) { set(word, clock_text(SimTime() + time)); }
    void add_mail_server(const MailServerConfig &config);
    void add_policy(const MailPolicy &policy);
    void add_logins(std::string_view protocol, Mark mark, bool only_with_tls, bool offers_tls);
    void add_zones(const NameServer &server);
    void add_account(const MailClientSettings &settings);

    const Moment &now_;
    HostId host_;
    std::vector<FactRow> rows_;
};

void Settings::add_policy(const MailPolicy &policy)
{
    set("size-limit", std::to_string(policy.size_limit) + " B");
    set("hop-limit", std::to_string(policy.hop_limit));
    set_flag("starttls", policy.starttls);
    set_flag("authentication", policy.authentication_required);
    set_flag("open-relay", policy.open_relay);
    set("quota",
        now_.words.view(policy.quota_check == QuotaCheck::AtDelivery ? "set.quota-at-delivery"
                                                                     : "set.quota-at-recipient"));
    if (policy.greylist != Duration::zero())
        set("greylist", policy.greylist);
    if (policy.maintenance != Maintenance::None)
        set("maintenance", policy.maintenance == Maintenance::Closed ? "554" : "421");
    if (policy.refuse_unknown_sender_domain)
        set("unknown-sender", "450 4.1.8");
    if (policy.unknown_recipient_domain != UnknownDomain::Accept)
        set("unknown-recipient", policy.unknown_recipient_domain == UnknownDomain::ReplyTemporary
                                     ? "450 4.1.2"
                                     : "550 5.1.2");
    if (!policy.dnsbl.empty())
        set("dnsbl", policy.dnsbl);
    for (const std::string &client : policy.refused_clients)
        set("refused-client", client);
    for (const Duration &wait : policy.retry)
        set("retry", wait);
    set("delay-notice", policy.delay_notice);
    set("give-up", policy.give_up);
}

void Settings::add_mail_server(const MailServerConfig &config)
{
    heading("settings-of", "SMTP", Mark::Smtp);
    set("words", config.policy.dialect == smtp::Dialect::Exim ? "Exim" : "Postfix");
    for (const LocalDomain &domain : config.domains) {
        set(domain.has_mailboxes ? "domain" : "backup-for", domain.name);
        for (const Alias &alias : domain.aliases) {
            std::string to;
            for (const std::string &address : alias.to)
                to += (to.empty() ? "" : ", ") + address;
            fact("  " + alias.user + "@" + domain.name, "→ " + to);
        }
        for (const Moved &moved : domain.moved)
            fact("  " + moved.user + "@" + domain.name,
                 std::to_string(moved.forwards ? 251 : moved.code) +
                     (moved.to.empty() ? "" : " → " + moved.to));
    }
    add_policy(config.policy);
}

void Settings::add_logins(std::string_view protocol, Mark mark, bool only_with_tls, bool offers_tls)
{
    heading("settings-of", protocol, mark);
    set_flag("starttls", offers_tls);
    set_flag("login-only-with-tls", only_with_tls);
}

void Settings::add_zones(const NameServer &server)
{
    for (const dns::Zone &zone : server.zones()) {
        heading("zone", to_string(zone.origin()), Mark::Dns);
        std::size_t count = 0;
        for (const dns::ResourceRecord &record : zone.records())
            if (++count <= records_max)
                fact(to_string(record.owner) + " " + dns::to_string(record.type),
                     printable(dns::to_string(record.data), 60));
        if (count > records_max)
            fact("…", std::to_string(count));
    }
}

void Settings::add_account(const MailClientSettings &settings)
{
    heading("settings-of", settings.person, Mark::Letter);
    set("address", settings.address);
    if (!settings.from.empty() && settings.from != settings.address)
        set("from", settings.from);
    const auto server = [](const ServerAccount &account) {
        return account.host + ":" + std::to_string(account.port);
    };
    set("submission", server(settings.submission));
    set_flag("authentication", settings.authenticates);
    set("reads", (settings.reads == ReadsBy::Imap   ? "IMAP "
                  : settings.reads == ReadsBy::Pop3 ? "POP3 "
                                                    : "HTTP ") +
                     server(settings.incoming));
    if (settings.reads == ReadsBy::Pop3)
        set_flag("leave-on-server", settings.leave_on_server);
    if (settings.capacity_bytes != 0)
        set("capacity", std::to_string(settings.capacity_bytes) + " B");
    if (settings.check_every)
        set("check-every", *settings.check_every);
}

} // namespace

std::vector<FactRow> configuration_rows(const Moment &now, HostId host)
{
    return Settings(now, host).make();
}

} // namespace mailscope::viz
