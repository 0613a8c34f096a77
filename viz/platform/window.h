// A window with OpenGL 3.3, its input and its loop.
//
// The thin part that needs a display: GLFW, glad and Dear ImGui's back ends, and nothing of the
// simulation. It waits for events while nothing moves.
#pragma once

#include <string>
#include <vector>

namespace mailscope::viz
{

/// What the window asks of its owner; all pointers live as long as the window runs.
class WindowOwner
{
public:
    virtual ~WindowOwner() = default;

    /// Pixels of the framebuffer for one of ours, without the monitor's own scale.
    virtual float scale() const = 0;
    /// Makes the font texture for the scale if it is needed; true when it must be uploaded.
    virtual bool prepare_fonts(float scale) = 0;
    /// Builds a frame of this size, in our pixels.
    virtual void frame(float width, float height, float seconds) = 0;
    /// Whether the next frame differs without input.
    virtual bool is_moving() const = 0;
    virtual bool wants_to_close() const = 0;
    virtual void files_dropped(const std::vector<std::string> &paths) = 0;
    /// 0xAABBGGRR
    virtual unsigned background() const = 0;
};

/// What GLFW's callback for dropped files does: hands the paths over, as values.
void drop_files(WindowOwner &owner, int count, const char **paths);

/// Opens a window and runs until it is closed; a Dear ImGui context must be there. Gives what went
/// wrong, or nothing.
std::string run_window(WindowOwner &owner, int width, int height, const std::string &title);

} // namespace mailscope::viz
