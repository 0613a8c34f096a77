// Orders to the World: finding what is named, and doing it.
#include "sim/world/commands.h"

#include "sim/core/text.h"
#include "sim/world/world.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

/// The index of a person's device; the first one when `device` is empty.
std::optional<std::size_t> find_client(const World &world, std::string_view person,
                                       std::string_view device)
{
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        const MailClientSettings &settings = world.clients[i].settings();
        const std::string &name = world.directory->name_of(settings.host);
        if (settings.person == person &&
            (device.empty() || name == std::string(person) + "-" + std::string(device)))
            return i;
    }
    return std::nullopt;
}

MailServerPlace *find_mail_server(World &world, std::string_view host)
{
    for (MailServerPlace &place : world.mail_servers)
        if (world.directory->name_of(place.server.host()) == host)
            return &place;
    return nullptr;
}

/// A mailbox and the store it is in.
struct MailboxPlace
{
    mail::Store *store = nullptr;
    mail::UserId user;
};

MailboxPlace find_mailbox(World &world, std::string_view address)
{
    for (mail::Store &store : world.stores)
        if (const std::optional<mail::UserId> user = store.find_user(address))
            return {&store, *user};
    return {};
}

/// The store of the server that is responsible for the domain of `address`.
mail::Store *store_for(World &world, std::string_view address)
{
    for (MailServerPlace &place : world.mail_servers) {
        const LocalDomain *domain = place.server.config().find_domain(domain_of(address));
        if (domain != nullptr && domain->has_mailboxes)
            return &world.stores[place.store];
    }
    return nullptr;
}

net::Link *find_link(World &world, const FaultSpec &fault)
{
    const HostId from = world.directory->find(fault.from);
    const HostId to = world.directory->find(fault.to);
    for (std::uint32_t i = 0; i < world.network.links().size(); ++i) {
        net::Link &link = world.network.link(LinkId{i});
        const HostId a = world.network.interfaces()[link.interfaces[0]].host;
        const HostId b = world.network.interfaces()[link.interfaces[1]].host;
        if ((a == from && b == to) || (a == to && b == from))
            return &link;
    }
    return nullptr;
}

bool same_place(const FaultSpec &a, const FaultSpec &b)
{
    const bool same_link = (a.from == b.from && a.to == b.to) || (a.from == b.to && a.to == b.from);
    return a.host == b.host && same_link;
}

std::string place_of(const FaultSpec &fault)
{
    return fault.host.empty() ? fault.from + " - " + fault.to : fault.host;
}

std::string_view word_of(FaultKindSpec kind)
{
    switch (kind) {
    case FaultKindSpec::HostDown:
        return "down";
    case FaultKindSpec::ServiceSilent:
        return "silent";
    case FaultKindSpec::ServiceClosed:
        return "closed";
    case FaultKindSpec::LinkCut:
        return "cut";
    case FaultKindSpec::LinkLoss:
        return "loss";
    case FaultKindSpec::LinkSlow:
        return "slow";
    }
    return "";
}

/// Does one order; a part per kind of order.
class Executor
{
public:
    Executor(World &world, Records &records) : world_(world), records_(records) {}

    void operator()(const ActionSpec &action);
    void operator()(const FaultOrder &order);
    void operator()(const ChangeSpec &change);

private:
    Env begin(HostId host, RecordKind kind, std::string_view text);
    void fail(HostId host, std::string_view why);
    void begin_scene(const LocalText &heading);
    void act(MailClient &client, Env &env, const ActionSpec &action);
    void set_fault(const FaultSpec &fault, FaultOrder::Turn turn);
    void power(HostId host, FaultOrder::Turn turn);
    Result<void> change(const ChangeSpec &change);
    Result<void> change_mailbox(const ChangeSpec &change);
    Result<void> change_server(const ChangeSpec &change);
    Result<void> change_device(const ChangeSpec &change);
    Result<void> change_record(const ChangeSpec &change);
    Result<void> unlist(const ChangeSpec &change);
    Result<void> repair(const ChangeSpec &change);

    World &world_;
    Records &records_;
};

