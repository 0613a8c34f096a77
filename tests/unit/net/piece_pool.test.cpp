// Lists of pieces in one pool.
#include "sim/net/piece_pool.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace mailscope::net
{
namespace
{

Piece piece(std::uint32_t first)
{
    Piece result;
    result.first = first;
    result.bytes = SharedBytes::copy_of("abc");
    return result;
}

std::string order(const PiecePool &pool, const PieceList &list)
{
    std::string text;
    for (std::uint32_t i = list.first; i != PieceList::none; i = pool[i].next)
        text += std::to_string(pool[i].first) + " ";
    return text;
}

} // namespace

TEST_CASE("Pieces come out in the order of the list", "[net]")
{
    PiecePool pool;
    PieceList list;
    pool.append(list, piece(10));
    pool.append(list, piece(30));
    pool.insert_after(list, list.first, piece(20));
    pool.insert_after(list, PieceList::none, piece(0));
    pool.insert_after(list, list.last, piece(40));
    CHECK(order(pool, list) == "0 10 20 30 40 ");
    CHECK(list.count == 5);
    CHECK(pool.take_first(list).first == 0);
    CHECK(pool[list.first].end() == 13);
}

TEST_CASE("Lists share a pool and use freed places again", "[net]")
{
    PiecePool pool;
    PieceList one;
    PieceList two;
    pool.append(one, piece(1));
    pool.append(two, piece(2));
    pool.append(one, piece(3));
    pool.clear(one);
    CHECK(one.empty());
    CHECK(pool.size() == 1);
    pool.append(two, piece(4));
    pool.append(one, piece(5));
    CHECK(order(pool, two) == "2 4 ");
    CHECK(order(pool, one) == "5 ");
    CHECK(one.last < 3);
    CHECK(two.last < 3);
}

} // namespace mailscope::net
