// Records in the form of a zone file (RFC 1035 5.1), both ways.
#include "sim/core/text.h"
#include "sim/protocol/dns/message.h"
#include "sim/protocol/dns/zone.h"

#include <array>

namespace mailscope::dns
{

namespace
{

void append_quoted(std::string &text, std::string_view octets)
{
    text += '"';
    for (const char c : octets) {
        const unsigned value = static_cast<unsigned char>(c);
        if (value < 0x20 || value >= 0x7F) {
            text += '\\';
            text += static_cast<char>('0' + value / 100);
            text += static_cast<char>('0' + value / 10 % 10);
            text += static_cast<char>('0' + value % 10);
            continue;
        }
        if (c == '"' || c == '\\')
            text += '\\';
        text += c;
    }
    text += '"';
}

std::string text_strings(const Txt &txt)
{
    std::string text;
    for (std::size_t i = 0; i < txt.octets.size();) {
        const std::size_t length = static_cast<unsigned char>(txt.octets[i]);
        if (i != 0)
            text += ' ';
        append_quoted(text, std::string_view(txt.octets).substr(i + 1, length));
        i += length + 1;
    }
    return text;
}

std::string soa_text(const Soa &soa)
{
    std::string text = to_string(soa.primary_server) + ' ' + to_string(soa.mailbox);
    for (const std::uint32_t number :
         {soa.serial, soa.refresh, soa.retry, soa.expire, soa.negative_ttl})
        text += ' ' + std::to_string(number);
    return text;
}

/// RFC 3597 5: "\# 4 0A000001".
std::string unknown_text(const Unknown &unknown)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text = "\\# " + std::to_string(unknown.octets.size());
    if (!unknown.octets.empty())
        text += ' ';
    for (const char c : unknown.octets) {
        text += digits[static_cast<unsigned char>(c) >> 4U];
        text += digits[static_cast<unsigned char>(c) & 0xFU];
    }
    return text;
}

/// Takes the next word off `text`.
std::string_view next_word(std::string_view &text)
{
    text = trim(text);
    const std::string_view word = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(word.size());
    return word;
}

Result<std::uint32_t> parse_number(std::string_view word, std::uint32_t max)
{
    const auto number = parse_decimal(word);
    if (!number || *number > max)
        return fail("\"" + std::string(word) + "\": expected a number up to " +
                    std::to_string(max));
    return static_cast<std::uint32_t>(*number);
}

Result<RData> parse_mx(std::string_view text)
{
    const auto preference = parse_number(next_word(text), 0xFFFF);
    if (!preference)
        return tl::unexpected<Error>(preference.error());
    Result<Name> exchange = Name::parse(trim(text));
    if (!exchange)
        return tl::unexpected<Error>(exchange.error());
    return RData(Mx{static_cast<std::uint16_t>(*preference), std::move(*exchange)});
}

Result<RData> parse_soa(std::string_view text)
{
    Soa soa;
    for (Name *name : {&soa.primary_server, &soa.mailbox}) {
        Result<Name> parsed = Name::parse(next_word(text));
        if (!parsed)
            return tl::unexpected<Error>(parsed.error());
        *name = std::move(*parsed);
    }
    for (std::uint32_t *field :
         {&soa.serial, &soa.refresh, &soa.retry, &soa.expire, &soa.negative_ttl}) {
        const auto number = parse_number(next_word(text), 0xFFFFFFFF);
        if (!number)
            return tl::unexpected<Error>(number.error());
        *field = *number;
    }
    if (!trim(text).empty())
        return fail("SOA with more than seven fields");
    return RData(std::move(soa));
}

/// One string of a TXT record, quoted or a word; moves `text` behind it.
Result<std::string> parse_text_string(std::string_view &text)
{
    const bool quoted = text.front() == '"';
    std::string string;
    std::size_t i = quoted ? 1 : 0;
    for (; i < text.size(); ++i) {
        char c = text[i];
        if (quoted ? c == '"' : c == ' ' || c == '\t')
            break;
        if (c == '\\') {
            const std::string_view digits = text.substr(i + 1, 3);
            const auto number = parse_decimal(digits);
            if (digits.size() == 3 && number && *number <= 255) {
                c = static_cast<char>(*number);
                i += 3;
            } else if (!digits.empty()) {
                c = digits[0];
                ++i;
            }
        }
        string += c;
    }
    if (quoted && i == text.size())
        return fail("TXT with a string that does not end: expected a quotation mark");
    if (string.size() > limits::text_string_octets_max)
        return fail("TXT with a string above 255 octets (RFC 1035 3.3)");
    text.remove_prefix(quoted ? i + 1 : i);
    return string;
}

Result<RData> parse_txt(std::string_view text)
{
    Txt txt;
    for (text = trim(text); !text.empty(); text = trim(text)) {
        const Result<std::string> string = parse_text_string(text);
        if (!string)
            return tl::unexpected<Error>(string.error());
        txt.octets += static_cast<char>(string->size());
        txt.octets += *string;
    }
    if (txt.octets.empty() || txt.octets.size() > 65000)
        return fail("TXT without a string, or above 65,000 octets");
    return RData(std::move(txt));
}

} // namespace

