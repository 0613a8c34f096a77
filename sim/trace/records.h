// The append-only trace.
//
// The World counts its records; whether and which of them are kept is decided here, outside, so
// that a World runs the same with any trace. Copies share all full chunks: a branch of a timeline
// shares its parent's records.
#pragma once

#include "sim/core/chunked.h"
#include "sim/net/packet.h"
#include "sim/trace/record.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mailscope
{

/// How much of what happens is kept.
enum class TraceLevel : std::uint8_t
{
    Nothing,
    Mail,       ///< story and mail
    Lines,      ///< and DNS, protocol lines, connections
    Everything, ///< and every packet
};

class Records
{
public:
    explicit Records(TraceLevel level = TraceLevel::Everything) : level_(level) {}

    TraceLevel level() const { return level_; }

    /// Whether records of this kind are kept; ask before building a costly text.
    bool keeps(RecordKind kind) const
    {
        switch (level_) {
        case TraceLevel::Nothing:
            return false;
        case TraceLevel::Everything:
            return true;
        case TraceLevel::Mail:
            return info_of(kind).layer <= Layer::Mail;
        case TraceLevel::Lines:
            return info_of(kind).layer <= Layer::Connection;
        }
        return true;
    }

    /// Appends a record whose id is greater than that of the last one.
    void add(Record &&record)
    {
        MS_CHECK(records_.empty() || records_.back().id < record.id);
        records_.push_back(std::move(record));
    }

    /// Keeps a packet as it is now; the index is for Record::packet.
    std::uint32_t add_packet(net::Packet packet)
    {
        packets_.push_back(std::move(packet));
        return static_cast<std::uint32_t>(packets_.size() - 1);
    }

    std::size_t size() const { return records_.size(); }
    bool empty() const { return records_.empty(); }
    const Record &operator[](std::size_t index) const { return records_[index]; }
    const net::Packet &packet(std::uint32_t index) const { return packets_[index]; }
    std::size_t packet_count() const { return packets_.size(); }

    /// The index of the record with this id, if it is kept. Binary search.
    std::optional<std::size_t> find(RecordId id) const;

    /// Forgets everything after the first `size` records and their packets.
    void truncate(std::size_t size);

    template <class Visitor> void for_each(Visitor visit) const { records_.for_each(visit); }

private:
    TraceLevel level_;
    ChunkedVector<Record, 1024> records_;
    ChunkedVector<net::Packet, 1024> packets_;
};

} // namespace mailscope
