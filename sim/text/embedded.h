// The files of assets/text as part of the library.
//
// cmake/embed.cmake makes embedded.cpp from them: line by line, because compilers limit the length
// of one literal. Only the catalogue reads this.
#pragma once

#include <span>
#include <string_view>

namespace mailscope
{

/// One line of a file; the lines of a file follow each other in order.
struct EmbeddedLine
{
    std::string_view file; ///< below assets/text: "en/records.json"
    std::string_view text;
};

std::span<const EmbeddedLine> embedded_text();

} // namespace mailscope
