// The webmail side of a mail server: a person's mailbox as pages, for any browser (RFC 9110).
//
// Letters stay where they are: the pages show the mailbox that POP3 serves too, and what is sent
// goes into the mail server's own queue. Who logged in is known by a cookie (RFC 6265) that stands
// for a session kept here; a device keeps nothing else (Cache-Control: no-store). Each resource
// comes as HTML or, when the client prefers it, as JSON:
//
//   GET /mail  GET /mail/N  GET /mail/N/part/M  DELETE /mail/N  POST /mail/N/delete   the INBOX
//   GET /sent and the same below it                                     copies of what was sent
//   GET /drafts  GET /drafts/N  POST /drafts  and deleting as above      drafts, and saving one
//   GET /folders  POST /folders                   folders of a person's own, and making one
//   GET /folders/F  GET /folders/F/N  and the same below it              what lies in one
//   POST /mail/N/move                                                   a letter into one
//   GET /mail/new  POST /mail                                           the form, and sending it
//   GET /login  POST /login  POST /logout                               the session
//
// A change is a POST or a DELETE, and the cookie does not travel with requests that other sites
// cause (SameSite). Store and mail server belong to the World and come with every call.
#pragma once

#include "sim/core/cow.h"
#include "sim/core/rng.h"
#include "sim/core/slab.h"
#include "sim/hosts/env.h"
#include "sim/hosts/mail_server.h"
#include "sim/hosts/stream.h"
#include "sim/hosts/timer.h"
#include "sim/hosts/web_pages.h"
#include "sim/mail/answer.h"
#include "sim/mail/store.h"
#include "sim/protocol/http/server.h"
#include "sim/protocol/http/uri.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

class Digest;

class WebServer
{
public:
    WebServer(const WebServer &);
    WebServer(WebServer &&) noexcept;
    WebServer &operator=(const WebServer &);
    WebServer &operator=(WebServer &&) noexcept;
    ~WebServer();

    static constexpr std::uint16_t port = 80;
    static constexpr std::uint16_t tls_port = 443;
    /// How long a session lasts that nobody uses.
    static constexpr Duration session_max = std::chrono::minutes(30);
    /// Letters on one page of a folder.
    static constexpr std::size_t listed_max = 100;
    /// The folder of copies of what was sent, in the mailbox.
    static constexpr std::string_view sent_name = "Sent";
    /// The folder of drafts.
    static constexpr std::string_view drafts_name = "Drafts";

    /// A connection.
    struct Session
    {
        Stream stream;
        http::Server engine{nullptr};
        Timer timer;
        MessageId message; ///< the letter that the last response is about
    };

    /// Somebody who is logged in, whatever connections that takes.
    struct Login
    {
        std::string token; ///< the cookie's value
        mail::UserId user;
        SimTime used; ///< last
    };

    /// Whom a person knows; a browser has no address book.
    struct AddressBook
    {
        std::string user; ///< address of the mailbox
        std::vector<mail::NamedAddress> entries;
    };

    /// What a request is answered from.
    struct Backend
    {
        mail::Store &store;
        MailServer &mail;
        std::uint16_t mail_index = 0; ///< the mail server's, for its timers
    };

    /// `hostname`: the name in the certificate; `domains`: see login_name.h; `rng`: for tokens.
    WebServer(HostId host, std::shared_ptr<const http::ServerOptions> options, std::string hostname,
              std::vector<std::string> domains, Rng rng);

    /// An event of a connection that this role owns; `index` is the role's, for the timer.
    void on_network(Env &env, std::uint16_t index, Backend backend, const net::Event &event);
    void on_timer(Env &env, std::uint16_t index, Backend backend, std::uint32_t session);

    HostId host() const { return host_; }
    const Slab<Session> &sessions() const { return sessions_; }
    /// In the order of logging in; may hold some that have expired.
    const std::vector<Login> &logins() const { return logins_; }
    /// Gives a mailbox its address book, as long as it has none.
    void add_address_book(AddressBook book);
    const std::vector<AddressBook> &address_books() const { return *address_books_; }

