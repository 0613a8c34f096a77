// Implements zone.h.
#include "sim/protocol/dns/zone.h"

#include <algorithm>

namespace mailscope::dns
{

namespace
{

bool before(const ResourceRecord &a, const ResourceRecord &b)
{
    const int order = compare_canonical(a.owner, b.owner);
    return order != 0 ? order < 0 : a.type < b.type;
}

bool same_set(const ResourceRecord &a, const ResourceRecord &b)
{
    return a.type == b.type && a.owner == b.owner;
}

/// Removes duplicates and gives every set one TTL, its lowest (RFC 2181 5, 5.2).
std::vector<ResourceRecord> without_duplicates(std::vector<ResourceRecord> sorted)
{
    std::vector<ResourceRecord> kept;
    kept.reserve(sorted.size());
    std::size_t first = 0; // of the set being kept
    for (ResourceRecord &record : sorted) {
        if (kept.empty() || !same_set(kept.back(), record))
            first = kept.size();
        const auto set = std::span(kept).subspan(first);
        const bool again = std::any_of(set.begin(), set.end(), [&](const ResourceRecord &other) {
            return other.data == record.data;
        });
        const std::uint32_t ttl = set.empty() ? record.ttl : std::min(record.ttl, set[0].ttl);
        for (ResourceRecord &other : set)
            other.ttl = ttl;
        record.ttl = ttl;
        if (!again)
            kept.push_back(std::move(record));
    }
    return kept;
}

Result<void> check_record(const Name &origin, const ResourceRecord &record)
{
    if (record.class_code != class_internet)
        return fail(to_string(record) + ": expected class IN");
    if (!record.owner.is_subdomain_of(origin))
        return fail(to_string(record) + ": outside the zone " + to_string(origin));
    if (record.type == Type::Soa && record.owner != origin)
        return fail(to_string(record) + ": SOA expected only at " + to_string(origin));
    return {};
}

} // namespace

Result<Zone> Zone::build(const Name &origin, std::vector<ResourceRecord> records)
{
    for (const ResourceRecord &record : records)
        if (const auto checked = check_record(origin, record); !checked)
            return tl::unexpected<Error>(checked.error());
    std::stable_sort(records.begin(), records.end(), before);

    Zone zone;
    zone.origin_ = origin;
    zone.records_ = without_duplicates(std::move(records));
    for (std::size_t i = 0; i < zone.records_.size(); ++i) {
        const ResourceRecord &record = zone.records_[i];
        if (i == 0 || record.owner != zone.records_[i - 1].owner)
            zone.nodes_.push_back({record.owner.hash(), static_cast<std::uint32_t>(i), 0});
        ++zone.nodes_.back().count;
        const ResourceRecord &first = zone.records_[zone.nodes_.back().first];
        if (zone.nodes_.back().count > 1 &&
            (record.type == Type::Cname || first.type == Type::Cname))
            return fail(to_string(record) + ": no other data may stand beside a CNAME");
    }
    std::stable_sort(zone.nodes_.begin(), zone.nodes_.end(),
                     [](const Node &a, const Node &b) { return a.hash < b.hash; });
    const auto soa = zone.find(origin, Type::Soa);
    if (soa.size() != 1)
        return fail("zone " + to_string(origin) + ": expected exactly one SOA");
    zone.soa_ = static_cast<std::size_t>(soa.data() - zone.records_.data());
    return zone;
}

std::span<const ResourceRecord> Zone::at(const Name &name) const
{
    const std::uint32_t hash = name.hash();
    auto node = std::lower_bound(nodes_.begin(), nodes_.end(), hash,
                                 [](const Node &n, std::uint32_t h) { return n.hash < h; });
    for (; node != nodes_.end() && node->hash == hash; ++node)
        if (records_[node->first].owner == name)
            return std::span(records_).subspan(node->first, node->count);
    return {};
}

std::span<const ResourceRecord> Zone::find(const Name &name, Type type) const
{
    const auto node = at(name);
    const auto is_type = [type](const ResourceRecord &record) { return record.type == type; };
    const auto first = std::find_if(node.begin(), node.end(), is_type);
    return {first, std::find_if_not(first, node.end(), is_type)};
}

bool Zone::exists(const Name &name) const
{
    if (!at(name).empty())
        return true;
    const auto first = std::lower_bound(
        records_.begin(), records_.end(), name,
        [](const ResourceRecord &r, const Name &n) { return compare_canonical(r.owner, n) < 0; });
    return first != records_.end() && first->owner.is_subdomain_of(name);
}

std::span<const ResourceRecord> Zone::delegation_of(const Name &name) const
{
    const unsigned labels = name.label_count();
    for (unsigned count = origin_.label_count() + 1; count <= labels; ++count)
        if (const auto cut = find(name.ancestor(count), Type::Ns); !cut.empty())
            return cut;
    return {};
}

} // namespace mailscope::dns
