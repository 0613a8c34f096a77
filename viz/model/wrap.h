// Where a line of text may be broken, in Japanese and in English.
//
// Japanese breaks between any two characters except before 、。）」 and small kana, and after
// opening brackets; Latin words, host names and addresses stay whole. How wide a piece is, the
// caller says, so that this needs no fonts and can be tested with numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::viz
{

/// The pieces of a text that must stay together, in order; together they are the text. A space
/// belongs to the piece before it; a line feed is a piece of its own.
std::vector<std::string_view> unbreakable_pieces(std::string_view text);

/// Octets of the first character; at least one.
std::size_t first_character(std::string_view text);

/// Lines of at most `width`, measured by `measure(std::string_view) -> float`. A piece that is
/// wider than a line is cut where it must be.
template <class Measure>
std::vector<std::string> wrap_lines(std::string_view text, float width, Measure measure)
{
    std::vector<std::string> lines(1);
    for (std::string_view piece : unbreakable_pieces(text)) {
        if (piece == "\n") {
            lines.emplace_back();
            continue;
        }
        std::string_view seen = piece;
        while (!seen.empty() && seen.back() == ' ')
            seen.remove_suffix(1);
        if (!lines.back().empty() && measure(lines.back() + std::string(seen)) > width)
            lines.emplace_back();
        while (measure(seen) > width && seen.size() > first_character(seen)) {
            std::size_t fits = first_character(seen);
            for (std::size_t end = 1; end <= seen.size(); ++end) {
                const bool inside =
                    end < seen.size() && (static_cast<unsigned char>(seen[end]) & 0xC0U) == 0x80U;
                if (!inside && measure(seen.substr(0, end)) <= width)
                    fits = end;
            }
            lines.back() += seen.substr(0, fits);
            lines.emplace_back();
            seen.remove_prefix(fits);
            piece.remove_prefix(fits);
        }
        lines.back() += piece;
    }
    for (std::string &line : lines)
        while (!line.empty() && line.back() == ' ')
            line.pop_back();
    return lines;
}

} // namespace mailscope::viz
