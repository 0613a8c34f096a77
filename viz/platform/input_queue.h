// Whether input waits for further frames.
//
// Dear ImGui takes at most one change of a key or a button in a frame and leaves the rest in its
// queue, so that a key pressed and let go during one slow frame is seen. Each of those changes
// needs a frame of its own: a window that draws only a few after the last event would keep the
// last keys, chords among them, back until something else happens.
#pragma once

namespace mailscope::viz
{

/// Whether the queue of the current context holds events that no frame has taken yet.
bool has_input_waiting();

} // namespace mailscope::viz
