// The IMAP4rev1 server engine (RFC 3501; 2177, 2971, 4315, 4959, 6154, 6851, 7888, 9208): one
// value per connection.
//
// It keeps the order of a session, the client's numbers for letters, and what the client knows; its
// owner knows the users, holds the folders and answers the questions. Several sessions may have one
// folder selected: the owner tells each of them what the others changed (mailbox_changed), and the
// engine tells its client when it may. Replies are in Dovecot's words. Contract: engine.h.
#pragma once

#include "sim/mail/date.h"
#include "sim/protocol/engine.h"
#include "sim/protocol/imap/events.h"
#include "sim/protocol/imap/fetch_items.h"
#include "sim/protocol/imap/search.h"
#include "sim/protocol/imap/selected.h"
#include "sim/protocol/imap/states.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::imap
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
    std::string greeting = "IMAP server ready.";
    LoginRule login = LoginRule::InClear;
    bool offer_starttls = true;
    bool offer_idle = true;
    mail::DateTime start; ///< the date at which time is zero; internal dates are told in its zone
    Duration idle_max = limits::idle_min; ///< less than limits::idle_min counts as that
};

/// A folder as LIST shows it.
struct FolderEntry
{
    std::string name; ///< UTF-8
    mail::SpecialUse special_use = mail::SpecialUse::None;
};

/// How full a mailbox is.
struct Quota
{
    std::uint64_t used_bytes = 0;
    std::uint64_t limit_bytes = 0; ///< 0: none
};

/// The name of the one quota root there is.
inline constexpr ByteView quota_root = "User quota";

/// The server's side of one connection.
class Server
{
public:
    explicit Server(std::shared_ptr<const ServerOptions> options);

    /// Says the greeting. With TLS from the start, call tls_established first.
    void start(SimTime now);

    void receive(ByteView bytes, SimTime now);
    void peer_closed(SimTime now);
    void on_time(SimTime now);
    SimTime next_deadline() const;

    // Answers. Once the session is over (ServerPeerVanished, ...), they are passed over.

    void login_accepted(SimTime now);
    void login_refused(LoginRefusal reason, SimTime now);
    /// To FoldersAsked.
    void folders_told(const std::vector<FolderEntry> &folders, SimTime now);
    /// To FolderAsked.
    void folder_told(const mail::Folder &folder, SimTime now);
    /// To SelectAsked. Letters from UID `first_recent` on are recent in this session.
    void folder_opened(const mail::Folder &folder, std::uint32_t first_recent, SimTime now);
    /// To AppendAsked: under which UID the letter lies in the folder now.
    void appended(std::uint32_t uid_validity, std::uint32_t uid, SimTime now);
    /// To CopyAsked: the new UIDs in the order of those asked for. Of a move, call mailbox_changed
    /// first.
    void copied(std::uint32_t uid_validity, const std::vector<std::uint32_t> &uids, SimTime now);
    /// To QuotaAsked.
    void quota_told(const Quota &quota, SimTime now);
    /// To FolderChangeAsked and AppendAnnounced; to FlagsAsked and ExpungeAsked after
    /// mailbox_changed.
    void done(SimTime now);
    /// To every question but LoginAsked.
    void refused(Problem problem, SimTime now);

    /// The selected folder is now so; letters from `first_recent` on are recent in this session.
    /// Told at once while the client idles, otherwise with the answer to its next command. Also to
    /// be called before input is given to an engine whose folder has changed.
    void mailbox_changed(const mail::Folder &folder, std::uint32_t first_recent, SimTime now);
    /// The selected folder is no more: the session ends with a BYE.
    void mailbox_deleted(SimTime now);

    /// After TlsStarted: TLS stands, from now on bytes are what came through it.
    void tls_established(SimTime now);

