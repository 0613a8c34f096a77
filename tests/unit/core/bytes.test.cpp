// Shared bytes and the bounded reader.
#include "sim/core/bytes.h"

#include "sim/core/reader.h"

#include <catch2/catch_test_macros.hpp>

#include <utility>

namespace mailscope
{

TEST_CASE("Copies and slices share one block", "[core][bytes]")
{
    const SharedBytes whole = SharedBytes::copy_of("EHLO there");
    const SharedBytes copy = whole;
    const SharedBytes part = whole.slice(5, 3);
    CHECK(copy.view().data() == whole.view().data());
    CHECK(part.view() == "the");
    CHECK(part.view().data() == whole.view().data() + 5);
    CHECK(part.slice(1, 1).view() == "h");
}

TEST_CASE("A slice is cut to what is there", "[core][bytes]")
{
    const SharedBytes bytes = SharedBytes::copy_of("abc");
    CHECK(bytes.slice(1, 100).view() == "bc");
    CHECK(bytes.slice(3, 1).empty());
    CHECK(bytes.slice(100, 1).empty());
    CHECK(bytes.slice(1, 0).empty());
    CHECK(SharedBytes().slice(0, 1).empty());
}

TEST_CASE("A slice outlives what it was cut from", "[core][bytes]")
{
    SharedBytes part;
    {
        const SharedBytes whole = SharedBytes::copy_of("first second");
        part = whole.slice(6, 6);
    }
    CHECK(part.view() == "second");
}

TEST_CASE("Bytes may be assigned to themselves and moved", "[core][bytes]")
{
    SharedBytes bytes = SharedBytes::copy_of("abc");
    const SharedBytes &same = bytes;
    bytes = same;
    CHECK(bytes.view() == "abc");
    const SharedBytes taken = std::move(bytes);
    CHECK(taken.view() == "abc");
    bytes = SharedBytes::copy_of("new");
    CHECK(bytes.view() == "new");
}

TEST_CASE("Two parts are joined into one block; NUL is an octet like any other", "[core][bytes]")
{
    const ByteView with_nul("a\0b", 3);
    CHECK(SharedBytes::joined(with_nul, "cd").view() == ByteView("a\0bcd", 5));
    CHECK(SharedBytes::joined("", "x").view() == "x");
    CHECK(SharedBytes::joined("", "").view().data() == nullptr);
    CHECK(SharedBytes::copy_of("x") == SharedBytes::copy_of("yx").slice(1, 1));
}

TEST_CASE("Numbers are read in network byte order", "[core][reader]")
{
    ByteReader reader(ByteView("\x01\x02\x03\xFF\xFE\xFD\xFC rest", 12));
    CHECK(reader.u8() == 1);
    CHECK(reader.u16() == 0x0203);
    CHECK(reader.u32() == 0xFFFEFDFCU);
    CHECK(reader.position() == 7);
    CHECK(reader.left() == 5);
    CHECK(reader.take(5) == " rest");
    CHECK_FALSE(reader.failed());
}

TEST_CASE("A read past the end fails for good", "[core][reader]")
{
    ByteReader reader("abc");
    CHECK(reader.u32() == 0);
    CHECK(reader.failed());
    CHECK(reader.u8() == 0);
    CHECK(reader.take(0).empty());
    CHECK(reader.left() == 0);
}

TEST_CASE("A reader may go back, and to the end, but not past it", "[core][reader]")
{
    ByteReader reader("abc");
    reader.take(2);
    reader.seek(0);
    CHECK(reader.take(1) == "a");
    reader.seek(3);
    CHECK(reader.left() == 0);
    CHECK_FALSE(reader.failed());
    reader.seek(4);
    CHECK(reader.failed());
}

TEST_CASE("A count close to the largest number does not wrap around", "[core][reader]")
{
    ByteReader reader("abc");
    reader.take(1);
    CHECK(reader.take(static_cast<std::size_t>(-1)).empty());
    CHECK(reader.failed());
}

} // namespace mailscope
