// The live door: the simulated servers on real sockets, for real mail programs.
//
// It listens on this machine's own addresses and relays octets between each real connection and a
// connection of the outside machine in the simulated internet, where the same engines answer as in
// every lesson. It never connects to anything. One thread, one loop; everything a peer can send is
// bounded: connections, octets that wait in either direction, and time without progress.
#pragma once

#include "sim/core/result.h"
#include "sim/live/api.h"
#include "sim/live/simulation.h"
#include "sim/live/witness.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::live
{

/// A service to be opened. Port 0: any free one. Several hosts may offer it: the first gets the
/// port, each further one the next.
struct Wish
{
    std::string service;
    std::uint16_t port = 0;
    bool needed = true; ///< false: no host needs to offer it
};

struct DoorOptions
{
    std::vector<Wish> wishes;
    std::vector<std::string> hosts; ///< only these; empty: all
    std::string bind;               ///< empty: 127.0.0.1 and ::1
    bool tls = true;                ///< real; without it no port begins with TLS
    Speed speed = Speed::Real;
    TraceLevel trace = TraceLevel::Lines;
    std::optional<Duration> exit_after;    ///< real time
    std::optional<std::uint16_t> api_port; ///< none: no API
    Api *api = nullptr;                    ///< must outlive the door; needed with a port
    bool api_exposed = false;   ///< others than this machine may use it (with `bind` and a warning)
    Witness *witness = nullptr; ///< must outlive the door
    bool keep_acts = false;     ///< for take_acts()
    bool heeds_signals = false; ///< SIGINT and SIGTERM end run(), from the opening on
};

/// A port that is open.
struct OpenPort
{
    std::string service;
    std::string host;
    std::uint16_t port = 0;
};

/// Every service that the scenario has, at free ports.
std::vector<Wish> all_services();

class Door
{
public:
    /// Opens all ports. Fails when one is taken, or when no host offers a service that is wished.
    [[nodiscard]] static Result<Door> open(World start, const DoorOptions &options);
    ~Door();
    Door(Door &&) noexcept;
    Door &operator=(Door &&) noexcept;

    const std::vector<OpenPort> &ports() const;
    /// The certificate of TLS as PEM; empty without TLS.
    const std::string &certificate() const;
    /// Serves until the end of exit_after, or a signal when it heeds them.
    void run();
    /// Serves what is there to be served now, without waiting; to be called again and again instead
    /// of run(), by who has a loop of its own.
    void poll();
    const Simulation &simulation() const;
    /// An order as scenarios have them, given from outside now or after a while.
    void order(const Order &order, Duration after = Duration::zero());
    /// What was done from outside since the last call.
    std::vector<TimedAct> take_acts();

    struct Parts;

private:
    explicit Door(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

} // namespace mailscope::live
