// A mail server: takes mail in by SMTP, keeps it in a queue, delivers it or hands it on.
//
// One machine plays the roles of RFC 5598: submission (MSA, port 587), relay (MTA, port 25) and
// delivery (MDA) into a message store. What it accepts it owes an end (mail_queue.h). Decisions
// are made in mail_policy.h; the store belongs to the World and is handed in with every call.
// The parts: mail_reception.cpp and mail_hand_in.cpp (in), mail_local.cpp (mailboxes and aliases),
// mail_delivery.cpp and mail_relay.cpp (out), mail_reports.cpp (bounces and delay notices, RFC
// 3464).
#pragma once

#include "sim/core/cow.h"
#include "sim/hosts/env.h"
#include "sim/hosts/mail_policy.h"
#include "sim/hosts/mail_queue.h"
#include "sim/hosts/stream.h"
#include "sim/hosts/timer.h"
#include "sim/mail/queue_id.h"
#include "sim/mail/status_report.h"
#include "sim/mail/store.h"
#include "sim/mail/trace_fields.h"
#include "sim/protocol/smtp/client.h"
#include "sim/protocol/smtp/server.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mailscope
{

/// A conversation with a client that hands mail in.
struct ReceptionSession
{
    Stream stream;
    std::optional<smtp::Server> engine; ///< always there; optional only for empty places
    Timer timer;
    ClientFacts client;
    smtp::Recipient asked; ///< whom the open question is about
    RecordId because;      ///< the last record of this conversation
};

/// A conversation with a server that mail is handed on to.
struct RelaySession
{
    Handle delivery;
    std::string host; ///< its name
    Ipv4Address address;
    Handle connecting; ///< the connection, before it stands
    Stream stream;
    std::optional<smtp::Client> engine; ///< once connected
    Timer timer;
    std::vector<std::uint32_t>
        asked;           ///< for each recipient of the envelope its place in the delivery
    bool failed = false; ///< the session ended before every recipient was decided
    RecordId because;    ///< the last record of this conversation
};

/// A sender that greylisting has seen (RFC 6647).
struct GreyEntry
{
    std::uint64_t key = 0;
    SimTime first_seen;
};

/// Marks timers of conversations with other servers, as opposed to those of waiting deliveries.
inline constexpr std::uint32_t relay_timer_bit = 0x8000'0000U;

/// Recipients of a message (places in its list), and what is to be reported about them.
using Problems = std::vector<std::pair<std::uint32_t, Problem>>;

class MailServer
{
public:
    MailServer(const MailServer &);
    MailServer(MailServer &&) noexcept;
    MailServer &operator=(const MailServer &);
    MailServer &operator=(MailServer &&) noexcept;
    ~MailServer();

    static constexpr std::uint16_t relay_port = 25;
    static constexpr std::uint16_t submission_port = 587;
    /// Submission with TLS from the first octet on (RFC 8314 3.3).
    static constexpr std::uint16_t submissions_port = 465;

    MailServer(HostId host, MailServerConfig config, Rng rng);

    HostId host() const { return host_; }
    const MailServerConfig &config() const { return *config_; }
    /// For commands that change the configuration; conversations under way keep the old one.
    MailServerConfig &edit_config();

    // Driving, by the World. `index` is this role's place among the World's mail servers.
    void on_network(Env &env, mail::Store &store, std::uint16_t index, const net::Event &event);
    void on_timer(Env &env, mail::Store &store, std::uint16_t index, Role role,
                  std::uint32_t session);
    void on_dns(Env &env, mail::Store &store, std::uint16_t index, const DnsAnswer &answer);

    /// Takes a message that was written on this machine: gives it a queue id, records its
    /// acceptance and starts its deliveries.
    void submit(Env &env, mail::Store &store, std::uint16_t index, QueuedMessage message);

    /// Somebody who is logged in on this machine hands in a message (webmail): decided upon as an
    /// authenticated submission is, and in the same words. The DNS is not asked for that: what only
    /// it knows is found out at delivery. After a 250 the message is in the queue, and its
    /// deliveries start with dispatch_handed_in. `origin`: where the person is.
    smtp::Reply hand_in(Env &env, const mail::Store &store, const std::string &identity,
                        Ipv4Address origin, const smtp::Envelope &envelope,
                        const SharedBytes &content);
    void dispatch_handed_in(Env &env, mail::Store &store, std::uint16_t index);

    /// The postmaster has everything that waits tried now.
    void retry_all(Env &env, mail::Store &store, std::uint16_t index);

    const MailQueue &queue() const { return queue_; }
    const Slab<ReceptionSession> &receptions() const { return receptions_; }
    const Slab<RelaySession> &relays() const { return relays_; }
    const std::vector<GreyEntry> &greylist() const { return greylist_; }
    void mix(Digest &digest) const;

private:
    /// What every step of this server works with.
    struct Call
    {
        Env &env;
        mail::Store &store;
        std::uint16_t index;
    };

    // mail_reception.cpp
    void accept_connection(Call call, const net::Event &event);
    void greet(Call call, Handle handle);
    void on_reception(Call call, const net::Event &event);
    void pump_reception(Call call, Handle handle);
    void on_server_event(Call call, Handle handle, smtp::ServerEvent &event);
    void decide(Call call, Handle handle);
    void authenticate(Call call, ReceptionSession &session, const smtp::AuthAsked &asked);
    void take_message(Call call, ReceptionSession &session, const smtp::ContentAsked &asked);
    bool is_greylisted(Call call, const ReceptionSession &session, std::string_view recipient);
    QueuedMessage queued(Env &env, smtp::Envelope envelope, ByteView content);
    void append_stamp(std::string &out, mail::ReceivedStamp facts) const;
    smtp::Reply take_over(Env &env, Record record, QueuedMessage message);
    void note_refusal(Call call, const ReceptionSession &session, RecordKind kind,
                      std::string_view who, const smtp::Reply &reply);
    void end_reception(Call call, Handle handle);
    std::shared_ptr<const smtp::ServerOptions> options_for(bool submission);

    // mail_local.cpp
    void dispatch(Call call, Handle message);
    void deliver_here(Call call, Handle message, std::uint32_t recipient, mail::UserId user,
                      Problems &failures);
    void expand(Call call, Handle message, std::uint32_t recipient,
                const std::vector<std::string> &targets);
    void start_delivery(Call call, Handle message, std::string domain,
                        std::vector<DeliveryRecipient> recipients);
    void finish_recipient(Handle message, std::uint32_t recipient, Fate fate);
    void forget_if_done(Handle message);

    // mail_delivery.cpp: what a delivery does next
    void on_delivery_timer(Call call, std::uint32_t place);
    void start_attempt(Call call, Handle delivery);
    void on_mx(Call call, Handle delivery, const dns::Outcome &outcome);
    void on_host_address(Call call, Handle delivery, const dns::Outcome &outcome);
    void ask_host(Call call, Handle delivery);
    void connect(Call call, Handle delivery);
    void try_next(Call call, Handle delivery, const Problem &problem);
    void fail_all(Call call, Handle delivery, const Problem &problem);
    void settle(Call call, Handle delivery);
    void wait_or_give_up(Call call, Handle delivery, Problems &failures);

    // mail_relay.cpp: the conversation with the next server
    void on_relay(Call call, const net::Event &event);
    void pump_relay(Call call, Handle session);
    void on_client_event(Call call, Handle session, smtp::ClientEvent &event);
    void begin_message(Call call, RelaySession &session);
    void session_failed(Call call, RelaySession &session, StatusNumber status, std::string text,
                        const smtp::Reply *reply);
    void answered(Call call, RelaySession &session, DeliveryRecipient &recipient, smtp::Stage stage,
                  const smtp::Reply &reply);
    void message_taken(Call call, RelaySession &session, const smtp::Reply &reply);
    void end_relay(Call call, Handle session);
    std::shared_ptr<const smtp::ClientOptions> client_options();

    // mail_reports.cpp
    void report(Call call, Handle message, mail::ReportAction action, const Problems &entries);
    QueuedMessage report_letter(Call call, const QueuedMessage &message, mail::StatusReport report,
                                mail::ReportAction action);
    void report_failures(Call call, Handle message, const Problems &failures);

    HostId host_;
    Cow<MailServerConfig> config_;
    std::shared_ptr<const smtp::ServerOptions> relay_options_;
    std::shared_ptr<const smtp::ServerOptions> submission_options_;
    std::shared_ptr<const smtp::ClientOptions> client_options_;
    Rng rng_;
    mail::QueueIds queue_ids_;
    MailQueue queue_;
    Slab<ReceptionSession> receptions_;
    Slab<RelaySession> relays_;
    std::vector<GreyEntry> greylist_;  ///< by key
    std::vector<Handle> undispatched_; ///< accepted in this step, the reply goes out first
};

} // namespace mailscope
