// MD5 against the test suite of RFC 1321 A.5.
#include "sim/core/md5.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;

TEST_CASE("MD5 gives what RFC 1321 A.5 says", "[core]")
{
    CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(md5_hex("a") == "0cc175b9c0f1b6a831c399e269772661");
    CHECK(md5_hex("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
    CHECK(md5_hex("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") ==
          "d174ab98d277d9f5a5611c2c9f419d9f");
    CHECK(md5_hex("1234567890123456789012345678901234567890"
                  "1234567890123456789012345678901234567890") ==
          "57edf4a22be3c955ac49da2e2107b67a");
}
