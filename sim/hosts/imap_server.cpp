// The IMAP side of a mail server.
#include "sim/hosts/imap_server.h"

#include "sim/core/digest.h"
#include "sim/hosts/login_name.h"
#include "sim/protocol/imap/grammar.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

std::string_view name_of(const mail::Store &store, mail::UserId user, mail::FolderId folder)
{
    const mail::Folder *found = store.folder(user, folder);
    return found == nullptr ? std::string_view() : std::string_view(found->name());
}

std::string subject_of(const mail::Store &store, mail::UserId user, const ImapDone::Letter &letter)
{
    const mail::Folder *folder = store.folder(user, letter.folder);
    const mail::StoredLetter *stored = folder == nullptr ? nullptr : folder->find(letter.uid);
    return stored == nullptr ? std::string() : mail::read_message(stored->content.view()).subject;
}

} // namespace

ImapServer::ImapServer(const ImapServer &) = default;
ImapServer::ImapServer(ImapServer &&) noexcept = default;
ImapServer &ImapServer::operator=(const ImapServer &) = default;
ImapServer &ImapServer::operator=(ImapServer &&) noexcept = default;
ImapServer::~ImapServer() = default;

ImapServer::ImapServer(HostId host, std::shared_ptr<const imap::ServerOptions> options,
                       std::string hostname, std::vector<std::string> domains)
    : host_(host), options_(std::move(options)), hostname_(std::move(hostname)),
      domains_(std::move(domains))
{
}

void ImapServer::on_network(Env &env, std::uint16_t index, mail::Store &store,
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
        sessions_.erase(handle);
    }
}

void ImapServer::on_timer(Env &env, std::uint16_t index, mail::Store &store, std::uint32_t number)
{
    const Handle handle = sessions_.handle_at(number);
    Session *session = sessions_.find(handle);
    if (session == nullptr)
        return;
    const Event event = env.timer_event(Role::ImapServer, index, number);
    if (!session->timer.fired(env.now, event, env.queue))
        return;
    session->engine.on_time(env.now);
    take(env, index, store, handle);
}

void ImapServer::tell_listeners(Env &env, std::uint16_t index, mail::Store &store)
{
    told_changes_ = store.changes();
    const RecordId because = env.because;
    std::vector<Handle> listening;
    sessions_.for_each([&](Handle handle, const Session &session) {
        if (session.engine.idling() && session.user)
            listening.push_back(handle);
    });
    for (const Handle handle : listening) {
        Session &session = sessions_[handle];
        ImapAccount account{store, *session.user, env.start};
        env.because = because;
        tell_changes(session.engine, account, env.now);
        take(env, index, store, handle);
    }
    told_changes_ = store.changes(); // Telling claims what is recent.
}

void ImapServer::mix(Digest &digest) const
{
    digest.add(told_changes_);
    sessions_.for_each([&](Handle handle, const Session &session) {
        const imap::SelectedMailbox *selected = session.engine.selected();
        digest.add(handle.index, handle.generation, session.engine.state(), session.engine.user(),
                   selected == nullptr ? 0U : selected->size(), session.timer.deadline(),
                   session.message);
    });
}

void ImapServer::accept(Env &env, std::uint16_t index, mail::Store &store, Handle connection)
{
    Session session;
    session.stream = Stream(connection);
    session.engine = imap::Server(options_);
    const Handle handle = sessions_.insert(std::move(session));
    env.network.set_session(connection, handle.index);
    const net::TcpConnection *end = env.network.find(connection);
    if (end != nullptr && end->local.port == tls_port)
        return sessions_[handle].stream.start_tls(env, tls::Side::Server, hostname_);
    sessions_[handle].engine.start(env.now);
    take(env, index, store, handle);
}

void ImapServer::receive(Env &env, std::uint16_t index, mail::Store &store, Handle handle,
                         ByteView bytes)
{
    Session &session = sessions_[handle];
    const ByteView plain = session.stream.receive(env, bytes);
    while (const std::optional<tls::ChannelEvent> event = session.stream.take_tls_event(env)) {
        if (std::holds_alternative<tls::Established>(*event)) {
            session.engine.tls_established(env.now);
            if (session.engine.state() == imap::ServerState::Connected) // TLS came first.
                session.engine.start(env.now);
        } else if (std::holds_alternative<tls::Failed>(*event)) {
            env.network.close(session.stream.connection(), env.because);
            sessions_.erase(handle);
            return;
        }
    }
    if (session.user) { // What others did comes before what this client says now.
        ImapAccount account{store, *session.user, env.start};
        tell_changes(session.engine, account, env.now);
    }
    if (!plain.empty())
        session.engine.receive(plain, env.now);
    take(env, index, store, handle);
}