    std::optional<ServerEvent> next_event();
    const OutputBuffer &output() const { return output_; }
    void clear_output();
    bool wants_close() const { return state_ == ServerState::Closed; }
    ServerState state() const { return state_; }
    /// The user who logged in, or tries to; empty before.
    const std::string &user() const { return user_; }
    /// The selected mailbox, or nullptr.
    const SelectedMailbox *selected() const { return selected_ ? &*selected_ : nullptr; }
    bool idling() const;

private:
    /// The command under way.
    struct Pending
    {
        std::string tag;
        std::string name; ///< of the command
        Verb verb = Verb::Unknown;
        bool by_uid = false;
        bool silent = false;    ///< STORE: only others' changes are told
        bool read_only = false; ///< EXAMINE
        bool announced = false; ///< APPEND: its letter is still to come
        std::string mailbox;    ///< as the client wrote it
        std::string pattern;    ///< of LIST
        std::vector<std::string> status_items;
        std::vector<FetchItem> fetch_items;
        std::vector<std::uint32_t> numbers; ///< of the letters that it is about
        std::vector<std::uint32_t> changed; ///< of those that FETCH makes \Seen
    };
    /// What becomes of a literal that a command announces.
    enum class Literal : std::uint8_t
    {
        Comes,
        OwnerAsked,
        Refused,
        NoneTaken ///< the line is to be obeyed, and refused, without it
    };

    // server.cpp: lines, literals, replies
    void work(SimTime now);
    bool take_command();
    Literal take_literal(ByteView command, const LiteralAnnounced &literal);
    void take_line(ByteView line);
    void drop_line();
    void obey(ByteView text);
    void obey_anywhere(ArgumentReader &in);
    void obey_selected(ArgumentReader &in);
    bool asking() const;
    void ask(ServerEvent question);
    bool answered(SimTime now);
    void go(ServerInput input);
    void say(ByteView text);
    void finish(ByteView status, ByteView text);
    void completed();
    void say_changes();
    void no(ByteView text);
    void bad(Refusal reason, ByteView message);
    void abort(ByteView last_words);

    // server_login.cpp: before login
    std::string capabilities() const;
    bool may_login() const { return tls_ || options_->login == LoginRule::InClear; }
    void login(ArgumentReader &in);
    void authenticate(ArgumentReader &in);
    void auth_response(ByteView line);
    void ask_login(ServerInput input, ByteView password, Mechanism mechanism);
    bool refuse_in_clear();
    void start_tls();
    void identify(ArgumentReader &in);

    // server_folders.cpp: commands about folders
    std::optional<std::string> mailbox_argument(ArgumentReader &in, ByteView otherwise);
    void select(ArgumentReader &in);
    void change_folder(ArgumentReader &in);
    void list(ArgumentReader &in);
    void status(ArgumentReader &in);
    void quota(ArgumentReader &in);
    bool append_start(ArgumentReader &in, AppendAsked &asked);
    void append(ArgumentReader &in);
    Literal announce_append(ArgumentReader &in, const LiteralAnnounced &literal);
    void idle();

    // server_letters.cpp: commands about the letters of the selected mailbox
    bool read_numbers(ByteView word);
    void close_mailbox();
    void expunge(ArgumentReader &in);
    void search(ArgumentReader &in);
    bool read_flags(const std::vector<std::string> &names, std::uint32_t &flags,
                    std::vector<std::string> &keywords);
    void fetch(ArgumentReader &in);
    void fetched();
    void say_letter(std::uint32_t number, bool with_flags);
    void say_item(const FetchItem &item, std::uint32_t number, const mail::PartTree &parts);
    void say_section(const FetchItem &item, ByteView letter, const mail::PartTree &parts);
    void store(ArgumentReader &in);
    void stored();
    void copy(ArgumentReader &in);
    std::vector<std::uint32_t> pending_uids() const;

    std::shared_ptr<const ServerOptions> options_;
    std::optional<SelectedMailbox> selected_;
    Pending pending_;
    std::string input_; ///< received and not yet obeyed
    std::string user_;
    OutputBuffer output_;
    EventBuffer<ServerEvent> events_;
    SimTime last_command_;
    std::size_t taken_ = 0;        ///< of input_, obeyed already
    std::size_t assembled_ = 0;    ///< behind that: lines and literals of the command under way
    std::size_t literals_ = 0;     ///< octets of its literals
    std::string quoted_;           ///< the last command, as events quote it
    bool literal_awaited_ = false; ///< the one announced behind `assembled_` may come
    bool in_reply_ = false;        ///< output_ ends in a reply that goes on
    bool capabilities_asked_ = false;
    bool tls_ = false;
    bool peer_gone_ = false;
    std::uint8_t bad_commands_ = 0; ///< in a row
    ServerState state_ = ServerState::Connected;
};

static_assert(StreamEngine<Server>);

} // namespace mailscope::imap
