// Small tools for tests that look at text.
//
// They stand here once, because tests of several folders look at lines and lengths.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mailscope::test
{

/// `piece` `count` times in a row.
inline std::string repeated(std::string_view piece, std::size_t count)
{
    std::string text;
    for (; count != 0; --count)
        text += piece;
    return text;
}

/// Octets of the longest line, without its CRLF.
inline std::size_t longest_line(std::string_view text)
{
    std::size_t longest = 0;
    while (!text.empty()) {
        const std::size_t end = text.find("\r\n");
        longest = std::max(longest, text.substr(0, end).size());
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    }
    return longest;
}

} // namespace mailscope::test
