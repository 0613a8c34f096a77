// The scenario format as the parser knows it: which objects have which keys.
//
// Made by asking the parser itself, so it cannot be wrong about it. The tests hold it against the
// JSON Schema; nothing else needs it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mailscope
{

/// A key of an object and what is read there.
struct KeyFormat
{
    std::string key;
    std::string kind; ///< name of the ValueKind, "word" or "integer"
    bool required = false;
    bool list = false;              ///< a list is accepted beside a single value
    std::vector<std::string> words; ///< of a "word": what it may be
    std::uint64_t min = 0;          ///< of an "integer"
    std::uint64_t max = 0;
};

/// The keys of one kind of object.
struct ObjectFormat
{
    std::string name;
    std::vector<KeyFormat> keys;
};

/// All objects of the format, in the order in which a scenario mentions them. The name is that of
/// the schema's definition; the ten kinds of actions are named by their verbs.
std::vector<ObjectFormat> scenario_format();

} // namespace mailscope
