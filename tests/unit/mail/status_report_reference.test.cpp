// Status reports of real servers: all of them are read, and each is written again as our server
// would report the same failure. Where the two differ, differences.txt says why.
#include "sim/mail/message.h"
#include "sim/mail/mime.h"
#include "sim/mail/status_report.h"
#include "tests/support/reference.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace mailscope;
using namespace mailscope::mail;

namespace
{

const std::filesystem::path folder =
    std::filesystem::path(MAILSCOPE_SOURCE_DIR) / "tests/dialogue/reference/dsn";

std::string recorded_message(const std::string &name)
{
    std::ifstream in(folder / (name + ".json"));
    INFO(name);
    REQUIRE(in.good());
    const nlohmann::json json = nlohmann::json::parse(in);
    std::string message;
    for (const nlohmann::json &line : json.at("message"))
        message += line.get<std::string>() + "\r\n";
    return message;
}

/// A failure as the reporting server knows it: a peer's refusal, or its own words.
struct Failure
{
    std::string name;
    Address recipient;
    std::string status;
    std::string words;                  ///< the peer's reply, or why nothing was tried
    std::string host;                   ///< the peer; empty when there was none
    std::string ip;                     ///< the peer's
    std::string command;                ///< the one that was refused
    std::string own_type = "X-Postfix"; ///< of Diagnostic-Code where no peer spoke
    std::string own_code = {};          ///< its value, if other than `words`
};

const std::string unknown = ": Recipient address rejected: User unknown in virtual mailbox table";
const std::string no_name = "Host or domain name not found. Name service error for name=";
const std::string listed = "554 5.7.1 Service unavailable; Client host [127.0.0.31] blocked using "
                           "dnsbl.test; Listed for the exercise, see "
                           "http://dnsbl.test/lookup?127.0.0.31";

const std::vector<Failure> failures = {
    {"dsn-client-rejected",
     {"alice", "closed.cases.test"},
     "5.7.1",
     "554 5.7.1 <unknown[127.0.0.35]>: Client host rejected: Access denied",
     "mx-closed.cases.test",
     "127.0.0.35",
     "RCPT TO"},
    {"dsn-dnsbl",
     {"alice", "dnsbl.cases.test"},
     "5.7.1",
     listed,
     "mx-dnsbl.cases.test",
     "127.0.0.31",
     "RCPT TO"},
    {"dsn-exim-dnsbl",
     {"alice", "dnsbl.cases.test"},
     "5.0.0",
     listed,
     "mx-dnsbl.cases.test",
     "127.0.0.31",
     "RCPT TO"},
    {"dsn-exim-host-unknown-nxdomain",
     {"x", "nohost.test"},
     "5.0.0",
     "Unrouteable address",
     "",
     "",
     ""},
    {"dsn-exim-nullmx",
     {"x", "nullmx.test"},
     "5.0.0",
     "an MX or SRV record indicated no SMTP service",
     "",
     "",
     ""},
    {"dsn-exim-retry-timeout",
     {"x", "refused.test"},
     "5.0.0",
     "retry timeout exceeded",
     "",
     "",
     ""},
    {"dsn-exim-user-unknown",
     {"nobody", "example.test"},
     "5.0.0",
     "550 5.1.1 <nobody@example.test>" + unknown,
     "mx.example.test",
     "127.0.0.30",
     "RCPT TO"},
    {"dsn-expired-connection-refused",
     {"x", "refused.test"},
     "4.4.1",
     "connect to mx.refused.test[127.0.0.99]:25: Connection refused",
     "",
     "",
     ""},
    {"dsn-expired-dns-servfail",
     {"x", "lame.test"},
     "4.4.3",
     no_name + "lame.test type=MX: Host not found, try again",
     "",
     "",
     ""},
    {"dsn-host-unknown-nodata",
     {"x", "nodata.test"},
     "5.4.4",
     no_name + "nodata.test type=A: Host found but no data record of requested type",
     "",
     "",
     ""},
    {"dsn-host-unknown-nxdomain",
     {"x", "nohost.test"},
     "5.4.4",
     no_name + "nohost.test type=A: Host not found",
     "",
     "",
     ""},
    {"dsn-mailbox-full-quota-lmtp",
     {"tiny", "example.test"},
     "5.2.2",
     "552 5.2.2 <tiny@example.test> Quota exceeded (mailbox for user is full)",
     "127.0.0.1",
     "127.0.0.1",
     "end of DATA"},
    {"dsn-mailbox-full-virtual-limit",
     {"vbox", "example.test"},
     "5.2.2",
     "delivery failed to mailbox /var/mail/vhosts/vbox: error writing message: File too large",
     "",
     "",
     "",
     "x-unix",
     "input/output error"},
    {"dsn-moved-relocated",
     {"old", "example.test"},
     "5.1.6",
     "550 5.1.6 <old@example.test>: Recipient address rejected: User has moved to "
     "new@sender.test",
     "mx.example.test",
     "127.0.0.30",
     "RCPT TO"},
    {"dsn-mx-target-does-not-exist",
     {"x", "deadmx.test"},
     "5.4.4",
     no_name + "gone.deadmx.test type=A: Host not found",
     "",
     "",
     ""},
    {"dsn-relay-denied",
     {"someone", "nomx.test"},
     "5.7.1",
     "554 5.7.1 <someone@nomx.test>: Relay access denied",
     "nomx.test",
     "127.0.0.30",
     "RCPT TO"},
    {"dsn-ret-hdrs",
     {"nobody", "example.test"},
     "5.1.1",
     "550 5.1.1 <nobody@example.test>" + unknown,
     "mx.example.test",
     "127.0.0.30",
     "RCPT TO"},
    {"dsn-too-large-size-announced",
     {"alice", "small.cases.test"},
     "5.3.4",
     "message size 4700 exceeds size limit 2000 of server mx-small.cases.test[127.0.0.33]",
     "",
     "",
     ""},
    {"dsn-user-unknown",
     {"nobody", "direct.example.test"},
     "5.1.1",
     "550 5.1.1 <nobody@direct.example.test>" + unknown,
     "mx-direct.example.test",
     "127.0.0.20",
     "RCPT TO"},
    {"dsn-user-unknown-smtputf8",
     {"だれか", "example.test"},
     "5.1.1",
     "550 5.1.1 <だれか@example.test>" + unknown,
     "mx.example.test",
     "127.0.0.30",
     "RCPT TO"},
};

RecipientStatus status_of(const Failure &failure)
{
    RecipientStatus status;
    status.final_recipient = recipient_field(failure.recipient);
    status.original_recipient = recipient_field(failure.recipient);
    status.action = ReportAction::Failed;
    status.status = failure.status;
    if (!failure.host.empty()) {
        status.remote_mta = mta_field(failure.host);
        status.diagnostic_code = {"smtp", failure.words};
    } else {
        status.diagnostic_code = {failure.own_type,
                                  failure.own_code.empty() ? failure.words : failure.own_code};
    }
    return status;
}

bool is_from_exim(const Failure &failure) { return failure.name.find("exim") != std::string::npos; }

/// The report as our server writes it when it speaks like Exim.
std::string our_exim_message(const Failure &failure, const StatusReport &recorded)
{
    const std::string command = failure.command + ":<" + to_string(failure.recipient) + ">";
    const std::string reason = failure.host.empty() ? failure.words
                                                    : exim_refusal_reason(failure.host, failure.ip,
                                                                          failure.words, command);
    StatusReport report;
    report.reporting_mta = recorded.reporting_mta;
    report.recipients = {status_of(failure)};
    report.recipients[0].original_recipient = {};
    if (failure.host.empty())
        report.recipients[0].diagnostic_code = {};
    report.returned = recorded.returned;
    report.returned_message = recorded.returned_message;
    report.human_text = exim_report_text(ReportAction::Failed, {{failure.recipient, reason}});
    return build_exim_status_report(report, {{"yamada", "sender.test"},
                                             recorded.reporting_mta.value,
                                             "exim.test",
                                             "1xVgrP-00028m-0X",
                                             "<E1xVgrP-00028m-0X@mx.exim.test>",
                                             DateTime{1795489583, 0}});
}

/// The report as our server writes it, about the same original at the same time.
std::string our_message(const Failure &failure, const StatusReport &recorded)
{
    if (is_from_exim(failure))
        return our_exim_message(failure, recorded);
    const std::string host = recorded.reporting_mta.value;
    StatusReport report;
    report.reporting_mta = mta_field(host);
    report.original_envelope_id = recorded.original_envelope_id;
    report.arrival_date = recorded.arrival_date;
    report.recipients = {status_of(failure)};
    report.returned = recorded.returned;
    report.returned_message = recorded.returned_message;
    const std::string reason =
        failure.host.empty()
            ? failure.words
            : refusal_reason(failure.host, failure.ip, failure.words, failure.command);
    report.human_text = report_text(host, ReportAction::Failed, {{failure.recipient, reason}});
    return build_status_report(report, {{"yamada", "sender.test"},
                                        host,
                                        host,
                                        "9DF07A881F7",
                                        "<1@mail.sender.test>",
                                        DateTime{1795489508, 0}});
}

std::string text_of(const TypedField &field)
{
    return field.is_absent() ? "nothing" : field.type + "; " + field.value;
}

/// The paragraphs behind "The mail system"; of Exim all words.
std::string reasons_in(const std::string &human_text)
{
    const std::size_t at = human_text.find("The mail system\n\n");
    return at == std::string::npos ? human_text : human_text.substr(at);
}

/// What of a report is compared, by name.
std::vector<std::pair<std::string, std::string>> aspects_of(const std::string &message)
{
    const StatusReport report = parse_status_report(message).value();
    const MessageView view(message);
    std::string types;
    for (const Part &part : parse_parts(message).parts)
        if (part.depth == 1)
            types += part.type.value + ' ';
    std::vector<std::pair<std::string, std::string>> aspects = {
        {"Subject", view.text_of("Subject")},
        {"Auto-Submitted", view.text_of("Auto-Submitted")},
        {"parts", types},
        {"Reporting-MTA", text_of(report.reporting_mta)},
        {"Original-Envelope-Id", report.original_envelope_id},
        {"Arrival-Date", report.arrival_date ? format_date(*report.arrival_date) : "nothing"},
        {"returned", report.returned_message},
        {"reasons", reasons_in(report.human_text)},
    };
    for (const RecipientStatus &each : report.recipients) {
        aspects.emplace_back("Final-Recipient", text_of(each.final_recipient));
        aspects.emplace_back("Original-Recipient", text_of(each.original_recipient));
        aspects.emplace_back("Action", name_of(each.action));
        aspects.emplace_back("Status", each.status);
        aspects.emplace_back("Remote-MTA", text_of(each.remote_mta));
        aspects.emplace_back("Diagnostic-Code", text_of(each.diagnostic_code));
    }
    return aspects;
}

} // namespace

