// Reading and applying queries.
#include "sim/trace/query.h"

#include "sim/core/text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace mailscope
{
namespace
{

constexpr std::array<std::string_view, 4> trouble_names = {"none", "temporary", "permanent", "any"};
constexpr std::uint32_t any_trouble = 3;

constexpr std::uint32_t nowhere = 0xFFFFFFFFU;

template <std::size_t N>
std::uint32_t place_of(const std::array<std::string_view, N> &words, std::string_view word)
{
    const auto place = std::find(words.begin(), words.end(), word);
    if (place == words.end())
        return nowhere;
    return static_cast<std::uint32_t>(place - words.begin());
}

/// Compares where '*' at the end of the pattern stands for any rest.
bool matches_prefix(std::string_view pattern, std::string_view text)
{
    if (pattern.empty() || pattern.back() != '*')
        return pattern == text;
    return text.substr(0, pattern.size() - 1) == pattern.substr(0, pattern.size() - 1);
}

/// "5xx" against 552.
bool matches_digits(std::string_view pattern, std::string_view digits)
{
    return std::equal(pattern.begin(), pattern.end(), digits.begin(), digits.end(),
                      [](char p, char d) { return p == 'x' || p == d; });
}

/// "5.2.*" against "5.2.2".
bool matches_status(std::string_view pattern, std::string_view status)
{
    while (!pattern.empty() && !status.empty()) {
        const std::string_view p = pattern.substr(0, pattern.find('.'));
        const std::string_view s = status.substr(0, status.find('.'));
        if (p != "*" && p != s)
            return false;
        pattern.remove_prefix(std::min(pattern.size(), p.size() + 1));
        status.remove_prefix(std::min(status.size(), s.size() + 1));
    }
    return pattern.empty() && status.empty();
}

/// The next word of a query: up to a blank outside quotation marks, which are removed.
std::string take_word(std::string_view &rest)
{
    std::string word;
    bool quoted = false;
    while (!rest.empty() && (quoted || rest.front() != ' ')) {
        if (rest.front() == '"')
            quoted = !quoted;
        else
            word += rest.front();
        rest.remove_prefix(1);
    }
    while (!rest.empty() && rest.front() == ' ')
        rest.remove_prefix(1);
    return word;
}

} // namespace

Result<Query::Term> Query::parse_term(std::string_view key, std::string_view value,
                                      std::span<const std::string> host_names)
{
    constexpr std::array<std::string_view, 11> keys = {"kind",    "layer",   "protocol", "host",
                                                       "peer",    "at",      "reply",    "status",
                                                       "trouble", "message", "text"};
    const auto unknown = [&](std::string_view what) {
        return fail("\"" + std::string(value) + "\" is no " + std::string(what));
    };
    const std::uint32_t known = place_of(keys, key);
    if (known == nowhere)
        return fail("\"" + std::string(key) +
                    "\" is no key of a query; expected kind, layer, "
                    "protocol, host, peer, at, reply, status, trouble, message or text");
    Term term;
    term.key = static_cast<Key>(known);
    term.text = value;
    switch (term.key) {
    case Key::Kind: {
        const std::span<const KindInfo> rows = record_kinds();
        if (std::none_of(rows.begin(), rows.end(),
                         [&](const KindInfo &row) { return matches_prefix(value, row.name); }))
            return unknown("kind of record");
        break;
    }
    case Key::Layer:
        term.number = place_of(layer_names, value);
        break;
    case Key::Protocol:
        term.number = nowhere;
        if (const std::optional<Protocol> protocol = parse_protocol(value))
            term.number = static_cast<std::uint32_t>(*protocol);
        break;
    case Key::Host:
    case Key::Peer:
    case Key::At: {
        const auto host = std::find(host_names.begin(), host_names.end(), value);
        if (host == host_names.end())
            return unknown("host here");
        term.number = static_cast<std::uint32_t>(host - host_names.begin());
        break;
    }
    case Key::Trouble:
        term.number = place_of(trouble_names, value);
        break;
    case Key::Message:
        term.number = nowhere;
        if (const std::optional<std::uint64_t> given = parse_decimal(value);
            given && *given < nowhere)
            term.number = static_cast<std::uint32_t>(*given);
        break;
    case Key::Reply:
        if (value.size() != 3)
            return unknown("reply code such as 550 or 5xx");
        break;
    case Key::Status:
    case Key::Text:
        break;
    }
    if (term.number == nowhere)
        return unknown(key);
    return term;
}

Result<Query> Query::parse(std::string_view text, std::span<const std::string> host_names)
{
    Query query;
    std::string_view rest = trim(text);
    while (!rest.empty()) {
        std::string word = take_word(rest);
        const bool negated = !word.empty() && word.front() == '-';
        if (negated)
            word.erase(0, 1);
        const std::size_t colon = word.find(':');
        if (colon == std::string::npos)
            return fail("\"" + word + "\" is no word of a query; expected key:value");
        Result<Term> term = parse_term(word.substr(0, colon), word.substr(colon + 1), host_names);
        if (!term)
            return tl::unexpected<Error>(term.error());
        term->negated = negated;
        query.terms_.push_back(std::move(*term));
    }
    return query;
}

bool Query::holds(const Term &term, const Record &record)
{
    switch (term.key) {
    case Key::Kind:
        return matches_prefix(term.text, info_of(record.kind).name);
    case Key::Layer:
        return static_cast<std::uint32_t>(info_of(record.kind).layer) == term.number;
    case Key::Protocol:
        return static_cast<std::uint32_t>(record.protocol) == term.number;
    case Key::Host:
        return record.host.value == term.number;
    case Key::Peer:
        return record.peer.value == term.number;
    case Key::At:
        return record.host.value == term.number || record.peer.value == term.number;
    case Key::Reply:
        return record.code >= 100 && record.protocol != Protocol::Dns &&
               matches_digits(term.text, std::to_string(record.code));
    case Key::Status:
        return record.status != 0 && matches_status(term.text, to_string_status(record.status));
    case Key::Trouble: {
        const std::uint32_t trouble = static_cast<std::uint32_t>(trouble_of(record));
        return term.number == any_trouble ? trouble != 0 : trouble == term.number;
    }
    case Key::Message:
        return record.message.value == term.number;
    case Key::Text:
        return record.text.view().find(term.text) != ByteView::npos;
    }
    return false;
}

bool Query::matches(const Record &record) const
{
    return std::all_of(terms_.begin(), terms_.end(),
                       [&](const Term &term) { return holds(term, record) != term.negated; });
}

} // namespace mailscope
