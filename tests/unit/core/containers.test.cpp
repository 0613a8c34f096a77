// Sharing and lookup: Cow, ChunkedVector, FlatTable, Slab.
#include "sim/core/chunked.h"
#include "sim/core/cow.h"
#include "sim/core/flat_table.h"
#include "sim/core/rng.h"
#include "sim/core/slab.h"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <vector>

namespace mailscope
{
namespace
{

/// Counts how often it is copied.
struct Counted
{
    int value = 0;
    int *copies = nullptr;

    Counted() = default;
    Counted(int number, int *counter) : value(number), copies(counter) {}
    Counted(const Counted &other) : value(other.value), copies(other.copies)
    {
        if (copies != nullptr)
            ++*copies;
    }
    Counted(Counted &&) = default;
    Counted &operator=(const Counted &) = default;
    Counted &operator=(Counted &&) = default;
};

} // namespace

TEST_CASE("A Cow is shared until one holder changes it", "[core][cow]")
{
    Cow<std::string> first(std::string("one"));
    Cow<std::string> second = first;
    CHECK(first.same_as(second));
    second.edit() = "two";
    CHECK(*first == "one");
    CHECK(*second == "two");
    CHECK_FALSE(first.same_as(second));
    const std::string *place = &*second;
    second.edit() += "!";
    CHECK(&*second == place); // nobody shares it: changed in place
}

TEST_CASE("Copying a long ChunkedVector copies no element", "[core][chunked]")
{
    int copies = 0;
    ChunkedVector<Counted, 64> list;
    for (int i = 0; i < 10'000; ++i)
        list.push_back(Counted(i, &copies));
    copies = 0;
    ChunkedVector<Counted, 64> copy = list;
    CHECK(copies == 0);
    copy.push_back(Counted(-1, nullptr));
    CHECK(copies <= 64);
    CHECK(list.size() == 10'000);
    CHECK(copy.size() == 10'001);
    CHECK(copy.back().value == -1);
    CHECK(&list[0] == &copy[0]);
}

TEST_CASE("Editing an element of a copy leaves the original alone", "[core][chunked]")
{
    ChunkedVector<int, 4> list;
    for (int i = 0; i < 10; ++i)
        list.push_back(i);
    ChunkedVector<int, 4> copy = list;
    copy.edit(5) = 50;
    CHECK(list[5] == 5);
    CHECK(copy[5] == 50);
    CHECK(&list[9] == &copy[9]);
}

TEST_CASE("A truncated ChunkedVector grows again", "[core][chunked]")
{
    ChunkedVector<int, 4> list;
    for (int i = 0; i < 10; ++i)
        list.push_back(i);
    const ChunkedVector<int, 4> before = list;
    for (const std::size_t size : {9U, 8U, 5U, 4U, 0U}) {
        list.truncate(size);
        CHECK(list.size() == size);
    }
    CHECK(list.empty());
    list.push_back(7);
    std::vector<int> seen;
    list.for_each([&](int value) { seen.push_back(value); });
    before.for_each([&](int value) { seen.push_back(value); });
    CHECK(seen == std::vector<int>{7, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("A FlatTable does what a map does", "[core][table][property]")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        Rng rng(seed, "table");
        FlatTable table;
        std::map<std::uint64_t, std::uint32_t> model;
        table.erase(1);
        for (int i = 0; i < 3'000; ++i) {
            const std::uint64_t key = std::uint64_t{rng.below(200)} << rng.below(3) * 20;
            const std::uint32_t value = rng.below(1'000);
            if (rng.below(2) == 0) {
                table.set(key, value);
                model[key] = value;
            } else {
                table.erase(key);
                model.erase(key);
            }
            REQUIRE(table.size() == model.size());
            const auto found = model.find(key);
            REQUIRE(table.find(key) ==
                    (found == model.end() ? FlatTable::not_found : found->second));
        }
        for (const auto &[key, value] : model)
            REQUIRE(table.find(key) == value);
    }
}

TEST_CASE("A handle to what is gone finds nothing, even when its place is used again",
          "[core][slab]")
{
    Slab<std::string> slab;
    CHECK(slab.find(Handle{}) == nullptr);
    const Handle first = slab.insert("first");
    const Handle second = slab.insert("second");
    slab.erase(first);
    CHECK(slab.find(first) == nullptr);
    CHECK(slab.handle_at(first.index) == Handle{});
    const Handle third = slab.insert("third");
    CHECK(third.index == first.index);
    CHECK(third != first);
    CHECK(slab.find(first) == nullptr);
    CHECK(slab[third] == "third");
    CHECK(slab[second] == "second");
    CHECK(slab.size() == 2);
    CHECK(slab.handle_at(third.index) == third);
    CHECK(slab.at_index(third.index) == "third");
}

TEST_CASE("What lives in a slab is visited in the order of places", "[core][slab]")
{
    Slab<std::string> slab;
    slab.insert("a");
    const Handle b = slab.insert("b");
    slab.insert("c");
    slab.erase(b);
    slab.for_each_edit([](Handle, std::string &text) { text += "!"; });
    std::string all;
    slab.for_each([&](Handle, const std::string &text) { all += text; });
    CHECK(all == "a!c!");
}

} // namespace mailscope
