// Whatever bytes come, the parsers read them to an end and keep their limits. Good inputs are
// changed at random; sanitizers and the checks in the code see what goes wrong.
#include "sim/core/rng.h"
#include "sim/core/text.h"
#include "sim/mail/address.h"
#include "sim/mail/charset.h"
#include "sim/mail/date.h"
#include "sim/mail/encoded_word.h"
#include "sim/mail/encoding.h"
#include "sim/mail/letter.h"
#include "sim/mail/limits.h"
#include "sim/mail/message.h"
#include "sim/mail/mime.h"
#include "sim/mail/status_report.h"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace mailscope;
using namespace mailscope::mail;

namespace
{

constexpr int rounds = 2000;

/// `text` with a few octets replaced, inserted, removed or repeated.
std::string mutated(Rng &rng, std::string text)
{
    constexpr std::string_view special = "\r\n\t :;,<>@\"\\()[]=?*'%-+\x1B\x80\xFF";
    for (std::uint32_t left = rng.below(8) + 1; left != 0; --left) {
        const std::size_t at = rng.below(static_cast<std::uint32_t>(text.size()) + 1);
        const char octet = rng.below(2) == 0
                               ? special[rng.below(static_cast<std::uint32_t>(special.size()))]
                               : static_cast<char>(rng.below(256));
        const std::size_t size = rng.below(20);
        switch (rng.below(4)) {
        case 0:
            text.insert(at, 1, octet);
            break;
        case 1:
            text.erase(at, size);
            break;
        case 2:
            text.insert(at, text.substr(at, size));
            break;
        default:
            if (at < text.size())
                text[at] = octet;
        }
    }
    return text;
}

/// Calls `check` with many changed copies of each input.
template <class Check> void for_mutations(const std::vector<std::string> &inputs, Check check)
{
    Rng rng(8, "mutations");
    for (int round = 0; round < rounds; ++round)
        for (const std::string &input : inputs) {
            const std::string text = mutated(rng, input);
            CAPTURE(round, text);
            check(text);
        }
}

std::string given_message()
{
    Letter letter;
    letter.from = {"山田", {"alice", "example.com"}};
    letter.to = {{"Bob, B.", {"bob", "example.jp"}}, {"", {"c c", "[192.0.2.1]"}}};
    letter.subject = "写真 =?";
    letter.text = "本文\nbody\n";
    letter.attachments.push_back(
        {"写真と手紙と住所録.jpg", "image/jpeg", SharedBytes::copy_of("\xFF\xD8")});
    letter.attachments.push_back({"m", "message/rfc822", SharedBytes::copy_of("A: b\r\n\r\nc")});
    return build_message(letter);
}

std::string report_text()
{
    StatusReport report;
    report.human_text = "sorry\n";
    report.reporting_mta = mta_field("mail.example.com");
    RecipientStatus status;
    status.final_recipient = recipient_field({"bob", "example.jp"});
    status.status = "5.1.1";
    status.diagnostic_code = {"smtp", "550 5.1.1 no such user"};
    report.recipients = {status};
    report.returned = ReturnedPart::FullMessage;
    report.returned_message = "Subject: x\r\n\r\nhello\r\n";
    return build_status_report(report, {{"alice", "example.com"}, "h", "d", "q", "<m@h>", {}});
}

} // namespace

TEST_CASE("A changed address is refused or reads back as it is", "[mail][property]")
{
    for_mutations({"first.last@example.org", "\"a \\\"b\"@example.org", "bob@[IPv6:2001:db8::1]",
                   "山田@例.jp", "<@a.example,@b.example:bob@example.org>"},
                  [](const std::string &text) {
                      const std::size_t length = path_length(text);
                      CHECK(length <= text.size());
                      for (const PathKind kind : {PathKind::Reverse, PathKind::Forward})
                          (void)parse_path(text, kind);
                      const Result<Address> address = parse_address(text);
                      if (!address)
                          return;
                      CHECK(address->local_part.size() <= limits::local_part_octets_max);
                      CHECK(address->domain.size() <= limits::domain_octets_max);
                      CHECK(parse_address(to_string(*address)) == *address);
                  });
}

TEST_CASE("A changed address list gives whole addresses in UTF-8", "[mail][property]")
{
    for_mutations({"Bob <bob@example.org>, \"A, B\" <a@b> (c), Team: x@y, <@r:z@w>;",
                   "=?utf-8?B?5bGx55Sw?= <bob@example.org>, a . b @ c . d (e (f))"},
                  [](const std::string &text) {
                      for (const NamedAddress &each : parse_address_list(text)) {
                          CHECK(is_valid_utf8(each.name));
                          CHECK_FALSE(each.address.local_part.empty());
                          CHECK_FALSE(each.address.domain.empty());
                      }
                  });
}

