// The trace as JSON Lines: one record per line, for other programs.
//
// Every field of a record stands under its own name, hosts by name; what a record does not have is
// left out. Octets that are no UTF-8 (ciphertext) are given as hexadecimal digits. The writer makes
// its own JSON: the format is small, and a long trace is written at the speed of the disk. It
// selects nothing: that is the query's work.
#pragma once

#include "sim/trace/records.h"

#include <span>
#include <string>

namespace mailscope
{

/// Appends one line with its line end:
///
///     {"id":7,"at":1000000000,"time":"1.000000000","kind":"command-sent","layer":"line",
///      "protocol":"smtp","host":"alice-laptop","peer":"mx.example.com","conversation":3,
///      "message":0,"value":18,"text":"EHLO alice-laptop\r\n","because":6}
///
/// `at` is in nanoseconds since the start. `trouble` stands where there is any. A packet adds
/// "packet": {"number", "from", "to", "transport", "octets", and for TCP "flags", "seq", "ack"}.
void append_json_line(std::string &out, const Record &record, const Records &records,
                      std::span<const std::string> host_names);

/// All records, one per line.
std::string write_json_lines(const Records &records, std::span<const std::string> host_names);

} // namespace mailscope
