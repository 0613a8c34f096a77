// Implements reply.h.
#include "sim/protocol/dns/reply.h"

#include <span>

namespace mailscope::dns
{

namespace
{

const ResourceRecord *find(std::span<const ResourceRecord> section, const Name &owner, Type type)
{
    for (const ResourceRecord &record : section)
        if (record.type == type && record.class_code == class_internet && record.owner == owner)
            return &record;
    return nullptr;
}

/// Copies the aliases that start at `reply.name`, and then the wanted set; true when it is there.
bool follow(const Message &response, Type type, const Name &zone, Reply &reply)
{
    while (reply.answer.size() <= limits::aliases_max && reply.name.is_subdomain_of(zone)) {
        if (find(response.answer, reply.name, type) != nullptr) {
            for (const ResourceRecord &record : response.answer)
                if (record.type == type && record.class_code == class_internet &&
                    record.owner == reply.name)
                    reply.answer.push_back(record);
            return true;
        }
        const ResourceRecord *alias = find(response.answer, reply.name, Type::Cname);
        if (alias == nullptr)
            return false;
        reply.answer.push_back(*alias);
        reply.name = std::get<Name>(alias->data);
    }
    return false;
}

/// The NS set of a zone strictly below `zone` and above or at the name; its first owner counts.
void collect_referral(const Message &response, const Name &zone, Reply &reply)
{
    for (const ResourceRecord &record : response.authority) {
        const bool fits = record.type == Type::Ns && record.class_code == class_internet &&
                          record.owner != zone && record.owner.is_subdomain_of(zone) &&
                          reply.name.is_subdomain_of(record.owner);
        if (fits && (reply.servers.empty() || reply.servers[0].owner == record.owner))
            reply.servers.push_back(record);
    }
}

bool has_servers(const Message &response)
{
    for (const ResourceRecord &record : response.authority)
        if (record.type == Type::Ns)
            return true;
    return false;
}

Reply useless(ServerFault fault)
{
    Reply reply;
    reply.fault = fault;
    return reply;
}

} // namespace

Reply interpret(const Message &response, const Name &name, Type type, const Name &zone)
{
    const Header &header = response.header;
    if (header.rcode != Rcode::NoError && header.rcode != Rcode::NameError)
        return useless(ServerFault::ErrorCode);
    Reply reply;
    reply.name = name;
    const bool complete = follow(response, type, zone, reply);
    if (!reply.answer.empty() && !header.authoritative)
        return useless(ServerFault::NotAuthoritative);
    if (complete) {
        reply.kind = ReplyKind::Answer;
        return reply;
    }
    if (!reply.name.is_subdomain_of(zone) || reply.answer.size() > limits::aliases_max) {
        reply.kind = ReplyKind::Alias;
        return reply;
    }
    for (const ResourceRecord &record : response.authority)
        if (std::holds_alternative<Soa>(record.data) && record.owner.is_subdomain_of(zone) &&
            reply.name.is_subdomain_of(record.owner))
            reply.soa = record;
    if (header.rcode == Rcode::NameError || reply.soa) {
        if (!header.authoritative)
            return useless(ServerFault::NotAuthoritative);
        reply.kind = header.rcode == Rcode::NameError ? ReplyKind::NameError : ReplyKind::NoData;
        return reply;
    }
    collect_referral(response, zone, reply);
    if (!reply.answer.empty()) {
        reply.kind = ReplyKind::Alias;
    } else if (!reply.servers.empty()) {
        reply.kind = ReplyKind::Referral;
    } else if (header.authoritative) {
        reply.kind = ReplyKind::NoData; // RFC 2308 2.2, the forms without SOA
    } else {
        return useless(has_servers(response) ? ServerFault::UpwardReferral
                                             : ServerFault::NotAuthoritative);
    }
    return reply;
}

} // namespace mailscope::dns
