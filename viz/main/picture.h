// Frames without a window: pictures of the app for screenshots, documents and tests.
//
// A Dear ImGui context without back ends; input is given as events, output is a picture of the CPU
// rasteriser. The same bytes on every machine.
#pragma once

#include "viz/main/app.h"
#include "viz/platform/files.h"
#include "viz/platform/raster.h"

namespace mailscope::viz
{

/// The faces of the fonts that were found.
FaceFiles faces_of(const FontFiles &files);

/// A context with our settings, for as long as it lives.
class HeadlessContext
{
public:
    HeadlessContext();
    ~HeadlessContext();
    HeadlessContext(const HeadlessContext &) = delete;
    HeadlessContext &operator=(const HeadlessContext &) = delete;
};

/// Settings that window and picture share, for the current context.
void set_up_context();

/// Builds one frame of width × height framebuffer pixels; fonts are made ready before it, and once
/// more after it where it showed new characters, so that the second frame is whole.
void build_frame(App &app, int width, int height, float seconds = 0);

/// The frame that was built last.
Picture picture_of_frame(const App &app);
/// A part of it, in our pixels at scale 1.
Picture picture_of_frame(const App &app, const Rect &part);

} // namespace mailscope::viz
