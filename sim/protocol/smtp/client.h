// The client's side of an SMTP conversation: a relay that hands letters on, or a mail program
// that submits one.
//
// Its owner gives it a message when it is Ready, and learns by events what became of the sender,
// of each recipient and of the message. It does not choose servers, retry, or build reports. Its
// manner is that of Postfix: MAIL, RCPT and DATA in one group where the server offers PIPELINING,
// parameters only where offered, HELO when EHLO is refused.
//
// It does not do TLS itself, nor BDAT. RFC 5321, 2920, 1870, 4954, 4616, 3207, 3461, 6531.
#pragma once

#include "sim/protocol/engine.h"
#include "sim/protocol/smtp/events.h"
#include "sim/protocol/smtp/states.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::smtp
{

/// Whether to speak TLS (RFC 3207).
enum class TlsUse : std::uint8_t
{
    Never,
    IfOffered,
    Required
};

/// How long to wait for what (RFC 5321 4.5.3.2).
struct ClientTimeouts
{
    Duration greeting = 300s;
    Duration command = 300s; ///< EHLO, AUTH, MAIL, RCPT, RSET, QUIT
    Duration data = 120s;
    Duration end_of_data = 600s;
};

/// Name and password (RFC 4616).
struct Credentials
{
    std::string user;
    std::string password;
};

/// What becomes of a message when the server takes only some of its recipients.
enum class PartialRefusal : std::uint8_t
{
    SendToRest, ///< as a relay does
    SendToNone, ///< as a mail program does: RSET, and its writer is asked. MAIL is not grouped.
};

/// How a client is set up. Shared by its conversations, never changed under them.
struct ClientOptions
{
    std::string hostname; ///< what EHLO says: a host name or an address literal
    TlsUse tls = TlsUse::IfOffered;
    std::optional<Credentials> credentials; ///< by AUTH PLAIN, else LOGIN; needed when given
    bool pipelining = true;                 ///< use it where offered
    bool checks_size = true; ///< too large by the server's SIZE: do not try; false: let it say so
    PartialRefusal partial_refusal = PartialRefusal::SendToRest;
    ClientTimeouts timeouts;
};

/// Whether another message may follow in this session.
enum class After : std::uint8_t
{
    Wait, ///< Ready again afterwards
    Quit, ///< QUIT goes along with the end of the letter where pipelining is offered
};

/// One conversation. A value; see sim/protocol/engine.h for the order of calls. Begin it by
/// waiting: the server speaks first.
class Client
{
public:
    /// `now` is when the connection was opened.
    Client(std::shared_ptr<const ClientOptions> options, SimTime now);

    void receive(ByteView bytes, SimTime now);
    void peer_closed(SimTime now);
    void on_time(SimTime now);
    SimTime next_deadline() const;

    const OutputBuffer &output() const { return output_; }
    void clear_output() { output_.clear(); }
    bool wants_close() const { return state_ == ClientState::Closed; }
    std::optional<ClientEvent> next_event();

    /// Sends one message; only in state Ready. The envelope needs at least one recipient. Lines of
    /// `content` end in CRLF; a bare LF is sent as CRLF (RFC 5321 2.3.8). Each recipient gets one
    /// event unless the sender is refused or the session ends, and the message one.
    void begin(Envelope envelope, SharedBytes content, After after, SimTime now);

    /// Says QUIT; only in state Ready.
    void quit(SimTime now);

    /// Restarts the running timer: the transport has taken more of the output (RFC 5321
    /// 4.5.3.2.5). Needed only where sending a letter may take longer than a timeout.
    void output_progressed(SimTime now);

    /// Before the greeting: TLS stands from the start (RFC 8314 3.3).
    void tls_established() { tls_ = true; }

    ClientState state() const { return state_; }

    /// What the running wait is about.
    Stage stage() const;

    const ServerOffers &offers() const { return offers_; }
    bool is_tls() const { return tls_; }
    const Envelope &envelope() const { return envelope_; }
    const ClientOptions &options() const { return *options_; }

private:
    void take_line(std::string_view line);
    void on_reply(const Reply &reply);
    void on_greeting(const Reply &reply);
    void on_ehlo(const Reply &reply);
    void on_helo(const Reply &reply);
    void on_starttls(const Reply &reply);
    void on_auth(const Reply &reply);
    void on_login(const Reply &reply);
    void on_mail(const Reply &reply);
    void on_rcpt(const Reply &reply);
    void on_data(const Reply &reply);
    void on_end_of_data(const Reply &reply);

    bool can_send() const;
    void introduce();
    void authenticate_or_be_ready(ClientInput ready);
    void say_mail();
    void say_rcpt(const Recipient &recipient);
    void say_content();
    void abandon_transaction(ClientInput input);
    void next_message();
    void end_session();
    void refuse_session(const Reply &reply);
    void say(std::string_view verb, std::string_view argument = {});
    void go(ClientInput input);
    void close();

    std::shared_ptr<const ClientOptions> options_;
    OutputBuffer output_;
    EventBuffer<ClientEvent> events_;
    std::string input_;
    ReplyParser parser_;
    Envelope envelope_;
    SharedBytes content_;
    ServerOffers offers_;
    SimTime since_{};            ///< when the running wait began
    std::uint32_t answered_ = 0; ///< recipients answered
    std::uint32_t accepted_ = 0; ///< recipients accepted
    ClientState state_ = ClientState::Greeting;
    After after_ = After::Wait;
    bool grouped_ = false;    ///< MAIL, RCPT and DATA went out together
    bool sender_bad_ = false; ///< MAIL was refused
    bool quit_sent_ = false;
    bool credentials_sent_ = false;
    bool tls_ = false;
};

} // namespace mailscope::smtp
