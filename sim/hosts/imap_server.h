// The IMAP side of a mail server: letters stay there, and many devices look at them (RFC 3501).
//
// It logs users in against the host's message store and answers their engines by the rules of
// imap_answers.h. Nothing is locked: any number of sessions may have one mailbox, and a session
// that listens (IDLE) is told at once what others changed, whether by IMAP, POP3 or a delivery. The
// store belongs to the World; it comes with every call. Protocol and words are imap::Server's.
#pragma once

#include "sim/core/slab.h"
#include "sim/hosts/env.h"
#include "sim/hosts/imap_answers.h"
#include "sim/hosts/stream.h"
#include "sim/hosts/timer.h"
#include "sim/mail/store.h"
#include "sim/protocol/imap/server.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

class Digest;

class ImapServer
{
public:
    ImapServer(const ImapServer &);
    ImapServer(ImapServer &&) noexcept;
    ImapServer &operator=(const ImapServer &);
    ImapServer &operator=(ImapServer &&) noexcept;
    ~ImapServer();

    static constexpr std::uint16_t port = 143;
    /// TLS from the first octet on (RFC 8314 3.2).
    static constexpr std::uint16_t tls_port = 993;

    struct Session
    {
        Stream stream;
        imap::Server engine{nullptr};
        Timer timer;
        std::optional<mail::UserId> user; ///< logged in
        MessageId message;                ///< the letter that the last reply is about
    };

    /// `hostname`: the name in the certificate. The store names users by full address; a client
    /// may leave out the domain when the user is in one of `domains`, which are tried in order.
    ImapServer(HostId host, std::shared_ptr<const imap::ServerOptions> options,
               std::string hostname, std::vector<std::string> domains);

    /// An event of a connection that this role owns; `index` is the role's, for the timer.
    void on_network(Env &env, std::uint16_t index, mail::Store &store, const net::Event &event);
    void on_timer(Env &env, std::uint16_t index, mail::Store &store, std::uint32_t session);

    /// Whether the store has changed since sessions that listen were told.
    bool has_news(const mail::Store &store) const { return store.changes() != told_changes_; }
    /// Tells them.
    void tell_listeners(Env &env, std::uint16_t index, mail::Store &store);

    HostId host() const { return host_; }
    const imap::ServerOptions &options() const { return *options_; }
    const Slab<Session> &sessions() const { return sessions_; }

    void mix(Digest &digest) const;

private:
    void accept(Env &env, std::uint16_t index, mail::Store &store, Handle connection);
    void receive(Env &env, std::uint16_t index, mail::Store &store, Handle session, ByteView bytes);
    void take(Env &env, std::uint16_t index, mail::Store &store, Handle session);
    void on_event(Env &env, mail::Store &store, Session &session, const imap::ServerEvent &event);
    void log_in(Env &env, const mail::Store &store, Session &session,
                const imap::LoginAsked &asked);
    void note_done(Env &env, const mail::Store &store, const Session &session,
                   const imap::ServerEvent &question, const ImapDone &done) const;
    void send_output(Env &env, Session &session);

    HostId host_;
    std::shared_ptr<const imap::ServerOptions> options_;
    std::string hostname_;
    std::vector<std::string> domains_;
    Slab<Session> sessions_;
    std::uint64_t told_changes_ = 0; ///< of the store, when listeners were told last
};

} // namespace mailscope
