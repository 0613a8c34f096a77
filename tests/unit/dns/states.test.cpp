// The table of a resolution's states: well formed, and complete in the sense of the RFC's steps.
#include "sim/protocol/dns/states.h"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <utility>

using namespace mailscope::dns;

TEST_CASE("A state and an input have one row at most, and every row a note", "[dns][states]")
{
    std::set<std::pair<ResolutionState, ResolutionInput>> seen;
    for (const ResolutionTransition &row : resolution_transitions()) {
        INFO(to_string(row.state) << " " << to_string(row.input));
        CHECK(seen.insert({row.state, row.input}).second);
        CHECK_FALSE(row.note.empty());
        CHECK(next_state(row.state, row.input) == row.next);
    }
}

TEST_CASE("Only an answer and a failure end a resolution, and both can be reached", "[dns][states]")
{
    std::set<ResolutionState> reached = {ResolutionState::LookingUp};
    std::set<ResolutionState> left;
    for (std::size_t round = 0; round < resolution_transitions().size(); ++round)
        for (const ResolutionTransition &row : resolution_transitions()) {
            left.insert(row.state);
            if (reached.count(row.state) != 0)
                reached.insert(row.next);
        }
    CHECK(reached.size() == 7);
    CHECK(left.size() == 5);
    CHECK(left.count(ResolutionState::Answered) == 0);
    CHECK(left.count(ResolutionState::Failed) == 0);
}
