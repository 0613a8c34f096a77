// The client's side of HTTP/1.1, against servers of a few lines.
#include "tests/support/http.h"
#include "tests/support/reference.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::test;
using http::ClientState;
using http::Method;
using Lines = std::vector<std::string>;

namespace
{

http::ClientOptions options_for(const std::string &host)
{
    http::ClientOptions options;
    options.host = host;
    return options;
}

/// A client whose owner only writes down what it hears.
struct Browser
{
    Browser() { client.start(now); }

    std::string ask(Method method, const std::string &target, const std::string &content = {},
                    bool chunked = false)
    {
        http::Request request;
        request.method = method;
        request.target = target;
        request.content = SharedBytes::copy_of(content);
        request.chunked = chunked;
        REQUIRE(client.send(request, now));
        return settle();
    }

    std::string hear(ByteView bytes)
    {
        client.receive(bytes, now);
        return settle();
    }

    std::string settle()
    {
        while (const std::optional<http::ClientEvent> event = client.next_event())
            told.push_back(describe(*event));
        std::string said(client.output().bytes());
        client.clear_output();
        return said;
    }

    http::Client client{std::make_shared<const http::ClientOptions>(options_for("mx.example.jp"))};
    SimTime now{};
    Lines told;
};

/// What a client makes of `bytes` after one GET, the same in pieces of any size.
Browser hear_after_get(ByteView bytes)
{
    Browser whole;
    whole.ask(Method::Get, "/");
    whole.hear(bytes);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
        Browser slow;
        slow.ask(Method::Get, "/");
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            slow.hear(bytes.substr(at, piece));
        CHECK(slow.told == whole.told);
        CHECK(slow.client.state() == whole.client.state());
    }
    return whole;
}

} // namespace

TEST_CASE("A request is written as the RFC has it", "[http][client]")
{
    Browser browser;
    CHECK(browser.ask(Method::Get, "/mail") == "GET /mail HTTP/1.1\r\nHost: mx.example.jp\r\n\r\n");
    CHECK(browser.ask(Method::Post, "/mail", "a=b") ==
          "POST /mail HTTP/1.1\r\nHost: mx.example.jp\r\nContent-Length: 3\r\n\r\na=b");
    CHECK(browser.ask(Method::Post, "/logout") ==
          "POST /logout HTTP/1.1\r\nHost: mx.example.jp\r\nContent-Length: 0\r\n\r\n");
    CHECK(browser.ask(Method::Post, "/mail", "a=b", true) ==
          "POST /mail HTTP/1.1\r\nHost: mx.example.jp\r\nTransfer-Encoding: chunked\r\n\r\n"
          "3\r\na=b\r\n0\r\n\r\n");
}

