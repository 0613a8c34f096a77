// The record that last changed what a badge tells: a queue, a mailbox, a cache, a device.
//
// "Why are there three letters?" begins there; the chain of causes leads on to the root. A letter
// that is opened has such a record, too: the one that brought it where it is.
#pragma once

#include "sim/core/id.h"

#include <cstdint>
#include <string>

namespace mailscope::viz
{

struct Moment;

/// What holds what is counted.
enum class Holds : std::uint8_t
{
    Queue,
    Mailbox,
    Cache,
    Device,
};

struct Holder
{
    HostId host;
    std::string user; ///< of a mailbox
    Holds holds = Holds::Queue;
};

/// The index of the last record up to now that changed it; -1: none of the last two thousand.
int last_change(const Moment &now, const Holder &holder);

/// The record that brought the letter that is opened, or that the present record is about, where
/// it is; -1: none.
int arrival_of_letter(const Moment &now);

} // namespace mailscope::viz
