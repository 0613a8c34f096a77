// The POP3 client engine (RFC 1939, 2449, 5034, 2595): one session from greeting to QUIT.
//
// It asks for capabilities, starts TLS as told, logs in, lists, takes and removes letters, and
// says QUIT. Which letters, and since when they were seen, its owner knows: SelectionAsked. A
// letter is removed only after it was received whole and the owner said letter_stored. It does
// not judge a certificate: the owner does, before tls_established. Contract: engine.h.
#pragma once

#include "sim/protocol/engine.h"
#include "sim/protocol/pop3/events.h"
#include "sim/protocol/pop3/states.h"

#include <memory>
#include <string>
#include <vector>

namespace mailscope::pop3
{

/// Whether a client asks for TLS by STLS.
enum class StlsUse : std::uint8_t
{
    Never,
    WhenOffered,
    Required
};

/// How a client fetches; shared by its sessions.
struct ClientOptions
{
    std::string user;
    std::string password;
    StlsUse stls = StlsUse::WhenOffered;
    /// False: every letter that was stored is removed. True: only those of Selection::remove.
    bool keep_on_server = false;
    bool apop = false;             ///< does not say the password, where the server lets it so
    std::uint32_t letters_max = 0; ///< per session; 0: no limit
    Duration reply_wait = 2min;    ///< the RFC names none; what common mail programs wait
};

/// The owner's answer to SelectionAsked; numbers of its listing, in the order wanted.
struct Selection
{
    std::vector<std::uint32_t> retrieve;
    /// Of these, one that is also retrieved is removed after letter_stored, any other at once.
    std::vector<std::uint32_t> remove;
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

    /// Answer to SelectionAsked; numbers that are not listed are passed over.
    void select(const Selection &selection, SimTime now);

    /// Answers to LetterReceived; without them the session does not end.
    void letter_stored(std::uint32_t number, SimTime now);
    void letter_not_stored(std::uint32_t number, SimTime now);

    /// After TlsStarted: TLS stands, from now on bytes are what came through it.
    void tls_established(SimTime now);

    std::optional<ClientEvent> next_event();
    const OutputBuffer &output() const { return output_; }
    void clear_output() { output_.clear(); }
    bool wants_close() const { return state_ == ClientState::Closed; }
    ClientState state() const { return state_; }

private:
    /// A command whose reply is still to come.
    struct Request
    {
        Verb verb = Verb::Unknown; ///< Unknown: the greeting
        std::uint32_t number = 0;
    };
    /// What a letter has come to.
    struct Letter
    {
        ListedLetter listed;
        bool wanted = false; ///< to be retrieved
        bool remove = false;
        bool with_owner = false; ///< received, and not yet answered for
    };
    /// What the server announced (RFC 2449 6); unknown counts as offered where trying is harmless.
    struct Offered
    {
        bool stls = false;
        bool user = true;
        bool auth_plain = false;
        bool uidl = true;
        bool pipelining = false;
    };

    void work(ByteView &bytes);
    void work_kept_input();
    bool read_status(ByteView &bytes);
    bool read_content(ByteView &bytes);
    void handle_status(const Reply &reply, ByteView line);
    void handle_content();

    void read_capabilities();
    void after_capabilities();
    void handle_stls(const Reply &reply);
    void login();
    std::string plain_response() const;
    void answer_challenge();
    void handle_login(const Reply &reply, ByteView line);

    void handle_transaction(const Request &request, const Reply &reply, ByteView line);
    void read_scan_listing();
    void read_unique_ids();
    void ask_selection();
    void pump();
    void deliver(std::uint32_t number);
    Letter *take_back(std::uint32_t number);
    void answered(SimTime now);
    void handle_farewell(const Reply &reply, ByteView line);
    Letter *find(std::uint32_t number);

    void request_line(Verb verb, std::uint32_t number, ByteView argument);
    void request_letter(Verb verb, std::uint32_t number);
    void say(ByteView line);
    void give_up();
    void violation(ByteView line);
    void go(ClientInput input);

    std::shared_ptr<const ClientOptions> options_;
    std::string input_;     ///< received and not yet read
    std::string timestamp_; ///< of the greeting (RFC 1939 7); empty: it has none
    std::string content_;   ///< of the multi-line reply being read
    std::vector<Request> requests_;
    std::vector<Letter> letters_;
    std::vector<std::uint32_t> to_retrieve_;
    std::vector<std::uint32_t> to_delete_;
    std::size_t retrieve_next_ = 0;
    std::size_t delete_next_ = 0;
    OutputBuffer output_;
    EventBuffer<ClientEvent> events_;
    SimTime heard_;
    MultilineReader reader_;
    Offered offered_;
    Done counts_;
    std::uint32_t with_owner_ = 0; ///< letters received and not yet answered for
    bool reading_content_ = false;
    bool tls_ = false;
    bool gave_up_ = false; ///< a refusal was told already; QUIT ends without Done
    ClientState state_ = ClientState::Connected;
};

static_assert(StreamEngine<Client>);

} // namespace mailscope::pop3
