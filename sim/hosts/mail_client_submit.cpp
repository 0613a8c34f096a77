// How a mail program hands letters to the submission server (RFC 6409).
#include "sim/core/check.h"
#include "sim/hosts/mail_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

StatusNumber number_of(smtp::EnhancedStatus status)
{
    return status_number(status.kind, status.subject, status.detail);
}

/// What the server said; the reason alone where the program itself does not go on.
std::string words_of(const smtp::Reply &reply)
{
    return reply.code == 0 ? reply.text : smtp::to_string(reply);
}

/// A record about a letter, with the server's reply.
Record reply_record(const Env &env, RecordKind kind, const MailClient::Session &session,
                    MessageId message, const smtp::Reply &reply)
{
    Record record =
        env.connection_record(kind, session.stream.connection(), Protocol::Smtp, words_of(reply));
    record.code = static_cast<std::uint16_t>(reply.code);
    record.status = number_of(reply.status);
    record.message = message;
    return record;
}

std::shared_ptr<const smtp::ClientOptions> smtp_options_of(const Env &env,
                                                           const MailClientSettings &settings)
{
    smtp::ClientOptions options;
    // RFC 5321 4.1.3: a device without a name of its own says its address.
    options.hostname = fmt::format("[{}]", to_string(env.network.address_of(env.host)));
    options.tls = settings.submission.tls;
    options.partial_refusal = smtp::PartialRefusal::SendToNone;
    options.checks_size = false; // Its person is to see the server's own 552.
    if (settings.authenticates)
        options.credentials =
            smtp::Credentials{settings.submission.user, settings.submission.password};
    return std::make_shared<const smtp::ClientOptions>(std::move(options));
}

} // namespace

void MailClient::send_outbox(Env &env)
{
    if (!submission_)
        tried_uid_ = 0;
    submit_next(env);
}

MailClient::OutboxEntry *MailClient::next_waiting()
{
    for (OutboxEntry &entry : outbox_)
        if (entry.state == OutboxState::Waiting && entry.uid > tried_uid_)
            return &entry;
    return nullptr;
}

MailClient::OutboxEntry *MailClient::entry_under_way()
{
    const std::uint32_t uid = submission_ ? (*submission_)->uid : 0;
    for (OutboxEntry &entry : outbox_)
        if (uid != 0 && entry.uid == uid)
            return &entry;
    return nullptr;
}

void MailClient::forget(std::uint32_t uid)
{
    std::erase_if(outbox_, [&](const OutboxEntry &entry) { return entry.uid == uid; });
    (void)store_.remove(user_, outbox_folder_, uid); // It lies there as long as its entry.
}

/// Begins a session for the next letter of this round, if there is one and nothing is under way.
void MailClient::submit_next(Env &env)
{
    OutboxEntry *entry = next_waiting();
    if (entry == nullptr || submission_ || !online_)
        return;
    submission_.emplace();
    begin_letter(env, *entry);
    look_up(env, submission_->edit().session, submission_session, settings_->submission);
}

void MailClient::begin_letter(Env &env, OutboxEntry &entry)
{
    Submission &submission = submission_->edit();
    submission.uid = entry.uid;
    submission.given = false;
    tried_uid_ = entry.uid;
    entry.state = OutboxState::Sending;
    Record record =
        env.connection_record(RecordKind::SubmissionBegan, submission.session.stream.connection(),
                              Protocol::Smtp, settings_->submission.host);
    record.message = entry.message;
    env.note(std::move(record));
}

void MailClient::on_submission(Env &env, const net::Event &event)
{
    Submission &submission = submission_->edit();
    Session &session = submission.session;
    switch (event.kind) {
    case net::EventKind::Connected:
        session.stage = Stage::Talking;
        if (settings_->submission.implicit_tls)
            return session.stream.start_tls(env, tls::Side::Client, session.host);
        submission.engine.emplace(smtp_options_of(env, *settings_), env.now);
        break;
    case net::EventKind::ConnectFailed:
        return abandon_submission(env, reason_of(event.reason));
    case net::EventKind::DataArrived: {
        const Plain plain = read_stream(env, session, event.data.view());
        if (!plain.problem.empty())
            return abandon_submission(env, plain.problem);
        if (!submission.engine) {
            if (!plain.established)
                return;
            submission.engine.emplace(smtp_options_of(env, *settings_), env.now);
            submission.engine->tls_established();
        }
        if (!plain.bytes.empty())
            submission.engine->receive(plain.bytes, env.now);
        break;
    }
    case net::EventKind::PeerClosed:
    case net::EventKind::ConnectionLost:
        if (!submission.engine)
            return abandon_submission(env, reason_of(event.reason));
        submission.engine->peer_closed(env.now);
        break;
    default:
        return;
    }
    take_submission(env);
}

/// What the engine has to say after each input: events, lines, the end, its next deadline.
void MailClient::take_submission(Env &env)
{
    Submission &submission = submission_->edit();
    smtp::Client &engine = *submission.engine;
    while (const std::optional<smtp::ClientEvent> event = engine.next_event())
        on_smtp(env, *event);
    Stream &stream = submission.session.stream;
    if (!stream.handshaking()) { // What the engine says next is for inside.
        const OutboxEntry *entry = entry_under_way();
        stream.send(env, Protocol::Smtp, engine.output(),
                    entry == nullptr ? MessageId{} : entry->message);
        engine.clear_output();
    }
    if (engine.wants_close()) {
        stream.close(env);
        submission_failed(env, "connection closed");
        submission_.reset();
        return submit_next(env);
    }
    submission.session.timer.set(engine.next_deadline(), timer(env, submission_session), env.queue);
}

