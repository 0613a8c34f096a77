// How a mail program takes letters from its mailbox: the session, and POP3 (RFC 1939).
#include "sim/core/digest.h"
#include "sim/hosts/mail_client.h"
#include "sim/mail/message.h"

#include <memory>
#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

std::shared_ptr<const pop3::ClientOptions> pop3_options_of(const MailClientSettings &settings)
{
    pop3::ClientOptions options;
    options.user = settings.incoming.user;
    options.password = settings.incoming.password;
    options.keep_on_server = settings.leave_on_server;
    options.apop = settings.apop;
    switch (settings.incoming.tls) {
    case smtp::TlsUse::Never:
        options.stls = pop3::StlsUse::Never;
        break;
    case smtp::TlsUse::IfOffered:
        options.stls = pop3::StlsUse::WhenOffered;
        break;
    case smtp::TlsUse::Required:
        options.stls = pop3::StlsUse::Required;
        break;
    }
    return std::make_shared<const pop3::ClientOptions>(std::move(options));
}

std::shared_ptr<const imap::ClientOptions> imap_options_of(const MailClientSettings &settings)
{
    imap::ClientOptions options;
    options.user = settings.incoming.user;
    options.password = settings.incoming.password;
    options.listens = settings.stays_connected;
    options.starttls = settings.incoming.tls == smtp::TlsUse::Never ? imap::StartTlsUse::Never
                       : settings.incoming.tls == smtp::TlsUse::Required
                           ? imap::StartTlsUse::Required
                           : imap::StartTlsUse::WhenOffered;
    return std::make_shared<const imap::ClientOptions>(std::move(options));
}

/// Does something with the engine of a session that stands, whichever it is.
template <class Action> void with_engine(MailClient::Fetch &fetch, Action action)
{
    if (fetch.imap)
        action(*fetch.imap);
    else
        action(*fetch.engine);
}

std::uint64_t key_of(std::string_view unique_id) { return Digest().add(unique_id).value(); }

} // namespace

void MailClient::fetch(Env &env)
{
    if (browser_) {
        order_web(env, {});
    } else if (!online_) {
        give_up_action(env, "offline");
    } else if (listening()) {
        fetch_->edit().told = false;
        order_sync(env);
        take_fetch(env);
    } else if (fetch_) {
        fetch_again_ = true;
    } else {
        begin_fetch(env);
    }
}

void MailClient::hang_up(Env &env)
{
    if (browser_)
        return order_web(env, {Browser::Wish::LogOut, {}, {}, {}});
    if (!fetch_)
        return;
    Fetch &fetch = fetch_->edit();
    if (const std::optional<pop3::Selection> selection = std::exchange(fetch.held_selection, {}))
        fetch.engine->select(*selection, env.now);
    else if (const std::uint32_t letter = std::exchange(fetch.held_letter, 0U))
        fetch.engine->letter_stored(letter, env.now);
    else if (fetch.imap) {
        fetch.imap->log_out();
        fetch.imap->go_on(env.now);
    } else
        return;
    take_fetch(env);
}

void MailClient::begin_fetch(Env &env)
{
    fetch_.emplace();
    env.note(env.connection_record(RecordKind::FetchBegan, Handle{}, reading_protocol(),
                                   settings_->incoming.host));
    look_up(env, fetch_->edit().session, fetch_session, settings_->incoming);
}

void MailClient::make_fetch_engine()
{
    Fetch &fetch = fetch_->edit();
    if (settings_->reads == ReadsBy::Imap)
        fetch.imap.emplace(imap_options_of(*settings_));
    else
        fetch.engine.emplace(pop3_options_of(*settings_));
}

