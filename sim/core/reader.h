// The bounded reader: the only way to read received binary data.
//
// Every read is checked against the end; a read past it fails once and for all, so that a parser
// may read several fields and ask once at the end. Numbers are in network byte order.
#pragma once

#include "sim/core/bytes.h"

#include <cstddef>
#include <cstdint>

namespace mailscope
{

/// Reads a view from front to back. After the first failed read, `failed()` stays true and every
/// further read gives zero or nothing.
class ByteReader
{
public:
    explicit ByteReader(ByteView bytes) : bytes_(bytes) {}

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }

    /// The next `count` bytes.
    ByteView take(std::size_t count)
    {
        if (failed_ || count > bytes_.size() - position_) {
            failed_ = true;
            return ByteView();
        }
        const ByteView result = bytes_.substr(position_, count);
        position_ += count;
        return result;
    }

    /// Goes to an absolute position; fails past the end.
    void seek(std::size_t position)
    {
        if (position > bytes_.size())
            failed_ = true;
        else
            position_ = position;
    }

    bool failed() const { return failed_; }
    std::size_t position() const { return position_; }
    std::size_t left() const { return failed_ ? 0 : bytes_.size() - position_; }

private:
    std::uint64_t number(std::size_t count)
    {
        std::uint64_t value = 0;
        for (const char byte : take(count))
            value = value << 8U | static_cast<unsigned char>(byte);
        return value;
    }

    ByteView bytes_;
    std::size_t position_ = 0;
    bool failed_ = false;
};

} // namespace mailscope
