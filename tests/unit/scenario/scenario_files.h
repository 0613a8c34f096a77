// Scenario files for tests: the good ones, the bad ones, and what a bad one must be told.
//
// They lie in tests/scenario_files, where the schema's test finds them too. Every bad file has its
// printed diagnostics beside it; UPDATE_GOLDEN=1 rewrites them.
#pragma once

#include "sim/scenario/parse.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::test
{

inline const std::filesystem::path scenario_files =
    std::filesystem::path(MAILSCOPE_SOURCE_DIR) / "tests/scenario_files";

inline std::string read_text(const std::filesystem::path &path)
{
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Files with that extension in a folder, by name.
inline std::vector<std::filesystem::path> files_in(const std::filesystem::path &folder,
                                                   std::string_view extension)
{
    std::vector<std::filesystem::path> result;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == extension)
            result.push_back(entry.path());
    std::sort(result.begin(), result.end());
    return result;
}

/// All diagnostics as they are printed.
inline std::string printed(const ParseResult &result)
{
    std::string text;
    for (const Diagnostic &diagnostic : result.diagnostics)
        text += to_string(diagnostic);
    return text;
}

} // namespace mailscope::test
