// Words and numbers of refusals; see events.h.
#include "sim/protocol/http/events.h"

#include <array>

namespace mailscope::http
{

namespace
{

struct RefusalRow
{
    ByteView name;
    int status;
};

/// In the order of Refusal.
constexpr std::array<RefusalRow, 21> refusals = {
    {{"BadRequestLine", 400},  {"BadTarget", 400},          {"UnsupportedVersion", 505},
     {"UnknownMethod", 501},   {"TargetTooLong", 414},      {"BadLineEnd", 400},
     {"BadField", 400},        {"FoldedField", 400},        {"FieldsTooLarge", 431},
     {"NoHost", 400},          {"SeveralHosts", 400},       {"LengthAndCoding", 400},
     {"BadLength", 400},       {"LengthsDiffer", 400},      {"UnknownCoding", 501},
     {"ChunkedNotLast", 400},  {"CodingInOldVersion", 400}, {"BadChunk", 400},
     {"ContentTooLarge", 413}, {"UnknownExpectation", 417}, {"TooMuchAhead", 0}}};

static_assert(refusals.size() == static_cast<std::size_t>(Refusal::TooMuchAhead) + 1);

} // namespace

int status_of(Refusal refusal) { return refusals[static_cast<std::size_t>(refusal)].status; }
ByteView to_string(Refusal refusal) { return refusals[static_cast<std::size_t>(refusal)].name; }

} // namespace mailscope::http
