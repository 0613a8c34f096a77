// Places in a file, for people.
#include "sim/scenario/source_map.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;

namespace
{

std::string place(const SourceMap &map, std::size_t offset)
{
    const SourcePosition position = map.position_of(offset);
    return std::to_string(position.line) + ":" + std::to_string(position.column);
}

} // namespace

TEST_CASE("An offset becomes a line and a column", "[scenario]")
{
    const SourceMap map("ab\ncd\r\n\nx");
    CHECK(place(map, 0) == "1:1");
    CHECK(place(map, 2) == "1:3");
    CHECK(place(map, 3) == "2:1");
    CHECK(place(map, 7) == "3:1");
    CHECK(place(map, 8) == "4:1");
    CHECK(place(map, 99) == "4:2");
}

TEST_CASE("Columns count characters, not octets", "[scenario]")
{
    const SourceMap map("{\"題\": \"日本\", 1}");
    CHECK(place(map, 1) == "1:2");
    CHECK(place(map, 8) == "1:7");
    CHECK(place(map, 18) == "1:13");
}

TEST_CASE("An octet that is no UTF-8 is a character of its own", "[scenario]")
{
    const SourceMap map("\xFF\xE6\x97!");
    CHECK(place(map, 3) == "1:4");
}

TEST_CASE("Lines come without their ends", "[scenario]")
{
    const SourceMap map("ab\ncd\r\n");
    CHECK(map.line(1) == "ab");
    CHECK(map.line(2) == "cd");
    CHECK(map.line(3).empty());
    CHECK(map.line(0).empty());
    CHECK(map.line(9).empty());
}
