// Scenario files from what a person names: files, and folders with files.
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
