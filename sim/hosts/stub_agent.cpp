// The stub resolver of a host.
#include "sim/hosts/stub_agent.h"

#include "sim/hosts/dns_text.h"

#include <algorithm>
#include <utility>

namespace mailscope
{

StubAgent::StubAgent(const StubAgent &) = default;
StubAgent::StubAgent(StubAgent &&) noexcept = default;
StubAgent &StubAgent::operator=(const StubAgent &) = default;
StubAgent &StubAgent::operator=(StubAgent &&) noexcept = default;
StubAgent::~StubAgent() = default;

StubAgent::StubAgent(std::vector<Ipv4Address> servers, Rng rng) : stub_(servers, rng) {}

net::Owner StubAgent::owner(const Env &env) const
{
    return {static_cast<std::uint16_t>(Role::StubResolver),
            static_cast<std::uint16_t>(env.host.value), 0};
}

StubAgent::Asked *StubAgent::find(dns::StubToken token)
{
    for (Asked &asked : asked_)
        if (asked.token == token)
            return &asked;
    return nullptr;
}

void StubAgent::ask(Env &env, const dns::Name &name, dns::Type type, const DnsTicket &ticket)
{
    const dns::StubToken token = stub_.ask(name, type, env.now);
    asked_.push_back({token, ticket, env.because, env.network.new_conversation(), {}});
    const RecordId cause = env.because;
    take(env);
    env.because = cause;
}

void StubAgent::on_network(Env &env, const net::Event &event)
{
    if (event.kind == net::EventKind::DatagramArrived) {
        const net::Packet &packet = env.network.packet(event.packet);
        stub_.receive({packet.source.address, packet.destination.port, dns::Transport::Udp},
                      event.data.view(), env.now);
    } else if (const auto arrival = channels_.on_network(env, event)) {
        if (arrival->message)
            stub_.receive(arrival->path, *arrival->message, env.now);
        else
            stub_.connection_failed(arrival->path, env.now);
    }
    take(env);
}

void StubAgent::on_timer(Env &env)
{
    if (!timer_.fired(env.now, env.timer_event(Role::StubResolver, owner(env).index, 0), env.queue))
        return;
    stub_.on_time(env.now);
    take(env);
}

void StubAgent::take(Env &env)
{
    while (std::optional<dns::StubEvent> event = stub_.next_event())
        on_event(env, *event);
    while (std::optional<dns::Stub::Query> query = stub_.next_outgoing()) {
        if (query->path.transport == dns::Transport::Tcp) {
            channels_.ask(env, owner(env), query->path, std::move(query->bytes));
            continue;
        }
        ConnectionId conversation;
        RecordId because = env.because;
        for (const Asked &asked : asked_) {
            if (asked.path == query->path) {
                conversation = asked.conversation;
                because = asked.record;
            }
        }
        env.network.send_datagram(env.host, query->path.local_port, {query->path.server, dns::port},
                                  SharedBytes::copy_of(query->bytes), conversation, because,
                                  env.step());
    }
    timer_.set(stub_.next_deadline(), env.timer_event(Role::StubResolver, owner(env).index, 0),
               env.queue);
}

void StubAgent::on_event(Env &env, dns::StubEvent &event)
{
    if (const auto *sent = std::get_if<dns::StubQuerySent>(&event)) {
        Asked *asked = find(sent->token);
        Record record = env.record(RecordKind::QuestionAsked);
        record.protocol = Protocol::Dns;
        record.peer = env.directory.at(sent->path.server);
        record.value = sent->attempt;
        if (asked != nullptr)
            record.conversation = asked->conversation;
        if (env.keeps(record.kind))
            record.text = SharedBytes::copy_of(question_text(sent->question));
        const RecordId id = env.note(std::move(record));
        if (asked != nullptr) {
            asked->record = id;
            asked->path = sent->path;
        }
    } else if (const auto *late = std::get_if<dns::StubServerTimedOut>(&event)) {
        if (const Asked *asked = find(late->token))
            env.because = asked->record;
        Record record = env.record(RecordKind::ServerTimedOut);
        record.protocol = Protocol::Dns;
        record.peer = env.directory.at(late->server);
        record.value = late->attempt;
        record.text = SharedBytes::copy_of(to_string(late->server));
        env.note(std::move(record));
    } else if (const auto *failed = std::get_if<dns::StubServerFailed>(&event)) {
        Record record = env.record(RecordKind::AnswerReceived);
        record.protocol = Protocol::Dns;
        record.peer = env.directory.at(failed->server);
        record.code = static_cast<std::uint16_t>(failed->rcode);
        record.text = SharedBytes::copy_of(to_string(failed->rcode));
        env.note(std::move(record));
    } else if (const auto *cut = std::get_if<dns::StubTruncated>(&event)) {
        env.note(RecordKind::RetriedOverTcp, to_string(cut->server));
    } else if (auto *resolved = std::get_if<dns::Resolved>(&event)) {
        const auto place = std::find_if(asked_.begin(), asked_.end(), [&](const Asked &asked) {
            return asked.token == resolved->token;
        });
        if (place == asked_.end())
            return;
        Record record = env.record(RecordKind::QuestionAnswered);
        record.protocol = Protocol::Dns;
        record.code = static_cast<std::uint16_t>(resolved->outcome.rcode);
        record.conversation = place->conversation;
        record.value = static_cast<std::int64_t>(resolved->outcome.records.size());
        if (env.keeps(record.kind))
            record.text = SharedBytes::copy_of(outcome_text(resolved->question, resolved->outcome));
        const RecordId id = env.note(std::move(record));
        env.dns_answers.push_back({env.host, place->ticket, std::move(resolved->question),
                                   std::move(resolved->outcome), id});
        asked_.erase(place);
    }
}

} // namespace mailscope
