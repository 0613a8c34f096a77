// What stands around a told run: the title before it, and after it where every letter is now, what
// was expected, and what a learner can try.
//
// It reads the World at its end and the scenario; it decides nothing and plays nothing.
#pragma once

#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/scenario/expect.h"
#include "sim/scenario/play.h"
#include "sim/text/catalogue.h"

#include <string>
#include <vector>

namespace mailscope::cli
{

struct Ending
{
    const Scenario &scenario;
    const Play &play;
    const std::vector<std::string> &hosts;
    const Catalogue &catalogue;
    const std::vector<ExpectationResult> &results;
    const RunOptions &options;
};

void tell_title(const Scenario &scenario, const Catalogue &catalogue, Output &out);
void tell_ending(const Ending &ending, Output &out);

/// An expectation as a sentence in the language of the catalogue.
std::string expectation_text(const ExpectationSpec &spec, const Catalogue &catalogue);

/// A heading across the line.
void tell_heading(std::string_view text, Output &out);

/// A mark and a text, broken and indented where it must be.
void tell_item(std::string_view mark, Style style, std::string_view text, Output &out);

/// The texts of where each letter is, one per letter and place; the sender's copies are left out.
std::vector<std::string> letter_place_texts(const World &world, const Catalogue &catalogue,
                                            const std::vector<std::string> &hosts);

} // namespace mailscope::cli
