// Octets that come piece by piece, whose copies share almost everything.
//
// A letter of megabytes arrives in a thousand segments, and a World with five hundred such letters
// half received is copied at every jump in its history. What has come is kept in shared blocks, so
// that a copy counts references and copies less than one block of octets. Read as one piece once
// all of it is there.
#pragma once

#include "sim/core/bytes.h"

#include <cstddef>
#include <string>
#include <vector>

namespace mailscope
{

/// Growing octets. Append: O(octets). Copy: O(size / block_octets + block_octets).
class GatheredBytes
{
public:
    static constexpr std::size_t block_octets = 8192;

    std::size_t size() const { return blocks_.size() * block_octets + open_.size(); }

    void append(ByteView bytes)
    {
        while (open_.size() + bytes.size() > block_octets) {
            const std::size_t part = block_octets - open_.size();
            blocks_.push_back(SharedBytes::joined(open_, bytes.substr(0, part)));
            open_.clear();
            bytes.remove_prefix(part);
        }
        open_.append(bytes);
    }

    /// All of it as one block.
    SharedBytes joined() const
    {
        if (blocks_.empty())
            return SharedBytes::copy_of(open_);
        std::string all;
        all.reserve(size());
        for (const SharedBytes &block : blocks_)
            all.append(block.view());
        return SharedBytes::joined(all, open_);
    }

    /// Makes room for what is expected, as far as it is not shared.
    void reserve(std::size_t octets)
    {
        open_.reserve(octets < block_octets ? octets : block_octets);
    }

    void clear()
    {
        blocks_.clear();
        open_.clear();
    }

private:
    std::vector<SharedBytes> blocks_; ///< full ones
    std::string open_;                ///< less than a block, or just one
};

} // namespace mailscope
