// Changes to the World that cure something.
#include "sim/world/changes.h"

#include "sim/core/text.h"
#include "sim/world/lookup.h"
#include "sim/world/world.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace mailscope
{
namespace
{

Result<void> change_mailbox(World &world, const ChangeSpec &change)
{
    if (change.kind == ChangeKind::CreateMailbox) {
        mail::Store *store = store_for(world, change.mailbox);
        if (store == nullptr)
            return fail("no server has mailboxes of that domain: " + change.mailbox);
        if (!store->add_user(to_lower(change.mailbox), "secret", change.number))
            return fail("there is a mailbox " + change.mailbox);
        return {};
    }
    const MailboxPlace place = find_mailbox(world, change.mailbox);
    if (place.store == nullptr)
        return fail("no mailbox " + change.mailbox);
    if (change.kind == ChangeKind::SetQuota) {
        place.store->set_quota(place.user, change.number);
        return {};
    }
    const mail::Folder &inbox = place.store->mailbox(place.user).inbox();
    std::vector<std::uint32_t> uids = inbox.uids();
    if (change.kind == ChangeKind::DeleteOldest && !uids.empty())
        uids.resize(1);
    const mail::FolderId folder = inbox.id();
    for (const std::uint32_t uid : uids)
        static_cast<void>(place.store->remove(place.user, folder, uid));
    return {};
}

Result<void> change_server(World &world, const ChangeSpec &change)
{
    if (change.kind == ChangeKind::SetForwarding) {
        for (MailServerPlace &place : world.mail_servers) {
            const std::string user = change.mailbox.substr(0, change.mailbox.rfind('@'));
            if (place.server.config().find_domain(domain_of(change.mailbox)) == nullptr)
                continue;
            for (LocalDomain &domain : place.server.edit_config().domains) {
                if (!equals_ignoring_case(domain.name, domain_of(change.mailbox)))
                    continue;
                std::erase_if(domain.moved, [&](const Moved &moved) {
                    return equals_ignoring_case(moved.user, user);
                });
                domain.moved.push_back({user, change.value, 251, true});
            }
        }
        return {};
    }
    MailServerPlace *place = find_mail_server(world, change.host);
    if (place == nullptr)
        return fail("no mail server " + change.host);
    MailPolicy &policy = place->server.edit_config().policy;
    if (change.kind == ChangeKind::SetSizeLimit)
        policy.size_limit = change.number;
    else if (change.kind == ChangeKind::EndMaintenance)
        policy.maintenance = Maintenance::None;
    else
        policy.refused_clients.clear();
    return {};
}

/// Mail programs go to the usual port of the new setting when they were at that of the old one.
void use_implicit_tls(ServerAccount &account, bool yes)
{
    struct Ports
    {
        std::uint16_t clear;
        std::uint16_t tls;
    };
    constexpr std::array<Ports, 4> usual = {
        {{MailServer::submission_port, MailServer::submissions_port},
         {ImapServer::port, ImapServer::tls_port},
         {PopServer::port, PopServer::tls_port},
         {WebServer::port, WebServer::tls_port}}};
    account.implicit_tls = yes;
    account.tls = yes ? smtp::TlsUse::Required : smtp::TlsUse::Never;
    for (const Ports &ports : usual)
        if (account.port == (yes ? ports.clear : ports.tls)) {
            account.port = yes ? ports.tls : ports.clear;
            return;
        }
}

Result<void> change_device(World &world, const ChangeSpec &change)
{
    const std::optional<std::size_t> index = find_client(world, change.person, change.device);
    if (!index)
        return fail("no device of " + change.person);
    MailClientSettings &settings = world.clients[*index].edit_settings();
    const std::string &value = change.value;
    const bool yes = value == "true";
    const std::uint16_t port =
        static_cast<std::uint16_t>(parse_decimal(value).value_or(0) & 0xFFFFU);
    if (change.setting == "from") {
        settings.from = value;
    } else if (change.setting == "user") {
        settings.incoming.user = settings.submission.user = value;
    } else if (change.setting == "password") {
        settings.incoming.password = settings.submission.password = value;
    } else if (change.setting == "authenticates") {
        settings.authenticates = yes;
    } else if (change.setting == "submission_host") {
        settings.submission.host = value;
    } else if (change.setting == "submission_port") {
        settings.submission.port = port;
    } else if (change.setting == "incoming_host") {
        settings.incoming.host = value;
    } else if (change.setting == "incoming_port") {
        settings.incoming.port = port;
    } else if (change.setting == "leave_on_server") {
        settings.leave_on_server = yes;
    } else if (change.setting == "starttls") {
        settings.submission.tls = settings.incoming.tls =
            yes ? smtp::TlsUse::Required : smtp::TlsUse::Never;
    } else if (change.setting == "implicit_tls") {
        use_implicit_tls(settings.submission, yes);
        use_implicit_tls(settings.incoming, yes);
    } else {
        return fail("no setting " + change.setting);
    }
    return {};
}

Result<void> change_record(World &world, const ChangeSpec &change)
{
    const Result<dns::Name> origin = dns::Name::parse(change.domain);
    const std::string owner = change.record.name == "@" || change.record.name.empty()
                                  ? change.domain
                                  : change.record.name + "." + change.domain;
    const Result<dns::Name> name = dns::Name::parse(owner);
    const std::optional<dns::Type> type = dns::parse_type(change.record.type);
    if (!origin || !name || !type)
        return fail("no such record: " + owner + " " + change.record.type);
    const Result<dns::RData> data = dns::parse_data(*type, change.record.data);
    if (!data && !change.record.data.empty())
        return tl::unexpected<Error>(data.error());
    const Duration ttl = change.record.ttl.value_or(std::chrono::hours(1));
    bool found = false;
    for (NameServer &server : world.name_servers) {
        for (std::size_t i = 0; i < server.zones().size(); ++i) {
            const dns::Zone &zone = server.zones()[i];
            if (zone.origin() != *origin)
                continue;
            std::vector<dns::ResourceRecord> rows(zone.records().begin(), zone.records().end());
            std::erase_if(rows, [&](const dns::ResourceRecord &row) {
                return row.owner == *name && row.type == *type;
            });
            if (data && !change.record.data.empty())
                rows.push_back(dns::record_of(
                    *name, *type, static_cast<std::uint32_t>(whole_seconds(ttl)), *data));
            Result<dns::Zone> rebuilt = dns::Zone::build(*origin, std::move(rows));
            if (!rebuilt)
                return tl::unexpected<Error>(rebuilt.error());
            server.edit_zones()[i] = std::move(*rebuilt);
            found = true;
        }
    }
    if (!found)
        return fail("no name server has the zone " + change.domain);
    return {};
}

Result<void> serve_zone(World &world, const ChangeSpec &change)
{
    const Result<dns::Name> origin = dns::Name::parse(change.domain);
    if (!origin)
        return tl::unexpected<Error>(origin.error());
    bool found = false;
    for (NameServer &server : world.name_servers)
        found = server.serve(*origin) || found;
    if (!found)
        return fail("no name server has the zone " + change.domain + " without serving it");
    return {};
}

Result<void> unlist(World &world, const ChangeSpec &change)
{
    const HostId id = world.directory->find(change.value);
    const Result<Ipv4Address> address =
        id.is_none() ? parse_ipv4(change.value) : world.directory->hosts[id.value].address;
    if (!address)
        return tl::unexpected<Error>(address.error());
    std::string name = blocklist_name(*address, change.domain);
    name.resize(name.size() - change.domain.size() - 1);
    Result<void> done;
    for (const char *type : {"A", "TXT"}) { // a record without data is none
        ChangeSpec removal;
        removal.domain = change.domain;
        removal.record = {name, type, "", std::nullopt};
        if (done)
            done = change_record(world, removal);
    }
    return done;
}

} // namespace

std::string text_of(const ChangeSpec &change)
{
    const std::string number = " " + std::to_string(change.number);
    switch (change.kind) {
    case ChangeKind::DeleteOldest:
        return change.mailbox + " delete-oldest";
    case ChangeKind::EmptyMailbox:
        return change.mailbox + " delete-all";
    case ChangeKind::SetQuota:
        return change.mailbox + " quota" + number;
    case ChangeKind::CreateMailbox:
        return change.mailbox + " create";
    case ChangeKind::SetSizeLimit:
        return change.host + " size-limit" + number;
    case ChangeKind::EndMaintenance:
        return change.host + " end-maintenance";
    case ChangeKind::UnlistClient:
        return (change.domain.empty() ? change.host : change.domain) + " unlist " + change.value;
    case ChangeKind::SetForwarding:
        return change.mailbox + " forward " + change.value;
    case ChangeKind::SetRecord:
        return change.domain + " record " + change.record.name + " " + change.record.type + " " +
               change.record.data;
    case ChangeKind::ServeZone:
        return change.domain + " serve-zone";
    case ChangeKind::Device:
        return change.person + " setting " + change.setting + " = " + change.value;
    case ChangeKind::Repair:
        break;
    }
    return "";
}

Result<void> make_change(World &world, const ChangeSpec &change)
{
    switch (change.kind) {
    case ChangeKind::DeleteOldest:
    case ChangeKind::EmptyMailbox:
    case ChangeKind::SetQuota:
    case ChangeKind::CreateMailbox:
        return change_mailbox(world, change);
    case ChangeKind::UnlistClient:
        return change.domain.empty() ? change_server(world, change) : unlist(world, change);
    case ChangeKind::SetSizeLimit:
    case ChangeKind::EndMaintenance:
    case ChangeKind::SetForwarding:
        return change_server(world, change);
    case ChangeKind::SetRecord:
        return change_record(world, change);
    case ChangeKind::ServeZone:
        return serve_zone(world, change);
    case ChangeKind::Device:
        return change_device(world, change);
    case ChangeKind::Repair:
        break;
    }
    return fail("a repair ends faults and is no change of a setting");
}

} // namespace mailscope