void MailClient::on_fetch(Env &env, const net::Event &event)
{
    Fetch &fetch = fetch_->edit();
    switch (event.kind) {
    case net::EventKind::Connected:
        fetch.session.stage = Stage::Talking;
        if (settings_->incoming.implicit_tls)
            return fetch.session.stream.start_tls(env, tls::Side::Client, fetch.session.host);
        make_fetch_engine();
        with_engine(fetch, [&](auto &engine) { engine.start(env.now); });
        break;
    case net::EventKind::ConnectFailed:
        return abandon_fetch(env, reason_of(event.reason));
    case net::EventKind::DataArrived: {
        const Plain plain = read_stream(env, fetch.session, event.data.view());
        if (!plain.problem.empty())
            return abandon_fetch(env, plain.problem);
        const bool begins = !fetch.engine && !fetch.imap; // TLS comes first (RFC 8314 3).
        if (begins && !plain.established)
            return;
        if (begins)
            make_fetch_engine();
        with_engine(fetch, [&](auto &engine) {
            if (plain.established)
                engine.tls_established(env.now);
            if (begins)
                engine.start(env.now);
            if (!plain.bytes.empty())
                engine.receive(plain.bytes, env.now);
        });
        break;
    }
    case net::EventKind::PeerClosed:
    case net::EventKind::ConnectionLost:
        if (!fetch.engine && !fetch.imap)
            return abandon_fetch(env, reason_of(event.reason));
        with_engine(fetch, [&](auto &engine) { engine.peer_closed(env.now); });
        break;
    default:
        return;
    }
    take_fetch(env);
}

/// What the engine has to say after each input: events, lines, the end, its next deadline.
void MailClient::take_fetch(Env &env)
{
    Fetch &fetch = fetch_->edit();
    if (fetch.imap)
        return take_imap(env);
    pop3::Client &engine = *fetch.engine;
    while (const std::optional<pop3::ClientEvent> event = engine.next_event())
        on_pop3(env, *event);
    fetch.session.stream.send(env, Protocol::Pop3, engine.output(), MessageId{});
    engine.clear_output();
    if (engine.wants_close())
        return end_fetch_session(env);
    fetch.session.timer.set(engine.next_deadline(), timer(env, fetch_session), env.queue);
}

/// The engine is done: closes, tells how it went, and begins anew when that was wished meanwhile.
void MailClient::end_fetch_session(Env &env)
{
    Fetch &fetch = fetch_->edit();
    fetch.session.stream.close(env);
    if (!fetch.told)
        fetch_ended(env, RecordKind::FetchFailed, fetch.refusal, fetch.refusal);
    fetch_.reset();
    if (std::exchange(fetch_again_, false))
        begin_fetch(env);
}

void MailClient::on_pop3(Env &env, const pop3::ClientEvent &event)
{
    using K = RecordKind;
    const std::string &user = settings_->incoming.user;
    Fetch &fetch = fetch_->edit();
    if (const auto *asked = std::get_if<pop3::SelectionAsked>(&event)) {
        choose(env, *asked);
    } else if (const auto *letter = std::get_if<pop3::LetterReceived>(&event)) {
        keep_letter(env, *letter);
    } else if (std::holds_alternative<pop3::TlsStarted>(event)) {
        fetch.session.stream.start_tls(env, tls::Side::Client, fetch.session.host);
    } else if (const auto *login = std::get_if<pop3::LoginRefused>(&event)) {
        fetch_ended(env, K::LoginFailed, user, login->reply);
    } else if (const auto *in_use = std::get_if<pop3::MailboxInUse>(&event)) {
        fetch_ended(env, K::MailboxLocked, user, in_use->reply);
    } else if (std::holds_alternative<pop3::TlsUnavailable>(event)) {
        fetch_ended(env, K::FetchFailed, "TLS is not offered", "TLS is not offered");
    } else if (const auto *refused = std::get_if<pop3::RequestRefused>(&event)) {
        fetch.refusal = refused->reply;
        fetch.to_come -= refused->verb == pop3::Verb::Retr ? 1U : 0U;
    } else if (std::holds_alternative<pop3::Done>(event)) {
        fetch_ended(env, K::FetchEnded, "", "");
    } else if (std::holds_alternative<pop3::ClientPeerVanished>(event)) {
        fetch_ended(env, K::FetchFailed, "connection lost", "connection lost");
    } else if (std::holds_alternative<pop3::TimedOut>(event)) {
        fetch_ended(env, K::FetchFailed, "timed out", "timed out");
    } else if (const auto *foreign = std::get_if<pop3::ProtocolViolation>(&event)) {
        env.note(env.connection_record(K::WrongProtocol, fetch.session.stream.connection(),
                                       Protocol::Pop3, foreign->line));
        fetch_ended(env, K::FetchFailed, "wrong protocol", foreign->line);
    }
}

