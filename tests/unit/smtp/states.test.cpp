// The transition tables as tables: complete, reachable, without contradictions.
#include "sim/protocol/smtp/states.h"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>
#include <utility>

using namespace mailscope::smtp;

TEST_CASE("No two rows of a table say different things", "[smtp][states]")
{
    std::set<std::pair<ServerState, ServerInput>> server;
    for (const ServerTransition &row : server_transitions()) {
        INFO(to_string(row.from) << " / " << to_string(row.input));
        CHECK(server.insert({row.from, row.input}).second);
    }
    std::set<std::pair<ClientState, ClientInput>> client;
    for (const ClientTransition &row : client_transitions()) {
        INFO(to_string(row.from) << " / " << to_string(row.input));
        CHECK(client.insert({row.from, row.input}).second);
    }
}

TEST_CASE("Every state that takes commands has an answer to every command", "[smtp][states]")
{
    for (const ServerState state :
         {ServerState::Connected, ServerState::Identified, ServerState::Sender,
          ServerState::Recipients, ServerState::Chunks}) {
        for (int input = 0; input <= int(ServerInput::Unknown); ++input) {
            INFO(to_string(state) << " / " << to_string(ServerInput(input)));
            CHECK(find_transition(state, ServerInput(input)) != nullptr);
        }
    }
}

TEST_CASE("A row of a state's own goes before the row of any state", "[smtp][states]")
{
    CHECK(find_transition(ServerState::Connected, ServerInput::Rset)->to == ServerState::Same);
    CHECK(find_transition(ServerState::Sender, ServerInput::Rset)->to == ServerState::Identified);
    CHECK(find_transition(ServerState::Content, ServerInput::Noop) == nullptr);
}

TEST_CASE("Every state is left by some row, and all but the first are reached", "[smtp][states]")
{
    std::set<ServerState> server{ServerState::Opening};
    for (const ServerTransition &row : server_transitions())
        server.insert(row.to);
    for (int state = 0; state < int(ServerState::Any); ++state) {
        INFO(to_string(ServerState(state)));
        CHECK(server.count(ServerState(state)) == 1);
    }
    std::set<ClientState> client{ClientState::Greeting};
    for (const ClientTransition &row : client_transitions())
        client.insert(row.to);
    for (int state = 0; state < int(ClientState::Any); ++state) {
        INFO(to_string(ClientState(state)));
        CHECK(client.count(ClientState(state)) == 1);
    }
}
