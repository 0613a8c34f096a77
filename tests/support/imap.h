// IMAP servers with a message store behind them, and scripts of conversations to hold them against.
//
// ImapHost is the least owner that engines need: one user, a store, any number of sessions. It
// answers every question at once by the same rules as the host (sim/hosts/imap_answers.h) and
// writes down what the engines tell it. Shared by all tests of IMAP.
#pragma once

#include "sim/mail/store.h"
#include "sim/protocol/imap/server.h"

#include <string>
#include <vector>

namespace mailscope::test
{

/// An event in words: "LoginAsked bob secret", "FlagsAsked 1,2".
std::string describe(const imap::ServerEvent &event);

class ImapHost
{
public:
    explicit ImapHost(imap::ServerOptions options = {});

    static constexpr std::uint32_t uid_validity = 1795489800;

    std::string password = "secret";
    mail::Store store{uid_validity};
    mail::UserId user;             ///< bob
    std::vector<std::string> told; ///< all events of all sessions but questions
    std::vector<std::string> asked;
    SimTime now{};
    std::vector<imap::Server> sessions; ///< one to begin with

    imap::Server &server() { return sessions.front(); }

    /// Another connection; gives its number. Its greeting is thrown away.
    std::size_t connect();

    /// Hands bytes to an engine, answers its questions, gives what it says. The first call for a
    /// session also gives the greeting.
    std::string feed(ByteView bytes, std::size_t session = 0);

    /// Answers what is asked and gives what the engine says.
    std::string settle(std::size_t session = 0);

    /// What an idling session hears by now.
    std::string hear(std::size_t session = 0);

    /// Logs a session in and selects INBOX; gives what that says.
    std::string select(std::size_t session = 0);

    /// Puts a letter into INBOX; gives its UID.
    std::uint32_t deliver(const std::string &content, std::uint32_t flags = 0);

    const mail::Folder &inbox() const { return store.mailbox(user).inbox(); }

private:
    std::shared_ptr<const imap::ServerOptions> options_;
};

/// How a script is played; each way must give the same lines.
enum class ImapPlay
{
    Whole,
    ByteByByte,
    Glued, ///< all lines of the client at once
};

/// Plays a script against a host that is logged in. Lines "C: " are said to the server, lines "S: "
/// must be its answers. Fails the test otherwise. "not glued" at its start leaves that way out.
void play(const ImapHost &host, const std::string &script);

/// The six letters of the recordings in tests/dialogue/reference/imap.
const std::vector<std::string> &reference_letters();

} // namespace mailscope::test
