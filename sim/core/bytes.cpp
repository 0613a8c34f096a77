// Immutable bytes, shared by reference count: one allocation holds the count and the bytes.
#include "sim/core/bytes.h"

#include "sim/core/check.h"

#include <cstring>
#include <limits>
#include <new>

namespace mailscope
{

SharedBytes::Block *SharedBytes::make_block(std::size_t size)
{
    return new (::operator new(sizeof(Block) + size)) Block;
}

void SharedBytes::release(Block *block) noexcept
{
    // The only owner needs no atomic write: nobody else can copy what nobody else has.
    const bool shared = block->owners.load(std::memory_order_acquire) != 1;
    if (shared && block->owners.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    block->~Block();
    ::operator delete(block);
}

SharedBytes SharedBytes::copy_of(ByteView bytes) { return joined(bytes, ByteView()); }

SharedBytes SharedBytes::joined(ByteView first, ByteView second)
{
    SharedBytes result;
    const std::size_t size = first.size() + second.size();
    if (size == 0)
        return result;
    MS_CHECK(size <= std::numeric_limits<std::uint32_t>::max());
    result.block_ = make_block(size);
    result.length_ = static_cast<std::uint32_t>(size);
    if (!first.empty())
        std::memcpy(result.block_->bytes(), first.data(), first.size());
    if (!second.empty())
        std::memcpy(result.block_->bytes() + first.size(), second.data(), second.size());
    return result;
}

SharedBytes SharedBytes::slice(std::size_t offset, std::size_t length) const
{
    const std::size_t from = offset < length_ ? offset : length_;
    const std::size_t left = length_ - from;
    const std::size_t count = length < left ? length : left;
    if (count == 0)
        return SharedBytes();
    SharedBytes result(*this);
    result.offset_ += static_cast<std::uint32_t>(from);
    result.length_ = static_cast<std::uint32_t>(count);
    return result;
}

} // namespace mailscope
