// What can be changed in the World here and now, as a choice.
//
// For the host that the reader looks at: faults begin or end, links are cut, mailboxes fill up or
// are made, records and addresses get other values. A choice holds the orders that do it; whoever
// takes it forks the timeline with them, so that the old future stays. Nothing here changes
// anything.
#pragma once

#include "sim/world/commands.h"
#include "viz/model/rows.h"

#include <string>
#include <vector>

namespace mailscope::viz
{

struct Moment;

/// One thing that can be changed.
struct Change
{
    std::string id;    ///< such as "cut home-router provider"; the same in every language
    std::string label; ///< what it does, in a few words
    std::string value; ///< what is set now, where the reader types another value
    bool takes_value = false;
    Order order;
};

/// The host whose changes are offered: the one selected, or where the present step happens; the
/// sender's when that is nowhere.
HostId host_to_change(const Moment &now);

/// What can be changed at that host, faults first.
std::vector<Change> changes_at(const Moment &now, HostId host);

/// The change's order with the value that was typed; the same order where none is taken.
Order order_with(const Change &change, const std::string &value);

/// The same as rows for the panel.
ChangesView changes_view(const Moment &now);

} // namespace mailscope::viz
