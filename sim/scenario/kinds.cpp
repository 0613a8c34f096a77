// Reading plain values, and what their author is told when they are wrong.
#include "sim/scenario/kinds.h"

#include "sim/core/text.h"
#include "sim/mail/address.h"
#include "sim/scenario/values.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace mailscope
{

namespace
{

constexpr std::size_t text_bytes_max = 100'000;
constexpr std::size_t line_bytes_max = 900;          // a header field of RFC 5322 2.1.1 fits
constexpr std::ptrdiff_t folder_characters_max = 60; // fits folder_name_octets_max in UTF-8
constexpr std::size_t contact_name_max = 60;
constexpr std::string_view documentation_reason =
    "a name that belongs to nobody: below .example, .test or .invalid, or in example.com, "
    "example.net, example.org or example.jp";

// Reads a string that `parse` understands.
template <class T, class Parse>
void read_parsed(Reading &reading, NodeIndex node, T &target, Parse parse, const char *expected)
{
    if (reading.is_string(node))
        if (const auto value = parse(reading[node].text)) {
            target = *value;
            return;
        }
    reading.refuse(node, expected);
}

// Reads a string that `is_good` accepts. True when so.
template <class Good>
bool read_checked(Reading &reading, NodeIndex node, std::string &target, Good is_good,
                  const char *expected)
{
    if (!reading.is_string(node) || !is_good(reading[node].text)) {
        reading.refuse(node, expected);
        return false;
    }
    target = reading[node].text;
    return true;
}

bool is_text(std::string_view text, bool line_ends)
{
    return std::all_of(text.begin(), text.end(), [line_ends](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return (octet >= 0x20 && octet != 0x7F) || (line_ends && (c == '\n' || c == '\t'));
    });
}

bool is_long_text(std::string_view text)
{
    return text.size() <= text_bytes_max && is_text(text, true);
}

bool is_line(std::string_view text)
{
    return text.size() <= line_bytes_max && is_text(text, false);
}

void read_flag(Reading &reading, NodeIndex node, bool &target)
{
    if (reading[node].kind != JsonKind::Boolean)
        reading.refuse(node, "true or false");
    else
        target = reading[node].boolean;
}

void read_string(Reading &reading, NodeIndex node, std::string &target)
{
    read_checked(reading, node, target, is_long_text, "a text without control characters");
}

void read_line(Reading &reading, NodeIndex node, std::string &target)
{
    read_checked(reading, node, target, is_line, "a text of one line, at most 900 octets");
}

void read_text(Reading &reading, NodeIndex node, LocalText &target)
{
    if (reading[node].kind != JsonKind::Object) {
        const auto expected = "a text, or {\"en\": \"...\", \"ja\": \"...\"}";
        read_checked(reading, node, target.en, is_long_text, expected);
        target.ja = target.en;
        return;
    }
    ObjectReader object(reading, node, "text");
    object.value("en", string_value, target.en);
    object.value("ja", string_value, target.ja);
    if (!object.describing() && !object.has("en") && !object.has("ja"))
        reading.refuse_as(node, "a text in no language", "\"en\" or \"ja\"");
}

void read_duration(Reading &reading, NodeIndex node, Duration &target)
{
    read_parsed(reading, node, target, parse_duration,
                "a duration such as \"500ms\", \"20m\", \"1h30m\" or \"2d\"");
}

// Something that is repeated; no interval at all would be an endless loop.
void read_interval(Reading &reading, NodeIndex node, Duration &target)
{
    Duration interval = Duration(1);
    read_duration(reading, node, interval);
    if (interval == Duration::zero())
        reading.refuse(node, "a duration longer than nothing");
    else
        target = interval;
}

void read_size(Reading &reading, NodeIndex node, std::uint64_t &target)
{
    const JsonNode &value = reading[node];
    constexpr std::uint64_t octets_max = 1'000'000'000'000;
    if (value.kind == JsonKind::Integer && !value.negative && value.magnitude <= octets_max)
        target = value.magnitude;
    else
        read_parsed(reading, node, target, parse_size,
                    "a size such as \"10MB\", \"300kB\", \"1MiB\" or a number of octets");
}

void read_bit_rate(Reading &reading, NodeIndex node, std::uint64_t &target)
{
    read_parsed(reading, node, target, parse_bit_rate,
                "a bandwidth such as \"100Mbps\" or \"64kbps\"");
}

void read_loss(Reading &reading, NodeIndex node, std::uint32_t &target)
{
    read_parsed(reading, node, target, parse_loss,
                "a share of lost packets such as \"0.5%\", at most \"100%\"");
}

void read_topic(Reading &reading, NodeIndex node, std::string &target)
{
    const auto is_topic = [](std::string_view text) {
        return !text.empty() && text.size() <= 64 &&
               std::all_of(text.begin(), text.end(), [](char c) {
                   return (c >= 'a' && c <= 'z') || is_ascii_digit(c) || c == '-' || c == '_' ||
                          c == '.';
               });
    };
    read_checked(reading, node, target, is_topic,
                 "a topic's key of lower-case letters, digits, \"-\", \"_\" and \".\"");
}

void read_query(Reading &reading, NodeIndex node, std::string &target)
{
    const auto is_query = [](std::string_view text) { return !text.empty() && is_line(text); };
    if (read_checked(reading, node, target, is_query, "a query, such as \"reply:552\""))
        reading.mention(NameKind::Query, node, target);
}

bool read_documentation_name(Reading &reading, NodeIndex node, std::string &target)
{
    std::string name;
    if (!read_checked(reading, node, name, is_domain_name,
                      "a name in lower case such as \"example.jp\""))
        return false;
    if (!is_documentation_name(name)) {
        reading.refuse(node, std::string(documentation_reason));
        return false;
    }
    target = name;
    return true;
}

void read_host_name(Reading &reading, NodeIndex node, std::string &target)
{
    read_documentation_name(reading, node, target);
}

bool read_good_address(Reading &reading, NodeIndex node, std::string &target)
{
    const std::string &text = reading[node].text;
    const auto is_address = [](std::string_view address) {
        const Result<mail::Address> parsed = mail::parse_address(address);
        return parsed && is_domain_name(to_lower(parsed->domain));
    };
    if (!reading.is_string(node) || !is_address(text)) {
        reading.refuse(node, "an address such as \"alice@example.com\"");
        return false;
    }
    if (!is_documentation_name(to_lower(text.substr(text.rfind('@') + 1)))) {
        reading.refuse(node, "an address in " + std::string(documentation_reason));
        return false;
    }
    target = text;
    return true;
}

// A name that stands between commas in a To field, in quotes, must not have these itself.
void read_contact_name(Reading &reading, NodeIndex node, std::string &target)
{
    const auto is_name = [](std::string_view text) {
        return !text.empty() && text.size() <= contact_name_max && trim(text) == text &&
               std::none_of(text.begin(), text.end(), [](char c) {
                   return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
                          std::string_view("\"\\,;:@<>").find(c) != std::string_view::npos;
               });
    };
    read_checked(reading, node, target, is_name,
                 "an address, or a name such as \"Bob\": at most 60 octets, no commas, quotes or "
                 "brackets");
}

void read_address(Reading &reading, NodeIndex node, std::string &target)
{
    read_good_address(reading, node, target);
}

// Writing by name: what has no "@" is looked up in the writer's address book.
void read_recipient(Reading &reading, NodeIndex node, std::string &target)
{
    const bool is_name =
        reading.is_string(node) && reading[node].text.find('@') == std::string::npos;
    if (is_name)
        read_contact_name(reading, node, target);
    else
        read_good_address(reading, node, target);
}

void read_user(Reading &reading, NodeIndex node, std::string &target)
{
    const auto is_user = [](std::string_view text) {
        return text.find('@') == text.npos &&
               mail::parse_address(std::string(text) + "@example.com").has_value();
    };
    read_checked(reading, node, target, is_user, "the part of an address before \"@\"");
}

void read_status(Reading &reading, NodeIndex node, std::string &target)
{
    // RFC 3463 2: class, subject and detail; up to three digits for the latter two.
    const auto is_status = [](std::string_view text) {
        const std::size_t first = text.find('.');
        const std::size_t second = first == text.npos ? first : text.find('.', first + 1);
        if (second == text.npos || (text[0] != '2' && text[0] != '4' && text[0] != '5'))
            return false;
        const auto is_number = [](std::string_view digits) {
            return digits.size() <= 3 && parse_decimal(digits).has_value();
        };
        return first == 1 && is_number(text.substr(2, second - 2)) &&
               is_number(text.substr(second + 1));
    };
    read_checked(reading, node, target, is_status, "an enhanced status code such as \"5.2.2\"");
}

void read_name(Reading &reading, NodeIndex node, std::string &target)
{
    read_checked(reading, node, target, is_plain_name,
                 "a name of lower-case letters, digits and \"-\", at most 30 characters");
}

template <NameKind Kind> void read_known_name(Reading &reading, NodeIndex node, std::string &target)
{
    if (read_checked(reading, node, target, is_line, "a name"))
        reading.mention(Kind, node, target);
}

/// A folder's name for which no protocol needs quotes or levels, and which nothing else has.
bool is_folder_name(std::string_view text)
{
    const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; // not within a UTF-8 sequence
    });
    constexpr std::array<std::string_view, 3> taken = {"Outbox", "Sent", "Drafts"};
    return !text.empty() && characters <= folder_characters_max && is_line(text) &&
           text.find_first_of(" /*%\"\\") == std::string_view::npos &&
           !equals_ignoring_case(text, "INBOX") &&
           std::find(taken.begin(), taken.end(), text) == taken.end();
}

