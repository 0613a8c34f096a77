// Steps, exchanges, causes: a scenario as a reader walks through it.
#include "viz/model/story.h"

#include "sim/scenario/parse.h"
#include "sim/scenario/play.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::viz;

namespace
{

Play played(const std::string &name)
{
    const ParseResult parsed =
        parse_scenario_file(std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios/" + name + ".json");
    REQUIRE(parsed.is_good());
    Result<Play> result = play(parsed.scenario, {});
    REQUIRE(result.has_value());
    return std::move(*result);
}

} // namespace

TEST_CASE("Going on and back by any grain reaches the end and the beginning", "[story]")
{
    const Play run = played("errors-550-user-unknown");
    const Story story(run.records);
    REQUIRE(story.steps().size() > 40);
    for (const Grain grain : {Grain::Record, Grain::Step, Grain::Exchange, Grain::Chapter}) {
        std::size_t at = 0;
        std::size_t moves = 0;
        for (std::size_t next = story.forward(at, grain, run.records.size()); next != at;
             next = story.forward(at, grain, run.records.size())) {
            CHECK(next > at);
            at = next;
            ++moves;
        }
        CHECK(at >= story.steps().back().record);
        CHECK(moves > 2);
        for (std::size_t next = story.backward(at, grain); next != at;
             next = story.backward(at, grain))
            at = next;
        CHECK(at <= story.steps().front().record);
    }
}

TEST_CASE("A step back undoes a step on", "[story]")
{
    const Play run = played("journey");
    const Story story(run.records);
    for (std::size_t i = 0; i + 1 < story.steps().size(); ++i) {
        const std::size_t here = story.steps()[i].record;
        const std::size_t next = story.forward(here, Grain::Step, run.records.size());
        CHECK(story.backward(next, Grain::Step) == here);
    }
}

TEST_CASE("The next error after the beginning is the refusal that the lesson is about", "[story]")
{
    const Play run = played("errors-550-user-unknown");
    const Story story(run.records);
    const std::optional<std::size_t> found = story.next_trouble(0);
    REQUIRE(found.has_value());
    CHECK(run.records[*found].code == 550);
    CHECK(story.last_trouble(run.records.size()) != found);
}

TEST_CASE("Every step belongs to one exchange and one chapter, in order", "[story]")
{
    const Play run = played("journey");
    const Story story(run.records);
    std::size_t covered = 0;
    for (const StoryExchange &exchange : story.exchanges()) {
        CHECK(exchange.first == covered);
        covered = exchange.last + 1;
    }
    CHECK(covered == story.steps().size());
    covered = 0;
    for (const StoryChapter &chapter : story.chapters()) {
        CHECK(chapter.first == covered);
        covered = chapter.last + 1;
    }
    CHECK(covered == story.steps().size());
}

TEST_CASE("The causes of a bounce lead back to the person who sent the letter", "[story]")
{
    const Play run = played("errors-550-user-unknown");
    std::size_t bounce = 0;
    for (std::size_t i = 0; i < run.records.size(); ++i)
        if (run.records[i].kind == RecordKind::FailureReported)
            bounce = i;
    REQUIRE(bounce > 0);
    const std::vector<std::size_t> chain = causes_of(run.records, bounce);
    CHECK(chain.front() == bounce);
    CHECK(run.records[chain.back()].because.is_none());
    CHECK(info_of(run.records[chain.back()].kind).layer == Layer::Story);
}

TEST_CASE("A protocol line has the packet that carries it", "[story]")
{
    const Play run = played("errors-550-user-unknown");
    std::size_t lines = 0;
    for (std::size_t i = 0; i < run.records.size(); ++i) {
        if (run.records[i].kind != RecordKind::CommandSent)
            continue;
        const std::optional<std::uint32_t> packet = packet_of(run.records, i);
        REQUIRE(packet.has_value());
        const std::string_view carried = run.records.packet(*packet).payload.view();
        CHECK(carried.find(run.records[i].text.view()) != std::string_view::npos);
        ++lines;
    }
    CHECK(lines > 5);
}

TEST_CASE("Who asked is the client of an exchange that is told from its answer on", "[story]")
{
    const Play run = played("errors-550-user-unknown");
    const Story story(run.records);
    std::size_t seen = 0;
    for (const StoryExchange &exchange : story.exchanges()) {
        const Record &first = run.records[story.steps()[exchange.first].record];
        if (first.kind != RecordKind::ReferralReceived && first.kind != RecordKind::AnswerReceived)
            continue;
        CHECK(exchange.client == first.host);
        CHECK(exchange.server == first.peer);
        ++seen;
    }
    CHECK(seen > 0);
}
