// Changes to the World that cure something: settings, mailboxes, DNS records, lists.
//
// What a remedy does. Faults and their ends are not here: they are orders of their own
// (commands.h), and so is ChangeKind::Repair.
#pragma once

#include "sim/core/result.h"
#include "sim/world/commands.h"

#include <string>

namespace mailscope
{

/// Makes the change. Fails, naming what is not there, and then has changed nothing.
[[nodiscard]] Result<void> make_change(World &world, const ChangeSpec &change);

/// What is changed, how, and to what, as the record says it: "bob@example.jp quota 5000000".
std::string text_of(const ChangeSpec &change);

} // namespace mailscope
