// The tables of both sides: every state can be reached and left, and no row is written twice.
#include "sim/protocol/http/states.h"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <utility>

using namespace mailscope;
using namespace mailscope::http;

namespace
{

template <class State, class Table> std::set<State> reached_from(const Table &table, State start)
{
    std::set<State> reached = {start};
    for (bool more = true; more;) {
        more = false;
        for (const auto &row : table)
            if (reached.count(row.state) > 0 || row.state == State::Any)
                more |= reached.insert(row.next).second;
    }
    return reached;
}

template <class Table> bool is_unique(const Table &table)
{
    std::set<std::pair<int, int>> seen;
    for (const auto &row : table)
        if (!seen.insert({static_cast<int>(row.state), static_cast<int>(row.input)}).second)
            return false;
    return true;
}

} // namespace

TEST_CASE("Every state of HTTP can be reached", "[http][states]")
{
    CHECK(reached_from(server_transitions(), ServerState::Connected).size() ==
          static_cast<std::size_t>(ServerState::Any));
    CHECK(reached_from(client_transitions(), ClientState::Connected).size() ==
          static_cast<std::size_t>(ClientState::Any));
    CHECK(is_unique(server_transitions()));
    CHECK(is_unique(client_transitions()));
}

TEST_CASE("A row of a state's own comes before the row for all", "[http][states]")
{
    CHECK(find_transition(ServerState::Answering, ServerInput::PeerClosed)->next ==
          ServerState::Answering);
    CHECK(find_transition(ServerState::ReadingHead, ServerInput::PeerClosed)->next ==
          ServerState::Closed);
    CHECK(find_transition(ServerState::Idle, ServerInput::Answered) == nullptr);
    CHECK(to_string(ServerState::Answering) == "Answering");
    CHECK(to_string(ServerInput::PeerClosed) == "PeerClosed");
    CHECK(to_string(ClientState::ReadingToEnd) == "ReadingToEnd");
    CHECK(to_string(ClientInput::PeerClosed) == "PeerClosed");
}
