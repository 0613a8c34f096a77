// The POP side of a mail server.
#include "sim/hosts/pop_server.h"

#include "sim/core/digest.h"
#include "sim/hosts/login_name.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

/// A session's name towards the store: never 0, never that of another session of this host.
mail::LockOwner lock_owner(Handle session)
{
    return (std::uint64_t{session.generation} << 32U) + session.index + 1;
}

} // namespace

pop3::Maildrop maildrop_of(const mail::Folder &inbox, std::vector<std::uint32_t> &uids)
{
    pop3::Maildrop maildrop;
    maildrop.reserve(inbox.size());
    uids.reserve(inbox.size());
    inbox.for_each([&](const mail::StoredLetter &letter) {
        uids.push_back(letter.uid);
        maildrop.push_back({static_cast<std::uint32_t>(letter.content.size()),
                            fmt::format("{:08x}{:08x}", letter.uid, inbox.uid_validity())});
    });
    return maildrop;
}

PopServer::PopServer(const PopServer &) = default;
PopServer::PopServer(PopServer &&) noexcept = default;
PopServer &PopServer::operator=(const PopServer &) = default;
PopServer &PopServer::operator=(PopServer &&) noexcept = default;
PopServer::~PopServer() = default;

PopServer::PopServer(HostId host, std::shared_ptr<const pop3::ServerOptions> options,
                     std::string hostname, std::vector<std::string> domains)
    : host_(host), options_(std::move(options)), hostname_(std::move(hostname)),
      domains_(std::move(domains))
{
}

void PopServer::on_network(Env &env, std::uint16_t index, mail::Store &store,
                           const net::Event &event)
{
    if (event.kind == net::EventKind::Accepted)
        return accept(env, index, store, event.connection);
    const Handle handle = sessions_.handle_at(event.owner.session);
    Session *session = sessions_.find(handle);
    if (session == nullptr || session->stream.connection() != event.connection)
        return;
    if (event.kind == net::EventKind::DataArrived) {
        receive(env, index, store, handle, event.data.view());
    } else if (event.kind == net::EventKind::PeerClosed) {
        session->engine.peer_closed(env.now);
        take(env, index, store, handle);
    } else if (event.kind == net::EventKind::ConnectionLost) {
        end(store, handle);
    }
}

void PopServer::on_timer(Env &env, std::uint16_t index, mail::Store &store, std::uint32_t number)
{
    const Handle handle = sessions_.handle_at(number);
    Session *session = sessions_.find(handle);
    if (session == nullptr)
        return;
    const Event event = env.timer_event(Role::PopServer, index, number);
    if (!session->timer.fired(env.now, event, env.queue))
        return;
    session->engine.on_time(env.now);
    take(env, index, store, handle);
}

void PopServer::lose_sessions(mail::Store &store)
{
    std::vector<Handle> all;
    sessions_.for_each([&](Handle handle, const Session &) { all.push_back(handle); });
    for (const Handle handle : all)
        end(store, handle);
}

void PopServer::mix(Digest &digest) const
{
    sessions_.for_each([&](Handle handle, const Session &session) {
        digest.add(handle.index, handle.generation, session.engine.state(), session.engine.user(),
                   session.uids.size(), session.timer.deadline(), session.message);
    });
    if (greetings_ != 0)
        digest.add(greetings_);
}

void PopServer::accept(Env &env, std::uint16_t index, mail::Store &store, Handle connection)
{
    Session session;
    session.stream = Stream(connection);
    session.engine = pop3::Server(options_);
    if (options_->apop)
        session.engine.offer_apop(
            fmt::format("<{}.{}@{}>", ++greetings_, env.date().unix_seconds, hostname_));
    const Handle handle = sessions_.insert(std::move(session));
    env.network.set_session(connection, handle.index);
    const net::TcpConnection *end = env.network.find(connection);
    if (end != nullptr && end->local.port == tls_port)
        return sessions_[handle].stream.start_tls(env, tls::Side::Server, hostname_);
    sessions_[handle].engine.start(env.now);
    take(env, index, store, handle);
}

void PopServer::receive(Env &env, std::uint16_t index, mail::Store &store, Handle handle,
                        ByteView bytes)
{
    Session &session = sessions_[handle];
    const ByteView plain = session.stream.receive(env, bytes);
    while (const std::optional<tls::ChannelEvent> event = session.stream.take_tls_event(env)) {
        if (std::holds_alternative<tls::Established>(*event)) {
            session.engine.tls_established(env.now);
            if (session.engine.state() == pop3::ServerState::Connected) // TLS came first.
                session.engine.start(env.now);
        } else if (std::holds_alternative<tls::Failed>(*event)) {
            env.network.close(session.stream.connection(), env.because);
            return end(store, handle);
        }
    }
    if (!plain.empty())
        session.engine.receive(plain, env.now);
    take(env, index, store, handle);
}

