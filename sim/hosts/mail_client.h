// A mail program on one device: writes letters, submits them, fetches letters, shows them.
//
// It is the mail client of a person: it speaks SMTP with the submission server (RFC 6409) and POP3
// or IMAP with the server that keeps the mailbox, and holds what it has in folders of its own,
// which can be read without a network. By POP3 letters move here; by IMAP these are copies, and
// what its person does to them is done to those on the server too, as soon as there is a network.
// At most one submission and one fetch are under way; further orders wait. It does as common
// programs do: one recipient refused is the letter refused, the letter stays in the Outbox and the
// person is shown the server's reply. A person who reads by webmail has a browser instead: then all
// orders go through it, and the folders here stay empty. No filters.
#pragma once

#include "sim/core/cow.h"
#include "sim/core/flat_table.h"
#include "sim/core/result.h"
#include "sim/hosts/browser.h"
#include "sim/hosts/env.h"
#include "sim/hosts/stream.h"
#include "sim/hosts/timer.h"
#include "sim/mail/answer.h"
#include "sim/mail/letter.h"
#include "sim/mail/store.h"
#include "sim/protocol/http/client.h"
#include "sim/protocol/imap/client.h"
#include "sim/protocol/pop3/client.h"
#include "sim/protocol/smtp/client.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

class Digest;

/// How a mail program reaches one of its servers.
struct ServerAccount
{
    std::string host; ///< a name or an address in dotted form
    std::uint16_t port = 0;
    std::string user;
    std::string password;
    smtp::TlsUse tls = smtp::TlsUse::Never; ///< by STARTTLS or STLS
    bool implicit_tls = false;              ///< TLS from the first octet on (RFC 8314 3)
};

/// What a person reads mail with.
enum class ReadsBy : std::uint8_t
{
    Pop3,
    Imap,
    Webmail,
};

/// What a person entered when setting the program up. Takes effect with the next session.
struct MailClientSettings
{
    std::string person;
    HostId host;
    std::string address;      ///< "alice@example.com"
    std::string display_name; ///< of the From field; may be empty
    std::string from;         ///< the sender's address when it differs from `address`
    ServerAccount submission{{}, 587, {}, {}};
    bool authenticates = true;               ///< says user and password to the submission server
    ReadsBy reads = ReadsBy::Pop3;           ///< once for all
    ServerAccount incoming{{}, 110, {}, {}}; ///< by webmail: the service
    bool apop = false;                       ///< POP3: without saying the password, if offered
    bool leave_on_server = false;            ///< POP3 only: by IMAP letters always stay there
    std::optional<Duration> check_every;     ///< fetches by itself
    /// POP3: keeps the session with the incoming server, and thereby the mailbox's lock, after it
    /// has fetched, until hang_up: it is slow with the last answer. An empty mailbox ends it at
    /// once. IMAP: listens after it has fetched (IDLE), until hang_up.
    bool stays_connected = false;
    std::uint64_t capacity_bytes = 0; ///< room for letters on the device; 0: enough
    /// What the program's address book holds at the start. By webmail the service has it.
    std::vector<mail::NamedAddress> address_book;
};

/// A file to go with a letter. Where nothing is said about its content, it follows from name and
/// size, and does not compress.
struct DraftAttachment
{
    std::string name;
    std::string media_type = "application/octet-stream";
    std::uint64_t size = 0; ///< octets
    SharedBytes content{};  ///< of a file that came with another letter
};

/// What a person writes. Recipients as people write them: "bob@example.jp", "Bob <bob@...>", or
/// just "Bob" where the address book knows one. What is no address is taken along as it is: the
/// server will say so.
struct Draft
{
    std::vector<std::string> to;
    std::vector<std::string> cc;
    std::string subject;
    std::string text;
    std::vector<DraftAttachment> attachments;
    mail::TextCharset charset = mail::TextCharset::Utf8;
    std::optional<std::string> from; ///< instead of the one in the settings
    bool notify_success = false;     ///< asks for a report of success (RFC 3461)
    std::string in_reply_to;         ///< Message-ID of the letter that it answers; empty: of none
};

/// What a person changes before sending a letter again, or in a draft.
struct DraftChanges
{
    std::optional<std::vector<std::string>> to;
    std::optional<std::vector<std::string>> cc;
    std::optional<std::string> subject;
    std::optional<std::string> text;
    std::optional<std::vector<DraftAttachment>> attachments; ///< instead of those it had
    std::optional<std::string> from;
    std::optional<mail::TextCharset> charset;
    bool notify_success = false; ///< asks for a report, also where none was asked for
};

