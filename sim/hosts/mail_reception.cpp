// A mail server's receiving side: conversations with clients, from greeting to 250.
#include "sim/core/check.h"
#include "sim/core/digest.h"
#include "sim/core/text.h"
#include "sim/hosts/mail_server.h"
#include "sim/mail/message.h"
#include "sim/mail/trace_fields.h"

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

/// Fills a record about a conversation.
Record session_record(const Env &env, const ReceptionSession &session, RecordKind kind)
{
    Record record = env.record(kind);
    record.protocol = Protocol::Smtp;
    record.peer = env.peer_of(session.stream.connection());
    if (const net::TcpConnection *end = env.network.find(session.stream.connection()))
        record.conversation = end->conversation;
    return record;
}

/// What of the DNS's answer a decision needs.
DnsFact fact_of(const DnsAnswer &answer)
{
    DnsFact fact;
    fact.purpose = static_cast<Purpose>(answer.ticket.purpose);
    fact.name = to_string(answer.question.name);
    if (fact.name.size() > 1)
        fact.name.pop_back();
    fact.outcome = answer.outcome.kind;
    for (const dns::ResourceRecord &record : answer.outcome.records) {
        if (const auto *mx = std::get_if<dns::Mx>(&record.data))
            fact.null_mx = mx->exchange.is_root();
        if (const auto *text = std::get_if<dns::Txt>(&record.data))
            fact.text = text->joined();
    }
    return fact;
}

} // namespace

MailServer::MailServer(const MailServer &) = default;
MailServer::MailServer(MailServer &&) noexcept = default;
MailServer &MailServer::operator=(const MailServer &) = default;
MailServer &MailServer::operator=(MailServer &&) noexcept = default;
MailServer::~MailServer() = default;

MailServer::MailServer(HostId host, MailServerConfig config, Rng rng)
    : host_(host), config_(std::move(config)), rng_(rng), queue_ids_(Rng(rng.state(), "queue ids"))
{
    edit_config();
}

MailServerConfig &MailServer::edit_config()
{
    relay_options_.reset();
    submission_options_.reset();
    client_options_.reset();
    return config_.edit();
}

std::shared_ptr<const smtp::ServerOptions> MailServer::options_for(bool submission)
{
    std::shared_ptr<const smtp::ServerOptions> &options =
        submission ? submission_options_ : relay_options_;
    if (options == nullptr) {
        const MailPolicy &policy = config_->policy;
        smtp::ServerOptions made;
        made.hostname = config_->hostname;
        made.dialect = policy.dialect;
        if (policy.dialect == smtp::Dialect::Exim) { // its defaults
            made.vrfy = false;
            made.etrn = false;
            made.dsn = false;
            made.errors_max = 4;
        }
        made.size_limit = policy.size_limit;
        made.recipients_max = policy.recipients_max;
        made.starttls = policy.starttls;
        // A server at port 25 must not require it (RFC 3207 4).
        made.tls_required = submission && policy.tls_required;
        made.auth_needs_tls = policy.tls_required;
        made.auth_plain = submission;
        made.auth_login = submission;
        options = std::make_shared<const smtp::ServerOptions>(std::move(made));
    }
    return options;
}

void MailServer::accept_connection(Call call, const net::Event &event)
{
    const net::TcpConnection *end = call.env.network.find(event.connection);
    if (end == nullptr)
        return;
    const Ipv4Address peer = end->remote.address;
    const bool with_tls = end->local.port == submissions_port;
    const bool submission = with_tls || end->local.port == submission_port;
    const Handle handle = receptions_.insert({});
    ReceptionSession &session = receptions_[handle];
    session.stream = Stream(event.connection);
    session.engine.emplace(options_for(submission), to_string(peer));
    session.client.address = peer;
    session.client.is_submission = submission;
    call.env.network.set_session(event.connection, handle.index);
    if (with_tls)
        session.stream.start_tls(call.env, tls::Side::Server, config_->hostname);
    else
        greet(call, handle);
}

void MailServer::greet(Call call, Handle handle)
{
    ReceptionSession &session = receptions_[handle];
    const Ipv4Address peer = session.client.address;
    std::uint32_t open = 0;
    receptions_.for_each([&](Handle, const ReceptionSession &other) {
        open += other.client.address == peer ? 1U : 0U;
    });
    const smtp::Reply hello = greeting(*config_, peer, open, call.env.date());
    session.engine->greet(hello, call.env.now);
    if (!hello.is_positive())
        note_refusal(call, session, RecordKind::SenderRefused, to_string(peer), hello);
    pump_reception(call, handle);
}