void MailClient::on_smtp(Env &env, const smtp::ClientEvent &event)
{
    if (std::holds_alternative<smtp::Ready>(event)) {
        on_ready(env);
    } else if (const auto *accepted_by = std::get_if<smtp::MessageAccepted>(&event)) {
        accepted(env, accepted_by->reply);
    } else if (const auto *sender = std::get_if<smtp::SenderRefused>(&event)) {
        refused(env, sender->reply);
    } else if (const auto *recipient = std::get_if<smtp::RecipientRefused>(&event)) {
        refused(env, recipient->reply);
    } else if (const auto *message = std::get_if<smtp::MessageRefused>(&event)) {
        refused(env, message->reply);
    } else if (const auto *whole = std::get_if<smtp::SessionRefused>(&event)) {
        refused(env, whole->reply);
    } else if (const auto *auth = std::get_if<smtp::AuthFailed>(&event)) {
        smtp::Reply reply = auth->reply;
        if (reply.code == 0)
            reply.text = "authentication is not offered";
        refused(env, reply);
    } else if (const auto *unsendable = std::get_if<smtp::MessageUnsendable>(&event)) {
        refused(env, {0, unsendable->status, unsendable->reason});
    } else if (std::holds_alternative<smtp::TlsStarted>(event)) {
        Session &session = submission_->edit().session;
        session.stream.start_tls(env, tls::Side::Client, session.host);
    } else if (std::holds_alternative<smtp::TlsNotOffered>(event)) {
        submission_failed(env, "TLS is not offered");
    } else if (const auto *late = std::get_if<smtp::TimedOut>(&event)) {
        submission_failed(env, fmt::format("timed out: {}", to_string(late->stage)));
    } else if (const auto *gone = std::get_if<smtp::PeerVanished>(&event)) {
        submission_failed(env, fmt::format("connection lost: {}", to_string(gone->stage)));
    } else if (const auto *foreign = std::get_if<smtp::ProtocolViolation>(&event)) {
        env.note(env.connection_record(RecordKind::WrongProtocol,
                                       (*submission_)->session.stream.connection(), Protocol::Smtp,
                                       foreign->line));
        submission_failed(env, "wrong protocol");
    }
}

/// The session is open: gives it the letter that it was begun for, then those that wait.
void MailClient::on_ready(Env &env)
{
    Submission &submission = submission_->edit();
    OutboxEntry *entry = entry_under_way();
    if (entry == nullptr || submission.given) {
        entry = next_waiting();
        if (entry == nullptr) {
            submission.uid = 0;
            return submission.engine->quit(env.now);
        }
        begin_letter(env, *entry);
    }
    submission.given = true;
    const mail::StoredLetter *letter = store_.folder(user_, outbox_folder_)->find(entry->uid);
    MS_CHECK(letter != nullptr);
    submission.engine->begin(entry->envelope, letter->content, smtp::After::Wait, env.now);
}

void MailClient::accepted(Env &env, const smtp::Reply &reply)
{
    const OutboxEntry *entry = entry_under_way();
    if (entry == nullptr)
        return;
    env.note(reply_record(env, RecordKind::SubmissionAccepted, (*submission_)->session,
                          entry->message, reply));
    // A letter that found room in the Outbox may fail to find it twice; then it is kept nowhere.
    const auto kept = store_.copy_letter(user_, outbox_folder_, entry->uid, sent_folder_);
    const bool answered = mark(entry->answers, mail::letter_flag::answered);
    forget(entry->uid);
    if (kept && settings_->reads == ReadsBy::Imap)
        unsaved_.push_back({sent_folder_, *kept});
    if (kept || answered)
        send_changes(env);
}

/// The server does not take the letter, or one of its recipients, which comes to the same.
void MailClient::refused(Env &env, const smtp::Reply &reply)
{
    OutboxEntry *entry = entry_under_way();
    if (entry == nullptr)
        return;
    // What was refused for good stays so, whatever is said about other recipients.
    if (!reply.is_transient())
        entry->state = OutboxState::Held;
    else if (entry->state == OutboxState::Sending)
        entry->state = OutboxState::Waiting;
    env.note(reply_record(env, RecordKind::SubmissionRefused, (*submission_)->session,
                          entry->message, reply));
    show_problem(env, RecordKind::SubmissionRefused, static_cast<std::uint16_t>(reply.code),
                 words_of(reply));
}

/// The letter under way has not been answered for and will not be.
void MailClient::submission_failed(Env &env, std::string_view reason)
{
    OutboxEntry *entry = entry_under_way();
    if (entry == nullptr || entry->state != OutboxState::Sending)
        return;
    entry->state = OutboxState::Waiting;
    Record record =
        env.connection_record(RecordKind::SubmissionFailed,
                              (*submission_)->session.stream.connection(), Protocol::Smtp, reason);
    record.message = entry->message;
    env.note(std::move(record));
    show_problem(env, RecordKind::SubmissionFailed, 0, reason);
}

/// Ends the session at once, whatever its stage.
void MailClient::abandon_submission(Env &env, std::string_view reason)
{
    submission_failed(env, reason);
    env.network.abort((*submission_)->session.stream.connection(), env.because, env.step());
    submission_.reset();
    submit_next(env);
}

} // namespace mailscope
