// Records from their text, and a time to begin at: shared by the tests of this folder.
//
// A test says a record as a zone file would, and is ended where that cannot be read.
#pragma once

#include "sim/core/time.h"
#include "sim/protocol/dns/zone.h"

#include <string_view>

namespace mailscope::dns::test
{

/// "example.jp. 3600 IN MX 10 mx.example.jp."; a test that writes it wrongly ends there.
inline ResourceRecord row(std::string_view text) { return parse_record(text).value(); }

inline constexpr SimTime start;

} // namespace mailscope::dns::test
