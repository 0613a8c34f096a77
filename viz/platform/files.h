// Pictures, fonts and settings on disk, and what a folder holds.
//
// The thin part that touches files, so that everything above works on values. What cannot be read
// is nothing, and the caller says so.
#pragma once

#include "viz/platform/raster.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::viz
{

/// Writes a PNG; false when that fails.
[[nodiscard]] bool write_png(const std::string &path, const Picture &picture);

/// A font file and what must be known to ask for a size in the usual way.
struct FontFile
{
    std::string_view bytes;   ///< the whole file; stays until the program ends
    int face = 0;             ///< in a collection
    float line_per_em = 1.2F; ///< ascent and descent together, in em (OpenType hhea)
};

/// The fonts of this system for each use; no bytes where none was found.
struct FontFiles
{
    FontFile text;
    FontFile bold;
    FontFile mono;
    FontFile mono_bold;
};

/// Looks where systems keep Noto Sans CJK, IPAexGothic and the usual others, and JetBrains Mono.
FontFiles find_fonts();

/// Where nothing is yet in this folder: the name with the ending, or with a number before it.
std::string free_file(const std::string &name, const std::string &ending);

/// The whole file.
std::optional<std::string> read_file(const std::string &path);
/// Replaces the file, making its folder where that is missing; false when that fails.
[[nodiscard]] bool replace_file(const std::string &path, const std::string &text);

/// Scenario files: the file itself, or those of a folder in the order of their names.
std::vector<std::string> scenario_files(const std::string &path);

/// Where this user's settings are kept; empty when the system says no place.
std::string settings_path();

} // namespace mailscope::viz
