// A mail server's sending side: which host, when again, when never (RFC 5321 4.5.4 and 5.1).
#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/hosts/dns_text.h"
#include "sim/hosts/mail_server.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

constexpr std::uint16_t smtp_port = 25;
/// How long a connection may take to come about (Postfix: smtp_connect_timeout).
constexpr Duration connect_timeout = 30s;
Problem name_service_problem(StatusNumber status, std::string_view name, std::string_view type,
                             std::string_view why)
{
    return {status,
            "Host or domain name not found. Name service error for name=" + std::string(name) +
                " type=" + std::string(type) + ": " + std::string(why),
            "", ""};
}

bool dns_failed(dns::OutcomeKind kind)
{
    return kind == dns::OutcomeKind::ServerFailure || kind == dns::OutcomeKind::TimedOut ||
           kind == dns::OutcomeKind::Refused;
}

} // namespace

void MailServer::on_delivery_timer(Call call, std::uint32_t place)
{
    if ((place & relay_timer_bit) != 0) {
        const Handle session = relays_.handle_at(place & ~relay_timer_bit);
        RelaySession *relay = relays_.find(session);
        if (relay == nullptr ||
            !relay->timer.fired(call.env.now,
                                call.env.timer_event(Role::SmtpClient, call.index, place),
                                call.env.queue))
            return;
        call.env.because = relay->because;
        if (relay->engine) {
            relay->engine->on_time(call.env.now);
            return pump_relay(call, session);
        }
        const Handle delivery = relay->delivery;
        const std::string where = relay->host + "[" + to_string(relay->address) + "]:25";
        call.env.network.abort(relay->connecting, call.env.because, call.env.step());
        relays_.erase(session);
        return try_next(
            call, delivery,
            {status_number(4, 4, 1), "connect to " + where + ": Connection timed out", "", ""});
    }
    const Handle handle = queue_.deliveries.handle_at(place);
    Delivery *delivery = queue_.deliveries.find(handle);
    if (delivery == nullptr ||
        !delivery->timer.fired(call.env.now,
                               call.env.timer_event(Role::SmtpClient, call.index, place),
                               call.env.queue))
        return;
    call.env.because = delivery->because;
    if (delivery->state == DeliveryState::Waiting)
        start_attempt(call, handle);
}

void MailServer::retry_all(Env &env, mail::Store &store, std::uint16_t index)
{
    std::vector<Handle> waiting;
    queue_.deliveries.for_each([&](Handle handle, const Delivery &delivery) {
        if (delivery.state == DeliveryState::Waiting)
            waiting.push_back(handle);
    });
    const RecordId cause = env.because;
    for (const Handle handle : waiting) {
        env.because = cause;
        start_attempt({env, store, index}, handle);
    }
}

void MailServer::start_attempt(Call call, Handle handle)
{
    Delivery &delivery = queue_.deliveries[handle];
    const QueuedMessage &message = queue_.messages[delivery.message];
    delivery.state = delivery_next(delivery.state, DeliveryInput::AttemptDue);
    ++delivery.attempt;
    delivery.hosts.clear();
    delivery.host = 0;
    for (DeliveryRecipient &recipient : delivery.recipients)
        recipient = {recipient.index, Attempt::Undecided, Problem()};
    Record record = call.env.record(RecordKind::DeliveryBegan);
    record.message = message.message;
    record.value = delivery.attempt;
    if (call.env.keeps(record.kind))
        record.text = SharedBytes::copy_of(message.queue_id + " " + delivery.domain);
    delivery.because = call.env.note(std::move(record));
    const Result<dns::Name> name = dns::Name::parse(delivery.domain);
    if (!name || delivery.domain.empty())
        return fail_all(
            call, handle,
            name_service_problem(status_number(5, 4, 4), delivery.domain, "A", "Host not found"));
    call.env.ask_dns(
        *name, dns::Type::Mx,
        {Role::SmtpClient, call.index, handle, static_cast<std::uint16_t>(Purpose::DeliveryMx)});
}

