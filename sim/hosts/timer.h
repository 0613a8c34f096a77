// A deadline that may move, with at most one pending event in the queue.
//
// Engines move their deadline with every line. Instead of scheduling each time, a Timer keeps the
// deadline and lets the event that is already pending find out, when it fires, whether it is due.
#pragma once

#include "sim/core/event_queue.h"
#include "sim/core/time.h"

namespace mailscope
{

class Timer
{
public:
    /// Sets the deadline (time_never: none). `event` is pushed when none is pending early enough;
    /// its time is set here.
    void set(SimTime deadline, Event event, EventQueue &queue)
    {
        deadline_ = deadline;
        if (deadline == time_never || pending_ <= deadline)
            return;
        pending_ = deadline;
        event.at = deadline;
        queue.push(event);
    }

    /// To be called when the event fires. True when the deadline has come; otherwise the event is
    /// scheduled again for the deadline, if there is one.
    bool fired(SimTime now, Event event, EventQueue &queue)
    {
        if (pending_ <= now)
            pending_ = time_never;
        if (deadline_ > now) {
            set(deadline_, event, queue);
            return false;
        }
        deadline_ = time_never;
        return true;
    }

    SimTime deadline() const { return deadline_; }

private:
    SimTime deadline_ = time_never;
    SimTime pending_ = time_never;
};

} // namespace mailscope
