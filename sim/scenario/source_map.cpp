// Translating offsets to lines and columns.
#include "sim/scenario/source_map.h"

#include "sim/core/text.h"

#include <algorithm>

namespace mailscope
{

std::string_view take_character(std::string_view &text)
{
    const std::size_t length = std::max<std::size_t>(1, utf8_sequence_length(text));
    const std::string_view character = text.substr(0, length);
    text.remove_prefix(character.size());
    return character;
}

std::uint32_t count_characters(std::string_view text)
{
    std::uint32_t count = 0;
    while (!text.empty()) {
        take_character(text);
        ++count;
    }
    return count;
}

SourceMap::SourceMap(std::string_view text) : text_(text), line_starts_{0}
{
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
        line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
}

SourcePosition SourceMap::position_of(std::size_t offset) const
{
    offset = std::min(offset, text_.size());
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
    const std::size_t start = *(after - 1);
    return {line, 1 + count_characters(text_.substr(start, offset - start))};
}

std::string_view SourceMap::line(std::uint32_t number) const
{
    if (number == 0 || number > line_starts_.size())
        return {};
    std::string_view rest = text_.substr(line_starts_[number - 1]);
    rest = rest.substr(0, rest.find('\n'));
    if (!rest.empty() && rest.back() == '\r')
        rest.remove_suffix(1);
    return rest;
}

} // namespace mailscope