/// What the engine has to say after each input: questions, lines, the end, its next deadline.
void ImapServer::take(Env &env, std::uint16_t index, mail::Store &store, Handle handle)
{
    Session &session = sessions_[handle];
    while (const std::optional<imap::ServerEvent> event = session.engine.next_event()) {
        send_output(env, session);
        on_event(env, store, session, *event);
    }
    send_output(env, session);
    if (session.engine.wants_close()) {
        session.stream.close(env);
        sessions_.erase(handle);
        return;
    }
    session.timer.set(session.engine.next_deadline(),
                      env.timer_event(Role::ImapServer, index, handle.index), env.queue);
}

void ImapServer::on_event(Env &env, mail::Store &store, Session &session,
                          const imap::ServerEvent &event)
{
    if (const auto *login = std::get_if<imap::LoginAsked>(&event))
        return log_in(env, store, session, *login);
    if (std::holds_alternative<imap::TlsStarted>(event))
        return session.stream.start_tls(env, tls::Side::Server, hostname_);
    if (std::holds_alternative<imap::IdleBegan>(event))
        env.note(env.connection_record(RecordKind::ListeningBegan, session.stream.connection(),
                                       Protocol::Imap, session.engine.user()));
    if (!session.user)
        return;
    MessageId message;
    if (const auto *append = std::get_if<imap::AppendAsked>(&event))
        message = env.messages.name_of(append->content.view());
    ImapAccount account{store, *session.user, env.start};
    const ImapDone done = answer(session.engine, event, account, message, env.now);
    note_done(env, store, session, event, done);
    if (done.added.size() + done.removed.size() == 1)
        session.message = message;
}

void ImapServer::log_in(Env &env, const mail::Store &store, Session &session,
                        const imap::LoginAsked &asked)
{
    const std::optional<mail::UserId> user = find_login(store, domains_, asked.user);
    const bool right = user && store.mailbox(*user).password == asked.password;
    env.note(env.connection_record(right ? RecordKind::LoginSucceeded : RecordKind::LoginFailed,
                                   session.stream.connection(), Protocol::Imap, asked.user));
    if (!right)
        return session.engine.login_refused(imap::LoginRefusal::WrongPassword, env.now);
    session.user = user;
    session.engine.login_accepted(env.now);
}

/// Records what an answer did to letters.
void ImapServer::note_done(Env &env, const mail::Store &store, const Session &session,
                           const imap::ServerEvent &question, const ImapDone &done) const
{
    const std::string &user = store.mailbox(*session.user).user;
    const auto note = [&](RecordKind kind, std::string_view text, MessageId message,
                          std::int64_t value) {
        Record record =
            env.connection_record(kind, session.stream.connection(), Protocol::Imap, text);
        record.message = message;
        record.value = value;
        env.note(std::move(record));
    };
    if (const auto *select = std::get_if<imap::SelectAsked>(&question); select && !done.problem)
        note(RecordKind::MailboxOpened, fmt::format("{} {}", user, select->name), MessageId{},
             session.engine.selected() == nullptr ? 0 : session.engine.selected()->size());
    const bool append = std::holds_alternative<imap::AppendAsked>(question) ||
                        std::holds_alternative<imap::AppendAnnounced>(question);
    if (done.problem == imap::Problem::OverQuota)
        note(append ? RecordKind::AppendRefused : RecordKind::CopyRefused, user, MessageId{}, 0);
    const auto *change = std::get_if<imap::FolderChangeAsked>(&question);
    if (change != nullptr && change->verb == imap::Verb::Create && !done.problem)
        note(RecordKind::FolderMade, change->name, MessageId{}, 0);
    const auto *copy = std::get_if<imap::CopyAsked>(&question);
    if (copy != nullptr && copy->move) {
        for (const ImapDone::Letter &letter : done.added)
            note(RecordKind::LetterMoved,
                 fmt::format("{} {}", name_of(store, *session.user, letter.folder),
                             subject_of(store, *session.user, letter)),
                 letter.message, letter.uid);
        return;
    }
    for (const ImapDone::Letter &letter : done.added)
        note(append ? RecordKind::LetterAppended : RecordKind::LetterCopied,
             fmt::format("{} {}", user, name_of(store, *session.user, letter.folder)),
             letter.message, letter.uid);
    for (const ImapDone::Letter &letter : done.removed)
        note(RecordKind::LetterRemoved, user, letter.message, letter.uid);
    for (const ImapDone::Letter &letter : done.flagged) {
        const mail::Folder *folder = store.folder(*session.user, letter.folder);
        const mail::StoredLetter *stored = folder == nullptr ? nullptr : folder->find(letter.uid);
        const std::string flags = stored == nullptr
                                      ? std::string()
                                      : imap::flags_text(stored->flags, false, folder->keywords());
        note(RecordKind::FlagsChanged, fmt::format("{} {}", user, flags.empty() ? "-" : flags),
             letter.message, letter.uid);
    }
}

void ImapServer::send_output(Env &env, Session &session)
{
    if (session.engine.output().bytes().empty())
        return;
    session.stream.send(env, Protocol::Imap, session.engine.output(), session.message);
    session.engine.clear_output();
    session.message = MessageId{};
}

} // namespace mailscope
