// The fonts of the app in the sizes that it uses, with the glyphs that are shown and no others.
//
// A full set of Japanese glyphs in ten sizes would take seconds and a huge texture. So a text that
// holds a new character asks for it, the frame is drawn without it, and before the next frame the
// texture is made again with it. Sizes are in em as designers count: the file's own line height
// does not matter.
#pragma once

#include <imgui.h>

#include <array>
#include <set>
#include <string_view>

namespace mailscope::viz
{

/// A size and a face of the design (docs: VISUAL 4).
enum class Style
{
    Text12,
    Text13,
    Text14,
    Bold12,
    Bold13,
    Bold14,
    Bold17,
    Mono12,
    Mono13,
    MonoBold13,
    MonoBold15,
    MonoBold21,
    Count,
};

/// A face: the bytes of its file, which must stay; none: another face stands in.
struct FaceFile
{
    std::string_view bytes;
    int face = 0;
    float line_per_em = 1.2F;
};

struct FaceFiles
{
    FaceFile text;
    FaceFile bold;
    FaceFile mono;
    FaceFile mono_bold;
};

class Fonts
{
public:
    explicit Fonts(const FaceFiles &files) : files_(files) {}

    /// Makes the atlas of the current context for `scale` (framebuffer pixels for one of ours) with
    /// everything asked for so far. The owner of the texture uploads it again.
    void build(float scale);

    /// True when a text asked for a glyph that the atlas lacks and the file has.
    bool is_incomplete() const { return incomplete_; }

    /// Notes that these characters will be shown; the glyph of an unknown one is a box.
    void want(Style style, std::string_view text);

    /// The glyph, or the fallback while it is not there.
    const ImFontGlyph *glyph(Style style, unsigned character);

    ImFont *font(Style style) const { return fonts_[static_cast<std::size_t>(style)]; }
    /// Em height in our pixels.
    static float size_of(Style style);
    float scale() const { return scale_; }
    /// How often the atlas was made.
    int builds() const { return builds_; }

private:
    static constexpr std::size_t count = static_cast<std::size_t>(Style::Count);

    void add_style(std::size_t index);

    FaceFiles files_;
    std::array<std::set<unsigned>, count> wanted_;
    std::array<std::set<unsigned>, count> absent_; ///< in no file
    std::array<ImVector<ImWchar>, count> ranges_;
    std::array<ImFont *, count> fonts_{};
    float scale_ = 1;
    int builds_ = 0;
    bool incomplete_ = false;
};

/// The next character of UTF-8 text, removed from it; U+FFFD for what is none.
unsigned take_character(std::string_view &text);

} // namespace mailscope::viz
