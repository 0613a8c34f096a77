// The forms of HTTP/1.1: good and bad ones as tables.
#include "sim/protocol/http/grammar.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::http;

TEST_CASE("A request line has exactly three parts", "[http][grammar]")
{
    const auto line = parse_request_line("GET /mail?box=1 HTTP/1.1");
    REQUIRE(line);
    CHECK(line->method == "GET");
    CHECK(line->target == "/mail?box=1");
    CHECK(line->minor == 1);
    for (const char *bad :
         {"", "GET", "GET /", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET  / HTTP/1.1",
          "GET / HTTP/11", "GET / http/1.1", "GET /\t HTTP/1.1", "G@T / HTTP/1.1",
          "GET /a b HTTP/1.1", "EHLO laptop.example"})
        CHECK_FALSE(parse_request_line(bad));
}

TEST_CASE("A status line may leave out the reason", "[http][grammar]")
{
    CHECK(parse_status_line("HTTP/1.1 404 Not Found")->reason == "Not Found");
    CHECK(parse_status_line("HTTP/1.0 200 ")->status == 200);
    CHECK(parse_status_line("HTTP/1.1 200")->reason.empty());
    for (const char *bad : {"HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1  200", "220 mx",
                            "HTTP/1.1 099 no", "HTTP/1.1 200 a\x01"})
        CHECK_FALSE(parse_status_line(bad));
}

TEST_CASE("A field name has no white space before its colon", "[http][grammar]")
{
    CHECK(parse_field_line("Host: mx.example.jp")->value == "mx.example.jp");
    CHECK(parse_field_line("X:\t a b \t")->value == "a b");
    CHECK(parse_field_line("Empty:")->value.empty());
    for (const char *bad : {"Host : x", ": x", "no colon", "A B: c", " Host: x", "Host: a\x7F"})
        CHECK_FALSE(parse_field_line(bad));
    CHECK_FALSE(parse_field_line(std::string("X: a\0b", 6)));
}

TEST_CASE("A line ends in CRLF and in nothing else", "[http][grammar]")
{
    CHECK(first_line("a\r\nb")->well_ended);
    CHECK(first_line("a\r\nb")->text == "a");
    CHECK_FALSE(first_line("a\nb")->well_ended);
    CHECK_FALSE(first_line("a\rb\r\n")->well_ended);
    CHECK_FALSE(first_line("a\r"));
}

TEST_CASE("Targets come in three forms that a server of its own takes", "[http][grammar]")
{
    CHECK(parse_target("/a?b=c")->path == "/a");
    CHECK(parse_target("/a?b=c")->query == "b=c");
    CHECK(parse_target("http://mx.example.jp/a")->path == "/a");
    CHECK(parse_target("http://mx.example.jp")->path == "/");
    CHECK(parse_target("HTTPS://mx.example.jp?q")->query == "q");
    CHECK(parse_target("*")->path == "*");
    CHECK(parse_target("/a?u=http://b/")->path == "/a");
    for (const char *bad : {"", "a", "mx.example.jp:443", "ftp://x/", "/a#b"})
        CHECK_FALSE(parse_target(bad));
}