void MailServer::on_reception(Call call, const net::Event &event)
{
    if (event.kind == net::EventKind::Accepted)
        return accept_connection(call, event);
    const Handle handle = receptions_.handle_at(event.owner.session);
    ReceptionSession *session = receptions_.find(handle);
    if (session == nullptr || session->stream.connection() != event.connection)
        return;
    if (event.kind == net::EventKind::DataArrived) {
        const ByteView plain = session->stream.receive(call.env, event.data.view());
        const bool greeted = session->engine->state() != smtp::ServerState::Opening;
        while (const std::optional<tls::ChannelEvent> tls =
                   session->stream.take_tls_event(call.env)) {
            if (greeted)
                continue;
            if (!std::holds_alternative<tls::Established>(*tls))
                return end_reception(call, handle);
            session->engine->tls_established();
            greet(call, handle);
            session = receptions_.find(handle);
            if (session == nullptr)
                return;
        }
        if (plain.empty())
            return;
        session->engine->receive(plain, call.env.now);
    } else {
        session->engine->peer_closed(call.env.now);
    }
    pump_reception(call, handle);
    if (event.kind != net::EventKind::DataArrived)
        end_reception(call, handle);
}

void MailServer::pump_reception(Call call, Handle handle)
{
    ReceptionSession &session = receptions_[handle];
    while (std::optional<smtp::ServerEvent> event = session.engine->next_event())
        on_server_event(call, handle, *event);
    if (!session.engine->output().bytes().empty()) {
        session.stream.send(call.env, Protocol::Smtp, session.engine->output(), MessageId{});
        session.engine->clear_output();
    }
    session.because = call.env.because;
    if (session.engine->wants_close())
        end_reception(call, handle);
    else
        session.timer.set(session.engine->next_deadline(),
                          call.env.timer_event(Role::SmtpServer, call.index, handle.index),
                          call.env.queue);
    while (!undispatched_.empty()) {
        const Handle message = undispatched_.front();
        undispatched_.erase(undispatched_.begin());
        dispatch(call, message);
    }
}

void MailServer::end_reception(Call call, Handle handle)
{
    ReceptionSession *session = receptions_.find(handle);
    if (session == nullptr)
        return;
    if (call.env.network.find(session->stream.connection()) != nullptr)
        session->stream.close(call.env);
    receptions_.erase(handle);
}

void MailServer::on_server_event(Call call, Handle handle, smtp::ServerEvent &event)
{
    ReceptionSession &session = receptions_[handle];
    if (const auto *asked = std::get_if<smtp::SenderAsked>(&event)) {
        if (const std::optional<smtp::Reply> refusal = refuse_sender(*config_, asked->size)) {
            note_refusal(call, session, RecordKind::SenderRefused, asked->reverse_path, *refusal);
            session.engine->answer(*refusal, call.env.now);
        } else {
            session.engine->accept(call.env.now);
        }
    } else if (auto *recipient = std::get_if<smtp::RecipientAsked>(&event)) {
        session.asked = std::move(recipient->recipient);
        decide(call, handle);
    } else if (const auto *content = std::get_if<smtp::ContentAsked>(&event)) {
        take_message(call, session, *content);
    } else if (const auto *credentials = std::get_if<smtp::AuthAsked>(&event)) {
        authenticate(call, session, *credentials);
    } else if (std::get_if<smtp::VerifyAsked>(&event) != nullptr) {
        session.engine->accept(call.env.now);
    } else if (std::get_if<smtp::TlsStarted>(&event) != nullptr) {
        session.stream.send(call.env, Protocol::Smtp, session.engine->output(), MessageId{});
        session.engine->clear_output();
        session.stream.start_tls(call.env, tls::Side::Server, config_->hostname);
    }
}

void MailServer::note_refusal(Call call, const ReceptionSession &session, RecordKind kind,
                              std::string_view who, const smtp::Reply &reply)
{
    Record record = session_record(call.env, session, kind);
    record.code = static_cast<std::uint16_t>(reply.code);
    record.status = status_number(reply.status.kind, reply.status.subject, reply.status.detail);
    if (call.env.keeps(kind))
        record.text = SharedBytes::copy_of("<" + std::string(who) + "> " + to_string(reply));
    call.env.note(std::move(record));
}

