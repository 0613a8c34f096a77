// The server's side of an SMTP conversation.
//
// Serves relay (port 25), submission (587) and LMTP (RFC 2033); the difference is in its options
// and in what its owner answers. It knows the order of commands, their syntax, limits and words;
// every decision about people and policy is a question to the owner (see events.h). Its manner is
// that of Postfix, Exim or Dovecot as recorded in tests/dialogue/reference: words, codes, and the
// few places where they differ (an address without a domain, DATA without a recipient, errors).
//
// It does not do: TLS itself (the owner wraps the bytes), EXPN (answered 500; HELP too, as Postfix
// does), BINARYMIME. RFC 5321, 6409, 2920 (pipelining), 4954 (AUTH), 3207, 1870, 3030, 3461, 6531.
#pragma once

#include "sim/core/gathered_bytes.h"
#include "sim/protocol/engine.h"
#include "sim/protocol/smtp/events.h"
#include "sim/protocol/smtp/states.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace mailscope::smtp
{

/// What to make of a line that ends in LF without CR.
enum class BareNewline : std::uint8_t
{
    Normalize, ///< a line end, but never part of the end of a letter (RFC 5321 2.3.8, 4.1.1.4)
    Allow,     ///< a line end everywhere: open to smuggling, for showing what that is
    Reject,    ///< refuse with 521 and hang up
};

/// How a server is set up. Shared by its conversations, never changed under them.
struct ServerOptions
{
    std::string hostname;
    Dialect dialect = Dialect::Postfix;
    /// LMTP (RFC 2033): LHLO instead of EHLO and HELO, and after a letter one reply for each
    /// accepted recipient, because nothing is queued.
    bool lmtp = false;
    std::uint64_t size_limit = limits::message_size_default; ///< octets; 0 is no limit announced

    // What EHLO offers.
    bool pipelining = true;
    bool vrfy = true;
    bool etrn = true; ///< understood, but refused with 459: there is no queue run on demand
    bool starttls = false;
    bool auth_plain = false;
    bool auth_login = false;
    bool eight_bit_mime = true;
    bool dsn = true;
    bool smtputf8 = true;
    bool chunking = true;

    // What it insists on.
    bool helo_required = false;
    bool strict_envelopes = false; ///< paths need angle brackets (Postfix: strict_rfc821_envelopes)
    bool tls_required = false;   ///< before TLS only EHLO, HELO, NOOP, STARTTLS and QUIT, else 530
    bool auth_needs_tls = false; ///< AUTH is neither offered nor taken before TLS
    bool auth_required = false;  ///< 530 to MAIL before AUTH (RFC 4954 6)
    BareNewline bare_newline = BareNewline::Normalize;

    // Limits.
    std::uint32_t recipients_max = limits::recipients_default;
    std::uint32_t errors_max = limits::errors_default;
    Duration timeout = 300s; ///< RFC 5321 4.5.3.2.7

    bool offers_auth() const { return auth_plain || auth_login; }
};

/// One conversation. A value; see sim/protocol/engine.h for the order of calls.
class Server
{
public:
    /// `peer_address` is the client's address as text, for a dialect that names it after EHLO.
    explicit Server(std::shared_ptr<const ServerOptions> options, std::string peer_address = {});

    /// The owner's decision about the connection: 220 serves it, 421 closes it at once, another
    /// refusal serves nothing but QUIT. To be called once, before anything else is answered.
    void greet(const Reply &reply, SimTime now);

    /// Bytes from the client. While the engine waits for an answer it keeps them.
    void receive(ByteView bytes, SimTime now);

    void peer_closed(SimTime now);
    void on_time(SimTime now);
    SimTime next_deadline() const;

    const OutputBuffer &output() const { return output_; }
    void clear_output() { output_.clear(); }
    bool wants_close() const { return state_ == ServerState::Closed; }
    std::optional<ServerEvent> next_event();

    /// The owner's answer to the last question, which must be open. A positive reply lets the
    /// client go on; 421 also ends the session. Goes on with input that waited. After the session
    /// ended (a lost connection, shut_down) an answer has no effect.
    void answer(const Reply &reply, SimTime now);

    /// LMTP: the owner's answers to ContentAsked, one for each accepted recipient in the order of
    /// RCPT (RFC 2033 4.2). Refusals among them are no fault of the client's.
    void answer_each(std::span<const Reply> replies, SimTime now);

    /// Accepts the open question in the words of the dialect: "250 2.1.5 Ok". A letter is better
    /// accepted with an answer that names its queue id.
    void accept(SimTime now);

    /// Ends the session from the owner's side (RFC 5321 3.8: 421). An open question is dropped.
    void shut_down(const Reply &reply, SimTime now);

    /// Before greet: TLS stands from the start (RFC 8314 3.3), and is not offered any more.
    void tls_established() { tls_ = true; }

    ServerState state() const { return state_; }

    /// True while a question is open.
    bool is_asking() const;

    /// The transaction under way; while a question about sender, recipient or content is open it
    /// holds what is asked about (the recipient excepted). Recipients are the accepted ones.
    const Envelope &transaction() const { return envelope_; }

    /// Takes the envelope away instead of copying it; only while ContentAsked is open.
    Envelope take_transaction();

    /// What the client called itself, and whether it said EHLO. Empty before HELO.
    const std::string &peer_name() const { return peer_name_; }
    bool is_esmtp() const { return esmtp_; }

    /// Who authenticated; empty: nobody.
    const std::string &identity() const { return identity_; }

    bool is_tls() const { return tls_; }

    const ServerOptions &options() const { return *options_; }

private:
    enum class Progress : std::uint8_t
    {
        NeedsMore,
        Made
    };

    // Framing: from bytes to command lines, text lines and chunks (server.cpp).
    void process(SimTime now);
    Progress take_line();
    Progress take_content();
    Progress take_chunk();
    Progress hold_open_line(ByteView left);
    bool ends_content(bool with_crlf) const;
    void keep_content(ByteView bytes);
    void end_content(ServerInput input);
    bool refuses_bare_newline(bool with_crlf);

    // One command each (server_commands.cpp).
    void command(std::string_view line);
    void dispatch(const Command &command);
    bool admit(const Command &command, const ServerTransition &row);
    // Who the client is, and what is offered to it (server_hello.cpp).
    void helo(const Command &command);
    void say_ehlo();
    std::string hello() const;
    std::string known_commands() const;

    void mail(const Command &command);
    void rcpt(const Command &command);
    void data(const Command &command);
    void bdat(const Command &command, Phrase refusal);
    void rset(const Command &command);
    void vrfy(const Command &command);
    void etrn(const Command &command);
    void quit();
    void starttls(const Command &command);
    void auth(const Command &command);
    void auth_line(std::string_view line);
    void auth_user(std::string user, ServerInput input);
    void auth_password(std::string password, ServerInput input);
    void auth_plain(std::string_view message, ServerInput input);
    void auth_broken(Phrase phrase);
    bool speaks(Dialect dialect) const { return options_->dialect == dialect; }
    bool lacks_domain(std::string_view mailbox) const;
    std::string earlier_refusals() const;
    Phrase read_mail_parameter(const Parameter &parameter);
    Phrase read_rcpt_parameter(const Parameter &parameter);

    void go(ServerInput input);
    void say(Phrase phrase, std::string_view argument = {});
    void refuse(Phrase phrase, std::string_view argument = {});
    void refused(const Reply &reply);
    void accepted();
    void reset_transaction();
    void clear_transaction();
    void close();

    std::shared_ptr<const ServerOptions> options_;
    OutputBuffer output_;
    EventBuffer<ServerEvent> events_;
    std::string input_;     ///< received and not consumed
    std::size_t used_ = 0;  ///< how much of input_ is consumed
    GatheredBytes content_; ///< the letter so far; empty once it is too large
    std::uint64_t content_size_ = 0;
    std::uint64_t chunk_left_ = 0;
    std::uint64_t chunk_size_ = 0;
    Envelope envelope_;
    Recipient candidate_; ///< the recipient that is asked about
    std::string peer_name_;
    std::string peer_address_;
    std::string recipient_refusal_; ///< what all RCPT were refused with, for Dialect::Exim
    bool recipient_refusals_differ_ = false;
    std::string identity_;
    std::string auth_user_; ///< the user name of the AUTH exchange under way
    SimTime heard_at_{};
    std::uint32_t errors_ = 0;
    std::size_t replies_due_ = 1; ///< to the letter that came last
    ServerState state_ = ServerState::Opening;
    ServerState back_ = ServerState::Connected; ///< where the command under way came in
    Verb verb_ = Verb::Unknown;                 ///< the command under way
    Phrase chunk_refusal_ = Phrase::None;
    bool in_transaction_ = false;
    bool esmtp_ = false;
    bool tls_ = false;
    bool line_open_ = false;  ///< the front of a long text line is already kept
    bool crlf_before_ = true; ///< the last text line ended in CRLF
    bool last_chunk_ = false;
};

} // namespace mailscope::smtp
