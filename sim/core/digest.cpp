// Mixing bytes into a fingerprint: eight at a time, in little-endian order on every platform.
#include "sim/core/digest.h"

namespace mailscope
{

void Digest::one(std::string_view bytes)
{
    mix(bytes.size());
    std::uint64_t word = 0;
    unsigned shift = 0;
    for (const char c : bytes) {
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(c)) << shift;
        shift += 8;
        if (shift == 64) {
            mix(word);
            word = 0;
            shift = 0;
        }
    }
    if (shift != 0)
        mix(word);
}

} // namespace mailscope
