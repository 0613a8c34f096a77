// A scenario played to its rest, with a cursor, for the tests of view models.
//
// They all begin with a real story: values made up by hand would only show what their author
// expects of the engine.
#pragma once

#include "sim/scenario/build.h"
#include "sim/scenario/parse.h"
#include "sim/scenario/play.h"
#include "sim/world/outside.h"
#include "viz/model/views.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mailscope::testing
{

/// A scenario played to its rest, with a cursor.
struct Reader
{
    enum class Outside
    {
        Nobody,
        Machine, ///< one more machine, as while real programs talk to the servers
    };

    explicit Reader(const std::string &name, const char *language = "en",
                    Outside outside = Outside::Nobody)
        : parsed(parse_scenario_file(std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios/" + name +
                                     ".json")),
          timeline(world_of(parsed.scenario, outside))
    {
        timeline.extend_to_rest(time_limit(parsed.scenario));
        story = std::make_unique<viz::Story>(timeline.records());
        speak(language);
        layout = viz::lay_out_map(parsed.scenario, timeline.world());
    }

    static World world_of(const Scenario &scenario, Outside outside)
    {
        World world = build_world(scenario).value();
        if (outside == Outside::Machine)
            REQUIRE(add_outside_host(world, outside_name).has_value());
        return world;
    }

    void speak(const char *language)
    {
        words =
            std::make_unique<viz::Words>(language, parsed.scenario, *timeline.world().directory);
    }

    /// Goes to the first record that the query matches.
    viz::Moment at(std::string_view query)
    {
        const Result<Query> wanted = Query::parse(query, words->hosts());
        REQUIRE(wanted.has_value());
        std::size_t found = timeline.records().size();
        for (std::size_t i = 0; i < timeline.records().size() && found > i; ++i)
            if (wanted->matches(timeline.records()[i]))
                found = i;
        REQUIRE(found < timeline.records().size());
        return go_to(found);
    }

    viz::Moment go_to(std::size_t record)
    {
        state.record = record;
        timeline.seek_record(record);
        return moment();
    }

    viz::Moment moment() const
    {
        return {parsed.scenario, timeline.records(), timeline.world(), *story, *words, state};
    }

    ParseResult parsed;
    Timeline timeline;
    std::unique_ptr<viz::Story> story;
    std::unique_ptr<viz::Words> words;
    viz::MapLayout layout;
    viz::UiState state;
};

/// The names of all shipped scenarios, in order.
inline std::vector<std::string> shipped_scenarios()
{
    std::vector<std::string> names;
    for (const auto &entry :
         std::filesystem::directory_iterator(std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios")) {
        const std::filesystem::path path = entry.path().filename();
        if (path.extension() == ".json" && path.stem().extension() != ".schema")
            names.push_back(path.stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace mailscope::testing