Env Executor::begin(HostId host, RecordKind kind, std::string_view text)
{
    Env env = env_for(world_, records_, host, RecordId{});
    env.note(kind, text);
    return env;
}

void Executor::fail(HostId host, std::string_view why)
{
    Env env = env_for(world_, records_, host, RecordId{});
    env.note(RecordKind::ActionFailed, why);
}

Draft draft_of(const ActionSpec &action)
{
    Draft draft;
    draft.to = action.to;
    draft.cc = action.cc;
    draft.subject = action.subject;
    draft.text = action.text;
    for (const AttachmentSpec &file : action.attach)
        draft.attachments.push_back({file.name, file.media_type, file.size});
    if (action.iso_2022_jp)
        draft.charset = mail::TextCharset::Iso2022Jp;
    if (!action.from.empty())
        draft.from = action.from;
    draft.notify_success = action.notify_success;
    return draft;
}

DraftChanges changes_of(const ActionSpec &action)
{
    DraftChanges changes;
    if (!action.to.empty())
        changes.to = action.to;
    if (!action.subject.empty())
        changes.subject = action.subject;
    if (!action.from.empty())
        changes.from = action.from;
    if (!action.attach.empty() || action.drop_attachments) {
        changes.attachments.emplace();
        for (const AttachmentSpec &file : action.attach)
            changes.attachments->push_back({file.name, file.media_type, file.size});
    }
    return changes;
}

std::string_view word_of(ActionKind kind)
{
    switch (kind) {
    case ActionKind::Send:
        return "send";
    case ActionKind::Resend:
        return "resend";
    case ActionKind::Fetch:
        return "fetch";
    case ActionKind::Read:
        return "read";
    case ActionKind::Delete:
        return "delete";
    case ActionKind::GoOffline:
        return "go_offline";
    case ActionKind::GoOnline:
        return "go_online";
    case ActionKind::HangUp:
        return "hang_up";
    case ActionKind::Retry:
        return "retry";
    case ActionKind::Wait:
        return "wait";
    }
    return "";
}

/// The heading of a part of the story, in both languages: English, line feed, Japanese.
void Executor::begin_scene(const LocalText &heading)
{
    if (heading.en.empty() && heading.ja.empty())
        return;
    Env env = env_for(world_, records_, HostId{}, RecordId{});
    env.note(RecordKind::SceneBegan, heading.en + "\n" + heading.ja, ++world_.scenes);
}

void Executor::operator()(const ActionSpec &action)
{
    begin_scene(action.scene);
    if (action.does == ActionKind::Wait)
        return;
    if (action.does == ActionKind::Retry) {
        MailServerPlace *place = find_mail_server(world_, action.host);
        if (place == nullptr)
            return fail(HostId{}, "no mail server " + action.host);
        Env env = begin(place->server.host(), RecordKind::ActionTaken, "postmaster retry");
        const std::uint16_t index = static_cast<std::uint16_t>(place - world_.mail_servers.data());
        return place->server.retry_all(env, world_.stores[place->store], index);
    }
    const std::optional<std::size_t> index = find_client(world_, action.who, action.device);
    if (!index)
        return fail(HostId{}, "no device of " + action.who);
    MailClient &client = world_.clients[*index];
    std::string text = action.who + " " + std::string(word_of(action.does));
    for (const std::string &to : action.to)
        text += " " + to;
    Env env = begin(client.settings().host, RecordKind::ActionTaken, text);
    act(client, env, action);
}

void Executor::act(MailClient &client, Env &env, const ActionSpec &action)
{
    Result<void> done;
    switch (action.does) {
    case ActionKind::Send:
        client.write_and_send(env, draft_of(action));
        break;
    case ActionKind::Resend:
        done = client.resend(env, changes_of(action));
        break;
    case ActionKind::Fetch:
        client.fetch(env);
        break;
    case ActionKind::Read:
        done = client.read(env, action.subject);
        break;
    case ActionKind::Delete:
        done = client.delete_letter(env, action.subject);
        break;
    case ActionKind::GoOffline:
        client.go_offline(env);
        break;
    case ActionKind::GoOnline:
        client.go_online(env);
        break;
    case ActionKind::HangUp:
        client.hang_up(env);
        break;
    case ActionKind::Retry:
    case ActionKind::Wait:
        break;
    }
    if (!done)
        env.note(RecordKind::ActionFailed, done.error().message);
}

