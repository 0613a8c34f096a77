// Worlds for tests: from a scenario written in a few lines.
//
// The verbs that make a test of the whole engine read like a story. Everything here goes through
// the same doors as the command line: a JSON text is parsed, a World is built, and it is run.
#pragma once

#include "sim/core/digest.h"
#include "sim/scenario/build.h"
#include "sim/scenario/parse.h"
#include "sim/scenario/play.h"
#include "sim/world/world.h"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace mailscope::testing
{

/// The scenario in a JSON text that must be good.
inline Scenario scenario_of(std::string_view json)
{
    const ParseResult parsed = parse_scenario(json, "test.json");
    for (const Diagnostic &diagnostic : parsed.diagnostics)
        UNSCOPED_INFO(to_string(diagnostic));
    REQUIRE(parsed.is_good());
    return parsed.scenario;
}

/// Two people at two providers; `story`, `extra` (further keys of the world, with a leading comma)
/// are JSON.
inline Scenario two_people(std::string_view story, std::string_view extra = "")
{
    return scenario_of(
        R"({"title": "t", "world": {"domains": [
             {"name": "example.com", "mailboxes": [{"user": "alice"}]},
             {"name": "example.jp", "mailboxes": [{"user": "bob"}, {"user": "carol"}]}],
           "people": [{"name": "alice", "address": "alice@example.com"},
                      {"name": "bob", "address": "bob@example.jp"}])" +
        std::string(extra) + R"(}, "story": )" + std::string(story) + "}");
}

/// One letter from alice to bob, who fetches and reads it.
inline Scenario a_letter()
{
    return two_people(R"([
        {"at": "1s", "who": "alice", "does": "send", "to": "bob@example.jp", "subject": "Hello",
         "text": "How are you?"},
        {"at": "1m", "who": "bob", "does": "fetch"},
        {"at": "2m", "who": "bob", "does": "read"}])");
}

inline World world_of(const Scenario &scenario)
{
    Result<World> world = build_world(scenario);
    REQUIRE(world.has_value());
    return std::move(*world);
}

/// How many records are of that kind.
inline std::size_t count(const Records &records, RecordKind kind)
{
    std::size_t found = 0;
    records.for_each([&](const Record &record) { found += record.kind == kind ? 1U : 0U; });
    return found;
}

/// A fingerprint of a trace: everything that a view could show.
inline std::uint64_t fingerprint(const Records &records)
{
    Digest digest;
    records.for_each([&](const Record &r) {
        digest.add(r.at, r.id, r.because, r.kind, r.protocol, r.code, r.status, r.host, r.peer,
                   r.conversation, r.message, r.link, r.value, r.text);
    });
    return digest.value();
}

} // namespace mailscope::testing
