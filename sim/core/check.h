// Checks of our own mistakes.
//
// MS_CHECK states what must hold at that point of the program. It is on in every build: a broken
// promise stops the program at once with file and line instead of teaching a learner something
// wrong. A peer's mistake is an event, a user's mistake a diagnostic; neither is ever a check.
#pragma once

namespace mailscope
{

/// Prints the broken promise on standard error and aborts.
[[noreturn]] void check_failed(const char *condition, const char *file, int line);

} // namespace mailscope

/// States that `condition` holds; one condition per check.
#define MS_CHECK(condition)                                                                        \
    (static_cast<bool>(condition) ? static_cast<void>(0)                                           \
                                  : ::mailscope::check_failed(#condition, __FILE__, __LINE__))
