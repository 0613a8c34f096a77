// The words of POP3 (RFC 1939, with CAPA of RFC 2449, AUTH of RFC 5034, STLS of RFC 2595).
//
// One command is one line; one reply is a status line, some replies continue with lines up to a
// single dot. This file reads and writes these forms and knows no order of commands (states.h).
// It is forgiving where servers in the field are: a line may end in LF alone. A dot that begins a
// line is doubled on the way and the reader takes it away again (RFC 1939 3).
#pragma once

#include "sim/core/bytes.h"
#include "sim/protocol/engine.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mailscope::pop3
{

/// What a peer can make an engine hold or do, and the reason for each number.
namespace limits
{
/// A command or a response of AUTH. RFC 2449 4 asks for 255 at least; Dovecot takes 8192.
inline constexpr std::size_t command_bytes_max = 8192;
/// Commands sent ahead of their replies that a server keeps (RFC 2449 6.6 sets no limit).
inline constexpr std::size_t pipelined_bytes_max = 64U << 10U;
/// Bad commands before the server hangs up, before and after login: Dovecot's numbers.
inline constexpr unsigned bad_commands_before_login_max = 3;
inline constexpr unsigned bad_commands_max = 20;
/// The first line of a reply, with its CRLF (RFC 2449 4); twice that is forgiven.
inline constexpr std::size_t reply_line_bytes_max = 1024;
/// A client's memory for listings: 100,000 letters with unique ids of 70 octets.
inline constexpr std::size_t listing_bytes_max = 8U << 20U;
/// Commands that a client has under way at a time; their lines fit into one segment.
inline constexpr std::size_t pipelined_commands_max = 32;
/// The longest unique id (RFC 1939 7, UIDL).
inline constexpr std::size_t unique_id_bytes_max = 70;
/// The longest command that a client sends (RFC 2449 4).
inline constexpr std::size_t short_command_bytes_max = 255;
/// Memory that a client sets aside on a server's word about a letter's size.
inline constexpr std::uint32_t letter_reserve_max = 1U << 20U;
/// What an event quotes of a peer's line.
inline constexpr std::size_t quoted_bytes_max = 80;
/// A server's patience with a silent client (RFC 1939 3: at least 10 minutes).
inline constexpr Duration idle_min = 10min;
} // namespace limits

/// A command's keyword.
enum class Verb : std::uint8_t
{
    Unknown, ///< none of the others
    User,
    Pass,
    Auth,
    Capa,
    Stls,
    Quit,
    Stat,
    List,
    Retr,
    Dele,
    Noop,
    Rset,
    Top,
    Uidl,
    Apop,
};

/// The keyword in capitals, as it goes over the wire; "?" for Unknown.
ByteView to_string(Verb verb);

/// One command line; the views point into the line.
struct Command
{
    Verb verb = Verb::Unknown;
    ByteView keyword;  ///< as the client wrote it
    ByteView argument; ///< all after the first space: a password may contain spaces (RFC 1939 7)
};

/// Splits a line without its line end. Never fails: what is no command is Verb::Unknown.
Command parse_command(ByteView line);

/// The line at the front of `bytes`, without its line end (CRLF, or LF alone), and how much of
/// `bytes` it takes; nothing while the line end is missing.
struct Line
{
    ByteView text;
    std::size_t taken = 0;
};
std::optional<Line> first_line(ByteView bytes);

/// A reply's first line: the status and the text behind it.
struct Reply
{
    bool positive = false;
    ByteView text; ///< behind the status and a space, with the response code
};

/// "+OK ..." or "-ERR ..."; nothing for any other line, which is no POP3.
std::optional<Reply> parse_reply(ByteView line);

/// The response code at the start of a reply's text, such as "IN-USE" of "[IN-USE] Sorry"
/// (RFC 2449 8), as written; empty when there is none.
ByteView response_code(ByteView text);

/// Takes a number and one space off the front of `text`; nothing when it starts with no number,
/// the number does not fit, or something else than a space follows it.
std::optional<std::uint32_t> take_number(ByteView &text);

/// Appends `content` as the body of a multi-line reply: leading dots doubled, the last line ended,
/// a single dot behind it. Cost: one pass, one copy.
void append_multiline(OutputBuffer &out, ByteView content);

/// The part of a letter that TOP shows: the header, the empty line and `body_lines` lines.
ByteView top_of(ByteView letter, std::uint32_t body_lines);

/// Reads a multi-line body back, in pieces of any size.
class MultilineReader
{
public:
    /// Moves what belongs to the body from the front of `bytes` to the end of `content`, without
    /// doubled dots. True when the ending dot was read; bytes behind it stay. Otherwise up to two
    /// bytes stay in `bytes` to be shown again with what follows them.
    bool read(ByteView &bytes, std::string &content);

private:
    bool at_line_start_ = true;
};

} // namespace mailscope::pop3
