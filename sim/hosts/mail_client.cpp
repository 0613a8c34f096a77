// A mail program on one device: its folders, and what both kinds of session need.
#include "sim/hosts/mail_client.h"

#include "sim/core/check.h"
#include "sim/core/digest.h"
#include "sim/hosts/dns_text.h"
#include "sim/mail/message.h"
#include "sim/mail/status_report.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

std::string subject_of(ByteView message)
{
    return mail::decode_words(mail::MessageView(message).text_of("Subject"));
}

LetterRow row_of(const mail::StoredLetter &stored)
{
    const mail::ReadLetter letter = mail::read_message(stored.content.view());
    LetterRow row;
    row.uid = stored.uid;
    row.message = stored.message;
    if (!letter.from.empty())
        row.from = letter.from.front().name.empty() ? mail::to_string(letter.from.front().address)
                                                    : letter.from.front().name;
    row.subject = letter.subject;
    row.date = letter.date;
    row.size = stored.content.size();
    row.seen = (stored.flags & mail::letter_flag::seen) != 0;
    const Result<mail::StatusReport> report = mail::parse_status_report(stored.content.view());
    if (report && !report->recipients.empty()) {
        const mail::RecipientStatus &first = report->recipients.front();
        row.is_report = true;
        row.report_action = mail::name_of(first.action);
        row.report_status = first.status;
        row.report_recipient = first.final_recipient.value;
    }
    return row;
}

} // namespace

MailClient::MailClient(const MailClient &) = default;
MailClient::MailClient(MailClient &&) noexcept = default;
MailClient &MailClient::operator=(const MailClient &) = default;
MailClient &MailClient::operator=(MailClient &&) noexcept = default;
MailClient::~MailClient() = default;

MailClientSettings &MailClient::edit_settings() { return settings_.edit(); }

MailClient::MailClient(std::uint16_t index, MailClientSettings settings)
    : index_(index), settings_(std::move(settings))
{
    user_ = *store_.add_user(settings_->address, "", settings_->capacity_bytes);
    outbox_folder_ = *store_.create_folder(user_, outbox_name);
    sent_folder_ = *store_.create_folder(user_, sent_name);
    drafts_folder_ = *store_.create_folder(user_, drafts_name);
    if (settings_->reads == ReadsBy::Webmail)
        browser_.emplace();
    else
        address_book_ = Cow(settings_->address_book);
}

void MailClient::start(Env &env) { plan_poll(env); }

// ---- What happens to it

void MailClient::on_network(Env &env, const net::Event &event)
{
    if (submission_ && (*submission_)->session.stream.connection() == event.connection)
        on_submission(env, event);
    else if (fetch_ && (*fetch_)->session.stream.connection() == event.connection)
        on_fetch(env, event);
    else if (web_ && (*web_)->session.stream.connection() == event.connection)
        on_web(env, event);
}

void MailClient::on_timer(Env &env, std::uint32_t session)
{
    const Event event = timer(env, session);
    if (session == submission_session && submission_) {
        Submission &submission = submission_->edit();
        if (!submission.session.timer.fired(env.now, event, env.queue) || !submission.engine)
            return;
        submission.engine->on_time(env.now);
        take_submission(env);
    } else if (session == fetch_session && fetch_) {
        Fetch &fetch = fetch_->edit();
        if (!fetch.session.timer.fired(env.now, event, env.queue))
            return;
        if (fetch.engine)
            fetch.engine->on_time(env.now);
        else if (fetch.imap)
            fetch.imap->on_time(env.now);
        take_fetch(env);
    } else if (session == web_session && web_) {
        Web &web = web_->edit();
        if (!web.session.timer.fired(env.now, event, env.queue) || !web.engine)
            return;
        web.engine->on_time(env.now);
        take_web(env);
    } else if (session == poll_session && poll_.fired(env.now, event, env.queue)) {
        plan_poll(env);
        if (browser_ && online_ && !web_busy_)
            order_web(env, {});
        else if (!browser_ && online_ && !fetch_)
            begin_fetch(env);
        else if (listening())
            fetch(env);
    }
}

