// What a mail server decides, in Postfix's order.
#include "sim/hosts/mail_policy.h"

#include "sim/core/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mailscope
{
namespace
{

using dns::OutcomeKind;
using smtp::Reply;

/// Postfix's minimal and maximal backoff times.
constexpr std::array<Duration, 5> postfix_retry = {300s, 600s, 1200s, 2400s, 4000s};

/// Exim's default rule "F,2h,15m; G,16h,1h,1.5; F,4d,6h".
constexpr std::array<Duration, 14> exim_retry = {900s, 900s,  900s,  900s,  900s,   900s,   900s,
                                                 900s, 3600s, 5400s, 8100s, 12150s, 18225s, 21600s};

bool is_refused_by_hand(const MailPolicy &policy, Ipv4Address client)
{
    return std::any_of(policy.refused_clients.begin(), policy.refused_clients.end(),
                       [&](const std::string &entry) {
                           if (const Result<Ipv4Network> network = parse_ipv4_network(entry))
                               return network->contains(client);
                           const Result<Ipv4Address> address = parse_ipv4(entry);
                           return address && *address == client;
                       });
}

std::optional<Reply> refuse_identity(const MailServerConfig &config, const mail::Store &store,
                                     const ClientFacts &client, std::string_view sender)
{
    if (!config.policy.sender_login_check || !client.is_submission || sender.empty())
        return std::nullopt;
    const bool is_owner = equals_ignoring_case(client.identity, sender);
    if (is_owner)
        return std::nullopt;
    const LocalTarget target = find_target(config, store, sender);
    if (client.identity.empty() && target.kind != LocalTarget::Kind::Mailbox)
        return std::nullopt;
    if (client.identity.empty())
        return say(config.policy.dialect, Verdict::NotLoggedIn, {sender});
    return say(config.policy.dialect, Verdict::NotOwned, {sender, client.identity});
}

/// What is known about a mail domain: by its MX, else by its A record (RFC 5321 5.1).
enum class DomainState : std::uint8_t
{
    Known,
    NullMx,
    NotFound, ///< no such domain, or no host that takes its mail
    NoAnswer, ///< the DNS failed for the moment
};

std::variant<DomainState, DnsNeeded> domain_state(const ClientFacts &client,
                                                  std::string_view domain, Purpose mx_purpose,
                                                  Purpose a_purpose)
{
    const DnsFact *mx = client.find(mx_purpose, domain);
    if (mx == nullptr)
        return DnsNeeded{mx_purpose, std::string(domain), dns::Type::Mx};
    if (mx->outcome == OutcomeKind::Answer)
        return mx->null_mx ? DomainState::NullMx : DomainState::Known;
    if (mx->outcome == OutcomeKind::NameError)
        return DomainState::NotFound;
    if (mx->outcome != OutcomeKind::NoData)
        return DomainState::NoAnswer;
    const DnsFact *a = client.find(a_purpose, domain);
    if (a == nullptr)
        return DnsNeeded{a_purpose, std::string(domain), dns::Type::A};
    if (a->outcome == OutcomeKind::Answer)
        return DomainState::Known;
    return a->outcome == OutcomeKind::NoData || a->outcome == OutcomeKind::NameError
               ? DomainState::NotFound
               : DomainState::NoAnswer;
}

/// reject_unknown_sender_domain: everything but a known domain is 450 4.1.8.
std::optional<RecipientDecision> check_sender_domain(const MailServerConfig &config,
                                                     const ClientFacts &client,
                                                     std::string_view sender)
{
    const std::string_view domain = domain_of(sender);
    if (!config.policy.refuse_unknown_sender_domain || domain.empty() ||
        config.find_domain(domain) != nullptr)
        return std::nullopt;
    const auto state = domain_state(client, domain, Purpose::SenderMx, Purpose::SenderA);
    if (const DnsNeeded *needed = std::get_if<DnsNeeded>(&state))
        return *needed;
    switch (std::get<DomainState>(state)) {
    case DomainState::Known:
        return std::nullopt;
    case DomainState::NullMx:
        return say(config.policy.dialect, Verdict::SenderDomainNullMx, {sender, domain});
    case DomainState::NotFound:
        return say(config.policy.dialect, Verdict::SenderDomainNotFound, {sender});
    case DomainState::NoAnswer:
        break;
    }
    return say(config.policy.dialect, Verdict::SenderDomainNoAnswer, {sender});
}

/// reject_unknown_recipient_domain.
std::optional<RecipientDecision> check_recipient_domain(const MailServerConfig &config,
                                                        const ClientFacts &client,
                                                        std::string_view recipient)
{
    const UnknownDomain setting = config.policy.unknown_recipient_domain;
    const std::string_view domain = domain_of(recipient);
    if (setting == UnknownDomain::Accept)
        return std::nullopt;
    const auto state = domain_state(client, domain, Purpose::RecipientMx, Purpose::RecipientA);
    if (const DnsNeeded *needed = std::get_if<DnsNeeded>(&state))
        return *needed;
    switch (std::get<DomainState>(state)) {
    case DomainState::Known:
        return std::nullopt;
    case DomainState::NullMx:
        return say(config.policy.dialect, Verdict::RecipientDomainNullMx, {recipient, domain});
    case DomainState::NotFound:
        return say(config.policy.dialect,
                   setting == UnknownDomain::ReplyPermanent ? Verdict::RecipientDomainUnknown
                                                            : Verdict::RecipientDomainLater,
                   {recipient});
    case DomainState::NoAnswer:
        break;
    }
    return say(config.policy.dialect, Verdict::RecipientDomainSilent, {recipient});
}

/// reject_rbl_client: listed when the name has an A record (RFC 5782 2.1).
std::optional<RecipientDecision> check_blocklist(const MailServerConfig &config,
                                                 const ClientFacts &client)
{
    const std::string &zone = config.policy.dnsbl;
    if (zone.empty() || client.is_submission)
        return std::nullopt;
    const std::string name = blocklist_name(client.address, zone);
    const DnsFact *listed = client.find(Purpose::Blocklist, name);
    if (listed == nullptr)
        return DnsNeeded{Purpose::Blocklist, name, dns::Type::A};
    if (listed->outcome != OutcomeKind::Answer)
        return std::nullopt;
    const DnsFact *why = client.find(Purpose::BlocklistText, name);
    if (why == nullptr)
        return DnsNeeded{Purpose::BlocklistText, name, dns::Type::Txt};
    return say(config.policy.dialect,
               why->text.empty() ? Verdict::Blocklisted : Verdict::BlocklistedWhy,
               {to_string(client.address), zone, why->text});
}

Verdict verdict_of(const Moved &moved)
{
    if (moved.code == 551)
        return moved.to.empty() ? Verdict::UserNotLocal : Verdict::UserNotLocalTry;
    return moved.to.empty() ? Verdict::UserMoved : Verdict::UserMovedTo;
}

std::optional<RecipientDecision> check_target(const MailServerConfig &config,
                                              const mail::Store &store, std::string_view recipient)
{
    const smtp::Dialect dialect = config.policy.dialect;
    const LocalTarget target = find_target(config, store, recipient);
    switch (target.kind) {
    case LocalTarget::Kind::Unknown:
        return say(dialect, Verdict::UserUnknown, {recipient});
    case LocalTarget::Kind::Moved:
        if (target.moved->forwards)
            return Accepted{target.moved->to};
        return say(dialect, verdict_of(*target.moved), {recipient, target.moved->to});
    case LocalTarget::Kind::Mailbox:
        if (config.policy.quota_check == QuotaCheck::AtRecipient && !store.has_room(target.user, 1))
            return say(dialect, Verdict::MailboxFull, {recipient});
        break;
    case LocalTarget::Kind::NotLocal:
    case LocalTarget::Kind::Backup:
    case LocalTarget::Kind::Alias:
        break;
    }
    return std::nullopt;
}

} // namespace

std::string blocklist_name(Ipv4Address client, std::string_view zone)
{
    const std::uint32_t v = client.value;
    const Ipv4Address reversed{v >> 24U | (v >> 8U & 0xFF00U) | (v << 8U & 0xFF0000U) | v << 24U};
    return to_string(reversed) + "." + std::string(zone);
}

MailPolicy exim_defaults()
{
    MailPolicy policy;
    policy.dialect = smtp::Dialect::Exim;
    policy.hop_limit = 30;
    policy.delay_notice = std::chrono::hours(24);
    policy.give_up = std::chrono::hours(24 * 4);
    return policy;
}

const LocalDomain *MailServerConfig::find_domain(std::string_view name) const
{
    for (const LocalDomain &domain : domains)
        if (equals_ignoring_case(domain.name, name))
            return &domain;
    return nullptr;
}

const DnsFact *ClientFacts::find(Purpose purpose, std::string_view wanted) const
{
    for (const DnsFact &fact : dns)
        if (fact.purpose == purpose && equals_ignoring_case(fact.name, wanted))
            return &fact;
    return nullptr;
}

std::string_view domain_of(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

smtp::Reply greeting(const MailServerConfig &config, Ipv4Address client, std::uint32_t connections,
                     mail::DateTime date)
{
    const smtp::Dialect dialect = config.policy.dialect;
    if (connections > config.policy.connections_max)
        return say(dialect, Verdict::TooManyConnections, {config.hostname, to_string(client)});
    switch (config.policy.maintenance) {
    case Maintenance::TryLater:
        return say(dialect, Verdict::MaintenanceTryLater, {config.hostname});
    case Maintenance::Closed:
        return say(dialect, Verdict::MaintenanceClosed, {config.hostname});
    case Maintenance::None:
        break;
    }
    const bool dated = dialect == smtp::Dialect::Exim;
    return say(dialect, Verdict::Welcome,
               {config.hostname, dated ? mail::format_date(date) : std::string()});
}

std::optional<smtp::Reply> refuse_sender(const MailServerConfig &config, std::uint64_t size)
{
    if (config.policy.size_limit == 0 || size <= config.policy.size_limit)
        return std::nullopt;
    return smtp::make_reply(config.policy.dialect, smtp::Phrase::SizeAnnounced);
}

std::optional<smtp::Reply> refuse_content(const MailServerConfig &config, std::uint64_t size)
{
    if (config.policy.size_limit == 0 || size <= config.policy.size_limit)
        return std::nullopt;
    return smtp::make_reply(config.policy.dialect, smtp::Phrase::SizeExceeded);
}

LocalTarget find_target(const MailServerConfig &config, const mail::Store &store,
                        std::string_view address)
{
    LocalTarget target;
    const std::size_t at = address.rfind('@');
    const std::string_view user = address.substr(0, at);
    const LocalDomain *domain = config.find_domain(domain_of(address));
    if (domain == nullptr)
        return target;
    if (!domain->has_mailboxes) {
        target.kind = LocalTarget::Kind::Backup;
        return target;
    }
    for (const Moved &moved : domain->moved) {
        if (equals_ignoring_case(moved.user, user)) {
            target.kind = LocalTarget::Kind::Moved;
            target.moved = &moved;
            return target;
        }
    }
    for (const Alias &alias : domain->aliases) {
        if (equals_ignoring_case(alias.user, user)) {
            target.kind = LocalTarget::Kind::Alias;
            target.alias = &alias;
            return target;
        }
    }
    const std::optional<mail::UserId> mailbox = store.find_user(address);
    target.kind = mailbox ? LocalTarget::Kind::Mailbox : LocalTarget::Kind::Unknown;
    target.user = mailbox.value_or(mail::UserId{});
    return target;
}

RecipientDecision decide_recipient(const MailServerConfig &config, const mail::Store &store,
                                   const ClientFacts &client, std::string_view sender,
                                   std::string_view recipient)
{
    if (!client.is_submission && is_refused_by_hand(config.policy, client.address))
        return say(config.policy.dialect, Verdict::ClientRefused,
                   {client.name, to_string(client.address)});
    if (const std::optional<Reply> refusal = refuse_identity(config, store, client, sender))
        return *refusal;
    if (const auto decision = check_sender_domain(config, client, sender))
        return *decision;
    const bool is_ours = config.find_domain(domain_of(recipient)) != nullptr;
    if (!is_ours && client.identity.empty() && !config.policy.open_relay) {
        const bool may_send = client.is_submission && !config.policy.authentication_required;
        if (!may_send)
            return say(config.policy.dialect, Verdict::RelayDenied, {recipient});
    }
    if (!is_ours)
        if (const auto decision = check_recipient_domain(config, client, recipient))
            return *decision;
    if (const auto decision = check_target(config, store, recipient))
        return *decision;
    if (const auto decision = check_blocklist(config, client))
        return *decision;
    return Accepted{};
}

Duration retry_wait(const MailPolicy &policy, std::uint32_t attempt)
{
    const std::size_t place = attempt == 0 ? 0 : attempt - 1;
    if (policy.retry.empty() && policy.dialect == smtp::Dialect::Exim)
        return exim_retry[std::min(place, exim_retry.size() - 1)];
    if (policy.retry.empty())
        return postfix_retry[std::min(place, postfix_retry.size() - 1)];
    return policy.retry[std::min(place, policy.retry.size() - 1)];
}

} // namespace mailscope
