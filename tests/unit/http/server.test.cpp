// The server's side of HTTP/1.1: each conversation whole, octet by octet and in pieces.
#include "tests/support/http.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::test;
using Lines = std::vector<std::string>;

namespace
{

const std::string host_field = "Host: mx.example.jp\r\n";

std::string get(const std::string &target)
{
    return "GET " + target + " HTTP/1.1\r\n" + host_field + "\r\n";
}

std::string post(const std::string &fields, const std::string &content)
{
    return "POST /mail HTTP/1.1\r\n" + host_field + fields + "\r\n" + content;
}

/// The one refusal that an input earns, and that nothing behind it is obeyed.
void expect_refusal(const std::string &input, const std::string &reason, int status)
{
    INFO(input);
    const Heard heard = hear(HttpHost(), input + get("/smuggled"));
    CHECK(heard.told == Lines{"RequestRefused " + reason});
    CHECK(statuses(heard.said) == std::vector<int>{status});
    CHECK(heard.said.find("Connection: close\r\n") != std::string::npos);
    CHECK(heard.closed);
}

} // namespace

TEST_CASE("A request is answered and the connection is kept", "[http][server]")
{
    const Heard heard = hear(HttpHost(), get("/mail?box=sent"));
    CHECK(heard.told == Lines{"RequestAsked GET /mail?box=sent"});
    CHECK(heard.said == "HTTP/1.1 200 OK\r\n"
                        "Server: mailscope\r\n"
                        "Content-Length: 31\r\n"
                        "\r\n"
                        "RequestAsked GET /mail?box=sent");
    CHECK_FALSE(heard.closed);
}

TEST_CASE("Requests sent ahead are answered in their order", "[http][server][pipelining]")
{
    const Heard heard =
        hear(HttpHost(), get("/1") + post("Content-Length: 3\r\n", "abc") + get("/2"));
    CHECK(heard.told ==
          Lines{"RequestAsked GET /1", "RequestAsked POST /mail [abc]", "RequestAsked GET /2"});
    const std::size_t first = heard.said.find("GET /1");
    const std::size_t second = heard.said.find("[abc]");
    const std::size_t third = heard.said.find("GET /2");
    CHECK(first < second);
    CHECK(second < third);
}

TEST_CASE("While the owner thinks, the next request waits", "[http][server][pipelining]")
{
    HttpHost host;
    host.answers = false;
    CHECK(host.feed(get("/1") + get("/2")).empty());
    CHECK(host.told == Lines{"RequestAsked GET /1"});
    CHECK(host.server.next_deadline() == time_never);
    host.answers = true;
    http::Response response;
    response.status = 204;
    host.server.respond(response, host.now);
    CHECK(statuses(host.settle()) == std::vector<int>{204, 200});
    CHECK(host.told.back() == "RequestAsked GET /2");
}

TEST_CASE("Too much sent ahead ends the connection", "[http][server][limits]")
{
    HttpHost host;
    host.answers = false;
    host.feed(get("/1"));
    host.feed(std::string(http::limits::pipelined_bytes_max + 1, 'x'));
    CHECK(host.told.back() == "RequestRefused TooMuchAhead");
    CHECK(host.server.wants_close());
    host.server.respond({}, host.now); // The owner's late answer does no harm.
    CHECK(host.settle().empty());
}

TEST_CASE("Content comes by its length or in chunks", "[http][server]")
{
    CHECK(hear(HttpHost(), post("Content-Length: 5\r\n", "hello")).told ==
          Lines{"RequestAsked POST /mail [hello]"});
    CHECK(hear(HttpHost(), post("Content-Length: 0\r\n", "")).told ==
          Lines{"RequestAsked POST /mail"});
    CHECK(hear(HttpHost(), post("Transfer-Encoding: chunked\r\n",
                                "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: t\r\n\r\n") +
                               get("/next"))
              .told == Lines{"RequestAsked POST /mail [hello]", "RequestAsked GET /next"});
}

