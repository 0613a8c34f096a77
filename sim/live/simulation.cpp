// The World behind the live door.
#include "sim/live/simulation.h"

#include "sim/live/witness.h"

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
} // namespace

Simulation::Simulation(World start, Speed speed, TraceLevel level, std::size_t records_max)
    : start_(std::move(start)), world_(start_), speed_(speed), records_max_(records_max),
      records_(level)
{
}

void Simulation::reset()
{
    begin_trace();
    world_ = start_;
    acts_.clear();
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
    // The records of a packet on its way belong together; but there may always be some on theirs.
    const bool quiet = world_.network.packets_in_flight() == 0;
    if (records_.size() > records_max_ * (quiet ? 1 : 2))
        begin_trace();
}

void Simulation::begin_trace()
{
    if (witness_ != nullptr)
        witness_->trace_ends(*this);
    records_ = Records(records_.level());
}

OutsideResult Simulation::act(OutsideAct act)
{
    const TimedAct done{world_.steps, world_.now, std::move(act)};
    const OutsideResult result = act_outside(world_, records_, done.act);
    if (keeps_acts_)
        acts_.push_back(done);
    settle();
    return result;
}

Handle Simulation::open(const Service &service)
{
    const ServiceKind &kind = *service.kind;
    return act(OutsideConnect{service.endpoint, kind.protocol, kind.tls}).session;
}

void Simulation::send(Handle session, std::string_view bytes)
{
    act(OutsideSay{session, SharedBytes::copy_of(bytes)});
}

void Simulation::close(Handle session) { act(OutsideTurn{session, OutsideTurn::What::Close}); }

void Simulation::abort(Handle session) { act(OutsideTurn{session, OutsideTurn::What::Abort}); }

void Simulation::start_tls(Handle session)
{
    act(OutsideTurn{session, OutsideTurn::What::StartTls});
}

std::uint32_t Simulation::ask(const Service &service, std::string_view query)
{
    return act(OutsideAsk{service.endpoint, SharedBytes::copy_of(query)}).question;
}

void Simulation::order(const Order &order, Duration after) { act(OutsideOrder{order, after}); }

void Simulation::remove_letter(std::size_t store, mail::UserId user, mail::FolderId folder,
                               std::uint32_t uid)
{
    act(OutsideRemove{store, user, folder, uid});
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
