// Scenario files from paths.
#include "sim/cli/paths.h"

#include "sim/cli/loading.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace mailscope::cli
{
namespace
{

namespace fs = std::filesystem;

bool is_scenario(const fs::path &path)
{
    constexpr std::string_view schema = ".schema.json";
    const std::string name = path.filename().string();
    return path.extension() == ".json" &&
           (name.size() < schema.size() || name.substr(name.size() - schema.size()) != schema);
}

} // namespace

std::optional<std::vector<std::string>> scenario_files(const std::vector<std::string> &paths,
                                                       Output &err)
{
    std::vector<std::string> files;
    for (const std::string &path : paths) {
        std::error_code problem;
        if (!fs::is_directory(path, problem)) {
            files.push_back(path);
            continue;
        }
        std::vector<std::string> found;
        for (fs::recursive_directory_iterator entry(path, problem), end; !problem && entry != end;
             entry.increment(problem))
            if (entry->is_regular_file(problem) && is_scenario(entry->path()))
                found.push_back(entry->path().string());
        if (found.empty()) {
            complain(err, path + ": no scenario (*.json) in this folder");
            return std::nullopt;
        }
        std::sort(found.begin(), found.end());
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

} // namespace mailscope::cli
