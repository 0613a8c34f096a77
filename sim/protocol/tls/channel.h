// A MODEL of TLS 1.3 (RFC 8446): its messages and records, without its cryptography.
//
// What somebody on the path sees is right: a ClientHello with the server's name in clear, a
// ServerHello, then records that tell nothing but their length. But the keys follow from the two
// hellos, so whoever knows this file can read everything: it shows what encryption does to a
// conversation and protects nothing. The certificate is a name and filling of a usual size. No
// resumption, no client certificate, no other version. A record changed on the way is noticed.
//
// A channel is a value between a connection and a protocol engine:
//   wire bytes -> receive() -> plain(), next_event();   send(plain bytes) -> output()
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/rng.h"
#include "sim/protocol/engine.h"
#include "sim/protocol/tls/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace mailscope::tls
{

/// What a peer can make a channel hold, and the reason for each number.
namespace limits
{
/// Plain bytes in one record (RFC 8446 5.1).
inline constexpr std::size_t record_plain_max = 1U << 14U;
/// The same with inner type and tag: what a received record may claim (RFC 8446 5.2).
inline constexpr std::size_t record_wire_max = record_plain_max + 256;
/// A server's name (RFC 1035 2.3.4).
inline constexpr std::size_t name_bytes_max = 255;
} // namespace limits

enum class Side : std::uint8_t
{
    Client,
    Server
};

enum class ChannelState : std::uint8_t
{
    Fresh,            ///< before start
    AwaitingHello,    ///< server: waits for ClientHello; client: for ServerHello
    AwaitingFlight,   ///< client: waits for the certificate and Finished
    AwaitingFinished, ///< server: waits for the client's Finished
    Established,
    Closed, ///< close_notify was sent or received
    Failed,
};

/// The handshake is done; what was given to send() earlier has been sent.
struct Established
{
    /// Client: the name in the server's certificate, to be compared by name_matches.
    /// Server: the name that the client asked for (SNI).
    std::string peer_name;
};

/// The channel is of no use any more. An alert was sent, or came.
struct Failed
{
    enum class What : std::uint8_t
    {
        NotTls,       ///< the bytes are no TLS records: the peer speaks something else
        BadMessage,   ///< TLS records with something wrong in them
        BadRecord,    ///< a record was changed on the way
        TooLong,      ///< a record longer than allowed
        AlertReceived ///< the peer gave up
    };
    What what = What::NotTls;
    std::uint8_t alert = 0; ///< the alert's number, sent or received (RFC 8446 6)
};

/// The peer said close_notify: no bytes were cut off (RFC 8446 6.1).
struct Closed
{
};

using ChannelEvent = std::variant<Established, Failed, Closed>;

/// True when a certificate for `certificate_name` ("*.example.test" included) serves for `wanted`
/// (RFC 6125 6.4: without regard to case, the star stands for one whole label on the left).
bool name_matches(ByteView certificate_name, ByteView wanted);

/// One end of a modelled TLS connection.
class Channel
{
public:
    /// `name`: a client's wish, sent in clear as SNI; a server's certificate. At most
    /// limits::name_bytes_max. Draws two numbers from `rng`.
    Channel(Side side, std::string name, Rng &rng);

    /// A client speaks first: its ClientHello is output afterwards.
    void start();

    /// Takes bytes from the connection, in pieces of any size.
    void receive(ByteView wire);

    /// Bytes for the peer. Before the handshake is done they are kept, after the end dropped.
    void send(ByteView plain);

    /// Says close_notify; nothing is sent afterwards.
    void close();

    std::optional<ChannelEvent> next_event();

    /// What to send over the connection; clear it when sent.
    ByteView output() const { return output_; }
    void clear_output() { make_empty(output_); }

    /// What the peer said, decrypted; clear it when read.
    ByteView plain() const { return plain_; }
    void clear_plain() { make_empty(plain_); }

    ChannelState state() const { return state_; }
    bool established() const { return state_ == ChannelState::Established; }

private:
    /// The protection of one direction (RFC 8446 5.2, 5.3): one number per record.
    struct Direction
    {
        std::uint64_t key = 0;
        std::uint64_t sequence = 0;
    };

    /// A connection may rest for long after a handshake or a letter: it keeps no room for them.
    static void make_empty(std::string &buffer)
    {
        buffer.clear();
        buffer.shrink_to_fit();
    }
    bool over() const { return state_ == ChannelState::Closed || state_ == ChannelState::Failed; }
    std::size_t take_record(ByteView bytes);
    void handle_record(ContentType type, ByteView body);
    void handle_protected(ByteView body);
    void handle_alert(ByteView alert);
    void handle_hello(ByteView record);
    void answer_client_hello(ByteView body);
    void read_server_hello(ByteView body);
    void handle_flight(ByteView messages);
    void handle_finished(ByteView record);
    void derive_keys(ByteView client_random, ByteView server_random);
    void protect(ContentType type, ByteView plain);
    void send_records(ByteView plain);
    void establish();
    void fail(Failed::What what, std::uint8_t alert);

    std::string name_;
    std::string peer_name_;
    Random random_{};
    Random key_share_{};
    std::string input_;   ///< the start of a record, while the rest is missing
    std::string pending_; ///< given to send() before the handshake was done
    std::string output_;
    std::string plain_;
    EventBuffer<ChannelEvent> events_;
    Direction sending_;
    Direction receiving_;
    Side side_;
    ChannelState state_ = ChannelState::Fresh;
};

} // namespace mailscope::tls
