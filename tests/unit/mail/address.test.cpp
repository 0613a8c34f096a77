// Addresses: envelopes by RFC 5321 4.1.2, header fields by RFC 5322 3.4.
#include "sim/mail/address.h"

#include "tests/support/text.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::mail;
using test::repeated;

TEST_CASE("An address is local part and domain", "[mail][address]")
{
    struct Good
    {
        std::string_view text;
        std::string_view local_part;
        std::string_view domain;
    };
    constexpr Good table[] = {
        {"bob@example.org", "bob", "example.org"},
        {"first.last+tag@sub.example.org", "first.last+tag", "sub.example.org"},
        {"o'brien!#$%&*/=?^_`{|}~-@x", "o'brien!#$%&*/=?^_`{|}~-", "x"},
        {"\"john smith\"@example.org", "john smith", "example.org"},
        {"\"a@b\"@example.org", "a@b", "example.org"},
        {"\"q\\\"uo\\\\te\"@example.org", "q\"uo\\te", "example.org"},
        {"\"\"@example.org", "", "example.org"},
        {"bob@[192.0.2.1]", "bob", "[192.0.2.1]"},
        {"bob@[IPv6:2001:db8::1]", "bob", "[IPv6:2001:db8::1]"},
        {"bob@123.example", "bob", "123.example"},
        {"\xE5\xB1\xB1\xE7\x94\xB0@example.jp", "\xE5\xB1\xB1\xE7\x94\xB0", "example.jp"},
        {"bob@\xE4\xBE\x8B.jp", "bob", "\xE4\xBE\x8B.jp"},
    };
    for (const Good &each : table) {
        INFO(each.text);
        const Result<Address> address = parse_address(each.text);
        REQUIRE(address.has_value());
        CHECK(address->local_part == each.local_part);
        CHECK(address->domain == each.domain);
        CHECK(to_string(*address) == each.text);
    }
}

TEST_CASE("What RFC 5321 4.1.2 does not allow is no address", "[mail][address]")
{
    for (const std::string_view bad : {"",
                                       "@",
                                       "bob",
                                       "bob@",
                                       "@example.org",
                                       ".bob@example.org",
                                       "bob.@example.org",
                                       "b..ob@example.org",
                                       "b ob@example.org",
                                       "bob@exa mple.org",
                                       "bob@-example.org",
                                       "bob@example-.org",
                                       "bob@example..org",
                                       "bob@example.org.",
                                       "bob@.org",
                                       "bob@under_score.org",
                                       "bob@[192.0.2.256]",
                                       "bob@[192.0.2.1",
                                       "bob@[x:y]",
                                       "bob@[]",
                                       "\"open@example.org",
                                       "\"a\"b@example.org",
                                       "b\"o\"b@example.org",
                                       "bob@example.org ",
                                       " bob@example.org",
                                       "b(c)ob@example.org",
                                       "bob\x01@example.org",
                                       "\"bell\x07\"@example.org",
                                       "b\xFF@example.org",
                                       "bob@example\xFF.org",
                                       "bob@a,b"}) {
        INFO(bad);
        CHECK_FALSE(parse_address(bad).has_value());
    }
}

TEST_CASE("Addresses keep to the lengths of RFC 5321 4.5.3.1", "[mail][address]")
{
    const std::string domain = repeated("a.", 60) + "example";
    CHECK(parse_address(std::string(64, 'x') + "@example.org").has_value());
    CHECK_FALSE(parse_address(std::string(65, 'x') + "@example.org").has_value());
    CHECK(parse_address("x@" + std::string(63, 'd') + ".org").has_value());
    CHECK_FALSE(parse_address("x@" + std::string(64, 'd') + ".org").has_value());
    CHECK(is_valid_domain(repeated("a.", 127) + "b"));
    CHECK_FALSE(is_valid_domain(repeated("a.", 128) + "b"));
    const std::string longest = std::string(64, 'x') + "@" + repeated("a.", 94) + "b";
    CHECK(longest.size() == 254);
    CHECK(parse_address(longest).has_value());
    CHECK_FALSE(parse_address("x" + std::string(63, 'x') + "@" + repeated("a.", 95) + "b"));
}

TEST_CASE("Quotes are written only where they must be", "[mail][address]")
{
    CHECK(to_string(*parse_address("\"bob\"@example.org")) == "bob@example.org");
    CHECK(to_string(*parse_address("\"b\\o\\b\"@example.org")) == "bob@example.org");
    CHECK(to_string(Address{"b ob", "example.org"}) == "\"b ob\"@example.org");
    CHECK(to_string(Address{}) == "");
    CHECK(to_path(Address{}) == "<>");
    CHECK(to_path(Address{"bob", "example.org"}) == "<bob@example.org>");
}

