// What a resolver remembers: record sets and the absence of records, each for a time.
//
// Positive entries live for their TTL (RFC 1035 3.2.1), negative ones for the TTL of the SOA that
// came with them (RFC 2308 5); both count down in simulated time. Data keeps the trust it came with
// (RFC 2181 5.4.1): glue finds servers but never answers a client. Failures are not kept
// (RFC 2308 7 would allow it): a repaired server helps the next question.
// Bounded; when full, the entry stored longest ago goes. Lookup: constant. Copy: one reference.
#pragma once

#include "sim/core/cow.h"
#include "sim/core/digest.h"
#include "sim/core/time.h"
#include "sim/protocol/dns/message.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mailscope::dns
{

/// Where data came from, least trustworthy first (RFC 2181 5.4.1).
enum class Trust : std::uint8_t
{
    Glue,      ///< additional section, and the NS records of a referral
    Authority, ///< authority section of an authoritative answer
    Answer,    ///< answer section of an authoritative answer
};

/// What an entry says.
enum class CacheKind : std::uint8_t
{
    Records,   ///< these records are there
    NoData,    ///< the name is there, but no record of this type (RFC 2308 2.2)
    NameError, ///< there is no such name, whatever the type (RFC 2308 2.1)
};

/// One thing remembered. For a negative entry `records` is the SOA that came with it.
struct CacheEntry
{
    Name owner;
    Type type = Type::A; ///< Type::Any for a name error
    CacheKind kind = CacheKind::Records;
    Trust trust = Trust::Glue;
    SimTime expires;
    Cow<std::vector<ResourceRecord>> records;

    /// Whole seconds that are left at `now`, as a TTL in an answer; 0 when none.
    std::uint32_t seconds_left(SimTime now) const;
};

/// An entry for people.
struct CacheRow
{
    std::string owner;
    std::string type; ///< empty for a name error
    std::string data; ///< of one record; of the SOA for a negative entry
    CacheKind kind = CacheKind::Records;
    Trust trust = Trust::Glue;
    std::uint32_t seconds_left = 0;
};

class Cache
{
public:
    /// The living entry for a question with at least this trust: the set, or what is known about
    /// its absence. Null when nothing is known. The pointer holds until the next change or copy.
    const CacheEntry *lookup(const Name &name, Type type, SimTime now,
                             Trust at_least = Trust::Answer) const;

    /// Remembers one record set (all of one owner and type); its lowest TTL counts, at most a day.
    /// A TTL of 0 is not remembered (RFC 1035 3.2.1). More trusted living data is not replaced.
    void store(std::span<const ResourceRecord> set, Trust trust, SimTime now);

    /// Remembers that `name` does not exist, or (NoData) has no `type`, for the lower of the SOA's
    /// TTL and its last field (RFC 2308 5), at most three hours. Gives these seconds.
    std::uint32_t store_negative(const Name &name, Type type, CacheKind kind,
                                 const ResourceRecord &soa, SimTime now);

    /// Forgets everything about one name, or with the next one, everything.
    void forget(const Name &name);
    void clear();

    /// Living entries in canonical order of their names, one row per record.
    std::vector<CacheRow> rows(SimTime now) const;

    /// Number of entries, living or not yet replaced.
    std::size_t size() const { return table_->entries.size(); }

    void mix(Digest &digest) const;

private:
    struct Slot
    {
        CacheEntry entry;
        std::uint32_t hash = 0;
        std::uint32_t next = 0; ///< in its bucket's chain
    };
    struct Table
    {
        std::vector<Slot> entries;
        std::vector<std::uint32_t> buckets; ///< heads of chains; a power of two
        std::uint32_t oldest = 0;           ///< the slot to be reused when full
    };

    const Slot *find(const Name &name, Type type) const;
    void put(CacheEntry entry);
    static void link(Table &table, std::uint32_t slot);
    static void unlink(Table &table, std::uint32_t slot);
    static void grow(Table &table);

    Cow<Table> table_;
};

} // namespace mailscope::dns
