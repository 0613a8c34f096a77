// Going anywhere in a history, and branches that both stay.
#include "sim/world/timeline.h"

#include "tests/support/worlds.h"

using namespace mailscope;
using namespace mailscope::testing;

namespace
{

Timeline played_timeline()
{
    Timeline timeline(world_of(a_letter()));
    timeline.extend(SimTime(1h));
    return timeline;
}

ActionSpec another_letter()
{
    ActionSpec action;
    action.does = ActionKind::Send;
    action.who = "alice";
    action.to = {"bob@example.jp"};
    action.subject = "Another";
    return action;
}

} // namespace

TEST_CASE("Seeking a step gives the world that a run up to it gives", "[timeline]")
{
    Timeline timeline = played_timeline();
    const std::uint64_t last = timeline.end_of(timeline.current()).steps;
    REQUIRE(last > 100);
    for (const std::uint64_t target :
         {last, std::uint64_t{0}, last / 2, std::uint64_t{1}, last - 1, last / 3, last / 3 + 1}) {
        timeline.seek_step(target);
        World straight = world_of(a_letter());
        Records records;
        while (straight.steps < target && step(straight, records)) {
        }
        INFO("step " << target);
        CHECK(fingerprint(timeline.world()) == fingerprint(straight));
        CHECK(timeline.records_before() == records.size());
    }
}

TEST_CASE("Seeking a time is exact, forwards and backwards", "[timeline]")
{
    Timeline timeline = played_timeline();
    for (const Duration time : {Duration(61s), Duration(1100ms), Duration(0s), Duration(2min)}) {
        timeline.seek_time(SimTime(time));
        World straight = world_of(a_letter());
        Records records;
        run_until(straight, records, SimTime(time));
        CHECK(fingerprint(timeline.world()) == fingerprint(straight));
    }
}

TEST_CASE("Seeking a record stops right after it was made", "[timeline]")
{
    Timeline timeline = played_timeline();
    for (const std::size_t index :
         {std::size_t{0}, std::size_t{57}, timeline.records().size() - 1}) {
        timeline.seek_record(index);
        CHECK(timeline.records_before() > index);
        CHECK(timeline.world().now == timeline.records()[index].at);
    }
}

TEST_CASE("A branch shares the past and both futures stay", "[timeline]")
{
    Timeline timeline = played_timeline();
    const BranchId main = timeline.current();
    const std::uint64_t main_trace = fingerprint(timeline.records());
    timeline.seek_time(SimTime(30s));
    const std::size_t shared = timeline.records_before();
    const BranchId what_if = timeline.fork("what if", {another_letter()}, {});
    timeline.extend(SimTime(1h));
    CHECK(timeline.shared_records(what_if) == shared);
    CHECK(count(timeline.records_of(what_if), RecordKind::LetterFetched) == 2);
    CHECK(count(timeline.records_of(main), RecordKind::LetterFetched) == 1);
    CHECK(fingerprint(timeline.records_of(main)) == main_trace);
    CHECK(timeline.parent_of(what_if) == main);
    const std::optional<Difference> difference =
        first_difference(timeline.records_of(main), timeline.records_of(what_if));
    REQUIRE(difference.has_value());
    CHECK(difference->index == shared);
    timeline.switch_to(main);
    timeline.seek_time(SimTime(2min));
    CHECK(timeline.world().clients[1].inbox().size() == 1);
}

TEST_CASE("Equal traces have no difference", "[timeline]")
{
    CHECK_FALSE(first_difference(played_timeline().records(), played_timeline().records()));
}

TEST_CASE("A branch can be made of a branch", "[timeline]")
{
    Timeline timeline = played_timeline();
    timeline.seek_time(SimTime(30s));
    const BranchId first = timeline.fork("first", {another_letter()}, {});
    timeline.extend(SimTime(1h));
    timeline.seek_time(SimTime(40s));
    const BranchId second = timeline.fork("second", {}, {{Duration(1s), another_letter()}});
    timeline.extend(SimTime(1h));
    CHECK(timeline.parent_of(second) == first);
    CHECK(count(timeline.records(), RecordKind::LetterFetched) == 3);
    CHECK(timeline.branch_count() == 3);
}