/// Decides about the recipient that the open question is about, or asks the DNS first.
void MailServer::decide(Call call, Handle handle)
{
    ReceptionSession &session = receptions_[handle];
    session.client.identity = session.engine->identity();
    const std::string &sender = session.engine->transaction().reverse_path;
    const std::string &recipient = session.asked.address;
    const RecipientDecision decision =
        decide_recipient(*config_, call.store, session.client, sender, recipient);
    if (const auto *needed = std::get_if<DnsNeeded>(&decision)) {
        const Result<dns::Name> name = dns::Name::parse(needed->name);
        if (name)
            return call.env.ask_dns(*name, needed->type,
                                    {Role::SmtpServer, call.index, handle,
                                     static_cast<std::uint16_t>(needed->purpose)});
        session.client.dns.push_back(
            {needed->purpose, needed->name, dns::OutcomeKind::NameError, false, ""});
        return decide(call, handle);
    }
    if (const auto *refusal = std::get_if<smtp::Reply>(&decision)) {
        note_refusal(call, session, RecordKind::RecipientRefused, recipient, *refusal);
        return session.engine->answer(*refusal, call.env.now);
    }
    if (is_greylisted(call, session, recipient)) {
        const std::string seconds = std::to_string(whole_seconds(config_->policy.greylist));
        return session.engine->answer(
            say(config_->policy.dialect, Verdict::Greylisted, {recipient, seconds}), call.env.now);
    }
    const std::string &forwarded = std::get<Accepted>(decision).forwarded_to;
    if (!forwarded.empty())
        return session.engine->answer(
            say(config_->policy.dialect, Verdict::WillForward, {recipient, forwarded}),
            call.env.now);
    session.engine->accept(call.env.now);
}

bool MailServer::is_greylisted(Call call, const ReceptionSession &session,
                               std::string_view recipient)
{
    const Duration wait = config_->policy.greylist;
    if (wait == Duration::zero() || session.client.is_submission)
        return false;
    Digest digest; // client network, sender and recipient (RFC 6647 2.2)
    digest.add(session.client.address.value >> 8U, session.engine->transaction().reverse_path,
               recipient);
    const std::uint64_t key = digest.value();
    const auto place = std::lower_bound(
        greylist_.begin(), greylist_.end(), key,
        [](const GreyEntry &entry, std::uint64_t wanted) { return entry.key < wanted; });
    const bool known = place != greylist_.end() && place->key == key;
    if (known && call.env.now - place->first_seen >= wait)
        return false;
    const Duration left = known ? wait - (call.env.now - place->first_seen) : wait;
    if (!known)
        greylist_.insert(place, {key, call.env.now});
    Record record = session_record(call.env, session, RecordKind::Greylisted);
    record.code = 450;
    record.status = status_number(4, 7, 1);
    record.value = whole_seconds(left);
    record.text = SharedBytes::copy_of(recipient);
    call.env.note(std::move(record));
    return true;
}

void MailServer::authenticate(Call call, ReceptionSession &session, const smtp::AuthAsked &asked)
{
    std::string user = to_lower(asked.user);
    if (user.find('@') == std::string::npos && !config_->domains.empty())
        user += "@" + config_->domains.front().name;
    const std::optional<mail::UserId> mailbox = call.store.find_user(user);
    const bool right = mailbox && call.store.mailbox(*mailbox).password == asked.password;
    Record record = session_record(call.env, session,
                                   right ? RecordKind::LoginSucceeded : RecordKind::LoginFailed);
    record.text = SharedBytes::copy_of(asked.user);
    if (!right) {
        record.code = 535;
        record.status = status_number(5, 7, 8);
    }
    call.env.note(std::move(record));
    if (right)
        session.engine->accept(call.env.now);
    else
        session.engine->answer(smtp::make_reply(config_->policy.dialect, smtp::Phrase::AuthFailed),
                               call.env.now);
}

QueuedMessage MailServer::queued(Env &env, smtp::Envelope envelope, ByteView content)
{
    QueuedMessage message;
    message.queue_id = config_->policy.dialect == smtp::Dialect::Exim
                           ? queue_ids_.next_in_base_62(env.date(), env.now)
                           : queue_ids_.next(env.now);
    message.message = env.messages.name_of(content);
    message.reverse_path = std::move(envelope.reverse_path);
    message.ret = envelope.ret;
    message.body = envelope.body;
    message.smtputf8 = envelope.smtputf8;
    message.envid = std::move(envelope.envid);
    message.arrived = env.now;
    message.recipients.reserve(envelope.recipients.size());
    for (smtp::Recipient &recipient : envelope.recipients)
        message.recipients.push_back({std::move(recipient), Fate::Pending});
    return message;
}

