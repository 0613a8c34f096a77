// The POP side of a mail server: hands the letters in a mailbox to whoever owns it (RFC 1939).
//
// It logs users in against the host's message store, keeps the mailbox locked while a session
// lasts (RFC 1939 4), shows the INBOX as it was at login, and removes what was marked when the
// client says QUIT and at no other time. The store belongs to the World, because the SMTP side
// delivers into it; it comes with every call. Protocol and words are those of pop3::Server.
#pragma once

#include "sim/core/slab.h"
#include "sim/hosts/env.h"
#include "sim/hosts/stream.h"
#include "sim/hosts/timer.h"
#include "sim/mail/store.h"
#include "sim/protocol/pop3/server.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailscope
{

class Digest;

/// The letters of a mailbox as a session shows them; appends their UIDs to `uids` in the same
/// order. Unique ids are written as Dovecot does.
pop3::Maildrop maildrop_of(const mail::Folder &inbox, std::vector<std::uint32_t> &uids);

class PopServer
{
public:
    PopServer(const PopServer &);
    PopServer(PopServer &&) noexcept;
    PopServer &operator=(const PopServer &);
    PopServer &operator=(PopServer &&) noexcept;
    ~PopServer();

    static constexpr std::uint16_t port = 110;
    /// TLS from the first octet on (RFC 8314 3.1).
    static constexpr std::uint16_t tls_port = 995;

    struct Session
    {
        Stream stream;
        pop3::Server engine{nullptr};
        Timer timer;
        std::optional<mail::UserId> user; ///< logged in: the session holds this user's lock
        std::vector<std::uint32_t> uids;  ///< of the maildrop's letters, by the engine's index
        MessageId message;                ///< the letter that the last reply is about
    };

    /// `hostname`: the name in the certificate; `domains`: see login_name.h.
    PopServer(HostId host, std::shared_ptr<const pop3::ServerOptions> options, std::string hostname,
              std::vector<std::string> domains);

    /// An event of a connection that this role owns; `index` is the role's, for the timer.
    void on_network(Env &env, std::uint16_t index, mail::Store &store, const net::Event &event);
    void on_timer(Env &env, std::uint16_t index, mail::Store &store, std::uint32_t session);

    /// The host lost its power: all sessions are gone and their mailboxes unlocked.
    void lose_sessions(mail::Store &store);

    HostId host() const { return host_; }
    const pop3::ServerOptions &options() const { return *options_; }
    const Slab<Session> &sessions() const { return sessions_; }

    void mix(Digest &digest) const;

private:
    void accept(Env &env, std::uint16_t index, mail::Store &store, Handle connection);
    void receive(Env &env, std::uint16_t index, mail::Store &store, Handle session, ByteView bytes);
    void take(Env &env, std::uint16_t index, mail::Store &store, Handle session);
    void on_event(Env &env, mail::Store &store, Handle handle, const pop3::ServerEvent &event);
    void log_in(Env &env, mail::Store &store, Handle handle, const pop3::LoginAsked &asked);
    void update(Env &env, mail::Store &store, Session &session, const pop3::UpdateAsked &asked);
    void send_output(Env &env, Session &session);
    void end(mail::Store &store, Handle session);

    HostId host_;
    std::shared_ptr<const pop3::ServerOptions> options_;
    std::string hostname_;
    std::vector<std::string> domains_;
    std::uint32_t greetings_ = 0; ///< with a timestamp, so far
    Slab<Session> sessions_;
};

} // namespace mailscope
