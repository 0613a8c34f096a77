// The same targets for libFuzzer: fuzz_dns_message -max_total_time=60 tests/fuzz/corpus/dns_message
#include "tests/fuzz/fuzz.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *octets, std::size_t size)
{
    mailscope::fuzz::run({reinterpret_cast<const char *>(octets), size});
    return 0;
}
