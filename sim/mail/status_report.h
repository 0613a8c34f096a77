// Delivery status reports: bounces, delay notices, success reports (RFC 3464 inside RFC 6522).
//
// What became of a letter is told in a letter: first in words, then for machines, then with the
// original. Layout and words are Postfix's, or Exim's (the functions whose names say so). Building
// and parsing are inverse to each other. Who
// gets a report, and that it goes out with the null reverse-path (RFC 3464 2), is the server's
// matter.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/result.h"
#include "sim/mail/address.h"
#include "sim/mail/date.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::mail
{

/// "dns; mail.example.org", "rfc822; bob@example.org", "smtp; 550 5.1.1 ..." (RFC 3464 2.1.2).
/// Both empty: the field is absent.
struct TypedField
{
    std::string type;
    std::string value;

    bool is_absent() const { return type.empty() && value.empty(); }
    friend bool operator==(const TypedField &a, const TypedField &b)
    {
        return a.type == b.type && a.value == b.value;
    }
};

/// RFC 3464 2.3.3.
enum class ReportAction : std::uint8_t
{
    Failed,
    Delayed,
    Delivered,
    Relayed,
    Expanded
};

/// "failed", "delayed" ...
std::string_view name_of(ReportAction action);

/// "rfc822; bob@example.org", or of type "utf-8" when the address is not ASCII (RFC 6533 3).
TypedField recipient_field(const Address &recipient);

/// "dns; mail.example.org".
TypedField mta_field(std::string_view host);

/// What became of the letter for one recipient (RFC 3464 2.3).
struct RecipientStatus
{
    TypedField final_recipient;
    TypedField original_recipient;
    ReportAction action = ReportAction::Failed;
    std::string status; ///< "5.1.1" (RFC 3463)
    TypedField remote_mta;
    TypedField diagnostic_code;
    std::optional<DateTime> last_attempt_date;
    std::optional<DateTime> will_retry_until;

    friend bool operator==(const RecipientStatus &a, const RecipientStatus &b);
};

/// What of the original comes back (RFC 3461 4.3, RET).
enum class ReturnedPart : std::uint8_t
{
    None,
    HeadersOnly,
    FullMessage
};

/// The contents of a report.
struct StatusReport
{
    std::string human_text; ///< UTF-8, lines ending in LF
    TypedField reporting_mta;
    std::string original_envelope_id; ///< ENVID, decoded; empty: none was given
    std::optional<DateTime> arrival_date;
    std::vector<RecipientStatus> recipients;
    ReturnedPart returned = ReturnedPart::None;
    std::string returned_message; ///< the original, or its header; lines ending in CRLF

    friend bool operator==(const StatusReport &a, const StatusReport &b);
};

/// The letter that carries a report.
struct ReportCover
{
    Address to;             ///< the envelope sender of the original
    std::string host;       ///< the reporting host's name: "mail.example.org"
    std::string domain;     ///< of the From address, MAILER-DAEMON@domain
    std::string queue_id;   ///< of the original; part of the boundary
    std::string message_id; ///< of this letter, with its angle brackets
    DateTime date;
};

/// Why delivery to one recipient failed or waits, in the words a person reads.
struct RecipientReason
{
    Address recipient;
    std::string reason; ///< "host mx.example.org[192.0.2.1] said: 550 5.1.1 ..."
};

/// A reason that is a peer's refusal: "host mx.example.org[192.0.2.1] said: 550 5.1.1 ... (in reply
/// to RCPT TO command)". `reply` has its lines joined by blanks.
std::string refusal_reason(std::string_view host, std::string_view ip, std::string_view reply,
                           std::string_view command);

/// The words for people: the mail system at `host` explains itself, then one paragraph for each
/// reason. `tries_for` ("5 days") is how long a server tries in all; said in delay notices only.
std::string report_text(std::string_view host, ReportAction action,
                        const std::vector<RecipientReason> &reasons,
                        std::string_view tries_for = std::string_view());

/// "Undelivered Mail Returned to Sender", "Delayed Mail (still being retried)" or "Successful Mail
/// Delivery Report", after the gravest of what the recipients have.
std::string_view report_subject(const StatusReport &report);

/// The report as a message, from Date to the last boundary; trace fields are added by whoever
/// sends it. Addresses that are not ASCII make it a message/global report (RFC 6533).
std::string build_status_report(const StatusReport &report, const ReportCover &cover);

/// A reason that is a peer's refusal, as Exim 4.96 says it: "host mx.example.org [192.0.2.1]: SMTP
/// error from remote mail server after RCPT TO:<bob@example.org>: 550 5.1.1 ...".
std::string exim_refusal_reason(std::string_view host, std::string_view ip, std::string_view reply,
                                std::string_view command);

/// Exim's words for people about recipients who were given up, or who wait.
std::string exim_report_text(ReportAction action, const std::vector<RecipientReason> &reasons);

/// "Mail delivery failed: returning message to sender" or "Warning: message delayed".
std::string_view exim_report_subject(const StatusReport &report);

/// The report as a message in Exim's layout. Exim names no original recipients and no arrival date,
/// and no status but 5.0.0 and 4.0.0, which is up to whoever fills `report`.
std::string build_exim_status_report(const StatusReport &report, const ReportCover &cover);

/// The report that `message` carries. Fails when it carries none: no multipart/report, or no
/// recipient in it with an action.
[[nodiscard]] Result<StatusReport> parse_status_report(ByteView message);

/// The header fields of `message`, without the empty line behind them: what RET=HDRS gives back.
ByteView header_of(ByteView message);

} // namespace mailscope::mail
