// Orders to the World: finding what is named, and doing it.
#include "sim/world/commands.h"

#include "sim/core/text.h"
#include "sim/world/changes.h"
#include "sim/world/lookup.h"
#include "sim/world/world.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

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
    void repair(const ChangeSpec &change);

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
    if (!action.cc.empty())
        changes.cc = action.cc;
    if (!action.text.empty())
        changes.text = action.text;
    if (action.iso_2022_jp)
        changes.charset = mail::TextCharset::Iso2022Jp;
    changes.notify_success = action.notify_success;
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
    case ActionKind::Reply:
        return "reply";
    case ActionKind::Forward:
        return "forward";
    case ActionKind::GoOffline:
        return "go_offline";
    case ActionKind::GoOnline:
        return "go_online";
    case ActionKind::HangUp:
        return "hang_up";
    case ActionKind::SaveDraft:
        return "save_draft";
    case ActionKind::SendDraft:
        return "send_draft";
    case ActionKind::OpenDrafts:
        return "open_drafts";
    case ActionKind::MakeFolder:
        return "make_folder";
    case ActionKind::Move:
        return "move";
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
    case ActionKind::Reply:
        done = client.answer(env, mail::Answering::Reply, changes_of(action), action.letter);
        break;
    case ActionKind::Forward:
        done = client.answer(env, mail::Answering::Forward, changes_of(action), action.letter);
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
    case ActionKind::SaveDraft:
        done = client.save_draft(env, changes_of(action), action.draft);
        break;
    case ActionKind::SendDraft:
        done = client.send_draft(env, changes_of(action), action.draft);
        break;
    case ActionKind::OpenDrafts:
        client.open_drafts(env);
        break;
    case ActionKind::MakeFolder:
        done = client.make_folder(env, action.folder);
        break;
    case ActionKind::Move:
        done = client.move_letter(env, action.subject, action.folder);
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
    begin(host, begins ? RecordKind::FaultBegan : RecordKind::FaultEnded,
          place_of(fault) + " " + std::string(word_of(fault.kind)));
    if (begins)
        world_.faults.push_back(fault);
    else
        world_.faults.erase(current);
    set_fault(fault, order.turn);
}

void Executor::repair(const ChangeSpec &change)
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
}

void Executor::operator()(const ChangeSpec &order)
{
    if (order.kind == ChangeKind::Repair) {
        repair(order); // its records are the ends of faults
        return;
    }
    HostId host = world_.directory->find(order.host);
    if (const auto index = find_client(world_, order.person, order.device))
        host = world_.clients[*index].settings().host;
    const Result<void> done = make_change(world_, order);
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
