// The state table as data (RFC 9293 figure 5).
#include "sim/net/tcp.h"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <utility>

namespace mailscope::net
{

TEST_CASE("No pair of state and input has two rows", "[net][tcp]")
{
    std::set<std::pair<TcpState, TcpInput>> pairs;
    for (const TcpTransition &row : tcp_transitions())
        CHECK(pairs.insert({row.state, row.input}).second);
}

TEST_CASE("Every state can be reached, and every state leads back to CLOSED", "[net][tcp]")
{
    const auto reach = [](TcpState from) {
        std::set<TcpState> reached{from};
        for (std::size_t before = 0; before != reached.size();) {
            before = reached.size();
            for (const TcpTransition &row : tcp_transitions())
                if (reached.count(row.state) != 0)
                    reached.insert(row.next);
        }
        return reached;
    };
    CHECK(reach(TcpState::Closed).size() == 10);
    for (const TcpState state : reach(TcpState::Closed))
        CHECK(reach(state).count(TcpState::Closed) == 1);
}

TEST_CASE("The table says what comes next, or that nothing may", "[net][tcp]")
{
    CHECK(tcp_next(TcpState::Closed, TcpInput::ActiveOpen) == TcpState::SynSent);
    CHECK(tcp_next(TcpState::FinWait1, TcpInput::FinArrived) == TcpState::Closing);
    CHECK(tcp_next(TcpState::LastAck, TcpInput::FinAcked) == TcpState::Closed);
    CHECK_FALSE(tcp_next(TcpState::CloseWait, TcpInput::FinArrived));
    CHECK_FALSE(tcp_next(TcpState::Closed, TcpInput::Reset));
}

TEST_CASE("States and inputs have the RFC's names, and every row a note", "[net][tcp]")
{
    CHECK(to_string(TcpState::Closed) == "CLOSED");
    CHECK(to_string(TcpState::TimeWait) == "TIME-WAIT");
    CHECK(to_string(TcpInput::ActiveOpen) == "active open");
    CHECK(to_string(TcpInput::Reset) == "reset");
    for (const TcpTransition &row : tcp_transitions())
        CHECK_FALSE(row.note.empty());
}

TEST_CASE("Sequence numbers compare around the end of their space", "[net][tcp]")
{
    CHECK(sequence_before(0xFFFFFFFFU, 0));
    CHECK(sequence_before(1, 2));
    CHECK_FALSE(sequence_before(2, 2));
    CHECK_FALSE(sequence_before(0, 0xFFFFFFFFU));
}

} // namespace mailscope::net
