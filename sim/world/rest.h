// When a World in which devices poll has come to rest.
//
// Polling would go on for ever. A run ends once nothing but fetching has happened for twice the
// longest interval between polls, and nothing is under way. run_to_rest() and the timeline ask the
// same watch, so that a story played in either way has the same end.
#pragma once

#include "sim/world/world.h"

namespace mailscope
{

/// Follows one World from step to step.
class RestWatch
{
public:
    explicit RestWatch(const World &world);

    /// To be asked after each step. Always false where no device polls: there the World is at rest
    /// when it has no more steps.
    bool is_at_rest(const World &world);

private:
    Duration longest_poll_ = Duration::zero();
    SimTime busy_at_;
};

} // namespace mailscope
