// Fonts with the glyphs in use.
#include "viz/draw/fonts.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mailscope::viz
{
namespace
{

enum Face
{
    FaceText,
    FaceBold,
    FaceMono,
    FaceMonoBold,
};

struct StyleRow
{
    float size;
    Face face;
};

constexpr std::array<StyleRow, static_cast<std::size_t>(Style::Count)> styles = {{
    {12, FaceText},
    {13, FaceText},
    {14, FaceText},
    {12, FaceBold},
    {13, FaceBold},
    {14, FaceBold},
    {17, FaceBold},
    {12, FaceMono},
    {13, FaceMono},
    {13, FaceMonoBold},
    {15, FaceMonoBold},
    {21, FaceMonoBold},
}};

/// The files in which a face's glyphs are looked for, in order.
std::vector<const FaceFile *> faces_for(const FaceFiles &files, Face face)
{
    std::vector<const FaceFile *> order;
    if (face == FaceMonoBold)
        order = {&files.mono_bold, &files.bold, &files.mono, &files.text};
    else if (face == FaceMono)
        order = {&files.mono, &files.text};
    else if (face == FaceBold)
        order = {&files.bold, &files.text, &files.mono};
    else
        order = {&files.text, &files.mono};
    order.erase(std::remove_if(order.begin(), order.end(),
                               [](const FaceFile *file) { return file->bytes.empty(); }),
                order.end());
    return order;
}

/// The files that an atlas was made of; the list is called otherwise from Dear ImGui 1.91 on.
template <class Atlas> auto &sources_of(Atlas &atlas)
{
    if constexpr (requires { atlas.Sources; })
        return atlas.Sources;
    else
        return atlas.ConfigData;
}

constexpr unsigned first_drawn = 0x20;
constexpr unsigned last_ascii = 0x7E;

} // namespace

unsigned take_character(std::string_view &text)
{
    constexpr unsigned replacement = 0xFFFD;
    if (text.empty())
        return 0;
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (text.size() < length || (first >= 0x80 && first < 0xC2)) {
        text.remove_prefix(1);
        return replacement;
    }
    unsigned character = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        character = character << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    text.remove_prefix(length);
    return character;
}

float Fonts::size_of(Style style) { return styles[static_cast<std::size_t>(style)].size; }

void Fonts::want(Style style, std::string_view text)
{
    const auto index = static_cast<std::size_t>(style);
    while (!text.empty()) {
        const unsigned character = take_character(text);
        if (character > last_ascii && absent_[index].count(character) == 0 &&
            wanted_[index].insert(character).second)
            incomplete_ = true;
    }
}

const ImFontGlyph *Fonts::glyph(Style style, unsigned character)
{
    const auto index = static_cast<std::size_t>(style);
    ImFont *font = fonts_[index];
    const auto code = static_cast<ImWchar>(character);
    if (const ImFontGlyph *found = font->FindGlyphNoFallback(code))
        return found;
    if (character >= first_drawn && absent_[index].count(character) == 0 &&
        wanted_[index].insert(character).second)
        incomplete_ = true;
    return font->FindGlyph(code);
}

void Fonts::add_style(std::size_t index)
{
    const StyleRow row = styles[index];
    ImFontAtlas &atlas = *ImGui::GetIO().Fonts;
    ImFontGlyphRangesBuilder builder;
    for (unsigned c = first_drawn; c <= last_ascii; ++c)
        builder.AddChar(static_cast<ImWchar>(c));
    builder.AddChar(0x2026); // "…" ends what is cut
    for (const unsigned character : wanted_[index])
        builder.AddChar(static_cast<ImWchar>(character));
    ranges_[index].clear();
    builder.BuildRanges(&ranges_[index]);
    // What a face lacks, the next one gives.
    ImFont *font = nullptr;
    for (const FaceFile *file : faces_for(files_, row.face)) {
        ImFontConfig config;
        config.MergeMode = font != nullptr;
        config.FontDataOwnedByAtlas = true; // Else it copies the whole file; build() takes it back.
        config.FontNo = file->face;
        config.OversampleH = 1;
        config.OversampleV = 1;
        config.PixelSnapH = true;
        config.GlyphRanges = ranges_[index].Data;
        const float pixels = std::round(row.size * scale_) * file->line_per_em;
        // The atlas only reads; its interface is older than const.
        ImFont *added =
            atlas.AddFontFromMemoryTTF(const_cast<char *>(file->bytes.data()),
                                       static_cast<int>(file->bytes.size()), pixels, &config);
        font = font == nullptr ? added : font;
    }
    if (font == nullptr) {
        ImFontConfig config;
        config.SizePixels = std::round(row.size * scale_);
        font = atlas.AddFontDefault(&config);
    }
    fonts_[index] = font;
}

void Fonts::build(float scale)
{
    scale_ = scale;
    ImFontAtlas &atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight | ImFontAtlasFlags_NoMouseCursors |
                   ImFontAtlasFlags_NoBakedLines;
    atlas.TexGlyphPadding = 1;
    for (std::size_t i = 0; i < count; ++i)
        add_style(i);
    // The files are mapped and stay ours: the atlas must not free them.
    for (ImFontConfig &config : sources_of(atlas))
        for (const FaceFile *file : {&files_.text, &files_.bold, &files_.mono, &files_.mono_bold})
            if (config.FontData == file->bytes.data())
                config.FontDataOwnedByAtlas = false;
    atlas.Build();
    for (std::size_t i = 0; i < count; ++i)
        for (const unsigned character : wanted_[i])
            if (fonts_[i]->FindGlyphNoFallback(static_cast<ImWchar>(character)) == nullptr)
                absent_[i].insert(character);
    incomplete_ = false;
    ++builds_;
}

} // namespace mailscope::viz
