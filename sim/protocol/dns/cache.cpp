// Implements cache.h: a hash table of chained slots whose order is never seen.
#include "sim/protocol/dns/cache.h"

#include "sim/core/check.h"

#include <algorithm>

namespace mailscope::dns
{

namespace
{

constexpr std::uint32_t no_slot = 0xFFFFFFFFU;
constexpr std::size_t buckets_min = 16;

std::uint32_t key_hash(const Name &name, Type type)
{
    return name.hash() ^ static_cast<std::uint32_t>(type) * 0x9E3779B1U;
}

} // namespace

std::uint32_t CacheEntry::seconds_left(SimTime now) const
{
    return now >= expires ? 0 : static_cast<std::uint32_t>(whole_seconds(expires - now));
}

const Cache::Slot *Cache::find(const Name &name, Type type) const
{
    const Table &table = *table_;
    if (table.buckets.empty())
        return nullptr;
    const std::uint32_t hash = key_hash(name, type);
    std::uint32_t at = table.buckets[hash & (table.buckets.size() - 1)];
    for (; at != no_slot; at = table.entries[at].next) {
        const Slot &slot = table.entries[at];
        if (slot.hash == hash && slot.entry.type == type && slot.entry.owner == name)
            return &slot;
    }
    return nullptr;
}

const CacheEntry *Cache::lookup(const Name &name, Type type, SimTime now, Trust at_least) const
{
    const auto living = [&](Type key) -> const CacheEntry * {
        const Slot *slot = find(name, key);
        const bool good =
            slot != nullptr && slot->entry.trust >= at_least && slot->entry.seconds_left(now) != 0;
        return good ? &slot->entry : nullptr;
    };
    if (const CacheEntry *entry = living(type))
        return entry;
    return living(Type::Any); // a name error
}

void Cache::store(std::span<const ResourceRecord> set, Trust trust, SimTime now)
{
    if (set.empty())
        return;
    std::uint32_t ttl = limits::cache_ttl_max;
    for (const ResourceRecord &record : set)
        ttl = std::min(ttl, record.ttl);
    const Slot *known = find(set[0].owner, set[0].type);
    if (ttl == 0 || set.size() > limits::set_records_max ||
        (known != nullptr && known->entry.trust > trust && known->entry.seconds_left(now) != 0))
        return;
    CacheEntry entry;
    entry.owner = set[0].owner;
    entry.type = set[0].type;
    entry.trust = trust;
    entry.expires = now + std::chrono::seconds(ttl);
    entry.records.edit().assign(set.begin(), set.end());
    put(std::move(entry));
}

std::uint32_t Cache::store_negative(const Name &name, Type type, CacheKind kind,
                                    const ResourceRecord &soa, SimTime now)
{
    MS_CHECK(kind != CacheKind::Records);
    MS_CHECK(std::holds_alternative<Soa>(soa.data));
    const std::uint32_t ttl =
        std::min({soa.ttl, std::get<Soa>(soa.data).negative_ttl, limits::negative_ttl_max});
    if (ttl == 0)
        return 0;
    CacheEntry entry;
    entry.owner = name;
    entry.type = kind == CacheKind::NameError ? Type::Any : type;
    entry.kind = kind;
    entry.trust = Trust::Answer;
    entry.expires = now + std::chrono::seconds(ttl);
    entry.records.edit().push_back(soa);
    put(std::move(entry));
    return ttl;
}

void Cache::link(Table &table, std::uint32_t slot)
{
    std::uint32_t &head = table.buckets[table.entries[slot].hash & (table.buckets.size() - 1)];
    table.entries[slot].next = head;
    head = slot;
}

void Cache::unlink(Table &table, std::uint32_t slot)
{
    std::uint32_t *at = &table.buckets[table.entries[slot].hash & (table.buckets.size() - 1)];
    while (*at != slot)
        at = &table.entries[*at].next;
    *at = table.entries[slot].next;
}

void Cache::grow(Table &table)
{
    table.buckets.assign(std::max(buckets_min, table.buckets.size() * 2), no_slot);
    for (std::uint32_t slot = 0; slot < table.entries.size(); ++slot)
        link(table, slot);
}

void Cache::put(CacheEntry entry)
{
    const std::uint32_t hash = key_hash(entry.owner, entry.type);
    const Slot *known = find(entry.owner, entry.type);
    const std::size_t position =
        known == nullptr ? 0 : static_cast<std::size_t>(known - table_->entries.data());
    Table &table = table_.edit();
    if (known != nullptr) {
        table.entries[position].entry = std::move(entry);
        return;
    }
    if (table.entries.size() == limits::cache_entries_max) {
        const std::uint32_t slot = table.oldest;
        table.oldest = static_cast<std::uint32_t>((slot + 1) % limits::cache_entries_max);
        unlink(table, slot);
        table.entries[slot].entry = std::move(entry);
        table.entries[slot].hash = hash;
        link(table, slot);
        return;
    }
    Slot slot;
    slot.entry = std::move(entry);
    slot.hash = hash;
    table.entries.push_back(std::move(slot));
    if (table.entries.size() > table.buckets.size())
        grow(table);
    else
        link(table, static_cast<std::uint32_t>(table.entries.size() - 1));
}

void Cache::forget(const Name &name)
{
    for (Slot &slot : table_.edit().entries)
        if (slot.entry.owner == name)
            slot.entry.expires = SimTime();
}

void Cache::clear() { table_ = Cow<Table>(); }

std::vector<CacheRow> Cache::rows(SimTime now) const
{
    std::vector<const CacheEntry *> living;
    for (const Slot &slot : table_->entries)
        if (slot.entry.seconds_left(now) != 0)
            living.push_back(&slot.entry);
    std::sort(living.begin(), living.end(), [](const CacheEntry *a, const CacheEntry *b) {
        const int order = compare_canonical(a->owner, b->owner);
        return order != 0 ? order < 0 : a->type < b->type;
    });
    std::vector<CacheRow> rows;
    for (const CacheEntry *entry : living)
        for (const ResourceRecord &record : *entry->records) {
            CacheRow row;
            row.owner = to_string(entry->owner);
            row.type = entry->kind == CacheKind::NameError ? std::string() : to_string(entry->type);
            row.data = to_string(record.data);
            row.kind = entry->kind;
            row.trust = entry->trust;
            row.seconds_left = entry->seconds_left(now);
            rows.push_back(std::move(row));
        }
    return rows;
}

void Cache::mix(Digest &digest) const
{
    digest.add(table_->entries.size(), table_->oldest);
    for (const Slot &slot : table_->entries) {
        const CacheEntry &entry = slot.entry;
        digest.add(entry.owner.wire(), entry.type, entry.kind, entry.trust, entry.expires,
                   entry.records->size());
        for (const ResourceRecord &record : *entry.records)
            digest.add(record.owner.wire(), to_string(record.data));
    }
}

} // namespace mailscope::dns
