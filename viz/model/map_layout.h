// Places for hosts and regions on the map, without overlap.
//
// The order of travel runs from left to right: the sender's home, the sender's provider and
// organisations, the internet with the hierarchy of the DNS above it, then the receiver's side the
// other way round. Machines of the network stand in one row at the bottom, so that their wires are
// one straight line; servers and people stand above. More homes or organisations make the design
// grid higher. Made once for a scenario; the reader may move hosts.
#pragma once

#include "sim/scenario/scenario.h"
#include "sim/world/world.h"
#include "viz/model/rows.h"

#include <cstddef>
#include <string>
#include <vector>

namespace mailscope::viz
{

/// Where a mailbox stands: beside the server that keeps it.
struct MailboxPlacement
{
    HostId host;
    std::string user;
    Point at;
};

struct MapLayout
{
    float width = 1040;
    float height = 390;
    std::vector<Point> hosts; ///< by HostId
    std::vector<bool> label_right;
    std::vector<RegionRow> regions;
    std::vector<int> region_of; ///< by HostId: index into `regions`, -1 for none
    std::vector<MailboxPlacement> mailboxes;
    Point ghost; ///< offset from a mail server to a mailbox that is not there
};

MapLayout lay_out_map(const Scenario &scenario, const World &world);

/// The hosts on the way from one to the other along the wires, both ends with them; empty when
/// there is no way. Wires form a tree, so there is one way at most.
std::vector<HostId> path_between(const World &world, HostId from, HostId to);

} // namespace mailscope::viz
