// The ladder as plain values, for real stories.
#include "tests/unit/model/reader.h"
#include "viz/model/views.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace mailscope;
using namespace mailscope::viz;
using mailscope::testing::Reader;

TEST_CASE("The ladder ends with the present step and shows nothing of the future", "[views]")
{
    Reader reader("errors-550-user-unknown");
    const Moment now = reader.at("reply:550 kind:reply-sent");
    const LadderView ladder = ladder_view(now, {11, 4});
    REQUIRE_FALSE(ladder.rows.empty());
    CHECK(ladder.rows.size() <= 11);
    CHECK(ladder.rows.back().is_now);
    for (const LadderRow &row : ladder.rows) {
        CHECK(row.record <= static_cast<int>(reader.state.record));
        CHECK(row.from < static_cast<int>(ladder.lanes.size()));
        CHECK(row.to < static_cast<int>(ladder.lanes.size()));
    }
}

TEST_CASE("One conversation of the ladder is unfolded while the others stay folded", "[views]")
{
    Reader reader("errors-550-user-unknown");
    reader.state.grain = Grain::Exchange;
    const Moment now = reader.at("kind:letter-read");
    const auto folded = [](const LadderView &ladder) {
        std::vector<LadderRow> rows;
        for (const LadderRow &row : ladder.rows)
            if (row.kind == LadderKind::Folded)
                rows.push_back(row);
        return rows;
    };
    const LadderView before = ladder_view(now, {40, 4});
    const std::vector<LadderRow> all = folded(before);
    REQUIRE(all.size() >= 2);
    const LadderRow chosen = all.back();
    REQUIRE(chosen.talk != no_talk);
    reader.state.open_talks.insert(chosen.talk);
    const LadderView open = ladder_view(reader.moment(), {40, 4});
    CHECK(folded(open).size() < all.size());
    CHECK(std::none_of(open.rows.begin(), open.rows.end(), [&](const LadderRow &row) {
        return row.kind == LadderKind::Folded && row.talk == chosen.talk;
    }));
    CHECK(folded(open).front().talk != chosen.talk);
    // Its last row folds it again.
    const auto head = std::find_if(open.rows.begin(), open.rows.end(),
                                   [&](const LadderRow &row) { return row.talk == chosen.talk; });
    REQUIRE(head != open.rows.end());
    CHECK(head->record > chosen.record);
    reader.state.open_talks.clear();
    CHECK(folded(ladder_view(reader.moment(), {40, 4})).size() == all.size());
}

TEST_CASE("The ladder has the numbers of the Why list at its rows", "[views]")
{
    Reader reader("errors-550-user-unknown");
    reader.state.show_why = true;
    const Moment now = reader.at("reply:550 kind:reply-sent");
    const LadderView ladder = ladder_view(now, {16, 4});
    CHECK(ladder.rows.back().pin == 1);
    std::size_t pins = 0;
    for (const LadderRow &row : ladder.rows)
        pins += row.pin > 0 ? 1U : 0U;
    CHECK(pins >= 1);
}

TEST_CASE("What is over takes no lanes from what happens now", "[views]")
{
    Reader reader("errors-550-user-unknown");
    const Moment now = reader.at("kind:recipient-refused");
    const LadderView ladder = ladder_view(now, {12, 3});
    REQUIRE(ladder.lanes.size() == 3);
    CHECK(ladder.lanes[0].name == "resolver");
    // The name servers have no lane: what they said stands folded at the one who asked.
    const auto folded =
        std::find_if(ladder.rows.begin(), ladder.rows.end(), [](const LadderRow &row) {
            return row.kind == LadderKind::Folded && row.from == 0;
        });
    REQUIRE(folded != ladder.rows.end());
    CHECK(folded->to == 0);
    CHECK(folded->mark == Mark::Dns);
    // With more room they have.
    CHECK(ladder_view(now, {12, 4}).lanes.size() == 4);
}

TEST_CASE("A question to a name server stands on its arrow in its own words", "[views]")
{
    Reader reader("journey");
    const auto label = [&](const char *query) {
        return ladder_view(reader.at(query), {12, 4}).rows.back().label;
    };
    CHECK(label("kind:question-asked") == "mx.example.com A?");
    CHECK(label("kind:query-sent") == "mx.example.com A?");
    CHECK(label("kind:referral-received") == "com: dns.com");
}
