// One end of a TCP connection (RFC 9293), as much of it as a mail conversation shows.
//
// Handshake with the MSS option, segments, cumulative acknowledgements, retransmission with the
// timer of RFC 6298, slow start and congestion avoidance of RFC 5681 with fast retransmit, FIN in
// both directions, RST, TIME-WAIT. Deliberately absent: window scaling, selective
// acknowledgements, urgent data, keep-alives, simultaneous open (a program cannot choose the port
// it opens from), Nagle's algorithm (each write of a program is a segment of its own, which is what
// a learner looks for), and delayed acknowledgements (an acknowledgement rides on data when the
// program answers at once, and goes alone otherwise).
#pragma once

#include "sim/core/id.h"
#include "sim/core/slab.h"
#include "sim/core/time.h"
#include "sim/net/events.h"
#include "sim/net/packet.h"
#include "sim/net/piece_pool.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace mailscope
{
class Digest;
}

namespace mailscope::net
{

/// RFC 9293 3.3.2. LISTEN is a property of a port, not of a connection.
enum class TcpState : std::uint8_t
{
    Closed,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
};

/// What moves a connection from state to state.
enum class TcpInput : std::uint8_t
{
    ActiveOpen,  ///< the program asked for a connection
    PassiveOpen, ///< a SYN came to a listening port
    SynAcked,    ///< our SYN is acknowledged
    Close,       ///< the program has no more to say, and all of it is sent
    FinArrived,  ///< the peer has no more to say
    FinAcked,    ///< our FIN is acknowledged
    TimeWaitOver,
    Reset, ///< RST came, or we gave up
};

/// One row of the state table; the same rows drive the connections and the documentation.
struct TcpTransition
{
    TcpState state;
    TcpInput input;
    TcpState next;
    std::string_view note;
};

/// All transitions; what is not listed cannot happen.
std::span<const TcpTransition> tcp_transitions();
std::optional<TcpState> tcp_next(TcpState state, TcpInput input);
std::string_view to_string(TcpState state);
std::string_view to_string(TcpInput input);

/// Constants, each with its source.
namespace tcp
{
inline constexpr std::uint16_t mss = 1460;                   ///< Ethernet's 1500 less 40
inline constexpr std::uint16_t window = 65'535;              ///< receive window, without scaling
inline constexpr std::uint32_t initial_window = 10U * mss;   ///< RFC 6928 2
inline constexpr Duration rto_initial = 1s;                  ///< RFC 6298 2.1
inline constexpr Duration rto_after_lost_syn = 3s;           ///< RFC 6298 5.7
inline constexpr Duration rto_min = 1s;                      ///< RFC 6298 2.4
inline constexpr Duration rto_max = 60s;                     ///< RFC 6298 2.5
inline constexpr std::uint8_t syn_retries_max = 7;           ///< 183 s: over 3 min (RFC 9293 3.8.3)
inline constexpr std::uint8_t data_retries_max = 7;          ///< over 100 s (RFC 9293 3.8.3)
inline constexpr Duration time_wait = 60s;                   ///< 2 MSL of 30 s
inline constexpr std::uint8_t duplicate_acks_for_repeat = 3; ///< RFC 5681 3.2
inline constexpr std::size_t out_of_order_max = 64;          ///< segments kept for reassembly
} // namespace tcp

/// True when `a` comes before `b` in sequence space (RFC 9293 3.4).
constexpr bool sequence_before(std::uint32_t a, std::uint32_t b)
{
    return static_cast<std::int32_t>(a - b) < 0;
}

/// By what a host finds the connection of an arriving segment.
constexpr std::uint64_t connection_key(std::uint16_t local_port, Endpoint remote)
{
    return std::uint64_t{local_port} << 48U | std::uint64_t{remote.port} << 32U |
           remote.address.value;
}

/// A connection as one end knows it; plain memory, its pieces lie in the network's pool.
struct TcpConnection
{
    Handle self;
    HostId host;
    Endpoint local;
    Endpoint remote;
    ConnectionId conversation;
    Owner owner;
    TcpState state = TcpState::Closed;
    bool close_wanted = false; ///< the program has no more to say
    bool fin_sent = false;
    bool fin_arrived = false;
    bool ack_due = false;    ///< something came that must be acknowledged
    bool repeat_due = false; ///< duplicate acknowledgements ask for the first segment again
    bool in_flush_list = false;
    bool timing = false; ///< a round-trip measurement is under way
    std::uint8_t retries = 0;
    std::uint8_t duplicate_acks = 0;
    std::uint32_t send_unacknowledged = 0; ///< SND.UNA
    std::uint32_t send_next = 0;           ///< what goes next; behind send_max while repeating
    std::uint32_t send_max = 0;            ///< SND.NXT: after the last octet ever sent
    std::uint32_t send_end = 0;            ///< after the last byte the program gave
    std::uint32_t send_window = 0;         ///< SND.WND
    std::uint32_t receive_next = 0;        ///< RCV.NXT
    std::uint32_t fin_sequence = 0;        ///< of the peer's FIN, once it arrived early
    std::uint32_t congestion_window = tcp::initial_window;
    std::uint32_t slow_start_threshold = 0x7FFFFFFFU;
    std::uint32_t timed_sequence = 0;
    SimTime timed_since;
    Duration smoothed_rtt = Duration::zero();
    Duration rtt_variation = Duration::zero();
    Duration rto = tcp::rto_initial;
    SimTime deadline = time_never;          ///< when the running timer means something
    SimTime timer_at = time_never;          ///< when the next timer event is pending
    RecordId because;                       ///< what the next segment without data is due to
    std::uint32_t cause_packet = no_packet; ///< packet being answered in this step
    PieceList unacknowledged;               ///< the program's bytes from SND.UNA on
    PieceList early;                        ///< segments after a gap, in order

    /// Octets of sequence space that are sent and not acknowledged.
    std::uint32_t outstanding() const { return send_max - send_unacknowledged; }

    /// Everything but the pieces, which the network mixes.
    void mix(Digest &digest) const;
};
static_assert(std::is_trivially_copyable_v<TcpConnection>);

} // namespace mailscope::net
