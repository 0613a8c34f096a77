// Text in columns: widths of characters in a terminal, and lines that break where they may.
//
// Japanese characters take two columns and break anywhere, but no line begins with a closing
// mark (a small part of the rules of JIS X 4051). What a terminal could take for an order, control
// characters and broken UTF-8, is shown as text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::cli
{

/// Columns that the text takes.
std::size_t display_width(std::string_view text);

/// The text in lines of at most `columns` (but never less than one word or character).
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

/// Text from the wire in pieces of at most `columns`, nothing left out, not even blanks.
std::vector<std::string> wrap_wire(std::string_view text, std::size_t columns);

/// The text, cut to `columns` with "…" at its end when it is longer.
std::string cut(std::string_view text, std::size_t columns);

/// The text with blanks behind it up to `columns`.
std::string padded(std::string_view text, std::size_t columns);

/// The text with everything that is no printable character as "\x1b" or "\xFF".
std::string printable(std::string_view text);

} // namespace mailscope::cli
