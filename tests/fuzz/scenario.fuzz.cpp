// A scenario file of any content gives a scenario or diagnostics.
#include "sim/scenario/build.h"
#include "sim/scenario/parse.h"
#include "tests/fuzz/fuzz.h"

void mailscope::fuzz::run(std::string_view input)
{
    const ParseResult result = parse_scenario(input, "fuzz.json");
    if (result.is_good())
        static_cast<void>(build_world(result.scenario, 1));
}