TEST_CASE("Paths of the envelope have angle brackets", "[mail][address]")
{
    CHECK(parse_path("<>", PathKind::Reverse)->is_null());
    CHECK_FALSE(parse_path("<>", PathKind::Forward).has_value());
    CHECK(parse_path("<Postmaster>", PathKind::Forward)->local_part == "Postmaster");
    CHECK_FALSE(parse_path("<postmaster>", PathKind::Reverse).has_value());
    CHECK(to_string(*parse_path("<bob@example.org>", PathKind::Reverse)) == "bob@example.org");
    CHECK_FALSE(parse_path("bob@example.org", PathKind::Forward).has_value());
    CHECK_FALSE(parse_path("<bob@example.org", PathKind::Forward).has_value());
    CHECK_FALSE(parse_path("< bob@example.org>", PathKind::Forward).has_value());
    CHECK_FALSE(parse_path("<", PathKind::Forward).has_value());
}

TEST_CASE("A source route is accepted and ignored", "[mail][address]")
{
    const Result<Address> address =
        parse_path("<@a.example,@b.example:bob@example.org>", PathKind::Forward);
    REQUIRE(address.has_value());
    CHECK(to_string(*address) == "bob@example.org");
    for (const std::string_view bad : {"<@a.example bob@example.org>", "<@:bob@example.org>",
                                       "<@a.example,b:bob@example.org>", "<@a.example:>"})
        CHECK_FALSE(parse_path(bad, PathKind::Forward).has_value());
}

TEST_CASE("A path ends at the bracket that no quotes hide", "[mail][address]")
{
    CHECK(path_length("<bob@example.org> SIZE=10") == 17);
    CHECK(path_length("<\"a>b\"@example.org> X") == 19);
    CHECK(path_length("<\"a\\\">b\"@example.org>") == 21);
    CHECK(path_length("<> BODY=8BITMIME") == 2);
    CHECK(path_length("<bob") == 0);
    CHECK(path_length("<\"bob>") == 0);
    CHECK(path_length("bob") == 0);
    CHECK(path_length("") == 0);
}

TEST_CASE("Domains compare without case, local parts as the asker wants", "[mail][address]")
{
    const Address bob{"Bob", "Example.ORG"};
    CHECK(bob == Address{"Bob", "example.org"});
    CHECK(bob != Address{"bob", "example.org"});
    CHECK(same_mailbox(bob, Address{"bob", "example.org"}));
    CHECK_FALSE(same_mailbox(bob, Address{"bob", "example.com"}));
}

TEST_CASE("UTF-8 in either part asks for SMTPUTF8", "[mail][address]")
{
    CHECK_FALSE(needs_utf8(Address{"bob", "example.org"}));
    CHECK(needs_utf8(Address{"\xE5\xB1\xB1", "example.org"}));
    CHECK(needs_utf8(Address{"bob", "\xE4\xBE\x8B.jp"}));
}

TEST_CASE("Header fields list addresses in many ways", "[mail][address]")
{
    struct Field
    {
        std::string_view body;
        std::vector<NamedAddress> addresses;
    };
    const NamedAddress bob{"", {"bob", "example.org"}};
    const std::vector<Field> table = {
        {"bob@example.org", {bob}},
        {"<bob@example.org>", {bob}},
        {"Bob <bob@example.org>", {{"Bob", bob.address}}},
        {"\"Bob B.\" <bob@example.org>", {{"Bob B.", bob.address}}},
        {"Bob B. <bob@example.org>", {{"Bob B.", bob.address}}},
        {"bob@example.org (Bob)", {{"Bob", bob.address}}},
        {"bob@example.org (Bob (the first))", {{"Bob (the first)", bob.address}}},
        {"bob @ example . org", {bob}},
        {"Bob\r\n <bob@example.org>,\r\n\tann@x", {{"Bob", bob.address}, {"", {"ann", "x"}}}},
        {"\"a, b\" <bob@example.org>, ann@x", {{"a, b", bob.address}, {"", {"ann", "x"}}}},
        {"Team: bob@example.org, Ann <ann@x>;", {bob, {"Ann", {"ann", "x"}}}},
        {"undisclosed-recipients:;", {}},
        {"A: a@x; , b@y", {{"", {"a", "x"}}, {"", {"b", "y"}}}},
        {"<@route.example:bob@example.org>", {bob}},
        {"\"b ob\"@example.org", {{"", {"b ob", "example.org"}}}},
        {"bob@[192.0.2.1]", {{"", {"bob", "[192.0.2.1]"}}}},
        {"=?utf-8?B?5bGx55Sw?= <bob@example.org>", {{"\xE5\xB1\xB1\xE7\x94\xB0", bob.address}}},
        {"\xE5\xB1\xB1 <bob@example.org>", {{"\xE5\xB1\xB1", bob.address}}},
        {",, bob@example.org ,", {bob}},
        {"", {}},
        {"nobody", {}},
        {"<>", {}},
        {"@example.org", {}},
        {"bob@", {}},
        {"(only a comment", {}},
    };
    for (const Field &each : table) {
        INFO(each.body);
        CHECK(parse_address_list(each.body) == each.addresses);
    }
}

TEST_CASE("An endless address list ends at the limit", "[mail][address]")
{
    CHECK(parse_address_list(repeated("a@x,", 5000)).size() == 1000);
    CHECK(parse_address_list(repeated("(", 100000) + "a@x").empty());
    CHECK(parse_address_list(repeated("<", 100000)).empty());
}
