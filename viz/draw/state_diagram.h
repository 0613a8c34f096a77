// An engine's states as a diagram: boxes in the order of a conversation, arrows between them.
//
// The boxes run to and fro like a ribbon, as many in a row as fit, so that most arrows are short.
// The present state is filled; the arrows that lead out of it and the states that may follow are
// bright, all others stay in the background. Stateless: values in, pixels out.
#pragma once

#include "viz/draw/ui.h"

namespace mailscope::viz
{

/// Draws from the top of `area` on, as wide as it is; gives the bottom.
float draw_state_diagram(Ui &ui, const Rect &area, const EngineView &engine);

} // namespace mailscope::viz
