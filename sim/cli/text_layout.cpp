// Text in columns.
#include "sim/cli/text_layout.h"

#include "sim/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace mailscope::cli
{
namespace
{

/// One character: its octets and the columns it takes.
struct Glyph
{
    std::string_view octets;
    std::size_t width = 1;
};

std::uint32_t code_point(std::string_view octets)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
    std::uint32_t value = at(0);
    if (octets.size() > 1)
        value &= 0xFFU >> (octets.size() + 1);
    for (std::size_t i = 1; i < octets.size(); ++i)
        value = value << 6U | (at(i) & 0x3FU);
    return value;
}

/// Wide by Unicode's East Asian Width, as far as our texts and letters need it.
bool is_wide(std::uint32_t code)
{
    struct Range
    {
        std::uint32_t first;
        std::uint32_t last;
    };
    constexpr std::array<Range, 10> ranges = {{{0x1100, 0x115F},
                                               {0x2E80, 0x303E},
                                               {0x3041, 0x33FF},
                                               {0x3400, 0x4DBF},
                                               {0x4E00, 0xA4CF},
                                               {0xAC00, 0xD7A3},
                                               {0xF900, 0xFAFF},
                                               {0xFE30, 0xFE6F},
                                               {0xFF00, 0xFF60},
                                               {0x1F300, 0x3FFFD}}};
    return std::any_of(ranges.begin(), ranges.end(), [code](const Range &range) {
        return code >= range.first && code <= range.last;
    });
}

bool is_combining(std::uint32_t code)
{
    return (code >= 0x0300 && code <= 0x036F) || (code >= 0x200B && code <= 0x200F) ||
           code == 0xFEFF || code == 0x3099 || code == 0x309A;
}

Glyph next_glyph(std::string_view text)
{
    const std::size_t length = std::max<std::size_t>(1, utf8_sequence_length(text));
    const std::string_view octets = text.substr(0, length);
    if (length == 1)
        return {octets, 1};
    const std::uint32_t code = code_point(octets);
    if (is_combining(code))
        return {octets, 0};
    return {octets, is_wide(code) ? 2U : 1U};
}

/// Marks that never begin a line.
bool clings(std::string_view octets)
{
    constexpr std::array<std::string_view, 22> marks = {
        "、", "。", "」", "』", "）", "：", "；", "？", "！", "・", "ー",
        "っ", "ゃ", "ゅ", "ょ", "ッ", "ャ", "ュ", "ョ", "〉", "》", "】"};
    return std::find(marks.begin(), marks.end(), octets) != marks.end();
}

/// Marks that never end a line.
bool opens(std::string_view octets)
{
    return octets == "「" || octets == "『" || octets == "（" || octets == "〈" || octets == "【";
}

/// The longest part at the start of `text` that must stay on one line.
std::size_t unbreakable(std::string_view text)
{
    std::size_t end = 0;
    bool keep = true; // whether what comes next belongs to what we have
    while (end < text.size()) {
        const Glyph glyph = next_glyph(text.substr(end));
        if (glyph.octets == " ")
            break;
        const bool wide = glyph.width == 2;
        if (!keep && (wide ? !clings(glyph.octets) : true))
            break;
        const bool was_first = end == 0;
        end += glyph.octets.size();
        if (wide)
            keep = opens(glyph.octets);
        else if (was_first)
            keep = true;
        if (!wide && end < text.size() && next_glyph(text.substr(end)).width == 2)
            keep = false;
    }
    return end;
}

} // namespace

std::size_t display_width(std::string_view text)
{
    std::size_t width = 0;
    while (!text.empty()) {
        const Glyph glyph = next_glyph(text);
        width += glyph.width;
        text.remove_prefix(glyph.octets.size());
    }
    return width;
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns)
{
    std::vector<std::string> lines(1);
    std::size_t used = 0;
    bool blank = false;
    while (!text.empty()) {
        if (text.front() == ' ' || text.front() == '\n') {
            blank = true;
            text.remove_prefix(1);
            continue;
        }
        const std::string_view part = text.substr(0, std::max<std::size_t>(1, unbreakable(text)));
        const std::size_t width = display_width(part);
        const std::size_t gap = blank && used > 0 ? 1 : 0;
        if (used > 0 && used + gap + width > columns) {
            lines.emplace_back();
            used = 0;
        } else if (gap > 0) {
            lines.back() += ' ';
            used += gap;
        }
        lines.back() += part;
        used += width;
        blank = false;
        text.remove_prefix(part.size());
    }
    return lines;
}

std::vector<std::string> wrap_wire(std::string_view text, std::size_t columns)
{
    std::vector<std::string> lines(1);
    std::size_t used = 0;
    while (!text.empty()) {
        const Glyph glyph = next_glyph(text);
        if (used > 0 && used + glyph.width > columns) {
            lines.emplace_back();
            used = 0;
        }
        lines.back() += glyph.octets;
        used += glyph.width;
        text.remove_prefix(glyph.octets.size());
    }
    return lines;
}

std::string cut(std::string_view text, std::size_t columns)
{
    if (display_width(text) <= columns)
        return std::string(text);
    std::string result;
    std::size_t used = 1; // for the mark
    while (!text.empty()) {
        const Glyph glyph = next_glyph(text);
        if (used + glyph.width > columns)
            break;
        result += glyph.octets;
        used += glyph.width;
        text.remove_prefix(glyph.octets.size());
    }
    return result + "…";
}

std::string padded(std::string_view text, std::size_t columns)
{
    const std::size_t width = display_width(text);
    return std::string(text) + std::string(width < columns ? columns - width : 0, ' ');
}

std::string printable(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        const unsigned char first = static_cast<unsigned char>(text.front());
        const bool control =
            length == 0 || first < 0x20U || first == 0x7FU ||
            (length == 2 && first == 0xC2U && static_cast<unsigned char>(text[1]) < 0xA0U);
        if (control && first == '\t')
            result += "    ";
        else if (control)
            result += fmt::format("\\x{:02x}", static_cast<unsigned>(first));
        else
            result += text.substr(0, length);
        text.remove_prefix(control && length == 2 ? 2 : std::max<std::size_t>(1, length));
    }
    return result;
}

} // namespace mailscope::cli
