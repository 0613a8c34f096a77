// Nothing that a server has accepted is ever lost, whatever breaks on the way.
#include "sim/world/conservation.h"

#include "sim/core/rng.h"
#include "tests/support/worlds.h"

#include <array>

using namespace mailscope;
using namespace mailscope::testing;

namespace
{

constexpr std::array<std::string_view, 9> machines = {
    "mx.example.com", "mx.example.jp", "ns1.example.jp",    "resolver.isp-a", "root-dns",
    "isp-a",          "isp-b",         "alice-home-router", "bob-laptop"};

/// A fault on a machine for a while.
FaultSpec random_fault(Rng &rng)
{
    FaultSpec fault;
    fault.host = machines[rng.below(machines.size())];
    constexpr std::array kinds = {FaultKindSpec::HostDown, FaultKindSpec::ServiceSilent,
                                  FaultKindSpec::ServiceClosed, FaultKindSpec::LinkCut,
                                  FaultKindSpec::LinkLoss};
    fault.kind = kinds[rng.below(kinds.size())];
    if (fault.kind == FaultKindSpec::LinkCut || fault.kind == FaultKindSpec::LinkLoss) {
        constexpr std::array<std::array<std::string_view, 2>, 4> links = {
            {{"isp-a", "backbone"},
             {"isp-b", "backbone"},
             {"mx.example.jp", "isp-b"},
             {"mx.example.com", "isp-a"}}};
        const auto &ends = links[rng.below(links.size())];
        fault.host.clear();
        fault.from = ends[0];
        fault.to = ends[1];
        fault.loss_per_million = 100'000 + rng.below(400'000);
    }
    return fault;
}

/// Letters to good and bad addresses.
void write_letters(World &world, Rng &rng)
{
    constexpr std::array<std::string_view, 5> recipients = {"bob@example.jp", "carol@example.jp",
                                                            "nobody@example.jp", "x@nowhere.test",
                                                            "alice@example.com"};
    for (int i = 0; i < 6; ++i) {
        ActionSpec action;
        action.does = ActionKind::Send;
        action.who = rng.below(2) == 0 ? "alice" : "bob";
        action.to = {std::string(recipients[rng.below(recipients.size())])};
        if (rng.below(3) == 0)
            action.cc = {"carol@example.jp"};
        action.subject = "letter " + std::to_string(i);
        if (rng.below(4) == 0)
            action.attach = {{"photo.jpg", "image/jpeg", 20'000 + rng.below(100'000)}};
        schedule(world, SimTime(Duration(std::chrono::milliseconds(rng.below(600'000)))), action);
    }
}

} // namespace

TEST_CASE("Nothing is lost while machines, services and wires fail at random", "[property]")
{
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Scenario scenario = two_people("[]");
        scenario.seed = seed;
        World world = world_of(scenario);
        Rng rng(seed, "random faults");
        write_letters(world, rng);
        for (int i = 0; i < 5; ++i) {
            const FaultSpec fault = random_fault(rng);
            const Duration begins = std::chrono::milliseconds(rng.below(700'000));
            const Duration lasts = std::chrono::milliseconds(rng.below(3'600'000));
            schedule(world, SimTime(begins), FaultOrder{fault, FaultOrder::Turn::Begins});
            schedule(world, SimTime(begins + lasts), FaultOrder{fault, FaultOrder::Turn::Ends});
        }
        Records records(TraceLevel::Mail);
        while (step(world, records, SimTime(24h * 8)))
            if (const auto errors = conservation_errors(world); !errors.empty())
                FAIL(errors.front());
        for (const std::string &error : conservation_errors(world, records))
            FAIL_CHECK(error);
        CHECK(count(records, RecordKind::LetterWritten) == 6);
        for (const MailServerPlace &place : world.mail_servers)
            CHECK(place.server.queue().messages.size() == 0); // all is repaired: all has ended
    }
}

TEST_CASE("A checker of the books notices a missing letter", "[conservation]")
{
    World world = world_of(a_letter());
    Records records;
    run_to_rest(world, records, SimTime(1h));
    REQUIRE(conservation_errors(world, records).empty());
    Records without(TraceLevel::Everything);
    records.for_each([&](const Record &record) {
        if (record.kind != RecordKind::Delivered)
            without.add(Record(record));
    });
    CHECK(conservation_errors(world, without).size() == 1);
}
