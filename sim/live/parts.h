// The inside of the live door: its loop, its listening ports and its connections.
//
// Internal to this folder: door.h is the door. Everything runs on one thread in handlers of Asio;
// each of them brings the simulation to the present, does its own thing, and hands out what the
// simulation then has for anybody.
#pragma once

#include "sim/core/result.h"
#include "sim/live/api_connection.h"
#include "sim/live/door.h"
#include "sim/live/tls.h"

#include <asio.hpp>

#include <array>
#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::live
{

using Clock = std::chrono::steady_clock;

/// What a peer may cost us.
namespace limit
{
inline constexpr std::size_t connections = 2'000;
inline constexpr std::size_t api_connections = 100;
inline constexpr std::size_t unsent_octets = 256 * 1024;  ///< towards the simulated server
inline constexpr std::size_t unread_octets = 1024 * 1024; ///< towards the program
inline constexpr auto stalled = std::chrono::seconds(60); ///< it does not read what it asked for
inline constexpr auto handshake = std::chrono::seconds(30);
inline constexpr auto silent = std::chrono::minutes(35); ///< above IMAP's 30 (RFC 9051 5.4)
inline constexpr std::size_t questions = 1'000;          ///< by UDP, unanswered
} // namespace limit

/// One real connection and its session inside.
class Connection : public std::enable_shared_from_this<Connection>
{
public:
    Connection(asio::ip::tcp::socket socket, Door::Parts &door, const Service &service);

    /// Hands on what the simulated server said, and ends when that has ended.
    void deliver();
    /// Goes on where it had to wait: with what the program said already, then with reading.
    void go_on();
    /// Ends for good, at once.
    void drop();
    /// The same after a reset, when there is no session any more.
    void forget();
    /// Ends what has taken too long.
    void check_time(Clock::time_point now);
    Handle session() const { return session_; }

private:
    void on_readable(const std::error_code &error);
    void begin_tls();
    void take(std::string_view wire);
    void feed();
    std::size_t next_piece() const;
    bool may_feed();
    void write();
    void on_written(const std::error_code &error);

    asio::ip::tcp::socket socket_;
    Door::Parts &door_;
    Handle session_;
    std::optional<TlsServer> tls_;
    Service service_;
    Handle far_;          ///< the server's end of the simulated connection
    std::string in_;      ///< from the program, not passed on yet
    std::string out_;     ///< for the socket
    std::string writing_; ///< what the socket is taking
    Clock::time_point tls_since_;
    Clock::time_point read_at_;     ///< when it last said something
    Clock::time_point progress_at_; ///< when it last took something
    bool reading_ = false;
    bool program_ended_ = false; ///< it has no more to say
    bool end_told_ = false;      ///< and the simulated server knows
    bool held_ = false;          ///< TLS was asked for: nothing goes in before the reply
    bool ending_ = false;        ///< the simulated server has ended
    bool dropped_ = false;
};

/// A listening port.
struct Listening
{
    Service service;
    asio::ip::tcp::acceptor acceptor;
    bool is_api = false;
    bool resting = false; ///< the system had no room; sweep() tries again
};

/// A port for datagrams, with who asked what.
struct Datagrams
{
    Service service;
    asio::ip::udp::socket socket;
    asio::ip::udp::endpoint peer;
    std::array<char, 4096> block{};
};

/// Who waits for an answer by UDP.
struct Asker
{
    Datagrams *port = nullptr;
    asio::ip::udp::endpoint peer;
};

struct Door::Parts
{
    Parts(World start, const DoorOptions &options);

    Result<void> listen(const Service &service, std::uint16_t port);
    /// Begins to take connections and datagrams, once.
    void start();
    void accept(Listening &listening);
    void welcome(Listening &listening, asio::ip::tcp::socket socket);
    void receive(Datagrams &datagrams);
    void on_datagram(Datagrams &datagrams, std::size_t size);
    /// Brings the simulation to the present.
    void catch_up();
    /// Hands out what the simulation has for connections and askers, and sets the timer.
    void hand_out();
    void wake_after(Duration wait);
    void tell_witness();
    bool ask_waiting();
    /// After orders of the API: connections of a World that was reset are gone.
    void after_orders();
    void sweep();
    Duration real_now() const;

    DoorOptions options;
    Simulation simulation;
    std::optional<TlsIdentity> identity;
    asio::io_context loop;
    asio::signal_set signals{loop};
    asio::steady_timer timer{loop};   ///< the next thing that happens inside
    asio::steady_timer sweeper{loop}; ///< looks for those that take too long
    asio::steady_timer exit_timer{loop};
    std::list<Listening> listening;
    std::list<Datagrams> datagrams;
    std::map<std::uint32_t, std::shared_ptr<Connection>> connections; ///< by session
    std::map<std::uint32_t, Asker> askers;                            ///< by question
    std::list<std::shared_ptr<ApiConnection>> api_connections;
    std::optional<Clock::time_point> wake_at; ///< of `timer`
    bool started = false;
    std::size_t witnessed = 0; ///< records when the witness looked last
    bool asking = false;
    std::uint32_t resets = 0; ///< of the simulation, as far as the connections know
    std::vector<OpenPort> ports;
    std::array<char, 16'384> block{}; ///< what is being read; connections keep none while idle
    Clock::time_point began = Clock::now();
};

} // namespace mailscope::live
