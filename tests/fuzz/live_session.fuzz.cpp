// A program outside that says anything to any service of the live door, without sockets: whatever
// it says, and however it goes, the next program hands a letter in as if nobody had been there.
#include "sim/core/check.h"
#include "sim/live/simulation.h"
#include "sim/scenario/build.h"
#include "sim/scenario/parse.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace
{

using namespace mailscope;
using namespace mailscope::live;

World served_world()
{
    const ParseResult parsed = parse_scenario(R"({
      "title": "t",
      "world": {"domains": [{"name": "example.com", "mailboxes": "alice",
                             "mail": {"starttls": true}}],
                "people": [{"name": "alice", "address": "alice@example.com"}]}})",
                                              "fuzz.json");
    MS_CHECK(parsed.is_good());
    Result<World> world = build_world(parsed.scenario);
    MS_CHECK(world.has_value());
    MS_CHECK(add_outside_host(*world, outside_name).has_value());
    return std::move(*world);
}

std::string tell(Simulation &simulation, Handle session, std::string_view words)
{
    simulation.send(session, words);
    return simulation.outside().take_arrived(session);
}

void hand_a_letter_in(Simulation &simulation)
{
    const std::vector<Service> found = services_of(simulation.world(), *find_service("smtp"), {});
    const Handle session = simulation.open(found.front());
    tell(simulation, session, "EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<alice@example.com>\r\n");
    tell(simulation, session, "DATA\r\n");
    MS_CHECK(tell(simulation, session, "Subject: x\r\n\r\n.\r\n").substr(0, 4) == "250 ");
    simulation.close(session);
}

} // namespace

/// The first octet says which service and how the program ends; an octet 0 ends what is said at
/// once.
void mailscope::fuzz::run(std::string_view input)
{
    static const World start = served_world();
    Simulation simulation(start, Speed::Fast, TraceLevel::Everything);
    const auto first = static_cast<unsigned char>(input.empty() ? 0 : input.front());
    input.remove_prefix(input.empty() ? 0 : 1);
    const std::span<const ServiceKind> kinds = service_kinds();
    const ServiceKind &kind = kinds[first % kinds.size()];
    const std::vector<Service> found = services_of(simulation.world(), kind, {});
    if (found.empty())
        return;
    if (kind.datagrams)
        simulation.ask(found.front(), input);
    const Handle session = simulation.open(found.front());
    while (!input.empty()) {
        const std::string_view piece = input.substr(0, input.find('\0'));
        tell(simulation, session, piece);
        if (simulation.server_began_tls(session))
            simulation.start_tls(session);
        input.remove_prefix(std::min(piece.size() + 1, input.size()));
    }
    if (first >= 128)
        simulation.abort(session);
    else
        simulation.close(session);
    hand_a_letter_in(simulation);
    simulation.outside().take_changed();
    // Its end may take simulated minutes; then nobody is left.
    simulation.skip(std::chrono::hours(1));
    for (const OutsideHost::Answer &answer : simulation.outside().take_answers())
        MS_CHECK(answer.bytes.size() >= 12);
}
