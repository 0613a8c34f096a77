// A small mail host for tests of the SMTP server: it owns an engine and answers its questions.
//
// Its policy is a few tables, enough to stand in for each recorded server configuration. It writes
// down what it was told, as text.
#pragma once

#include "sim/protocol/smtp/server.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::test
{

/// How the host decides. Addresses are in lower case.
struct SmtpPolicy
{
    smtp::ServerOptions options;
    smtp::Reply greeting;
    std::vector<std::string> domains;           ///< served here
    std::vector<std::string> users;             ///< local parts known in every domain
    std::map<std::string, smtp::Reply> answers; ///< to a sender, recipient or name after HELO
    std::map<std::string, smtp::Reply> senders; ///< to MAIL from a sender
    std::map<std::string, std::string> passwords;
    std::optional<smtp::Reply> unauthenticated; ///< said to recipients before AUTH
    std::optional<smtp::Reply> any_recipient;   ///< said to every recipient
    std::optional<smtp::Reply> content;         ///< said to every letter; else "queued"
    std::map<std::string, std::uint64_t> room;  ///< LMTP: octets left, by local part
    bool relays = false;                        ///< takes other domains from anybody
};

/// "550 5.1.1 <bob@example.org>: User unknown", with '\n' between lines of text.
smtp::Reply reply_of(std::string_view line);

/// One line of text for an event: "CommandRefused MAIL 503 5.5.1 Error: nested MAIL command".
std::string describe(const smtp::ServerEvent &event);
std::string describe(const smtp::ClientEvent &event);

/// One conversation with its owner.
class SmtpHost
{
public:
    explicit SmtpHost(SmtpPolicy policy);

    /// Hands bytes to the engine, answers its questions, and gives what it says. The first call
    /// also gives the greeting.
    std::string feed(ByteView bytes, SimTime now = SimTime{});

    smtp::Server &server() { return server_; }

    /// Takes what happened so far, as text.
    std::vector<std::string> take_events() { return std::exchange(events_, {}); }

    /// Letters accepted, in order, with their envelopes.
    struct Letter
    {
        smtp::Envelope envelope;
        std::string content;
    };
    const std::vector<Letter> &letters() const { return letters_; }

    /// Answers open questions and gives the engine's output.
    std::string drain(SimTime now);

private:
    void decide(const smtp::ServerEvent &event, SimTime now);
    std::vector<smtp::Reply> deliveries(const Letter &letter) const;
    std::optional<smtp::Reply> refusal_of_recipient(const std::string &address) const;
    const smtp::Reply *listed(const std::string &name) const;

    SmtpPolicy policy_;
    smtp::Server server_;
    std::vector<std::string> events_;
    std::vector<Letter> letters_;
    bool greeted_ = false;
};

} // namespace mailscope::test
