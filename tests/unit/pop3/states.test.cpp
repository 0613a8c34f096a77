// The tables of states: complete, and without rows that cannot be told apart.
#include "sim/protocol/pop3/states.h"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace mailscope;
using namespace mailscope::pop3;

namespace
{

/// Checks a table: unique rows, a note in each, every state but Connected reached.
template <class Rows> void check_table(Rows rows)
{
    using State = decltype(rows[0].state);
    std::set<std::pair<int, int>> seen;
    std::set<State> reached = {State::Connected, State::Any};
    for (const auto &row : rows) {
        INFO(to_string(row.state) << " " << to_string(row.input));
        const auto key = std::make_pair(static_cast<int>(row.state), static_cast<int>(row.input));
        REQUIRE(seen.insert(key).second);
        REQUIRE(row.state != State::Closed);
        REQUIRE_FALSE(row.note.empty());
        REQUIRE(find_transition(row.state, row.input)->next == row.next);
        reached.insert(row.next);
    }
    REQUIRE(reached.size() == static_cast<std::size_t>(State::Any) + 1);
}

} // namespace

TEST_CASE("Every state of both sides is reached by a row with a note", "[pop3]")
{
    check_table(server_transitions());
    check_table(client_transitions());
}

TEST_CASE("Letters are out of reach before login, and logins after it", "[pop3]")
{
    for (const Verb verb : {Verb::Stat, Verb::List, Verb::Retr, Verb::Dele, Verb::Rset, Verb::Uidl,
                            Verb::Top, Verb::Noop})
        REQUIRE(find_transition(ServerState::Authorization, input_of(verb)) == nullptr);
    for (const Verb verb : {Verb::User, Verb::Pass, Verb::Auth, Verb::Stls})
        REQUIRE(find_transition(ServerState::Transaction, input_of(verb)) == nullptr);
}

TEST_CASE("An input is named like the command it is", "[pop3]")
{
    for (int i = 1; i <= static_cast<int>(Verb::Uidl); ++i)
        REQUIRE(to_string(input_of(static_cast<Verb>(i))) == to_string(static_cast<Verb>(i)));
}
