// Pieces of byte streams, in lists, for all connections of a network.
//
// A connection keeps the bytes it has sent until they are acknowledged, and segments that came
// early until the gap before them is filled. Both are short lists that come and go with every
// message; one pool holds the pieces of all of them, so that neither allocates in the long run and
// a connection stays a small value that is copied as plain memory. Lists name pieces by index.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/id.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mailscope::net
{

/// Bytes of a stream, from sequence number `first` on.
struct Piece
{
    SharedBytes bytes;
    std::uint32_t first = 0;
    RecordId because;
    std::uint32_t next = 0xFFFFFFFFU; ///< the list's next piece, kept by the pool

    std::uint32_t end() const { return first + static_cast<std::uint32_t>(bytes.size()); }
};

/// A list of pieces in a pool. A copy of it names the same pieces.
struct PieceList
{
    static constexpr std::uint32_t none = 0xFFFFFFFFU;
    std::uint32_t first = none;
    std::uint32_t last = none;
    std::uint32_t count = 0;

    bool empty() const { return first == none; }
};

class PiecePool
{
public:
    const Piece &operator[](std::uint32_t index) const { return pieces_[index]; }

    /// Puts `piece` at the end of `list`.
    void append(PieceList &list, Piece piece)
    {
        const std::uint32_t index = take(std::move(piece), PieceList::none);
        (list.empty() ? list.first : pieces_[list.last].next) = index;
        list.last = index;
        ++list.count;
    }

    /// Puts `piece` after the piece `before`, or at the front when that is PieceList::none.
    void insert_after(PieceList &list, std::uint32_t before, Piece piece)
    {
        const bool at_front = before == PieceList::none;
        const std::uint32_t after = at_front ? list.first : pieces_[before].next;
        const std::uint32_t index = take(std::move(piece), after);
        (at_front ? list.first : pieces_[before].next) = index;
        if (after == PieceList::none)
            list.last = index;
        ++list.count;
    }

    /// Takes the first piece out of `list`, which must not be empty.
    Piece take_first(PieceList &list)
    {
        const std::uint32_t index = list.first;
        Piece piece = std::move(pieces_[index]);
        list.first = piece.next;
        if (list.first == PieceList::none)
            list.last = PieceList::none;
        --list.count;
        free_.push_back(index);
        return piece;
    }

    void clear(PieceList &list)
    {
        while (!list.empty())
            take_first(list);
    }

    /// Pieces in all lists together.
    std::size_t size() const { return pieces_.size() - free_.size(); }

private:
    std::uint32_t take(Piece piece, std::uint32_t next)
    {
        piece.next = next;
        if (free_.empty()) {
            pieces_.push_back(std::move(piece));
            return static_cast<std::uint32_t>(pieces_.size() - 1);
        }
        const std::uint32_t index = free_.back();
        free_.pop_back();
        pieces_[index] = std::move(piece);
        return index;
    }

    std::vector<Piece> pieces_;
    std::vector<std::uint32_t> free_;
};

} // namespace mailscope::net
