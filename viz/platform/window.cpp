// GLFW, OpenGL, Dear ImGui's back ends.
#include "viz/platform/window.h"

#include "viz/platform/input_queue.h"

#include <glad/gl.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr int frames_after_input = 3; ///< until hovering and tooltips have settled
constexpr double idle_seconds = 0.5;

/// What callbacks reach through the window.
struct Link
{
    WindowOwner &owner;
    float scale = 1;
    int frames = frames_after_input;
    bool has_new_key = false; ///< pressed since the last frame
};

void draw_frame(GLFWwindow *window, Link &link);

Link &link_of(GLFWwindow *window) { return *static_cast<Link *>(glfwGetWindowUserPointer(window)); }

void install_callbacks(GLFWwindow *window)
{
    glfwSetCursorPosCallback(window, [](GLFWwindow *w, double x, double y) {
        Link &link = link_of(w);
        link.frames = frames_after_input;
        int width = 1;
        int pixels = 1;
        glfwGetWindowSize(w, &width, nullptr);
        glfwGetFramebufferSize(w, &pixels, nullptr);
        const float ratio = static_cast<float>(pixels) / static_cast<float>(std::max(width, 1));
        ImGui::GetIO().AddMousePosEvent(static_cast<float>(x) * ratio / link.scale,
                                        static_cast<float>(y) * ratio / link.scale);
    });
    glfwSetMouseButtonCallback(window, [](GLFWwindow *w, int button, int action, int mods) {
        link_of(w).frames = frames_after_input;
        ImGui_ImplGlfw_MouseButtonCallback(w, button, action, mods);
    });
    glfwSetScrollCallback(window, [](GLFWwindow *w, double x, double y) {
        link_of(w).frames = frames_after_input;
        ImGui_ImplGlfw_ScrollCallback(w, x, y);
    });
    glfwSetKeyCallback(window, [](GLFWwindow *w, int key, int code, int action, int mods) {
        Link &link = link_of(w);
        link.frames = frames_after_input;
        // A chord may be over before the next frame, its modifier let go first: a key that is let
        // go waits until those pressed before it were seen together.
        if (action == GLFW_RELEASE && link.has_new_key)
            draw_frame(w, link);
        link.has_new_key = link.has_new_key || action == GLFW_PRESS;
        ImGui_ImplGlfw_KeyCallback(w, key, code, action, mods);
    });
    glfwSetCharCallback(window, [](GLFWwindow *w, unsigned character) {
        link_of(w).frames = frames_after_input;
        ImGui_ImplGlfw_CharCallback(w, character);
    });
    glfwSetWindowRefreshCallback(window,
                                 [](GLFWwindow *w) { link_of(w).frames = frames_after_input; });
    glfwSetCursorEnterCallback(window, ImGui_ImplGlfw_CursorEnterCallback);
    glfwSetWindowFocusCallback(window, ImGui_ImplGlfw_WindowFocusCallback);
    glfwSetDropCallback(window, [](GLFWwindow *w, int count, const char **paths) {
        link_of(w).frames = frames_after_input;
        drop_files(link_of(w).owner, count, paths);
    });
}

void draw_frame(GLFWwindow *window, Link &link)
{
    link.has_new_key = false;
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window, &width, &height);
    float monitor = 1;
    glfwGetWindowContentScale(window, &monitor, nullptr);
    link.scale = link.owner.scale() * std::max(monitor, 1.0F);
    if (link.owner.prepare_fonts(link.scale)) {
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGuiIO &io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(width) / link.scale,
                      static_cast<float>(height) / link.scale};
    io.DisplayFramebufferScale = {link.scale, link.scale};
    ImGui::NewFrame();
    link.owner.frame(io.DisplaySize.x, io.DisplaySize.y, io.DeltaTime);
    ImGui::Render();
    const unsigned colour = link.owner.background();
    const auto part = [&](unsigned shift) {
        return static_cast<float>((colour >> shift) & 0xFFU) / 255.0F;
    };
    glViewport(0, 0, width, height);
    glClearColor(part(0), part(8), part(16), 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window);
}

/// A window is not larger than what the desktop has free.
void fit_to_monitor(int &width, int &height)
{
    int wide = 0;
    int tall = 0;
    if (GLFWmonitor *monitor = glfwGetPrimaryMonitor(); monitor != nullptr)
        glfwGetMonitorWorkarea(monitor, nullptr, nullptr, &wide, &tall);
    width = wide > 0 ? std::min(width, wide) : width;
    height = tall > 0 ? std::min(height, tall) : height;
}

} // namespace

std::string run_window(WindowOwner &owner, int width, int height, const std::string &title)
{
    if (glfwInit() == GLFW_FALSE)
        return "no display";
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    fit_to_monitor(width, height);
    GLFWwindow *window = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
    if (window == nullptr) {
        glfwTerminate();
        return "no window with OpenGL 3.3";
    }
    glfwMakeContextCurrent(window);
    glfwSwapInterval(1);
    if (gladLoadGL(glfwGetProcAddress) == 0) {
        glfwDestroyWindow(window);
        glfwTerminate();
        return "no OpenGL 3.3";
    }
    Link link{owner};
    glfwSetWindowUserPointer(window, &link);
    ImGui_ImplGlfw_InitForOpenGL(window, false);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    install_callbacks(window);
    while (glfwWindowShouldClose(window) == GLFW_FALSE && !owner.wants_to_close()) {
        if (owner.is_moving() || link.frames > 0)
            glfwPollEvents();
        else
            glfwWaitEventsTimeout(idle_seconds);
        if (link.frames == 0 && !owner.is_moving())
            continue; // Nothing has happened: what is on the screen stays.
        link.frames = std::max(0, link.frames - 1);
        draw_frame(window, link);
        if (has_input_waiting())
            link.frames = std::max(link.frames, 1);
    }
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    glfwDestroyWindow(window);
    glfwTerminate();
    return {};
}

} // namespace mailscope::viz
