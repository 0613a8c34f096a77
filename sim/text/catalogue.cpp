// Finds entries in the table of texts, and fills in their names.
#include "sim/text/catalogue.h"

#include "sim/core/text.h"
#include "sim/text/texts.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace mailscope
{
namespace
{

constexpr std::array<std::string_view, 17> value_names = {
    "host", "peer", "text",   "line",  "who",  "what",    "why",   "rest", "place",
    "zone", "code", "status", "value", "size", "seconds", "count", "port"};

} // namespace

std::span<const std::string_view> text_value_names() { return value_names; }

std::string fill(std::string_view text, const TextValues &values)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t open = std::min(text.find('{'), text.size());
        result.append(text.substr(0, open));
        text.remove_prefix(open);
        const std::size_t close = text.find('}');
        const std::string_view name =
            close == std::string_view::npos ? std::string_view() : text.substr(1, close - 1);
        const bool known =
            std::find(value_names.begin(), value_names.end(), name) != value_names.end();
        if (!known) {
            result.append(text.substr(0, 1));
            text.remove_prefix(text.empty() ? 0 : 1);
            continue;
        }
        for (const auto &[value_name, value] : values)
            if (value_name == name)
                result.append(value);
        text.remove_prefix(close + 1);
    }
    return result;
}

std::vector<std::string_view> names_in(std::string_view text)
{
    std::vector<std::string_view> names;
    for (std::size_t open = text.find('{'); open != std::string_view::npos;
         open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        if (close != std::string_view::npos)
            names.push_back(text.substr(open + 1, close - open - 1));
    }
    return names;
}

Result<Catalogue> Catalogue::load(std::string_view language)
{
    for (const LanguageTexts &texts : all_texts())
        if (texts.language == language)
            return Catalogue(texts.language, texts.entries);
    return fail("language " + std::string(language) + ": expected en or ja");
}

const Entry *Catalogue::find(std::string_view key) const
{
    const auto place = std::lower_bound(
        entries_.begin(), entries_.end(), key,
        [](const Entry &entry, std::string_view wanted) { return entry.key < wanted; });
    return place != entries_.end() && place->key == key ? &*place : nullptr;
}

const Entry *Catalogue::find_first(std::span<const std::string> keys) const
{
    for (const std::string &key : keys)
        if (const Entry *entry = find(key))
            return entry;
    return nullptr;
}

const Entry &Catalogue::get(std::string_view key) const
{
    static constexpr Entry nothing;
    const Entry *entry = find(key);
    return entry == nullptr ? nothing : *entry;
}

const Entry *Catalogue::look_up(std::string_view word) const
{
    word = trim(word);
    std::string part = to_lower(word); // "550 5.1.1" is code.550.5.1.1
    std::replace(part.begin(), part.end(), ' ', '.');
    const std::string keys[] = {std::string(word), "code." + part, "status." + part,
                                "term." + part};
    if (const Entry *entry = find_first(keys))
        return entry;
    for (const Entry &entry : entries_)
        for (const std::string_view name : entry.names)
            if (equals_ignoring_case(name, word))
                return &entry;
    return nullptr;
}

std::span<const Entry> Catalogue::starting_with(std::string_view prefix) const
{
    const auto before = [](const Entry &entry, std::string_view wanted) {
        return entry.key < wanted;
    };
    const auto first = std::lower_bound(entries_.begin(), entries_.end(), prefix, before);
    auto last = first;
    while (last != entries_.end() && last->key.compare(0, prefix.size(), prefix) == 0)
        ++last;
    return entries_.subspan(static_cast<std::size_t>(first - entries_.begin()),
                            static_cast<std::size_t>(last - first));
}

std::string_view Catalogue::ui(std::string_view name) const
{
    return get("ui." + std::string(name)).say;
}

} // namespace mailscope
