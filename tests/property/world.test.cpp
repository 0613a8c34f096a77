// The World as a value: copies, determinism, causes, and that the trace changes nothing.
#include "tests/support/worlds.h"

using namespace mailscope;
using namespace mailscope::testing;

TEST_CASE("A letter travels from alice to bob", "[world]")
{
    World world = world_of(a_letter());
    Records records;
    run_to_rest(world, records, SimTime(1h));
    CHECK(count(records, RecordKind::SubmissionAccepted) == 1);
    CHECK(count(records, RecordKind::Relayed) == 1);
    CHECK(count(records, RecordKind::Delivered) == 1);
    CHECK(count(records, RecordKind::LetterFetched) == 1);
    CHECK(count(records, RecordKind::LetterRead) == 1);
    CHECK(world.clients[1].inbox().size() == 1);
}

TEST_CASE("A copied world lives the same future", "[world][determinism]")
{
    World original = world_of(a_letter());
    Records past;
    for (const Duration moment :
         {Duration(1s), Duration(1080ms), Duration(1200ms), Duration(61s)}) {
        run_until(original, past, SimTime(moment));
        World branch = original;
        REQUIRE(mailscope::fingerprint(branch) == mailscope::fingerprint(original));
        World other = original;
        Records first;
        Records second;
        run_to_rest(branch, first, SimTime(1h));
        run_to_rest(other, second, SimTime(1h));
        CHECK(fingerprint(first) == fingerprint(second));
        CHECK(mailscope::fingerprint(branch) == mailscope::fingerprint(other));
        CHECK_FALSE(first.empty());
    }
}

TEST_CASE("Running a copy leaves the original as it was", "[world]")
{
    World original = world_of(a_letter());
    Records records;
    run_until(original, records, SimTime(1100ms));
    const std::uint64_t before = mailscope::fingerprint(original);
    World branch = original;
    run_to_rest(branch, records, SimTime(1h));
    CHECK(mailscope::fingerprint(original) == before);
    CHECK(mailscope::fingerprint(branch) != before);
}

TEST_CASE("The world is the same whatever is recorded", "[world][trace]")
{
    std::uint64_t expected = 0;
    for (const TraceLevel level :
         {TraceLevel::Everything, TraceLevel::Lines, TraceLevel::Mail, TraceLevel::Nothing}) {
        World world = world_of(a_letter());
        Records records(level);
        run_to_rest(world, records, SimTime(1h));
        if (level == TraceLevel::Everything)
            expected = mailscope::fingerprint(world);
        CHECK(mailscope::fingerprint(world) == expected);
        CHECK(records.empty() == (level == TraceLevel::Nothing));
    }
}

TEST_CASE("Every cause lies before its effect, and every chain ends at an order", "[world][trace]")
{
    World world = world_of(a_letter());
    Records records;
    run_to_rest(world, records, SimTime(1h));
    std::size_t roots = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Record &record = records[i];
        INFO(record.id.value << " " << info_of(record.kind).name);
        if (record.because.is_none()) {
            ++roots;
            CHECK(info_of(record.kind).layer == Layer::Story);
        } else {
            CHECK(record.because < record.id);
            CHECK(records.find(record.because).has_value());
        }
    }
    CHECK(roots == 3); // alice sends, bob fetches, bob reads
}

TEST_CASE("The same seed gives the same trace, another seed another", "[world][determinism]")
{
    Scenario scenario = two_people(
        R"([{"at": "1s", "who": "alice", "does": "send", "to": "bob@example.jp", "subject": "s"}])",
        R"(, "links": [{"between": ["isp-a", "backbone"], "loss": "20%"}])");
    const auto trace_of = [&](std::uint64_t seed) {
        scenario.seed = seed;
        World world = world_of(scenario);
        Records records;
        run_to_rest(world, records, SimTime(24h));
        return fingerprint(records);
    };
    CHECK(trace_of(1) == trace_of(1));
    CHECK(trace_of(1) != trace_of(2));
}

TEST_CASE("The trace of a letter is the same on every machine and compiler", "[determinism]")
{
    World world = world_of(a_letter());
    Records records;
    run_to_rest(world, records, SimTime(1h));
    CHECK(fingerprint(records) == 15846730928731173296ULL);
}
