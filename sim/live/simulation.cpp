// The World behind the live door.
#include "sim/live/simulation.h"

#include "sim/world/outside.h"

#include <algorithm>
#include <utility>

namespace mailscope::live
{
namespace
{

/// Fast: what is this near follows from the input. Above the waits for an answer of the DNS and of
/// who connects (30 s), below those of people, queues and idle connections.
constexpr Duration soon = 35s;
/// Fast: no input makes the World run longer than this.
constexpr Duration run_max = 120s;
/// With nobody connected, waits are skipped too, but not for ever.
constexpr Duration rest_max = std::chrono::hours(24 * 14);
/// The trace is cut when it has so many records: a door may stay open for weeks.
constexpr std::size_t records_max = 300'000;

} // namespace

Simulation::Simulation(World start, Speed speed, TraceLevel level)
    : start_(std::move(start)), world_(start_), speed_(speed), records_(level)
{
}

void Simulation::reset()
{
    world_ = start_;
    records_ = Records(records_.level());
    base_ = world_.now;
    real_base_ = real_now_;
    ++resets_;
}

void Simulation::advance(Duration real)
{
    real_now_ = std::max(real, real_now_);
    run_until(world_, records_, std::max(world_.now, base_ + (real_now_ - real_base_)));
    settle();
}

std::optional<Duration> Simulation::wait() const
{
    const SimTime next = world_.queue.next_time();
    if (next == time_never)
        return std::nullopt;
    return std::max(next - world_.now, Duration::zero());
}

void Simulation::skip(Duration time)
{
    run_until(world_, records_, world_.now + time);
    settle();
}

/// What follows from an input: with Speed::Fast the World runs until it has nothing to do but wait.
void Simulation::settle()
{
    if (speed_ == Speed::Fast) {
        const SimTime limit = world_.now + run_max;
        while (is_busy(world_) && step(world_, records_, std::min(limit, world_.now + soon))) {
        }
        // Nobody outside who could notice: a queue's waits are skipped, too.
        if (world_.outside.front().sessions().size() == 0 && is_busy(world_))
            run_to_rest(world_, records_, world_.now + rest_max);
    }
    base_ = std::max(world_.now, base_ + (real_now_ - real_base_));
    real_base_ = real_now_;
    forget_old_records();
}

void Simulation::forget_old_records()
{
    if (records_.size() > records_max)
        records_ = Records(records_.level());
}

template <class Act> void Simulation::do_outside(Act act)
{
    Env env = outside_env(world_, records_);
    act(env);
    finish_step(world_, records_);
    settle();
}

Handle Simulation::open(const Service &service)
{
    Handle session;
    do_outside([&](Env &env) {
        session = outside().open(env, 0, service.endpoint, service.kind->protocol);
    });
    return session;
}

void Simulation::send(Handle session, std::string_view bytes)
{
    do_outside([&](Env &env) { outside().send(env, session, bytes); });
}

void Simulation::close(Handle session)
{
    do_outside([&](Env &env) { outside().close(env, session); });
}

void Simulation::abort(Handle session)
{
    do_outside([&](Env &env) { outside().abort(env, session); });
}

void Simulation::start_tls(Handle session)
{
    do_outside([&](Env &env) { outside().start_tls(env, session); });
}

std::uint32_t Simulation::ask(const Service &service, std::string_view query)
{
    std::uint32_t number = 0;
    do_outside([&](Env &env) { number = outside().ask(env, service.endpoint, query); });
    return number;
}

void Simulation::order(const Order &order, Duration after)
{
    if (after == Duration::zero())
        apply(world_, records_, order);
    else
        schedule(world_, world_.now + after, order);
    settle();
}

void Simulation::remove_letter(std::size_t store, mail::UserId user, mail::FolderId folder,
                               std::uint32_t uid)
{
    do_outside([&](Env &env) {
        env.note(RecordKind::ActionTaken,
                 std::string(outside_name) + " delete " + world_.stores[store].mailbox(user).user);
        // A letter that is gone already is as removed as it can be.
        static_cast<void>(world_.stores[store].remove(user, folder, uid));
    });
}

std::size_t Simulation::unread(Handle far) const
{
    const net::TcpConnection *end = world_.network.find(far);
    return end == nullptr ? 0 : std::size_t{end->send_end - end->send_unacknowledged};
}

bool Simulation::server_began_tls(Handle session) const
{
    const OutsideHost::Session *own = world_.outside.front().sessions().find(session);
    return own != nullptr && own->tls_mentioned && !own->stream.tls_started() &&
           mailscope::server_began_tls(world_, session);
}

} // namespace mailscope::live
