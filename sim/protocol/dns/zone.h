// A zone: what one operator says about a part of the tree (RFC 1034 4.2).
//
// Flat storage in canonical order, so that a name's records stand together and its descendants
// behind it; that makes empty non-terminals visible without keeping them. A Zone answers nothing
// by itself: that is authority.h. Built from plain rows, by a scenario or a test.
#pragma once

#include "sim/core/result.h"
#include "sim/protocol/dns/message.h"

#include <span>
#include <vector>

namespace mailscope::dns
{

/// Records of one zone, immutable once built (a change builds it anew).
class Zone
{
public:
    /// Checks and sorts `records`. Fails, naming the record, when there is not exactly one SOA at
    /// `origin`, a record lies outside the zone or is not class IN, or a CNAME stands beside other
    /// data (RFC 1034 3.6.2). The TTLs of one set become the lowest of them (RFC 2181 5.2);
    /// duplicates go.
    static Result<Zone> build(const Name &origin, std::vector<ResourceRecord> records);

    const Name &origin() const { return origin_; }
    const ResourceRecord &soa() const { return records_[soa_]; }
    std::span<const ResourceRecord> records() const { return records_; }

    /// The set of `type` at exactly `name`; empty when there is none.
    std::span<const ResourceRecord> find(const Name &name, Type type) const;

    /// All records at exactly `name`.
    std::span<const ResourceRecord> at(const Name &name) const;

    /// True when `name` has records or stands above a name that has (an empty non-terminal).
    bool exists(const Name &name) const;

    /// The NS set that delegates `name`, or an ancestor of it inside the zone, away; the highest
    /// one. Empty when the name is this zone's own.
    std::span<const ResourceRecord> delegation_of(const Name &name) const;

private:
    /// The records of one name.
    struct Node
    {
        std::uint32_t hash = 0; ///< of the name
        std::uint32_t first = 0;
        std::uint32_t count = 0;
    };

    Name origin_;
    std::vector<ResourceRecord> records_;
    std::vector<Node> nodes_; ///< in the order of hashes: canonical comparison is slow
    std::size_t soa_ = 0;
};

/// Reads rows "owner ttl type data" with full names, as to_string(ResourceRecord) writes them,
/// with or without "IN". For scenarios and tests.
Result<ResourceRecord> parse_record(std::string_view row);

} // namespace mailscope::dns
