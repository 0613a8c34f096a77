// Reads and writes the lines of POP3; see grammar.h.
#include "sim/protocol/pop3/grammar.h"

#include "sim/core/text.h"

#include <array>
#include <cstring>
#include <limits>

namespace mailscope::pop3
{

namespace
{

/// In the order of Verb.
constexpr std::array<ByteView, 16> keywords = {"?",    "USER", "PASS", "AUTH", "CAPA", "STLS",
                                               "QUIT", "STAT", "LIST", "RETR", "DELE", "NOOP",
                                               "RSET", "TOP",  "UIDL", "APOP"};

constexpr std::uint64_t in_every_octet(std::uint64_t octet) { return octet * 0x0101010101010101U; }

/// Whether a line feed with a dot behind it begins in the eight octets at `text`; reads nine.
/// Eight at a time because letters go through here octet by octet.
bool has_leading_dot(const char *text)
{
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::memcpy(&first, text, sizeof first);
    std::memcpy(&second, text + 1, sizeof second);
    // An octet of `both` is zero where the pair begins; the rest asks for a zero octet.
    const std::uint64_t both = (first ^ in_every_octet('\n')) | (second ^ in_every_octet('.'));
    return ((both - in_every_octet(1)) & ~both & in_every_octet(0x80)) != 0;
}

/// The first dot behind `from` that begins a line, or the end. `from` must not be 0.
std::size_t next_leading_dot(ByteView text, std::size_t from)
{
    std::size_t line_end = from - 1;
    for (; line_end + 8 < text.size() && !has_leading_dot(text.data() + line_end);)
        line_end += 8;
    for (; line_end + 1 < text.size(); ++line_end)
        if (text[line_end] == '\n' && text[line_end + 1] == '.')
            return line_end + 1;
    return text.size();
}

/// The position behind the next line end, or the end.
std::size_t behind_line(ByteView text, std::size_t from)
{
    const std::size_t end = text.find('\n', from);
    return end == ByteView::npos ? text.size() : end + 1;
}

} // namespace

ByteView to_string(Verb verb) { return keywords[static_cast<std::size_t>(verb)]; }

Command parse_command(ByteView line)
{
    Command command;
    const std::size_t space = line.find(' ');
    command.keyword = line.substr(0, space);
    if (space != ByteView::npos)
        command.argument = line.substr(space + 1);
    for (std::size_t i = 1; i < keywords.size(); ++i)
        if (equals_ignoring_case(command.keyword, keywords[i]))
            command.verb = static_cast<Verb>(i);
    return command;
}

std::optional<Line> first_line(ByteView bytes)
{
    const std::size_t end = bytes.find('\n');
    if (end == ByteView::npos)
        return std::nullopt;
    ByteView text = bytes.substr(0, end);
    if (!text.empty() && text.back() == '\r')
        text.remove_suffix(1);
    return Line{text, end + 1};
}

std::optional<Reply> parse_reply(ByteView line)
{
    Reply reply;
    if (line.substr(0, 3) == "+OK")
        reply.positive = true;
    else if (line.substr(0, 4) != "-ERR")
        return std::nullopt;
    reply.text = line.substr(reply.positive ? 3 : 4);
    if (!reply.text.empty() && reply.text.front() != ' ')
        return std::nullopt;
    reply.text = reply.text.substr(reply.text.empty() ? 0 : 1);
    return reply;
}

ByteView response_code(ByteView text)
{
    const std::size_t end = text.find(']');
    if (text.empty() || text.front() != '[' || end == ByteView::npos)
        return ByteView();
    return text.substr(1, end - 1);
}

std::optional<std::uint32_t> take_number(ByteView &text)
{
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::optional<std::uint64_t> number = parse_decimal(text.substr(0, end));
    if (!number || *number > std::numeric_limits<std::uint32_t>::max())
        return std::nullopt;
    if (end != text.size() && text[end] != ' ')
        return std::nullopt;
    text.remove_prefix(std::min(end + 1, text.size()));
    return static_cast<std::uint32_t>(*number);
}

void append_multiline(OutputBuffer &out, ByteView content)
{
    std::size_t written = 0;
    if (!content.empty() && content.front() == '.')
        out.append(".");
    while (written < content.size()) {
        const std::size_t dot = next_leading_dot(content, written + 1);
        out.append(content.substr(written, dot - written));
        if (dot < content.size())
            out.append(".");
        written = dot;
    }
    if (!content.empty() && content.back() != '\n')
        out.append("\r\n");
    out.append(".\r\n");
}

ByteView top_of(ByteView letter, std::uint32_t body_lines)
{
    std::size_t end = 0;
    for (bool in_header = true; in_header && end < letter.size();) {
        const std::size_t next = behind_line(letter, end);
        in_header = letter[end] != '\n' && letter.substr(end, 2) != "\r\n";
        end = next;
    }
    while (body_lines-- > 0 && end < letter.size())
        end = behind_line(letter, end);
    return letter.substr(0, end);
}

bool MultilineReader::read(ByteView &bytes, std::string &content)
{
    while (!bytes.empty()) {
        if (at_line_start_ && bytes.front() == '.') {
            const bool has_cr = bytes.size() > 1 && bytes[1] == '\r';
            const std::size_t line_end = has_cr ? 2 : 1;
            if (bytes.size() <= line_end)
                return false;
            if (bytes[line_end] == '\n') {
                bytes.remove_prefix(line_end + 1);
                return true;
            }
            bytes.remove_prefix(1);
        }
        const std::size_t end = next_leading_dot(bytes, 1);
        content.append(bytes.substr(0, end));
        at_line_start_ = bytes[end - 1] == '\n';
        bytes.remove_prefix(end);
    }
    return false;
}

} // namespace mailscope::pop3