/// What the engine has to say after each input: questions, lines, the end, its next deadline.
void PopServer::take(Env &env, std::uint16_t index, mail::Store &store, Handle handle)
{
    Session &session = sessions_[handle];
    while (const std::optional<pop3::ServerEvent> event = session.engine.next_event()) {
        send_output(env, session);
        on_event(env, store, handle, *event);
    }
    send_output(env, session);
    if (session.engine.wants_close()) {
        session.stream.close(env);
        return end(store, handle);
    }
    session.timer.set(session.engine.next_deadline(),
                      env.timer_event(Role::PopServer, index, handle.index), env.queue);
}

void PopServer::on_event(Env &env, mail::Store &store, Handle handle,
                         const pop3::ServerEvent &event)
{
    Session &session = sessions_[handle];
    if (const auto *login = std::get_if<pop3::LoginAsked>(&event)) {
        log_in(env, store, handle, *login);
    } else if (const auto *asked = std::get_if<pop3::LetterAsked>(&event)) {
        const mail::Folder &inbox = store.mailbox(*session.user).inbox();
        const mail::StoredLetter *letter = inbox.find(session.uids[asked->index]);
        if (letter == nullptr)
            return session.engine.letter_missing(env.now);
        session.message = letter->message;
        session.engine.letter_found(letter->content, env.now);
    } else if (const auto *retrieved = std::get_if<pop3::LetterRetrieved>(&event)) {
        const mail::FolderId inbox = store.mailbox(*session.user).inbox().id();
        // A letter that somebody deleted meanwhile has no flags to set.
        (void)store.change_flags(*session.user, inbox, session.uids[retrieved->index],
                                 mail::FlagChange::Add, mail::letter_flag::seen);
    } else if (const auto *update_asked = std::get_if<pop3::UpdateAsked>(&event)) {
        update(env, store, session, *update_asked);
    } else if (std::holds_alternative<pop3::TlsStarted>(event)) {
        session.stream.start_tls(env, tls::Side::Server, hostname_);
    }
}

void PopServer::log_in(Env &env, mail::Store &store, Handle handle, const pop3::LoginAsked &asked)
{
    Session &session = sessions_[handle];
    const auto note = [&](RecordKind kind) {
        env.note(
            env.connection_record(kind, session.stream.connection(), Protocol::Pop3, asked.user));
    };
    const std::optional<mail::UserId> user = find_login(store, domains_, asked.user);
    if (!user || !asked.proves(store.mailbox(*user).password)) {
        note(RecordKind::LoginFailed);
        return session.engine.login_refused(pop3::LoginRefusal::WrongPassword, env.now);
    }
    if (!store.try_lock(*user, lock_owner(handle))) {
        note(RecordKind::MailboxLocked);
        return session.engine.login_refused(pop3::LoginRefusal::MailboxInUse, env.now);
    }
    note(RecordKind::LoginSucceeded);
    session.user = user;
    session.uids.clear();
    session.engine.login_accepted(maildrop_of(store.mailbox(*user).inbox(), session.uids), env.now);
}

void PopServer::update(Env &env, mail::Store &store, Session &session,
                       const pop3::UpdateAsked &asked)
{
    const mail::FolderId inbox = store.mailbox(*session.user).inbox().id();
    for (const std::uint32_t index : asked.deleted) {
        const std::uint32_t uid = session.uids[index];
        const mail::StoredLetter *letter = store.folder(*session.user, inbox)->find(uid);
        if (letter == nullptr) // Somebody else deleted it during the session.
            continue;
        Record record =
            env.connection_record(RecordKind::LetterRemoved, session.stream.connection(),
                                  Protocol::Pop3, store.mailbox(*session.user).user);
        record.message = letter->message;
        record.value = uid;
        env.note(std::move(record));
        (void)store.remove(*session.user, inbox, uid); // It is there.
    }
    session.engine.update_done(pop3::Server::Update::Succeeded, env.now);
}

void PopServer::send_output(Env &env, Session &session)
{
    if (session.engine.output().bytes().empty())
        return;
    session.stream.send(env, Protocol::Pop3, session.engine.output(), session.message);
    session.engine.clear_output();
    session.message = MessageId{};
}

void PopServer::end(mail::Store &store, Handle handle)
{
    if (const std::optional<mail::UserId> user = sessions_[handle].user)
        store.unlock(*user, lock_owner(handle));
    sessions_.erase(handle);
}

} // namespace mailscope
