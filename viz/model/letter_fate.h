// Where the letter of an error is now, and what happens to it next.
//
// What was refused is in the record. These two sentences are not: they are read from the World at
// the cursor, so that they are true in every scenario, also where no lesson says them.
#pragma once

#include "viz/model/views.h"

#include <string>

namespace mailscope::viz
{

/// The two sentences for the present record, or only the first where what comes next is not
/// decided yet; empty where the record is no error with a letter.
std::string letter_fate(const Moment &now);

} // namespace mailscope::viz
