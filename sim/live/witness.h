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

    /// Called every second, and sooner when much has happened; always before the trace begins anew,
    /// unless a single input makes more than a hundred thousand records.
    virtual void look(const Simulation &simulation) = 0;
};

} // namespace mailscope::live
