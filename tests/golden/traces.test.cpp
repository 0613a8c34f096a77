// The trace of every shipped scenario, as text that a person reviews when it changes.
//
// One file per scenario holds what happened above the level of packets, and a fingerprint of
// everything, packets too: it is the same with every compiler, optimisation and platform.
// UPDATE_GOLDEN=1 rewrites the files; the difference is read before it is committed.
#include "tests/support/worlds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

using namespace mailscope;
using namespace mailscope::testing;

namespace
{

const std::filesystem::path root = MAILSCOPE_SOURCE_DIR;

std::vector<std::filesystem::path> scenario_files()
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(root / "scenarios"))
        if (entry.path().extension() == ".json" &&
            entry.path().filename() != "scenario.schema.json")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Text on one line, cut where a letter's content begins to be long.
std::string one_line(ByteView text)
{
    constexpr std::size_t longest = 160;
    std::string line;
    for (const char c : text.substr(0, longest))
        line += c == '\n' || c == '\r' ? '|' : c;
    return text.size() > longest ? line + "..." : line;
}

std::string text_of(const Play &play)
{
    const auto name = [&](HostId host) {
        return host.is_none() ? std::string("-") : play.world.directory->name_of(host);
    };
    std::string text;
    play.records.for_each([&](const Record &record) {
        if (info_of(record.kind).layer >= Layer::Packet)
            return;
        const std::int64_t ns = nanoseconds_since_start(record.at);
        std::string line =
            fmt::format("{}.{:06} {} {}", ns / 1'000'000'000, ns % 1'000'000'000 / 1'000,
                        info_of(record.kind).name, name(record.host));
        if (!record.peer.is_none())
            line += " > " + name(record.peer);
        if (record.code != 0)
            line += fmt::format(" {}", record.code);
        if (record.status != 0)
            line += " " + to_string_status(record.status);
        if (!record.text.empty())
            line += ": " + one_line(record.text.view());
        text += line + "\n";
    });
    return text + fmt::format("fingerprint {:016x} of {} records\n", fingerprint(play.records),
                              play.records.size());
}

} // namespace

TEST_CASE("Every scenario gives the trace that was reviewed", "[golden]")
{
    const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
    for (const std::filesystem::path &file : scenario_files()) {
        INFO(file.filename().string() << " (UPDATE_GOLDEN=1 rewrites, then read the difference)");
        const ParseResult parsed = parse_scenario_file(file.string());
        REQUIRE(parsed.is_good());
        const Result<Play> played = play(parsed.scenario, PlayOptions());
        REQUIRE(played.has_value());
        const std::string text = text_of(*played);
        const std::filesystem::path golden =
            root / "tests/golden/traces" / file.filename().replace_extension(".txt");
        if (update) {
            std::ofstream(golden, std::ios::binary) << text;
            continue;
        }
        std::ostringstream expected;
        expected << std::ifstream(golden, std::ios::binary).rdbuf();
        CHECK(text == expected.str());
    }
}

TEST_CASE("Every reviewed trace belongs to a scenario", "[golden]")
{
    for (const auto &entry : std::filesystem::directory_iterator(root / "tests/golden/traces")) {
        INFO(entry.path().string());
        const std::filesystem::path name = entry.path().filename();
        CHECK(std::filesystem::exists(root / "scenarios" /
                                      std::filesystem::path(name).replace_extension(".json")));
    }
}
