// The words of HTTP/1.1: messages and their framing (RFC 9112), methods and statuses (RFC 9110).
//
// A message is a start line, field lines, an empty line and content whose end must be known to
// both sides alike: who disagrees about it can be made to read one message as two (request
// smuggling, RFC 9112 11.2). So this file is strict where the RFC allows it: lines end in CRLF
// alone, no line is folded, no length is guessed. It reads and writes forms and knows no order.
#pragma once

#include "sim/core/bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::http
{

/// What a peer can make an engine hold or do, and the reason for each number.
namespace limits
{
/// A request line: what RFC 9112 3 recommends at least, and what common servers take.
inline constexpr std::size_t start_line_bytes_max = 8000;
/// All field lines of a message, or of a trailer; no RFC number, what common servers take.
inline constexpr std::size_t head_bytes_max = 32U << 10U;
inline constexpr std::size_t fields_max = 100;
/// The line before a chunk: its size and extensions nobody reads (RFC 9112 7.1.1 asks for a limit).
inline constexpr std::size_t chunk_line_bytes_max = 256;
/// Empty lines before a request that are forgiven (RFC 9112 2.2: at least one).
inline constexpr unsigned empty_lines_max = 4;
/// Requests sent ahead of their answers that a server keeps (RFC 9112 9.3.2 sets no limit).
inline constexpr std::size_t pipelined_bytes_max = 64U << 10U;
/// Requests that a client has under way at a time.
inline constexpr std::size_t pipelined_requests_max = 16;
/// Memory that a side sets aside on the peer's word about a length.
inline constexpr std::uint64_t content_reserve_max = 1U << 20U;
/// Pieces in which chunked content is sent.
inline constexpr std::size_t chunk_bytes = 4096;
/// What an event quotes of a peer's line.
inline constexpr std::size_t quoted_bytes_max = 80;
} // namespace limits

/// The methods of RFC 9110 9.3, and PATCH (RFC 5789).
enum class Method : std::uint8_t
{
    Unknown, ///< none of the others
    Get,
    Head,
    Post,
    Put,
    Delete,
    Connect,
    Options,
    Trace,
    Patch,
};

/// "GET"; "?" for Unknown.
ByteView to_string(Method method);

/// Methods are compared with case (RFC 9110 9.1).
Method parse_method(ByteView word);

/// The words that go with a status code (RFC 9110 15); "Unknown" for a code without any.
ByteView reason_phrase(int status);

/// A field line: name and value, the value without the white space around it.
struct Field
{
    std::string name;
    std::string value;
};
using Fields = std::vector<Field>;

/// The first field of that name, in any case; nullptr when there is none.
const std::string *find_field(const Fields &fields, ByteView name);
std::size_t count_fields(const Fields &fields, ByteView name);

/// Whether a comma-separated list (RFC 9110 5.6.1), over all fields of that name, has a member,
/// compared without case: has_member(fields, "Connection", "close").
bool has_member(const Fields &fields, ByteView name, ByteView member);

/// The line at the front of `bytes`, without its line end.
struct Line
{
    ByteView text;
    std::size_t taken = 0;
    /// Ended by CRLF and without a bare CR inside: a bare LF may be recognised and a bare CR must
    /// not be (RFC 9112 2.2); neither is here.
    bool well_ended = true;
};
/// Nothing while there is no line end.
std::optional<Line> first_line(ByteView bytes);

/// "GET /mail HTTP/1.1" (RFC 9112 3), the views point into the line.
struct RequestLine
{
    ByteView method;
    ByteView target;
    unsigned major = 0;
    unsigned minor = 0;
};
/// Nothing when the line has not exactly this form; HTTP/0.9 has it not.
std::optional<RequestLine> parse_request_line(ByteView line);

/// "HTTP/1.1 404 Not Found" (RFC 9112 4); the reason may be empty.
struct StatusLine
{
    unsigned major = 0;
    unsigned minor = 0;
    int status = 0; ///< 100 to 999
    ByteView reason;
};
std::optional<StatusLine> parse_status_line(ByteView line);

/// "Name: value" (RFC 9112 5). Nothing for what is no field line; white space before the colon
/// makes it none (RFC 9112 5.1). A folded line is none either (RFC 9112 5.2).
std::optional<Field> parse_field_line(ByteView line);

/// A target in origin form, absolute form or "*" (RFC 9112 3.2) by its parts.
struct Target
{
    std::string path;  ///< "/mail/7", still percent-encoded; "*" for the whole server
    std::string query; ///< behind "?", without it
};
std::optional<Target> parse_target(ByteView target);

/// Why the end of a message's content cannot be told.
enum class FramingProblem : std::uint8_t
{
    None,
    LengthAndCoding,    ///< Content-Length and Transfer-Encoding (RFC 9112 6.1)
    BadLength,          ///< no number, or one that is too large (RFC 9112 6.3, rule 5)
    LengthsDiffer,      ///< several Content-Lengths (RFC 9112 6.3, rule 5)
    UnknownCoding,      ///< a transfer coding beside chunked (RFC 9112 6.1: 501)
    ChunkedNotLast,     ///< chunked twice, or not the last coding (RFC 9112 6.3, rule 4)
    CodingInOldVersion, ///< Transfer-Encoding in HTTP/1.0 (RFC 9112 6.1)
};

/// Where a message's content ends (RFC 9112 6.3).
struct Framing
{
    enum class Kind : std::uint8_t
    {
        None,
        Length,
        Chunked,
        UntilClose, ///< responses only
    };
    Kind kind = Kind::None;
    std::uint64_t length = 0;
    FramingProblem problem = FramingProblem::None;
};
Framing framing_of_request(const Fields &fields, unsigned minor);
/// `asked`: the request's method; a response to HEAD has no content whatever its fields say.
Framing framing_of_response(const Fields &fields, unsigned minor, int status, Method asked);

/// Whether the connection ends after this message (RFC 9112 9.3).
bool ends_connection(const Fields &fields, unsigned minor);

/// Reads chunked content (RFC 9112 7.1) in pieces of any size. Trailer fields are read over, as
/// RFC 9110 6.5.1 permits: none means anything to mail.
class ChunkReader
{
public:
    enum class Result : std::uint8_t
    {
        More,
        Complete,
        Bad,
        TooLarge ///< more than `content_max`
    };

    /// Moves what belongs to the content from the front of `bytes` to the end of `content`. What
    /// stays in `bytes` is to be shown again with what follows it.
    Result read(ByteView &bytes, std::string &content, std::uint64_t content_max);

private:
    enum class Stage : std::uint8_t
    {
        Size,
        Data,
        DataEnd, ///< the CRLF behind the data
        Trailer
    };

    Result read_line(ByteView &bytes, std::uint64_t room);

    Stage stage_ = Stage::Size;
    std::uint64_t left_ = 0;        ///< of the chunk
    std::size_t trailer_bytes_ = 0; ///< read so far
};

/// Appends `content` in chunks, with the last one.
void append_chunked(std::string &out, ByteView content);

/// Whether a field may be sent: a token and a value without line ends (RFC 9110 5.1, 5.5).
bool is_sendable(const Field &field);

} // namespace mailscope::http
