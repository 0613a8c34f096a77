// Implements authority.h. The steps are those of RFC 1034 4.3.2.
#include "sim/protocol/dns/authority.h"

#include <algorithm>

namespace mailscope::dns
{

namespace
{

using Records = std::span<const ResourceRecord>;

/// Step 2: the zone that is the nearest ancestor of `name`; null when none is served.
const Zone *nearest_zone(std::span<const Zone> zones, const Name &name)
{
    const Zone *nearest = nullptr;
    for (const Zone &zone : zones)
        if (name.is_subdomain_of(zone.origin()) &&
            (nearest == nullptr || zone.origin().is_subdomain_of(nearest->origin())))
            nearest = &zone;
    return nearest;
}

void append(std::vector<ResourceRecord> &section, Records set)
{
    section.insert(section.end(), set.begin(), set.end());
}

/// RFC 2308 3: the SOA goes out with the TTL that the absence may be remembered for.
void append_absence(Message &response, const Zone &zone)
{
    ResourceRecord soa = zone.soa();
    soa.ttl = std::min(soa.ttl, std::get<Soa>(soa.data).negative_ttl);
    response.authority.push_back(std::move(soa));
}

bool contains_set(Records section, const ResourceRecord &record)
{
    return std::any_of(section.begin(), section.end(), [&](const ResourceRecord &other) {
        return other.type == record.type && other.owner == record.owner;
    });
}

/// Step 6: the addresses of hosts that `records` name, as far as this zone knows them. A set is
/// sent once (RFC 2181 5.5).
void append_addresses(Message &response, const Zone &zone, Records records)
{
    for (const ResourceRecord &record : records) {
        const Name *host = nullptr;
        if (const auto *mx = std::get_if<Mx>(&record.data))
            host = &mx->exchange;
        else if (record.type == Type::Ns)
            host = std::get_if<Name>(&record.data);
        if (host == nullptr || !host->is_subdomain_of(zone.origin()))
            continue;
        for (const Type type : {Type::A, Type::Aaaa}) {
            const Records set = zone.find(*host, type);
            if (!set.empty() && !contains_set(response.answer, set[0]) &&
                !contains_set(response.additional, set[0]))
                append(response.additional, set);
        }
    }
}

/// Step 3b.
void refer(Message &response, const Zone &zone, Records cut)
{
    response.header.authoritative = !response.answer.empty();
    append(response.authority, cut);
    append_addresses(response, zone, cut);
}

/// The records at the wildcard that stands for `name`, which does not exist (RFC 1034 4.3.3,
/// RFC 4592 3.3.1: the wildcard directly below the nearest ancestor that exists).
Records wildcard_of(const Zone &zone, const Name &name)
{
    Name encloser = name.parent();
    while (!zone.exists(encloser))
        encloser = encloser.parent();
    const Result<Name> wildcard = encloser.wildcard_child();
    return wildcard ? zone.at(*wildcard) : Records();
}

void append_owned(std::vector<ResourceRecord> &section, Records set, const Name &owner)
{
    for (const ResourceRecord &record : set)
        section.push_back(
            ResourceRecord{owner, record.type, record.class_code, record.ttl, record.data});
}

/// The set of `type` among the records of one node. ANY gives one set, at the top of a zone its
/// SOA: RFC 8482 4.1 allows a part of what is there.
Records matching(Records node, Type type)
{
    const auto is = [](Type wanted) {
        return [wanted](const ResourceRecord &record) { return record.type == wanted; };
    };
    if (type == Type::Any && !node.empty()) {
        const bool top = std::any_of(node.begin(), node.end(), is(Type::Soa));
        type = top ? Type::Soa : node[0].type;
    }
    const auto first = std::find_if(node.begin(), node.end(), is(type));
    return {first, std::find_if_not(first, node.end(), is(type))};
}

/// The end of the search: data, or what says that there is none.
void conclude(Message &response, const Zone &zone, Records set, Type type)
{
    if (set.empty()) {
        append_absence(response, zone);
        return;
    }
    if (type == Type::Any)
        return;
    const Records apex = zone.find(zone.origin(), Type::Ns);
    if (!contains_set(response.answer, apex.empty() ? zone.soa() : apex[0]))
        append(response.authority, apex);
    append_addresses(response, zone, response.answer);
    append_addresses(response, zone, response.authority);
}

/// Steps 2 to 6 for a question of class IN.
void search(std::span<const Zone> zones, const Question &question, Message &response)
{
    Name name = question.name;
    for (unsigned aliases = 0; aliases <= limits::aliases_max; ++aliases) {
        const Zone *zone = nearest_zone(zones, name);
        if (zone == nullptr) {
            if (response.answer.empty())
                response.header.rcode = Rcode::Refused;
            return;
        }
        response.header.authoritative = true;
        if (const Records cut = zone->delegation_of(name); !cut.empty()) {
            refer(response, *zone, cut);
            return;
        }
        Records node = zone->at(name);
        if (node.empty() && !zone->exists(name)) {
            node = wildcard_of(*zone, name);
            if (node.empty()) {
                // Also for the end of a chain of aliases (RFC 2308 2.1).
                response.header.rcode = Rcode::NameError;
                append_absence(response, *zone);
                return;
            }
        }
        const Records set = matching(node, question.type);
        append_owned(response.answer, set, name);
        const Records alias = matching(node, Type::Cname);
        if (alias.empty() || !set.empty()) {
            conclude(response, *zone, set, question.type);
            return;
        }
        if (!contains_set(response.answer, ResourceRecord{name, Type::Cname, 0, 0, {}}))
            append_owned(response.answer, alias, name);
        else
            return; // a loop of aliases: RFC 2181 5.5, no set twice
        name = std::get<Name>(alias[0].data);
    }
}

} // namespace

Message answer(std::span<const Zone> zones, const Message &query)
{
    Message response = response_to(query);
    if (query.header.opcode != Opcode::Query) {
        // Other opcodes may give the question section another meaning; it is not repeated.
        response.header.rcode = Rcode::NotImplemented;
        response.question.reset();
    } else if (query.edns && query.edns->version != 0) {
        response.header.rcode = Rcode::BadVersion; // RFC 6891 6.1.3
    } else if (!query.question) {
        response.header.rcode = Rcode::FormatError;
    } else if (query.question->class_code != class_internet) {
        response.header.rcode = Rcode::Refused;
    } else {
        search(zones, *query.question, response);
    }
    return response;
}

std::string respond(std::span<const Zone> zones, ByteView query, Transport transport)
{
    const Result<Message> message = decode(query);
    if (!message)
        return format_error_for(query);
    if (message->header.is_response)
        return std::string();
    return encode(answer(zones, *message), response_limit(*message, transport));
}

} // namespace mailscope::dns
