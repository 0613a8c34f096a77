// Reading delivery status reports (RFC 3464, RFC 6522, RFC 6533).
#include "sim/core/text.h"
#include "sim/mail/limits.h"
#include "sim/mail/message.h"
#include "sim/mail/mime.h"
#include "sim/mail/status_report.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mailscope::mail
{

namespace
{

/// A field's value on one line: a fold and the blanks behind it are one blank, for here folds stand
/// where a blank was.
std::string value_of(std::string_view raw_body)
{
    std::string value;
    while (!raw_body.empty()) {
        const std::size_t newline = std::min(raw_body.find('\n'), raw_body.size());
        std::string_view line = raw_body.substr(0, newline);
        raw_body.remove_prefix(std::min(newline + 1, raw_body.size()));
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!value.empty())
            value += ' ';
        value += line;
    }
    return std::string(trim(value));
}

TypedField typed_field(std::string_view value)
{
    const std::size_t semicolon = value.find(';');
    if (semicolon == std::string_view::npos)
        return {std::string(), std::string(trim(value))};
    return {std::string(trim(value.substr(0, semicolon))),
            std::string(trim(value.substr(semicolon + 1)))};
}

std::optional<DateTime> optional_date(std::string_view value)
{
    const Result<DateTime> date = parse_date(value);
    return date ? std::optional<DateTime>(*date) : std::nullopt;
}

std::optional<ReportAction> action_of(std::string_view value)
{
    // A comment may follow the word.
    const std::string_view word = value.substr(0, value.find_first_of(" \t("));
    constexpr std::array<ReportAction, 5> all = {ReportAction::Failed, ReportAction::Delayed,
                                                 ReportAction::Delivered, ReportAction::Relayed,
                                                 ReportAction::Expanded};
    for (const ReportAction action : all)
        if (equals_ignoring_case(name_of(action), word))
            return action;
    return std::nullopt;
}

/// RFC 3464 2.2.
void read_message_field(StatusReport &report, std::string_view name, const std::string &value)
{
    if (equals_ignoring_case(name, "Reporting-MTA"))
        report.reporting_mta = typed_field(value);
    else if (equals_ignoring_case(name, "Original-Envelope-Id"))
        report.original_envelope_id = value;
    else if (equals_ignoring_case(name, "Arrival-Date"))
        report.arrival_date = optional_date(value);
}

/// RFC 3464 2.3. The action tells whether the group is one at all.
void read_recipient_field(RecipientStatus &status, std::optional<ReportAction> &action,
                          std::string_view name, const std::string &value)
{
    if (equals_ignoring_case(name, "Final-Recipient"))
        status.final_recipient = typed_field(value);
    else if (equals_ignoring_case(name, "Original-Recipient"))
        status.original_recipient = typed_field(value);
    else if (equals_ignoring_case(name, "Action"))
        action = action_of(value);
    else if (equals_ignoring_case(name, "Status"))
        status.status = value.substr(0, value.find_first_of(" \t("));
    else if (equals_ignoring_case(name, "Remote-MTA"))
        status.remote_mta = typed_field(value);
    else if (equals_ignoring_case(name, "Diagnostic-Code"))
        status.diagnostic_code = typed_field(value);
    else if (equals_ignoring_case(name, "Last-Attempt-Date"))
        status.last_attempt_date = optional_date(value);
    else if (equals_ignoring_case(name, "Will-Retry-Until"))
        status.will_retry_until = optional_date(value);
}

/// Groups of fields with empty lines between them: the message's, then one for each recipient.
void read_groups(StatusReport &report, ByteView text)
{
    bool first = true;
    while (report.recipients.size() < limits::report_recipients_max) {
        text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
        if (text.empty())
            return;
        FieldReader reader(text);
        RecipientStatus status;
        std::optional<ReportAction> action;
        while (const std::optional<HeaderField> field = reader.next()) {
            const std::string value = value_of(field->raw_body);
            if (first)
                read_message_field(report, field->name, value);
            else
                read_recipient_field(status, action, field->name, value);
        }
        if (action) {
            status.action = *action;
            report.recipients.push_back(std::move(status));
        }
        first = false;
        // A line that is no field begins no group.
        if (reader.body_offset() == 0)
            return;
        text.remove_prefix(reader.body_offset());
    }
}

/// The original, if `part` holds it.
void read_returned(StatusReport &report, ByteView message, const Part &part)
{
    const std::string &type = part.type.value;
    if (part.is_message())
        report.returned = ReturnedPart::FullMessage;
    else if (type == "text/rfc822-headers" || type == "message/global-headers")
        report.returned = ReturnedPart::HeadersOnly;
    else
        return;
    report.returned_message = decoded_body(message, part);
}

bool is_delivery_status(const Part &part)
{
    return part.type.value == "message/delivery-status" ||
           part.type.value == "message/global-delivery-status";
}

} // namespace

bool operator==(const RecipientStatus &a, const RecipientStatus &b)
{
    return a.final_recipient == b.final_recipient && a.original_recipient == b.original_recipient &&
           a.action == b.action && a.status == b.status && a.remote_mta == b.remote_mta &&
           a.diagnostic_code == b.diagnostic_code && a.last_attempt_date == b.last_attempt_date &&
           a.will_retry_until == b.will_retry_until;
}

bool operator==(const StatusReport &a, const StatusReport &b)
{
    return a.human_text == b.human_text && a.reporting_mta == b.reporting_mta &&
           a.original_envelope_id == b.original_envelope_id && a.arrival_date == b.arrival_date &&
           a.recipients == b.recipients && a.returned == b.returned &&
           a.returned_message == b.returned_message;
}

Result<StatusReport> parse_status_report(ByteView message)
{
    const PartTree tree = parse_parts(message);
    const Part &root = tree.parts.front();
    if (root.type.value != "multipart/report")
        return fail("status report: expected a message of type multipart/report");
    StatusReport report;
    bool has_status = false;
    for (const std::uint32_t child : root.children) {
        const Part &part = tree.parts[child];
        if (is_delivery_status(part)) {
            has_status = true;
            read_groups(report, decoded_body(message, part));
        } else if (!has_status && part.is_text() && report.human_text.empty()) {
            report.human_text = decoded_text(message, part);
        } else if (has_status && report.returned == ReturnedPart::None) {
            read_returned(report, message, part);
        }
    }
    if (report.recipients.empty())
        return fail("status report: expected a recipient with an action");
    return report;
}

} // namespace mailscope::mail
