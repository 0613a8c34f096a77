// The SAX side of nlohmann/json, with a cursor for positions.
#include "sim/scenario/json_tree.h"

#include "sim/core/limits.h"
#include "sim/core/text.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace mailscope
{

namespace
{

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Where a token begins, and its octets.
struct Token
{
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
};

/// Passes over the tokens of a text that nlohmann/json has found to be good so far.
class TokenCursor
{
public:
    explicit TokenCursor(std::string_view text) : text_(text) {}

    Token next()
    {
        at_ = std::min(text_.find_first_not_of(" \t\r\n,:", at_), text_.size());
        const std::size_t start = at_;
        if (at_ < text_.size() && text_[at_] == '"')
            pass_string();
        else if (at_ < text_.size() && bracket(text_[at_]))
            ++at_;
        else
            at_ = std::min(text_.find_first_of(" \t\r\n,:]}", at_), text_.size());
        return {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(at_ - start)};
    }

private:
    static bool bracket(char c) { return c == '{' || c == '}' || c == '[' || c == ']'; }

    void pass_string()
    {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\')
                ++at_;
        at_ = std::min(at_ + 1, text_.size());
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

class TreeBuilder : public nlohmann::json_sax<nlohmann::json>
{
public:
    TreeBuilder(std::string_view text, DiagnosticList &mistakes)
        : text_(text), cursor_(text), mistakes_(&mistakes)
    {
    }

    bool null() override { return add(JsonKind::Null); }
    bool boolean(bool value) override
    {
        node_.boolean = value;
        return add(JsonKind::Boolean);
    }
    bool number_integer(number_integer_t value) override
    {
        node_.negative = value < 0;
        const auto bits = static_cast<std::uint64_t>(value);
        node_.magnitude = node_.negative ? 0 - bits : bits;
        return add(JsonKind::Integer);
    }
    bool number_unsigned(number_unsigned_t value) override
    {
        node_.magnitude = value;
        return add(JsonKind::Integer);
    }
    bool number_float(number_float_t, const string_t &) override { return add(JsonKind::Real); }
    bool string(string_t &value) override
    {
        node_.text = std::move(value);
        return add(JsonKind::String);
    }
    bool binary(binary_t &) override { return false; } // JSON text has none
    bool key(string_t &value) override
    {
        const Token token = cursor_.next();
        node_.key = std::move(value);
        node_.key_offset = token.offset;
        node_.key_length = token.length;
        return true;
    }
    bool start_object(std::size_t) override { return add(JsonKind::Object) && open(); }
    bool start_array(std::size_t) override { return add(JsonKind::List) && open(); }
    bool end_object() override
    {
        refuse_duplicate_keys();
        return close();
    }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string &last_token,
                     const nlohmann::detail::exception &error) override;

    JsonTree take() { return std::move(tree_); }

private:
    bool add(JsonKind kind);
    bool open();
    bool close();
    void refuse_duplicate_keys();
    void refuse(Token place, std::string found, std::string expected)
    {
        mistakes_->add({place.offset, place.length, "", std::move(found), std::move(expected), ""});
    }

    std::string_view text_;
    TokenCursor cursor_;
    DiagnosticList *mistakes_;
    JsonTree tree_;
    JsonNode node_;               // the value under construction
    std::vector<NodeIndex> open_; // lists and objects around it
};

bool TreeBuilder::add(JsonKind kind)
{
    const Token token = cursor_.next();
    if (tree_.size() >= limits::scenario_values_max) {
        refuse(token, fmt::format("more than {} values", limits::scenario_values_max),
               "a scenario with fewer");
        return false;
    }
    node_.kind = kind;
    node_.offset = token.offset;
    node_.length = token.length;
    node_.parent = open_.empty() ? no_node : open_.back();
    if (kind == JsonKind::Integer || kind == JsonKind::Real)
        node_.text = text_.substr(token.offset, token.length);
    tree_.append(std::move(node_));
    node_ = JsonNode();
    return true;
}

bool TreeBuilder::open()
{
    const auto index = static_cast<NodeIndex>(tree_.size() - 1);
    if (open_.size() >= limits::scenario_depth_max) {
        refuse({tree_[index].offset, 1},
               fmt::format("more than {} levels of nesting", limits::scenario_depth_max),
               "a scenario, which needs about 8");
        return false;
    }
    open_.push_back(index);
    return true;
}

bool TreeBuilder::close()
{
    cursor_.next();
    open_.pop_back();
    return true;
}

void TreeBuilder::refuse_duplicate_keys()
{
    std::vector<NodeIndex> members;
    for (NodeIndex i = tree_[open_.back()].first; i != no_node; i = tree_[i].next)
        members.push_back(i);
    std::stable_sort(members.begin(), members.end(),
                     [this](NodeIndex a, NodeIndex b) { return tree_[a].key < tree_[b].key; });
    for (std::size_t i = 1; i < members.size(); ++i) {
        const JsonNode &node = tree_[members[i]];
        if (node.key == tree_[members[i - 1]].key)
            mistakes_->add({node.key_offset, node.key_length, tree_.path(open_.back()),
                            "the key " + in_quotes(node.key) + " a second time",
                            "each key once in an object", ""});
    }
}

// What was expected, in the words of a person; nlohmann/json names its grammar's tokens.
std::string expected_instead(std::string_view message)
{
    constexpr std::string_view marker = "; expected ";
    const std::size_t at = message.rfind(marker);
    if (at == message.npos)
        return {};
    const std::string_view token = message.substr(at + marker.size());
    if (token == "string literal" || token == "object key")
        return "a key in double quotes";
    if (token == "'}'")
        return "\",\" and a further key, or \"}\"";
    if (token == "']'")
        return "\",\" and a further value, or \"]\"";
    if (token == "':'")
        return "\":\" and a value";
    if (token == "end of input")
        return "nothing after the document's end";
    if (token.find("literal") != token.npos)
        return "a value";
    return {};
}

// Where the token begins that ends `read`. nlohmann/json knows it exactly only for strings.
std::size_t start_of_last_token(std::string_view read, std::string_view last_token)
{
    constexpr std::string_view brackets = "{}[],:";
    if (read.empty() || brackets.find(read.back()) != read.npos)
        return read.size() - std::min<std::size_t>(1, read.size());
    if (read.back() == '"')
        return read.size() - std::min(last_token.size(), read.size());
    const std::size_t before = read.find_last_of(" \t\r\n\"{}[],:");
    return before == read.npos ? 0 : before + 1;
}

bool TreeBuilder::parse_error(std::size_t position, const std::string &last_token,
                              const nlohmann::detail::exception &error)
{
    const std::string_view message = error.what();
    const bool lexical = message.find("unexpected") == message.npos;
    const std::string expected = expected_instead(message);
    const std::size_t read = std::min(position, text_.size());
    if (message.find("number overflow") != message.npos) {
        refuse({static_cast<std::uint32_t>(read - std::min(read, last_token.size())),
                static_cast<std::uint32_t>(last_token.size())},
               "the number " + in_quotes(last_token), "a number that a computer can hold");
    } else if (position > text_.size()) {
        refuse({static_cast<std::uint32_t>(text_.size()), 0}, "the end of the file",
               expected.empty() ? "the rest of a string" : expected);
    } else if (lexical) {
        // The octet that was read last is the wrong one.
        std::string_view wrong = text_.substr(read - 1);
        wrong = take_character(wrong);
        const bool number = message.find("invalid number") != message.npos;
        const bool in_string = message.find("invalid string") != message.npos;
        refuse({static_cast<std::uint32_t>(read - 1), 1}, in_quotes(wrong),
               number ? "a digit of a number"
               : in_string
                   ? "the string's closing quote, or text without raw control characters, with "
                     "JSON's escapes only (surrogates in pairs)"
                   : "a value: a string in double quotes, a number, true, false, null, "
                     "a list or an object (JSON has no comments)");
    } else {
        const std::size_t start = start_of_last_token(text_.substr(0, read), last_token);
        const std::string_view token = text_.substr(start, read - start);
        refuse({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(token.size())},
               token[0] == '"' ? std::string(token) : in_quotes(token),
               expected.empty() ? "a value" : expected);
    }
    return false;
}

// Mistakes of the text as a whole, before anything is parsed.
bool is_readable_text(std::string_view text, DiagnosticList &mistakes)
{
    const auto refuse = [&](std::size_t offset, std::string found, std::string expected) {
        mistakes.add({offset, 1, "", std::move(found), std::move(expected), ""});
        return false;
    };
    if (text.size() > limits::scenario_bytes_max)
        return refuse(0, fmt::format("{} bytes", text.size()),
                      fmt::format("at most {} bytes", limits::scenario_bytes_max));
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark)
        return refuse(0, "a byte order mark", "UTF-8 without one, beginning with \"{\"");
    if (text.find_first_not_of(" \t\r\n") == text.npos)
        return refuse(0, "an empty file", "a scenario, beginning with \"{\"");
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t length = utf8_sequence_length(rest);
        const std::size_t at = text.size() - rest.size();
        if (length == 0)
            return refuse(at,
                          fmt::format("the octet 0x{:02X}", static_cast<unsigned char>(rest[0])),
                          "well-formed UTF-8");
        if (rest[0] == '\0')
            return refuse(at, "a NUL character", "text");
        rest.remove_prefix(length);
    }
    return true;
}

} // namespace