void Executor::power(HostId host, FaultOrder::Turn turn)
{
    world_.network.set_up(host, turn == FaultOrder::Turn::Ends);
    if (turn == FaultOrder::Turn::Begins)
        return;
    for (Event &work : std::exchange(world_.parked, {})) {
        work.at = std::max(work.at, world_.now);
        world_.queue.push(work);
    }
}

void Executor::set_fault(const FaultSpec &fault, FaultOrder::Turn turn)
{
    const bool begins = turn == FaultOrder::Turn::Begins;
    const HostId host = world_.directory->find(fault.host);
    net::Link *link = fault.host.empty() ? find_link(world_, fault) : nullptr;
    switch (fault.kind) {
    case FaultKindSpec::HostDown:
        return power(host, turn);
    case FaultKindSpec::ServiceSilent:
        if (begins)
            world_.silent.push_back({host, fault.port});
        else
            std::erase_if(world_.silent, [&](const SilentService &service) {
                return service.host == host && service.port == fault.port;
            });
        return;
    case FaultKindSpec::ServiceClosed:
        return world_.network.set_ports(host, fault.port,
                                        begins ? net::PortState::Closed : net::PortState::Open);
    case FaultKindSpec::LinkCut:
        link->cut = begins;
        return;
    case FaultKindSpec::LinkLoss:
        link->extra_loss_per_million = begins ? fault.loss_per_million : 0;
        return;
    case FaultKindSpec::LinkSlow:
        link->extra_latency = begins ? fault.latency : Duration::zero();
        return;
    }
}

void Executor::operator()(const FaultOrder &order)
{
    const FaultSpec &fault = order.fault;
    const bool begins = order.turn == FaultOrder::Turn::Begins;
    const HostId host = world_.directory->find(fault.host.empty() ? fault.from : fault.host);
    const bool known = fault.host.empty() ? find_link(world_, fault) != nullptr : !host.is_none();
    if (!known)
        return fail(host, "nothing known as " + place_of(fault));
    const auto current =
        std::find_if(world_.faults.begin(), world_.faults.end(), [&](const FaultSpec &other) {
            return other.kind == fault.kind && other.port == fault.port && same_place(other, fault);
        });
    if (begins == (current != world_.faults.end()))
        return;
    Env env = begin(host, begins ? RecordKind::FaultBegan : RecordKind::FaultEnded,
                    place_of(fault) + " " + std::string(word_of(fault.kind)));
    static_cast<void>(env);
    if (begins)
        world_.faults.push_back(fault);
    else
        world_.faults.erase(current);
    set_fault(fault, order.turn);
}