void MailClient::on_dns(Env &env, const DnsAnswer &answer)
{
    const std::uint32_t number = answer.ticket.session.index;
    Session *session = nullptr;
    if (number == submission_session && submission_)
        session = &submission_->edit().session;
    else if (number == fetch_session && fetch_)
        session = &fetch_->edit().session;
    else if (number == web_session && web_)
        session = &web_->edit().session;
    if (session == nullptr || session->serial != answer.ticket.session.generation ||
        session->stage != Stage::Resolving)
        return;
    for (const dns::ResourceRecord &record : answer.outcome.records)
        if (const auto *address = std::get_if<Ipv4Address>(&record.data))
            return connect(env, *session, number, {*address, session->port});
    const std::string_view outcome = answer.outcome.kind == dns::OutcomeKind::Answer
                                         ? outcome_word(dns::OutcomeKind::NoData)
                                         : outcome_word(answer.outcome.kind);
    const std::string reason = fmt::format("{}: {}", session->host, outcome);
    if (number == submission_session)
        abandon_submission(env, reason);
    else if (number == web_session)
        abandon_web(env, reason);
    else
        abandon_fetch(env, reason);
}

// ---- What both kinds of session need

/// Begins a session: to the server's address at once, or after the DNS has told it.
void MailClient::look_up(Env &env, Session &session, std::uint32_t number,
                         const ServerAccount &account)
{
    session.host = account.host;
    session.port = account.port;
    session.serial = ++serial_;
    if (const Result<Ipv4Address> address = parse_ipv4(account.host))
        return connect(env, session, number, {*address, account.port});
    const Result<dns::Name> name = dns::Name::parse(account.host);
    // What is no domain name cannot be found; the root has no address either.
    env.ask_dns(name ? *name : dns::Name(), dns::Type::A,
                {Role::MailClient, index_, Handle{number, session.serial},
                 static_cast<std::uint16_t>(number)});
}

void MailClient::connect(Env &env, Session &session, std::uint32_t number, net::Endpoint server)
{
    session.stage = Stage::Connecting;
    const net::Owner owner{static_cast<std::uint16_t>(Role::MailClient), index_, number};
    const Protocol protocol = number == submission_session ? Protocol::Smtp
                              : number == web_session      ? Protocol::Http
                                                           : reading_protocol();
    session.stream = Stream(env.open(server, owner, protocol));
}

MailClient::Plain MailClient::read_stream(Env &env, Session &session, ByteView wire)
{
    Plain plain;
    plain.bytes = session.stream.receive(env, wire);
    while (const std::optional<tls::ChannelEvent> event = session.stream.take_tls_event(env)) {
        if (const auto *established = std::get_if<tls::Established>(&*event)) {
            plain.established = true;
            if (tls::name_matches(established->peer_name, session.host))
                continue;
            const std::string reason =
                fmt::format("certificate of {}, not of {}", established->peer_name, session.host);
            env.note(env.connection_record(RecordKind::TlsFailed, session.stream.connection(),
                                           Protocol::Tls, reason));
            plain.problem = reason;
        } else if (std::holds_alternative<tls::Failed>(*event)) {
            plain.problem = "TLS failed";
        }
    }
    return plain;
}

std::string_view MailClient::reason_of(net::Reason reason)
{
    switch (reason) {
    case net::Reason::Refused:
        return "connection refused";
    case net::Reason::TimedOut:
        return "connection timed out";
    case net::Reason::Reset:
        return "connection reset";
    default:
        return "no connection";
    }
}

void MailClient::give_up_action(Env &env, std::string_view reason)
{
    env.note(RecordKind::ActionFailed, reason);
    show_problem(env, RecordKind::ActionFailed, 0, reason);
}

void MailClient::show_problem(const Env &env, RecordKind kind, std::uint16_t code,
                              std::string_view text)
{
    problem_ = {kind, env.now, code, std::string(text)};
}

Event MailClient::timer(const Env &env, std::uint32_t session) const
{
    return env.timer_event(Role::MailClient, index_, session);
}

void MailClient::plan_poll(Env &env)
{
    const std::optional<Duration> every = settings_->check_every;
    poll_.set(every ? env.now + *every : time_never, timer(env, poll_session), env.queue);
}

// ---- Orders that need no server

void MailClient::go_offline(Env &env)
{
    online_ = false;
    poll_.set(time_never, timer(env, poll_session), env.queue);
    fetch_again_ = false;
    if (submission_)
        abandon_submission(env, "offline");
    if (fetch_)
        abandon_fetch(env, "offline");
    if (browser_)
        abandon_web(env, "offline");
}

void MailClient::go_online(Env &env)
{
    online_ = true;
    const RecordId cause = env.because;
    send_outbox(env);
    env.because = cause;
    const bool listens = settings_->reads == ReadsBy::Imap && settings_->stays_connected;
    if (settings_->check_every || listens)
        fetch(env);
    else
        send_changes(env);
    env.because = cause;
    plan_poll(env);
}

