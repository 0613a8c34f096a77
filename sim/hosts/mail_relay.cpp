// A mail server's conversation with the next server, and what it learns for each recipient.
#include "sim/hosts/mail_server.h"

#include <utility>

namespace mailscope
{
namespace
{

StatusNumber status_of(const smtp::Reply &reply)
{
    if (!reply.status.is_none())
        return status_number(reply.status.kind, reply.status.subject, reply.status.detail);
    return status_number(static_cast<unsigned>(reply.code / 100), 0, 0);
}

std::string place_of(const RelaySession &session)
{
    return session.host + "[" + to_string(session.address) + "]";
}

/// What a log says about where in the conversation something happened.
std::string doing(smtp::Stage stage)
{
    switch (stage) {
    case smtp::Stage::Greeting:
        return "receiving the initial server greeting";
    case smtp::Stage::Ehlo:
    case smtp::Stage::Helo:
        return "performing the EHLO handshake";
    case smtp::Stage::Content:
        return "sending message body";
    case smtp::Stage::EndOfData:
        return "sending end of data -- message may be sent more than once";
    default:
        return "sending " + std::string(to_string(stage));
    }
}

} // namespace

std::shared_ptr<const smtp::ClientOptions> MailServer::client_options()
{
    if (client_options_ == nullptr) {
        smtp::ClientOptions made;
        made.hostname = config_->hostname;
        made.tls = config_->policy.starttls ? smtp::TlsUse::IfOffered : smtp::TlsUse::Never;
        client_options_ = std::make_shared<const smtp::ClientOptions>(std::move(made));
    }
    return client_options_;
}

void MailServer::on_relay(Call call, const net::Event &event)
{
    const Handle handle = relays_.handle_at(event.owner.session);
    RelaySession *session = relays_.find(handle);
    if (session == nullptr || session->connecting != event.connection)
        return;
    if (event.kind == net::EventKind::ConnectFailed) {
        const Handle delivery = session->delivery;
        const bool refused = event.reason == net::Reason::Refused;
        const std::string text = "connect to " + place_of(*session) + ":25: " +
                                 (refused ? "Connection refused" : "Connection timed out");
        relays_.erase(handle);
        return try_next(call, delivery, {status_number(4, 4, 1), text, "", ""});
    }
    if (event.kind == net::EventKind::Connected) {
        Delivery &delivery = queue_.deliveries[session->delivery];
        delivery.state = delivery_next(delivery.state, DeliveryInput::Connected);
        session->stream = Stream(event.connection);
        session->engine.emplace(client_options(), call.env.now);
        return pump_relay(call, handle);
    }
    if (!session->engine)
        return;
    if (event.kind == net::EventKind::DataArrived) {
        const ByteView plain = session->stream.receive(call.env, event.data.view());
        while (session->stream.take_tls_event(call.env)) {
        }
        session->engine->receive(plain, call.env.now);
    } else {
        session->engine->peer_closed(call.env.now);
    }
    pump_relay(call, handle);
}

void MailServer::pump_relay(Call call, Handle handle)
{
    RelaySession &session = relays_[handle];
    smtp::Client &engine = *session.engine;
    while (std::optional<smtp::ClientEvent> event = engine.next_event())
        on_client_event(call, handle, *event);
    if (!engine.output().bytes().empty() && !session.stream.handshaking()) {
        session.stream.send(call.env, Protocol::Smtp, engine.output(),
                            queue_.messages[queue_.deliveries[session.delivery].message].message);
        engine.clear_output();
    }
    session.because = call.env.because;
    if (engine.wants_close())
        return end_relay(call, handle);
    session.timer.set(
        engine.next_deadline(),
        call.env.timer_event(Role::SmtpClient, call.index, handle.index | relay_timer_bit),
        call.env.queue);
}

/// The conversation is over: the delivery goes on with the next host, waits, or is finished.
void MailServer::end_relay(Call call, Handle handle)
{
    RelaySession &session = relays_[handle];
    if (call.env.network.find(session.connecting) != nullptr)
        session.stream.close(call.env);
    const Handle place = session.delivery;
    const Delivery &delivery = queue_.deliveries[place];
    bool undecided = session.failed;
    relays_.erase(handle);
    for (const DeliveryRecipient &recipient : delivery.recipients)
        undecided = undecided || recipient.attempt == Attempt::Later;
    if (undecided)
        return try_next(call, place, Problem());
    settle(call, place);
}

void MailServer::begin_message(Call call, RelaySession &session)
{
    Delivery &delivery = queue_.deliveries[session.delivery];
    const QueuedMessage &message = queue_.messages[delivery.message];
    smtp::Envelope envelope;
    envelope.reverse_path = message.reverse_path;
    envelope.size = message.content.size();
    envelope.body = message.body;
    envelope.ret = message.ret;
    envelope.smtputf8 = message.smtputf8;
    envelope.envid = message.envid;
    session.asked.clear();
    envelope.recipients.reserve(delivery.recipients.size());
    for (std::uint32_t i = 0; i < delivery.recipients.size(); ++i) {
        if (delivery.recipients[i].attempt != Attempt::Undecided)
            continue;
        session.asked.push_back(i);
        envelope.recipients.push_back(message.recipients[delivery.recipients[i].index].who);
        smtp::Recipient &recipient = envelope.recipients.back();
        if (recipient.orcpt.empty())
            recipient.orcpt = "rfc822;" + smtp::xtext_encode(recipient.address);
    }
    session.engine->begin(std::move(envelope), message.content, smtp::After::Quit, call.env.now);
}

/// A reply to one recipient, or to all of them.
void MailServer::answered(Call call, RelaySession &session, DeliveryRecipient &recipient,
                          smtp::Stage stage, const smtp::Reply &reply)
{
    static_cast<void>(call);
    recipient.attempt = reply.is_permanent() ? Attempt::Refused : Attempt::Later;
    recipient.problem.status = status_of(reply);
    recipient.problem.remote_mta = session.host;
    recipient.problem.diagnostic = to_string(reply);
    if (config_->policy.dialect == smtp::Dialect::Exim) {
        const MailQueue &queue = queue_;
        const Delivery &delivery = queue.deliveries[session.delivery];
        const QueuedMessage &message = queue.messages[delivery.message];
        std::string command(to_string(stage));
        if (stage == smtp::Stage::Rcpt)
            command += ":<" + message.recipients[recipient.index].who.address + ">";
        recipient.problem.text = mail::exim_refusal_reason(session.host, to_string(session.address),
                                                           to_string(reply), command);
    } else {
        recipient.problem.text = mail::refusal_reason(session.host, to_string(session.address),
                                                      to_string(reply), to_string(stage));
    }
}

void MailServer::session_failed(Call call, RelaySession &session, StatusNumber status,
                                std::string text, const smtp::Reply *reply)
{
    static_cast<void>(call);
    session.failed = true;
    Problem problem{status, std::move(text), "", ""};
    if (reply != nullptr) {
        problem.remote_mta = session.host;
        problem.diagnostic = to_string(*reply);
    }
    for (DeliveryRecipient &recipient : queue_.deliveries[session.delivery].recipients)
        if (recipient.attempt == Attempt::Undecided || recipient.attempt == Attempt::Taken) {
            recipient.attempt = Attempt::Later;
            recipient.problem = problem;
        }
}

void MailServer::message_taken(Call call, RelaySession &session, const smtp::Reply &reply)
{
    Delivery &delivery = queue_.deliveries[session.delivery];
    const QueuedMessage &message = queue_.messages[delivery.message];
    const RecordId cause = call.env.because;
    for (DeliveryRecipient &recipient : delivery.recipients) {
        if (recipient.attempt != Attempt::Taken)
            continue;
        recipient.attempt = Attempt::Done;
        Record record = call.env.record(RecordKind::Relayed);
        record.because = cause;
        record.protocol = Protocol::Smtp;
        record.code = static_cast<std::uint16_t>(reply.code);
        record.status = status_of(reply);
        record.peer = call.env.directory.at(session.address);
        record.message = message.message;
        if (call.env.keeps(record.kind))
            record.text = SharedBytes::copy_of(message.recipients[recipient.index].who.address);
        call.env.note(std::move(record));
    }
}

void MailServer::on_client_event(Call call, Handle handle, smtp::ClientEvent &event)
{
    RelaySession &session = relays_[handle];
    Delivery &delivery = queue_.deliveries[session.delivery];
    if (std::get_if<smtp::Ready>(&event) != nullptr) {
        begin_message(call, session);
    } else if (const auto *bad_sender = std::get_if<smtp::SenderRefused>(&event)) {
        for (DeliveryRecipient &recipient : delivery.recipients)
            if (recipient.attempt == Attempt::Undecided)
                answered(call, session, recipient, smtp::Stage::Mail, bad_sender->reply);
    } else if (const auto *taken = std::get_if<smtp::RecipientAccepted>(&event)) {
        delivery.recipients[session.asked[taken->index]].attempt = Attempt::Taken;
    } else if (const auto *bad = std::get_if<smtp::RecipientRefused>(&event)) {
        answered(call, session, delivery.recipients[session.asked[bad->index]], smtp::Stage::Rcpt,
                 bad->reply);
    } else if (const auto *done = std::get_if<smtp::MessageAccepted>(&event)) {
        message_taken(call, session, done->reply);
    } else if (const auto *refused = std::get_if<smtp::MessageRefused>(&event)) {
        for (DeliveryRecipient &recipient : delivery.recipients)
            if (recipient.attempt == Attempt::Taken)
                answered(call, session, recipient, refused->stage, refused->reply);
    } else if (const auto *unsendable = std::get_if<smtp::MessageUnsendable>(&event)) {
        const smtp::EnhancedStatus &status = unsendable->status;
        for (DeliveryRecipient &recipient : delivery.recipients) {
            recipient.attempt = Attempt::Refused;
            recipient.problem = {status_number(status.kind, status.subject, status.detail),
                                 unsendable->reason + " " + place_of(session), "", ""};
        }
        if (session.engine->state() == smtp::ClientState::Ready)
            session.engine->quit(call.env.now);
    } else if (const auto *closed = std::get_if<smtp::SessionRefused>(&event)) {
        session_failed(call, session,
                       status_number(4, status_of(closed->reply) / 1000U % 1000U,
                                     status_of(closed->reply) % 1000U),
                       "host " + place_of(session) +
                           " refused to talk to me: " + to_string(closed->reply),
                       &closed->reply);
    } else if (const auto *late = std::get_if<smtp::TimedOut>(&event)) {
        session_failed(call, session, status_number(4, 4, 2),
                       "conversation with " + place_of(session) + " timed out while " +
                           doing(late->stage),
                       nullptr);
    } else if (const auto *gone = std::get_if<smtp::PeerVanished>(&event)) {
        if (gone->stage == smtp::Stage::EndOfData) {
            Record record = call.env.record(RecordKind::PossiblyRelayed);
            record.message = queue_.messages[delivery.message].message;
            record.peer = call.env.directory.at(session.address);
            call.env.note(std::move(record));
        }
        session_failed(call, session, status_number(4, 4, 2),
                       "lost connection with " + place_of(session) + " while " + doing(gone->stage),
                       nullptr);
    } else if (const auto *wrong = std::get_if<smtp::ProtocolViolation>(&event)) {
        Record record = call.env.record(RecordKind::WrongProtocol);
        record.protocol = Protocol::Smtp;
        record.peer = call.env.directory.at(session.address);
        record.text = SharedBytes::copy_of(wrong->line);
        call.env.note(std::move(record));
        session_failed(call, session, status_number(4, 5, 0),
                       "host " + place_of(session) + " does not speak SMTP: " + wrong->line,
                       nullptr);
    } else if (const auto *no_tls = std::get_if<smtp::TlsNotOffered>(&event)) {
        session_failed(call, session, status_number(4, 7, 4),
                       "TLS is required, but was not offered by host " + place_of(session),
                       no_tls->reply.code == 0 ? nullptr : &no_tls->reply);
    } else if (std::get_if<smtp::TlsStarted>(&event) != nullptr) {
        session.stream.start_tls(call.env, tls::Side::Client, session.host);
    }
}

} // namespace mailscope