/// RFC 5321 5.1: MX records by preference; the domain itself where there are none; never a host
/// that is not better than this one.
void MailServer::on_mx(Call call, Handle handle, const dns::Outcome &outcome)
{
    Delivery &delivery = queue_.deliveries[handle];
    if (delivery.state != DeliveryState::AskingMx)
        return;
    delivery.because = call.env.because;
    if (dns_failed(outcome.kind))
        return fail_all(call, handle,
                        name_service_problem(status_number(4, 4, 3), delivery.domain, "MX",
                                             "Host not found, try again"));
    for (const dns::ResourceRecord &record : outcome.records)
        if (const auto *mx = std::get_if<dns::Mx>(&record.data))
            delivery.hosts.push_back({mx->preference, name_text(mx->exchange)});
    const bool null_mx = delivery.hosts.size() == 1 && delivery.hosts[0].name == ".";
    if (null_mx) // RFC 7505
        return fail_all(call, handle,
                        {status_number(5, 1, 10),
                         "Domain " + delivery.domain + " does not accept mail (nullMX)", "", ""});
    for (std::size_t i = delivery.hosts.size(); i > 1; --i) // equal preferences in random order
        std::swap(delivery.hosts[i - 1], delivery.hosts[rng_.below(static_cast<std::uint32_t>(i))]);
    if (delivery.hosts.size() > 1)
        std::stable_sort(
            delivery.hosts.begin(), delivery.hosts.end(),
            [](const MailHost &a, const MailHost &b) { return a.preference < b.preference; });
    const auto self =
        std::find_if(delivery.hosts.begin(), delivery.hosts.end(), [&](const MailHost &host) {
            return equals_ignoring_case(host.name, config_->hostname);
        });
    if (self != delivery.hosts.end()) {
        const std::uint16_t own = self->preference;
        std::erase_if(delivery.hosts,
                      [own](const MailHost &host) { return host.preference >= own; });
        if (delivery.hosts.empty())
            return fail_all(call, handle,
                            {status_number(5, 4, 6),
                             "mail for " + delivery.domain + " loops back to myself", "", ""});
    }
    if (delivery.hosts.empty())
        delivery.hosts.push_back({0, delivery.domain});
    delivery.state = delivery_next(delivery.state, DeliveryInput::HostsKnown);
    ask_host(call, handle);
}

void MailServer::ask_host(Call call, Handle handle)
{
    const Delivery &delivery = queue_.deliveries[handle];
    const std::string &host = delivery.hosts[delivery.host].name;
    const Result<dns::Name> name = dns::Name::parse(host);
    if (!name)
        return try_next(call, handle,
                        name_service_problem(status_number(5, 4, 4), host, "A", "Host not found"));
    call.env.ask_dns(
        *name, dns::Type::A,
        {Role::SmtpClient, call.index, handle, static_cast<std::uint16_t>(Purpose::DeliveryA)});
}

void MailServer::on_host_address(Call call, Handle handle, const dns::Outcome &outcome)
{
    Delivery &delivery = queue_.deliveries[handle];
    if (delivery.state != DeliveryState::AskingHost)
        return;
    delivery.because = call.env.because;
    delivery.addresses.clear();
    delivery.address = 0;
    for (const dns::ResourceRecord &record : outcome.records)
        if (const auto *address = std::get_if<Ipv4Address>(&record.data))
            delivery.addresses.push_back(*address);
    if (!delivery.addresses.empty())
        return connect(call, handle);
    const std::string &host = delivery.hosts[delivery.host].name;
    if (dns_failed(outcome.kind))
        return try_next(
            call, handle,
            name_service_problem(status_number(4, 4, 3), host, "A", "Host not found, try again"));
    try_next(call, handle,
             name_service_problem(status_number(5, 4, 4), host, "A",
                                  outcome.kind == dns::OutcomeKind::NameError
                                      ? "Host not found"
                                      : "Host found but no data record of requested type"));
}

void MailServer::connect(Call call, Handle handle)
{
    Delivery &delivery = queue_.deliveries[handle];
    delivery.state = delivery_next(delivery.state, DeliveryInput::AddressKnown);
    RelaySession session;
    session.delivery = handle;
    session.host = delivery.hosts[delivery.host].name;
    session.address = delivery.addresses[delivery.address];
    const Handle relay = relays_.insert(std::move(session));
    delivery.session = relay;
    const net::Owner owner{static_cast<std::uint16_t>(Role::SmtpClient), call.index, relay.index};
    RelaySession &opened = relays_[relay];
    opened.connecting = call.env.open({opened.address, smtp_port}, owner, Protocol::Smtp);
    opened.because = call.env.because;
    opened.timer.set(
        call.env.now + connect_timeout,
        call.env.timer_event(Role::SmtpClient, call.index, relay.index | relay_timer_bit),
        call.env.queue);
}