/// Takes what it has not got yet. What it has got but could not remove is removed now, unless it
/// is to stay.
void MailClient::choose(Env &env, const pop3::SelectionAsked &asked)
{
    Fetch &fetch = fetch_->edit();
    pop3::Selection selection;
    for (const pop3::ListedLetter &letter : asked.listing) {
        const bool known = !letter.unique_id.empty() &&
                           known_.find(key_of(letter.unique_id)) != FlatTable::not_found;
        if (!known)
            selection.retrieve.push_back(letter.number);
        else if (!settings_->leave_on_server)
            selection.remove.push_back(letter.number);
    }
    fetch.to_come = static_cast<std::uint32_t>(selection.retrieve.size());
    if (settings_->stays_connected && fetch.to_come == 0)
        fetch.held_selection = std::move(selection);
    else
        fetch.engine->select(selection, env.now);
}

void MailClient::keep_letter(Env &env, const pop3::LetterReceived &letter)
{
    Fetch &fetch = fetch_->edit();
    --fetch.to_come;
    const mail::MessageView view(letter.content.view());
    const MessageId message = env.messages.name(view.text_of("Message-ID"));
    if (!store_.deliver(user_, {letter.content, env.now, message})) {
        give_up_action(env, no_room);
        return fetch.engine->letter_not_stored(letter.number, env.now);
    }
    ++fetch.fetched;
    if (!letter.unique_id.empty())
        known_.set(key_of(letter.unique_id), 1);
    for (const mail::NamedAddress &from : mail::parse_address_list(view.text_of("From")))
        remember(from);
    Record record = env.connection_record(RecordKind::LetterFetched,
                                          fetch.session.stream.connection(), Protocol::Pop3);
    record.message = message;
    record.value = static_cast<std::int64_t>(letter.content.size());
    if (env.keeps(record.kind))
        record.text = SharedBytes::copy_of(mail::decode_words(view.text_of("Subject")));
    env.note(std::move(record));
    if (settings_->stays_connected && fetch.to_come == 0)
        fetch.held_letter = letter.number;
    else
        fetch.engine->letter_stored(letter.number, env.now);
}

/// Records how the session ended, once. `shown`: what its person is shown; nothing when empty.
void MailClient::fetch_ended(Env &env, RecordKind kind, std::string_view text,
                             std::string_view shown)
{
    Fetch &fetch = fetch_->edit();
    if (std::exchange(fetch.told, true))
        return;
    Record record =
        env.connection_record(kind, fetch.session.stream.connection(), reading_protocol(), text);
    if (kind == RecordKind::FetchEnded)
        record.value = fetch.fetched;
    env.note(std::move(record));
    if (!shown.empty())
        show_problem(env, kind, 0, shown);
    if (std::exchange(shows_drafts_, false)) // As they are, also when the server was not reached.
        note_drafts_shown(env);
}

/// Ends the session at once, whatever its stage.
void MailClient::abandon_fetch(Env &env, std::string_view reason)
{
    fetch_ended(env, RecordKind::FetchFailed, reason, reason);
    env.network.abort((*fetch_)->session.stream.connection(), env.because, env.step());
    fetch_.reset();
    if (std::exchange(fetch_again_, false))
        begin_fetch(env);
}

} // namespace mailscope
