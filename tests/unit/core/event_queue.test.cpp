// The queue of scheduled work against a plain sorted list.
#include "sim/core/event_queue.h"

#include "sim/core/digest.h"
#include "sim/core/hold_model.h"
#include "sim/core/rng.h"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <vector>

namespace mailscope
{
namespace
{

Event at(std::int64_t nanoseconds, std::uint32_t what = 0)
{
    Event event;
    event.at = SimTime(Duration(nanoseconds));
    event.what = what;
    return event;
}

std::vector<std::uint32_t> drain(EventQueue &queue)
{
    std::vector<std::uint32_t> order;
    while (!queue.empty())
        order.push_back(queue.pop().what);
    return order;
}

std::uint64_t digest_of(const EventQueue &queue)
{
    Digest digest;
    queue.mix(digest);
    return digest.value();
}

} // namespace

TEST_CASE("Events come in the order of time", "[core][queue]")
{
    EventQueue queue;
    const std::int64_t times[] = {5'000'000'000, 1, 0, 64, 63, 4'096, 3'600'000'000'000, 65};
    for (std::uint32_t i = 0; i < 8; ++i)
        queue.push(at(times[i], i));
    CHECK(drain(queue) == std::vector<std::uint32_t>{2, 1, 4, 3, 7, 5, 0, 6});
}

TEST_CASE("Events of one time come in the order in which they were added", "[core][queue]")
{
    EventQueue queue;
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < 200; ++i) {
        queue.push(at(1'000'000, i));
        expected.push_back(i);
    }
    CHECK(drain(queue) == expected);
}

TEST_CASE("An event may schedule another for its own moment: it comes last", "[core][queue]")
{
    EventQueue queue;
    queue.push(at(100, 1));
    queue.push(at(100, 2));
    CHECK(queue.pop().what == 1);
    queue.push(at(100, 3));
    CHECK(drain(queue) == std::vector<std::uint32_t>{2, 3});
    queue.push(at(100, 4)); // the queue is empty, its time is still 100
    CHECK(queue.next_time() == SimTime(100ns));
    CHECK(queue.pop().what == 4);
}

TEST_CASE("The next time is known without taking the event", "[core][queue]")
{
    EventQueue queue;
    CHECK(queue.next_time() == time_never);
    queue.push(at(7'000'000));
    queue.push(at(6'999'999));
    CHECK(queue.next_time() == SimTime(6'999'999ns));
    CHECK(queue.size() == 2);
}

TEST_CASE("Looking ahead to a limit does not move the queue's time", "[core][queue]")
{
    EventQueue queue;
    CHECK_FALSE(queue.pop_until(time_never));
    queue.push(at(1'000'000, 1));
    queue.push(at(1'000'001, 2));
    CHECK_FALSE(queue.pop_until(SimTime(999'999ns)));
    queue.push(at(10, 3));
    CHECK(queue.pop_until(SimTime(999'999ns))->what == 3);
    CHECK(queue.pop_until(SimTime(1'000'000ns))->what == 1);
    CHECK_FALSE(queue.pop_until(SimTime(1'000'000ns)));
    CHECK(queue.pop_until(time_never)->what == 2);
}

TEST_CASE("A copy lives on by itself", "[core][queue]")
{
    EventQueue queue;
    for (std::uint32_t i = 0; i < 100; ++i)
        queue.push(at(i % 7 * 1'000, i));
    for (int i = 0; i < 20; ++i)
        queue.pop();
    EventQueue copy = queue;
    CHECK(digest_of(copy) == digest_of(queue));
    const std::vector<std::uint32_t> order = drain(queue);
    CHECK(copy.size() == 80);
    copy.push(at(1'000'000, 1'000));
    CHECK(digest_of(copy) != digest_of(queue));
    std::vector<std::uint32_t> expected = order;
    expected.push_back(1'000);
    CHECK(drain(copy) == expected);
}

TEST_CASE("It does what a sorted list does", "[core][queue][property]")
{
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        INFO("seed " << seed);
        Rng rng(seed, "queue");
        EventQueue queue;
        std::multimap<std::int64_t, std::uint32_t> model; // equal keys keep their order
        std::int64_t now = 0;
        const std::uint32_t spread = 1 + rng.below(30);
        for (std::uint32_t i = 0; i < 2'000; ++i) {
            if (rng.below(5) < 3 || model.empty()) {
                const std::uint64_t delay = rng.next() & ((1ULL << rng.below(1 + spread)) - 1);
                const std::int64_t time = now + static_cast<std::int64_t>(delay);
                queue.push(at(time, i));
                model.emplace(time, i);
                continue;
            }
            const std::int64_t limit = now + static_cast<std::int64_t>(rng.below(1U << 20U));
            const std::optional<Event> event = queue.pop_until(SimTime(Duration(limit)));
            REQUIRE(event.has_value() == (model.begin()->first <= limit));
            if (!event)
                continue;
            now = nanoseconds_since_start(event->at);
            REQUIRE(now == model.begin()->first);
            REQUIRE(event->what == model.begin()->second);
            model.erase(model.begin());
            REQUIRE(queue.size() == model.size());
        }
    }
}

TEST_CASE("The hold model does the work it is asked for, always the same", "[core][queue]")
{
    const HoldResult once = run_hold_model(100, 5'000);
    CHECK(once.events == 5'000);
    CHECK(once.ended > SimTime(20ms));
    CHECK(once.digest == run_hold_model(100, 5'000).digest);
    CHECK(run_hold_model(100, 10).events == 100);
}

} // namespace mailscope
