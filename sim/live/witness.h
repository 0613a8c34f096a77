// Who looks on while the live door serves: for files that grow with the trace.
//
// The door knows no files and no formats; it says only that there is something new. A witness reads
// the simulation and changes nothing.
#pragma once

#include "sim/live/simulation.h"

namespace mailscope::live
{

class Witness
{
public:
    virtual ~Witness() = default;

    /// Called every second, and sooner when much has happened.
    virtual void look(const Simulation &simulation) = 0;
    /// The trace begins anew: its last record is there, and can be read for the last time.
    virtual void trace_ends(const Simulation &simulation) = 0;
};

} // namespace mailscope::live
