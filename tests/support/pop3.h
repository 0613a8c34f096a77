// A POP3 server with a maildrop behind it, and scripts of conversations to hold it against.
//
// PopHost is the least owner that an engine needs: it knows one user and holds letters in memory.
// It answers every question at once and writes down what the engine tells it. Shared by all tests
// of POP3; it decides nothing that a test does not set.
#pragma once

#include "sim/protocol/pop3/client.h"
#include "sim/protocol/pop3/server.h"

#include <string>
#include <vector>

namespace mailscope::test
{

/// An event in words: "LoginAsked bob secret", "LetterMarkedDeleted 0".
std::string describe(const pop3::ServerEvent &event);
std::string describe(const pop3::ClientEvent &event);

/// One letter of the maildrop.
struct PopLetter
{
    std::string unique_id;
    std::string content;
    std::uint32_t size = 0; ///< 0: that of the content
};

/// A server and its owner.
class PopHost
{
public:
    explicit PopHost(pop3::ServerOptions options = {});

    std::string user = "bob";
    std::string password = "secret";
    bool in_use = false;
    bool broken = false; ///< logins, letters and updates fail for a passing reason
    std::vector<PopLetter> letters;
    std::vector<std::string> told; ///< all events but questions
    std::vector<std::string> asked;
    SimTime now{};

    pop3::Server server;

    /// Hands bytes to the engine, answers its questions, gives what it says. The first call also
    /// gives the greeting.
    std::string feed(ByteView bytes);

    /// Answers what is asked and gives what the engine says.
    std::string settle();

private:
    void answer(const pop3::ServerEvent &event);
    void remove(const std::vector<std::uint32_t> &deleted);
};

/// How a script is played; each way must give the same lines and events.
enum class Play
{
    Whole,
    ByteByByte,
    Glued, ///< all lines of the client at once
};

/// Plays a script against a host. Lines "C: " are said to the server, lines "S: " must be its
/// answers, lines "event: " what it tells its owner (all events when any is written), a line
/// "closed" says that the engine wants the connection closed in the end. Fails the test otherwise.
void play(PopHost host, const std::string &script, Play how);

/// The same in all three ways.
void play(const PopHost &host, const std::string &script);

} // namespace mailscope::test
