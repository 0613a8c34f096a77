// docs/fidelity.md is made of what the replays show: the recorded cases that are there, the
// features that each of them shows, and the deliberate differences with their reasons.
//
// The replays themselves are unit tests (tests/unit/*/reference*.test.cpp); they fail when an
// engine departs from a recording, or when a listed difference is none any more. UPDATE_GOLDEN=1
// rewrites the page.
#include "sim/core/text.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace mailscope;

namespace
{

using Json = nlohmann::ordered_json;

const std::filesystem::path project = MAILSCOPE_SOURCE_DIR;
const std::filesystem::path reference = project / "tests/dialogue/reference";

std::string content_of(const std::filesystem::path &path)
{
    const std::ifstream file(path, std::ios::binary);
    REQUIRE(file.good());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Recorded cases of a family, and who answered in them: "Postfix 3.7.11".
struct Family
{
    std::size_t cases = 0;
    std::map<std::string, std::size_t> servers;
};

Family family_in(const std::string &name)
{
    Family family;
    for (const auto &file : std::filesystem::directory_iterator(reference / name)) {
        const Json recorded = Json::parse(content_of(file.path()));
        ++family.cases;
        ++family.servers[recorded.at("server_version").get<std::string>()];
    }
    return family;
}

std::string joined(const std::vector<std::string> &parts, const std::string &between)
{
    std::string text;
    for (const std::string &part : parts)
        text += (text.empty() ? "" : between) + part;
    return text;
}

void append_families(std::string &page, const Json &families)
{
    page += "| family | cases | recorded from | compared |\n|---|---|---|---|\n";
    std::size_t cases = 0;
    for (const Json &each : families) {
        const std::string name = each.at("name");
        const Family family = family_in(name);
        std::vector<std::string> servers;
        for (const auto &[server, count] : family.servers)
            servers.push_back(server);
        page += "| " + name + " | " + std::to_string(family.cases) + " | " + joined(servers, ", ") +
                " | " + each.at("held").get<std::string>() + " |\n";
        cases += family.cases;
    }
    page += "| all | " + std::to_string(cases) + " | | |\n";
}

void append_section(std::string &page, const Json &section)
{
    page += "\n## " + section.at("section").get<std::string>() + "\n\n";
    page += "| feature | RFC | state | shown by |\n|---|---|---|---|\n";
    for (const Json &row : section.at("rows")) {
        std::vector<std::string> shown;
        for (const std::string name : row.at("cases")) {
            INFO(name);
            CHECK(std::filesystem::exists(reference / (name + ".json")));
            shown.push_back("`" + name.substr(name.find('/') + 1) + "`");
        }
        const std::string rfc = row.at("rfc");
        page += "| " + row.at("feature").get<std::string>() + " | " + (rfc.empty() ? "–" : rfc) +
                " | " + row.at("state").get<std::string>() + " | " + joined(shown, ", ") + " |\n";
    }
}

/// The lines "case | difference | reason" of a list.
void append_differences(std::string &page, const std::string &list)
{
    std::istringstream lines(content_of(reference / list));
    for (std::string line; std::getline(lines, line);) {
        const std::size_t first = line.find(" | ");
        if (line.empty() || line.front() == '#' || first == std::string::npos)
            continue;
        const std::size_t second = line.find(" | ", first + 3);
        REQUIRE(second != std::string::npos);
        page += "| " + line.substr(0, first) + " | `" +
                std::string(trim(line.substr(first + 3, second - first - 3))) + "` | " +
                line.substr(second + 3) + " |\n";
    }
}

std::string fidelity_page()
{
    const Json features = Json::parse(content_of(reference / "features.json"));
    std::string page =
        "# Fidelity: what of each standard is there\n"
        "\n"
        "The engines follow the RFCs and are held against dialogs recorded from real programs\n"
        "(`tests/dialogue/reference`). Each dialog is played whole, byte by byte, and glued "
        "together.\n"
        "This page is made by `golden_tests` from `features.json` and the lists of differences "
        "there;\n"
        "a listed difference that no longer differs fails the replay.\n"
        "\n";
    append_families(page, features.at("families"));
    for (const Json &section : features.at("sections"))
        append_section(page, section);
    page += "\n## Deliberate differences\n\n| case | what differs | why |\n|---|---|---|\n";
    append_differences(page, "differences.txt");
    append_differences(page, "differences-dns.txt");
    return page;
}

} // namespace

TEST_CASE("The page about fidelity says what the replays show", "[golden]")
{
    const std::string page = fidelity_page();
    if (std::getenv("UPDATE_GOLDEN") != nullptr)
        std::ofstream(project / "docs/fidelity.md", std::ios::binary) << page;
    CHECK(page == content_of(project / "docs/fidelity.md"));
}

TEST_CASE("Every family of recorded dialogs is on the page about fidelity", "[golden]")
{
    const Json features = Json::parse(content_of(reference / "features.json"));
    std::vector<std::string> named;
    for (const Json &family : features.at("families"))
        named.push_back(family.at("name"));
    for (const auto &entry : std::filesystem::directory_iterator(reference))
        if (entry.is_directory()) {
            const std::string name = entry.path().filename().string();
            INFO(name);
            CHECK(std::find(named.begin(), named.end(), name) != named.end());
        }
}
