// What the octets of packets are, for the packets of real stories.
#include "viz/model/payload_view.h"

#include "tests/unit/model/reader.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace mailscope;
using namespace mailscope::viz;
using mailscope::testing::Reader;

namespace
{

using Carried = std::vector<std::pair<std::string, std::string>>;

/// The fields of what the packet of the record carries: names and values.
Carried carried(Reader &reader, std::string_view query)
{
    const InspectorView view = inspector_view(reader.at(query));
    REQUIRE(view.layers.size() == 3);
    Carried fields;
    for (const FieldRow &field : view.fields)
        if (field.layer == 2)
            fields.emplace_back(field.name, field.value);
    return fields;
}

bool carries(const Carried &fields, std::string_view name)
{
    return std::any_of(fields.begin(), fields.end(),
                       [&](const auto &field) { return field.first == name; });
}

std::string carried_value(const Carried &fields, std::string_view name)
{
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto &field) { return field.first == name; });
    return found == fields.end() ? "no " + std::string(name) : found->second;
}

} // namespace

TEST_CASE("Every octet that a connection carries belongs to a record", "[payload]")
{
    for (const std::string &name : mailscope::testing::shipped_scenarios()) {
        INFO(name);
        const Reader reader(name);
        const Records &records = reader.timeline.records();
        const std::size_t stride = records.size() / 2000 + 1;
        for (std::size_t i = 0; i < records.size(); i += stride) {
            if (records[i].kind != RecordKind::PacketSent)
                continue;
            const net::Packet &packet = records.packet(records[i].packet);
            if (packet.payload.view().empty() || packet.transport != net::Transport::Tcp ||
                packet.source.port == 53 || packet.destination.port == 53)
                continue;
            const Talk talk = talk_around(records, i, packet);
            std::size_t at = 0;
            for (const Stretch &stretch : talk.stretches) {
                if (stretch.offset != at)
                    break;
                at += stretch.length;
            }
            INFO("record " << records[i].id.value);
            CHECK(at == packet.payload.size());
        }
    }
}

TEST_CASE("Commands of SMTP have a verb, a path and parameters", "[payload]")
{
    Reader reader("errors-550-user-unknown");
    const Carried mail = carried(reader, "kind:command-sent host:mx.example.com text:MAIL");
    CHECK(carried_value(mail, "verb") == "MAIL");
    CHECK(carried_value(mail, "reverse path") == "<alice@example.com>");
    CHECK(carried_value(mail, "parameters").starts_with("SIZE="));
    const Carried rcpt = carried(reader, "kind:command-sent host:mx.example.com text:RCPT");
    CHECK(carried_value(rcpt, "forward path") == "<bbo@example.jp>");
    const Carried reply = carried(reader, "kind:reply-sent reply:550");
    CHECK(carried_value(reply, "reply") == "550");
    CHECK(carried_value(reply, "status") == "5.1.1");
    CHECK(carried_value(reply, "text").starts_with("<bbo@example.jp>: Recipient address rejected"));
    CHECK_FALSE(carries(reply, "verb"));
}

TEST_CASE("Of several replies in one segment the present one comes first", "[payload]")
{
    Reader reader("errors-550-user-unknown");
    const InspectorView view = inspector_view(reader.at("kind:reply-sent reply:550"));
    const auto reply = std::find_if(view.fields.begin(), view.fields.end(),
                                    [](const FieldRow &field) { return field.name == "reply"; });
    REQUIRE(reply != view.fields.end());
    CHECK(reply->value == "550");
    CHECK(view.focus == reply->offset);
    CHECK(view.focus > view.layers.back().offset);
    CHECK(std::any_of(view.fields.begin(), view.fields.end(),
                      [](const FieldRow &field) { return field.value == "250"; }));
}

TEST_CASE("What follows DATA is a letter: header fields, body and the end, and no verb",
          "[payload]")
{
    Reader reader("errors-550-user-unknown");
    const Carried letter = carried(reader, "kind:content-sent protocol:smtp");
    CHECK_FALSE(carries(letter, "verb"));
    CHECK(carries(letter, "Subject"));
    CHECK(carried_value(letter, "From").find("alice@example.com") != std::string::npos);
    CHECK(carries(letter, "letter body"));
    CHECK(carries(letter, "end of data"));
}

TEST_CASE("A letter of many segments is body where it goes on, and is a letter to its end",
          "[payload]")
{
    Reader reader("errors-552-mailbox-full");
    const Records &records = reader.timeline.records();
    std::size_t later = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].kind != RecordKind::PacketSent)
            continue;
        const net::Packet &packet = records.packet(records[i].packet);
        const Talk talk = talk_around(records, i, packet);
        if (talk.stretches.size() != 1 || talk.stretches[0].from < 2000 ||
            records[talk.stretches[0].record].kind != RecordKind::ContentSent)
            continue;
        ++later;
        const InspectorView view = inspector_view(reader.go_to(i));
        for (const FieldRow &field : view.fields)
            if (field.layer == 2)
                CHECK((field.name == "letter body" || field.name == "end of data"));
    }
    CHECK(later > 20);
}

TEST_CASE("What answers a challenge is no command", "[payload]")
{
    Reader reader("errors-535-wrong-password");
    const Carried login = carried(reader, "kind:command-sent text:AUTH");
    CHECK(carried_value(login, "verb") == "AUTH");
    CHECK(carried_value(login, "argument").starts_with("PLAIN"));
    Reader push("imap-two-devices");
    const Carried done = carried(push, "kind:command-sent text:DONE");
    CHECK(carried_value(done, "continuation") == "DONE");
    CHECK_FALSE(carries(done, "tag"));
}