void change(Draft &draft, const DraftChanges &changes);
/// Everything that the draft says, as changes of an empty one.
DraftChanges all_of(const Draft &draft);

/// A letter of a folder as a list shows it.
struct LetterRow
{
    std::uint32_t uid = 0;
    MessageId message;
    std::string from; ///< display name, or address where there is none
    std::string subject;
    std::optional<mail::DateTime> date;
    std::size_t size = 0; ///< octets
    bool seen = false;
    // A delivery report (RFC 3464) also says, for its first recipient:
    bool is_report = false;
    std::string report_action; ///< "failed"
    std::string report_status; ///< "5.1.1"
    std::string report_recipient;
};

class MailClient
{
public:
    MailClient(const MailClient &);
    MailClient(MailClient &&) noexcept;
    MailClient &operator=(const MailClient &);
    MailClient &operator=(MailClient &&) noexcept;
    ~MailClient();

    /// Sessions as network and timers name them. A poll timer is idle work: it alone does not mean
    /// that anything is still to come.
    static constexpr std::uint32_t submission_session = 1;
    static constexpr std::uint32_t fetch_session = 2;
    static constexpr std::uint32_t web_session = 3;
    static constexpr std::uint32_t poll_session = 0xFFFFFFF0U;

    static constexpr std::string_view outbox_name = "Outbox";
    static constexpr std::string_view sent_name = "Sent";
    static constexpr std::string_view drafts_name = "Drafts";

    enum class OutboxState : std::uint8_t
    {
        Waiting, ///< leaves with the next round of sending
        Sending,
        Held, ///< refused for good: waits for its writer
    };

    /// A letter that no server has taken yet.
    struct OutboxEntry
    {
        std::uint32_t uid = 0; ///< in the Outbox folder
        MessageId message;
        OutboxState state = OutboxState::Waiting;
        smtp::Envelope envelope;
        std::uint32_t answers = 0; ///< the letter of the INBOX that it replies to; 0: none
    };

    /// What the program showed to its person last, when something went wrong.
    struct Problem
    {
        RecordKind kind = RecordKind::Count; ///< Count: nothing yet
        SimTime at;
        std::uint16_t code = 0; ///< reply code, 0 for none
        std::string text;       ///< the server's reply, or the reason
    };

    enum class Stage : std::uint8_t
    {
        Resolving,
        Connecting,
        Talking
    };

    /// What the two kinds of session have in common.
    struct Session
    {
        Stage stage = Stage::Resolving;
        std::uint32_t serial = 0; ///< tells late answers of the DNS from those of this session
        Stream stream;
        Timer timer;
        std::string host; ///< what the account calls the server
        std::uint16_t port = 0;
    };

    struct Submission
    {
        Session session;
        std::optional<smtp::Client> engine; ///< once connected
        std::uint32_t uid = 0;              ///< the letter under way, in the Outbox; 0: none
        bool given = false;                 ///< the engine has that letter
    };

    struct Fetch
    {
        Session session;
        std::optional<pop3::Client> engine; ///< once connected, by POP3
        std::optional<imap::Client> imap;   ///< once connected, by IMAP
        std::uint32_t to_come = 0;          ///< letters asked for and not received yet
        std::uint32_t fetched = 0;
        bool told = false;   ///< how it ended is recorded
        std::string refusal; ///< the server's last one, when it did not end the session
        // What a program that stays connected keeps back.
        std::optional<pop3::Selection> held_selection;
        std::uint32_t held_letter = 0; ///< number, 0 for none
    };

    /// The connection with the webmail service.
    struct Web
    {
        Session session;
        std::optional<http::Client> engine; ///< once connected
        bool answered = false;              ///< it has served before
    };

    /// A folder of the server as this device has copied it.
    struct FolderCopy
    {
        struct Uids
        {
            std::uint32_t there = 0;
            std::uint32_t here = 0;
        };
        std::string name;    ///< on the server
        mail::FolderId here; ///< the folder of this device
        std::uint32_t uid_validity = 0;
        std::vector<Uids> letters; ///< by rising UID of the server
    };

    /// What its person did to a letter and the server does not know yet.
    struct PendingChange
    {
        std::string folder; ///< on the server
        std::uint32_t uid = 0;
        std::uint32_t flag = 0;     ///< that it got; 0: it is gone from that folder
        std::string target{};       ///< the folder that it was moved to; empty: it was deleted
        std::uint32_t moved_to = 0; ///< its UID in that folder here

