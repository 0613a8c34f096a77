// Line breaking.
#include "viz/model/wrap.h"

#include "sim/core/text.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr std::string_view never_first = "、。，．・：；？！）」』】〕］｝〉》”’ーぁぃぅぇぉっゃゅ"
                                         "ょゎァィゥェォッャュョヮ々…％),.:;?!]}";
constexpr std::string_view never_last = "（「『【〔［｛〈《“‘([{";

/// Kana, kanji, full-width signs: lines may be broken beside them.
bool is_wide(std::string_view character)
{
    return character.size() >= 3 && character >= "\xE2\xBA\x80";
}

bool is_one_of(std::string_view character, std::string_view set)
{
    return !character.empty() && set.find(character) != std::string_view::npos;
}

} // namespace

std::size_t first_character(std::string_view text)
{
    return std::max<std::size_t>(1, utf8_sequence_length(text));
}

std::vector<std::string_view> unbreakable_pieces(std::string_view text)
{
    std::vector<std::string_view> pieces;
    std::size_t start = 0;
    std::size_t at = 0;
    std::string_view last;
    while (at < text.size()) {
        const std::string_view character = text.substr(at, first_character(text.substr(at)));
        const bool feed = character == "\n";
        const bool after_space = last == " " && character != " ";
        const bool beside_wide =
            (is_wide(last) || is_wide(character)) && character != " " && last != " ";
        const bool may_break = at > start && (after_space || beside_wide) &&
                               !is_one_of(character, never_first) && !is_one_of(last, never_last);
        if (at > start && (feed || last == "\n" || may_break)) {
            pieces.push_back(text.substr(start, at - start));
            start = at;
        }
        at += character.size();
        last = character;
    }
    if (start < text.size())
        pieces.push_back(text.substr(start));
    return pieces;
}

} // namespace mailscope::viz
