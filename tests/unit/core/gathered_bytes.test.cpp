// Octets that come piece by piece.
#include "sim/core/gathered_bytes.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace mailscope
{

TEST_CASE("What came in pieces of any size is read as one", "[core][bytes]")
{
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{1460}, std::size_t{8192}, std::size_t{20000}}) {
        GatheredBytes gathered;
        std::string expected;
        for (std::size_t i = 0; expected.size() < 50'000; ++i) {
            const std::string part(piece, static_cast<char>('a' + i % 26));
            gathered.append(part);
            expected += part;
            REQUIRE(gathered.size() == expected.size());
        }
        CHECK(gathered.joined().view() == expected);
        gathered.clear();
        CHECK(gathered.size() == 0);
        CHECK(gathered.joined().empty());
    }
}

TEST_CASE("A copy goes on by itself", "[core][bytes]")
{
    GatheredBytes first;
    first.append(std::string(GatheredBytes::block_octets, 'x'));
    GatheredBytes second = first;
    first.append("one");
    second.append("two!");
    CHECK(first.joined().view() == std::string(GatheredBytes::block_octets, 'x') + "one");
    CHECK(second.joined().view() == std::string(GatheredBytes::block_octets, 'x') + "two!");
}

} // namespace mailscope