TEST_CASE("An answer in chunks needs no length", "[http][server]")
{
    HttpHost host;
    host.chunked = true;
    CHECK(hear(host, get("/a")).said == "HTTP/1.1 200 OK\r\n"
                                        "Server: mailscope\r\n"
                                        "Transfer-Encoding: chunked\r\n"
                                        "\r\n"
                                        "13\r\nRequestAsked GET /a\r\n0\r\n\r\n");
    // HTTP/1.0 knows no chunks: the end of the connection is the end of the content.
    const Heard old = hear(host, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(old.said == "HTTP/1.1 200 OK\r\nServer: mailscope\r\nConnection: close\r\n\r\n"
                      "RequestAsked GET /a");
    CHECK(old.closed);
}

TEST_CASE("HEAD is answered by a head alone", "[http][server]")
{
    const Heard heard = hear(HttpHost(), "HEAD /a HTTP/1.1\r\n" + host_field + "\r\n");
    CHECK(heard.said == "HTTP/1.1 200 OK\r\nServer: mailscope\r\nContent-Length: 20\r\n\r\n");
}

TEST_CASE("Connection: close ends the connection after the answer", "[http][server]")
{
    const Heard heard = hear(HttpHost(), "GET /1 HTTP/1.1\r\n" + host_field +
                                             "Connection: close\r\n\r\n" + get("/2"));
    CHECK(heard.told == Lines{"RequestAsked GET /1"});
    CHECK(heard.said.find("Connection: close\r\n") != std::string::npos);
    CHECK(heard.closed);
}

TEST_CASE("HTTP/1.0 ends with the answer unless the client asks", "[http][server]")
{
    CHECK(hear(HttpHost(), "GET / HTTP/1.0\r\n\r\n").closed);
    const Heard kept = hear(HttpHost(), "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK_FALSE(kept.closed);
    CHECK(kept.said.find("Connection: keep-alive\r\n") != std::string::npos);
}

TEST_CASE("100 Continue is said before the content, and only then", "[http][server]")
{
    HttpHost host;
    CHECK(host.feed(post("Content-Length: 2\r\nExpect: 100-continue\r\n", "")) ==
          "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(statuses(host.feed("ab")) == std::vector<int>{200});
    CHECK(statuses(
              hear(HttpHost(), post("Content-Length: 0\r\nExpect: 100-continue\r\n", "")).said) ==
          std::vector<int>{200});
}

TEST_CASE("Content that is too large is refused before it is sent", "[http][server][limits]")
{
    http::ServerOptions options;
    options.content_bytes_max = 10;
    HttpHost host(options);
    const std::string said = host.feed(post("Content-Length: 11\r\nExpect: 100-continue\r\n", ""));
    CHECK(statuses(said) == std::vector<int>{413});
    CHECK(host.server.wants_close());
    CHECK(hear(HttpHost(options), post("Transfer-Encoding: chunked\r\n", "b\r\n")).told ==
          Lines{"RequestRefused ContentTooLarge"});
}

TEST_CASE("What could be read as two requests is refused", "[http][server][smuggling]")
{
    expect_refusal(post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                   "LengthAndCoding", 400);
    expect_refusal(post("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", "0\r\n\r\n"),
                   "LengthAndCoding", 400);
    expect_refusal(post("Content-Length: 5\r\nContent-Length: 0\r\n", ""), "LengthsDiffer", 400);
    expect_refusal(post("Content-Length: 5, 0\r\n", ""), "LengthsDiffer", 400);
    expect_refusal(post("Content-Length: +5\r\n", "hello"), "BadLength", 400);
    expect_refusal(post("Content-Length : 5\r\n", "hello"), "BadField", 400);
    expect_refusal(post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), "ChunkedNotLast",
                   400);
    expect_refusal(post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), "UnknownCoding", 501);
    expect_refusal(post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), "FoldedField", 400);
    expect_refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   "CodingInOldVersion", 400);
    expect_refusal("GET / HTTP/1.1\r\n" + host_field + "X: a\n\r\n", "BadLineEnd", 400);
    expect_refusal("GET / HTTP/1.1\nHost: x\n\n", "BadLineEnd", 400);
    expect_refusal("GET / HTTP/1.1\r\n" + host_field + "X: a\rb\r\n\r\n", "BadLineEnd", 400);
    expect_refusal("GET / HTTP/1.1\r\n " + host_field + "\r\n", "FoldedField", 400);
    expect_refusal(post("Transfer-Encoding: chunked\r\n", "5\r\nhello!\r\n"), "BadChunk", 400);
    expect_refusal(post("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n"), "BadChunk", 400);
    expect_refusal(post("Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n"), "BadChunk",
                   400);
}

