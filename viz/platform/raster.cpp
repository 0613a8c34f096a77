// Triangles on the CPU.
#include "viz/platform/raster.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mailscope::viz
{
namespace
{

/// Corner of a triangle in pixels.
struct Corner
{
    float x, y, u, v;
    std::array<float, 4> colour; ///< red, green, blue, alpha, 0 to 255
};

struct Clip
{
    int left, top, right, bottom;
};

struct Target
{
    Picture &picture;
    const CoverageTexture &texture;
};

Corner corner_of(const ImDrawVert &vertex, ImVec2 origin, ImVec2 scale)
{
    const auto channel = [&](int shift) {
        return static_cast<float>((vertex.col >> shift) & 0xFFU);
    };
    return {(vertex.pos.x - origin.x) * scale.x,
            (vertex.pos.y - origin.y) * scale.y,
            vertex.uv.x,
            vertex.uv.y,
            {channel(IM_COL32_R_SHIFT), channel(IM_COL32_G_SHIFT), channel(IM_COL32_B_SHIFT),
             channel(IM_COL32_A_SHIFT)}};
}

float texel(const CoverageTexture &texture, int x, int y)
{
    x = std::clamp(x, 0, texture.width - 1);
    y = std::clamp(y, 0, texture.height - 1);
    return static_cast<float>(
        texture.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(texture.width) +
                       static_cast<std::size_t>(x)]);
}

/// Bilinear, as OpenGL samples; 0 to 1.
float sample(const CoverageTexture &texture, float u, float v)
{
    const float x = u * static_cast<float>(texture.width) - 0.5F;
    const float y = v * static_cast<float>(texture.height) - 0.5F;
    const float left = std::floor(x);
    const float top = std::floor(y);
    const float fx = x - left;
    const float fy = y - top;
    const int ix = static_cast<int>(left);
    const int iy = static_cast<int>(top);
    const float upper = texel(texture, ix, iy) * (1 - fx) + texel(texture, ix + 1, iy) * fx;
    const float lower = texel(texture, ix, iy + 1) * (1 - fx) + texel(texture, ix + 1, iy + 1) * fx;
    return (upper * (1 - fy) + lower * fy) / 255.0F;
}

void blend(std::uint8_t *pixel, const std::array<float, 4> &colour, float alpha)
{
    for (std::size_t i = 0; i < 3; ++i) {
        const float under = static_cast<float>(pixel[i]);
        pixel[i] = static_cast<std::uint8_t>(under + (colour[i] - under) * alpha + 0.5F);
    }
    pixel[3] = 255;
}

float edge(const Corner &a, const Corner &b, float x, float y)
{
    return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

/// The rule that gives a pixel on a common edge to one of two triangles only.
bool owns_edge(const Corner &a, const Corner &b) { return (a.y == b.y && b.x > a.x) || b.y < a.y; }

void triangle(const Target &target, const Clip &clip, const Corner &a, const Corner &b, Corner c)
{
    Corner second = b;
    float area = edge(a, second, c.x, c.y);
    if (area == 0)
        return;
    if (area < 0) {
        std::swap(second, c);
        area = -area;
    }
    const int left = std::max(clip.left, static_cast<int>(std::min({a.x, b.x, c.x, second.x})));
    const int right =
        std::min(clip.right, static_cast<int>(std::max({a.x, b.x, c.x, second.x})) + 1);
    const int top = std::max(clip.top, static_cast<int>(std::min({a.y, b.y, c.y, second.y})));
    const int bottom =
        std::min(clip.bottom, static_cast<int>(std::max({a.y, b.y, c.y, second.y})) + 1);
    const bool flat_texture = a.u == second.u && a.u == c.u && a.v == second.v && a.v == c.v;
    const float flat = flat_texture ? sample(target.texture, a.u, a.v) : 0;
    const bool flat_colour = a.colour == second.colour && a.colour == c.colour;
    const bool own_a = owns_edge(second, c);
    const bool own_b = owns_edge(c, a);
    const bool own_c = owns_edge(a, second);
    for (int y = top; y < bottom; ++y) {
        std::uint8_t *row =
            &target.picture.pixels[static_cast<std::size_t>(y) *
                                   static_cast<std::size_t>(target.picture.width) * 4];
        for (int x = left; x < right; ++x) {
            const float px = static_cast<float>(x) + 0.5F;
            const float py = static_cast<float>(y) + 0.5F;
            const float wa = edge(second, c, px, py);
            const float wb = edge(c, a, px, py);
            const float wc = edge(a, second, px, py);
            if (wa < 0 || wb < 0 || wc < 0 || (wa == 0 && !own_a) || (wb == 0 && !own_b) ||
                (wc == 0 && !own_c))
                continue;
            const float ka = wa / area;
            const float kb = wb / area;
            const float kc = wc / area;
            std::array<float, 4> colour = a.colour;
            if (!flat_colour)
                for (std::size_t i = 0; i < 4; ++i)
                    colour[i] = ka * a.colour[i] + kb * second.colour[i] + kc * c.colour[i];
            const float coverage = flat_texture
                                       ? flat
                                       : sample(target.texture, ka * a.u + kb * second.u + kc * c.u,
                                                ka * a.v + kb * second.v + kc * c.v);
            const float alpha = colour[3] / 255.0F * coverage;
            if (alpha > 0)
                blend(row + static_cast<std::size_t>(x) * 4, colour, alpha);
        }
    }
}

Clip clip_of(const ImDrawCmd &command, const ImDrawData &data, const Picture &picture)
{
    const auto pixel = [](float value) { return static_cast<int>(std::lround(value)); };
    const ImVec2 scale = data.FramebufferScale;
    return {std::max(0, pixel((command.ClipRect.x - data.DisplayPos.x) * scale.x)),
            std::max(0, pixel((command.ClipRect.y - data.DisplayPos.y) * scale.y)),
            std::min(picture.width, pixel((command.ClipRect.z - data.DisplayPos.x) * scale.x)),
            std::min(picture.height, pixel((command.ClipRect.w - data.DisplayPos.y) * scale.y))};
}

} // namespace

Picture rasterise(const ImDrawData &data, const CoverageTexture &texture, std::uint32_t background)
{
    Picture picture;
    picture.width = static_cast<int>(std::lround(data.DisplaySize.x * data.FramebufferScale.x));
    picture.height = static_cast<int>(std::lround(data.DisplaySize.y * data.FramebufferScale.y));
    picture.pixels.resize(static_cast<std::size_t>(picture.width) *
                          static_cast<std::size_t>(picture.height) * 4);
    for (std::size_t i = 0; i < picture.pixels.size(); ++i)
        picture.pixels[i] = static_cast<std::uint8_t>(background >> (i % 4 * 8));
    const Target target{picture, texture};
    for (const ImDrawList *list : data.CmdLists)
        for (const ImDrawCmd &command : list->CmdBuffer) {
            const Clip clip = clip_of(command, data, picture);
            const auto corner = [&](unsigned place) {
                const ImDrawIdx index =
                    list->IdxBuffer[static_cast<int>(command.IdxOffset + place)];
                return corner_of(list->VtxBuffer[static_cast<int>(command.VtxOffset + index)],
                                 data.DisplayPos, data.FramebufferScale);
            };
            for (unsigned i = 0; i + 2 < command.ElemCount; i += 3)
                triangle(target, clip, corner(i), corner(i + 1), corner(i + 2));
        }
    return picture;
}

} // namespace mailscope::viz
