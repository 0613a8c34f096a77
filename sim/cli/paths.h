// Scenario files from what a person names: files, and folders with files.
//
// Folders give their scenarios in the order of names, so that runs and reports are the same on
// every system; the schema beside them is none.
#pragma once

#include "sim/cli/output.h"

#include <optional>
#include <string>
#include <vector>

namespace mailscope::cli
{

/// The files, those of a folder in the order of their names, schemas left out. Nothing, with the
/// reason on `err`, when a path does not exist or a folder holds no scenario.
std::optional<std::vector<std::string>> scenario_files(const std::vector<std::string> &paths,
                                                       Output &err);

} // namespace mailscope::cli
