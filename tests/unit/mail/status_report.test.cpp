// Status reports (RFC 3464): built, parsed, and built again the same.
#include "sim/mail/status_report.h"

#include "sim/core/rng.h"
#include "sim/core/text.h"
#include "sim/mail/letter.h"
#include "sim/mail/message.h"
#include "sim/mail/mime.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::mail;

namespace
{

const Address alice{"alice", "example.com"};
const Address bob{"bob", "example.jp"};

ReportCover given_cover()
{
    return {alice,
            "mail.example.com",
            "example.com",
            "9DF07A881F7",
            "<20261124030508.CBD65A8822A@mail.example.com>",
            {1795489508, 0}};
}

RecipientStatus given_failure()
{
    RecipientStatus status;
    status.final_recipient = recipient_field(bob);
    status.original_recipient = recipient_field(bob);
    status.action = ReportAction::Failed;
    status.status = "5.1.1";
    status.remote_mta = mta_field("mx.example.jp");
    status.diagnostic_code = {"smtp", "550 5.1.1 <bob@example.jp>: Recipient address rejected: "
                                      "User unknown in virtual mailbox table"};
    return status;
}

StatusReport given_report()
{
    StatusReport report;
    report.human_text = report_text(
        "mail.example.com", ReportAction::Failed,
        {{bob, "host mx.example.jp[192.0.2.1] said: 550 5.1.1 <bob@example.jp>: Recipient address "
               "rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)"}});
    report.reporting_mta = mta_field("mail.example.com");
    report.arrival_date = DateTime{1795489500, 540};
    report.recipients = {given_failure()};
    report.returned = ReturnedPart::FullMessage;
    report.returned_message = "Subject: Hi\r\n\r\nHello\r\n";
    return report;
}

} // namespace

TEST_CASE("A bounce has three parts: for people, for machines, the original", "[mail][report]")
{
    const std::string message = build_status_report(given_report(), given_cover());
    const std::string boundary = "9DF07A881F7.1795489508/mail.example.com";
    CHECK(message ==
          "Date: Tue, 24 Nov 2026 03:05:08 +0000 (UTC)\r\n"
          "From: Mail Delivery System <MAILER-DAEMON@example.com>\r\n"
          "Subject: Undelivered Mail Returned to Sender\r\n"
          "To: alice@example.com\r\n"
          "Auto-Submitted: auto-replied\r\n"
          "MIME-Version: 1.0\r\n"
          "Content-Type: multipart/report; report-type=delivery-status;\r\n"
          "\tboundary=\"" +
              boundary +
              "\"\r\n"
              "Message-Id: <20261124030508.CBD65A8822A@mail.example.com>\r\n"
              "\r\n"
              "This is a MIME-encapsulated message.\r\n"
              "\r\n"
              "--" +
              boundary +
              "\r\n"
              "Content-Description: Notification\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "\r\n"
              "This is the mail system at host mail.example.com.\r\n"
              "\r\n"
              "I am sorry to have to tell you that your message could not be\r\n"
              "delivered to one or more of its recipients. It is attached below.\r\n"
              "\r\n"
              "For help, write to postmaster and include this report. You may leave\r\n"
              "out your own text.\r\n"
              "\r\n"
              "                   The mail system\r\n"
              "\r\n"
              "<bob@example.jp>: host mx.example.jp[192.0.2.1] said: 550 5.1.1\r\n"
              "    <bob@example.jp>: Recipient address rejected: User unknown in virtual\r\n"
              "    mailbox table (in reply to RCPT TO command)\r\n"
              "\r\n"
              "--" +
              boundary +
              "\r\n"
              "Content-Description: Delivery report\r\n"
              "Content-Type: message/delivery-status\r\n"
              "\r\n"
              "Reporting-MTA: dns; mail.example.com\r\n"
              "Arrival-Date: Tue, 24 Nov 2026 12:05:00 +0900 (JST)\r\n"
              "\r\n"
              "Final-Recipient: rfc822; bob@example.jp\r\n"
              "Original-Recipient: rfc822; bob@example.jp\r\n"
              "Action: failed\r\n"
              "Status: 5.1.1\r\n"
              "Remote-MTA: dns; mx.example.jp\r\n"
              "Diagnostic-Code: smtp; 550 5.1.1 <bob@example.jp>: Recipient address rejected:\r\n"
              "    User unknown in virtual mailbox table\r\n"
              "\r\n"
              "--" +
              boundary +
              "\r\n"
              "Content-Description: Undelivered Message\r\n"
              "Content-Type: message/rfc822\r\n"
              "\r\n"
              "Subject: Hi\r\n"
              "\r\n"
              "Hello\r\n"
              "\r\n"
              "--" +
              boundary + "--\r\n");
}

