// What is open for programs outside.
#include "viz/model/live_view.h"

#include <algorithm>

namespace mailscope::viz
{

float live_pace(std::size_t steps_waiting)
{
    constexpr float at_leisure = 2;
    return std::max(1.0F, static_cast<float>(steps_waiting) / at_leisure);
}

} // namespace mailscope::viz
