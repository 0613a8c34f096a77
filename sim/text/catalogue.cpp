// Reads the embedded files into a sorted list of entries.
#include "sim/text/catalogue.h"

#include "sim/core/text.h"
#include "sim/text/embedded.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>

namespace mailscope
{
namespace
{

using nlohmann::json;

constexpr std::array<std::string_view, 17> value_names = {
    "host", "peer", "text",   "line",  "who",  "what",    "why",   "rest", "place",
    "zone", "code", "status", "value", "size", "seconds", "count", "port"};

template <class E> struct Word
{
    std::string_view text;
    E value;
};

constexpr std::array<Word<Fault>, 5> fault_words = {{{"nobody", Fault::Nobody},
                                                     {"sender", Fault::Sender},
                                                     {"recipient", Fault::Recipient},
                                                     {"server", Fault::Server},
                                                     {"network", Fault::Network}}};

constexpr std::array<Word<Lasting>, 3> lasting_words = {{{"none", Lasting::None},
                                                         {"temporary", Lasting::Temporary},
                                                         {"permanent", Lasting::Permanent}}};

bool read(const json &value, std::string &target)
{
    if (!value.is_string())
        return false;
    target = value.get_ref<const std::string &>();
    return true;
}

bool read(const json &value, std::vector<std::string> &target)
{
    if (!value.is_array())
        return false;
    for (const json &item : value)
        if (!read(item, target.emplace_back()))
            return false;
    return true;
}

template <class E, std::size_t N>
bool read(const json &value, const std::array<Word<E>, N> &words, E &target)
{
    std::string text;
    if (!read(value, text))
        return false;
    for (const Word<E> &word : words) {
        if (word.text == text) {
            target = word.value;
            return true;
        }
    }
    return false;
}

/// Sets one field of an entry; false when there is no such field or the value does not fit.
bool set_field(Entry &entry, std::string_view name, const json &value)
{
    struct Text
    {
        std::string_view name;
        std::string Entry::*field;
    };
    constexpr std::array<Text, 7> texts = {{{"title", &Entry::title},
                                            {"say", &Entry::say},
                                            {"detail", &Entry::detail},
                                            {"cause", &Entry::cause},
                                            {"remedy", &Entry::remedy},
                                            {"wire", &Entry::wire},
                                            {"rfc", &Entry::rfc}}};
    for (const Text &text : texts)
        if (text.name == name)
            return read(value, entry.*text.field);
    if (name == "names")
        return read(value, entry.names);
    if (name == "lessons")
        return read(value, entry.lessons);
    if (name == "fault")
        return read(value, fault_words, entry.fault);
    if (name == "lasting")
        return read(value, lasting_words, entry.lasting);
    return false;
}

using Entries = std::map<std::string, Entry, std::less<>>;

std::optional<std::string> add_entry(Entries &entries, const std::string &key, const json &fields)
{
    Entry &entry = entries[key];
    entry.key = key;
    if (fields.is_string()) // The short form, for what has one sentence only.
        return read(fields, entry.say) ? std::nullopt : std::optional(key);
    if (!fields.is_object())
        return key;
    for (const auto &[name, value] : fields.items())
        if (!set_field(entry, name, value))
            return key + "." + name;
    return std::nullopt;
}

/// Adds a file's entries; the reason when it is not as it should be.
std::optional<std::string> add_file(Entries &entries, std::string_view text)
{
    const json file = json::parse(text, nullptr, false);
    if (!file.is_object())
        return std::string("not a JSON object");
    for (const auto &[key, fields] : file.items())
        if (std::optional<std::string> wrong = add_entry(entries, key, fields))
            return "unexpected: " + *wrong;
    return std::nullopt;
}

bool is_for(std::string_view file, std::string_view language)
{
    const std::size_t slash = file.find('/');
    return slash == std::string_view::npos || file.substr(0, slash) == language;
}

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
    Entries entries;
    bool known = false;
    const std::span<const EmbeddedLine> lines = embedded_text();
    for (auto line = lines.begin(); line != lines.end();) {
        const std::string_view file = line->file;
        std::string text;
        for (; line != lines.end() && line->file == file; ++line)
            text.append(line->text).append("\n");
        if (!is_for(file, language))
            continue;
        known = known || file.find('/') != std::string_view::npos;
        if (const std::optional<std::string> wrong = add_file(entries, text))
            return fail(std::string(file) + ": " + *wrong);
    }
    if (!known)
        return fail("language " + std::string(language) + ": expected en or ja");
    Catalogue catalogue;
    catalogue.language_ = language;
    for (auto &[key, entry] : entries)
        catalogue.entries_.push_back(std::move(entry));
    return catalogue;
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
    static const Entry nothing;
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
        for (const std::string &name : entry.names)
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
    return std::span<const Entry>(entries_).subspan(
        static_cast<std::size_t>(first - entries_.begin()), static_cast<std::size_t>(last - first));
}

std::string_view Catalogue::ui(std::string_view name) const
{
    return get("ui." + std::string(name)).say;
}

} // namespace mailscope
