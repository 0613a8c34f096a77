// The wire format of IMAP4rev1 (RFC 3501 9): commands, their arguments, and what answers write.
//
// A command is one line, but a string in it may be a literal: "{5}" at the end of the line, and
// then five octets of anything, after which the line goes on. The framing puts a command together
// with its literals in place; the ArgumentReader here then reads it from front to back. It is
// forgiving where servers in the field are: a line may end in LF alone. This file knows no order of
// commands (states.h) and no mailbox.
#pragma once

#include "sim/core/bytes.h"
#include "sim/mail/date.h"
#include "sim/protocol/engine.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::imap
{

/// What a peer can make an engine hold or do, and the reason for each number.
namespace limits
{
/// A command without its literals: Dovecot's imap_max_line_length.
inline constexpr std::size_t command_bytes_max = 64U << 10U;
/// A literal that is no message: a name, a password, a text to search for.
inline constexpr std::size_t literal_bytes_max = 64U << 10U;
/// A message given by APPEND: twice what common servers take by SMTP.
inline constexpr std::size_t append_bytes_max = 100U << 20U;
/// Commands sent ahead of their answers that a server keeps.
inline constexpr std::size_t pipelined_bytes_max = 256U << 10U;
/// A tag; clients use four to ten characters.
inline constexpr std::size_t tag_bytes_max = 64;
/// Ranges of one sequence set; a client that has every second of 10,000 letters needs 5,000.
inline constexpr std::size_t sequence_ranges_max = 10'000;
/// Search keys of one SEARCH, and how deep NOT, OR and parentheses nest.
inline constexpr std::size_t search_keys_max = 1000;
inline constexpr std::size_t search_depth_max = 32;
/// Items of one FETCH or STATUS, fields of one HEADER.FIELDS.
inline constexpr std::size_t fetch_items_max = 100;
inline constexpr std::size_t header_fields_max = 200;
/// Levels of a section such as BODY[1.2.3]; parts nest no deeper (mail/limits.h).
inline constexpr std::size_t section_levels_max = 32;
/// Flags in one list: the system's and twice the keywords that a folder holds.
inline constexpr std::size_t flags_max = 64;
/// One flag's name.
inline constexpr std::size_t flag_bytes_max = 100;
/// Pairs of ID (RFC 2971 3.3).
inline constexpr std::size_t id_values_max = 60;
/// Bad commands before the server hangs up, before and after login: Dovecot's numbers.
inline constexpr unsigned bad_commands_before_login_max = 3;
inline constexpr unsigned bad_commands_max = 20;
/// A server's response without its literals.
inline constexpr std::size_t response_bytes_max = 64U << 10U;
/// Letters of a folder that a client lists, and folders.
inline constexpr std::size_t listed_max = 1'000'000;
inline constexpr std::size_t folders_max = 10'000;
/// Values inside one another in a response; BODYSTRUCTURE, which we do not ask for, has most.
inline constexpr std::size_t value_depth_max = 64;
/// How long a client listens before it asks again (RFC 2177 3: 29 minutes).
inline constexpr Duration idle_renewed_after = 29min;
/// What an event quotes of a peer's line.
inline constexpr std::size_t quoted_bytes_max = 80;
/// A server's patience with a silent client (RFC 3501 5.4: at least 30 minutes).
inline constexpr Duration idle_min = 30min;
} // namespace limits

/// A command's name. Those behind UID count as themselves.
enum class Verb : std::uint8_t
{
    Unknown, ///< none of the others
    Capability,
    Noop,
    Logout,
    Id,
    StartTls,
    Authenticate,
    Login,
    Select,
    Examine,
    Create,
    Delete,
    Rename,
    Subscribe,
    Unsubscribe,
    List,
    Lsub,
    Namespace,
    Status,
    Append,
    Idle,
    GetQuotaRoot,
    GetQuota,
    SetQuota,
    Check,
    Close,
    Unselect,
    Expunge,
    Search,
    Fetch,
    Store,
    Copy,
    Move,
};

/// The name in capitals, as it goes over the wire; "?" for Unknown.
ByteView to_string(Verb verb);

/// The verb of a name, in any case.
Verb parse_verb(ByteView name);

/// The line at the front of `bytes`, without its line end (CRLF, or LF alone), and how much of
/// `bytes` it takes; nothing while the line end is missing.
struct Line
{
    ByteView text;
    std::size_t taken = 0;
};
std::optional<Line> first_line(ByteView bytes);

/// The literal that a line announces at its end (RFC 3501 4.3, RFC 7888).
struct LiteralAnnounced
{
    std::uint64_t size = 0;
    bool waits = true; ///< for the server's "+"; false for "{5+}"
};
std::optional<LiteralAnnounced> announced_literal(ByteView line);

/// Reads a command's arguments, or a response's values, from front to back. What cannot be read
/// gives nothing; the position is then of no use.
class ArgumentReader
{
public:
    explicit ArgumentReader(ByteView text) : text_(text) {}

    bool at_end() const { return position_ == text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[position_]; }
    ByteView rest() const { return text_.substr(position_); }

    /// Takes the next character when it is `c`.
    bool take(char c);
    bool space() { return take(' '); }
    /// Takes a word in any case; it need not end there.
    bool take_word(ByteView word);

    /// One or more ATOM-CHARs.
    std::optional<ByteView> atom();
    /// An atom in which "]" counts, a quoted string or a literal.
    std::optional<std::string> astring();
    /// A quoted string or a literal.
    std::optional<std::string> string();
    /// An astring in which "%" and "*" count: the pattern of LIST.
    std::optional<std::string> list_pattern();
    /// What is no blank and no parenthesis: a flag, a fetch item's name, a sequence set.
    std::optional<ByteView> word();
    /// A number of 32 bits.
    std::optional<std::uint32_t> number();
    /// "(a b c)" of atoms or flags, may be empty.
    std::optional<std::vector<std::string>> word_list(std::size_t most);

private:
    template <class Belongs> ByteView run(Belongs belongs);
    std::optional<std::string> quoted();
    std::optional<std::string> literal();

    ByteView text_;
    std::size_t position_ = 0;
};

/// One command taken apart.
struct Command
{
    std::string tag;
    Verb verb = Verb::Unknown;
    bool by_uid = false;       ///< it came behind UID
    std::string name;          ///< in capitals, with "UID " where it was there
    std::size_t arguments = 0; ///< where they begin, behind a space
};

/// Reads tag and name. Nothing when the line begins with no tag.
std::optional<Command> parse_command(ByteView command);

/// Numbers of letters or their UIDs (RFC 3501 9, sequence-set).
struct SequenceRange
{
    std::uint32_t first = 0; ///< 0 stands for "*", the largest there is
    std::uint32_t last = 0;
};
using SequenceSet = std::vector<SequenceRange>;

/// "2,4:7,12:*"; nothing when malformed, when a number is 0, or beyond the limit.
std::optional<SequenceSet> parse_sequence_set(ByteView text);

/// The ranges in rising order, disjoint, with "*" and what lies above it as `largest`. With
/// `largest` 0 there are none.
SequenceSet resolved(const SequenceSet &set, std::uint32_t largest);

/// Rising numbers as a short set: "1:3,7". Empty for none.
std::string sequence_text(const std::vector<std::uint32_t> &numbers);

/// A system flag's bit (mail::letter_flag) by its name with the backslash, in any case; 0 for any
/// other, "\Recent" among them.
std::uint32_t system_flag(ByteView name);

/// "\Answered \Flagged" for the bits, then the keywords, "\Recent" between them when `recent`.
std::string flags_text(std::uint32_t flags, bool recent, const std::vector<std::string> &keywords);

/// True for a keyword that a client may make: an atom without a backslash.
bool is_keyword(ByteView name);

/// `"01-Jan-2026 09:00:00 +0900"` without its quotes (RFC 3501 9, date-time).
std::optional<mail::DateTime> parse_date_time(ByteView text);
std::string date_time_text(mail::DateTime date);

/// "1-Jan-2026", as SEARCH writes a day; days since 1970.
std::optional<std::int64_t> parse_day(ByteView text);

/// Appends a string in its shortest form: quoted, or a literal when it must be one.
void append_string(std::string &out, ByteView text);
/// The same for text of a header field: an atom "NIL" when there is none.
void append_nstring(std::string &out, const std::optional<std::string> &text);
/// A mailbox name: an atom, or a string.
void append_astring(std::string &out, ByteView text);

} // namespace mailscope::imap