TEST_CASE("Lines of IMAP are tagged, untagged or ask for more, and letters are literals",
          "[payload]")
{
    Reader reader("imap-two-devices");
    const Carried login = carried(reader, "kind:command-sent text:LOGIN");
    CHECK(carried_value(login, "tag") == "a2");
    CHECK(carried_value(login, "verb") == "LOGIN");
    CHECK(carried_value(login, "argument") == "ken@example.jp secret");
    const Carried fetch = carried(reader, "kind:command-sent text:\"UID FETCH\"");
    CHECK(carried_value(fetch, "verb") == "UID FETCH");
    const Carried news = carried(reader, "kind:reply-sent text:\"* 1 EXISTS\"");
    CHECK(carried_value(news, "untagged") == "*");
    CHECK(carried_value(news, "number") == "1");
    CHECK(carried_value(news, "response") == "EXISTS");
    const Carried idle = carried(reader, "kind:reply-sent text:\"+ idling\"");
    CHECK(carried_value(idle, "continuation") == "+");
    CHECK(carried_value(idle, "data") == "idling");
    const Carried letter = carried(reader, "kind:content-sent protocol:imap");
    CHECK(carries(letter, "Subject"));
    CHECK(carries(letter, "letter body"));
    // The response goes on behind the literal, and then the command is answered.
    CHECK(letter.back().second == "Fetch completed.");
    CHECK(carried_value(letter, "tag") == "a11");
}

TEST_CASE("POP3 answers with an indicator; a listing is no letter", "[payload]")
{
    Reader reader("pop3-leave-on-server");
    const Carried user = carried(reader, "kind:command-sent text:USER");
    CHECK(carried_value(user, "verb") == "USER");
    CHECK(carried_value(user, "argument") == "ken@example.jp");
    const Carried list = carried(reader, "kind:content-sent protocol:pop3 text:UIDL");
    CHECK(carried_value(list, "indicator") == "+OK");
    CHECK(carries(list, "listing"));
    CHECK_FALSE(carries(list, "letter body"));
    const Carried reply = carried(reader, "kind:reply-sent protocol:pop3 text:octets");
    CHECK(carried_value(reply, "indicator") == "+OK");
    CHECK_FALSE(carries(reply, "letter body"));
    // The letter begins a packet of its own.
    const Carried letter = carried(reader, "kind:content-sent protocol:pop3 text:Subject");
    CHECK_FALSE(carries(letter, "indicator"));
    CHECK(carries(letter, "Delivered-To"));
    CHECK(carries(letter, "letter body"));
    CHECK(carries(letter, "end of data"));
    CHECK_FALSE(carries(letter, "listing"));
}

TEST_CASE("A request of HTTP has a method and a target, its answer a status code and a page",
          "[payload]")
{
    Reader reader("two-devices-webmail");
    const Carried request = carried(reader, "kind:command-sent text:\"POST /login\"");
    CHECK(carried_value(request, "method") == "POST");
    CHECK(carried_value(request, "target") == "/login");
    CHECK(carried_value(request, "Host") == "mx.example.jp");
    CHECK(carried_value(request, "content").starts_with("user=hana"));
    const Carried page = carried(reader, "kind:reply-sent reply:200");
    CHECK(carried_value(page, "status code") == "200");
    CHECK(carried_value(page, "content").starts_with("<!DOCTYPE html>"));
}

TEST_CASE("Of a record of TLS its type and length are told, and nothing of what is in it",
          "[payload]")
{
    Reader reader("starttls");
    const Carried hello = carried(reader, "kind:ciphertext-sent");
    CHECK(carried_value(hello, "record type") == "22 handshake");
    std::size_t secret = 0;
    const Records &records = reader.timeline.records();
    const std::size_t established = reader.at("kind:tls-established").index();
    for (std::size_t i = established; i < records.size(); ++i)
        if (records[i].kind == RecordKind::CommandSent &&
            records[i].conversation == records[established].conversation) {
            const InspectorView view = inspector_view(reader.go_to(i));
            REQUIRE(view.layers.size() == 3);
            CHECK(view.layers.back().name == "TLS");
            for (const FieldRow &field : view.fields)
                CHECK(field.name != "verb");
            ++secret;
        }
    CHECK(secret > 2);
}

TEST_CASE("Each record of a DNS answer has octets of its own, over UDP and over TCP", "[payload]")
{
    for (const char *name : {"journey", "mx-fallback", "errors-550-host-unknown"}) {
        INFO(name);
        Reader reader(name);
        const InspectorView view = inspector_view(reader.at("kind:answer-received"));
        REQUIRE(view.layers.back().name == "DNS");
        std::size_t at = view.layers.back().offset;
        for (const FieldRow &field : view.fields) {
            if (field.layer + 1 != view.layers.size())
                continue;
            INFO(field.name << " " << field.value);
            CHECK(field.offset >= at);
            at = field.offset + field.length;
        }
        CHECK(at == view.bytes.size());
    }
    // The same message over TCP has its length before it (RFC 1035 4.2.2).
    const std::string query("\0\x1c\x30\x39\x01\0\0\1\0\0\0\0\0\0\7example\2jp\0\0\x0f\0\1", 30);
    InspectorView view;
    view.layers.push_back({"DNS", 40, query.size(), Mark::Dns});
    describe_dns(query, net::Transport::Tcp, 40, view);
    REQUIRE(view.fields.size() == 4);
    CHECK(view.fields[0].name == "length");
    CHECK(view.fields[0].value == "28");
    CHECK(view.fields[1].value == "12345");
    CHECK(view.fields[3].value == "example.jp. MX");
    CHECK(view.fields[3].offset + view.fields[3].length == 40 + query.size());
}
