// The language in which records are searched.
#include "sim/trace/query.h"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace mailscope;

namespace
{

const std::vector<std::string> named_hosts = {"alice-laptop", "mx.example.jp"};

Record refusal()
{
    Record record;
    record.kind = RecordKind::ReplySent;
    record.protocol = Protocol::Smtp;
    record.code = 552;
    record.status = status_number(5, 2, 2);
    record.host = HostId{1};
    record.peer = HostId{0};
    record.message = MessageId{7};
    record.text = SharedBytes::copy_of("552 5.2.2 Mailbox full (in reply to RCPT TO)");
    return record;
}

bool matches(std::string_view text)
{
    const Result<Query> query = Query::parse(text, named_hosts);
    REQUIRE(query.has_value());
    return query->matches(refusal());
}

} // namespace

TEST_CASE("A record matches a query when every word does", "[query]")
{
    for (const char *text : {"",
                             "protocol:smtp",
                             "reply:552",
                             "reply:5xx",
                             "reply:55x",
                             "status:5.2.2",
                             "status:5.2.*",
                             "status:5.*.*",
                             "host:mx.example.jp",
                             "peer:alice-laptop",
                             "at:alice-laptop",
                             "kind:reply-sent",
                             "kind:reply*",
                             "layer:line",
                             "trouble:permanent",
                             "trouble:any",
                             "message:7",
                             "text:full",
                             "text:\"RCPT TO\"",
                             "-protocol:pop3",
                             "protocol:smtp reply:5xx host:mx.example.jp",
                             "  reply:5xx   trouble:any "}) {
        INFO(text);
        CHECK(matches(text));
    }
    for (const char *text :
         {"protocol:pop3", "reply:4xx", "reply:550", "status:5.1.*", "status:5.2",
          "host:alice-laptop", "kind:command-sent", "layer:mail", "trouble:temporary",
          "trouble:none", "message:8", "text:Full", "-reply:5xx", "protocol:smtp reply:4xx"}) {
        INFO(text);
        CHECK_FALSE(matches(text));
    }
}

TEST_CASE("A query that means nothing is refused with the reason", "[query]")
{
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"smtp", "\"smtp\" is no word of a query; expected key:value"},
        {"host:mx.example.org", "\"mx.example.org\" is no host here"},
        {"kind:replied", "\"replied\" is no kind of record"},
        {"reply:55", "\"55\" is no reply code such as 550 or 5xx"},
        {"protocol:uucp", "\"uucp\" is no protocol"},
        {"trouble:big", "\"big\" is no trouble"},
    };
    for (const auto &[text, message] : bad) {
        const Result<Query> query = Query::parse(text, named_hosts);
        REQUIRE_FALSE(query.has_value());
        CHECK(query.error().message == message);
    }
}

TEST_CASE("Enhanced codes are read and written", "[record]")
{
    CHECK(parse_status("5.1.10") == status_number(5, 1, 10));
    CHECK(to_string_status(status_number(4, 4, 3)) == "4.4.3");
    CHECK(parse_status("5.1") == 0);
    CHECK(parse_status("5.1.1.1") == 0);
    CHECK(parse_status("x") == 0);
    CHECK(to_string_status(0).empty());
}

TEST_CASE("Every kind of record is found by its name", "[record]")
{
    for (const KindInfo &row : record_kinds()) {
        CHECK(parse_kind(row.name) == row.kind);
        CHECK(&info_of(row.kind) == &row);
    }
    CHECK_FALSE(parse_kind("no-such-kind"));
}