TEST_CASE("A changed date is refused or reads back as it is", "[mail][property]")
{
    for_mutations({"Tue, 24 Nov 2026 03:05:08 +0900 (JST)", "1 Jan 99 00:00 EST"},
                  [](const std::string &text) {
                      if (const Result<DateTime> date = parse_date(text))
                          CHECK(parse_date(format_date(*date)) == *date);
                  });
}

TEST_CASE("Changed encodings decode to no more than they hold", "[mail][property]")
{
    for_mutations({"5YaZ55yfDQo=", "caf=C3=A9=\r\n=20 \r\n"}, [](const std::string &text) {
        if (const std::optional<std::string> bytes = base64_decode(text))
            CHECK(base64_encode(*bytes) == text);
        CHECK(base64_decode_lines(text).size() <= text.size() / 4 * 3 + 3);
        CHECK(quoted_printable_decode(text).size() <= text.size());
    });
}

TEST_CASE("Changed charsets convert to UTF-8 or not at all", "[mail][property]")
{
    for_mutations(
        {"\x1B$B<L??\x1B(B a\r\n\x1B(J\\\x1B$@<L", "写真 café"}, [](const std::string &text) {
            for (const char *charset : {"us-ascii", "utf-8", "iso-8859-1", "iso-2022-jp"}) {
                CHECK(is_valid_utf8(to_utf8_for_display(charset, text)));
                if (const Result<std::string> utf8 = to_utf8(charset, text))
                    CHECK(is_valid_utf8(*utf8));
                if (const Result<std::string> bytes = from_utf8(charset, text))
                    CHECK(to_utf8(charset, *bytes) == text);
            }
        });
}

TEST_CASE("Changed encoded-words decode to UTF-8", "[mail][property]")
{
    for_mutations({"a =?utf-8?B?5YaZ55yf?= =?utf-8?Q?caf=C3=A9_?= b",
                   "=?iso-2022-jp?B?GyRCPEw/PxsoQg==?=\r\n =?iso-8859-1*fr?q?=E9?="},
                  [](const std::string &text) {
                      CHECK(is_valid_utf8(decode_words(text)));
                      const std::string words = encode_words(text, TextCharset::Iso2022Jp, 9);
                      CHECK(is_ascii(words));
                      if (is_valid_utf8(text))
                          CHECK(decode_words(words) == text);
                  });
}

TEST_CASE("Changed parameters decode to UTF-8", "[mail][property]")
{
    for_mutations({"attachment; filename*0*=utf-8''%E5%86; filename*1*=%99; x=\"a\\\"b\" (c)",
                   "text/plain; charset=utf-8; name=\"=?utf-8?B?5YaZ55yf?=\""},
                  [](const std::string &text) {
                      const ParameterisedValue value = parse_parameterised(text);
                      CHECK(value.parameters.size() <= limits::parameters_max);
                      for (const Parameter &each : value.parameters)
                          CHECK(is_valid_utf8(each.value));
                  });
}

TEST_CASE("A changed message keeps its parts inside one another", "[mail][property]")
{
    for_mutations({given_message(), report_text()}, [](const std::string &text) {
        const PartTree tree = parse_parts(text);
        CHECK(tree.parts.size() <= limits::parts_max);
        for (const Part &part : tree.parts) {
            CHECK(part.header_offset <= part.body_offset);
            CHECK(part.body_offset <= part.end);
            CHECK(part.end <= text.size());
            for (const std::uint32_t child : part.children) {
                CHECK(tree.parts.at(child).header_offset >= part.body_offset);
                CHECK(tree.parts.at(child).end <= part.end);
            }
        }
        const ReadLetter letter = read_message(text);
        CHECK(is_valid_utf8(letter.subject));
        CHECK(is_valid_utf8(letter.text));
        CHECK(count_fields(text, "Received") <= text.size() / 9);
    });
}

TEST_CASE("A changed report is refused or read within its limits", "[mail][property]")
{
    for_mutations({report_text()}, [](const std::string &text) {
        if (const Result<StatusReport> report = parse_status_report(text)) {
            CHECK_FALSE(report->recipients.empty());
            CHECK(report->recipients.size() <= limits::report_recipients_max);
            CHECK(report->returned_message.size() <= text.size());
        }
    });
}