/// The content is complete: refuses it, or takes responsibility for it and says so.
void MailServer::take_message(Call call, ReceptionSession &session, const smtp::ContentAsked &asked)
{
    const ByteView content = asked.content.view();
    std::optional<smtp::Reply> refusal = refuse_content(*config_, content.size());
    const std::size_t hops = mail::count_received(content);
    if (hops > config_->policy.hop_limit)
        refusal = say(config_->policy.dialect, Verdict::TooManyHops);
    if (refusal) {
        const bool loop = hops > config_->policy.hop_limit;
        note_refusal(call, session, loop ? RecordKind::LoopStopped : RecordKind::MessageRefused,
                     session.engine->transaction().reverse_path, *refusal);
        return session.engine->answer(*refusal, call.env.now);
    }
    QueuedMessage message = queued(call.env, session.engine->take_transaction(), content);
    const smtp::Server &engine = *session.engine;
    const std::string address = to_string(session.client.address);
    mail::Address single;
    if (Result<mail::Address> parsed = mail::parse_address(message.recipients.front().who.address))
        single = std::move(*parsed);
    std::string stamp;
    append_stamp(stamp, {engine.peer_name(),
                         session.client.name,
                         address,
                         config_->hostname,
                         {}, // append_stamp knows
                         mail::with_protocol({engine.is_esmtp(), false, engine.is_tls(),
                                              !engine.identity().empty(), message.smtputf8}),
                         message.queue_id,
                         message.recipients.size() == 1 ? &single : nullptr,
                         message.reverse_path,
                         call.env.date()});
    message.content = SharedBytes::joined(stamp, content);
    const smtp::Reply taken =
        take_over(call.env, session_record(call.env, session, RecordKind::MessageAccepted),
                  std::move(message));
    session.engine->answer(taken, call.env.now);
}

/// A Received field in the layout of the server that this one speaks like.
void MailServer::append_stamp(std::string &out, mail::ReceivedStamp facts) const
{
    const bool as_exim = config_->policy.dialect == smtp::Dialect::Exim;
    facts.software = as_exim ? "Exim 4.96" : "Postfix";
    if (as_exim)
        mail::append_received_as_exim(out, facts);
    else
        mail::append_received(out, facts);
}

/// Takes responsibility for a message; its dispatch follows when the reply is on its way.
smtp::Reply MailServer::take_over(Env &env, Record record, QueuedMessage message)
{
    queue_.counts.accepted += message.recipients.size();
    const smtp::Reply reply = say(config_->policy.dialect, Verdict::Queued, {message.queue_id});
    record.message = message.message;
    record.code = 250;
    record.status = status_number(2, 0, 0);
    record.value = static_cast<std::int64_t>(message.recipients.size());
    if (env.keeps(record.kind))
        record.text = SharedBytes::copy_of(message.queue_id);
    message.record = env.note(std::move(record));
    undispatched_.push_back(queue_.messages.insert(std::move(message)));
    return reply;
}

void MailServer::on_network(Env &env, mail::Store &store, std::uint16_t index,
                            const net::Event &event)
{
    const Call call{env, store, index};
    if (static_cast<Role>(event.owner.role) == Role::SmtpServer)
        on_reception(call, event);
    else
        on_relay(call, event);
}

void MailServer::on_timer(Env &env, mail::Store &store, std::uint16_t index, Role role,
                          std::uint32_t place)
{
    const Call call{env, store, index};
    if (role == Role::SmtpServer) {
        const Handle handle = receptions_.handle_at(place);
        ReceptionSession *session = receptions_.find(handle);
        if (session == nullptr ||
            !session->timer.fired(env.now, env.timer_event(role, index, place), env.queue))
            return;
        env.because = session->because;
        session->engine->on_time(env.now);
        return pump_reception(call, handle);
    }
    on_delivery_timer(call, place);
}

void MailServer::on_dns(Env &env, mail::Store &store, std::uint16_t index, const DnsAnswer &answer)
{
    const Call call{env, store, index};
    const Handle handle = answer.ticket.session;
    if (answer.ticket.role == Role::SmtpServer) {
        ReceptionSession *session = receptions_.find(handle);
        if (session == nullptr || !session->engine->is_asking())
            return;
        session->client.dns.push_back(fact_of(answer));
        decide(call, handle);
        return pump_reception(call, handle);
    }
    if (queue_.deliveries.find(handle) == nullptr)
        return;
    if (static_cast<Purpose>(answer.ticket.purpose) == Purpose::DeliveryMx)
        on_mx(call, handle, answer.outcome);
    else
        on_host_address(call, handle, answer.outcome);
}

} // namespace mailscope
