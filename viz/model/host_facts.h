// What an administrator or a person has set on a host, as rows.
//
// A mail server's limits and rules, who is in its alias tables, when a POP or IMAP server takes a
// password, a name server's zones, a mail program's account. Only what is set and matters for what
// can happen; the values are those that the engines ask.
#pragma once

#include "sim/core/id.h"
#include "viz/model/rows.h"

#include <vector>

namespace mailscope::viz
{

struct Moment;

/// A heading and rows for each role of the host; nothing for a host without settings.
std::vector<FactRow> configuration_rows(const Moment &now, HostId host);

} // namespace mailscope::viz
