// Limits on what comes from outside, where no single protocol owns them.
//
// Every buffer, line, list and loop that a peer or a user feeds ends somewhere. Limits of one
// protocol stand in that protocol's grammar.h with the RFC section; these are everybody's.
#pragma once

#include <cstddef>

namespace mailscope::limits
{

/// A scenario file: far above the largest lesson, far below what hurts.
inline constexpr std::size_t scenario_bytes_max = 4U << 20U;
/// Nesting of JSON in a scenario; the format needs about 8.
inline constexpr std::size_t scenario_depth_max = 64;
/// Values in a scenario file; the largest lesson has about a thousand.
inline constexpr std::size_t scenario_values_max = 100'000;
/// Elements of one list in a scenario file: people, story, records.
inline constexpr std::size_t scenario_list_max = 500;
/// One message, as a backstop above every configured size limit.
inline constexpr std::size_t message_bytes_max = 256U << 20U;

} // namespace mailscope::limits