        bool is_removal() const { return flag == 0; }
        bool is_move() const { return !target.empty(); }
    };

    /// A sent letter or a draft that the server's folder of that purpose lacks.
    struct Unsaved
    {
        mail::FolderId folder; ///< here
        std::uint32_t uid = 0; ///< here
    };

    /// `index` is the role's, for timers, DNS and the network.
    MailClient(std::uint16_t index, MailClientSettings settings);

    /// Begins checking for mail, when the settings say so. Once, when the World begins.
    void start(Env &env);

    // What happens to it.
    void on_network(Env &env, const net::Event &event);
    void on_timer(Env &env, std::uint32_t session);
    void on_dns(Env &env, const DnsAnswer &answer);

    // Orders of its person. By webmail they are done when the service answers: what is in the way
    // of them becomes a record then.
    /// Puts the letter into the Outbox and, online, sends what waits there.
    void write_and_send(Env &env, const Draft &draft);
    /// Sends the last letter again as a new message, with changes. A copy of it that waits or is
    /// held in the Outbox goes away. Fails when nothing was written yet.
    [[nodiscard]] Result<void> resend(Env &env, const DraftChanges &changes);
    /// Puts what is written into Drafts. With `earlier` it goes on with the newest draft of that
    /// subject, which the new one replaces. By IMAP the server's folder gets it too (APPEND), as
    /// soon as there is a network. Fails when there is no such draft, or no room.
    [[nodiscard]] Result<void> save_draft(Env &env, const DraftChanges &written,
                                          std::string_view earlier);
    /// Sends the newest draft of that subject, the newest of all when empty, with changes. It is a
    /// draft no more as soon as it lies in the Outbox. Fails when there is no such draft.
    [[nodiscard]] Result<void> send_draft(Env &env, const DraftChanges &changes,
                                          std::string_view subject);
    /// Looks into Drafts and records DraftsShown: by POP3 at once, by IMAP after a fetch that, from
    /// now on, brings that folder up to date as well.
    void open_drafts(Env &env);
    /// Tries all waiting letters of the Outbox, one by one. Offline nothing happens.
    void send_outbox(Env &env);
    /// Sends what waits in the Outbox and fetches new letters; after the present fetch when one is
    /// under way. Offline: ActionFailed.
    void fetch(Env &env);
    /// Ends a session that is kept open by `stays_connected`, or logs out of the webmail service;
    /// otherwise nothing happens.
    void hang_up(Env &env);
    /// Opens the newest letter of the INBOX with this subject; the newest unread one when empty.
    /// Records LetterRead. Fails without a record when there is no such letter.
    [[nodiscard]] Result<void> read(Env &env, std::string_view subject);
    /// Deletes the newest letter of the INBOX with this subject; the newest of all when empty. By
    /// POP3 from this device only, by IMAP from the server too. Records LetterDeleted. Fails
    /// without a record.
    [[nodiscard]] Result<void> delete_letter(Env &env, std::string_view subject);
    /// Replies to, or forwards, the newest letter of the INBOX with this subject; the newest of all
    /// when empty. What is written stands above the old text. When a reply has been taken, what it
    /// replies to is flagged \Answered (RFC 3501 2.3.2). Fails when there is no such letter.
    [[nodiscard]] Result<void> answer(Env &env, mail::Answering how, const DraftChanges &written,
                                      std::string_view subject);
    /// Makes a folder of its person's own. By IMAP the server gets it too, as soon as there is a
    /// network. Records FolderMade. Fails when there is one of that name.
    [[nodiscard]] Result<void> make_folder(Env &env, std::string_view name);
    /// Moves the newest letter of the INBOX with that subject, or the newest of all when it is
    /// empty, to a folder of its person's own. By POP3 it lies so on this device, by IMAP on the
    /// server too. Records LetterMoved. Fails when there is no such letter or folder.
    [[nodiscard]] Result<void> move_letter(Env &env, std::string_view subject,
                                           std::string_view folder);
    /// Sessions break off; letters stay in the Outbox until go_online.
    void go_offline(Env &env);
    /// Sends the Outbox, and fetches when the settings say that it checks for mail.
    void go_online(Env &env);

