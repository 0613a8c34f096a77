// A mail server's reports to senders: failed, delayed, delivered (RFC 3464, RFC 3461).
//
// A report travels with the null reverse-path, and nobody is told about what has none, so that
// reports about reports cannot arise (RFC 5321 6.1).
#include "sim/core/digest.h"
#include "sim/core/text.h"
#include "sim/hosts/mail_server.h"
#include "sim/mail/trace_fields.h"

#include <utility>

namespace mailscope
{
namespace
{

RecordKind kind_of(mail::ReportAction action)
{
    switch (action) {
    case mail::ReportAction::Failed:
        return RecordKind::FailureReported;
    case mail::ReportAction::Delayed:
        return RecordKind::DelayReported;
    case mail::ReportAction::Delivered:
    case mail::ReportAction::Relayed:
    case mail::ReportAction::Expanded:
        break;
    }
    return RecordKind::SuccessReported;
}

/// Whether the recipient's NOTIFY asks for such a report (RFC 3461 4.1).
bool is_wanted(const smtp::Notify &notify, mail::ReportAction action)
{
    if (notify.never)
        return false;
    if (notify.unsaid())
        return action == mail::ReportAction::Failed || action == mail::ReportAction::Delayed;
    switch (action) {
    case mail::ReportAction::Failed:
        return notify.failure;
    case mail::ReportAction::Delayed:
        return notify.delay;
    case mail::ReportAction::Delivered:
    case mail::ReportAction::Relayed:
    case mail::ReportAction::Expanded:
        break;
    }
    return notify.success;
}

/// How Exim says what Postfix says with more words. A peer's refusal is in its words already.
std::string exim_reason(const Problem &problem)
{
    if (!problem.remote_mta.empty())
        return problem.text;
    if (!problem.is_permanent())
        return "retry timeout exceeded";
    const StatusNumber subject = problem.status % 1'000'000U;
    if (subject == 1'010)
        return "an MX or SRV record indicated no SMTP service";
    const bool no_way = subject == 4'004 || subject == 1'002 || subject == 1'001;
    return no_way ? "Unrouteable address" : problem.text;
}

/// Exim says of itself no more than the class of a status, and nothing of an original recipient.
mail::RecipientStatus exim_status_of(mail::RecipientStatus status, const Problem &problem)
{
    status.status = status.action == mail::ReportAction::Delayed ? "4.0.0" : "5.0.0";
    status.original_recipient = {};
    if (problem.remote_mta.empty())
        status.diagnostic_code = {};
    return status;
}

mail::RecipientStatus status_of(const smtp::Recipient &recipient, mail::ReportAction action,
                                const Problem &problem, bool utf8)
{
    mail::RecipientStatus status;
    const std::string type = utf8 && !is_ascii(recipient.address) ? "utf-8" : "rfc822";
    status.final_recipient = {type, recipient.address};
    const std::size_t separator = recipient.orcpt.find(';');
    if (separator != std::string::npos)
        status.original_recipient = {recipient.orcpt.substr(0, separator),
                                     smtp::xtext_decode(recipient.orcpt.substr(separator + 1))};
    else
        status.original_recipient = status.final_recipient;
    status.action = action;
    status.status = to_string_status(problem.status);
    if (!problem.remote_mta.empty()) {
        status.remote_mta = {"dns", problem.remote_mta};
        status.diagnostic_code = {"smtp", problem.diagnostic};
    } else {
        status.diagnostic_code = {"X-Postfix", problem.text};
    }
    return status;
}

/// The original with its Return-Path, or its header only.
std::string returned_part(const QueuedMessage &message, bool headers_only)
{
    std::string original;
    const Result<mail::Address> sender = mail::parse_address(message.reverse_path);
    mail::append_return_path(original, sender ? *sender : mail::Address());
    original += headers_only ? mail::header_of(message.content.view()) : message.content.view();
    return original;
}

} // namespace

/// Ends failed recipients and tells the sender, if there is one.
void MailServer::report_failures(Call call, Handle handle, const Problems &failures)
{
    const RecordId cause = call.env.because;
    for (const auto &[place, problem] : failures) {
        const QueuedMessage &message = queue_.messages[handle];
        Record record = call.env.record(RecordKind::DeliveryFailed);
        record.because = cause;
        record.message = message.message;
        record.status = problem.status;
        if (call.env.keeps(record.kind))
            record.text =
                SharedBytes::copy_of(message.recipients[place].who.address + ": " + problem.text);
        call.env.note(std::move(record));
    }
    report(call, handle, mail::ReportAction::Failed, failures);
    for (const auto &[place, problem] : failures)
        finish_recipient(handle, place, Fate::Failed);
    forget_if_done(handle);
}

void MailServer::report(Call call, Handle handle, mail::ReportAction action,
                        const Problems &entries)
{
    const QueuedMessage message = queue_.messages[handle];
    const bool as_exim = config_->policy.dialect == smtp::Dialect::Exim;
    mail::StatusReport report;
    std::vector<mail::RecipientReason> reasons;
    for (const auto &[place, problem] : entries) {
        const smtp::Recipient &recipient = message.recipients[place].who;
        if (!is_wanted(recipient.notify, action))
            continue;
        report.recipients.push_back(status_of(recipient, action, problem, message.smtputf8));
        const Result<mail::Address> address = mail::parse_address(recipient.address);
        reasons.push_back(
            {address ? *address : mail::Address(), as_exim ? exim_reason(problem) : problem.text});
        if (as_exim)
            report.recipients.back() = exim_status_of(report.recipients.back(), problem);
        if (action == mail::ReportAction::Delayed)
            report.recipients.back().will_retry_until =
                mail::date_at(call.env.start, message.arrived + config_->policy.give_up);
    }
    if (report.recipients.empty())
        return;
    const RecordId cause = call.env.because;
    Record record = call.env.record(kind_of(action));
    record.message = message.message;
    record.text = SharedBytes::copy_of(message.reverse_path);
    if (message.reverse_path.empty()) {
        record.kind = RecordKind::ReportDiscarded;
        record.text = SharedBytes::copy_of("a report about a report");
        call.env.note(std::move(record));
        return;
    }
    record.status = entries.front().second.status;
    const std::int64_t days = whole_seconds(config_->policy.give_up) / 86'400;
    report.human_text = as_exim ? mail::exim_report_text(action, reasons)
                                : mail::report_text(config_->hostname, action, reasons,
                                                    std::to_string(days) + " days");
    QueuedMessage letter = report_letter(call, message, std::move(report), action);
    record.value = letter.message.value;
    letter.record = call.env.note(std::move(record));
    ++queue_.counts.made;
    dispatch(call, queue_.messages.insert(std::move(letter)));
    call.env.because = cause;
}

/// The letter to the sender of `message` that carries the report.
QueuedMessage MailServer::report_letter(Call call, const QueuedMessage &message,
                                        mail::StatusReport report, mail::ReportAction action)
{
    const bool as_exim = config_->policy.dialect == smtp::Dialect::Exim;
    const mail::DateTime date = call.env.date();
    const bool headers_only =
        message.ret == smtp::Return::Headers || action != mail::ReportAction::Failed;
    report.reporting_mta = {"dns", config_->hostname};
    report.original_envelope_id = smtp::xtext_decode(message.envid);
    report.arrival_date = mail::date_at(call.env.start, message.arrived);
    report.returned =
        headers_only ? mail::ReturnedPart::HeadersOnly : mail::ReturnedPart::FullMessage;
    report.returned_message = returned_part(message, headers_only);

    QueuedMessage letter;
    letter.queue_id =
        as_exim ? queue_ids_.next_in_base_62(date, call.env.now) : queue_ids_.next(call.env.now);
    letter.arrived = call.env.now;
    letter.recipients.push_back({smtp::Recipient{message.reverse_path, {}, ""}, Fate::Pending});
    const Result<mail::Address> sender = mail::parse_address(message.reverse_path);
    mail::ReportCover cover;
    cover.to = sender ? *sender : mail::Address();
    cover.host = config_->hostname;
    cover.domain = config_->domains.empty() ? config_->hostname : config_->domains.front().name;
    cover.queue_id = message.queue_id;
    cover.message_id = as_exim ? "<E" + letter.queue_id + "@" + config_->hostname + ">"
                               : mail::make_message_id(date, letter.queue_id, config_->hostname);
    cover.date = date;
    mail::ReceivedStamp made;
    made.by = config_->hostname;
    made.software = as_exim ? "Exim 4.96" : "Postfix";
    made.id = letter.queue_id;
    made.date = date;
    std::string content;
    if (as_exim) {
        made.recipient = &cover.to;
        mail::append_received_as_exim(content, made);
        content += mail::build_exim_status_report(report, cover);
    } else {
        mail::append_received(content, made);
        content += mail::build_status_report(report, cover);
    }
    letter.content = SharedBytes::copy_of(content);
    letter.message = call.env.messages.name(cover.message_id);
    return letter;
}

void MailServer::mix(Digest &digest) const
{
    digest.add(rng_.state(), queue_ids_.state(), receptions_.size(), relays_.size());
    queue_.messages.for_each([&](Handle, const QueuedMessage &message) {
        digest.add(message.queue_id, message.message, message.reverse_path, message.content,
                   message.arrived, message.delay_reported);
        for (const QueuedRecipient &recipient : message.recipients)
            digest.add(recipient.who.address, recipient.fate);
    });
    queue_.deliveries.for_each([&](Handle, const Delivery &delivery) {
        digest.add(delivery.domain, delivery.state, delivery.attempt, delivery.next_attempt,
                   delivery.recipients.size(), delivery.host);
    });
    receptions_.for_each([&](Handle, const ReceptionSession &session) {
        digest.add(session.engine->state(), session.client.address.value, session.asked.address);
    });
    relays_.for_each([&](Handle, const RelaySession &session) {
        digest.add(session.host, session.engine ? session.engine->state() : smtp::ClientState());
    });
    for (const GreyEntry &entry : greylist_)
        digest.add(entry.key, entry.first_seen);
    const QueueCounts &counts = queue_.counts;
    digest.add(counts.accepted, counts.made, counts.relayed, counts.delivered, counts.expanded,
               counts.failed);
}

} // namespace mailscope