constexpr const char *folder_expected =
    "a folder's name without spaces, \"/\", \"*\" and \"%\", at most 60 characters; not INBOX, "
    "Outbox, Sent or Drafts";

void read_new_folder(Reading &reading, NodeIndex node, std::string &target)
{
    if (read_checked(reading, node, target, is_folder_name, folder_expected))
        reading.declare(NameKind::Folder, node, target);
}

void read_own_folder(Reading &reading, NodeIndex node, std::string &target)
{
    if (read_checked(reading, node, target, is_folder_name, folder_expected))
        reading.mention(NameKind::Folder, node, target);
}

void read_mailbox(Reading &reading, NodeIndex node, std::string &target)
{
    if (read_good_address(reading, node, target))
        reading.mention(NameKind::Mailbox, node, target);
}

} // namespace

const ValueKind<bool> flag_value{"flag", read_flag};
const ValueKind<std::string> string_value{"string", read_string};
const ValueKind<std::string> line_value{"line", read_line};
const ValueKind<LocalText> text_value{"text", read_text};
const ValueKind<Duration> duration_value{"duration", read_duration};
const ValueKind<Duration> interval_value{"duration", read_interval};
const ValueKind<std::uint64_t> size_value{"size", read_size};
const ValueKind<std::uint64_t> bit_rate_value{"bandwidth", read_bit_rate};
const ValueKind<std::uint32_t> loss_value{"loss", read_loss};
const ValueKind<std::string> topic_value{"topic", read_topic};
const ValueKind<std::string> query_value{"query", read_query};
const ValueKind<std::string> domain_name_value{"domain_name", read_host_name};
const ValueKind<std::string> address_value{"address", read_address};
const ValueKind<std::string> recipient_value{"recipient", read_recipient};
const ValueKind<std::string> contact_name_value{"contact_name", read_contact_name};
const ValueKind<std::string> user_value{"user", read_user};
const ValueKind<std::string> new_folder_value{"folder_name", read_new_folder};
const ValueKind<std::string> status_value{"status", read_status};
const ValueKind<std::string> name_value{"name", read_name};
const ValueKind<std::string> person_value{"name", read_known_name<NameKind::Person>};
const ValueKind<std::string> place_value{"name", read_known_name<NameKind::Place>};
const ValueKind<std::string> provider_value{"name", read_known_name<NameKind::Provider>};
const ValueKind<std::string> known_domain_value{"domain_name", read_known_name<NameKind::Domain>};
const ValueKind<std::string> host_value{"host", read_known_name<NameKind::Host>};
const ValueKind<std::string> mail_server_value{"host", read_known_name<NameKind::MailServer>};
const ValueKind<std::string> mailbox_value{"address", read_mailbox};
const ValueKind<std::string> remedy_value{"name", read_known_name<NameKind::Remedy>};
const ValueKind<std::string> own_folder_value{"folder_name", read_own_folder};

} // namespace mailscope