TEST_CASE("A report that is built and parsed is the same report", "[mail][report]")
{
    const StatusReport report = given_report();
    const Result<StatusReport> parsed =
        parse_status_report(build_status_report(report, given_cover()));
    REQUIRE(parsed.has_value());
    CHECK(*parsed == report);
}

TEST_CASE("Every field of a report survives", "[mail][report]")
{
    StatusReport report = given_report();
    report.original_envelope_id = "QQ314159";
    report.returned = ReturnedPart::HeadersOnly;
    report.returned_message = "Subject: Hi\r\n";
    RecipientStatus delayed = given_failure();
    delayed.action = ReportAction::Delayed;
    delayed.status = "4.4.1";
    delayed.last_attempt_date = DateTime{1795489600, 0};
    delayed.will_retry_until = DateTime{1795921508, -480};
    delayed.remote_mta = {};
    delayed.diagnostic_code = {"X-Postfix", "connect to mx.example.jp[192.0.2.1]:25: refused"};
    report.recipients.push_back(delayed);
    const Result<StatusReport> parsed =
        parse_status_report(build_status_report(report, given_cover()));
    REQUIRE(parsed.has_value());
    CHECK(*parsed == report);
}

TEST_CASE("Any report that is built and parsed is the same report", "[mail][report]")
{
    constexpr std::string_view words[] = {"550",   "5.1.1",
                                          "写真",  "<bob@example.jp>:",
                                          ";",     "a:b",
                                          "(x)",   "--b",
                                          "",      "a-rather-long-word-of-a-reply",
                                          "\"q\"", "é"};
    Rng rng(7, "reports");
    const auto text = [&](std::uint32_t words_max) {
        std::string result = "x";
        for (std::uint32_t left = rng.below(words_max); left != 0; --left)
            result += ' ' + std::string(words[rng.below(std::size(words))]);
        return result + "x";
    };
    const auto maybe_date = [&]() -> std::optional<DateTime> {
        if (rng.below(2) == 0)
            return std::nullopt;
        return DateTime{static_cast<std::int64_t>(rng.below(2'000'000'000)), 540};
    };
    for (int round = 0; round < 500; ++round) {
        INFO("round " << round);
        StatusReport report;
        report.human_text = text(50) + "\n" + text(5);
        report.reporting_mta = mta_field("mail.example.com");
        report.arrival_date = maybe_date();
        report.returned = static_cast<ReturnedPart>(rng.below(3));
        if (report.returned != ReturnedPart::None)
            report.returned_message = "Subject: " + text(5) + "\r\n";
        if (report.returned == ReturnedPart::FullMessage)
            report.returned_message += "\r\n" + text(50) + "\r\n";
        for (std::uint32_t left = rng.below(4) + 1; left != 0; --left) {
            RecipientStatus status;
            status.final_recipient = {"rfc822", text(3)};
            status.action = static_cast<ReportAction>(rng.below(5));
            status.status = "4.4.1";
            if (rng.below(2) == 0)
                status.diagnostic_code = {"smtp", text(40)};
            status.last_attempt_date = maybe_date();
            status.will_retry_until = maybe_date();
            report.recipients.push_back(status);
        }
        const Result<StatusReport> parsed =
            parse_status_report(build_status_report(report, given_cover()));
        REQUIRE(parsed.has_value());
        CHECK(*parsed == report);
    }
}

TEST_CASE("The subject names the gravest thing that happened", "[mail][report]")
{
    const auto subject = [](std::vector<ReportAction> actions) {
        StatusReport report;
        for (const ReportAction action : actions) {
            RecipientStatus status;
            status.action = action;
            report.recipients.push_back(status);
        }
        return report_subject(report);
    };
    CHECK(subject({ReportAction::Delivered}) == "Successful Mail Delivery Report");
    CHECK(subject({ReportAction::Relayed, ReportAction::Delayed}) ==
          "Delayed Mail (still being retried)");
    CHECK(subject({ReportAction::Delayed, ReportAction::Failed}) ==
          "Undelivered Mail Returned to Sender");
}

TEST_CASE("A delay notice says that nothing is to be done", "[mail][report]")
{
    const std::string text =
        report_text("mail.example.com", ReportAction::Delayed, {{bob, "timed out"}}, "5 days");
    CHECK(text.find("WARNING ONLY") != std::string::npos);
    CHECK(text.find("when the message is 5 days old.") != std::string::npos);
    CHECK(text.find("\n<bob@example.jp>: timed out\n") != std::string::npos);
}

TEST_CASE("A recipient in UTF-8 makes a report for message/global", "[mail][report]")
{
    StatusReport report = given_report();
    report.recipients[0].final_recipient = recipient_field({"だれか", "example.jp"});
    CHECK(report.recipients[0].final_recipient.type == "utf-8");
    const std::string message = build_status_report(report, given_cover());
    CHECK(message.find("Content-Type: message/global-delivery-status\r\n") != std::string::npos);
    CHECK(message.find("Content-Type: message/global\r\n") != std::string::npos);
    CHECK(MessageView(message).text_of("Content-Transfer-Encoding") == "8bit");
    CHECK(parse_status_report(message) == report);
}

TEST_CASE("A bounce of a bounce keeps the two apart", "[mail][report]")
{
    StatusReport outer = given_report();
    outer.returned_message = build_status_report(given_report(), given_cover());
    const Result<StatusReport> parsed =
        parse_status_report(build_status_report(outer, given_cover()));
    REQUIRE(parsed.has_value());
    CHECK(*parsed == outer);
    CHECK(parse_status_report(parsed->returned_message) == given_report());
}

TEST_CASE("A line end in a diagnostic cannot make a field of its own", "[mail][report]")
{
    StatusReport report = given_report();
    report.recipients[0].diagnostic_code.value = "550-one\r\nAction: delivered\r\n\r\nx: y";
    const Result<StatusReport> parsed =
        parse_status_report(build_status_report(report, given_cover()));
    REQUIRE(parsed.has_value());
    REQUIRE(parsed->recipients.size() == 1);
    CHECK(parsed->recipients[0].action == ReportAction::Failed);
}

TEST_CASE("What is no report is refused", "[mail][report]")
{
    constexpr std::string_view head = "Content-Type: multipart/report; boundary=b\r\n\r\n";
    const std::string no_action = std::string(head) +
                                  "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                                  "Reporting-MTA: dns; x\r\n\r\nStatus: 5.0.0\r\n--b--\r\n";
    CHECK_FALSE(parse_status_report("").has_value());
    CHECK_FALSE(parse_status_report("Subject: hi\r\n\r\nhello").has_value());
    CHECK_FALSE(parse_status_report(head).has_value());
    CHECK_FALSE(parse_status_report(no_action).has_value());
    CHECK(parse_status_report(no_action + "").error().message ==
          "status report: expected a recipient with an action");
}

TEST_CASE("The words a reader adds to fields are dropped", "[mail][report]")
{
    constexpr std::string_view message =
        "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: DNS;x\r\n\r\n\r\n"
        "Action: Failed (permanently)\r\nStatus: 5.1.1 (bad address)\r\n\r\n"
        "ACTION: delayed\r\nStatus: 4.0.0\r\n--b--\r\n";
    const Result<StatusReport> report = parse_status_report(message);
    REQUIRE(report.has_value());
    CHECK(report->reporting_mta == TypedField{"DNS", "x"});
    REQUIRE(report->recipients.size() == 2);
    CHECK(report->recipients[0].status == "5.1.1");
    CHECK(report->recipients[1].action == ReportAction::Delayed);
}

TEST_CASE("The header of a message is what RET=HDRS returns", "[mail][report]")
{
    CHECK(header_of("A: b\r\nC: d\r\n\r\nbody") == "A: b\r\nC: d\r\n");
    CHECK(header_of("no header") == "");
}