TEST_CASE("Every recorded status report is in the table of failures", "[mail][report][reference]")
{
    std::set<std::string> names;
    for (const Failure &failure : failures)
        names.insert(failure.name);
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        CHECK(names.erase(entry.path().stem().string()) == 1);
    CHECK(names.empty());
}

TEST_CASE("Recorded status reports are read completely", "[mail][report][reference]")
{
    for (const Failure &failure : failures) {
        INFO(failure.name);
        const Result<StatusReport> report = parse_status_report(recorded_message(failure.name));
        REQUIRE(report.has_value());
        CHECK_FALSE(report->human_text.empty());
        CHECK(report->reporting_mta.type == "dns");
        REQUIRE(report->recipients.size() == 1);
        CHECK(report->recipients[0].final_recipient.value == to_string(failure.recipient));
        CHECK(report->recipients[0].action == ReportAction::Failed);
        const bool headers_only = failure.name == "dsn-ret-hdrs";
        CHECK(report->returned ==
              (headers_only ? ReturnedPart::HeadersOnly : ReturnedPart::FullMessage));
        CHECK(MessageView(report->returned_message).find("Received") != nullptr);
    }
}

TEST_CASE("Our reports say what real servers' reports say", "[mail][report][reference]")
{
    for (const Failure &failure : failures) {
        INFO(failure.name);
        const std::string recorded = recorded_message(failure.name);
        const auto expected = aspects_of(recorded);
        const auto actual = aspects_of(our_message(failure, *parse_status_report(recorded)));
        REQUIRE(expected.size() == actual.size());
        std::vector<std::string> differences;
        for (std::size_t i = 0; i < expected.size(); ++i)
            if (expected[i] != actual[i])
                differences.push_back(expected[i].first + ": expected '" + expected[i].second +
                                      "', got '" + actual[i].second + "'");
        test::ReferenceCase reference;
        reference.name = failure.name;
        reference.family = "dsn";
        for (const std::string &difference : test::unexplained(reference, differences))
            FAIL_CHECK(difference);
    }
}
