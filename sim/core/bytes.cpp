// Immutable bytes, shared by reference count: one allocation holds the count and the bytes.
#include "sim/core/bytes.h"

#include "sim/core/check.h"

#include <atomic>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

namespace mailscope
{

struct SharedBytes::Block
{
    std::atomic<std::uint32_t> owners{1};

    char *bytes() { return reinterpret_cast<char *>(this) + sizeof(Block); }

    static Block *make(std::size_t size)
    {
        return new (::operator new(sizeof(Block) + size)) Block;
    }
};

SharedBytes::SharedBytes(const SharedBytes &other) noexcept
    : block_(other.block_), offset_(other.offset_), length_(other.length_)
{
    if (block_ != nullptr)
        block_->owners.fetch_add(1, std::memory_order_relaxed);
}

SharedBytes::SharedBytes(SharedBytes &&other) noexcept
    : block_(std::exchange(other.block_, nullptr)), offset_(std::exchange(other.offset_, 0U)),
      length_(std::exchange(other.length_, 0U))
{
}

SharedBytes &SharedBytes::operator=(const SharedBytes &other) noexcept
{
    SharedBytes copy(other);
    return *this = std::move(copy);
}

SharedBytes &SharedBytes::operator=(SharedBytes &&other) noexcept
{
    std::swap(block_, other.block_);
    std::swap(offset_, other.offset_);
    std::swap(length_, other.length_);
    return *this;
}

void SharedBytes::release() noexcept
{
    if (block_ == nullptr)
        return;
    // The only owner needs no atomic write: nobody else can copy what nobody else has.
    const bool shared = block_->owners.load(std::memory_order_acquire) != 1;
    if (shared && block_->owners.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    block_->~Block();
    ::operator delete(block_);
}

SharedBytes SharedBytes::copy_of(ByteView bytes) { return joined(bytes, ByteView()); }

SharedBytes SharedBytes::joined(ByteView first, ByteView second)
{
    SharedBytes result;
    const std::size_t size = first.size() + second.size();
    if (size == 0)
        return result;
    MS_CHECK(size <= std::numeric_limits<std::uint32_t>::max());
    result.block_ = Block::make(size);
    result.length_ = static_cast<std::uint32_t>(size);
    if (!first.empty())
        std::memcpy(result.block_->bytes(), first.data(), first.size());
    if (!second.empty())
        std::memcpy(result.block_->bytes() + first.size(), second.data(), second.size());
    return result;
}

ByteView SharedBytes::view() const
{
    return block_ == nullptr ? ByteView() : ByteView(block_->bytes() + offset_, length_);
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
