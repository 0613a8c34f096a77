// What the HTTP engines tell their owners: facts in the past tense, and the question RequestAsked.
//
// Messages come whole: content is taken out of its chunks, and nothing of a message that was cut
// off is ever shown (RFC 9112 8). What a request means is the owner's matter.
#pragma once

#include "sim/core/bytes.h"
#include "sim/protocol/http/grammar.h"
#include "sim/protocol/http/states.h"

#include <cstdint>
#include <string>
#include <variant>

namespace mailscope::http
{

/// A request to be sent, or as it was received.
struct Request
{
    Method method = Method::Get;
    std::string target = "/"; ///< to send: in origin form
    Fields fields;            ///< to send: without those about framing and connection
    SharedBytes content;
    bool chunked = false; ///< to send: in chunks, as when its length is not known before
    // Received only:
    std::string path;  ///< of the target, percent-decoding left to the owner
    std::string query; ///< of the target
    unsigned minor = 1;
};

/// A response to be sent, or as it was received.
struct Response
{
    int status = 200;
    Fields fields; ///< to send: without those about framing and connection
    SharedBytes content;
    bool chunked = false; ///< to send: in chunks, as when its length is not known before
    bool last = false;    ///< to send: the connection ends with it
    std::string reason;   ///< received only
};

/// Why a server answered a request by itself, without asking.
enum class Refusal : std::uint8_t
{
    BadRequestLine,     ///< 400, also for whoever speaks something else than HTTP
    BadTarget,          ///< 400 (RFC 9112 3.2)
    UnsupportedVersion, ///< 505
    UnknownMethod,      ///< 501 (RFC 9110 9.1)
    TargetTooLong,      ///< 414: the whole request line (RFC 9112 3)
    BadLineEnd,         ///< 400: a bare LF or CR (RFC 9112 2.2)
    BadField,           ///< 400 (RFC 9112 5.1)
    FoldedField,        ///< 400 (RFC 9112 5.2); also white space before the first field (2.2)
    FieldsTooLarge,     ///< 431
    NoHost,             ///< 400 (RFC 9112 3.2)
    SeveralHosts,       ///< 400 (RFC 9112 3.2)
    LengthAndCoding,    ///< 400 (RFC 9112 6.1)
    BadLength,          ///< 400 (RFC 9112 6.3)
    LengthsDiffer,      ///< 400 (RFC 9112 6.3)
    UnknownCoding,      ///< 501 (RFC 9112 6.1)
    ChunkedNotLast,     ///< 400 (RFC 9112 6.3)
    CodingInOldVersion, ///< 400 (RFC 9112 6.1)
    BadChunk,           ///< 400 (RFC 9112 7.1)
    ContentTooLarge,    ///< 413
    UnknownExpectation, ///< 417 (RFC 9110 10.1.1)
    TooMuchAhead,       ///< no answer: more was sent ahead than is kept
};

/// The status of the answer; 0 for none.
int status_of(Refusal refusal);
/// "BadRequestLine".
ByteView to_string(Refusal refusal);

// ---- both sides

/// Nothing came within the time that the options grant; the connection is to be closed.
struct TimedOut
{
};

// ---- server

/// What is the answer? Answer: respond.
struct RequestAsked
{
    Request request;
};

struct RequestRefused
{
    Refusal reason = Refusal::BadRequestLine;
    std::string line; ///< the line at fault, at most limits::quoted_bytes_max of it
};

/// The connection ended within a request.
struct ServerPeerVanished
{
    ServerState state = ServerState::ReadingHead;
};

using ServerEvent = std::variant<RequestAsked, RequestRefused, ServerPeerVanished, TimedOut>;

// ---- client

/// The final response to the oldest request that had none.
struct ResponseReceived
{
    Method asked = Method::Get;
    Response response;
};

/// The connection ended while responses were due.
struct ClientPeerVanished
{
    ClientState state = ClientState::AwaitingHead;
    std::size_t unanswered = 0; ///< requests
};

/// The peer speaks something else than HTTP (SMTP, POP3, TLS, ...), breaks its rules, or sends
/// more than is taken.
struct ProtocolViolation
{
    std::string line; ///< at most limits::quoted_bytes_max of it
};

using ClientEvent = std::variant<ResponseReceived, ClientPeerVanished, ProtocolViolation, TimedOut>;

} // namespace mailscope::http
