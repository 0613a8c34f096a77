// Names and messages: their text, their form on the wire, and what malformed ones do.
#include "sim/protocol/dns/message.h"

#include "sim/core/rng.h"
#include "sim/protocol/dns/framing.h"
#include "tests/unit/dns/rows.h"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <utility>

using namespace mailscope;
using namespace mailscope::dns;
using namespace mailscope::dns::test;
using namespace std::string_literals;

namespace
{

/// A message that has everything.
Message rich_message()
{
    Message message = make_query(0xBEEF, Name::of("Example.JP"), Type::Mx);
    message.header.is_response = true;
    message.header.authoritative = true;
    message.header.recursion_desired = true;
    message.header.rcode = Rcode::BadVersion;
    message.answer = {row("example.jp. 3600 IN MX 10 mx.example.jp."),
                      row("example.jp. 3600 MX 0 ."), row("www.example.jp. 60 CNAME example.jp."),
                      row("example.jp. 60 TXT \"v=spf1 -all\" \"\"")};
    message.authority = {
        row("example.jp. 300 SOA ns.example.jp. root.example.jp. 1 2 3 4 4294967295"),
        row("example.jp. 300 NS ns.example.jp.")};
    message.additional = {row("mx.example.jp. 5 A 192.0.2.1"), row("ns.example.jp. 5 AAAA ::1"),
                          row("1.2.0.192.in-addr.arpa. 5 PTR mx.example.jp.")};
    message.additional.push_back(
        ResourceRecord{Name::of("x.jp"), static_cast<Type>(99), 4, 7, Unknown{"\0\xFFopaque"s}});
    message.edns = Edns{4096, 0, true, "\0\x0A\0\x02hi"s};
    return message;
}

} // namespace

TEST_CASE("A name is read and written as text (RFC 1035 5.1)", "[dns][name]")
{
    CHECK(to_string(Name::of("Mail.Example.JP")) == "Mail.Example.JP.");
    CHECK(to_string(Name::of("example.jp.")) == "example.jp.");
    CHECK(to_string(Name::of(".")) == ".");
    CHECK(to_string(Name::of("a\\.b.jp")) == "a\\.b.jp.");
    CHECK(to_string(Name::of("a\\032\\000.jp")) == "a\\032\\000.jp.");
    CHECK(Name::of("\\097.jp") == Name::of("a.jp"));
}

TEST_CASE("What is no name is refused with a reason", "[dns][name]")
{
    for (const char *text :
         {"", "..", ".jp", "a..jp", "a.jp..", "a\\", "a\\25", "a\\256.jp", "a b.jp"}) {
        INFO(text);
        CHECK_FALSE(Name::parse(text).has_value());
    }
    CHECK(Name::parse(std::string(63, 'a')).has_value());
    CHECK_FALSE(Name::parse(std::string(64, 'a')).has_value());
    const std::string label = std::string(63, 'a') + ".";
    CHECK(Name::parse(label + label + label + std::string(61, 'b')).has_value());
    CHECK(Name::parse(label + label + label + std::string(61, 'b') + ".").has_value());
    CHECK_FALSE(Name::parse(label + label + label + std::string(62, 'b')).has_value());
}

TEST_CASE("Names of every length are copied, moved and assigned as they are", "[dns][name]")
{
    // Lengths around those where a name no longer lies in itself, and the longest of all.
    for (const unsigned labels : {1U, 14U, 15U, 16U, 17U, 127U}) {
        std::string text;
        for (unsigned i = 0; i < labels; ++i)
            text += i % 2 == 0 ? "a." : "b.";
        INFO(text);
        const Name name = Name::of(text);
        CHECK(name.wire().size() == std::size_t{2} * labels + 1);
        CHECK(name.label_count() == labels);
        Name copy = name;
        Name other = Name::of("other.example");
        other = copy;
        const Name moved = std::move(copy);
        CHECK(to_string(other) == text);
        CHECK(to_string(moved) == text);
        CHECK(other == name);
        CHECK(moved.hash() == name.hash());
        CHECK(moved.ancestor(labels) == name);
        CHECK(name.is_subdomain_of(other.parent()));
    }
}

TEST_CASE("Names compare without case and keep the case they were given", "[dns][name]")
{
    CHECK(Name::of("EXAMPLE.jp") == Name::of("example.JP"));
    CHECK(Name::of("EXAMPLE.jp").hash() == Name::of("example.JP").hash());
    CHECK(Name::of("a.example.jp") != Name::of("b.example.jp"));
    CHECK(compare_canonical(Name::of("EXAMPLE.jp"), Name::of("example.JP")) == 0);
}

