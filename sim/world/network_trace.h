// What the network reports, as trace records.
//
// The network knows no trace; the World notes its events one by one. Each packet carries the
// record of the last thing that happened to it, which is the cause of the next.
#pragma once

#include "sim/net/events.h"
#include "sim/trace/records.h"

namespace mailscope
{

struct World;

/// Whether the event is one that a role of the host is told about.
bool goes_to_role(net::EventKind kind);

/// The name of a reason, as in records: "link-cut", "refused".
std::string_view to_string(net::Reason reason);

/// Notes the events of one step.
class NetworkTrace
{
public:
    /// Records the event; gives the record that is the cause of what the event leads to.
    RecordId note(World &world, Records &records, const net::Event &event);

private:
    ConnectionId repeated_;  ///< the conversation whose segment is being sent again
    RecordId repeat_record_; ///< the record of that
};

} // namespace mailscope