    // Looking.
    const MailClientSettings &settings() const { return *settings_; }
    MailClientSettings &edit_settings();
    bool online() const { return online_; }
    const mail::Store &store() const { return store_; }
    const mail::Folder &inbox() const { return folder(mail::inbox_name); }
    /// A folder of this device: mail::inbox_name, outbox_name, sent_name, drafts_name.
    const mail::Folder &folder(std::string_view name) const;
    /// The folders that its person made, or that the server has beyond the usual ones.
    std::vector<const mail::Folder *> own_folders() const;
    std::vector<LetterRow> inbox_rows() const { return rows(mail::inbox_name); }
    /// Reads every letter of the folder: for looking, not for each step.
    std::vector<LetterRow> rows(std::string_view folder) const;
    const std::vector<OutboxEntry> &outbox() const { return outbox_; }
    const Submission *submission() const { return submission_ ? &**submission_ : nullptr; }
    const Fetch *fetching() const { return fetch_ ? &**fetch_ : nullptr; }
    /// Nothing is under way; letters may wait in the Outbox all the same, and it may listen.
    bool idle() const { return !submission_ && (!fetch_ || listening()) && !web_busy_; }
    /// It has an IMAP session that waits for news.
    bool listening() const;
    /// What the server will be told when there is a network again.
    const std::vector<PendingChange> &pending_changes() const { return pending_; }
    /// The browser of a person who reads by webmail, and its connection.
    const Browser *browser() const { return browser_ ? &**browser_ : nullptr; }
    const Web *web() const { return web_ ? &**web_ : nullptr; }
    const Problem &last_problem() const { return problem_; }
    /// Those it was given, then whom it wrote to and heard from, in the order of the first time.
    const std::vector<mail::NamedAddress> &address_book() const { return *address_book_; }

    void mix(Digest &digest) const;

private:
    /// What came through a session's stream.
    struct Plain
    {
        ByteView bytes;
        bool established = false; ///< TLS stands since just now
        std::string problem;      ///< the session is of no use any more; empty: it is
    };

    static constexpr std::string_view no_room = "no room on the device";

    // mail_client.cpp: folders, what both kinds of session need
    void look_up(Env &env, Session &session, std::uint32_t number, const ServerAccount &account);
    void connect(Env &env, Session &session, std::uint32_t number, net::Endpoint server);
    Plain read_stream(Env &env, Session &session, ByteView wire);
    static std::string_view reason_of(net::Reason reason);
    void give_up_action(Env &env, std::string_view reason);
    void show_problem(const Env &env, RecordKind kind, std::uint16_t code, std::string_view text);
    Event timer(const Env &env, std::uint32_t session) const;
    void plan_poll(Env &env);
    const mail::StoredLetter *find_letter(std::string_view subject, bool unread_only) const;
    static std::string no_letter(std::string_view subject);

    // mail_client_compose.cpp: from a draft to a message
    mail::Letter compose(const Env &env, const Draft &draft);
    static SharedBytes content_of(const DraftAttachment &file);
    bool mark(std::uint32_t uid, std::uint32_t flag);
    std::string new_message_id(const Env &env, std::string_view domain);
    void remember(const mail::NamedAddress &address);

    // mail_client_drafts.cpp
    const mail::StoredLetter *find_draft(std::string_view subject) const;
    void note_draft(Env &env, RecordKind kind, MessageId message, std::string_view subject,
                    std::size_t octets) const;
    void remove_draft(Env &env, std::uint32_t uid);
    void note_drafts_shown(Env &env);

    // mail_client_folders.cpp
    const mail::Folder *own_folder(std::string_view name) const;
    void note_moved(Env &env, const mail::StoredLetter &letter, const std::string &folder) const;
    void note_change_of_place(std::uint32_t uid, const std::string &target, std::uint32_t moved_to);
    void folders_listed(Env &env, const imap::FoldersListed &event);
    void order_folder_changes(imap::Client &engine) const;
    void folder_created(const std::string &folder);
    void letters_moved(const imap::LettersMoved &event);
    void folder_change_refused(Env &env, const imap::RequestRefused &refused);
    template <class IsMeant> bool undo_moves(IsMeant is_meant);

    // mail_client_submit.cpp
    void submit_next(Env &env);
    void begin_letter(Env &env, OutboxEntry &entry);
    OutboxEntry *next_waiting();
    OutboxEntry *entry_under_way();
    void forget(std::uint32_t uid);
    void on_submission(Env &env, const net::Event &event);
    void take_submission(Env &env);
    void on_smtp(Env &env, const smtp::ClientEvent &event);
    void on_ready(Env &env);
    void accepted(Env &env, const smtp::Reply &reply);
    void refused(Env &env, const smtp::Reply &reply);
    void submission_failed(Env &env, std::string_view reason);
    void abandon_submission(Env &env, std::string_view reason);

