// A JSON document whose values know where they stand.
//
// The grammar is checked by nlohmann/json, which gives no positions; this puts them beside: its
// SAX events come in the order of the tokens, so a cursor that passes one token per event knows the
// place of each. Values lie in one table, in the order of the file, and name each other by index.
// Nothing here recurses, so depth is a matter of limits::scenario_depth_max and not of the stack.
#pragma once

#include "sim/scenario/diagnostics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// Index of a value in its tree; the document itself is 0.
using NodeIndex = std::uint32_t;
inline constexpr NodeIndex no_node = 0xFFFFFFFFU;

enum class JsonKind : std::uint8_t
{
    Null,
    Boolean,
    Integer,
    Real,
    String,
    List,
    Object
};

struct JsonNode
{
    JsonKind kind = JsonKind::Null;
    bool boolean = false;
    bool negative = false;        ///< Integer below zero
    std::uint64_t magnitude = 0;  ///< Integer without its sign
    std::uint32_t offset = 0;     ///< of the first octet of the value
    std::uint32_t length = 0;     ///< octets; of a list or object only its opening bracket
    std::uint32_t key_offset = 0; ///< of the key's opening quote, for a member of an object
    std::uint32_t key_length = 0;
    std::uint32_t position = 0; ///< among its siblings
    NodeIndex parent = no_node;
    NodeIndex first = no_node; ///< first child
    NodeIndex last = no_node;
    NodeIndex next = no_node; ///< next sibling
    std::string key;
    std::string text; ///< String; of a number as written
};

class JsonTree
{
public:
    const JsonNode &operator[](NodeIndex index) const { return nodes_[index]; }
    std::size_t size() const { return nodes_.size(); }

    /// The member with that key (the first, should there be several), or no_node.
    NodeIndex member(NodeIndex object, std::string_view key) const;

    /// "world.domains[0].name"; empty for the document itself.
    std::string path(NodeIndex index) const;

    /// Appends a value below `parent`; for whoever builds a tree.
    NodeIndex append(JsonNode node);

private:
    std::vector<JsonNode> nodes_;
};

/// Reads a whole document. Nothing is returned when the text is no JSON, too deep, too large, or
/// no UTF-8; then `mistakes` says why. Duplicate keys are mistakes too, but leave a tree.
std::optional<JsonTree> read_json(std::string_view text, DiagnosticList &mistakes);

} // namespace mailscope