TEST_CASE("A response comes whole, whatever its framing", "[http][client]")
{
    CHECK(hear_after_get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").told ==
          Lines{"ResponseReceived GET 200 [hello]"});
    CHECK(hear_after_get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
              .told == Lines{"ResponseReceived GET 200 [hello]"});
    CHECK(hear_after_get("HTTP/1.1 204 No Content\r\n\r\n").told ==
          Lines{"ResponseReceived GET 204 []"});
    CHECK(hear_after_get("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                         "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
              .told == Lines{"ResponseReceived GET 404 []"});
}

TEST_CASE("Content without a length ends with the connection", "[http][client]")
{
    Browser browser = hear_after_get("HTTP/1.1 200 OK\r\n\r\nhello");
    CHECK(browser.told.empty());
    browser.client.peer_closed(browser.now);
    browser.settle();
    CHECK(browser.told == Lines{"ResponseReceived GET 200 [hello]"});
    CHECK(browser.client.wants_close());
}

TEST_CASE("Responses belong to requests in their order", "[http][client][pipelining]")
{
    Browser browser;
    browser.ask(Method::Head, "/1");
    browser.ask(Method::Get, "/2");
    browser.hear("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                 "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    CHECK(browser.told ==
          Lines{"ResponseReceived HEAD 200 []", "ResponseReceived GET 200 [hello]"});
    CHECK(browser.client.state() == ClientState::Idle);
}

TEST_CASE("Connection: close leaves later requests unanswered", "[http][client]")
{
    Browser browser;
    browser.ask(Method::Get, "/1");
    browser.ask(Method::Get, "/2");
    browser.hear("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    CHECK(browser.told ==
          Lines{"ResponseReceived GET 200 []", "ClientPeerVanished AwaitingHead 1"});
    CHECK(browser.client.wants_close());
    CHECK_FALSE(browser.client.send({}, browser.now));
}

TEST_CASE("Who does not speak HTTP is recognised by its first line", "[http][client]")
{
    CHECK(hear_after_get("220 mx.exim.test ESMTP Exim 4.96\r\n500 unrecognized command\r\n").told ==
          Lines{"ProtocolViolation 220 mx.exim.test ESMTP Exim 4.96"});
    CHECK(hear_after_get("+OK POP3 ready\r\n").told == Lines{"ProtocolViolation +OK POP3 ready"});
    CHECK(hear_after_get("\x16\x03\x01").told.size() == 1);
    Browser cut;
    cut.ask(Method::Get, "/");
    cut.hear("220 mx");
    cut.client.peer_closed(cut.now);
    cut.settle();
    CHECK(cut.told == Lines{"ProtocolViolation 220 mx"});
}

TEST_CASE("A response whose end is unclear is not taken", "[http][client][smuggling]")
{
    for (const char *bad :
         {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
          "HTTP/1.1 200 OK\nContent-Length: 5\n\n", "HTTP/1.1 200 OK\r\n folded: x\r\n",
          "HTTP/1.1 101 Switching Protocols\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"}) {
        INFO(bad);
        const Browser browser = hear_after_get(bad);
        REQUIRE(browser.told.size() == 1);
        CHECK(browser.told.front().substr(0, 17) == "ProtocolViolation");
        CHECK(browser.client.wants_close());
    }
}

TEST_CASE("What nobody asked for is a violation", "[http][client]")
{
    Browser browser;
    browser.hear("HTTP/1.1 200 OK\r\n");
    CHECK(browser.told == Lines{"ProtocolViolation HTTP/1.1 200 OK"});
}

TEST_CASE("A response that is cut off is none", "[http][client]")
{
    Browser browser;
    browser.ask(Method::Get, "/");
    browser.hear("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell");
    browser.client.peer_closed(browser.now);
    browser.settle();
    CHECK(browser.told == Lines{"ClientPeerVanished ReadingContent 1"});
}

TEST_CASE("A silent server is given up", "[http][client][time]")
{
    Browser browser;
    CHECK(browser.client.next_deadline() == time_never);
    browser.ask(Method::Get, "/");
    CHECK(browser.client.next_deadline() == SimTime(2min));
    browser.client.on_time(SimTime(2min));
    browser.settle();
    CHECK(browser.told == Lines{"TimedOut"});
    CHECK(browser.client.wants_close());
}

TEST_CASE("The two sides understand each other", "[http][client][server]")
{
    for (const bool chunked : {false, true}) {
        HttpHost host;
        host.chunked = chunked;
        Browser browser;
        const std::string content(5000, 'x');
        std::string wire = browser.ask(Method::Get, "/a");
        wire += browser.ask(Method::Post, "/b", content, chunked);
        wire += browser.ask(Method::Head, "/c");
        wire += browser.ask(Method::Delete, "/d");
        browser.hear(host.feed(wire));
        CHECK(browser.told ==
              Lines{"ResponseReceived GET 200 [RequestAsked GET /a]",
                    "ResponseReceived POST 200 [RequestAsked POST /b [" + content + "]]",
                    "ResponseReceived HEAD 200 []",
                    "ResponseReceived DELETE 200 [RequestAsked DELETE /d]"});
        CHECK(browser.client.state() == ClientState::Idle);
    }
}

TEST_CASE("A real SMTP server is recognised by its greeting", "[http][client][reference]")
{
    const ReferenceCase recorded = reference_case("exim", "exim-http-request");
    REQUIRE(recorded.lines.size() == 3);
    Browser browser;
    browser.ask(Method::Get, "/");
    browser.hear(recorded.lines[0].text + "\r\n" + recorded.lines[2].text + "\r\n");
    CHECK(browser.told == Lines{"ProtocolViolation " +
                                recorded.lines[0].text.substr(0, http::limits::quoted_bytes_max)});
}
