// Domains: mail servers, mailboxes, DNS.
#include "sim/core/text.h"
#include "sim/scenario/kinds.h"
#include "sim/scenario/parts.h"
#include "sim/scenario/values.h"
#include "sim/scenario/words.h"

#include <fmt/core.h>

#include <algorithm>

namespace mailscope
{

namespace
{

constexpr std::uint64_t preference_max = 65'535; // 16 bits in the MX record, RFC 1035 3.3.9
constexpr std::uint64_t hop_limit_max = 1'000;
constexpr std::uint64_t connections_max_max = 10'000;
constexpr std::uint64_t recipients_max_min = 100; // RFC 5321 4.5.3.1.8
constexpr std::uint64_t recipients_max_max = 100'000;

void read_mailbox_spec(Reading &reading, NodeIndex node, MailboxSpec &mailbox)
{
    if (reading.is_string(node)) {
        user_value.read(reading, node, mailbox.user);
        return;
    }
    ObjectReader object(reading, node, "mailbox");
    object.value("user", user_value, mailbox.user, Need::Required);
    object.value("password", line_value, mailbox.password);
    object.value("quota", size_value, mailbox.quota);
    object.value("filled", size_value, mailbox.filled);
}

void read_alias(Reading &reading, NodeIndex node, AliasSpec &alias)
{
    ObjectReader object(reading, node, "alias");
    object.value("user", user_value, alias.user, Need::Required);
    object.list("to", address_value, alias.to, Need::Required);
    if (object.has("to") && alias.to.empty())
        reading.refuse(object.node("to"), "at least one address");
}

void read_moved_code(Reading &reading, NodeIndex node, std::uint16_t &code)
{
    const JsonNode &value = reading[node];
    const bool known = value.magnitude == 550 || value.magnitude == 551 || value.magnitude == 251;
    if (value.kind != JsonKind::Integer || value.negative || !known)
        reading.refuse(node, "550, 551 or 251");
    else
        code = static_cast<std::uint16_t>(value.magnitude);
}

constexpr ValueKind<std::uint16_t> moved_code_value{"moved_code", read_moved_code};

void read_moved(Reading &reading, NodeIndex node, MovedSpec &moved)
{
    ObjectReader object(reading, node, "moved");
    object.value("user", user_value, moved.user, Need::Required);
    object.value("to", address_value, moved.to);
    object.value("code", moved_code_value, moved.code);
    moved.forwards = moved.code == 251;
    if (moved.code != 550 && !object.has("to"))
        reading.refuse_as(node, "no \"to\"",
                          fmt::format("the new address, which {} names", moved.code));
}

// An address, a network, or a host of the scenario.
void read_client(Reading &reading, NodeIndex node, std::string &target)
{
    line_value.read(reading, node, target);
    if (!reading.is_string(node))
        return;
    const bool numeric = std::all_of(target.begin(), target.end(), [](char c) {
        return is_ascii_digit(c) || c == '.' || c == '/';
    });
    if (!numeric) {
        reading.mention(NameKind::Host, node, target);
        return;
    }
    const Result<Ipv4Network> network =
        parse_ipv4_network(target.find('/') == target.npos ? target + "/32" : target);
    if (!network || !is_documentation_network(*network))
        reading.refuse(node, "a host of this scenario, or an address or network of 192.0.2.0/24, "
                             "198.51.100.0/24, 203.0.113.0/24 or a private one");
}

// The same, but one alone.
void read_listed_client(Reading &reading, NodeIndex node, std::string &target)
{
    if (reading[node].text.find('/') != std::string::npos)
        reading.refuse(node,
                       "a host of this scenario or an address; a block list lists no networks");
    else
        read_client(reading, node, target);
}

constexpr ValueKind<std::string> client_value{"client_name", read_client};

void read_mail_server(Reading &reading, NodeIndex node, MailServerSpec &server)
{
    ObjectReader object(reading, node, "mail_server");
    object.value("host", domain_name_value, server.host);
    object.integer("preference", server.preference, 0, preference_max);
    object.value("backup", flag_value, server.backup);
    object.word("software", words::software, server.dialect);
    if (server.dialect == smtp::Dialect::Exim)
        static_cast<MailPolicy &>(server) = exim_defaults();
    object.value("size_limit", size_value, server.size_limit);
    object.integer("hop_limit", server.hop_limit, 1, hop_limit_max);
    object.value("greylist", duration_value, server.greylist);
    object.word("maintenance", words::maintenance, server.maintenance);
    object.word("unknown_recipient_domain", words::unknown_domain, server.unknown_recipient_domain);
    object.value("refuse_unknown_sender_domain", flag_value, server.refuse_unknown_sender_domain);
    object.word("quota_check", words::quota_check, server.quota_check);
    object.value("sender_login_check", flag_value, server.sender_login_check);
    object.value("authentication_required", flag_value, server.authentication_required);
    object.value("starttls", flag_value, server.starttls);
    object.value("tls_required", flag_value, server.tls_required);
    server.starttls = server.starttls || server.tls_required;
    object.value("open_relay", flag_value, server.open_relay);
    object.value("dnsbl", known_domain_value, server.dnsbl);
    object.list("refused_clients", client_value, server.refused_clients);
    object.integer("connections_max", server.connections_max, 1, connections_max_max);
    object.integer("recipients_max", server.recipients_max, recipients_max_min, recipients_max_max);
    object.list("retry", interval_value, server.retry);
    object.value("delay_notice", duration_value, server.delay_notice);
    object.value("give_up", duration_value, server.give_up);
    object.value("pop3", flag_value, server.pop3);
    object.value("apop", flag_value, server.apop);
    object.value("imap", flag_value, server.imap);
    object.value("webmail", flag_value, server.webmail);
}

constexpr ValueKind<MailboxSpec> mailbox_spec_value{"mailbox", read_mailbox_spec};
constexpr ValueKind<AliasSpec> alias_value{"alias", read_alias};
constexpr ValueKind<MovedSpec> moved_value{"moved", read_moved};
constexpr ValueKind<MailServerSpec> mail_server_spec_value{"mail_server", read_mail_server};

// What a record's data must look like for its type.
bool is_record_data(std::string_view type, std::string_view data)
{
    if (type == "A") {
        const Result<Ipv4Address> address = parse_ipv4(data);
        return address && is_documentation_address(*address);
    }
    if (type == "AAAA") {
        const Result<Ipv6Address> address = parse_ipv6(data);
        return address && is_documentation_address(*address);
    }
    if (type == "TXT")
        return data.size() <= 255; // one string of RFC 1035 3.3.14
    if (type == "MX") {
        const std::size_t blank = data.find(' ');
        const std::optional<std::uint64_t> preference = parse_decimal(data.substr(0, blank));
        if (blank == data.npos || !preference || *preference > preference_max)
            return false;
        data.remove_prefix(blank + 1);
    }
    return is_domain_name(data) && is_documentation_name(data);
}

std::string_view expected_data(std::string_view type)
{
    if (type == "A")
        return "an address of 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, a private one, or "
               "127.0.0.x";
    if (type == "AAAA")
        return "an address of 2001:db8::/32";
    if (type == "TXT")
        return "a text of at most 255 octets";
    if (type == "MX")
        return "a preference and a documentation name, such as \"10 mx.example.jp\"";
    return "a documentation name such as \"www.example.jp\"";
}

void read_record(Reading &reading, NodeIndex node, RecordSpec &record)
{
    ObjectReader object(reading, node, "record");
    const auto is_relative_name = [](std::string_view name) {
        if (name.substr(0, 2) == "*.")
            name.remove_prefix(2);
        return name == "@" || name == "*" || is_domain_name(name);
    };
    object.value("name", line_value, record.name, Need::Required);
    if (!record.name.empty() && !is_relative_name(record.name))
        reading.refuse(object.node("name"),
                       "a name inside the domain such as \"www\", or \"@\" for the domain itself");
    std::string_view type;
    object.word("type", words::record_type, type, Need::Required);
    record.type = type;
    object.value("data", line_value, record.data, Need::Required);
    if (!record.data.empty() && !type.empty() && !is_record_data(type, record.data))
        reading.refuse(object.node("data"), std::string(expected_data(type)));
    object.value("ttl", duration_value, record.ttl);
}

void read_dns(Reading &reading, NodeIndex node, DomainDnsSpec &dns)
{
    ObjectReader object(reading, node, "dns");
    object.list("name_servers", domain_name_value, dns.name_servers);
    object.value("ttl", duration_value, dns.ttl);
    object.value("negative_ttl", duration_value, dns.negative_ttl);
    words::MxEntry mx = words::MxEntry::Published;
    object.word("mx", words::mx, mx);
    dns.publish_mx = mx != words::MxEntry::Missing;
    dns.null_mx = mx == words::MxEntry::Null;
    object.word("delegation", words::delegation, dns.delegation);
    object.list("records", record_value, dns.records);
}

constexpr ValueKind<DomainDnsSpec> dns_value{"dns", read_dns};

// Servers in their order are preferred in their order, where nothing else is said.
void number_preferences(Reading &reading, NodeIndex mail, std::vector<MailServerSpec> &servers)
{
    const std::vector<NodeIndex> items = reading.items(mail);
    for (std::size_t i = 0; i < servers.size(); ++i)
        if (reading.tree().member(items[i], "preference") == no_node)
            servers[i].preference = static_cast<std::uint16_t>(10 * (i + 1));
}

void read_mail(Reading &reading, ObjectReader &object, DomainSpec &domain)
{
    object.list("mail", mail_server_spec_value, domain.servers);
    const NodeIndex mail = object.node("mail");
    if (mail != no_node)
        number_preferences(reading, mail, domain.servers);
}

// The user names of a list are declared as mailboxes, so that none is there twice.
template <class T>
void declare_users(Reading &reading, const DomainSpec &domain, NodeIndex node,
                   const std::vector<T> &entries, std::string_view list)
{
    const std::vector<NodeIndex> items = reading.items(node);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const NodeIndex user = reading.tree().member(items[i], "user");
        if (!entries[i].user.empty())
            reading.declare(NameKind::Mailbox, user == no_node ? items[i] : user,
                            entries[i].user + "@" + domain.name, std::string(list));
    }
}

} // namespace

