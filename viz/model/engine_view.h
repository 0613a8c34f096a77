// The engines that are at work at a host, as state diagrams.
//
// A protocol engine, an end of a TCP connection and a delivery all follow a table of states
// (world/engine_tables.h). Here a table becomes nodes in the order in which a conversation goes
// through them, and edges between them; the present state and the ways out of it are marked. Where
// nodes stand in the window is the panel's matter.
#pragma once

#include "sim/core/id.h"
#include "viz/model/rows.h"

#include <string_view>
#include <vector>

namespace mailscope
{
struct EngineTable;
}

namespace mailscope::viz
{

struct Moment;

/// The diagram of a table; `state` is the present one, lit where the table knows it. Cost: a few
/// hundred comparisons of names.
EngineView engine_view(const EngineTable &table, std::string_view state);

/// Of everything at work at the host: protocol engines first, then TCP connections, then
/// deliveries; those of the present record's conversation before the others.
std::vector<EngineView> engine_views(const Moment &now, HostId host);

} // namespace mailscope::viz