TEST_CASE("A name knows what it stands below", "[dns][name]")
{
    const Name mx = Name::of("mx.example.jp");
    CHECK(mx.is_subdomain_of(Name::of("Example.jp")));
    CHECK(mx.is_subdomain_of(mx));
    CHECK(mx.is_subdomain_of(Name()));
    CHECK_FALSE(mx.is_subdomain_of(Name::of("ample.jp")));
    CHECK_FALSE(Name::of("jp").is_subdomain_of(mx));
    CHECK(mx.parent() == Name::of("example.jp"));
    CHECK(mx.ancestor(1) == Name::of("jp"));
    CHECK(mx.ancestor(0).is_root());
    CHECK(mx.label_count() == 3);
}

TEST_CASE("Canonical order puts descendants behind their ancestor (RFC 4034 6.1)", "[dns][name]")
{
    const std::array<const char *, 9> ordered = {
        "example",   "a.example",       "yljkjljk.a.example", "Z.a.example",    "zABC.a.EXAMPLE",
        "z.example", "\\001.z.example", "*.z.example",        "\\200.z.example"};
    for (std::size_t i = 0; i + 1 < ordered.size(); ++i) {
        INFO(ordered[i]);
        CHECK(compare_canonical(Name::of(ordered[i]), Name::of(ordered[i + 1])) < 0);
        CHECK(compare_canonical(Name::of(ordered[i + 1]), Name::of(ordered[i])) > 0);
    }
}

TEST_CASE("A record is written as a zone file has it", "[dns][message]")
{
    for (const char *text :
         {"example.jp. 3600 IN MX 10 mx.example.jp.", "example.jp. 3600 IN MX 0 .",
          "example.jp. 1 IN TXT \"a \\\"b\\\" \\\\ \\229\" \"\"", "a.jp. 0 IN AAAA 2001:db8::80",
          "jp. 900 IN SOA ns.jp. root.jp. 2026010101 1800 900 604800 900"}) {
        INFO(text);
        CHECK(to_string(row(text)) == text);
    }
    CHECK(to_string(rich_message().additional.back()) ==
          "x.jp. 7 CLASS4 TYPE99 \\# 8 00FF6F7061717565");
}

TEST_CASE("A record that cannot be read is refused with a reason", "[dns][message]")
{
    for (const char *text :
         {"", "a.jp.", "a.jp. x A 192.0.2.1", "a.jp. 60 HINFO x", "a.jp. 60 A 192.0.2",
          "a.jp. 60 MX mx.jp.", "a.jp. 60 MX 70000 mx.jp.", "a.jp. 60 TXT", "a.jp. 60 TXT \"open",
          "a.jp. 60 SOA a. b. 1 2 3 4", "a.jp. 60 SOA a. b. 1 2 3 4 5 6", "a.jp. 60 NS a b",
          "a.jp. 4294967296 A 192.0.2.1"}) {
        INFO(text);
        CHECK_FALSE(parse_record(text).has_value());
    }
}

TEST_CASE("A message that has everything survives the wire", "[dns][message]")
{
    const Message message = rich_message();
    const Result<Message> again = decode(encode(message));
    REQUIRE(again.has_value());
    CHECK(*again == message);
    CHECK(to_string(again->question->name) == "Example.JP.");
}

TEST_CASE("A repeated name costs two octets (RFC 1035 4.1.4)", "[dns][message]")
{
    Message message = make_query(1, Name::of("example.jp"), Type::Ns);
    const std::size_t before = encode(message).size();
    message.answer = {row("example.jp. 60 NS example.jp.")};
    CHECK(encode(message).size() == before + 2 + 10 + 2);
}

TEST_CASE("A message too long is cut at whole sets and says so (RFC 2181 9)", "[dns][message]")
{
    Message message = make_query(1, Name::of("example.jp"), Type::Txt);
    message.edns.emplace();
    const auto txt = [](std::string_view owner, std::size_t size) {
        return record_of(Name::of(owner), Type::Txt, 60, Txt::of(std::string(size, 'x')));
    };
    SECTION("a set of the answer that does not fit is left out whole")
    {
        message.answer = {row("example.jp. 60 CNAME big.jp."), txt("big.jp", 200),
                          txt("big.jp", 300)};
        message.additional = {row("a.jp. 1 A 192.0.2.1")};
        const Message cut = decode(encode(message, 512)).value();
        CHECK(cut.header.truncated);
        CHECK(cut.answer.size() == 1);
        CHECK(cut.additional.empty());
        CHECK(cut.edns.has_value());
    }
    SECTION("additional data is left out in silence")
    {
        message.answer = {txt("example.jp", 200)};
        message.additional = {txt("a.jp", 400)};
        const Message cut = decode(encode(message, 512)).value();
        CHECK_FALSE(cut.header.truncated);
        CHECK(cut.answer.size() == 1);
        CHECK(cut.additional.empty());
    }
    SECTION("a referral needs its servers")
    {
        message.authority = {txt("jp", 600)};
        CHECK(decode(encode(message, 512)).value().header.truncated);
    }
}