    // mail_client_fetch.cpp
    void begin_fetch(Env &env);
    void make_fetch_engine();
    void on_fetch(Env &env, const net::Event &event);
    void take_fetch(Env &env);
    void end_fetch_session(Env &env);
    void on_pop3(Env &env, const pop3::ClientEvent &event);
    void choose(Env &env, const pop3::SelectionAsked &asked);
    void keep_letter(Env &env, const pop3::LetterReceived &letter);
    void fetch_ended(Env &env, RecordKind kind, std::string_view text, std::string_view shown);
    void abandon_fetch(Env &env, std::string_view reason);

    // mail_client_imap.cpp: the server's folders and their copies here
    void take_imap(Env &env);
    void on_imap(Env &env, const imap::ClientEvent &event);
    void on_imap_end(Env &env, const imap::ClientEvent &event);
    void order_sync(Env &env);
    void send_changes(Env &env);
    void compare(Env &env, const imap::SelectionAsked &asked);
    void learn_flags(Env &env, const FolderCopy &copy, std::uint32_t here, std::uint32_t flags,
                     std::uint32_t there);
    void keep_copy(Env &env, const imap::LetterReceived &letter);
    void append_unsaved(imap::Client &engine);
    void appended(const imap::LetterAppended &event);
    FolderCopy &copy_of(const std::string &folder);
    void note_change(mail::FolderId folder, std::uint32_t uid, std::uint32_t flag = 0);
    void forget_letter(Env &env, mail::FolderId folder, std::uint32_t uid);
    Protocol reading_protocol() const;

    // mail_client_web.cpp
    http::Form web_form(const DraftChanges &written, std::string_view from) const;
    std::string usual_sender() const;
    void order_web(Env &env, Browser::Task task);
    void begin_web_task(Env &env);
    void next_web_task(Env &env);
    void send_web_request(Env &env);
    void on_web(Env &env, const net::Event &event);
    void take_web(Env &env);
    void flush_web(Env &env);
    void drop_web(Env &env);
    void on_http(Env &env, const http::ClientEvent &event);
    void on_response(Env &env, const http::Response &response);
    Record web_record(const Env &env, RecordKind kind, std::string_view text) const;
    void note_page(Env &env, std::size_t octets);
    void note_web_success(Env &env);
    void web_failed(Env &env, std::string_view reason);
    void abandon_web(Env &env, std::string_view reason);

    std::uint16_t index_ = 0;
    bool online_ = true;
    bool web_busy_ = false;       ///< the browser's first task is under way
    bool fetch_again_ = false;    ///< ordered while one was under way
    std::uint32_t serial_ = 0;    ///< of sessions
    std::uint32_t letters_ = 0;   ///< written so far
    std::uint32_t tried_uid_ = 0; ///< the last letter tried in this round of sending
    mail::UserId user_;
    mail::FolderId outbox_folder_;
    mail::FolderId sent_folder_;
    mail::FolderId drafts_folder_;
    bool syncs_drafts_ = false; ///< IMAP: its person has used that folder here
    bool shows_drafts_ = false; ///< they were asked for, and a fetch is under way for them
    Cow<MailClientSettings> settings_;
    Cow<std::vector<mail::NamedAddress>> address_book_;
    mail::Store store_;
    std::vector<OutboxEntry> outbox_;
    std::optional<Cow<Draft>> last_draft_;
    std::uint32_t last_uid_ = 0; ///< the last letter's, in the Outbox
    FlatTable known_;            ///< letters fetched by POP3, by a digest of their unique id
    Cow<std::vector<FolderCopy>> copies_;
    std::vector<PendingChange> pending_;
    std::vector<Unsaved> unsaved_;            ///< oldest first
    std::string server_sent_;                 ///< the server's folder for sent letters, once known
    std::string server_drafts_;               ///< the same for drafts
    std::vector<std::string> server_folders_; ///< those of no purpose of their own, but INBOX
    std::vector<std::string> unmade_;         ///< folders that the server lacks
    std::optional<Cow<Submission>> submission_;
    std::optional<Cow<Fetch>> fetch_;
    std::optional<Cow<Browser>> browser_;
    std::optional<Cow<Web>> web_;
    Timer poll_;
    Problem problem_;
};

} // namespace mailscope
