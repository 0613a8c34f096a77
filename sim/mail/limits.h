// Limits on what a message from outside may make this folder's parsers do.
//
// RFC 5322 and MIME set almost none, so a hostile message could ask for endless work. Beyond a
// limit the parsers read no further and keep what they have; nothing fails for that reason alone.
#pragma once

#include <cstddef>

namespace mailscope::mail::limits
{

/// Header fields kept of one header; Postfix and Exim stop at about as many.
inline constexpr std::size_t header_fields_max = 1000;
/// Bytes of one header field that are looked at (Postfix's header_size_limit).
inline constexpr std::size_t field_bytes_max = 102400;
/// Addresses read from one field.
inline constexpr std::size_t addresses_max = 1000;
/// Parameters of one Content-Type or Content-Disposition, sections of RFC 2231 included.
inline constexpr std::size_t parameters_max = 100;
/// Nesting of parts; Postfix's mime_nesting_limit is 100, mail in the wild stays below 10.
inline constexpr std::size_t part_depth_max = 30;
/// Parts of one message.
inline constexpr std::size_t parts_max = 1000;
/// Recipients in one status report.
inline constexpr std::size_t report_recipients_max = 1000;

/// RFC 5321 4.5.3.1.1, in octets.
inline constexpr std::size_t local_part_octets_max = 64;
/// RFC 5321 4.5.3.1.2, in octets.
inline constexpr std::size_t domain_octets_max = 255;
/// RFC 5321 4.5.3.1.3, in octets, with the angle brackets.
inline constexpr std::size_t path_octets_max = 256;
/// One label of a domain name (RFC 1035 2.3.4).
inline constexpr std::size_t label_octets_max = 63;

} // namespace mailscope::mail::limits
