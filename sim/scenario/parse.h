// From the text of a scenario file to a Scenario, or to everything that is wrong with it.
//
// The format is described in docs/scenarios.md for people and in scenarios/scenario.schema.json for
// editors; both and this parser are held together by tests. Whether a lesson's topics have texts is
// not checked here: that is for the text catalogue.
#pragma once

#include "sim/scenario/diagnostics.h"
#include "sim/scenario/scenario.h"

#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// A scenario, and what is wrong with it. With any diagnostic the scenario must not be used.
struct ParseResult
{
    Scenario scenario;
    std::vector<Diagnostic> diagnostics; ///< in order of position

    bool is_good() const { return diagnostics.empty(); }
};

/// Parses the text; `file_name` only goes into messages. Reports all mistakes at once, but no
/// further than the first where the text is no JSON. Never throws; a lesson takes well under 1 ms.
[[nodiscard]] ParseResult parse_scenario(std::string_view json_text, std::string_view file_name);

/// Reads the file and parses it. A file that cannot be read is a diagnostic without a line.
[[nodiscard]] ParseResult parse_scenario_file(const std::string &path);

} // namespace mailscope
