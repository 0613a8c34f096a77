// Building delivery status reports (RFC 3464, RFC 6522) in Postfix's layout.
#include "sim/core/text.h"
#include "sim/mail/encoded_word.h"
#include "sim/mail/message.h"
#include "sim/mail/status_report.h"

#include <algorithm>

namespace mailscope::mail
{

namespace
{

/// Columns at which the text for people is broken.
constexpr std::size_t text_columns = 79;

/// `text` broken at blanks, later lines indented by four columns.
std::string wrapped(std::string_view text, std::string_view line_end)
{
    std::string out;
    std::size_t column = 0;
    while (!text.empty()) {
        const std::size_t size = std::min(text.find(' ', 1), text.size());
        std::string_view piece = text.substr(0, size);
        if (column > 4 && piece.front() == ' ' && piece.size() > 1 &&
            column + size > text_columns) {
            out += line_end;
            out += "    ";
            piece.remove_prefix(1);
            column = 4;
        }
        out += piece;
        column += piece.size();
        text.remove_prefix(size);
    }
    return out;
}

/// One line of what may hold line ends, as replies of several lines do.
std::string on_one_line(std::string_view text)
{
    std::string line(text);
    std::replace(line.begin(), line.end(), '\r', ' ');
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

void append_line(std::string &out, std::string_view name, std::string_view value)
{
    out += wrapped(std::string(name) + ": " + on_one_line(trim(value)), "\r\n");
    out += "\r\n";
}

void append_typed(std::string &out, std::string_view name, const TypedField &field)
{
    if (!field.is_absent())
        append_line(out, name, field.type + "; " + field.value);
}

void append_optional_date(std::string &out, std::string_view name,
                          const std::optional<DateTime> &date)
{
    if (!date)
        return;
    std::string text;
    append_trace_date(text, *date);
    append_line(out, name, text);
}

/// The fields for machines (RFC 3464 2.2 and 2.3).
std::string delivery_status(const StatusReport &report)
{
    std::string out;
    append_typed(out, "Reporting-MTA", report.reporting_mta);
    if (!report.original_envelope_id.empty())
        append_line(out, "Original-Envelope-Id", report.original_envelope_id);
    append_optional_date(out, "Arrival-Date", report.arrival_date);
    for (const RecipientStatus &each : report.recipients) {
        out += "\r\n";
        append_typed(out, "Final-Recipient", each.final_recipient);
        append_typed(out, "Original-Recipient", each.original_recipient);
        append_line(out, "Action", name_of(each.action));
        append_line(out, "Status", each.status);
        append_typed(out, "Remote-MTA", each.remote_mta);
        append_typed(out, "Diagnostic-Code", each.diagnostic_code);
        append_optional_date(out, "Last-Attempt-Date", each.last_attempt_date);
        append_optional_date(out, "Will-Retry-Until", each.will_retry_until);
    }
    return out;
}

std::string_view introduction(ReportAction action)
{
    switch (action) {
    case ReportAction::Failed:
        return "I am sorry to have to tell you that your message could not be\n"
               "delivered to one or more of its recipients. It is attached below.\n";
    case ReportAction::Delayed:
        return "THIS IS A WARNING ONLY. YOU NEED NOT SEND YOUR MESSAGE AGAIN.\n"
               "\n"
               "Your message could not be delivered yet to one or more of its\n"
               "recipients. Delivery will be tried again.\n";
    case ReportAction::Delivered:
    case ReportAction::Relayed:
    case ReportAction::Expanded:
        break;
    }
    return "Your message was delivered to the recipients listed below, or passed on\n"
           "to a system that may not report what becomes of it.\n";
}

std::string_view returned_description(const StatusReport &report)
{
    const bool undelivered = std::any_of(
        report.recipients.begin(), report.recipients.end(),
        [](const RecipientStatus &each) { return each.action == ReportAction::Failed; });
    if (report.returned == ReturnedPart::FullMessage)
        return undelivered ? "Undelivered Message" : "Message";
    return undelivered ? "Undelivered Message Headers" : "Message Headers";
}

/// A boundary that no part contains. It is Postfix's, with a number where that is taken, as it is
/// when the original is itself a report.
std::string choose_boundary(const StatusReport &report, const ReportCover &cover)
{
    const std::string id = cover.queue_id + '.' + std::to_string(cover.date.unix_seconds);
    for (unsigned number = 0;; ++number) {
        std::string boundary = id;
        if (number != 0)
            boundary += '.' + std::to_string(number);
        boundary += '/' + cover.host;
        if (report.returned_message.find(boundary) == std::string::npos &&
            report.human_text.find(boundary) == std::string::npos)
            return boundary;
    }
}

/// A part's header after its delimiter. The encoding is named where it is not 7bit.
void append_part(std::string &out, std::string_view description, std::string_view type,
                 std::string_view body)
{
    append_line(out, "Content-Description", description);
    append_line(out, "Content-Type", type);
    if (!is_ascii(body))
        append_line(out, "Content-Transfer-Encoding", "8bit");
    out += "\r\n";
    out += body;
}

} // namespace

std::string_view name_of(ReportAction action)
{
    switch (action) {
    case ReportAction::Failed:
        return "failed";
    case ReportAction::Delayed:
        return "delayed";
    case ReportAction::Delivered:
        return "delivered";
    case ReportAction::Relayed:
        return "relayed";
    case ReportAction::Expanded:
        break;
    }
    return "expanded";
}

TypedField recipient_field(const Address &recipient)
{
    return {needs_utf8(recipient) ? "utf-8" : "rfc822", to_string(recipient)};
}

TypedField mta_field(std::string_view host) { return {"dns", std::string(host)}; }

std::string refusal_reason(std::string_view host, std::string_view ip, std::string_view reply,
                           std::string_view command)
{
    std::string reason = "host ";
    reason += host;
    reason += '[';
    reason += ip;
    reason += "] said: ";
    reason += reply;
    reason += " (in reply to ";
    reason += command;
    reason += " command)";
    return reason;
}

std::string report_text(std::string_view host, ReportAction action,
                        const std::vector<RecipientReason> &reasons, std::string_view tries_for)
{
    std::string text = "This is the mail system at host ";
    text += host;
    text += ".\n\n";
    text += introduction(action);
    if (action == ReportAction::Delayed && !tries_for.empty()) {
        text += "It is given up when the message is ";
        text += tries_for;
        text += " old.\n";
    }
    if (action == ReportAction::Failed || action == ReportAction::Delayed)
        text += "\nFor help, write to postmaster and include this report. You may leave\n"
                "out your own text.\n";
    text += "\n                   The mail system\n";
    for (const RecipientReason &each : reasons) {
        text += '\n';
        text += wrapped(to_path(each.recipient) + ": " + on_one_line(each.reason), "\n");
        text += '\n';
    }
    return text;
}

std::string_view report_subject(const StatusReport &report)
{
    bool delayed = false;
    for (const RecipientStatus &each : report.recipients) {
        if (each.action == ReportAction::Failed)
            return "Undelivered Mail Returned to Sender";
        delayed = delayed || each.action == ReportAction::Delayed;
    }
    return delayed ? "Delayed Mail (still being retried)" : "Successful Mail Delivery Report";
}

std::string build_status_report(const StatusReport &report, const ReportCover &cover)
{
    const std::string boundary = choose_boundary(report, cover);
    const std::string status = delivery_status(report);
    const std::string text = with_crlf(report.human_text);
    const bool seven_bit = is_ascii(status) && is_ascii(text) && is_ascii(report.returned_message);
    std::string out;
    out.reserve(2048 + report.returned_message.size());
    out += "Date: ";
    append_trace_date(out, cover.date);
    out += "\r\nFrom: Mail Delivery System <MAILER-DAEMON@" + cover.domain + ">\r\n";
    out += "Subject: ";
    out += report_subject(report);
    out += "\r\nTo: " + to_string(cover.to) + "\r\n";
    out += "Auto-Submitted: auto-replied\r\n"; // RFC 3834 5
    out += "MIME-Version: 1.0\r\n";
    out += "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" +
           boundary + "\"\r\n";
    if (!seven_bit)
        out += "Content-Transfer-Encoding: 8bit\r\n";
    out += "Message-Id: " + cover.message_id + "\r\n\r\n";
    const std::string delimiter = "\r\n--" + boundary;
    out += "This is a MIME-encapsulated message.\r\n" + delimiter + "\r\n";
    append_part(out, "Notification", "text/plain; charset=utf-8", text);
    out += delimiter + "\r\n";
    const bool global = !is_ascii(status);
    append_part(out, "Delivery report",
                global ? "message/global-delivery-status" : "message/delivery-status", status);
    if (report.returned != ReturnedPart::None) {
        const bool whole = report.returned == ReturnedPart::FullMessage;
        const std::string_view type =
            whole ? (global ? "message/global" : "message/rfc822")
                  : (global ? "message/global-headers" : "text/rfc822-headers");
        out += delimiter + "\r\n";
        append_part(out, returned_description(report), type, report.returned_message);
    }
    out += delimiter + "--\r\n";
    return out;
}

ByteView header_of(ByteView message)
{
    FieldReader reader(message);
    std::size_t end = 0;
    while (const std::optional<HeaderField> field = reader.next())
        end = field->offset + field->size;
    return message.substr(0, end);
}

} // namespace mailscope::mail
