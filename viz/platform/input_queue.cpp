// Dear ImGui's queue of input events.
#include "viz/platform/input_queue.h"

#include <imgui.h>
#include <imgui_internal.h>

namespace mailscope::viz
{

bool has_input_waiting() { return ImGui::GetCurrentContext()->InputEventsQueue.Size > 0; }

} // namespace mailscope::viz