TEST_CASE("Where content ends is never guessed", "[http][grammar][smuggling]")
{
    using P = FramingProblem;
    const auto problem = [](Fields fields, unsigned minor = 1) {
        return framing_of_request(fields, minor).problem;
    };
    CHECK(problem({}) == P::None);
    CHECK(problem({{"Content-Length", "5"}}) == P::None);
    CHECK(problem({{"Transfer-Encoding", "Chunked"}}) == P::None);
    CHECK(problem({{"Content-Length", "5"}, {"content-length", "5"}}) == P::None);
    CHECK(problem({{"Content-Length", "5"}, {"Content-Length", "6"}}) == P::LengthsDiffer);
    CHECK(problem({{"Content-Length", "5, 6"}}) == P::LengthsDiffer);
    for (const char *bad : {"", "-5", "+5", "5 5", "0x5", "99999999999999999999999", ","})
        CHECK(problem({{"Content-Length", bad}}) == P::BadLength);
    CHECK(problem({{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}) ==
          P::LengthAndCoding);
    CHECK(problem({{"Transfer-Encoding", "gzip, chunked"}}) == P::UnknownCoding);
    CHECK(problem({{"Transfer-Encoding", "gzip"}}) == P::UnknownCoding);
    CHECK(problem({{"Transfer-Encoding", "xchunked"}}) == P::UnknownCoding);
    CHECK(problem({{"Transfer-Encoding", ""}}) == P::UnknownCoding);
    CHECK(problem({{"Transfer-Encoding", "chunked, gzip"}}) == P::ChunkedNotLast);
    CHECK(problem({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}) ==
          P::ChunkedNotLast);
    CHECK(problem({{"Transfer-Encoding", "chunked"}}, 0) == P::CodingInOldVersion);
}

TEST_CASE("What a response's content is depends on the request and the status", "[http][grammar]")
{
    using K = Framing::Kind;
    const Fields length{{"Content-Length", "5"}};
    CHECK(framing_of_response(length, 1, 200, Method::Get).kind == K::Length);
    CHECK(framing_of_response(length, 1, 200, Method::Head).kind == K::None);
    CHECK(framing_of_response(length, 1, 304, Method::Get).kind == K::None);
    CHECK(framing_of_response({}, 1, 204, Method::Get).kind == K::None);
    CHECK(framing_of_response({}, 1, 200, Method::Get).kind == K::UntilClose);
}

TEST_CASE("Lists are read over all fields of a name", "[http][grammar]")
{
    const Fields fields{{"Connection", "upgrade , Close"}, {"connection", "x"}};
    CHECK(has_member(fields, "Connection", "close"));
    CHECK(has_member(fields, "connection", "X"));
    CHECK_FALSE(has_member(fields, "Connection", "clo"));
}

namespace
{

struct Read
{
    ChunkReader::Result result = ChunkReader::Result::More;
    std::string content;
    std::string rest;
};

Read read_chunks(ByteView bytes, std::size_t piece, std::uint64_t content_max = 1000)
{
    Read read;
    ChunkReader reader;
    for (std::size_t at = 0; at < bytes.size() && read.result == ChunkReader::Result::More;
         at += piece) {
        read.rest += bytes.substr(at, piece);
        ByteView rest = read.rest;
        read.result = reader.read(rest, read.content, content_max);
        read.rest = std::string(rest);
    }
    return read;
}

} // namespace

TEST_CASE("Chunked content is read in pieces of any size", "[http][grammar]")
{
    const std::string bytes =
        "5;name=\"x\"\r\nhello\r\n0A\r\n, and more!\r\n0\r\nTrailer: x\r\n\r\nGET";
    // The second chunk is ten octets; what follows does not fit and makes it bad.
    CHECK(read_chunks(bytes, bytes.size()).result == ChunkReader::Result::Bad);
    const std::string good =
        "5;name=\"x\"\r\nhello\r\nB\r\n, and more!\r\n0\r\nTrailer: x\r\n\r\nGET";
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{5}, good.size()}) {
        const Read read = read_chunks(good, piece);
        CHECK(read.result == ChunkReader::Result::Complete);
        CHECK(read.content == "hello, and more!");
    }
    CHECK(read_chunks(good, good.size()).rest == "GET");
}

TEST_CASE("A chunk's size is hexadecimal and nothing else", "[http][grammar][smuggling]")
{
    using R = ChunkReader::Result;
    for (const char *bad : {"\r\n", "x\r\n", "-1\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n",
                            "5\nhello", "5\r\nhello!\r\n", "5\r\nhello\n", "1\r\r\nx",
                            "fffffffffffffffff\r\n", "0\r\nbad trailer\r\n"})
        CHECK(read_chunks(bad, 100).result == R::Bad);
    CHECK(read_chunks("ffffffff\r\n", 100).result == R::TooLarge);
    CHECK(read_chunks("5\r\nhello\r\n5\r\nhello\r\n", 100, 8).result == R::TooLarge);
    CHECK(read_chunks(std::string(400, '1'), 1).result == R::Bad);
}

TEST_CASE("What is written in chunks is read back", "[http][grammar]")
{
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, limits::chunk_bytes, 3 * limits::chunk_bytes + 5}) {
        std::string out;
        append_chunked(out, std::string(size, 'a'));
        const Read read = read_chunks(out, 999, 1'000'000);
        CHECK(read.result == ChunkReader::Result::Complete);
        CHECK(read.content.size() == size);
        CHECK(read.rest.empty());
    }
}

TEST_CASE("A field with a line end is never sent", "[http][grammar]")
{
    CHECK(is_sendable({"Location", "/mail"}));
    CHECK_FALSE(is_sendable({"Location", "/mail\r\nSet-Cookie: x"}));
    CHECK_FALSE(is_sendable({"Bad name", "x"}));
    CHECK_FALSE(is_sendable({"", "x"}));
}
