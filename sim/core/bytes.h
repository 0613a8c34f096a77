// Immutable bytes, shared by reference count.
//
// Payloads (segments, datagrams, letters) are written once and then only looked at: by the
// receiving host, the trace, an inspector, a copied World. All of them share one block. The count
// is atomic because Worlds that share bytes may run on different threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mailscope
{

/// Bytes that somebody else owns; may hold any octet including NUL.
using ByteView = std::string_view;

/// A slice of an immutable block of bytes. Copying and slicing never copy the bytes.
class SharedBytes
{
public:
    SharedBytes() = default;
    SharedBytes(const SharedBytes &other) noexcept;
    SharedBytes(SharedBytes &&other) noexcept;
    SharedBytes &operator=(const SharedBytes &other) noexcept;
    SharedBytes &operator=(SharedBytes &&other) noexcept;
    ~SharedBytes() { release(); }

    /// A new block holding a copy of `bytes`; empty bytes allocate nothing.
    static SharedBytes copy_of(ByteView bytes);

    /// A new block holding one part after the other; one allocation.
    static SharedBytes joined(ByteView first, ByteView second);

    ByteView view() const;
    std::size_t size() const { return length_; }
    bool empty() const { return length_ == 0; }

    /// The part [offset, offset + length), cut to what is there.
    SharedBytes slice(std::size_t offset, std::size_t length) const;

    friend bool operator==(const SharedBytes &a, const SharedBytes &b)
    {
        return a.view() == b.view();
    }

private:
    struct Block;
    void release() noexcept;

    Block *block_ = nullptr;
    std::uint32_t offset_ = 0;
    std::uint32_t length_ = 0;
};

} // namespace mailscope
