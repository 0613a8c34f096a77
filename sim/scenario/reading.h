// Taking values out of a JSON tree, with a diagnostic for each that is not as expected.
//
// One concept: a ValueKind knows how to read one value of a type. An ObjectReader hands the members
// of one object to kinds, key by key, and at the end refuses the keys nobody asked for. Nothing
// here stops at a mistake: a bad value leaves its target as it was.
//
// Names that must exist (persons, hosts, mailboxes, ...) are noted while reading, because they may
// be declared further down; check.h looks at them at the end. A Reading can also describe instead
// of read: then it notes which keys, kinds and words it was asked for, and so the format can be
// compared with the JSON Schema.
#pragma once

#include "sim/core/ip_address.h"
#include "sim/scenario/diagnostics.h"
#include "sim/scenario/format.h"
#include "sim/scenario/json_tree.h"
#include "sim/scenario/scenario.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailscope
{

enum class Need : std::uint8_t
{
    Optional,
    Required
};

/// What a name names.
enum class NameKind : std::uint8_t
{
    Person,
    Device, ///< of the person `owner`
    Place,
    Provider,
    Domain,
    Host,
    Wire, ///< from host `name` to host `owner`
    MailServer,
    Mailbox,
    Remedy,
    Contact, ///< of the address book of the person `owner`
    Folder,  ///< of a person's own; may be declared several times, once for each device
    Query,   ///< not a name: a query, whose hosts must exist
};

/// A name that stands somewhere in the file.
struct Mention
{
    NameKind kind = NameKind::Person;
    NodeIndex node = 0;
    std::string name;
    std::string owner; ///< of a device or contact, its person; of a wire, its other end
};

/// One word of an enumeration.
template <class E> struct Word
{
    std::string_view text;
    E value;
};

class Reading
{
public:
    /// All must outlive the reading.
    Reading(const JsonTree &tree, const SourceMap &map, DiagnosticList &mistakes)
        : tree_(&tree), map_(&map), mistakes_(&mistakes)
    {
    }

    const JsonTree &tree() const { return *tree_; }
    const JsonNode &operator[](NodeIndex node) const { return (*tree_)[node]; }
    bool is_string(NodeIndex node) const { return (*this)[node].kind == JsonKind::String; }

    /// The value there is wrong as it stands.
    void refuse(NodeIndex node, std::string expected, std::string_view suggestion = {});
    /// The value there is wrong; `found` says what is.
    void refuse_as(NodeIndex node, std::string found, std::string expected,
                   std::string_view suggestion = {});
    /// The member's key is wrong.
    void refuse_key(NodeIndex node, std::string expected, std::string_view suggestion = {});

    /// The value there gives something its name; a second one of the same name is a mistake.
    void declare(NameKind kind, NodeIndex node, std::string name, std::string owner = {});
    /// The value there names something that must exist.
    void mention(NameKind kind, NodeIndex node, std::string name, std::string owner = {});

    const std::vector<Mention> &declarations() const { return declarations_; }
    const std::vector<Mention> &mentions() const { return mentions_; }

    /// True when further mistakes would not be kept.
    bool full() const { return mistakes_->full(); }
    /// The line on which the value begins.
    std::uint32_t line_of(NodeIndex node) const;

    /// The children of a list, or the single value that stands for a list of one.
    std::vector<NodeIndex> items(NodeIndex node) const;

    /// From now on describe: every object and key that is asked for is noted here.
    void describe_into(std::vector<ObjectFormat> &format) { format_ = &format; }
    std::vector<ObjectFormat> *format() { return format_; }

private:
    const JsonTree *tree_;
    const SourceMap *map_;
    DiagnosticList *mistakes_;
    std::vector<Mention> declarations_;
    std::vector<Mention> mentions_;
    std::vector<ObjectFormat> *format_ = nullptr;
};

/// How to read one value of a type. `name` is that of the schema's definition.
template <class T> struct ValueKind
{
    std::string_view name;
    void (*read)(Reading &reading, NodeIndex node, T &target);
};

/// Takes the value as it stands in the tree, for whoever reads it by a function of its own.
constexpr ValueKind<NodeIndex> node_value(std::string_view name)
{
    return {name, [](Reading &, NodeIndex node, NodeIndex &target) { target = node; }};
}

inline constexpr std::uint64_t port_max = 65'535; ///< of TCP and UDP

/// The members of one object. Keys and names are literals: they are kept as views.
class ObjectReader
{
public:
    /// `name` is that of the schema's definition. A value that is no object is refused here.
    ObjectReader(Reading &reading, NodeIndex node, std::string_view name);
    ObjectReader(const ObjectReader &) = delete;
    ObjectReader &operator=(const ObjectReader &) = delete;
    /// Refuses the keys that nobody asked for.
    ~ObjectReader();

    /// Reads the member with that key, if there is one.
    template <class T>
    void value(std::string_view key, const ValueKind<T> &kind, T &target,
               Need need = Need::Optional)
    {
        if (const NodeIndex node = ask(key, kind.name, need); node != no_node)
            kind.read(*reading_, node, target);
    }
    template <class T>
    void value(std::string_view key, const ValueKind<T> &kind, std::optional<T> &target)
    {
        const NodeIndex node = ask(key, kind.name, Need::Optional);
        if (node == no_node)
            return;
        T read{};
        kind.read(*reading_, node, read);
        target = std::move(read);
    }

    /// Reads a list, or a single value as a list of one. A bad element stays as a default value, so
    /// that the elements are those of items(node(key)).
    template <class T>
    void list(std::string_view key, const ValueKind<T> &kind, std::vector<T> &target,
              Need need = Need::Optional)
    {
        const NodeIndex node = ask(key, kind.name, need);
        if (describing())
            reading_->format()->back().keys.back().list = true;
        if (node == no_node || !is_short_enough(node))
            return;
        target.clear();
        for (const NodeIndex item : reading_->items(node)) {
            T element{};
            kind.read(*reading_, item, element);
            target.push_back(std::move(element));
        }
    }

    /// Reads an integer from `min` to `max`.
    template <class T>
    void integer(std::string_view key, T &target, std::uint64_t min, std::uint64_t max)
    {
        if (const std::optional<std::uint64_t> number = take_integer(key, min, max))
            target = static_cast<T>(*number);
    }

    template <class T>
    void integer(std::string_view key, std::optional<T> &target, std::uint64_t min,
                 std::uint64_t max)
    {
        if (const std::optional<std::uint64_t> number = take_integer(key, min, max))
            target = static_cast<T>(*number);
    }

    /// Reads one of a few words. True when a good one was there.
    template <class E, std::size_t N>
    bool word(std::string_view key, const std::array<Word<E>, N> &words, E &target,
              Need need = Need::Optional)
    {
        std::vector<std::string_view> texts;
        texts.reserve(N);
        for (const Word<E> &entry : words)
            texts.push_back(entry.text);
        const std::optional<std::size_t> index = take_word(key, texts, need);
        if (index)
            target = words[*index].value;
        return index.has_value();
    }

    /// Takes these keys as known, whatever stands there: for an object whose kind is unknown.
    void skip(std::initializer_list<std::string_view> keys)
    {
        asked_.insert(asked_.end(), keys.begin(), keys.end());
    }

    /// The member with that key, whether or not its value is good; no_node when there is none. The
    /// key must have been asked for.
    NodeIndex node(std::string_view key) const;
    bool has(std::string_view key) const { return node(key) != no_node; }

    NodeIndex self() const { return node_; }
    bool describing() const { return reading_->format() != nullptr; }

private:
    NodeIndex ask(std::string_view key, std::string_view kind, Need need);
    bool is_short_enough(NodeIndex list);
    std::optional<std::uint64_t> take_integer(std::string_view key, std::uint64_t min,
                                              std::uint64_t max);
    std::optional<std::size_t> take_word(std::string_view key,
                                         const std::vector<std::string_view> &words, Need need);

    Reading *reading_;
    NodeIndex node_;
    bool is_object_;
    std::vector<std::string_view> asked_;
    std::string_view name_;
};

/// Refuses the object unless exactly one of the keys is there. True when so.
bool has_exactly_one(Reading &reading, const ObjectReader &object,
                     const std::vector<std::string_view> &keys);

/// "a, b or c".
std::string alternatives(const std::vector<std::string_view> &words);

} // namespace mailscope
