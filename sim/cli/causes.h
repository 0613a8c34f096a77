// What led to a record, back to the order at its root.
//
// `because` is followed, and nothing else: the command `why` and the API of `serve` show the same.
#pragma once

#include "sim/trace/records.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace mailscope::cli
{

/// The record that most needs an explanation: the last report of a failure, or else the last
/// trouble of letters and conversations, or else the last thing that became of a letter.
std::optional<std::size_t> most_wondered_at(const Records &records);

/// Indices from the record back to the root, the record first.
std::vector<std::size_t> chain_of(const Records &records, std::size_t index);

} // namespace mailscope::cli
