// Immutable bytes, shared by reference count.
//
// Payloads (segments, datagrams, letters) are written once and then only looked at: by the
// receiving host, the trace, an inspector, a copied World. All of them share one block. The count
// is atomic because Worlds that share bytes may run on different threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mailscope
{

/// Bytes that somebody else owns; may hold any octet including NUL.
using ByteView = std::string_view;

/// A slice of an immutable block of bytes. Copying and slicing never copy the bytes.
class SharedBytes
{
public:
    SharedBytes() = default;
    SharedBytes(const SharedBytes &other) noexcept
        : block_(other.block_), offset_(other.offset_), length_(other.length_)
    {
        if (block_ != nullptr)
            block_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    SharedBytes(SharedBytes &&other) noexcept
        : block_(std::exchange(other.block_, nullptr)), offset_(std::exchange(other.offset_, 0U)),
          length_(std::exchange(other.length_, 0U))
    {
    }
    SharedBytes &operator=(const SharedBytes &other) noexcept
    {
        SharedBytes copy(other);
        return *this = std::move(copy);
    }
    SharedBytes &operator=(SharedBytes &&other) noexcept
    {
        std::swap(block_, other.block_);
        std::swap(offset_, other.offset_);
        std::swap(length_, other.length_);
        return *this;
    }
    ~SharedBytes()
    {
        if (block_ != nullptr)
            release(block_);
    }

    /// A new block holding a copy of `bytes`; empty bytes allocate nothing.
    static SharedBytes copy_of(ByteView bytes);

    /// A new block holding one part after the other; one allocation.
    static SharedBytes joined(ByteView first, ByteView second);

    ByteView view() const
    {
        return block_ == nullptr ? ByteView() : ByteView(block_->bytes() + offset_, length_);
    }
    std::size_t size() const { return length_; }
    bool empty() const { return length_ == 0; }

    /// The part [offset, offset + length), cut to what is there.
    SharedBytes slice(std::size_t offset, std::size_t length) const;

    friend bool operator==(const SharedBytes &a, const SharedBytes &b)
    {
        return a.view() == b.view();
    }

private:
    /// What the owners share; the octets follow it in the same allocation.
    struct Block
    {
        std::atomic<std::uint32_t> owners{1};

        char *bytes() { return reinterpret_cast<char *>(this + 1); }
    };
    static Block *make_block(std::size_t size);
    static void release(Block *block) noexcept;

    Block *block_ = nullptr;
    std::uint32_t offset_ = 0;
    std::uint32_t length_ = 0;
};

} // namespace mailscope
