// Building delivery status reports (RFC 3464, RFC 6522) in Exim's layout, as recorded in
// tests/dialogue/reference/dsn.
#include "sim/core/text.h"
#include "sim/mail/message.h"
#include "sim/mail/status_report.h"

#include <algorithm>

namespace mailscope::mail
{

namespace
{

/// Exim breaks a reason behind a colon once more than this many characters stand on the line.
constexpr std::size_t columns_before_break = 45;

/// The reason in lines that are indented by four columns; the peer's name has its own.
std::string laid_out(std::string_view reason)
{
    std::string out = "    ";
    if (const std::size_t name_end = reason.find("]: ");
        reason.substr(0, 5) == "host " && name_end != std::string_view::npos) {
        out += reason.substr(0, name_end + 1);
        out += "\n    ";
        reason.remove_prefix(name_end + 3);
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < reason.size(); ++i) {
        out += reason[i] == '\n' ? ' ' : reason[i];
        ++count;
        const bool colon = reason[i] == ':' && i + 1 < reason.size() && reason[i + 1] == ' ';
        if (!colon || count <= columns_before_break)
            continue;
        out += "\n   ";
        count = 0;
    }
    return out;
}

std::string_view exim_introduction(ReportAction action)
{
    if (action == ReportAction::Delayed)
        return "A message that you sent has not yet been delivered to one or more of its\n"
               "recipients. No action is required on your part; delivery attempts will\n"
               "continue for some time. The following address(es) wait:\n";
    return "A message that you sent could not be delivered to one or more of its\n"
           "recipients. This is a permanent error. The following address(es) failed:\n";
}

void append_field(std::string &out, std::string_view name, std::string_view value)
{
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

std::string exim_delivery_status(const StatusReport &report)
{
    std::string out;
    append_field(out, "Reporting-MTA",
                 report.reporting_mta.type + "; " + report.reporting_mta.value);
    for (const RecipientStatus &each : report.recipients) {
        out += "\r\n";
        append_field(out, "Action", name_of(each.action));
        append_field(out, "Final-Recipient",
                     each.final_recipient.type + ";" + each.final_recipient.value);
        append_field(out, "Status", each.status);
        if (!each.remote_mta.is_absent())
            append_field(out, "Remote-MTA", each.remote_mta.type + "; " + each.remote_mta.value);
        if (!each.diagnostic_code.is_absent()) {
            std::string code = each.diagnostic_code.value;
            std::replace(code.begin(), code.end(), '\n', ' ');
            append_field(out, "Diagnostic-Code", each.diagnostic_code.type + "; " + code);
        }
    }
    return out;
}

/// "1795489583-eximdsn-581080356"; another number where a part contains it.
std::string exim_boundary(const StatusReport &report, const ReportCover &cover)
{
    const std::string front = std::to_string(cover.date.unix_seconds) + "-eximdsn-";
    for (unsigned number = 0;; ++number) {
        std::string boundary = front + std::to_string(number);
        if (report.returned_message.find(boundary) == std::string::npos)
            return boundary;
    }
}

std::string failed_recipients(const StatusReport &report)
{
    std::string list;
    for (const RecipientStatus &each : report.recipients)
        list += (list.empty() ? "" : ", ") + each.final_recipient.value;
    return list;
}

} // namespace

std::string exim_refusal_reason(std::string_view host, std::string_view ip, std::string_view reply,
                                std::string_view command)
{
    std::string reason = "host ";
    reason += host;
    reason += " [";
    reason += ip;
    reason += "]: SMTP error from remote mail server after ";
    reason += command;
    reason += ": ";
    reason += reply;
    return reason;
}

std::string exim_report_text(ReportAction action, const std::vector<RecipientReason> &reasons)
{
    std::string text = "This message was created automatically by mail delivery software.\n\n";
    text += exim_introduction(action);
    for (const RecipientReason &each : reasons)
        text += "\n  " + to_string(each.recipient) + "\n" + laid_out(each.reason) + "\n";
    return text;
}

std::string_view exim_report_subject(const StatusReport &report)
{
    const bool failed = std::any_of(
        report.recipients.begin(), report.recipients.end(),
        [](const RecipientStatus &each) { return each.action == ReportAction::Failed; });
    return failed ? "Mail delivery failed: returning message to sender"
                  : "Warning: message delayed";
}

std::string build_exim_status_report(const StatusReport &report, const ReportCover &cover)
{
    const std::string boundary = exim_boundary(report, cover);
    const std::string text = with_crlf(report.human_text);
    const std::string status = exim_delivery_status(report);
    const MessageView original(report.returned_message);
    std::string out;
    out.reserve(2048 + report.returned_message.size());
    append_field(out, "X-Failed-Recipients", failed_recipients(report));
    append_field(out, "Auto-Submitted", "auto-replied"); // RFC 3834 5
    append_field(out, "From", "Mail Delivery System <Mailer-Daemon@" + cover.domain + ">");
    append_field(out, "To", to_string(cover.to));
    if (original.find("Message-ID") != nullptr)
        append_field(out, "References", trim(original.text_of("Message-ID")));
    append_field(out, "Content-Type",
                 "multipart/report; report-type=delivery-status; boundary=" + boundary);
    append_field(out, "MIME-Version", "1.0");
    append_field(out, "Subject", exim_report_subject(report));
    append_field(out, "Message-Id", cover.message_id);
    append_field(out, "Date", format_date(cover.date));
    const std::string delimiter = "\r\n--" + boundary + "\r\n";
    const std::string_view charset = is_ascii(text) ? "us-ascii" : "utf-8";
    out += delimiter + "Content-type: text/plain; charset=" + std::string(charset) + "\r\n\r\n";
    out += text;
    out += delimiter + "Content-type: message/delivery-status\r\n\r\n" + status;
    if (report.returned != ReturnedPart::None) {
        const bool whole = report.returned == ReturnedPart::FullMessage;
        out += delimiter + "Content-type: " + (whole ? "message/rfc822" : "text/rfc822-headers") +
               "\r\n\r\n" + report.returned_message;
    }
    out += "\r\n--" + boundary + "--\r\n";
    return out;
}

} // namespace mailscope::mail
