// Keys and words that a record gives for its explanation.
#include "sim/trace/topic.h"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace mailscope;

namespace
{

using Keys = std::vector<std::string>;

Record record_of(RecordKind kind, std::string_view text = {}, Protocol protocol = Protocol::None)
{
    Record record;
    record.kind = kind;
    record.protocol = protocol;
    record.text = SharedBytes::copy_of(text);
    return record;
}

Record reply(RecordKind kind, std::uint16_t code, StatusNumber status, std::string_view text)
{
    Record record = record_of(kind, text, Protocol::Smtp);
    record.code = code;
    record.status = status;
    return record;
}

Keys keys_of(RecordKind kind, std::string_view text, Protocol protocol = Protocol::None)
{
    return topic_keys(record_of(kind, text, protocol));
}

std::string value_of(const Record &record, std::string_view name)
{
    const std::vector<std::string> hosts = {"alice-laptop", "mx.example.jp"};
    for (const auto &[known, value] : topic_values(record, hosts, "ja"))
        if (known == name)
            return value;
    return "no such name";
}

} // namespace

TEST_CASE("A record of every kind ends its keys with the kind", "[topic]")
{
    for (const KindInfo &info : record_kinds()) {
        INFO(info.name);
        CHECK(topic_keys(record_of(info.kind)).back() == info.name);
    }
}

TEST_CASE("An answer of IMAP is known by what stands above its last line", "[topic]")
{
    const auto first = [](std::string_view text) {
        return keys_of(RecordKind::ReplySent, text, Protocol::Imap).front();
    };
    CHECK(first("* OK [CAPABILITY IMAP4rev1] IMAP server ready.\r\n") ==
          "reply-sent.imap.CAPABILITY");
    CHECK(first("* LIST () \"/\" INBOX\r\na3 OK List completed.\r\n") == "reply-sent.imap.OK.LIST");
    CHECK(first("* 1 FETCH (FLAGS ())\r\na5 OK Fetch completed.\r\n") ==
          "reply-sent.imap.OK.FETCH");
    CHECK(first("a2 OK Logged in\r\n") == "reply-sent.imap.OK");
    CHECK(first("a2 NO [AUTHENTICATIONFAILED] no\r\n") == "reply-sent.imap.AUTHENTICATIONFAILED");
}

TEST_CASE("A line of IMAP without a question before it is known by its subject", "[topic]")
{
    const auto first = [](std::string_view text) {
        return keys_of(RecordKind::ReplySent, text, Protocol::Imap).front();
    };
    CHECK(first("* OK IMAP server ready.\r\n") == "reply-sent.imap.ready");
    CHECK(first("* OK [CLOSED] Previous mailbox closed.\r\n") == "reply-sent.imap.CLOSED");
    CHECK(first("* 1 FETCH (UID 1 BODY[] {814}\r\n") == "reply-sent.imap.literal");
    CHECK(first("* 5 EXISTS\r\n") == "reply-sent.imap.EXISTS");
    CHECK(first("+ idling\r\n") == "reply-sent.imap.+");
    CHECK(first("*\r\n") == "reply-sent.imap.untagged");
}

TEST_CASE("The greeting of POP3 is known as one", "[topic]")
{
    CHECK(keys_of(RecordKind::ReplySent, "+OK POP3 server ready.\r\n", Protocol::Pop3).front() ==
          "reply-sent.pop3.ready");
    CHECK(keys_of(RecordKind::ReplySent, "+OK Logged in.\r\n", Protocol::Pop3).front() ==
          "reply-sent.pop3.+OK");
}

TEST_CASE("A command is known by its verb", "[topic]")
{
    const auto K = RecordKind::CommandSent;
    CHECK(keys_of(K, "ehlo [192.0.2.1]\r\n", Protocol::Smtp) ==
          Keys{"command-sent.smtp.EHLO", "command-sent.smtp", "command-sent"});
    CHECK(keys_of(K, "RETR 1\r\n", Protocol::Pop3) ==
          Keys{"command-sent.pop3.RETR", "command-sent.pop3", "command-sent"});
    CHECK(keys_of(K, "AGJvYgBzZWNyZXQ=\r\n", Protocol::Smtp) ==
          Keys{"command-sent.smtp", "command-sent"});
}

