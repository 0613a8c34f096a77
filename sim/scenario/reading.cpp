// The rules for objects and lists; plain values are in kinds.cpp.
#include "sim/scenario/reading.h"

#include "sim/core/check.h"
#include "sim/core/limits.h"

#include <fmt/core.h>

#include <algorithm>

namespace mailscope
{

namespace
{

std::string found_text(const JsonNode &node)
{
    switch (node.kind) {
    case JsonKind::Null:
        return "null";
    case JsonKind::Boolean:
        return node.boolean ? "true" : "false";
    case JsonKind::Integer:
    case JsonKind::Real:
        return node.text.size() > 40 ? node.text.substr(0, 40) + "..." : node.text;
    case JsonKind::String:
        return in_quotes(node.text);
    case JsonKind::List:
        return "a list";
    case JsonKind::Object:
        return "an object";
    }
    return {};
}

} // namespace

void Reading::refuse(NodeIndex node, std::string expected, std::string_view suggestion)
{
    refuse_as(node, found_text((*this)[node]), std::move(expected), suggestion);
}

void Reading::refuse_as(NodeIndex node, std::string found, std::string expected,
                        std::string_view suggestion)
{
    const JsonNode &place = (*this)[node];
    mistakes_->add({place.offset, place.length, tree_->path(node), std::move(found),
                    std::move(expected), std::string(suggestion)});
}

void Reading::refuse_key(NodeIndex node, std::string expected, std::string_view suggestion)
{
    const JsonNode &member = (*this)[node];
    mistakes_->add({member.key_offset, member.key_length, tree_->path(member.parent),
                    "the key " + in_quotes(member.key), std::move(expected),
                    std::string(suggestion)});
}

void Reading::declare(NameKind kind, NodeIndex node, std::string name, std::string owner)
{
    declarations_.push_back({kind, node, std::move(name), std::move(owner)});
}

void Reading::mention(NameKind kind, NodeIndex node, std::string name, std::string owner)
{
    mentions_.push_back({kind, node, std::move(name), std::move(owner)});
}

std::uint32_t Reading::line_of(NodeIndex node) const
{
    return map_->position_of((*this)[node].offset).line;
}

std::vector<NodeIndex> Reading::items(NodeIndex node) const
{
    if (node == no_node)
        return {};
    if ((*this)[node].kind != JsonKind::List)
        return {node};
    std::vector<NodeIndex> result;
    for (NodeIndex i = (*this)[node].first; i != no_node; i = (*this)[i].next)
        result.push_back(i);
    return result;
}

ObjectReader::ObjectReader(Reading &reading, NodeIndex node, std::string_view name)
    : reading_(&reading), node_(node), is_object_(reading[node].kind == JsonKind::Object),
      name_(name)
{
    if (!is_object_)
        reading.refuse(node, fmt::format("an object ({})", name));
    if (describing())
        reading.format()->push_back({std::string(name), {}});
}

ObjectReader::~ObjectReader()
{
    if (!is_object_)
        return;
    const JsonTree &tree = reading_->tree();
    for (NodeIndex i = tree[node_].first; i != no_node; i = tree[i].next) {
        if (std::find(asked_.begin(), asked_.end(), tree[i].key) != asked_.end())
            continue;
        const std::string_view suggestion =
            reading_->full() ? std::string_view() : nearest_name(tree[i].key, asked_);
        reading_->refuse_key(i, fmt::format("a key of {}: {}", name_, alternatives(asked_)),
                             suggestion);
    }
}

NodeIndex ObjectReader::node(std::string_view key) const
{
    MS_CHECK(std::find(asked_.begin(), asked_.end(), key) != asked_.end());
    return is_object_ ? reading_->tree().member(node_, key) : no_node;
}

NodeIndex ObjectReader::ask(std::string_view key, std::string_view kind, Need need)
{
    asked_.push_back(key);
    if (describing()) {
        KeyFormat format;
        format.key = key;
        format.kind = kind;
        format.required = need == Need::Required;
        reading_->format()->back().keys.push_back(std::move(format));
    }
    const NodeIndex found = node(key);
    if (found == no_node && is_object_ && need == Need::Required)
        reading_->refuse_as(node_, fmt::format("no \"{}\"", key),
                            fmt::format("\"{}\" ({})", key, kind));
    return found;
}

bool ObjectReader::is_short_enough(NodeIndex list)
{
    const std::size_t length = reading_->items(list).size();
    if (length <= limits::scenario_list_max)
        return true;
    reading_->refuse_as(list, fmt::format("a list of {}", length),
                        fmt::format("at most {} elements", limits::scenario_list_max));
    return false;
}

std::optional<std::uint64_t> ObjectReader::take_integer(std::string_view key, std::uint64_t min,
                                                        std::uint64_t max)
{
    const NodeIndex found = ask(key, "integer", Need::Optional);
    if (describing()) {
        reading_->format()->back().keys.back().min = min;
        reading_->format()->back().keys.back().max = max;
    }
    if (found == no_node)
        return std::nullopt;
    const JsonNode &value = (*reading_)[found];
    if (value.kind == JsonKind::Integer && !value.negative && value.magnitude >= min &&
        value.magnitude <= max)
        return value.magnitude;
    reading_->refuse(found, fmt::format("an integer from {} to {}", min, max));
    return std::nullopt;
}

std::optional<std::size_t>
ObjectReader::take_word(std::string_view key, const std::vector<std::string_view> &words, Need need)
{
    const NodeIndex found = ask(key, "word", need);
    if (describing())
        reading_->format()->back().keys.back().words.assign(words.begin(), words.end());
    if (found == no_node)
        return std::nullopt;
    const std::string &text = (*reading_)[found].text;
    const auto word = std::find(words.begin(), words.end(), text);
    if (reading_->is_string(found) && word != words.end())
        return static_cast<std::size_t>(word - words.begin());
    std::vector<std::string> quoted_words;
    quoted_words.reserve(words.size());
    for (const std::string_view entry : words)
        quoted_words.push_back(in_quotes(entry));
    reading_->refuse(found, alternatives({quoted_words.begin(), quoted_words.end()}),
                     reading_->full() ? std::string_view() : nearest_name(text, words));
    return std::nullopt;
}

bool has_exactly_one(Reading &reading, const ObjectReader &object,
                     const std::vector<std::string_view> &keys)
{
    if (object.describing())
        return false;
    const auto count =
        std::count_if(keys.begin(), keys.end(), [&](std::string_view k) { return object.has(k); });
    if (count == 1)
        return true;
    const std::string found = count == 0 ? "none of" : "several of";
    reading.refuse_as(object.self(), found + " the keys that say what it is",
                      "exactly one of " + alternatives(keys));
    return false;
}

std::string alternatives(const std::vector<std::string_view> &words)
{
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            result += i + 1 == words.size() ? " or " : ", ";
        result += words[i];
    }
    return result;
}

} // namespace mailscope
