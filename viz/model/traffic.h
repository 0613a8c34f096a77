// What is under way at any moment: every hop of every packet, found by the cursor.
//
// A packet is on a wire from the record that it was sent or passed on until the record at its other
// end that follows from it. Made once for a branch, so that a frame costs what is under way and not
// what has happened; one hop takes 24 octets.
#pragma once

#include "sim/trace/records.h"
#include "viz/model/rows.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mailscope::viz
{

/// A packet on one wire.
struct Hop
{
    std::uint32_t start = 0; ///< record by which it went off
    std::uint32_t end = 0;   ///< record by which it came; `never`: it did not yet
    HostId from;
    HostId to;
    std::uint32_t packet = 0;
    Mark mark = Mark::Tcp; ///< what it carries; Tcp: nothing of a program's
};

class Traffic
{
public:
    explicit Traffic(const Records &records) { grow(records); }

    /// Takes in what was added to the records.
    void grow(const Records &records);

    /// The hops under way right after the record, the oldest first. Cost: those that began since
    /// the oldest of them.
    std::vector<Hop> at(std::size_t record) const;
    /// How many there are.
    std::size_t count_at(std::size_t record) const;
    /// The record after which most are under way.
    std::size_t busiest() const;
    std::size_t size() const { return hops_.size(); }

private:
    static constexpr std::uint32_t never = 0xFFFFFFFFU;

    template <class Visit> void for_each_at(std::size_t record, Visit visit) const;

    std::vector<Hop> hops_;             ///< by start
    std::vector<std::uint32_t> reach_;  ///< by hop: the last end among it and those before
    std::vector<std::uint32_t> hop_of_; ///< by record: the hop that it began, or `never`
};

} // namespace mailscope::viz
