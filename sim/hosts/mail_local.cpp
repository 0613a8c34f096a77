// A mail server's own recipients: mailboxes, aliases, forwardings (RFC 5321 3.9), and sorting out
// what goes elsewhere.
#include "sim/core/text.h"
#include "sim/hosts/lmtp_words.h"
#include "sim/hosts/mail_server.h"
#include "sim/mail/trace_fields.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

/// Room for Return-Path and Delivered-To with addresses of the usual length.
constexpr std::size_t stamp_octets_usual = 160;

Problem local_problem(StatusNumber status, std::string text)
{
    return {status, std::move(text), "", ""};
}

/// A full mailbox in the words of the delivery agent behind a real server (LMTP).
Problem over_quota(std::string_view address)
{
    const std::string reply = to_string(lmtp_mailbox_full(address));
    return {status_number(5, 2, 2),
            "host 127.0.0.1[127.0.0.1] said: " + reply + " (in reply to end of DATA command)",
            "127.0.0.1", reply};
}

/// The mailbox of that very name, whatever alias there is.
LocalTarget mailbox_of(const mail::Store &store, std::string_view address)
{
    LocalTarget target;
    const std::optional<mail::UserId> user = store.find_user(address);
    target.kind = user ? LocalTarget::Kind::Mailbox : LocalTarget::Kind::Unknown;
    target.user = user.value_or(mail::UserId{});
    return target;
}

} // namespace

void MailServer::submit(Env &env, mail::Store &store, std::uint16_t index, QueuedMessage message)
{
    message.queue_id = queue_ids_.next(env.now);
    message.message = env.messages.name_of(message.content.view());
    message.arrived = env.now;
    queue_.counts.accepted += message.recipients.size();
    Record record = env.record(RecordKind::MessageAccepted);
    record.message = message.message;
    record.value = static_cast<std::int64_t>(message.recipients.size());
    if (env.keeps(record.kind))
        record.text = SharedBytes::copy_of(message.queue_id);
    message.record = env.note(std::move(record));
    dispatch({env, store, index}, queue_.messages.insert(std::move(message)));
}

/// Gives every pending recipient of a new message its way: a mailbox here, other recipients, or a
/// delivery to another server.
void MailServer::dispatch(Call call, Handle handle)
{
    Problems failures;
    std::vector<std::pair<std::string, std::vector<DeliveryRecipient>>> remote;
    const RecordId accepted = queue_.messages[handle].record;
    for (std::uint32_t i = 0; i < queue_.messages[handle].recipients.size(); ++i) {
        call.env.because = accepted;
        const std::string &address = queue_.messages[handle].recipients[i].who.address;
        const LocalTarget target = queue_.messages[handle].recipients[i].own_copy
                                       ? mailbox_of(call.store, address)
                                       : find_target(*config_, call.store, address);
        switch (target.kind) {
        case LocalTarget::Kind::Mailbox:
            deliver_here(call, handle, i, target.user, failures);
            break;
        case LocalTarget::Kind::Alias:
            expand(call, handle, i, target.alias->to);
            break;
        case LocalTarget::Kind::Moved:
            if (target.moved->forwards) {
                expand(call, handle, i, {target.moved->to});
                break;
            }
            failures.emplace_back(
                i, local_problem(status_number(5, 1, 6), "User has moved to " + target.moved->to));
            break;
        case LocalTarget::Kind::Unknown:
            failures.emplace_back(
                i, local_problem(status_number(5, 1, 1), "unknown user: \"" + address + "\""));
            break;
        case LocalTarget::Kind::Backup:
        case LocalTarget::Kind::NotLocal: {
            std::string domain = to_lower(domain_of(address));
            auto place = std::find_if(remote.begin(), remote.end(),
                                      [&](const auto &group) { return group.first == domain; });
            if (place == remote.end())
                place = remote.emplace(remote.end(), std::move(domain),
                                       std::vector<DeliveryRecipient>());
            place->second.push_back({i, Attempt::Undecided, Problem()});
            break;
        }
        }
    }
    for (auto &[domain, recipients] : remote) {
        call.env.because = accepted;
        start_delivery(call, handle, std::move(domain), std::move(recipients));
    }
    if (!failures.empty())
        report_failures(call, handle, failures);
    forget_if_done(handle);
}

void MailServer::start_delivery(Call call, Handle message, std::string domain,
                                std::vector<DeliveryRecipient> recipients)
{
    Delivery delivery;
    delivery.message = message;
    delivery.domain = std::move(domain);
    delivery.next_attempt = call.env.now;
    delivery.because = call.env.because;
    delivery.recipients = std::move(recipients);
    start_attempt(call, queue_.deliveries.insert(std::move(delivery)));
}