Result<void> Executor::change_mailbox(const ChangeSpec &change)
{
    if (change.kind == ChangeKind::CreateMailbox) {
        mail::Store *store = store_for(world_, change.mailbox);
        if (store == nullptr)
            return mailscope::fail("no server has mailboxes of that domain: " + change.mailbox);
        if (!store->add_user(to_lower(change.mailbox), "secret", change.number))
            return mailscope::fail("there is a mailbox " + change.mailbox);
        return {};
    }
    const MailboxPlace place = find_mailbox(world_, change.mailbox);
    if (place.store == nullptr)
        return mailscope::fail("no mailbox " + change.mailbox);
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

Result<void> Executor::change_server(const ChangeSpec &change)
{
    if (change.kind == ChangeKind::SetForwarding) {
        for (MailServerPlace &place : world_.mail_servers) {
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
    MailServerPlace *place = find_mail_server(world_, change.host);
    if (place == nullptr)
        return mailscope::fail("no mail server " + change.host);
    MailPolicy &policy = place->server.edit_config().policy;
    if (change.kind == ChangeKind::SetSizeLimit)
        policy.size_limit = change.number;
    else if (change.kind == ChangeKind::EndMaintenance)
        policy.maintenance = Maintenance::None;
    else
        policy.refused_clients.clear();
    return {};
}

Result<void> Executor::change_device(const ChangeSpec &change)
{
    const std::optional<std::size_t> index = find_client(world_, change.person, change.device);
    if (!index)
        return mailscope::fail("no device of " + change.person);
    MailClientSettings &settings = world_.clients[*index].edit_settings();
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
    } else {
        return mailscope::fail("no setting " + change.setting);
    }
    return {};
}

Result<void> Executor::change_record(const ChangeSpec &change)
{
    const Result<dns::Name> origin = dns::Name::parse(change.domain);
    const std::string owner = change.record.name == "@" || change.record.name.empty()
                                  ? change.domain
                                  : change.record.name + "." + change.domain;
    const Result<dns::Name> name = dns::Name::parse(owner);
    const std::optional<dns::Type> type = dns::parse_type(change.record.type);
    if (!origin || !name || !type)
        return mailscope::fail("no such record: " + owner + " " + change.record.type);
    const Result<dns::RData> data = dns::parse_data(*type, change.record.data);
    if (!data && !change.record.data.empty())
        return tl::unexpected<Error>(data.error());
    const Duration ttl = change.record.ttl.value_or(std::chrono::hours(1));
    bool found = false;
    for (NameServer &server : world_.name_servers) {
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
        return mailscope::fail("no name server has the zone " + change.domain);
    return {};
}

Result<void> Executor::unlist(const ChangeSpec &change)
{
    const HostId id = world_.directory->find(change.value);
    const Result<Ipv4Address> address =
        id.is_none() ? parse_ipv4(change.value) : world_.directory->hosts[id.value].address;
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
            done = change_record(removal);
    }
    return done;
}

Result<void> Executor::repair(const ChangeSpec &change)
{
    FaultSpec place;
    place.host = change.host;
    place.from = change.from;
    place.to = change.to;
    std::vector<FaultSpec> there;
    for (const FaultSpec &fault : world_.faults)
        if (same_place(fault, place))
            there.push_back(fault);
    for (const FaultSpec &fault : there)
        (*this)(FaultOrder{fault, FaultOrder::Turn::Ends});
    return {};
}

/// What is changed, how, and to what: "bob@example.jp quota 5000000".
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
    case ChangeKind::Device:
        return change.person + " setting " + change.setting + " = " + change.value;
    case ChangeKind::Repair:
        break;
    }
    return "";
}

Result<void> Executor::change(const ChangeSpec &change)
{
    switch (change.kind) {
    case ChangeKind::DeleteOldest:
    case ChangeKind::EmptyMailbox:
    case ChangeKind::SetQuota:
    case ChangeKind::CreateMailbox:
        return change_mailbox(change);
    case ChangeKind::UnlistClient:
        return change.domain.empty() ? change_server(change) : unlist(change);
    case ChangeKind::SetSizeLimit:
    case ChangeKind::EndMaintenance:
    case ChangeKind::SetForwarding:
        return change_server(change);
    case ChangeKind::SetRecord:
        return change_record(change);
    case ChangeKind::Device:
        return change_device(change);
    case ChangeKind::Repair:
        break;
    }
    return repair(change);
}

void Executor::operator()(const ChangeSpec &order)
{
    if (order.kind == ChangeKind::Repair) {
        static_cast<void>(repair(order)); // its records are the ends of faults
        return;
    }
    HostId host = world_.directory->find(order.host);
    if (const auto index = find_client(world_, order.person, order.device))
        host = world_.clients[*index].settings().host;
    const Result<void> done = change(order);
    if (done)
        begin(host, RecordKind::ChangeMade, text_of(order));
    else
        fail(host, done.error().message);
}

} // namespace

void schedule(World &world, SimTime at, Order order)
{
    Event work;
    work.at = std::max(at, world.now);
    work.kind = static_cast<std::uint16_t>(Work::Command);
    work.what = static_cast<std::uint32_t>(world.agenda->size());
    world.agenda.edit().push_back({work.at, std::move(order)});
    ++world.appointments_left;
    world.queue.push(work);
}

void apply(World &world, Records &records, const Order &order)
{
    Executor executor(world, records);
    std::visit(executor, order);
    finish_step(world, records);
}

} // namespace mailscope
