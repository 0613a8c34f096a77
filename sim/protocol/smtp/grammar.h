// The words of SMTP: commands, paths, parameters, replies, and the limits on all of them.
//
// Both sides and their owners read and write SMTP through this file, so that the grammar stands in
// one place. It decides nothing: whether a recipient exists or a message is too large is answered
// elsewhere. Parsers look at the received line in place and hand back views into it.
//
// RFC 5321 (4.1 commands, 4.2 replies, 4.5.3 limits), RFC 1870 (SIZE), 6152 (BODY), 6531
// (SMTPUTF8), 3461 (RET, ENVID, NOTIFY, ORCPT), 3030 (BDAT), 2034 and 3463 (enhanced codes).
#pragma once

#include "sim/core/bytes.h"
#include "sim/protocol/engine.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailscope::smtp
{

namespace limits
{
/// A command line with its CRLF that every server takes (RFC 5321 4.5.3.1.4).
inline constexpr std::size_t command_line_min = 512;
/// What a server reads of a command line; the rest of a longer one is ignored, as Postfix does.
inline constexpr std::size_t command_line_max = 2048;
/// A line of an AUTH exchange (RFC 4954 4).
inline constexpr std::size_t auth_line_max = 12288;
/// One line of a reply; RFC 5321 4.5.3.1.5 asks for 512, real servers send more.
inline constexpr std::size_t reply_line_max = 2048;
/// Lines of one reply; the longest EHLO replies have about 20.
inline constexpr std::size_t reply_lines_max = 100;
/// A line of text without its CRLF (RFC 5321 4.5.3.1.6, RFC 5322 2.1.1). Longer ones are taken.
inline constexpr std::size_t text_line_max = 998;
/// A path with its punctuation (RFC 5321 4.5.3.1.3); addresses may fill one command line.
inline constexpr std::size_t path_max = 256;
/// Recipients that every server must take (RFC 5321 4.5.3.1.8), and what Postfix takes.
inline constexpr std::uint32_t recipients_min = 100;
inline constexpr std::uint32_t recipients_default = 1000;
/// A server hangs up after so many errors (Postfix: smtpd_hard_error_limit).
inline constexpr std::uint32_t errors_default = 20;
/// The size that Postfix announces unless told otherwise, in octets.
inline constexpr std::uint64_t message_size_default = 10'240'000;
/// ENVID and ORCPT as written (RFC 3461 4.4 and 4.2).
inline constexpr std::size_t envid_max = 100;
inline constexpr std::size_t orcpt_max = 500;
/// Input kept while the owner has not answered yet; more than any client pipelines.
inline constexpr std::size_t waiting_input_max = 1U << 20U;
/// Memory that is set aside for a letter on the word of the client's SIZE.
inline constexpr std::uint64_t trusted_size_max = 64U << 10U;
/// A text line longer than this is kept in pieces, so that no line has to fit a buffer.
inline constexpr std::size_t open_line_max = 4096;
} // namespace limits

/// The commands that a server knows by name.
enum class Verb : std::uint8_t
{
    Helo,
    Ehlo,
    Lhlo, ///< LMTP's EHLO (RFC 2033 4.1)
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Etrn,
    Quit,
    StartTls,
    Auth,
    Help,
    Unknown, ///< anything else, EXPN among it
};

/// "MAIL", "STARTTLS"; "?" for Unknown.
std::string_view to_string(Verb verb);

/// One command line taken apart; views into it.
struct Command
{
    Verb verb = Verb::Unknown;
    std::string_view word;      ///< the verb as the client wrote it
    std::string_view arguments; ///< what follows, without spaces at both ends
};

/// Splits a line that has no line end. Leading spaces are skipped, as Postfix does; verbs compare
/// without regard to case (RFC 5321 2.4).
Command parse_command(std::string_view line);

/// The text at the front of `rest` up to a space, which is then removed with the spaces around it.
std::string_view take_word(std::string_view &rest);

/// How much a path may depart from RFC 5321 4.1.2.
enum class PathSyntax : std::uint8_t
{
    Lenient, ///< angle brackets may be missing, the local part may be empty
    Strict,
};

/// A path taken apart; views into the command line.
struct ParsedPath
{
    std::string_view mailbox; ///< without brackets and source route; empty for "<>"
    std::string_view rest;    ///< the parameters behind it
};

/// Reads the path at the start of `text`. A source route is accepted and ignored (RFC 5321
/// 4.1.1.3). The mailbox may lack a domain ("<postmaster>"); octets above 127 may stand in it.
/// Nothing when it is no path.
std::optional<ParsedPath> parse_path(std::string_view text, PathSyntax syntax);

/// What is wrong with the path at the start of `text`, in the words of Exim 4.96: "<a@@b>: domain
/// missing or malformed". `role` is "sender" or "recipient".
std::string describe_bad_path(std::string_view text, std::string_view role);

/// The mailbox without quotes where none are needed: "alice"@example.test is alice@example.test
/// (RFC 5321 4.1.2: both forms name the same mailbox).
std::string unquoted_mailbox(std::string_view mailbox);

/// One "KEYWORD=value" behind a path; the value is empty and `has_value` false without "=".
struct Parameter
{
    std::string_view text; ///< as written
    std::string_view keyword;
    std::string_view value;
    bool has_value = false;
};

/// Takes the next parameter off the front of `rest`; nothing when there is no more.
std::optional<Parameter> take_parameter(std::string_view &rest);

/// What the BODY parameter declares (RFC 6152).
enum class Body : std::uint8_t
{
    Unsaid,
    SevenBit,
    EightBitMime
};

/// What a report of failure shall bring back (RFC 3461 4.3).
enum class Return : std::uint8_t
{
    Unsaid,
    Full,
    Headers
};

/// When a recipient's sender wants a report (RFC 3461 4.1): a set; none set means unsaid.
struct Notify
{
    bool never = false;
    bool success = false;
    bool failure = false;
    bool delay = false;

    constexpr bool unsaid() const { return !never && !success && !failure && !delay; }
    friend constexpr bool operator==(Notify a, Notify b)
    {
        return a.never == b.never && a.success == b.success && a.failure == b.failure &&
               a.delay == b.delay;
    }
};

/// "SUCCESS,DELAY" or "NEVER", any case; nothing when it is neither.
std::optional<Notify> parse_notify(std::string_view value);

/// "SUCCESS,FAILURE"; empty when unsaid.
std::string to_string(Notify notify);

/// True for well-formed xtext (RFC 3461 4).
bool is_xtext(std::string_view text);

/// `text` as xtext.
std::string xtext_encode(std::string_view text);

/// The text that well-formed xtext stands for.
std::string xtext_decode(std::string_view xtext);

/// One recipient of a transaction.
struct Recipient
{
    std::string address; ///< without angle brackets
    Notify notify;
    std::string orcpt; ///< ORCPT as written, "rfc822;" and xtext; empty when unsaid
};

/// The envelope of one transaction (RFC 5321 2.3.1).
struct Envelope
{
    std::string reverse_path; ///< without angle brackets; empty is the null path of reports
    std::vector<Recipient> recipients;
    std::uint64_t size = 0; ///< declared octets (RFC 1870); 0 is unsaid
    Body body = Body::Unsaid;
    Return ret = Return::Unsaid;
    bool smtputf8 = false;
    std::string envid; ///< as written (xtext); empty when unsaid
};

/// An enhanced status code (RFC 3463); all zero means none.
struct EnhancedStatus
{
    std::uint8_t kind = 0; ///< the class: 2, 4 or 5
    std::uint16_t subject = 0;
    std::uint16_t detail = 0;

    constexpr bool is_none() const { return kind == 0; }
    friend constexpr bool operator==(EnhancedStatus a, EnhancedStatus b)
    {
        return a.kind == b.kind && a.subject == b.subject && a.detail == b.detail;
    }
};

/// "5.1.1"; empty for none.
std::string to_string(EnhancedStatus status);

/// Takes "x.y.z" and the space behind it off the front of `text`; none when there is no such code.
EnhancedStatus take_status(std::string_view &text);

/// A reply: three digits, an enhanced status where the server gives one, text.
struct Reply
{
    int code = 0; ///< 200 to 599; 0 is no reply
    EnhancedStatus status;
    std::string text; ///< '\n' between lines, no line end at the end

    constexpr bool is_positive() const { return code >= 200 && code < 300; }
    constexpr bool is_intermediate() const { return code >= 300 && code < 400; }
    constexpr bool is_transient() const { return code >= 400 && code < 500; }
    constexpr bool is_permanent() const { return code >= 500 && code < 600; }
};

/// Code, status and text on one line, as a log shows it: "550 5.1.1 User unknown".
std::string to_string(const Reply &reply);

/// Appends the reply as it goes over the wire (RFC 5321 4.2): each line with the code and, where
/// there is one, the status (RFC 2034 4), "-" behind the code of all but the last, CRLF.
void encode_reply(OutputBuffer &out, int code, EnhancedStatus status, std::string_view text);

/// Collects the lines of one reply. Fed with lines without their line ends.
class ReplyParser
{
public:
    enum class Status : std::uint8_t
    {
        Incomplete,
        Complete,
        Malformed
    };

    /// Reads one line. Complete: reply() is whole, and the next line begins a new one.
    /// Malformed: the line belongs to no reply (RFC 5321 4.2), or the reply is over the limits.
    Status add(std::string_view line);

    /// The reply so far. Its text starts behind the enhanced status of each line.
    const Reply &reply() const { return reply_; }

private:
    Reply reply_;
    std::size_t lines_ = 0;
    bool complete_ = true;
};

/// What a server offered in its EHLO reply.
struct ServerOffers
{
    bool esmtp = false; ///< EHLO was accepted
    bool pipelining = false;
    bool starttls = false;
    bool auth_plain = false;
    bool auth_login = false;
    bool eight_bit_mime = false;
    bool dsn = false;
    bool smtputf8 = false;
    bool enhanced_status = false;
    bool size = false;
    std::uint64_t size_limit = 0; ///< 0: none announced
};

/// Reads the text of an EHLO reply: the first line is a greeting, each further one a keyword with
/// parameters (RFC 5321 4.1.1.1).
ServerOffers parse_offers(std::string_view ehlo_text);

} // namespace mailscope::smtp
