// Sorting, wording and printing mistakes.
#include "sim/scenario/diagnostics.h"

#include "sim/core/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace mailscope
{

namespace
{

constexpr std::size_t excerpt_characters_max = 100;
constexpr std::size_t quoted_characters_max = 60;
constexpr std::size_t source_line_bytes_max = 4096; // beyond, an excerpt helps nobody
constexpr std::size_t name_bytes_max = 64;          // longer words are no misspelt names

struct Range
{
    char32_t first;
    char32_t last;
};

// Characters that take two cells of a terminal (the main ranges of Unicode's East Asian Width).
constexpr std::array<Range, 9> wide_ranges{{{0x1100, 0x115F},
                                            {0x2E80, 0xA4CF},
                                            {0xAC00, 0xD7A3},
                                            {0xF900, 0xFAFF},
                                            {0xFE30, 0xFE6F},
                                            {0xFF00, 0xFF60},
                                            {0xFFE0, 0xFFE6},
                                            {0x1F300, 0x1FAFF},
                                            {0x20000, 0x3FFFD}}};
// Characters that take none: combining marks, joiners, variation selectors.
constexpr std::array<Range, 4> zero_ranges{
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}}};

template <std::size_t N> bool is_in(const std::array<Range, N> &ranges, char32_t character)
{
    return std::any_of(ranges.begin(), ranges.end(), [character](const Range &range) {
        return character >= range.first && character <= range.last;
    });
}

char32_t code_point(std::string_view sequence)
{
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    if (sequence.size() == 1)
        return octet(0);
    char32_t value = octet(0) & (0xFFU >> (sequence.size() + 1));
    for (std::size_t i = 1; i < sequence.size(); ++i)
        value = value << 6U | (octet(i) & 0x3FU);
    return value;
}

std::size_t cells(std::string_view character)
{
    const char32_t value = code_point(character);
    if (is_in(zero_ranges, value))
        return 0;
    return is_in(wide_ranges, value) ? 2 : 1;
}

// A character as it may be printed: no controls but tab, no broken UTF-8.
std::string_view printable(std::string_view character)
{
    const auto first = static_cast<unsigned char>(character[0]);
    const bool control =
        (first < 0x20 && first != '\t') || first == 0x7F ||
        (first == 0xC2 && character.size() == 2 && static_cast<unsigned char>(character[1]) < 0xA0);
    const bool broken = first >= 0x80 && character.size() == 1;
    return control || broken ? std::string_view("\xEF\xBF\xBD") : character;
}

// The source line and the mark below it.
std::string excerpt(const Diagnostic &diagnostic)
{
    const std::size_t at = diagnostic.column - 1;
    const std::size_t first = at > excerpt_characters_max / 2 ? at - excerpt_characters_max / 2 : 0;
    std::string line = first > 0 ? "..." : "";
    std::string mark(line.size(), ' ');
    std::string_view rest = diagnostic.source_line;
    std::size_t index = 0;
    for (; !rest.empty() && index < first + excerpt_characters_max; ++index) {
        const std::string_view character = printable(take_character(rest));
        if (index < first)
            continue;
        line += character;
        if (index < at)
            mark += character == "\t" ? std::string("\t") : std::string(cells(character), ' ');
        else if (index == at)
            mark += '^' + std::string(std::max<std::size_t>(cells(character), 1) - 1, '~');
        else if (index < at + diagnostic.length)
            mark += std::string(cells(character), '~');
    }
    if (at >= index)
        mark += '^';
    return fmt::format("    {}{}\n    {}\n", line, rest.empty() ? "" : "...", mark);
}

char folded(char c) { return c == '-' ? '_' : ascii_lower(c); }

// Optimal string alignment distance (a swap of neighbours is one step), in half steps.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::array<std::size_t, name_bytes_max + 1>> rows(a.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        rows[0][j] = 2 * j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        rows[i][0] = 2 * i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t other = a[i - 1] == b[j - 1]                   ? 0U
                                      : folded(a[i - 1]) == folded(b[j - 1]) ? 1U
                                                                             : 2U;
            std::size_t best = std::min(rows[i - 1][j], rows[i][j - 1]) + 2;
            best = std::min(best, rows[i - 1][j - 1] + other);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = std::min(best, rows[i - 2][j - 2] + 2);
            rows[i][j] = best;
        }
    }
    return rows[a.size()][b.size()];
}

} // namespace

std::string to_string(const Diagnostic &diagnostic)
{
    std::string place = diagnostic.file;
    if (diagnostic.line != 0)
        place += fmt::format(":{}:{}", diagnostic.line, diagnostic.column);
    const std::string path = diagnostic.path.empty() ? "" : diagnostic.path + ": ";
    std::string result = fmt::format("{}: error: {}found {}, expected {}", place, path,
                                     diagnostic.found, diagnostic.expected);
    if (!diagnostic.suggestion.empty())
        result += fmt::format("; did you mean {}?", in_quotes(diagnostic.suggestion));
    result += '\n';
    if (diagnostic.line != 0 && !trim(diagnostic.source_line).empty())
        result += excerpt(diagnostic);
    return result;
}

void DiagnosticList::add(Mistake mistake)
{
    if (full())
        ++dropped_;
    else
        kept_.push_back(std::move(mistake));
}

std::vector<Diagnostic> DiagnosticList::take()
{
    std::stable_sort(kept_.begin(), kept_.end(),
                     [](const Mistake &a, const Mistake &b) { return a.offset < b.offset; });
    std::vector<Diagnostic> result;
    for (Mistake &mistake : kept_) {
        const SourcePosition position = map_->position_of(mistake.offset);
        Diagnostic diagnostic;
        diagnostic.file = file_;
        diagnostic.line = position.line;
        diagnostic.column = position.column;
        diagnostic.length = count_characters(
            map_->text().substr(std::min(mistake.offset, map_->text().size()), mistake.length));
        diagnostic.path = std::move(mistake.path);
        diagnostic.found = std::move(mistake.found);
        diagnostic.expected = std::move(mistake.expected);
        diagnostic.suggestion = std::move(mistake.suggestion);
        if (const std::string_view line = map_->line(position.line);
            line.size() <= source_line_bytes_max)
            diagnostic.source_line = line;
        result.push_back(std::move(diagnostic));
    }
    if (dropped_ > 0) {
        Diagnostic rest;
        rest.file = file_;
        rest.found = fmt::format("{} more mistakes", dropped_);
        rest.expected = "a scenario";
        result.push_back(std::move(rest));
    }
    kept_.clear();
    dropped_ = 0;
    return result;
}

std::string_view nearest_name(std::string_view word,
                              const std::vector<std::string_view> &candidates)
{
    if (word.empty() || word.size() > name_bytes_max)
        return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, 2 * (word.size() / 3)) + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t longer = std::max(word.size(), candidate.size());
        const std::size_t shorter = std::min(word.size(), candidate.size());
        if (longer > name_bytes_max || 2 * (longer - shorter) >= best_distance)
            continue;
        const std::size_t found = distance(word, candidate);
        if (found < best_distance) {
            best = candidate;
            best_distance = found;
        }
    }
    return best;
}

std::string in_quotes(std::string_view text)
{
    std::string result = "\"";
    for (std::size_t count = 0; !text.empty(); ++count) {
        if (count == quoted_characters_max) {
            result += "...";
            break;
        }
        const std::string_view character = take_character(text);
        result += character == "\n" ? "\\n" : character == "\t" ? "\\t" : printable(character);
    }
    return result + '"';
}

} // namespace mailscope
