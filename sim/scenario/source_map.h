// Where in a file something stands.
//
// People name a place by line and column, programs by offset; this translates. Lines end at LF (a
// CR before it belongs to the line end). Columns count characters, so that an editor's "go to"
// finds the place in a line with Japanese text; an octet that is no UTF-8 counts as a character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mailscope
{

/// A place in a text file; both numbers begin at 1.
struct SourcePosition
{
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

/// The line table of one text. Keeps a view: the text must outlive the map.
class SourceMap
{
public:
    explicit SourceMap(std::string_view text);

    /// The place of the octet at `offset`; offsets behind the end mean the end.
    SourcePosition position_of(std::size_t offset) const;

    /// The line with that number, without its line end; empty when there is no such line.
    std::string_view line(std::uint32_t number) const;

    std::string_view text() const { return text_; }

private:
    std::string_view text_;
    std::vector<std::uint32_t> line_starts_;
};

/// Takes one character off the front: a UTF-8 sequence, or one octet where there is none.
std::string_view take_character(std::string_view &text);

/// How many characters `text` has, by the same rule.
std::uint32_t count_characters(std::string_view text);

} // namespace mailscope