std::string to_string(const RData &data)
{
    if (const auto *v4 = std::get_if<Ipv4Address>(&data))
        return mailscope::to_string(*v4);
    if (const auto *v6 = std::get_if<Ipv6Address>(&data))
        return mailscope::to_string(*v6);
    if (const auto *name = std::get_if<Name>(&data))
        return to_string(*name);
    if (const auto *mx = std::get_if<Mx>(&data))
        return std::to_string(mx->preference) + ' ' + to_string(mx->exchange);
    if (const auto *soa = std::get_if<Soa>(&data))
        return soa_text(*soa);
    if (const auto *txt = std::get_if<Txt>(&data))
        return text_strings(*txt);
    return unknown_text(std::get<Unknown>(data));
}

std::string to_string(const ResourceRecord &record)
{
    const std::string class_text = record.class_code == class_internet
                                       ? std::string("IN")
                                       : "CLASS" + std::to_string(record.class_code);
    return to_string(record.owner) + ' ' + std::to_string(record.ttl) + ' ' + class_text + ' ' +
           to_string(record.type) + ' ' + to_string(record.data);
}

Result<RData> parse_data(Type type, std::string_view text)
{
    const auto wrapped = [](auto parsed) -> Result<RData> {
        if (!parsed)
            return tl::unexpected<Error>(parsed.error());
        return RData(std::move(*parsed));
    };
    switch (type) {
    case Type::A:
        return wrapped(parse_ipv4(trim(text)));
    case Type::Aaaa:
        return wrapped(parse_ipv6(trim(text)));
    case Type::Ns:
    case Type::Cname:
    case Type::Ptr:
        return wrapped(Name::parse(trim(text)));
    case Type::Mx:
        return parse_mx(text);
    case Type::Soa:
        return parse_soa(text);
    case Type::Txt:
        return parse_txt(text);
    default:
        return fail("type " + to_string(type) + " has no text form here");
    }
}

Result<ResourceRecord> parse_record(std::string_view row)
{
    Result<Name> owner = Name::parse(next_word(row));
    if (!owner)
        return tl::unexpected<Error>(owner.error());
    const auto ttl = parse_number(next_word(row), limits::ttl_max);
    if (!ttl)
        return tl::unexpected<Error>(ttl.error());
    std::string_view word = next_word(row);
    if (word == "IN")
        word = next_word(row);
    const std::optional<Type> type = parse_type(word);
    if (!type)
        return fail("\"" + std::string(word) + "\": expected a type such as MX");
    Result<RData> data = parse_data(*type, row);
    if (!data)
        return tl::unexpected<Error>(data.error());
    return record_of(std::move(*owner), *type, *ttl, std::move(*data));
}

} // namespace mailscope::dns