NodeIndex JsonTree::append(JsonNode node)
{
    const auto index = static_cast<NodeIndex>(nodes_.size());
    if (node.parent != no_node) {
        JsonNode &parent = nodes_[node.parent];
        if (parent.last == no_node) {
            parent.first = index;
        } else {
            nodes_[parent.last].next = index;
            node.position = nodes_[parent.last].position + 1;
        }
        parent.last = index;
    }
    nodes_.push_back(std::move(node));
    return index;
}

NodeIndex JsonTree::member(NodeIndex object, std::string_view key) const
{
    for (NodeIndex i = nodes_[object].first; i != no_node; i = nodes_[i].next)
        if (nodes_[i].key == key)
            return i;
    return no_node;
}

std::string JsonTree::path(NodeIndex index) const
{
    std::vector<NodeIndex> steps;
    for (NodeIndex i = index; nodes_[i].parent != no_node; i = nodes_[i].parent)
        steps.push_back(i);
    std::string result;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        const JsonNode &node = nodes_[*step];
        const bool plain = std::all_of(node.key.begin(), node.key.end(), [](char c) {
            return is_ascii_letter(c) || is_ascii_digit(c) || c == '_' || c == '$' || c == '-';
        });
        if (nodes_[node.parent].kind == JsonKind::List)
            result += fmt::format("[{}]", node.position);
        else if (plain && !node.key.empty())
            result += (result.empty() ? "" : ".") + node.key;
        else
            result += "[" + in_quotes(node.key) + "]";
    }
    return result;
}

std::optional<JsonTree> read_json(std::string_view text, DiagnosticList &mistakes)
{
    if (!is_readable_text(text, mistakes))
        return std::nullopt;
    TreeBuilder builder(text, mistakes);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
        return std::nullopt;
    return builder.take();
}

} // namespace mailscope