TEST_CASE("An SMTP reply is known by code, status and, where those are shared, by its words",
          "[topic]")
{
    const auto K = RecordKind::ReplySent;
    CHECK(topic_keys(reply(K, 550, status_number(5, 1, 1), "550 5.1.1 <x>: User unknown\r\n")) ==
          Keys{"reply-sent.smtp.550.5.1.1", "reply-sent.smtp.550", "reply-sent.smtp.5xx",
               "reply-sent.smtp", "reply-sent"});
    CHECK(topic_keys(
              reply(K, 554, status_number(5, 7, 1), "554 5.7.1 <x>: Relay access denied\r\n")) ==
          Keys{"reply-sent.smtp.554.5.7.1.relay", "reply-sent.smtp.554.5.7.1",
               "reply-sent.smtp.554", "reply-sent.smtp.5xx", "reply-sent.smtp", "reply-sent"});
    CHECK(topic_keys(reply(K, 354, 0, "354 End data with <CR><LF>.<CR><LF>\r\n")) ==
          Keys{"reply-sent.smtp.354", "reply-sent.smtp.3xx", "reply-sent.smtp", "reply-sent"});
}

TEST_CASE("A POP3 reply is known by its response code and its sign", "[topic]")
{
    const auto K = RecordKind::ReplySent;
    CHECK(keys_of(K, "+OK Logged in.\r\n", Protocol::Pop3) ==
          Keys{"reply-sent.pop3.+OK", "reply-sent.pop3", "reply-sent"});
    CHECK(keys_of(K, "-ERR [IN-USE] Mailbox is locked\r\n", Protocol::Pop3) ==
          Keys{"reply-sent.pop3.IN-USE", "reply-sent.pop3.-ERR", "reply-sent.pop3", "reply-sent"});
}

TEST_CASE("A refusal is known by what was said", "[topic]")
{
    CHECK(topic_keys(reply(RecordKind::RecipientRefused, 450, status_number(4, 7, 1),
                           "<b@example.jp> 450 4.7.1 Greylisted for 300 seconds")) ==
          Keys{"recipient-refused.450.4.7.1.greylisting", "recipient-refused.450.4.7.1",
               "recipient-refused.450", "recipient-refused.smtp", "recipient-refused"});
}

TEST_CASE("What became of a letter is known by its status class", "[topic]")
{
    Record record = record_of(RecordKind::Deferred, "bob@example.jp: no answer");
    record.status = status_number(4, 4, 3);
    CHECK(topic_keys(record) == Keys{"deferred.4.4.3", "deferred.4.4", "deferred.4", "deferred"});
}

TEST_CASE("DNS records are known by outcome, type and the zone asked", "[topic]")
{
    using K = RecordKind;
    CHECK(keys_of(K::QuestionAnswered, "example.jp MX: name-error", Protocol::Dns) ==
          Keys{"question-answered.name-error", "question-answered"});
    CHECK(keys_of(K::QuestionAnswered, "example.jp MX: 10 mx.example.jp", Protocol::Dns) ==
          Keys{"question-answered.answer.MX", "question-answered.answer", "question-answered"});
    CHECK(keys_of(K::QuestionAnswered, "example.jp MX: 0 .", Protocol::Dns).front() ==
          "question-answered.null-mx");
    CHECK(keys_of(K::QuerySent, "example.jp MX @.", Protocol::Dns).front() == "query-sent.root");
    CHECK(keys_of(K::QuerySent, "example.jp MX @jp", Protocol::Dns).front() == "query-sent.tld");
    CHECK(keys_of(K::QuerySent, "example.jp MX @example.jp", Protocol::Dns).front() ==
          "query-sent.authoritative");
    CHECK(keys_of(K::CacheHit, "example.jp MX", Protocol::Dns).front() == "cache-hit.MX");
    Record answer = record_of(K::NameServerAnswered, "exmaple.jp MX", Protocol::Dns);
    answer.code = 3;
    CHECK(topic_keys(answer).front() == "name-server-answered.name-error");
}

TEST_CASE("A packet is known by what it is, when it is there", "[topic]")
{
    const Record record = record_of(RecordKind::PacketSent, "", Protocol::Tcp);
    net::Packet packet;
    packet.flags = net::tcp_flag::syn | net::tcp_flag::ack;
    CHECK(topic_keys(record, &packet) == Keys{"packet-sent.syn-ack", "packet-sent"});
    packet.flags = net::tcp_flag::fin | net::tcp_flag::ack;
    CHECK(topic_keys(record, &packet).front() == "packet-sent.fin");
    packet.payload = SharedBytes::copy_of("220 hello");
    CHECK(topic_keys(record, &packet).front() == "packet-sent.data");
    packet.transport = net::Transport::Udp;
    CHECK(topic_keys(record, &packet).front() == "packet-sent.udp");
    CHECK(topic_keys(record) == Keys{"packet-sent"});
    const Record dropped = record_of(RecordKind::PacketDropped, "link-cut", Protocol::Tcp);
    CHECK(topic_keys(dropped, &packet) ==
          Keys{"packet-dropped.link-cut", "packet-dropped.udp", "packet-dropped"});
}

