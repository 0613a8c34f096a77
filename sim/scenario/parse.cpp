// The top of a scenario file, and the order of reading and checking.
#include "sim/scenario/parse.h"

#include "sim/core/limits.h"
#include "sim/scenario/check.h"
#include "sim/scenario/format.h"
#include "sim/scenario/json_tree.h"
#include "sim/scenario/kinds.h"
#include "sim/scenario/parts.h"
#include "sim/scenario/source_map.h"
#include "sim/scenario/values.h"

#include <fmt/core.h>

#include <array>
#include <fstream>
#include <iterator>

namespace mailscope
{

namespace
{

constexpr std::uint64_t difficulty_max = 5;
constexpr std::uint64_t minutes_max = 600;
constexpr std::uint64_t seed_max = (1ULL << 53U) - 1; // what every JSON program keeps exactly

void read_start(Reading &reading, NodeIndex node, StartTime &start)
{
    const auto parsed =
        reading.is_string(node) ? parse_start_time(reading[node].text) : std::nullopt;
    if (parsed)
        start = *parsed;
    else
        reading.refuse(node, "a date and time such as \"2026-04-01T09:00:00+09:00\"");
}

void read_world_value(Reading &reading, NodeIndex node, Scenario &scenario)
{
    read_world(reading, node, scenario);
}

constexpr ValueKind<StartTime> start_value{"start", read_start};
constexpr ValueKind<Scenario> world_value{"world", read_world_value};

// Who acts in remedies that name nobody: the last who sends in the story.
std::string last_sender(const Scenario &scenario)
{
    for (auto action = scenario.story.rbegin(); action != scenario.story.rend(); ++action)
        if (action->does == ActionKind::Send && !action->who.empty())
            return action->who;
    return {};
}

void read_scenario(Reading &reading, NodeIndex node, Scenario &scenario)
{
    ObjectReader object(reading, node, "scenario");
    std::string schema;
    object.value("$schema", line_value, schema);
    object.value("title", text_value, scenario.title, Need::Required);
    object.value("summary", text_value, scenario.summary);
    object.list("topics", topic_value, scenario.topics);
    object.integer("difficulty", scenario.difficulty, 1, difficulty_max);
    object.integer("minutes", scenario.minutes, 1, minutes_max);
    object.integer("seed", scenario.seed, 0, seed_max);
    StartTime start{scenario.start_unix_seconds, scenario.utc_offset_minutes};
    object.value("start", start_value, start);
    scenario.start_unix_seconds = start.unix_seconds;
    scenario.utc_offset_minutes = start.utc_offset_minutes;
    object.value("runs_for", duration_value, scenario.runs_for);
    object.value("world", world_value, scenario, Need::Required);
    read_story(reading, object, "story", scenario.story, "");
    object.list("lesson", moment_value, scenario.lesson);
    read_remedies(reading, object, scenario.remedies, last_sender(scenario));
    object.list("expect", expectation_value, scenario.expect);
}

Diagnostic about_file(std::string_view file, std::string found, std::string expected)
{
    Diagnostic diagnostic;
    diagnostic.file = file;
    diagnostic.found = std::move(found);
    diagnostic.expected = std::move(expected);
    return diagnostic;
}

} // namespace

ParseResult parse_scenario(std::string_view json_text, std::string_view file_name)
{
    ParseResult result;
    result.scenario.file = file_name;
    const SourceMap map(json_text.substr(0, limits::scenario_bytes_max + 1));
    DiagnosticList mistakes(file_name, map);
    if (const std::optional<JsonTree> tree = read_json(json_text, mistakes)) {
        Reading reading(*tree, map, mistakes);
        read_scenario(reading, 0, result.scenario);
        check_declarations(reading);
        check_mentions(reading, result.scenario);
        check_aliases(reading, result.scenario);
    }
    result.diagnostics = mistakes.take();
    return result;
}

ParseResult parse_scenario_file(const std::string &path)
{
    ParseResult unreadable;
    unreadable.scenario.file = path;
    std::ifstream file(path, std::ios::binary);
    std::string text;
    if (file)
        file.peek(); // a directory opens well and fails here
    if (!file && !file.eof()) {
        unreadable.diagnostics = {about_file(path, "no file that can be read", "a scenario file")};
        return unreadable;
    }
    // One octet more than allowed is enough to know that it is too much.
    file.clear();
    for (std::array<char, 65'536> piece; file && text.size() <= limits::scenario_bytes_max;) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    return parse_scenario(text, path);
}

std::vector<ObjectFormat> scenario_format()
{
    const SourceMap map("{}");
    DiagnosticList ignored("", map);
    JsonTree tree;
    JsonNode empty;
    empty.kind = JsonKind::Object;
    tree.append(std::move(empty));
    Reading reading(tree, map, ignored);
    std::vector<ObjectFormat> format;
    reading.describe_into(format);
    Scenario scenario;
    read_scenario(reading, 0, scenario);
    text_value.read(reading, 0, scenario.title);
    describe_world(reading);
    describe_story(reading);
    describe_lesson(reading);
    describe_remedies(reading);
    describe_expectations(reading);
    return format;
}

} // namespace mailscope
