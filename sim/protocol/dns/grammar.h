// Words, numbers and limits of the Domain Name System.
//
// The types, codes and transports that every other file here speaks of, and in one place all
// limits on what a peer can make us hold or do. Holds no logic beyond names of the numbers.
// RFC 1035 3.2 and 4.1.1 (types, classes, codes), RFC 6891 6.1 (extended codes), RFC 2181 8 (TTL).
#pragma once

#include "sim/core/rng.h"
#include "sim/core/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::dns
{

/// Type of a record or of a question. Every 16-bit value is possible; these have a meaning here.
enum class Type : std::uint16_t
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Opt = 41,  ///< in messages only: RFC 6891
    Any = 255, ///< in questions only
};

inline constexpr std::uint16_t class_internet = 1; ///< RFC 1035 3.2.4

enum class Opcode : std::uint8_t
{
    Query = 0,
    InverseQuery = 1,
    Status = 2,
    Notify = 4,
    Update = 5
};

/// Response code, with the upper bits that EDNS adds (RFC 6891 6.1.3).
enum class Rcode : std::uint16_t
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3, ///< NXDOMAIN: there is nothing at or below the name
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
};

/// What carries a message: one datagram, or a stream with two length octets (RFC 1035 4.2).
enum class Transport : std::uint8_t
{
    Udp,
    Tcp
};

inline constexpr std::uint16_t port = 53; ///< servers listen here, both transports

inline constexpr std::size_t header_octets = 12; ///< of a message, RFC 1035 4.1.1

/// The port from which a question is asked: any above those with a meaning (RFC 5452 4.5).
std::uint16_t random_port(Rng &rng);

/// "MX"; "TYPE99" for a number without a name here (RFC 3597 5).
std::string to_string(Type type);

/// Reads what `to_string` writes, in either case.
std::optional<Type> parse_type(std::string_view text);

/// "NXDOMAIN", as the usual tools print it; "RCODE9" for a number without a name here.
std::string to_string(Rcode rcode);

/// Everything that comes from outside ends somewhere.
namespace limits
{

// The wire.
inline constexpr std::size_t label_octets_max = 63;          ///< RFC 1035 2.3.4
inline constexpr std::size_t name_octets_max = 255;          ///< RFC 1035 2.3.4, with length octets
inline constexpr std::size_t labels_max = 127;               ///< follows from the 255 octets
inline constexpr std::size_t udp_octets_plain = 512;         ///< RFC 1035 2.3.4
inline constexpr std::uint16_t udp_octets_edns = 1232;       ///< fits every path unfragmented
inline constexpr std::size_t tcp_octets_max = 65535;         ///< RFC 1035 4.2.2: two length octets
inline constexpr std::size_t edns_options_octets_max = 4096; ///< cookies and padding: far less
inline constexpr std::size_t text_string_octets_max = 255;   ///< RFC 1035 3.3: one length octet
inline constexpr std::uint32_t ttl_max = 0x7FFFFFFF;         ///< RFC 2181 8: larger counts as zero

// The cache.
inline constexpr std::size_t cache_entries_max = 16384;  ///< about 5 MB; the oldest goes first
inline constexpr std::size_t set_records_max = 256;      ///< per cached set: above any mail domain
inline constexpr std::uint32_t cache_ttl_max = 86400;    ///< RFC 2181 8 permits a bound: one day
inline constexpr std::uint32_t negative_ttl_max = 10800; ///< RFC 2308 5: one to three hours

// The resolver. RFC 1034 5.3.3: "Bound the amount of work ... so that a request can't get into
// an infinite loop ... even if someone has incorrectly configured some data."
inline constexpr Duration server_timeout = 1500ms;   ///< first round; doubled in the next
inline constexpr unsigned rounds_max = 2;            ///< over all servers of a zone: 1.5 s and 3 s
inline constexpr Duration resolution_time_max = 10s; ///< a stub has given up by then (5 s, twice)
inline constexpr unsigned referrals_max = 16;        ///< deeper than any name in use
inline constexpr unsigned aliases_max = 8;           ///< CNAMEs in a row; a loop ends here
inline constexpr unsigned queries_max = 64;          ///< sent for one client's question in all
inline constexpr unsigned depth_max = 4;             ///< resolutions for the sake of another
inline constexpr std::size_t servers_max = 16;       ///< addresses and names kept for one zone
inline constexpr std::size_t resolutions_max = 1024; ///< at the same time; more get SERVFAIL
inline constexpr std::size_t waiting_clients_max = 128; ///< that share one resolution

// The stub resolver: the defaults of resolv.conf(5).
inline constexpr std::size_t stub_servers_max = 3;
inline constexpr Duration stub_timeout = 5s; ///< per server and attempt
inline constexpr unsigned stub_attempts = 2;
inline constexpr std::size_t stub_questions_max = 4096; ///< at the same time, per host

} // namespace limits

} // namespace mailscope::dns