Result<void> MailClient::read(Env &env, std::string_view subject)
{
    if (browser_) {
        order_web(env, {Browser::Wish::Read, std::string(subject), {}, {}});
        return {};
    }
    const mail::StoredLetter *letter = find_letter(subject, subject.empty());
    if (letter == nullptr)
        return fail(subject.empty() ? std::string("no unread letter")
                                    : fmt::format("no letter: {}", subject));
    Record record = env.record(RecordKind::LetterRead);
    record.message = letter->message;
    record.text = SharedBytes::copy_of(subject_of(letter->content.view()));
    env.note(std::move(record));
    if (mark(letter->uid, mail::letter_flag::seen))
        send_changes(env);
    return {};
}

/// Flags a letter of the INBOX, which by IMAP the server will be told. False: there was nothing to
/// do.
bool MailClient::mark(std::uint32_t uid, std::uint32_t flag)
{
    const mail::StoredLetter *letter = inbox().find(uid);
    if (letter == nullptr || (letter->flags & flag) != 0)
        return false;
    (void)store_.change_flags(user_, inbox().id(), uid, mail::FlagChange::Add,
                              flag); // The letter is there.
    note_change(inbox().id(), uid, flag);
    return true;
}

Result<void> MailClient::delete_letter(Env &env, std::string_view subject)
{
    if (browser_) {
        order_web(env, {Browser::Wish::Delete, std::string(subject), {}, {}});
        return {};
    }
    const mail::StoredLetter *letter = find_letter(subject, false);
    if (letter == nullptr)
        return fail(no_letter(subject));
    Record record = env.record(RecordKind::LetterDeleted);
    record.message = letter->message;
    record.text = SharedBytes::copy_of(subject_of(letter->content.view()));
    env.note(std::move(record));
    const std::uint32_t uid = letter->uid;
    note_change(inbox().id(), uid);
    (void)store_.remove(user_, inbox().id(), uid); // The letter is there.
    send_changes(env);
    return {};
}

std::string MailClient::no_letter(std::string_view subject)
{
    return subject.empty() ? std::string("empty mailbox") : fmt::format("no letter: {}", subject);
}

/// The newest one; with an empty subject whatever it is about.
const mail::StoredLetter *MailClient::find_letter(std::string_view subject, bool unread_only) const
{
    const std::vector<std::uint32_t> uids = inbox().uids();
    for (auto uid = uids.rbegin(); uid != uids.rend(); ++uid) {
        const mail::StoredLetter *letter = inbox().find(*uid);
        const bool seen = (letter->flags & mail::letter_flag::seen) != 0;
        if (!(unread_only && seen) &&
            (subject.empty() || subject_of(letter->content.view()) == subject))
            return letter;
    }
    return nullptr;
}

// ---- Looking

const mail::Folder &MailClient::folder(std::string_view name) const
{
    const mail::Folder *found = store_.mailbox(user_).find_folder(name);
    MS_CHECK(found != nullptr);
    return *found;
}

std::vector<LetterRow> MailClient::rows(std::string_view name) const
{
    std::vector<LetterRow> rows;
    folder(name).for_each(
        [&](const mail::StoredLetter &letter) { rows.push_back(row_of(letter)); });
    return rows;
}

void MailClient::mix(Digest &digest) const
{
    digest.add(index_, online_, fetch_again_, serial_, letters_, tried_uid_, last_uid_,
               known_.size(), address_book_->size(), poll_.deadline(), problem_.kind, problem_.at,
               problem_.text);
    store_.mix(digest);
    for (const OutboxEntry &entry : outbox_)
        digest.add(entry.uid, entry.state);
    if (const Submission *out = submission())
        digest.add(out->session.stage, out->session.timer.deadline(), out->uid,
                   out->engine ? out->engine->state() : smtp::ClientState::Count);
    for (const FolderCopy &copy : *copies_)
        digest.add(copy.name, copy.uid_validity, copy.letters.size());
    for (const PendingChange &change : pending_)
        digest.add(change.folder, change.uid, change.flag, change.target);
    digest.add(server_folders_.size(), unmade_.size(), unsaved_.size(), server_sent_,
               server_drafts_, syncs_drafts_, shows_drafts_);
    if (browser_)
        (*browser_)->mix(digest);
    if (web_)
        digest.add((*web_)->session.stage, (*web_)->session.timer.deadline(),
                   (*web_)->engine ? (*web_)->engine->state() : http::ClientState::Connected);
    if (const Fetch *in = fetching())
        digest.add(in->imap ? in->imap->state() : imap::ClientState::Connected, in->session.stage,
                   in->session.timer.deadline(), in->fetched, in->held_letter,
                   in->engine ? in->engine->state() : pop3::ClientState::Connected);
}

} // namespace mailscope
