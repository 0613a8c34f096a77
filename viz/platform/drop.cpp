// Files dropped onto the window; declared in window.h, apart from what needs a display.
#include "viz/platform/window.h"

namespace mailscope::viz
{

void drop_files(WindowOwner &owner, int count, const char **paths)
{
    if (count > 0)
        owner.files_dropped(std::vector<std::string>(paths, paths + count));
}

} // namespace mailscope::viz
