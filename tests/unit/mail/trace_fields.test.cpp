// Trace fields (RFC 5321 4.4) in Postfix's layout.
#include "sim/mail/trace_fields.h"

#include "sim/mail/message.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::mail;

namespace
{

const Address owner{"bob", "example.jp"};

ReceivedStamp given_stamp()
{
    ReceivedStamp stamp;
    stamp.helo = "mail.example.com";
    stamp.client_name = "out.example.com";
    stamp.client_ip = "192.0.2.1";
    stamp.by = "mx.example.jp";
    stamp.with = "ESMTP";
    stamp.id = "9DF07A881F7";
    stamp.recipient = &owner;
    stamp.date = {1795489508, 0};
    return stamp;
}

std::string received(const ReceivedStamp &stamp)
{
    std::string out;
    append_received(out, stamp);
    return out;
}

} // namespace

TEST_CASE("A Received field says who came, to whom, and when", "[mail][trace_fields]")
{
    CHECK(received(given_stamp()) ==
          "Received: from mail.example.com (out.example.com [192.0.2.1])\r\n"
          "\tby mx.example.jp with ESMTP id 9DF07A881F7\r\n"
          "\tfor <bob@example.jp>; Tue, 24 Nov 2026 03:05:08 +0000 (UTC)\r\n");
}

TEST_CASE("A client without a name by DNS is unknown", "[mail][trace_fields]")
{
    ReceivedStamp stamp = given_stamp();
    stamp.client_name = {};
    CHECK(received(stamp).find("from mail.example.com (unknown [192.0.2.1])") != std::string::npos);
}

TEST_CASE("Several recipients are not named", "[mail][trace_fields]")
{
    ReceivedStamp stamp = given_stamp();
    stamp.recipient = nullptr;
    stamp.software = "mailscope";
    CHECK(received(stamp) == "Received: from mail.example.com (out.example.com [192.0.2.1])\r\n"
                             "\tby mx.example.jp (mailscope) with ESMTP id 9DF07A881F7;\r\n"
                             "\tTue, 24 Nov 2026 03:05:08 +0000 (UTC)\r\n");
}

TEST_CASE("A message made on the host itself came from nobody", "[mail][trace_fields]")
{
    ReceivedStamp stamp = given_stamp();
    stamp.helo = {};
    stamp.with = {};
    stamp.recipient = nullptr;
    CHECK(received(stamp) == "Received: by mx.example.jp\r\n"
                             "\tid 9DF07A881F7; Tue, 24 Nov 2026 03:05:08 +0000 (UTC)\r\n");
}

TEST_CASE("The protocol's name says what the session used", "[mail][trace_fields]")
{
    const auto named = [](bool extended, bool tls, bool authenticated, bool utf8) {
        return with_protocol({extended, false, tls, authenticated, utf8});
    };
    CHECK(named(false, false, false, false) == "SMTP");
    CHECK(named(true, false, false, false) == "ESMTP");
    CHECK(named(true, true, false, false) == "ESMTPS");
    CHECK(named(true, false, true, false) == "ESMTPA");
    CHECK(named(true, true, true, false) == "ESMTPSA");
    CHECK(named(true, false, true, true) == "UTF8SMTPA");
    SessionKind lmtp;
    lmtp.lmtp = true;
    CHECK(with_protocol(lmtp) == "LMTP");
}

TEST_CASE("Final delivery names the sender and the mailbox", "[mail][trace_fields]")
{
    std::string out;
    append_return_path(out, Address{});
    append_return_path(out, Address{"alice", "example.com"});
    append_delivered_to(out, owner);
    CHECK(out == "Return-Path: <>\r\nReturn-Path: <alice@example.com>\r\n"
                 "Delivered-To: bob@example.jp\r\n");
}

TEST_CASE("Hops are counted in the header", "[mail][trace_fields]")
{
    std::string message;
    for (int hop = 0; hop < 30; ++hop)
        append_received(message, given_stamp());
    message += "Subject: x\r\n\r\nReceived: not this\r\n";
    CHECK(count_received(message) == 30);
    CHECK(MessageView(message).fields().size() == 31);
}

TEST_CASE("A message that comes back to its mailbox is known", "[mail][trace_fields]")
{
    std::string message;
    append_delivered_to(message, owner);
    message += "\r\n";
    CHECK(was_delivered_to(message, Address{"Bob", "EXAMPLE.jp"}));
    CHECK_FALSE(was_delivered_to(message, Address{"ann", "example.jp"}));
    CHECK_FALSE(was_delivered_to("\r\nDelivered-To: bob@example.jp\r\n", owner));
}