/// This host or address does not serve the recipients that are left: tries the next one, or
/// settles with `problem` for them. A temporary problem anywhere outweighs a permanent one.
void MailServer::try_next(Call call, Handle handle, const Problem &problem)
{
    Delivery &delivery = queue_.deliveries[handle];
    delivery.session = Handle{};
    for (DeliveryRecipient &recipient : delivery.recipients) {
        if (recipient.attempt == Attempt::Done || recipient.attempt == Attempt::Refused)
            continue;
        const bool keep = recipient.problem.status != 0 && !recipient.problem.is_permanent() &&
                          problem.is_permanent();
        if (!keep && problem.status != 0)
            recipient.problem = problem;
        recipient.attempt = Attempt::Undecided;
    }
    const bool more_addresses = delivery.address + 1 < delivery.addresses.size();
    if (!more_addresses && delivery.host + 1 >= delivery.hosts.size())
        return settle(call, handle);
    Record record = call.env.record(RecordKind::HostSkipped);
    record.message = queue_.messages[delivery.message].message;
    record.status = problem.status;
    if (call.env.keeps(record.kind))
        record.text =
            SharedBytes::copy_of(delivery.hosts[delivery.host].name + ": " + problem.text);
    delivery.because = call.env.note(std::move(record));
    delivery.state = delivery_next(delivery.state, DeliveryInput::NextHost);
    if (more_addresses) {
        ++delivery.address;
        return connect(call, handle);
    }
    ++delivery.host;
    delivery.addresses.clear();
    ask_host(call, handle);
}

/// Nobody can be asked for any recipient.
void MailServer::fail_all(Call call, Handle handle, const Problem &problem)
{
    for (DeliveryRecipient &recipient : queue_.deliveries[handle].recipients)
        recipient.problem = problem;
    settle(call, handle);
}

/// The attempt is over: records and reports what became of each recipient, and decides about
/// those that are left.
void MailServer::settle(Call call, Handle handle)
{
    Delivery &delivery = queue_.deliveries[handle];
    const Handle message = delivery.message;
    Problems failures;
    for (const DeliveryRecipient &recipient : delivery.recipients) {
        if (recipient.attempt == Attempt::Done)
            finish_recipient(message, recipient.index, Fate::Relayed);
        else if (recipient.attempt == Attempt::Refused || recipient.problem.is_permanent())
            failures.emplace_back(recipient.index, recipient.problem);
    }
    std::erase_if(delivery.recipients, [](const DeliveryRecipient &recipient) {
        return recipient.attempt == Attempt::Done || recipient.attempt == Attempt::Refused ||
               recipient.problem.is_permanent();
    });
    if (delivery.recipients.empty())
        delivery.state = delivery_next(delivery.state, delivery.state == DeliveryState::Talking
                                                           ? DeliveryInput::Answered
                                                           : DeliveryInput::GiveUp);
    else
        wait_or_give_up(call, handle, failures);
    if (queue_.deliveries[handle].state == DeliveryState::Finished)
        queue_.deliveries.erase(handle);
    if (!failures.empty())
        report_failures(call, message, failures);
    forget_if_done(message);
}

/// RFC 5321 4.5.4.1: waits for the next attempt; after the give-up time the last temporary problem
/// is what is reported. Tells the sender once that the message is late.
void MailServer::wait_or_give_up(Call call, Handle handle, Problems &failures)
{
    Delivery &delivery = queue_.deliveries[handle];
    QueuedMessage &message = queue_.messages[delivery.message];
    const MailPolicy &policy = config_->policy;
    const Duration age = call.env.now - message.arrived;
    if (age >= policy.give_up) {
        for (const DeliveryRecipient &recipient : delivery.recipients)
            failures.emplace_back(recipient.index, recipient.problem);
        delivery.state = delivery_next(delivery.state, DeliveryInput::GiveUp);
        return;
    }
    const Duration wait = std::min(retry_wait(policy, delivery.attempt), policy.give_up - age);
    const RecordId cause = call.env.because;
    for (const DeliveryRecipient &recipient : delivery.recipients) {
        Record record = call.env.record(RecordKind::Deferred);
        record.message = message.message;
        record.status = recipient.problem.status;
        record.value = whole_seconds(wait);
        record.because = cause;
        if (call.env.keeps(record.kind))
            record.text = SharedBytes::copy_of(message.recipients[recipient.index].who.address +
                                               ": " + recipient.problem.text);
        delivery.because = call.env.note(std::move(record));
    }
    delivery.state = delivery_next(delivery.state, DeliveryInput::TryLater);
    delivery.next_attempt = call.env.now + wait;
    delivery.timer.set(delivery.next_attempt,
                       call.env.timer_event(Role::SmtpClient, call.index, handle.index),
                       call.env.queue);
    if (age < policy.delay_notice || message.delay_reported)
        return;
    message.delay_reported = true;
    Problems late;
    for (const DeliveryRecipient &recipient : delivery.recipients)
        late.emplace_back(recipient.index, recipient.problem);
    report(call, delivery.message, mail::ReportAction::Delayed, late);
}

} // namespace mailscope
