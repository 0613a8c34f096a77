// The machine of somebody outside: real programs act through it in the simulated internet.
//
// It is a host like others, with a wire and an address, and it has no mind: it opens connections,
// passes octets on in both directions, asks the DNS, and ends connections when it is told to. Who
// tells it is the live door (sim/live), which knows sockets; this knows none. Where a server begins
// the modelled TLS, it does a client's part, so that the door can do the real one outside. What
// passes is recorded as lines, as far as they can be told apart without an engine's knowledge.
#pragma once

#include "sim/core/slab.h"
#include "sim/hosts/env.h"
#include "sim/hosts/stream.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mailscope
{

class Digest;

class OutsideHost
{
public:
    /// Where a connection stands, as far as the program outside can tell.
    enum class Ending : std::uint8_t
    {
        None,
        Closed,  ///< the server has no more to say
        Refused, ///< it never stood
        Lost,    ///< reset, timed out, or TLS failed
    };

    /// When TLS begins on a connection.
    enum class TlsBegins : std::uint8_t
    {
        WhenAsked, ///< by STARTTLS, if at all
        AtOnce,    ///< before a word is said (RFC 8314 3)
    };

    struct Session
    {
        Stream stream;
        Protocol protocol = Protocol::None;
        std::string server;  ///< its name
        std::string waiting; ///< from the program, until the connection or TLS stands
        std::string arrived; ///< from the server, until the door takes it
        RecordId because;    ///< the last record of this conversation
        Ending ending = Ending::None;
        TlsBegins tls = TlsBegins::WhenAsked;
        bool connected = false;
        bool closing = false;           ///< the program has no more to say
        bool closed = false;            ///< and the server was told
        bool tls_mentioned = false;     ///< the program's last words asked for TLS, perhaps
        bool content = false;           ///< a letter's text is passing
        std::uint64_t content_left = 0; ///< octets of an IMAP literal or a chunk of SMTP
        std::string line;               ///< the end of what was passed on, to find the dot
    };

    /// The answer to a question by UDP.
    struct Answer
    {
        std::uint32_t question = 0; ///< the number that ask() gave
        SharedBytes bytes;
    };

    explicit OutsideHost(HostId host) : host_(host) {}

    HostId host() const { return host_; }

    // Orders. After each of them, finish the step; then look at what changed().

    /// Connects to a port of a server. `index`: this role's place among its kind.
    Handle open(Env &env, std::uint16_t index, net::Endpoint server, Protocol protocol,
                TlsBegins tls);
    /// Passes octets on. A session that has ended takes none.
    void send(Env &env, Handle session, ByteView bytes);
    /// The program has no more to say. Also forgets a session that has ended.
    void close(Env &env, Handle session);
    /// The program is gone; whatever is under way is of no use.
    void abort(Env &env, Handle session);
    /// Begins TLS, after the server has (server_began_tls in world/outside.h).
    void start_tls(Env &env, Handle session);
    /// Asks by UDP; the number comes with the answer, if one comes.
    std::uint32_t ask(Env &env, net::Endpoint server, ByteView query);

    // By the World.
    void on_network(Env &env, const net::Event &event);

    // Looking.
    const Slab<Session> &sessions() const { return sessions_; }
    /// Octets from the program that the server's host has not taken yet.
    std::size_t unsent(const net::Network &network, Handle session) const;
    /// What the server said since the last call.
    std::string take_arrived(Handle session);
    /// Sessions that heard of the network since the last call, in order, each once or more.
    std::vector<Handle> take_changed();
    std::vector<Answer> take_answers();

    void mix(Digest &digest) const;

private:
    /// A question by UDP that has no answer yet.
    struct Question
    {
        std::uint32_t number = 0;
        std::uint16_t port = 0;
    };

    void take_data(Env &env, Handle handle, ByteView wire);
    void push_waiting(Env &env, Handle handle);
    void end(Handle handle, Ending ending);

    HostId host_;
    Slab<Session> sessions_;
    std::vector<Handle> changed_;
    std::vector<Question> questions_; ///< oldest first
    std::vector<Answer> answers_;
    std::uint32_t next_question_ = 1;
};

} // namespace mailscope
