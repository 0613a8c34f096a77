// The POP3 server engine (RFC 1939, 2449, 5034, 2595): one value per connection.
//
// It keeps the order of a session and the marks for deletion; its owner knows the users, holds
// the maildrop and answers the questions. Letters are deleted at QUIT and at no other time: a
// session that ends otherwise deletes nothing (RFC 1939 6). Replies are in Dovecot's words.
// Contract: engine.h.
#pragma once

#include "sim/protocol/engine.h"
#include "sim/protocol/pop3/events.h"
#include "sim/protocol/pop3/states.h"

#include <memory>
#include <string>
#include <vector>

namespace mailscope::pop3
{

/// When a server takes a password.
enum class LoginRule : std::uint8_t
{
    InClear,
    OnlyWithTls
};

/// What a server offers; shared by all its connections.
struct ServerOptions
{
    std::string greeting = "POP3 server ready.";
    LoginRule login = LoginRule::InClear;
    bool offer_stls = true;
    bool offer_auth = true; ///< PLAIN and LOGIN
    bool offer_uidl = true;
    bool offer_top = true;
    bool apop = false; ///< the owner gives each connection a timestamp (Server::offer_apop)
    Duration idle_max = limits::idle_min; ///< less than limits::idle_min counts as that
};

/// One letter of a maildrop as the session sees it.
struct MaildropEntry
{
    std::uint32_t size = 0; ///< octets with CRLF line ends (RFC 1939 11)
    std::string unique_id;  ///< 1 to 70 printable characters (RFC 1939 7)
};
using Maildrop = std::vector<MaildropEntry>;

/// The server's side of one connection.
class Server
{
public:
    explicit Server(std::shared_ptr<const ServerOptions> options);

    /// Before start: the greeting holds this, "<process.clock@host>", and APOP is offered. It must
    /// be another one for each connection (RFC 1939 7).
    void offer_apop(std::string timestamp) { timestamp_ = std::move(timestamp); }

    /// Says the greeting. With TLS from the start, call tls_established first.
    void start(SimTime now);

    void receive(ByteView bytes, SimTime now);
    void peer_closed(SimTime now);
    void on_time(SimTime now);
    SimTime next_deadline() const;

    // Once the session is over (ServerPeerVanished, ...), answers are passed over.

    /// Answers to LoginAsked. The maildrop is fixed for the session, letter n at index n - 1.
    void login_accepted(Maildrop maildrop, SimTime now);
    /// After MailboxInUse the connection ends; otherwise the client may try again.
    void login_refused(LoginRefusal reason, SimTime now);

    /// Answers to LetterAsked. `letter` has the size that the maildrop says.
    void letter_found(const SharedBytes &letter, SimTime now);
    void letter_missing(SimTime now);

    /// Answer to UpdateAsked; either way the session ends.
    enum class Update : std::uint8_t
    {
        Succeeded,
        Failed
    };
    void update_done(Update update, SimTime now);

    /// After TlsStarted: TLS stands, from now on bytes are what came through it.
    void tls_established(SimTime now);

    std::optional<ServerEvent> next_event();
    const OutputBuffer &output() const { return output_; }
    void clear_output() { output_.clear(); }
    bool wants_close() const { return state_ == ServerState::Closed; }
    ServerState state() const { return state_; }
    /// The user who logged in, or tries to; empty before.
    const std::string &user() const { return user_; }

private:
    void work(SimTime now);
    void take_line(ByteView line);
    void obey(const Command &command);
    bool offered(Verb verb) const;

    void obey_in_authorization(const Command &command);
    bool may_login() const { return tls_ || options_->login == LoginRule::InClear; }
    void refuse_in_clear();
    void start_tls();
    void auth(ByteView argument);
    void apop(ByteView argument);
    void auth_response(ByteView line);
    void ask_login(ServerInput input, ByteView password, Mechanism mechanism);
    void capabilities();

    void obey_in_transaction(const Command &command);
    bool is_deleted(std::uint32_t index) const;
    std::optional<std::uint32_t> letter_index(ByteView &argument);
    bool has_noise(ByteView argument);
    void statistics();
    void list(const Command &command);
    void ask_letter(const Command &command);
    void mark_deleted(ByteView argument);
    void ask_update();

    bool asking() const;
    void go(ServerInput input);
    void reply(ByteView line);
    void content(ByteView text);
    void refuse(Refusal reason, ByteView line);
    void bad_command(Refusal reason);
    void abort(ByteView last_words);

    std::shared_ptr<const ServerOptions> options_;
    std::shared_ptr<const Maildrop> maildrop_; ///< set at login
    std::vector<bool> deleted_;                ///< empty until the first DELE
    std::string input_;                        ///< received and not yet obeyed
    std::string user_;
    std::string timestamp_; ///< of the greeting; empty: APOP is not offered
    OutputBuffer output_;
    EventBuffer<ServerEvent> events_;
    SimTime last_command_;
    std::size_t taken_ = 0;         ///< of input_, obeyed already
    std::string quoted_;            ///< the last line, as events quote it
    std::uint32_t asked_index_ = 0; ///< the letter asked for
    std::uint32_t top_lines_ = 0;
    bool top_only_ = false;
    bool tls_ = false;
    bool peer_gone_ = false;
    std::uint8_t bad_commands_ = 0; ///< in a row
    Verb verb_ = Verb::Unknown;     ///< of the last command
    ServerState state_ = ServerState::Connected;
};

static_assert(StreamEngine<Server>);

} // namespace mailscope::pop3
