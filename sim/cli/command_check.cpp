// mailscope check: reads scenarios and reports every mistake.
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/cli/paths.h"
#include "sim/scenario/build.h"
#include "sim/trace/query.h"

namespace mailscope::cli
{
namespace
{

/// What only the built World can tell: whether it can be built, and whether queries mean something.
bool check_built(const Scenario &scenario, Output &err)
{
    const Result<World> world = build_world(scenario);
    if (!world) {
        complain(err, scenario.file + ": " + world.error().message);
        return false;
    }
    bool good = true;
    const std::vector<std::string> hosts = host_names(*world);
    const auto check_query = [&](const std::string &text, const std::string &place) {
        const Result<Query> query = Query::parse(text, hosts);
        if (query)
            return;
        err.line(place + ": error: query \"" + text + "\": " + query.error().message);
        good = false;
    };
    for (const ExpectationSpec &spec : scenario.expect)
        if (spec.kind == ExpectationKind::Happened)
            check_query(spec.query, scenario.file + ":" + std::to_string(spec.line));
    for (const MomentSpec &moment : scenario.lesson)
        check_query(moment.when, scenario.file);
    return good;
}

} // namespace

ExitStatus check(const std::vector<std::string> &paths, Streams streams)
{
    const std::optional<std::vector<std::string>> files = scenario_files(paths, streams.err);
    if (!files)
        return ExitStatus::BadInput;
    bool good = true;
    for (const std::string &file : *files) {
        const std::optional<Scenario> scenario = load_scenario(file, streams.err);
        const bool fine = scenario && check_built(*scenario, streams.err);
        good = good && fine;
        if (fine)
            streams.out.line(file + ": good");
    }
    return good ? ExitStatus::Good : ExitStatus::BadInput;
}

} // namespace mailscope::cli
