// The state tables of all engines in words, by the names that engine_rows() uses.
//
// `mailscope states`, the documentation and the app's state diagrams are drawn from these, which
// are made from the very tables that the engines ask.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// A row of an engine's table: in state `from`, `input` leads to state `to`.
struct EngineStep
{
    std::string from;
    std::string input;
    std::string to;
    std::string note;
    bool refused = false; ///< the input does nothing but be refused
};

/// An engine with a table.
struct EngineTable
{
    std::string_view name; ///< "smtp-server"
    std::vector<EngineStep> (*rows)();
};

std::span<const EngineTable> engine_tables();

/// The table of that name; nullptr when there is none.
const EngineTable *find_engine_table(std::string_view name);

} // namespace mailscope
