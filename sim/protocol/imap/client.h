// The IMAP client engine (RFC 3501, 2177, 4315, 4959, 6154, 6851): one session from greeting to
// LOGOUT.
//
// It asks for capabilities, starts TLS as told, logs in and lists the folders. Then its owner gives
// orders: bring this folder up to date, change these flags, remove or move these letters, store
// this one, make this folder.
// They are carried out one after the other; when none is left, the client listens to INBOX (IDLE)
// or says LOGOUT. What the owner has of a folder it knows itself: the engine shows what is there
// and brings what is wanted (SelectionAsked). It does not judge a certificate. Contract: engine.h.
#pragma once

#include "sim/protocol/engine.h"
#include "sim/protocol/imap/events.h"
#include "sim/protocol/imap/responses.h"
#include "sim/protocol/imap/states.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::imap
{

/// Whether a client asks for TLS by STARTTLS.
enum class StartTlsUse : std::uint8_t
{
    Never,
    WhenOffered,
    Required
};

/// How a client logs in and stays; shared by its sessions.
struct ClientOptions
{
    std::string user;
    std::string password;
    StartTlsUse starttls = StartTlsUse::WhenOffered;
    bool listens = false;       ///< IDLE when nothing is to be done, where the server offers it
    Duration reply_wait = 2min; ///< the RFC names none; what common mail programs wait
};

/// The client's side of one connection.
class Client
{
public:
    explicit Client(std::shared_ptr<const ClientOptions> options);

    /// The connection stands: waits for the greeting. With TLS from the start, call
    /// tls_established first.
    void start(SimTime now);

    void receive(ByteView bytes, SimTime now);
    void peer_closed(SimTime now);
    void on_time(SimTime now);
    SimTime next_deadline() const;

    // Orders, at any time; they are carried out in their order once the session is open. Call
    // go_on afterwards: it ends listening when there is something to do.

    void sync_folder(std::string folder);
    void store_flags(std::string folder, std::vector<std::uint32_t> uids, mail::FlagChange change,
                     std::uint32_t flags);
    void expunge(std::string folder, std::vector<std::uint32_t> uids);
    void append(std::string folder, SharedBytes content, std::uint32_t flags);
    void create_folder(std::string folder);
    /// By MOVE; where the server does not offer it by COPY, STORE and EXPUNGE (RFC 6851 3.3).
    void move(std::string folder, std::vector<std::uint32_t> uids, std::string target);
    /// Ends the session after the orders given so far.
    void log_out();
    /// Goes on with the orders. Also the answer to FoldersListed.
    void go_on(SimTime now);

    /// Answer to SelectionAsked: these letters, rising; none is an answer too.
    void retrieve(const std::vector<std::uint32_t> &uids, SimTime now);

    /// After TlsStarted: TLS stands, from now on bytes are what came through it.
    void tls_established(SimTime now);

    std::optional<ClientEvent> next_event();
    const OutputBuffer &output() const { return output_; }
    void clear_output() { output_.clear(); }
    bool wants_close() const { return state_ == ClientState::Closed; }
    ClientState state() const { return state_; }
    /// Orders not carried out yet, the one under way included.
    std::size_t orders() const { return orders_.size(); }

private:
    struct Order
    {
        enum class What : std::uint8_t
        {
            Sync,
            Flags,
            Expunge,
            Append,
            Create,
            Move
        };
        What what = What::Sync;
        std::string folder;
        std::vector<std::uint32_t> uids;
        mail::FlagChange change = mail::FlagChange::Add;
        std::uint32_t flags = 0;
        SharedBytes content;
        std::string target; ///< Move
    };
    /// What the server announced (RFC 3501 7.2.1).
    struct Offered
    {
        bool starttls = false;
        bool login = true;
        bool auth_plain = false;
        bool sasl_ir = false;
        bool idle = false;
        bool uidplus = false;
        bool move = false;
    };

    // client.cpp: responses, and the way to the login
    void work();
    bool take_response();
    void handle(ByteView text);
    void handle_greeting(const Response &response);
    void handle_untagged(const Response &response, ByteView text);
    void handle_continuation();
    void handle_tagged(const Response &response, ByteView text);
    void read_capabilities(ByteView words);
    void after_capabilities();
    void login();
    std::string plain_response() const;
    void request(ClientInput input, Verb verb, ByteView rest);
    void say(ByteView line);
    void give_up();
    void violation(ByteView line);
    void go(ClientInput input);

    // client_orders.cpp
    void pump();
    void begin_order(const Order &order);
    void mark_deleted();
    void letters_moved();
    void handle_letter(const Response &response, ByteView text);
    void order_answered(const Response &response, ByteView text);
    void listed();
    void order_over() { orders_.erase(orders_.begin()); }
    void refused(ByteView text);

    std::shared_ptr<const ClientOptions> options_;
    std::string input_; ///< received and not yet read
    std::vector<Order> orders_;
    std::vector<ListedFolder> folders_;
    std::vector<ListedLetter> listing_;
    std::string selected_; ///< the folder selected, UTF-8; empty for none
    std::string tag_;      ///< of the command under way; empty when none is
    OutputBuffer output_;
    EventBuffer<ClientEvent> events_;
    SimTime heard_;
    std::size_t assembled_ = 0; ///< of input_: lines and literals of the response being read
    std::size_t literals_ = 0;  ///< octets of its literals
    std::string copy_uid_;      ///< what the last COPYUID said (RFC 4315 3); empty: none
    std::uint32_t uid_validity_ = 0;
    std::uint32_t tags_ = 0;
    Verb verb_ = Verb::Unknown; ///< of the command under way
    Offered offered_;
    bool marked_ = false;  ///< EXPUNGE: the letters are marked, next they are removed
    bool news_ = false;    ///< heard while listening, and not told yet
    bool log_out_ = false; ///< when all orders are done
    bool tls_ = false;
    bool gave_up_ = false; ///< a refusal was told already; LOGOUT ends without Done
    ClientState state_ = ClientState::Connected;
};

static_assert(StreamEngine<Client>);

} // namespace mailscope::imap
