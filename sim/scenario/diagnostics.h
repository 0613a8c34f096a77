// What is wrong with a scenario file, said so that its author can mend it.
//
// A diagnostic names the place, what was found there, what was expected, and a near name where the
// author may have meant one. A list collects all of them and gives them in order of position. The
// words are English, for the person who writes lessons; learners never see them.
#pragma once

#include "sim/scenario/source_map.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// One mistake in a scenario file.
struct Diagnostic
{
    std::string file;
    std::uint32_t line = 0;   ///< 0: the file as a whole
    std::uint32_t column = 0; ///< in characters
    std::uint32_t length = 0; ///< characters to underline
    std::string path;         ///< such as "world.domains[0].mail.size_limit"; empty: the top
    std::string found;        ///< such as "\"10 MBB\""
    std::string expected;     ///< such as "a size such as \"10MB\""
    std::string suggestion;   ///< a near name, or empty
    std::string source_line;  ///< empty when it is very long
};

/// Like a compiler's message, with the source line and a mark below where there is a place:
///
///     x.json:12:15: error: world.seed: found "a", expected an integer from 0 to 9
///         "seed": "a",
///                 ^~~
///
/// Long lines are cut around the place; tabs and wide characters keep the mark where it belongs.
std::string to_string(const Diagnostic &diagnostic);

/// A mistake as the parser sees it.
struct Mistake
{
    std::size_t offset = 0;
    std::size_t length = 0; ///< in octets
    std::string path;
    std::string found;
    std::string expected;
    std::string suggestion;
};

/// Collects the mistakes of one file.
class DiagnosticList
{
public:
    /// More than that and a file is no scenario; the rest is only counted.
    static constexpr std::size_t kept_max = 100;

    /// Keeps a view of `map`, which must outlive the list.
    DiagnosticList(std::string_view file, const SourceMap &map) : file_(file), map_(&map) {}

    void add(Mistake mistake);
    bool empty() const { return kept_.empty(); }
    /// True when further mistakes are only counted, so that nobody needs to look for near names.
    bool full() const { return kept_.size() >= kept_max; }

    /// All mistakes in order of position; the list is empty afterwards.
    std::vector<Diagnostic> take();

private:
    std::string file_;
    const SourceMap *map_;
    std::vector<Mistake> kept_;
    std::size_t dropped_ = 0;
};

/// The candidate that `word` is most likely a misspelling of, or an empty view. Letter case, and
/// '-' for '_', count as half as wrong as another letter.
std::string_view nearest_name(std::string_view word,
                              const std::vector<std::string_view> &candidates);

/// `text` in double quotes, without control characters and shortened when very long.
std::string in_quotes(std::string_view text);

} // namespace mailscope