const ValueKind<RecordSpec> record_value{"record", read_record};
const ValueKind<std::string> listed_client_value{"client_name", read_listed_client};

void read_domain(Reading &reading, NodeIndex node, DomainSpec &domain)
{
    ObjectReader object(reading, node, "domain");
    object.value("name", domain_name_value, domain.name, Need::Required);
    object.value("has_mail", flag_value, domain.has_mail);
    read_mail(reading, object, domain);
    object.value("submission", domain_name_value, domain.submission);
    object.list("mailboxes", mailbox_spec_value, domain.mailboxes);
    object.list("aliases", alias_value, domain.aliases);
    object.list("moved", moved_value, domain.moved);
    object.list("lists_clients", listed_client_value, domain.lists_clients);
    object.value("dns", dns_value, domain.dns);
    object.value("provider", provider_value, domain.provider);

    if (!domain.name.empty())
        reading.declare(NameKind::Domain, object.node("name"), domain.name);
    if (!domain.has_mail)
        for (const std::string_view key : {"mail", "submission", "mailboxes", "aliases", "moved"})
            if (object.has(key))
                reading.refuse_key(object.node(key), "none of a domain with \"has_mail\": false");
    declare_users(reading, domain, object.node("mailboxes"), domain.mailboxes, "mailboxes");
    declare_users(reading, domain, object.node("aliases"), domain.aliases, "aliases");
    declare_users(reading, domain, object.node("moved"), domain.moved, "moved");
}

void describe_domain(Reading &reading)
{
    DomainSpec domain;
    read_domain(reading, 0, domain);
    MailboxSpec mailbox;
    read_mailbox_spec(reading, 0, mailbox);
    AliasSpec alias;
    read_alias(reading, 0, alias);
    MovedSpec moved;
    read_moved(reading, 0, moved);
    MailServerSpec server;
    read_mail_server(reading, 0, server);
    RecordSpec record;
    read_record(reading, 0, record);
    read_dns(reading, 0, domain.dns);
}

} // namespace mailscope
