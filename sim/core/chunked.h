// A long list whose copies share almost everything.
//
// Trace records and letters in a mailbox only grow. ChunkedVector keeps them in chunks of a fixed
// size; a copy shares all chunks, appending to a copy clones the last chunk and the list of
// chunks only. Elements never move once their chunk is full.
#pragma once

#include "sim/core/check.h"
#include "sim/core/cow.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace mailscope
{

/// A growing sequence. Copy: O(1). Append: O(1), after a copy once O(size / ChunkSize + ChunkSize).
template <class T, std::size_t ChunkSize = 512> class ChunkedVector
{
public:
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    /// Element `index`; it must be less than size().
    const T &operator[](std::size_t index) const
    {
        return (*(*chunks_)[index / ChunkSize])[index % ChunkSize];
    }

    const T &back() const { return (*this)[size_ - 1]; }

    /// Element `index` for changing; its chunk is cloned first when shared.
    T &edit(std::size_t index)
    {
        MS_CHECK(index < size_);
        return chunks_.edit()[index / ChunkSize].edit()[index % ChunkSize];
    }

    template <class Value> void push_back(Value &&value)
    {
        std::vector<Cow<std::vector<T>>> &chunks = chunks_.edit();
        if (size_ % ChunkSize == 0)
            chunks.emplace_back();
        std::vector<T> &chunk = chunks.back().edit();
        if (chunk.capacity() < ChunkSize && chunk.size() >= 8)
            chunk.reserve(ChunkSize);
        chunk.push_back(std::forward<Value>(value));
        ++size_;
    }

    /// Forgets all elements from `size` on.
    void truncate(std::size_t size)
    {
        MS_CHECK(size <= size_);
        std::vector<Cow<std::vector<T>>> &chunks = chunks_.edit();
        chunks.resize((size + ChunkSize - 1) / ChunkSize);
        if (size % ChunkSize != 0)
            chunks.back().edit().resize(size % ChunkSize);
        size_ = size;
    }

    /// Calls `visit(element)` from first to last.
    template <class Visitor> void for_each(Visitor visit) const
    {
        for (const Cow<std::vector<T>> &chunk : *chunks_)
            for (const T &element : *chunk)
                visit(element);
    }

private:
    Cow<std::vector<Cow<std::vector<T>>>> chunks_;
    std::size_t size_ = 0;
};

} // namespace mailscope
