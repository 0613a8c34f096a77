// What went wrong, as a drawing at the place where it did.
//
// A reply's code alone says little to a beginner; each kind of refusal has a picture of its own: a
// closed gate, a letter that does not fit through it, an arrow to where somebody lives now, a
// domain that is not there, a question without an answer. What is drawn follows from the present
// record; nothing is kept.
#pragma once

#include "sim/core/id.h"
#include "viz/model/rows.h"

#include <string_view>
#include <vector>

namespace mailscope::viz
{

struct Moment;

/// The drawings for the present record. `places` are those of the hosts on the design grid.
std::vector<FaultRow> fault_rows(const Moment &now, const std::vector<Point> &places);

/// The server that said no to what the present record tells of; none where none did. Of two that
/// talk with each other the one that answers; where a server tells what became of a letter, the one
/// that it names.
HostId refusing_server(const Moment &now);

/// Octets that cannot stand where they do in an address without quotes (RFC 5321 4.1.2); all of
/// them where each could, and only the whole is none.
std::vector<std::size_t> wrong_octets(std::string_view address);

} // namespace mailscope::viz
