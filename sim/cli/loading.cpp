// From a path to a scenario.
#include "sim/cli/loading.h"

#include "sim/core/check.h"
#include "sim/scenario/parse.h"

#include <cstdlib>
#include <utility>

namespace mailscope::cli
{

std::optional<Scenario> load_scenario(const std::string &path, Output &err)
{
    ParseResult result = parse_scenario_file(path);
    for (const Diagnostic &diagnostic : result.diagnostics)
        err.line(to_string(diagnostic));
    if (!result.is_good())
        return std::nullopt;
    return std::move(result.scenario);
}

std::optional<Play> play_scenario(const Scenario &scenario, const PlayOptions &options, Output &err)
{
    Result<Play> played = play(scenario, options);
    if (played)
        return std::move(*played);
    complain(err, scenario.file + ": " + played.error().message);
    if (!options.remedy.empty() && find_remedy(scenario, options.remedy) == nullptr)
        for (const RemedySpec &remedy : scenario.remedies)
            err.line("    --remedy " + remedy.id);
    return std::nullopt;
}

std::string language_of(std::string_view asked)
{
    if (!asked.empty())
        return std::string(asked);
    for (const char *name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char *value = std::getenv(name);
        if (value != nullptr && *value != '\0')
            return std::string_view(value).substr(0, 2) == "ja" ? "ja" : "en";
    }
    return "en";
}

Catalogue load_catalogue(std::string_view asked)
{
    Result<Catalogue> catalogue = Catalogue::load(language_of(asked));
    MS_CHECK(catalogue.has_value());
    return *catalogue;
}

const std::string &in_language(const LocalText &text, std::string_view language)
{
    const bool japanese = language == "ja";
    const std::string &wanted = japanese ? text.ja : text.en;
    return wanted.empty() ? (japanese ? text.en : text.ja) : wanted;
}

void complain(Output &err, std::string_view message)
{
    err.line("mailscope: " + std::string(message));
}

} // namespace mailscope::cli