TEST_CASE("What people do and what breaks is known by its word", "[topic]")
{
    CHECK(keys_of(RecordKind::ActionTaken, "alice go_offline").front() ==
          "action-taken.go_offline");
    CHECK(keys_of(RecordKind::FaultBegan, "home-router - isp-1 cut").front() == "fault-began.cut");
    CHECK(keys_of(RecordKind::SubmissionFailed, "timed out: RCPT TO").front() ==
          "submission-failed.timed-out");
    CHECK(keys_of(RecordKind::FetchFailed, "mx.example.jp: name-error").front() ==
          "fetch-failed.lookup");
    CHECK(keys_of(RecordKind::FetchFailed, "connection refused").front() ==
          "fetch-failed.connection-refused");
}

TEST_CASE("Another protocol is known by how it greets", "[topic]")
{
    CHECK(keys_of(RecordKind::WrongProtocol, "+OK Dovecot ready.", Protocol::Smtp) ==
          Keys{"wrong-protocol.heard-pop3", "wrong-protocol.smtp", "wrong-protocol"});
}

TEST_CASE("Codes lead to their own entries", "[topic]")
{
    CHECK(code_keys(reply(RecordKind::ReplySent, 554, status_number(5, 7, 1),
                          "554 5.7.1 <x>: Relay access denied")) ==
          Keys{"code.554.5.7.1.relay", "code.554.5.7.1", "status.5.7.1", "code.554"});
    Record failed = record_of(RecordKind::DeliveryFailed, "bob@example.jp: Host not found");
    failed.status = status_number(5, 4, 4);
    CHECK(code_keys(failed) == Keys{"status.5.4.4"});
    Record dropped = record_of(RecordKind::PacketDropped, "link-cut");
    dropped.code = 1;
    CHECK(code_keys(dropped).empty());
}

TEST_CASE("A record gives the words that its texts need", "[topic]")
{
    Record record = reply(RecordKind::RecipientRefused, 550, status_number(5, 1, 1),
                          "<bob@example.jp> 550 5.1.1 User unknown");
    record.host = HostId{1};
    CHECK(value_of(record, "host") == "mx.example.jp");
    CHECK(value_of(record, "peer").empty());
    CHECK(value_of(record, "who") == "bob@example.jp");
    CHECK(value_of(record, "why") == "550 5.1.1 User unknown");
    CHECK(value_of(record, "status") == "5.1.1");
    CHECK(value_of(record_of(RecordKind::Deferred, "bob@example.jp: late"), "who") ==
          "bob@example.jp");
    CHECK(value_of(record_of(RecordKind::SenderRefused, "<> 550 no"), "who") == "<>");
    CHECK(value_of(record_of(RecordKind::QuerySent, "example.jp MX @jp"), "zone") == "jp");
    CHECK(value_of(record_of(RecordKind::FaultBegan, "a - b cut"), "place") == "a - b");
    CHECK(value_of(record_of(RecordKind::ReplySent, "250-mx\r\n250 SIZE\r\n"), "line") == "250-mx");
    CHECK(value_of(record_of(RecordKind::ActionTaken), "who").empty());
    CHECK(value_of(record_of(RecordKind::ConnectionOpening, "192.168.1.9"), "peer") ==
          "192.168.1.9");
}

TEST_CASE("A scene's heading is given in the language that is asked for", "[topic]")
{
    const auto heading = [](std::string_view text, std::string_view language) {
        for (const auto &[name, value] :
             topic_values(record_of(RecordKind::SceneBegan, text), {}, language))
            if (name == "text")
                return value;
        return std::string("none");
    };
    CHECK(heading("A letter\n手紙", "en") == "A letter");
    CHECK(heading("A letter\n手紙", "ja") == "手紙");
    CHECK(heading("A letter\n", "ja") == "A letter");
    CHECK(heading("\n手紙", "en") == "手紙");
}
