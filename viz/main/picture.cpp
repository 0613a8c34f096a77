// Frames without a window.
#include "viz/main/picture.h"

#include <algorithm>

namespace mailscope::viz
{

FaceFiles faces_of(const FontFiles &files)
{
    const auto face = [](const FontFile &file) {
        return FaceFile{file.bytes, file.face, file.line_per_em};
    };
    return {face(files.text), face(files.bold), face(files.mono), face(files.mono_bold)};
}

void set_up_context()
{
    ImGuiIO &io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    ImGuiStyle &style = ImGui::GetStyle();
    style.WindowBorderSize = 0;
    style.WindowMinSize = {1, 1};
    style.FrameBorderSize = 0;
    style.FramePadding = {2, 1};
    style.AntiAliasedLinesUseTex = false;
    style.CircleTessellationMaxError = 0.1F;
}

HeadlessContext::HeadlessContext()
{
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    set_up_context();
    ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
}

HeadlessContext::~HeadlessContext() { ImGui::DestroyContext(); }

void build_frame(App &app, int width, int height, float seconds)
{
    constexpr int attempts = 4; // Until no character is new.
    ImGuiIO &io = ImGui::GetIO();
    for (int i = 0; i < attempts; ++i) {
        const float scale = app.state().scale;
        app.prepare_fonts(scale);
        io.DisplaySize = {static_cast<float>(width) / scale, static_cast<float>(height) / scale};
        io.DisplayFramebufferScale = {scale, scale};
        io.DeltaTime = seconds > 0 ? seconds : 1.0F / 60;
        ImGui::NewFrame();
        app.frame(io.DisplaySize.x, io.DisplaySize.y, i == 0 ? seconds : 0);
        ImGui::Render();
        if (!app.fonts_are_incomplete() && app.state().scale == scale)
            return;
    }
}

Picture picture_of_frame(const App &app)
{
    CoverageTexture texture;
    unsigned char *pixels = nullptr;
    ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&pixels, &texture.width, &texture.height);
    texture.pixels = pixels;
    return rasterise(*ImGui::GetDrawData(), texture, app.theme().canvas);
}

Picture picture_of_frame(const App &app, const Rect &part)
{
    const Picture whole = picture_of_frame(app);
    const float scale = app.state().scale;
    const auto pixel = [&](float at, int end) {
        return std::clamp(static_cast<int>(at * scale + 0.5F), 0, end);
    };
    const int left = pixel(part.x, whole.width);
    const int top = pixel(part.y, whole.height);
    Picture cut{
        pixel(part.right(), whole.width) - left, pixel(part.bottom(), whole.height) - top, {}};
    for (int y = top; y < top + cut.height; ++y) {
        const auto row =
            whole.pixels.begin() + (static_cast<std::ptrdiff_t>(y) * whole.width + left) * 4;
        cut.pixels.insert(cut.pixels.end(), row, row + static_cast<std::ptrdiff_t>(cut.width) * 4);
    }
    return cut;
}

} // namespace mailscope::viz
