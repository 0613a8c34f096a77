// The World behind the live door: real time goes in, and it goes on.
//
// It maps the real clock to simulated time, gives the outside machine's orders (hosts/outside_host)
// at the right moment and lets the World run as far as it may. It knows no socket and reads no
// clock: the time is an argument, so that tests need neither.
#pragma once

#include "sim/hosts/outside_host.h"
#include "sim/live/services.h"
#include "sim/trace/records.h"
#include "sim/world/outside.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailscope::live
{

class Witness;

/// How simulated time goes.
enum class Speed : std::uint8_t
{
    Real, ///< as real time does: packets take their milliseconds
    Fast, ///< waiting is skipped: what follows from an input happens at once
};

class Simulation
{
public:
    /// `start`: with its outside machine; reset() comes back to it.
    /// The trace begins anew when it has more than `records_max`: a door may stay open for weeks.
    Simulation(World start, Speed speed, TraceLevel level, std::size_t records_max = 300'000);

    /// Is told when the trace begins anew. It must outlive the simulation.
    void set_witness(Witness *witness) { witness_ = witness; }

    /// Back to the start, with an empty trace. All sessions are gone.
    void reset();

    /// How often that was.
    std::uint32_t resets() const { return resets_; }

    /// Lets time pass. `real` is the time since some moment, and never goes back.
    void advance(Duration real);
    /// How long until something happens by itself; nothing: never.
    std::optional<Duration> wait() const;
    /// Lets simulated time pass at once.
    void skip(Duration time);

    // Orders of programs outside, at the time of the last advance(). What follows at once, or by
    // Speed::Fast soon, has happened when they return.
    Handle open(const Service &service);
    void send(Handle session, std::string_view bytes);
    void close(Handle session);
    void abort(Handle session);
    void start_tls(Handle session);
    std::uint32_t ask(const Service &service, std::string_view query);
    /// An order as scenarios have them, after a while (zero: now).
    void order(const Order &order, Duration after = Duration::zero());
    /// Removes a letter from a mailbox, as if nobody had ever sent it.
    void remove_letter(std::size_t store, mail::UserId user, mail::FolderId folder,
                       std::uint32_t uid);

    // What was done from outside since the last call, for who wants to do it again; kept from the
    // first call of keep_acts() on.
    void keep_acts() { keeps_acts_ = true; }
    std::vector<TimedAct> take_acts() { return std::exchange(acts_, {}); }

    OutsideHost &outside() { return world_.outside.front(); }
    std::size_t unsent(Handle session) const
    {
        return world_.outside.front().unsent(world_.network, session);
    }
    /// Octets that the server at `far` (far_end in world/outside.h) has said and that have not come
    /// to the outside machine.
    std::size_t unread(Handle far) const;
    bool server_began_tls(Handle session) const;
    const World &world() const { return world_; }
    const Records &records() const { return records_; }

private:
    /// Lets the outside machine act, and the World do what follows.
    OutsideResult act(OutsideAct act);
    void settle();
    void begin_trace();

    std::uint32_t resets_ = 0;
    bool keeps_acts_ = false;
    std::vector<TimedAct> acts_;

    World start_;
    World world_;
    Speed speed_;
    std::size_t records_max_;
    Witness *witness_ = nullptr;
    Records records_;
    SimTime base_;                          ///< simulated time at `real_base_`
    Duration real_base_ = Duration::zero(); ///< of the last time the two were matched
    Duration real_now_ = Duration::zero();
};

} // namespace mailscope::live