    void mix(Digest &digest) const;

private:
    /// One request on its way to a response.
    struct Visit
    {
        Env &env;
        Backend &backend;
        Session &session;
        const http::Request &request;
        bool wants_json = false;
        std::optional<mail::UserId> user;
        std::string token;                  ///< of the login; empty: nobody is logged in
        std::vector<std::uint32_t> numbers; ///< in the path, from left to right
    };

    /// A resource: the methods it knows, and who serves it.
    struct Route
    {
        std::string_view pattern; ///< "#" stands for a number
        std::string_view methods;
        bool is_open; ///< also for who is not logged in
        http::Response (WebServer::*serve)(Visit &visit);
    };

    // web_server.cpp: connections and logins
    void accept(Env &env, std::uint16_t index, Backend backend, Handle connection);
    void receive(Env &env, std::uint16_t index, Backend backend, Handle session, ByteView bytes);
    void take(Env &env, std::uint16_t index, Backend backend, Handle session);
    http::Response visit(Env &env, Backend &backend, Session &session,
                         const http::Request &request);
    http::Response route(Visit &visit);
    void find_session(Visit &visit);
    std::string new_token();
    void close_login(Visit &visit, std::string_view reason);

    // web_mail.cpp: the resources
    static std::span<const Route> routes();
    http::Response home(Visit &visit);
    http::Response login(Visit &visit);
    http::Response log_out(Visit &visit);
    http::Response inbox(Visit &visit);
    http::Response sent(Visit &visit);
    http::Response drafts(Visit &visit);
    http::Response draft(Visit &visit);
    http::Response save_draft(Visit &visit);
    http::Response letter_form(Visit &visit);
    http::Response letter(Visit &visit);
    http::Response reply(Visit &visit);
    http::Response forward(Visit &visit);
    http::Response answer_form(Visit &visit, mail::Answering how);
    http::Response part(Visit &visit);
    http::Response delete_letter(Visit &visit);
    http::Response folders(Visit &visit);
    http::Response own_folder(Visit &visit);
    http::Response move_letter(Visit &visit);
    http::Response send(Visit &visit);
    http::Response list(Visit &visit, const mail::Folder *folder, std::string_view title,
                        std::string_view path);
    std::vector<const mail::Folder *> own_folders(Visit &visit) const;
    http::Response make_folder(Visit &visit);
    void note_change(Visit &visit, RecordKind kind, std::string_view text, MessageId message);
    /// The letter that the path names, and its folder; nullptr when there is none.
    const mail::StoredLetter *find_letter(Visit &visit, mail::FolderId &folder) const;
    /// The letter of a folder whose UID stands in a field of the form; nullptr when there is none.
    const mail::StoredLetter *named_in(Visit &visit, const http::Form &form, std::string_view field,
                                       std::string_view folder) const;
    const mail::StoredLetter *draft_of(Visit &visit, const http::Form &form) const;
    mail::Letter compose(Visit &visit, const http::Form &form);
    http::Response hand_in(Visit &visit, const http::Form &form);
    void remove_draft(Visit &visit, std::uint32_t uid);
    web::LetterForm empty_form(Visit &visit) const;
    /// The folder of that name, made where there is none yet.
    mail::StoreResult<mail::FolderId> special_folder(Visit &visit, std::string_view name,
                                                     mail::SpecialUse use);
    std::string keep_copy(Visit &visit, const SharedBytes &content, MessageId message);

    HostId host_;
    std::shared_ptr<const http::ServerOptions> options_;
    std::string hostname_;
    std::vector<std::string> domains_;
    Rng rng_;
    std::uint32_t letters_ = 0; ///< written here so far
    Slab<Session> sessions_;
    std::vector<Login> logins_;
    Cow<std::vector<AddressBook>> address_books_;
};

} // namespace mailscope
