// From a path to a scenario, and what is wrong with it on the way.
//
// Every command that takes a file goes through here, so that all of them report the same mistakes
// in the same form and end with the same exit status.
#pragma once

#include "sim/cli/commands.h"
#include "sim/scenario/play.h"
#include "sim/scenario/scenario.h"
#include "sim/text/catalogue.h"

#include <optional>
#include <string>
#include <string_view>

namespace mailscope::cli
{

/// The scenario of a file; nothing, with everything that is wrong said on `err`, when it is bad.
std::optional<Scenario> load_scenario(const std::string &path, Output &err);

/// Plays it; nothing, with the reason on `err`, when that cannot be.
std::optional<Play> play_scenario(const Scenario &scenario, const PlayOptions &options,
                                  Output &err);

/// The language to speak: the one asked for, or else what LC_ALL, LC_MESSAGES or LANG say, or
/// English.
std::string language_of(std::string_view asked);

/// The texts of that language.
Catalogue load_catalogue(std::string_view asked);

/// The text in the language where it is there, or the other one.
const std::string &in_language(const LocalText &text, std::string_view language);

/// Says what is wrong in the way of compilers: "mailscope: ...".
void complain(Output &err, std::string_view message);

} // namespace mailscope::cli
