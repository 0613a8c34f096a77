// Changes that are offered.
#include "viz/model/changes.h"

#include "sim/core/text.h"
#include "sim/world/inspect.h"
#include "viz/model/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope::viz
{
namespace
{

constexpr std::uint16_t smtp_port = 25;
constexpr std::uint16_t dns_port = 53;
constexpr std::uint32_t half_per_million = 500'000;

class Offer
{
public:
    Offer(const Moment &now, HostId host)
        : now_(now), host_(host), info_(now.world.directory->hosts[host.value])
    {
    }

    std::vector<Change> make()
    {
        offer_power();
        offer_service();
        offer_links();
        offer_mailboxes();
        offer_server();
        offer_records();
        offer_device();
        return std::move(changes_);
    }

private:
    void add(std::string id, std::string label, Order order)
    {
        changes_.push_back({std::move(id), std::move(label), {}, false, std::move(order)});
    }
    void add_typed(std::string id, std::string label, std::string value, Order order)
    {
        changes_.push_back(
            {std::move(id), std::move(label), std::move(value), true, std::move(order)});
    }
    std::string say(std::string_view key, std::string_view text = {}) const
    {
        return now_.words.view(key, {{"text", std::string(text)}});
    }
    void offer_power();
    void offer_service();
    void offer_links();
    void offer_mailboxes();
    void offer_server();
    void offer_records();
    void offer_device();

    const Moment &now_;
    HostId host_;
    const HostInfo &info_;
    std::vector<Change> changes_;
};

Order fault(FaultSpec spec) { return FaultOrder{std::move(spec), FaultOrder::Turn::Begins}; }

ChangeSpec repair_of(const std::string &host)
{
    ChangeSpec change;
    change.kind = ChangeKind::Repair;
    change.host = host;
    return change;
}

void Offer::offer_power()
{
    FaultSpec down;
    down.kind = FaultKindSpec::HostDown;
    down.host = info_.name;
    if (now_.world.network.hosts()[host_.value].up)
        add("off " + info_.name, say("change.off"), fault(down));
    else
        add("on " + info_.name, say("change.on"), FaultOrder{down, FaultOrder::Turn::Ends});
}

void Offer::offer_service()
{
    FaultSpec silent;
    silent.kind = FaultKindSpec::ServiceSilent;
    silent.host = info_.name;
    if (info_.kind == HostKind::MailServer)
        silent.port = smtp_port;
    else if (info_.kind == HostKind::NameServer || info_.kind == HostKind::Resolver)
        silent.port = dns_port;
    else
        return;
    const bool is_silent =
        std::any_of(now_.world.silent.begin(), now_.world.silent.end(),
                    [&](const SilentService &service) { return service.host == host_; });
    if (is_silent) {
        add("repair " + info_.name, say("change.repair"), repair_of(info_.name));
        return;
    }
    add("silent " + info_.name, say("change.silent"), fault(silent));
    silent.kind = FaultKindSpec::ServiceClosed;
    add("closed " + info_.name, say("change.closed"), fault(silent));
}

void Offer::offer_links()
{
    const std::vector<net::Interface> &ends = now_.world.network.interfaces();
    for (const net::Link &link : now_.world.network.links()) {
        const HostId a = ends[link.interfaces[0]].host;
        const HostId b = ends[link.interfaces[1]].host;
        if (a != host_ && b != host_)
            continue;
        const HostId other = a == host_ ? b : a;
        FaultSpec cut;
        cut.kind = FaultKindSpec::LinkCut;
        cut.from = info_.name;
        cut.to = now_.words.host(other);
        const std::string name = now_.words.short_host(other);
        if (link.cut || link.extra_loss_per_million > 0) {
            ChangeSpec repair;
            repair.kind = ChangeKind::Repair;
            repair.from = cut.from;
            repair.to = cut.to;
            add("mend " + cut.to, say("change.mend", name), repair);
            continue;
        }
        add("cut " + cut.to, say("change.cut", name), fault(cut));
        FaultSpec loss = cut;
        loss.kind = FaultKindSpec::LinkLoss;
        loss.loss_per_million = half_per_million;
        add("lossy " + cut.to, say("change.lossy", name), fault(loss));
    }
}

void Offer::offer_mailboxes()
{
    for (const MailboxRow &box : mailbox_rows(now_.world)) {
        if (box.host != host_)
            continue;
        ChangeSpec change;
        change.mailbox = box.user;
        if (box.letters > 0) {
            change.kind = ChangeKind::EmptyMailbox;
            add("empty " + box.user, say("change.empty", box.user), change);
        }
        change.kind = ChangeKind::SetQuota;
        change.number = box.quota;
        add_typed("quota " + box.user, say("change.quota", box.user), std::to_string(box.quota),
                  change);
        change = {};
        change.kind = ChangeKind::SetForwarding;
        change.mailbox = box.user;
        add_typed("forward " + box.user, say("change.forward", box.user), {}, change);
    }
}

void Offer::offer_server()
{
    for (const MailServerPlace &place : now_.world.mail_servers) {
        if (place.server.host() != host_)
            continue;
        const MailServerConfig &config = place.server.config();
        for (const LocalDomain &domain : config.domains) {
            ChangeSpec change;
            change.kind = ChangeKind::CreateMailbox;
            add_typed("mailbox " + domain.name, say("change.mailbox"), "@" + domain.name, change);
        }
        ChangeSpec size;
        size.kind = ChangeKind::SetSizeLimit;
        size.host = info_.name;
        size.number = config.policy.size_limit;
        add_typed("size " + info_.name, say("change.size"),
                  std::to_string(config.policy.size_limit), size);
        ActionSpec retry;
        retry.does = ActionKind::Retry;
        retry.host = info_.name;
        add("retry " + info_.name, say("change.retry"), retry);
    }
}

/// The MX and A records of the zones that this name server answers for.
void Offer::offer_records()
{
    for (const NameServer &server : now_.world.name_servers) {
        if (server.host() != host_)
            continue;
        for (const dns::Zone &zone : server.zones()) {
            const std::string domain = to_string(zone.origin());
            for (const dns::ResourceRecord &record : zone.records()) {
                const std::string type = dns::to_string(record.type);
                if ((type != "MX" && type != "A") || changes_.size() > 20)
                    continue;
                ChangeSpec change;
                change.kind = ChangeKind::SetRecord;
                change.domain = domain;
                const std::string name = to_string(record.owner);
                change.record.name = name == domain ? "@"
                                     : name.ends_with("." + domain)
                                         ? name.substr(0, name.size() - domain.size() - 1)
                                         : name;
                change.record.type = type;
                const std::string label = fmt::format("{} {}", name, type);
                add_typed("record " + label, label, dns::to_string(record.data), change);
            }
        }
    }
}

void Offer::offer_device()
{
    for (const MailClient &client : now_.world.clients) {
        if (client.settings().host != host_)
            continue;
        ActionSpec action;
        action.who = client.settings().person;
        const auto online = [&](ActionKind kind, std::string_view key) {
            action.does = kind;
            add(std::string(key), say(key), action);
        };
        online(ActionKind::Resend, "change.resend");
        action.to = {};
        action.does = ActionKind::Resend;
        add_typed("change.resend-to", say("change.resend-to"), {}, action);
        online(ActionKind::Fetch, "change.fetch");
        ChangeSpec from;
        from.kind = ChangeKind::Device;
        from.person = client.settings().person;
        from.setting = "from";
        add_typed("change.from", say("change.from"), client.settings().from, from);
    }
}

} // namespace

HostId host_to_change(const Moment &now)
{
    if (now.state.host >= 0)
        return HostId{static_cast<std::uint32_t>(now.state.host)};
    if (!now.records.empty() && !now.record().host.is_none())
        return now.record().host;
    return now.world.clients.empty() ? HostId{0} : now.world.clients.front().settings().host;
}

std::vector<Change> changes_at(const Moment &now, HostId host) { return Offer(now, host).make(); }

Order order_with(const Change &change, const std::string &value)
{
    Order order = change.order;
    if (!change.takes_value)
        return order;
    if (auto *action = std::get_if<ActionSpec>(&order))
        action->to = {value};
    if (auto *spec = std::get_if<ChangeSpec>(&order)) {
        if (spec->kind == ChangeKind::CreateMailbox)
            spec->mailbox = value;
        else if (spec->kind == ChangeKind::SetRecord)
            spec->record.data = value;
        else if (spec->kind == ChangeKind::SetQuota || spec->kind == ChangeKind::SetSizeLimit)
            spec->number = parse_decimal(value).value_or(0);
        else
            spec->value = value;
    }
    return order;
}

ChangesView changes_view(const Moment &now)
{
    ChangesView view;
    const HostId host = host_to_change(now);
    view.host = now.words.host(host);
    for (const Change &change : changes_at(now, host))
        view.rows.push_back({change.id, change.label, change.value, change.takes_value});
    return view;
}

} // namespace mailscope::viz
