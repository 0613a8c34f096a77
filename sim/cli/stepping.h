// Reading a run step by step at a terminal, forwards and back.
//
// The run is played once; stepping is reading its records with a cursor, so that going back is
// exact and costs nothing.
#pragma once

#include "sim/cli/narrator.h"
#include "sim/trace/query.h"

namespace mailscope::cli
{

/// Tells one step for each key: Enter or the space bar goes on, b goes back, n goes to the next
/// exchange, q ends. True when the reader ended it before the last step.
bool step_through(const Telling &telling, const Query &filter, Output &out);

} // namespace mailscope::cli
