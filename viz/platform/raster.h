// Dear ImGui's draw data as a picture, computed on the CPU.
//
// For screenshots and tests: it needs neither a display nor OpenGL and gives the same bytes on
// every machine. It does what the OpenGL back end does with a window: triangles with interpolated
// colours, one texture, clipping, blending. Not made for speed; a full screen takes some 30 ms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

struct ImDrawData;

namespace mailscope::viz
{

/// A picture of width × height pixels, four octets each: red, green, blue, alpha.
struct Picture
{
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;
};

/// A texture with one octet of coverage per pixel, as Dear ImGui makes for its fonts.
struct CoverageTexture
{
    const std::uint8_t *pixels = nullptr;
    int width = 0;
    int height = 0;
};

/// Draws over `background` (0xAABBGGRR). The data's texture is always `texture`.
Picture rasterise(const ImDrawData &data, const CoverageTexture &texture, std::uint32_t background);

} // namespace mailscope::viz
