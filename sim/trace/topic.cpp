// Keys of explanations: one small rule for each group of kinds.
#include "sim/trace/topic.h"

#include "sim/core/text.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace mailscope
{
namespace
{

using K = RecordKind;
using Keys = std::vector<std::string>;

constexpr std::string_view blanks = " \t\r\n";

std::string_view first_word(std::string_view text)
{
    return text.substr(0, text.find_first_of(blanks));
}

std::string_view after_first_word(std::string_view text)
{
    text.remove_prefix(first_word(text).size());
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

std::string_view last_word(std::string_view text)
{
    return text.substr(text.find_last_of(blanks) + 1); // npos + 1 is 0: all of it
}

std::string_view first_line(std::string_view text)
{
    return text.substr(0, text.find_first_of("\r\n"));
}

std::string_view after_colon(std::string_view text)
{
    const std::size_t colon = text.find(": ");
    return colon == std::string_view::npos ? std::string_view() : text.substr(colon + 2);
}

std::string_view text_of(const Record &record) { return trim(record.text.view()); }

/// "connection refused" as "connection-refused": what stands before a colon.
std::string slug(std::string_view text)
{
    constexpr std::size_t length_max = 40;
    std::string word = to_lower(trim(text.substr(0, text.find(':'))).substr(0, length_max));
    std::replace(word.begin(), word.end(), ' ', '-');
    return word;
}

/// Several causes share a code and a status; the reply's words tell them apart.
struct Case
{
    std::string_view said;
    std::string_view word;
};
constexpr std::array<Case, 17> cases = {{{"Relay access denied", "relay"},
                                         {"relay not permitted", "relay"},
                                         {"blocked using", "blocklist"},
                                         {"is in a black list", "blocklist"},
                                         {"Unrouteable address", "unrouteable"},
                                         {"Administrative prohibition", "prohibited"},
                                         {"Client host rejected", "client"},
                                         {"valid RCPT command", "no-recipients"},
                                         {"Greylisted", "greylisting"},
                                         {"greylisted", "greylisting"},
                                         {"queued as", "queued"},
                                         {"OK id=", "queued"},
                                         {"too many connections", "connections"},
                                         {"too many errors", "errors"},
                                         {"not owned by", "not-owner"},
                                         {"not logged in", "not-logged-in"},
                                         {"try again later", "maintenance"}}};

std::string_view case_of(std::string_view text)
{
    for (const Case &each : cases)
        if (text.find(each.said) != std::string_view::npos)
            return each.word;
    return {};
}

/// "base.554.5.7.1.relay", "base.554.5.7.1", "base.554".
void add_reply(Keys &keys, const std::string &base, const Record &record)
{
    const std::string code = base + "." + std::to_string(record.code);
    const std::string_view text = record.text.view();
    if (text.size() > 3 && text[3] == '-') // one line of several (RFC 5321 4.2.1)
        keys.push_back(code + ".list");
    const std::string full =
        record.status == 0 ? code : code + "." + to_string_status(record.status);
    const std::string_view special = case_of(record.text.view());
    if (!special.empty())
        keys.push_back(full + "." + std::string(special));
    if (full != code)
        keys.push_back(full);
    keys.push_back(code);
}

/// "base.4.4.3", "base.4.4", "base.4".
void add_status(Keys &keys, const std::string &base, StatusNumber number)
{
    std::string status = to_string_status(number);
    for (std::size_t end = status.size(); end != std::string::npos && end != 0;
         end = status.rfind('.')) {
        status.resize(end);
        keys.emplace_back(base).append(".").append(status);
    }
}

void add(Keys &keys, const std::string &base, std::string_view word)
{
    if (!word.empty())
        keys.push_back(base + "." + std::string(word));
}

std::string_view packet_word(const net::Packet &packet)
{
    if (packet.transport == net::Transport::Udp)
        return "udp";
    const auto has = [&](std::uint8_t flag) { return (packet.flags & flag) != 0; };
    if (has(net::tcp_flag::rst))
        return "rst";
    if (has(net::tcp_flag::syn))
        return has(net::tcp_flag::ack) ? "syn-ack" : "syn";
    if (!packet.payload.empty())
        return "data";
    return has(net::tcp_flag::fin) ? "fin" : "ack";
}

void add_command(Keys &keys, const std::string &base, std::string_view line)
{
    constexpr std::size_t verb_length_max = 8; // "STARTTLS"
    const std::string_view verb = first_word(line);
    if (verb.size() <= verb_length_max && std::all_of(verb.begin(), verb.end(), is_ascii_letter))
        add(keys, base, to_upper(verb));
}

/// Whether a line without a question before it greets: "+OK POP3 server ready.".
bool is_greeting(std::string_view line) { return line.find(" ready") != std::string_view::npos; }

/// "-ERR [IN-USE] ..." gives "IN-USE" (RFC 2449 8), then "-ERR".
void add_pop3_reply(Keys &keys, const std::string &base, std::string_view reply)
{
    const std::string_view rest = after_first_word(reply);
    if (rest.substr(0, 1) == "[")
        add(keys, base, rest.substr(1, rest.find(']') - 1));
    if (first_word(reply) == "+OK" && is_greeting(reply))
        add(keys, base, "ready");
    add(keys, base, first_word(reply));
}

/// "a3 UID FETCH 1:5 (FLAGS)" gives "FETCH"; "DONE" stands without a tag (RFC 2177).
void add_imap_command(Keys &keys, const std::string &base, std::string_view line)
{
    std::string_view rest = first_word(line) == "DONE" ? line : after_first_word(line);
    if (first_word(rest) == "UID")
        rest = after_first_word(rest);
    const std::string_view verb = first_word(rest);
    constexpr std::size_t verb_length_max = 12; // "AUTHENTICATE"
    if (verb.size() <= verb_length_max && std::all_of(verb.begin(), verb.end(), is_ascii_letter))
        add(keys, base, to_upper(verb));
}

/// What an untagged line is about: "* LIST ..." gives "LIST", "* 5 EXISTS" gives "EXISTS".
std::string_view imap_subject(std::string_view line)
{
    const std::string_view rest = after_first_word(line);
    const std::string_view word = first_word(rest);
    return !word.empty() && is_ascii_digit(word.front()) ? first_word(after_first_word(rest))
                                                         : word;
}

/// "* 5 EXISTS" gives "EXISTS", then "untagged"; a line that announces octets gives "literal".
void add_imap_untagged(Keys &keys, const std::string &base, std::string_view line)
{
    const std::string_view word = imap_subject(line);
    const std::string_view behind = after_first_word(after_first_word(line));
    const std::string_view code =
        behind.substr(0, 1) == "[" ? first_word(behind.substr(1, behind.find(']') - 1)) : "";
    if (line.back() == '}')
        add(keys, base, "literal");
    add(keys, base, code);
    if (word == "OK" && is_greeting(line))
        add(keys, base, "ready");
    else if (std::all_of(word.begin(), word.end(), is_ascii_letter))
        add(keys, base, word);
    add(keys, base, "untagged");
}

/// The last line tells: "a3 NO [OVERQUOTA] ..." gives "OVERQUOTA", then "NO"; "a3 OK ..." below "*
/// LIST ..." gives "OK.LIST", then "OK"; "+ idling" gives "+".
void add_imap_reply(Keys &keys, const std::string &base, std::string_view reply)
{
    reply = trim(reply.substr(0, reply.find_last_not_of("\r\n") + 1));
    const std::string_view line = reply.substr(reply.rfind('\n') + 1);
    const std::string_view tag = first_word(line);
    if (tag == "+")
        return add(keys, base, tag);
    if (tag == "*")
        return add_imap_untagged(keys, base, line);
    const std::string_view rest = after_first_word(line);
    const std::string_view word = first_word(rest);
    const std::string_view behind = after_first_word(rest);
    if (word == "OK" && first_word(reply) == "*")
        add(keys, base + ".OK", imap_subject(first_line(reply)));
    else if (behind.substr(0, 1) == "[" && word != "OK")
        add(keys, base, first_word(behind.substr(1, behind.find(']') - 1)));
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_ascii_letter))
        add(keys, base, word);
}

std::string_view rcode_word(const Record &record)
{
    constexpr std::array<std::string_view, 6> words = {
        "answer", "format-error", "server-failure", "name-error", "unsupported", "refused"};
    if (record.code == 0 && record.value == 0)
        return "no-records";
    return record.code < words.size() ? words[record.code] : std::string_view();
}

/// The words for a question without an answer.
bool is_outcome(std::string_view word)
{
    constexpr std::array<std::string_view, 5> words = {"no-data", "name-error", "server-failure",
                                                       "refused", "timed-out"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// "example.jp MX: 10 mx.example.jp" or "example.jp MX: name-error".
void add_outcome(Keys &keys, const std::string &base, std::string_view text)
{
    const std::string_view after_name = after_first_word(text);
    const std::string_view type = after_name.substr(0, after_name.find(':'));
    const std::string_view result = after_first_word(after_name);
    if (result.empty())
        return;
    if (is_outcome(result))
        return add(keys, base, result);
    if (type == "MX" && result == "0 .") // RFC 7505 3
        add(keys, base, "null-mx");
    add(keys, base + ".answer", type);
    add(keys, base, "answer");
}

std::string_view zone_word(std::string_view zone)
{
    if (zone == "." || zone.empty())
        return "root";
    return zone.find('.') == std::string_view::npos ? "tld" : "authoritative";
}

/// The protocol that a greeting belongs to.
std::string_view heard_protocol(std::string_view line)
{
    if (line.substr(0, 3) == "220")
        return "heard-smtp";
    if (line.substr(0, 3) == "+OK")
        return "heard-pop3";
    if (line.substr(0, 2) == "* ")
        return "heard-imap";
    return line.substr(0, 5) == "HTTP/" ? "heard-http" : std::string_view();
}

void add_dns(Keys &keys, const std::string &kind, const Record &record)
{
    const std::string_view text = text_of(record);
    switch (record.kind) {
    case K::QuestionAsked:
    case K::QueryReceived:
    case K::CacheHit:
    case K::CacheMiss:
        return add(keys, kind, last_word(text));
    case K::QuerySent:
        return add(keys, kind, zone_word(text.substr(text.find('@') + 1)));
    case K::ReferralReceived:
        return add(keys, kind, zone_word(text.substr(0, text.find(':'))));
    case K::AnswerReceived:
        return add(keys, kind, slug(text));
    case K::ResolutionFailed:
        return add(keys, kind, last_word(text));
    case K::QuestionAnswered:
        return add_outcome(keys, kind, text);
    case K::AnswerSent:
    case K::NameServerAnswered:
        return add(keys, kind, rcode_word(record));
    case K::LameServer:
        return add(keys, kind, record.code == 0 ? std::string_view() : rcode_word(record));
    default:
        return;
    }
}

void add_line(Keys &keys, const std::string &kind, const Record &record)
{
    const std::string base = kind + "." + std::string(to_string(record.protocol));
    const std::string_view text = record.text.view();
    const bool imap = record.protocol == Protocol::Imap;
    if (record.kind == K::CommandSent && imap)
        add_imap_command(keys, base, text);
    else if (record.kind == K::ReplySent && imap)
        add_imap_reply(keys, base, text);
    else if (record.kind == K::CommandSent)
        add_command(keys, base, text);
    else if (record.kind == K::ContentSent && !record.message.is_none())
        add(keys, base, "letter"); // and not the rest of an answer
    else if (record.kind == K::WrongProtocol)
        add(keys, kind, heard_protocol(text));
    else if (record.kind == K::ReplySent && record.protocol == Protocol::Pop3)
        add_pop3_reply(keys, base, text);
    else if (record.kind == K::ReplySent && record.code != 0) {
        add_reply(keys, base, record);
        keys.push_back(base + "." + std::to_string(record.code / 100) + "xx");
    }
}

void add_mail(Keys &keys, const std::string &kind, const Record &record)
{
    switch (record.kind) {
    case K::SubmissionFailed:
    case K::FetchFailed:
        if (is_outcome(after_colon(text_of(record)))) // "mx.example.jp: name-error"
            add(keys, kind, "lookup");
        if (record.protocol == Protocol::Imap)
            add(keys, kind + ".imap", slug(text_of(record)));
        return add(keys, kind, slug(text_of(record)));
    default:
        break;
    }
    if (record.code != 0)
        add_reply(keys, kind, record);
    else
        add_status(keys, kind, record.status);
}

/// What a mail program's failure means is not true of a browser: it has no outbox and no POP3.
void add_webmail(Keys &keys, const std::string &kind, const Record &record)
{
    const std::string base = kind + ".http";
    add_mail(keys, base, record);
    if (record.kind == K::SubmissionFailed || record.kind == K::FetchFailed)
        keys.push_back(base);
}

void add_story(Keys &keys, const std::string &kind, const Record &record)
{
    const std::string_view text = text_of(record);
    if (record.kind == K::ActionTaken || record.kind == K::ChangeMade)
        add(keys, kind, first_word(after_first_word(text)));
    else if (record.kind == K::FaultBegan || record.kind == K::FaultEnded)
        add(keys, kind, last_word(text));
    else if (record.kind == K::ActionFailed)
        add(keys, kind, slug(text));
}

std::string host_name(HostId host, std::span<const std::string> names)
{
    return !host.is_none() && host.value < names.size() ? names[host.value] : std::string();
}

/// A scene's heading is written as English, line feed, Japanese; one of them may be missing.
std::string_view heading_in(std::string_view text, std::string_view language)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view english = trim(text.substr(0, end));
    const std::string_view japanese = trim(text.substr(std::min(end + 1, text.size())));
    const bool take_english = japanese.empty() || (language == "en" && !english.empty());
    return take_english ? english : japanese;
}

/// A word without what surrounds it: "<bob@example.jp>" or "example.jp:". "<>" stays.
std::string_view bare(std::string_view word)
{
    if (word.size() > 1 && word.back() == ':')
        word.remove_suffix(1);
    if (word.size() > 2 && word.front() == '<' && word.back() == '>')
        word = word.substr(1, word.size() - 2);
    return word;
}

/// As much as a sentence can hold: a record's text may be a whole letter.
std::string_view beginning(std::string_view text)
{
    constexpr std::size_t octets_max = 2000;
    if (text.size() <= octets_max)
        return text;
    std::size_t end = octets_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end; // not inside a character
    return text.substr(0, end);
}

} // namespace

std::vector<std::string> topic_keys(const Record &record, const net::Packet *packet)
{
    const KindInfo &info = info_of(record.kind);
    const std::string kind(info.name);
    Keys keys;
    switch (info.layer) {
    case Layer::Story:
        add_story(keys, kind, record);
        break;
    case Layer::Packet:
    case Layer::Connection:
        if (info.text == "reason")
            add(keys, kind, slug(text_of(record)));
        break;
    case Layer::Line:
        add_line(keys, kind, record);
        break;
    case Layer::Dns:
        add_dns(keys, kind, record);
        break;
    case Layer::Mail:
        if (record.protocol == Protocol::Http)
            add_webmail(keys, kind, record);
        add_mail(keys, kind, record);
        break;
    }
    if (info.layer == Layer::Packet && packet != nullptr)
        add(keys, kind, packet_word(*packet));
    if (record.protocol != Protocol::None && info.layer != Layer::Packet &&
        info.layer != Layer::Dns)
        add(keys, kind, to_string(record.protocol));
    keys.push_back(kind);
    return keys;
}

std::vector<std::string> code_keys(const Record &record)
{
    Keys keys;
    const Layer layer = info_of(record.kind).layer;
    if (layer != Layer::Line && layer != Layer::Mail)
        return keys;
    if (record.code != 0)
        add_reply(keys, "code", record);
    if (record.status != 0)
        keys.insert(keys.empty() ? keys.end() : keys.end() - 1,
                    "status." + to_string_status(record.status));
    return keys;
}

std::vector<std::pair<std::string_view, std::string>>
topic_values(const Record &record, std::span<const std::string> host_names,
             std::string_view language)
{
    const std::string_view text = beginning(
        record.kind == K::SceneBegan ? heading_in(record.text.view(), language) : text_of(record));
    const std::string_view rest = after_first_word(text);
    const std::string_view last = last_word(text);
    const std::size_t at = text.rfind('@');
    const std::string value = std::to_string(record.value);
    const std::string peer = host_name(record.peer, host_names);
    const std::string_view zone =
        at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    return {
        {"host", host_name(record.host, host_names)},
        {"peer", peer.empty() && record.kind == K::ConnectionOpening ? std::string(text) : peer},
        {"text", std::string(text)},
        {"line", std::string(first_line(text))},
        {"who", std::string(bare(first_word(text)))},
        {"what", std::string(bare(first_word(rest)))},
        {"why", std::string(rest)},
        {"rest", std::string(after_first_word(rest))},
        {"place", std::string(trim(text.substr(0, text.size() - last.size())))},
        {"zone", std::string(zone)},
        {"code", std::to_string(record.code)},
        {"status", to_string_status(record.status)},
        {"value", value},
        {"size", value},
        {"seconds", value},
        {"count", value},
        {"port", value}};
}

} // namespace mailscope
