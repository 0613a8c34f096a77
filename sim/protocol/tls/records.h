// The bytes of the TLS model: records, handshake messages, and the scrambling of records.
//
// Framing is that of RFC 8446: a record is type, 0x0303, length and body (5.1); a handshake
// message is type, length and body (4). The scrambling is a key stream of a plain generator and a
// tag that is a plain fingerprint: it looks like ciphertext and is none.
#pragma once

#include "sim/core/bytes.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace mailscope::tls
{

/// RFC 8446 5.1.
enum class ContentType : std::uint8_t
{
    ChangeCipherSpec = 20,
    Alert = 21,
    Handshake = 22,
    ApplicationData = 23,
};

/// RFC 8446 4.
enum class HandshakeType : std::uint8_t
{
    ClientHello = 1,
    ServerHello = 2,
    EncryptedExtensions = 8,
    Certificate = 11,
    CertificateVerify = 15,
    Finished = 20,
};

/// RFC 8446 6: the alerts that this model sends.
namespace alert
{
inline constexpr std::uint8_t close_notify = 0;
inline constexpr std::uint8_t unexpected_message = 10;
inline constexpr std::uint8_t bad_record_mac = 20;
inline constexpr std::uint8_t record_overflow = 22;
inline constexpr std::uint8_t decode_error = 50;
} // namespace alert

inline constexpr std::size_t record_header_bytes = 5;
inline constexpr std::size_t tag_bytes = 16;

using Random = std::array<char, 32>;
inline ByteView view_of(const Random &random) { return ByteView(random.data(), random.size()); }

/// Appends a record in clear.
void append_record(std::string &out, ContentType type, ByteView body);

/// Appends the header of a record whose body follows.
void append_record_header(std::string &out, ContentType type, std::size_t body_bytes);

// ---- handshake messages, each with its header

/// Random, a session id, three cipher suites, and the extensions that clients send: server_name
/// (in clear), supported_versions, supported_groups, signature_algorithms, key_share.
std::string client_hello(const Random &random, const Random &key_share, ByteView server_name);

struct ClientHello
{
    ByteView random;
    ByteView session_id;
    ByteView server_name; ///< empty when there is none
};
/// The message's body; nothing when malformed or not of TLS 1.3.
std::optional<ClientHello> parse_client_hello(ByteView body);

std::string server_hello(const Random &random, const Random &key_share, ByteView session_id);

/// The server's random in the body; nothing when malformed or not of TLS 1.3.
std::optional<ByteView> parse_server_hello(ByteView body);

/// EncryptedExtensions, Certificate with the name in it, CertificateVerify, Finished; of the
/// sizes that a chain of two certificates with RSA keys has.
std::string server_flight(ByteView certificate_name, std::uint64_t seed);

/// The client's or server's Finished.
std::string finished(std::uint64_t seed);

/// The name in a Certificate message's body; nothing when malformed.
std::optional<ByteView> parse_certificate(ByteView body);

/// The next message at the front of `bytes`, which is taken off; nothing when malformed.
struct Message
{
    HandshakeType type;
    ByteView body;
};
std::optional<Message> take_message(ByteView &bytes);

// ---- protection of records

/// The key of one direction, from both randoms; `label` keeps the directions apart.
std::uint64_t derive_key(ByteView client_random, ByteView server_random, ByteView label);

/// Scrambles or unscrambles `bytes`, which are the record number `sequence`. Cost: 8 bytes a step.
void scramble(char *bytes, std::size_t count, std::uint64_t key, std::uint64_t sequence);

/// The tag of a record's scrambled bytes.
std::array<char, tag_bytes> tag_of(ByteView scrambled, std::uint64_t key, std::uint64_t sequence);

} // namespace mailscope::tls
