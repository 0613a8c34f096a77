// Queue ids and message ids.
#include "sim/mail/queue_id.h"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace mailscope;
using namespace mailscope::mail;

TEST_CASE("A queue id is time and number in hexadecimal", "[mail][queue_id]")
{
    QueueIds ids(Rng(1, "queue"));
    const std::string id = ids.next(SimTime(3s + 646919us));
    CHECK(id.size() == 11);
    CHECK(id.substr(0, 5) == "9DF07");
    CHECK(id.find_first_not_of("0123456789ABCDEF") == std::string::npos);
}

TEST_CASE("No queue id comes twice, not even at the same moment", "[mail][queue_id]")
{
    QueueIds ids(Rng(2, "queue"));
    std::set<std::string> seen;
    for (int i = 0; i < 100'000; ++i)
        seen.insert(ids.next(SimTime(1s)));
    CHECK(seen.size() == 100'000);
}

TEST_CASE("Queue ids are the same in every run and differ between servers", "[mail][queue_id]")
{
    QueueIds first(Rng(3, "a"));
    QueueIds again(Rng(3, "a"));
    QueueIds other(Rng(3, "b"));
    CHECK(first.state() == again.state());
    const std::string id = first.next(SimTime(1s));
    CHECK(id == again.next(SimTime(1s)));
    CHECK(id != other.next(SimTime(1s)));
    CHECK(first.state() == again.state());
}

TEST_CASE("A message id is date, queue id and host", "[mail][queue_id]")
{
    CHECK(make_message_id({1795489508, 540}, "CBD65A8822A", "mail.example.org") ==
          "<20261124030508.CBD65A8822A@mail.example.org>");
}
