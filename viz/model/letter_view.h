// The letter that the inspector shows: its source, and the same as rows.
//
// A letter opened in a mailbox, or the one that the present record is about, as it was on the wire
// last. Envelope, header and body stand apart, because they are: the envelope is what was said with
// MAIL and RCPT, and no part of what is delivered (RFC 5321 2.3.1).
#pragma once

#include "viz/model/rows.h"

#include <string>
#include <vector>

namespace mailscope::viz
{

struct Moment;

/// The letter as octets; empty when there is none.
std::string letter_source(const Moment &now);

/// Hop by hop, envelope, as people read it, header, body. Received lines lead to the record that
/// made them.
std::vector<FactRow> letter_rows(const Moment &now);

} // namespace mailscope::viz