TEST_CASE("A malformed message is refused", "[dns][message]")
{
    const std::string head = "\0\x01\x80\0\0\x01\0\0\0\0\0\0"s;
    const std::string tail = "\0\x01\0\x01"s;
    CHECK(decode(head +
                 "\x01"s
                 "a\0"s +
                 tail)
              .has_value());
    const auto refused = [](const std::string &bytes) { return !decode(bytes).has_value(); };
    SECTION("shorter than its head") { CHECK(refused(head.substr(0, 11))); }
    SECTION("with octets behind its end") { CHECK(refused(head + "\0"s + tail + "x")); }
    SECTION("with a label of 64 octets") { CHECK(refused(head + "\x40" + std::string(64, 'a'))); }
    SECTION("with a pointer to itself") { CHECK(refused(head + "\xC0\x0C" + tail)); }
    SECTION("with a pointer forwards") { CHECK(refused(head + "\xC0\x0E" + tail + "\0"s)); }
    SECTION("with a pointer back into its own labels")
    {
        CHECK(refused(head +
                      "\x01"s
                      "a\xC0\x0C" +
                      tail));
    }
    SECTION("with a name above 255 octets")
    {
        std::string name;
        for (int i = 0; i < 4; ++i)
            name += "\x3F" + std::string(63, 'a');
        CHECK(refused(head + name + "\0"s + tail));
    }
    SECTION("with two questions")
    {
        std::string bytes = head + "\0"s + tail + "\0"s + tail;
        bytes[5] = 2;
        CHECK(refused(bytes));
    }
    SECTION("with more records counted than there are")
    {
        std::string bytes = head + "\0"s + tail;
        bytes[6] = '\xFF';
        CHECK(refused(bytes));
    }
    SECTION("with an address of three octets")
    {
        std::string bytes = head + "\0"s + tail +
                            "\0\0\x01\0\x01\0\0\0\0\0\x03"s
                            "abc";
        bytes[7] = 1;
        CHECK(refused(bytes));
    }
    SECTION("with a text string longer than its data")
    {
        std::string bytes = head + "\0"s + tail +
                            "\0\0\x10\0\x01\0\0\0\0\0\x03"s
                            "\x03"
                            "ab";
        bytes[7] = 1;
        CHECK(refused(bytes));
    }
}

TEST_CASE("No mutation of a message crashes the decoder, and what it reads it can write",
          "[dns][message][property]")
{
    const std::string original = encode(rich_message());
    Rng rng(20260101, "mutations");
    std::size_t read = 0;
    for (int i = 0; i < 50000; ++i) {
        std::string bytes = original;
        for (std::uint32_t changes = 1 + rng.below(4); changes > 0; --changes) {
            const std::uint32_t at = rng.below(static_cast<std::uint32_t>(bytes.size()));
            switch (rng.below(4)) {
            case 0:
                bytes[at] = static_cast<char>(rng.below(256));
                break;
            case 1:
                bytes[at] = static_cast<char>(bytes[at] ^ 1 << rng.below(8));
                break;
            case 2:
                bytes.resize(at + 1);
                break;
            default:
                bytes.insert(at, 1, static_cast<char>(0xC0 + rng.below(2)));
                break;
            }
        }
        const Result<Message> message = decode(bytes);
        if (!message)
            continue;
        ++read;
        const Result<Message> again = decode(encode(*message));
        INFO("mutation " << i);
        REQUIRE(again.has_value());
        REQUIRE(*again == *message);
        for (const ResourceRecord &record : message->answer)
            REQUIRE_FALSE(to_string(record).empty());
    }
    CHECK(read > 1000);
}

TEST_CASE("A stream is taken apart into messages whatever its pieces (RFC 1035 4.2.2)",
          "[dns][framing]")
{
    const std::string stream = tcp_frame("first") + tcp_frame("") + tcp_frame("second");
    TcpDeframer whole;
    whole.receive(stream);
    CHECK(whole.next_message() == "first");
    CHECK(whole.next_message() == "");
    CHECK(whole.next_message() == "second");
    CHECK_FALSE(whole.next_message().has_value());

    TcpDeframer bytewise;
    std::vector<std::string> messages;
    for (const char c : stream) {
        bytewise.receive(ByteView(&c, 1));
        while (auto message = bytewise.next_message())
            messages.push_back(*message);
    }
    CHECK(messages == std::vector<std::string>{"first", "", "second"});
}
