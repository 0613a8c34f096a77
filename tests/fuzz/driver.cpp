// Runs a fuzz target without libFuzzer: every file named, and mutations of it that are the same on
// each run.
#include "sim/core/rng.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace
{

using mailscope::Rng;

constexpr int mutations = 400; ///< of each file

std::string content_of(const std::filesystem::path &path)
{
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::size_t below(Rng &rng, std::size_t limit)
{
    return limit == 0 ? 0 : rng.below(static_cast<std::uint32_t>(limit));
}

void mutate(std::string &text, Rng &rng)
{
    const std::size_t at = below(rng, text.size() + 1);
    switch (below(rng, 6)) {
    case 0:
        text.erase(at, 1 + below(rng, 16));
        break;
    case 1:
        text.resize(at);
        break;
    case 2:
        text.insert(at, 1, static_cast<char>(below(rng, 256)));
        break;
    case 3:
        text.insert(at, text.substr(below(rng, text.size() + 1), 64));
        break;
    case 4:
        text.insert(at, 1U << below(rng, 12), static_cast<char>(below(rng, 256)));
        break;
    default:
        if (at < text.size())
            text[at] = static_cast<char>(static_cast<unsigned>(text[at]) ^ (1U << below(rng, 8)));
    }
}

} // namespace

int main(int count, char **arguments)
{
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < count; ++i)
        for (const auto &entry : std::filesystem::directory_iterator(arguments[i]))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    if (files.empty()) {
        std::fputs("no corpus\n", stderr);
        return 1;
    }
    for (const std::filesystem::path &file : files) {
        const std::string original = content_of(file);
        mailscope::fuzz::run(original);
        Rng rng(1, file.filename().string());
        for (int i = 0; i < mutations; ++i) {
            std::string text = original;
            for (std::size_t steps = 1 + below(rng, 4); steps != 0; --steps)
                mutate(text, rng);
            mailscope::fuzz::run(text);
        }
    }
    return 0;
}