void MailServer::deliver_here(Call call, Handle handle, std::uint32_t place, mail::UserId user,
                              Problems &failures)
{
    const QueuedMessage &message = queue_.messages[handle];
    const smtp::Recipient &recipient = message.recipients[place].who;
    Record record = call.env.record(RecordKind::Delivered);
    record.message = message.message;
    const Result<mail::Address> address = mail::parse_address(recipient.address);
    const Result<mail::Address> sender = mail::parse_address(message.reverse_path);
    if (address && mail::was_delivered_to(message.content.view(), *address)) {
        record.kind = RecordKind::LoopStopped;
        record.text = SharedBytes::copy_of(recipient.address);
        call.env.note(std::move(record));
        failures.emplace_back(
            place,
            local_problem(status_number(5, 4, 6), "mail forwarding loop for " + recipient.address));
        return;
    }
    std::string stamp;
    stamp.reserve(stamp_octets_usual);
    mail::append_return_path(stamp, sender ? *sender : mail::Address());
    if (address)
        mail::append_delivered_to(stamp, *address);
    mail::NewLetter letter;
    letter.content = SharedBytes::joined(stamp, message.content.view());
    letter.internal_date = call.env.now;
    letter.message = message.message;
    const mail::StoreResult<std::uint32_t> uid = call.store.deliver(user, std::move(letter));
    if (!uid) {
        failures.emplace_back(place, over_quota(recipient.address));
        return;
    }
    record.value = *uid;
    if (call.env.keeps(record.kind))
        record.text = SharedBytes::copy_of(recipient.address);
    call.env.note(std::move(record));
    if (recipient.notify.success)
        report(call, handle, mail::ReportAction::Delivered,
               {{place, {status_number(2, 0, 0), "delivered to mailbox", "", ""}}});
    finish_recipient(handle, place, Fate::Delivered);
}

/// Puts `targets` in the place of a recipient; who is a recipient already is not added twice. An
/// alias among its own targets stands for the mailbox of that name.
void MailServer::expand(Call call, Handle handle, std::uint32_t place,
                        const std::vector<std::string> &targets)
{
    QueuedMessage &message = queue_.messages[handle];
    std::string text = message.recipients[place].who.address + ":";
    std::int64_t added = 0;
    for (const std::string &target : targets) {
        text += " " + target;
        const bool own_copy = equals_ignoring_case(target, message.recipients[place].who.address);
        const bool known = std::any_of(message.recipients.begin(), message.recipients.end(),
                                       [&](const QueuedRecipient &other) {
                                           return equals_ignoring_case(other.who.address, target);
                                       });
        if (known && !own_copy)
            continue;
        smtp::Recipient recipient = message.recipients[place].who;
        if (recipient.orcpt.empty())
            recipient.orcpt = "rfc822;" + smtp::xtext_encode(recipient.address);
        recipient.address = target;
        message.recipients.push_back({std::move(recipient), Fate::Pending, own_copy});
        ++queue_.counts.made;
        ++added;
    }
    Record record = call.env.record(RecordKind::Expanded);
    record.message = message.message;
    record.value = added;
    record.text = SharedBytes::copy_of(text);
    call.env.note(std::move(record));
    finish_recipient(handle, place, Fate::Expanded);
}

void MailServer::finish_recipient(Handle handle, std::uint32_t place, Fate fate)
{
    QueuedRecipient &recipient = queue_.messages[handle].recipients[place];
    if (recipient.fate != Fate::Pending)
        return;
    recipient.fate = fate;
    QueueCounts &counts = queue_.counts;
    switch (fate) {
    case Fate::Pending:
        break;
    case Fate::Relayed:
        ++counts.relayed;
        break;
    case Fate::Delivered:
        ++counts.delivered;
        break;
    case Fate::Expanded:
        ++counts.expanded;
        break;
    case Fate::Failed:
        ++counts.failed;
        break;
    }
}

void MailServer::forget_if_done(Handle handle)
{
    const QueuedMessage *message = queue_.messages.find(handle);
    if (message == nullptr)
        return;
    const bool pending = std::any_of(
        message->recipients.begin(), message->recipients.end(),
        [](const QueuedRecipient &recipient) { return recipient.fate == Fate::Pending; });
    if (!pending)
        queue_.messages.erase(handle);
}

} // namespace mailscope