TEST_CASE("Each mistake has its status", "[http][server]")
{
    expect_refusal("EHLO laptop.example\r\n", "BadRequestLine", 400);
    expect_refusal("GET /\r\n", "BadRequestLine", 400);
    expect_refusal("GET / HTTP/2.0\r\n\r\n", "UnsupportedVersion", 505);
    expect_refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "UnsupportedVersion", 505);
    expect_refusal("BREW / HTTP/1.1\r\n\r\n", "UnknownMethod", 501);
    expect_refusal("CONNECT mx.example.jp:25 HTTP/1.1\r\n\r\n", "UnknownMethod", 501);
    expect_refusal("get / HTTP/1.1\r\n\r\n", "UnknownMethod", 501);
    expect_refusal("GET mail HTTP/1.1\r\n\r\n", "BadTarget", 400);
    expect_refusal("GET * HTTP/1.1\r\n\r\n", "BadTarget", 400);
    expect_refusal("GET / HTTP/1.1\r\n\r\n", "NoHost", 400);
    expect_refusal("GET / HTTP/1.1\r\n" + host_field + host_field + "\r\n", "SeveralHosts", 400);
    expect_refusal(post("Content-Length: 2\r\nExpect: tea\r\n", ""), "UnknownExpectation", 417);
    expect_refusal("\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n", "BadRequestLine", 400);
}

// RFC 9112 6.3, the last case of a request; `curl -X POST` without data is one.
TEST_CASE("A POST that tells no length has no content", "[http][server]")
{
    const Heard heard = hear(HttpHost(), post("", "") + get("/2"));
    CHECK(heard.told == Lines{"RequestAsked POST /mail", "RequestAsked GET /2"});
    CHECK_FALSE(heard.closed);
}

TEST_CASE("A few empty lines before a request are forgiven", "[http][server]")
{
    CHECK(hear(HttpHost(), "\r\n" + get("/1") + "\r\n\r\n" + get("/2")).told ==
          Lines{"RequestAsked GET /1", "RequestAsked GET /2"});
}

TEST_CASE("Heads end somewhere", "[http][server][limits]")
{
    expect_refusal("GET /" + std::string(http::limits::start_line_bytes_max, 'a') + " HTTP/1.1\r\n",
                   "TargetTooLong", 414);
    expect_refusal("GET / HTTP/1.1\r\nX: " + std::string(http::limits::head_bytes_max, 'a'),
                   "FieldsTooLarge", 431);
    std::string many = "GET / HTTP/1.1\r\n";
    for (std::size_t i = 0; i <= http::limits::fields_max; ++i)
        many += "X: y\r\n";
    expect_refusal(many, "FieldsTooLarge", 431);
    HttpHost host; // also without an end of line
    host.feed(std::string(http::limits::start_line_bytes_max + 3, 'a'));
    CHECK(host.told == Lines{"RequestRefused TargetTooLong"});
}

TEST_CASE("A slow request is timed out by 408, an idle connection without a word",
          "[http][server][time]")
{
    HttpHost host;
    host.feed("GET / HT");
    host.now = host.server.next_deadline();
    CHECK(host.now == SimTime(30s));
    host.server.on_time(host.now);
    CHECK(statuses(host.settle()) == std::vector<int>{408});
    CHECK(host.told == Lines{"TimedOut"});

    HttpHost idle;
    idle.feed(get("/"));
    CHECK(idle.server.next_deadline() == SimTime(60s));
    idle.server.on_time(SimTime(59s));
    CHECK_FALSE(idle.server.wants_close());
    idle.server.on_time(SimTime(60s));
    CHECK(idle.settle().empty());
    CHECK(idle.server.wants_close());
}

TEST_CASE("A head that drips in does not gain time", "[http][server][time]")
{
    HttpHost host;
    host.feed("GET");
    host.now = SimTime(29s);
    host.feed(" /");
    CHECK(host.server.next_deadline() == SimTime(30s));
}

TEST_CASE("A request that is cut off is no request", "[http][server]")
{
    for (const auto &[input, state] :
         {std::pair<std::string, std::string>{"GET / HTTP/1.1\r\nHost: x\r\n", "ReadingHead"},
          {post("Content-Length: 5\r\n", "hell"), "ReadingContent"},
          {post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"), "ReadingChunks"}}) {
        HttpHost host;
        host.feed(input);
        host.server.peer_closed(host.now);
        host.settle();
        CHECK(host.told == Lines{"ServerPeerVanished " + state});
        CHECK(host.server.wants_close());
    }
    HttpHost idle;
    idle.feed(get("/"));
    idle.server.peer_closed(idle.now);
    CHECK(idle.settle().empty());
    CHECK(idle.told.size() == 1);
    CHECK(idle.server.wants_close());
}

TEST_CASE("Who asks and hangs up still gets the answer", "[http][server]")
{
    HttpHost host;
    host.answers = false;
    host.feed(get("/1"));
    host.server.peer_closed(host.now);
    CHECK_FALSE(host.server.wants_close());
    host.server.respond({}, host.now);
    CHECK(statuses(host.settle()) == std::vector<int>{200});
    CHECK(host.server.wants_close());
}
