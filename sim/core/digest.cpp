// Mixing bytes into a fingerprint: eight at a time, in little-endian order on every platform.
#include "sim/core/digest.h"

namespace mailscope
{

namespace
{

std::uint64_t little_endian_word(std::string_view bytes)
{
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return word;
}

} // namespace

void Digest::one(std::string_view bytes)
{
    mix(bytes.size());
    for (; bytes.size() >= 8; bytes.remove_prefix(8))
        mix(little_endian_word(std::string_view(bytes.data(), 8)));
    if (!bytes.empty())
        mix(little_endian_word(bytes));
}

} // namespace mailscope
