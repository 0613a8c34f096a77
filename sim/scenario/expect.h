// What a scenario expects, held against what happened.
//
// Each expectation is a sentence about the end of the story, or of the story with a remedy: a
// letter is in a mailbox or on a device, a report came back, a reply was said, records match a
// query. A failing one says what was found instead.
#pragma once

#include "sim/scenario/play.h"
#include "sim/scenario/scenario.h"

#include <string>
#include <vector>

namespace mailscope
{

struct ExpectationResult
{
    const ExpectationSpec *spec = nullptr;
    bool holds = false;
    std::string sentence; ///< "delivered to bob@example.jp"
    std::string found;    ///< what was found instead, when it does not hold
};

/// The expectations of the scenario that are about the story (`after` empty) or about the story
/// with that remedy, held against `play`.
std::vector<ExpectationResult> check_expectations(const Scenario &scenario, const Play &play,
                                                  std::string_view after);

/// Plays the story, and the story with each remedy that something is expected of, and checks all.
/// Conservation is checked too, after every step. Fails when the World cannot be built.
[[nodiscard]] Result<std::vector<ExpectationResult>> test_scenario(const Scenario &scenario);

} // namespace mailscope
