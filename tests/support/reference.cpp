// Reading and replaying recorded dialogs.
#include "tests/support/reference.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace mailscope::test
{

namespace
{

const std::filesystem::path reference_folder =
    std::filesystem::path(MAILSCOPE_SOURCE_DIR) / "tests/dialogue/reference";

/// JSON holds octets that were not UTF-8 as the characters U+0080 to U+00FF.
std::string latin1_octets(const std::string &utf8)
{
    std::string octets;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const unsigned byte = static_cast<unsigned char>(utf8[i]);
        if (byte >= 0xC0 && i + 1 < utf8.size()) {
            const unsigned low = static_cast<unsigned char>(utf8[++i]) & 0x3FU;
            octets.push_back(static_cast<char>((byte & 0x03U) << 6U | low));
        } else {
            octets.push_back(utf8[i]);
        }
    }
    return octets;
}

std::string base64_octets(const std::string &text)
{
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string octets;
    unsigned value = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::size_t digit = alphabet.find(c);
        if (digit == std::string_view::npos)
            break;
        value = (value << 6U | static_cast<unsigned>(digit)) & 0xFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            octets.push_back(static_cast<char>(value >> bits & 0xFFU));
        }
    }
    return octets;
}

ReferenceCase read_case(const std::filesystem::path &file)
{
    std::ifstream in(file);
    INFO("reading " << file.string());
    REQUIRE(in.good());
    const nlohmann::json json = nlohmann::json::parse(in);
    const bool latin1 = json.value("encoding", "") == "latin-1";
    ReferenceCase result;
    result.name = json.at("case").get<std::string>();
    result.family = json.at("family").get<std::string>();
    result.server = json.value("server", "");
    result.config_notes = json.value("config_notes", "");
    result.server_closed = json.value("server_closed", false);
    const auto side_of = [](const nlohmann::json &entry) {
        return entry.at(0) == "S" ? Side::Server : Side::Client;
    };
    for (const nlohmann::json &entry : json.at("lines")) {
        const std::string text = entry.at(1).get<std::string>();
        result.lines.push_back({side_of(entry), latin1 ? latin1_octets(text) : text});
    }
    if (json.contains("wire"))
        for (const nlohmann::json &entry : json.at("wire"))
            result.wire.push_back({side_of(entry), base64_octets(entry.at(1).get<std::string>())});
    return result;
}

/// Bytes in the order of the wire, neighbours of one side joined.
std::vector<Recorded> chunks_of(const ReferenceCase &recorded)
{
    std::vector<Recorded> chunks;
    const auto add = [&chunks](Side side, const std::string &bytes) {
        if (chunks.empty() || chunks.back().side != side)
            chunks.push_back({side, {}});
        chunks.back().text += bytes;
    };
    for (const Recorded &chunk : recorded.wire)
        add(chunk.side, chunk.text);
    std::size_t chunk_left = 0; // octets of a BDAT chunk (RFC 3030), which may end inside a line
    for (const Recorded &line : recorded.lines) {
        if (!recorded.wire.empty())
            break;
        const bool ends_chunk = chunk_left != 0 && chunk_left == line.text.size();
        add(line.side, line.text + (ends_chunk ? "" : "\r\n"));
        if (line.text.rfind("BDAT ", 0) == 0)
            chunk_left = std::stoul(line.text.substr(5));
        else
            chunk_left -= std::min(chunk_left, line.text.size() + 2);
    }
    return chunks;
}

/// Compares the lines of one turn; `after` says where in the conversation that is.
void compare(const std::vector<std::string> &expected, const std::vector<std::string> &actual,
             const std::string &after, const Mask &mask, std::vector<std::string> &differences)
{
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
        const std::string want = i < expected.size() ? "'" + mask(expected[i]) + "'" : "nothing";
        const std::string got = i < actual.size() ? "'" + mask(actual[i]) + "'" : "nothing";
        if (want != got)
            differences.push_back("after '" + after + "': expected " + want + ", got " + got);
    }
}

std::string last_line(const std::string &bytes)
{
    const std::vector<std::string> lines = split_lines(bytes);
    return lines.empty() ? "the start" : lines.back();
}

} // namespace

std::vector<ReferenceCase> reference_family(const std::string &family)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(reference_folder / family))
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    REQUIRE_FALSE(files.empty());
    std::vector<ReferenceCase> cases;
    for (const std::filesystem::path &file : files)
        cases.push_back(read_case(file));
    return cases;
}

ReferenceCase reference_case(const std::string &family, const std::string &name)
{
    return read_case(reference_folder / family / (name + ".json"));
}

std::vector<std::string> split_lines(ByteView bytes)
{
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find("\r\n");
        lines.emplace_back(bytes.substr(0, end));
        bytes = end == ByteView::npos ? ByteView() : bytes.substr(end + 2);
    }
    return lines;
}

std::vector<Turn> turns_of(const ReferenceCase &recorded, Side driver)
{
    std::vector<Turn> turns(1);
    for (const Recorded &chunk : chunks_of(recorded)) {
        if (chunk.side == driver)
            turns.push_back({chunk.text, {}});
        else
            turns.back().answered = split_lines(chunk.text);
    }
    return turns;
}

std::vector<std::string> replay(const ReferenceCase &recorded, Side driver, Delivery delivery,
                                const Feed &feed, const Mask &mask)
{
    const std::vector<Turn> turns = turns_of(recorded, driver);
    std::vector<std::string> differences;
    if (delivery == Delivery::Glued) {
        std::string said;
        std::vector<std::string> expected;
        for (const Turn &turn : turns) {
            said += turn.said;
            expected.insert(expected.end(), turn.answered.begin(), turn.answered.end());
        }
        std::string answers = feed({});
        answers += feed(said);
        compare(expected, split_lines(answers), "all at once", mask, differences);
        return differences;
    }
    for (const Turn &turn : turns) {
        std::string answers;
        if (delivery == Delivery::Whole || turn.said.empty())
            answers = feed(turn.said);
        else
            for (const char &byte : turn.said)
                answers += feed(ByteView(&byte, 1));
        compare(turn.answered, split_lines(answers), last_line(turn.said), mask, differences);
    }
    return differences;
}

std::vector<Difference> listed_differences(const std::string &family)
{
    std::ifstream in(reference_folder / "differences.txt");
    REQUIRE(in.good());
    std::vector<Difference> result;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#')
            continue;
        const std::size_t first = line.find(" | ");
        const std::size_t second = line.find(" | ", first + 3);
        INFO("differences.txt: " << line);
        REQUIRE(first != std::string::npos);
        REQUIRE(second != std::string::npos);
        Difference difference{line.substr(0, first), line.substr(first + 3, second - first - 3),
                              line.substr(second + 3)};
        if (difference.name.rfind(family + "/", 0) == 0)
            result.push_back(std::move(difference));
    }
    return result;
}

std::vector<std::string> unexplained(const ReferenceCase &recorded, std::vector<std::string> found)
{
    const std::string name = recorded.family + "/" + recorded.name;
    for (const Difference &listed : listed_differences(recorded.family)) {
        if (listed.name != name)
            continue;
        const auto explained = [&listed](const std::string &line) {
            return line.find(listed.aspect) != std::string::npos;
        };
        const auto rest = std::remove_if(found.begin(), found.end(), explained);
        if (rest == found.end())
            found.push_back("differences.txt lists '" + listed.aspect + "' for " + name +
                            ", which does not differ");
        else
            found.erase(rest, found.end());
    }
    return found;
}

} // namespace mailscope::test
