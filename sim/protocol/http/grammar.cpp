// Reads and writes the forms of HTTP/1.1; see grammar.h.
#include "sim/protocol/http/grammar.h"

#include "sim/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace mailscope::http
{

namespace
{

/// In the order of Method.
constexpr std::array<ByteView, 10> methods = {"?",      "GET",     "HEAD",    "POST",  "PUT",
                                              "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

struct Phrase
{
    int status;
    ByteView words;
};
/// Those that the engines and their owners say (RFC 9110 15).
constexpr std::array<Phrase, 31> phrases = {{{100, "Continue"},
                                             {200, "OK"},
                                             {201, "Created"},
                                             {202, "Accepted"},
                                             {204, "No Content"},
                                             {301, "Moved Permanently"},
                                             {302, "Found"},
                                             {303, "See Other"},
                                             {304, "Not Modified"},
                                             {307, "Temporary Redirect"},
                                             {308, "Permanent Redirect"},
                                             {400, "Bad Request"},
                                             {401, "Unauthorized"},
                                             {403, "Forbidden"},
                                             {404, "Not Found"},
                                             {405, "Method Not Allowed"},
                                             {406, "Not Acceptable"},
                                             {408, "Request Timeout"},
                                             {409, "Conflict"},
                                             {411, "Length Required"},
                                             {413, "Content Too Large"},
                                             {414, "URI Too Long"},
                                             {415, "Unsupported Media Type"},
                                             {417, "Expectation Failed"},
                                             {422, "Unprocessable Content"},
                                             {431, "Request Header Fields Too Large"},
                                             {500, "Internal Server Error"},
                                             {501, "Not Implemented"},
                                             {503, "Service Unavailable"},
                                             {505, "HTTP Version Not Supported"},
                                             {507, "Insufficient Storage"}}};

/// A character of a token (RFC 9110 5.6.2).
bool is_token_char(char c)
{
    return is_ascii_letter(c) || is_ascii_digit(c) ||
           ByteView("!#$%&'*+-.^_`|~").find(c) != ByteView::npos;
}

bool is_token(ByteView text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

/// A character of a field value: visible, space, tab, or beyond ASCII (RFC 9110 5.5).
bool is_value_char(char c)
{
    const unsigned char octet = static_cast<unsigned char>(c);
    return (octet >= 0x20 && octet != 0x7F) || octet == '\t';
}

bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

/// "HTTP/1.1" (RFC 9112 2.3).
bool parse_version(ByteView word, unsigned &major, unsigned &minor)
{
    if (word.size() != 8 || word.substr(0, 5) != "HTTP/" || !is_ascii_digit(word[5]) ||
        word[6] != '.' || !is_ascii_digit(word[7]))
        return false;
    major = static_cast<unsigned>(word[5] - '0');
    minor = static_cast<unsigned>(word[7] - '0');
    return true;
}

/// Calls `visit(member)` for each member of a comma-separated list (RFC 9110 5.6.1).
template <class Visitor> void for_each_member(const Fields &fields, ByteView name, Visitor visit)
{
    for (const Field &field : fields) {
        if (!equals_ignoring_case(field.name, name))
            continue;
        ByteView rest = field.value;
        for (bool more = true; more;) {
            const std::size_t comma = rest.find(',');
            if (const ByteView member = trim(rest.substr(0, comma)); !member.empty())
                visit(member);
            more = comma != ByteView::npos;
            rest.remove_prefix(more ? comma + 1 : rest.size());
        }
    }
}

/// What Transfer-Encoding says (RFC 9112 6.1).
struct Codings
{
    std::size_t count = 0;
    std::size_t chunked = 0;
    bool chunked_last = false;
};

Codings codings_of(const Fields &fields)
{
    Codings codings;
    for_each_member(fields, "Transfer-Encoding", [&](ByteView coding) {
        ++codings.count;
        codings.chunked_last = equals_ignoring_case(coding, "chunked");
        codings.chunked += codings.chunked_last ? 1U : 0U;
    });
    return codings;
}

/// The one Content-Length. Equal lengths, which the RFC lets a recipient take for one, are one.
void read_length(const Fields &fields, Framing &framing)
{
    std::optional<std::uint64_t> length;
    framing.kind = Framing::Kind::Length;
    if (find_field(fields, "Content-Length")->empty()) // a list without members
        framing.problem = FramingProblem::BadLength;
    for_each_member(fields, "Content-Length", [&](ByteView member) {
        const std::optional<std::uint64_t> number = parse_decimal(member);
        if (!number)
            framing.problem = FramingProblem::BadLength;
        else if (length && *length != *number)
            framing.problem = FramingProblem::LengthsDiffer;
        else
            length = number;
    });
    if (!length && framing.problem == FramingProblem::None)
        framing.problem = FramingProblem::BadLength;
    framing.length = length.value_or(0);
}

std::optional<std::uint64_t> parse_chunk_size(ByteView digits)
{
    std::uint64_t size = 0;
    if (digits.empty())
        return std::nullopt;
    for (const char c : digits) {
        const char lower = ascii_lower(c);
        const bool is_letter = lower >= 'a' && lower <= 'f';
        if ((!is_ascii_digit(c) && !is_letter) || size > (std::uint64_t{1} << 59U))
            return std::nullopt;
        size = size * 16 + static_cast<std::uint64_t>(is_letter ? lower - 'a' + 10 : c - '0');
    }
    return size;
}

} // namespace

ByteView to_string(Method method) { return methods[static_cast<std::size_t>(method)]; }

Method parse_method(ByteView word)
{
    for (std::size_t i = 1; i < methods.size(); ++i)
        if (methods[i] == word)
            return static_cast<Method>(i);
    return Method::Unknown;
}

ByteView reason_phrase(int status)
{
    for (const Phrase &phrase : phrases)
        if (phrase.status == status)
            return phrase.words;
    return "Unknown";
}

const std::string *find_field(const Fields &fields, ByteView name)
{
    for (const Field &field : fields)
        if (equals_ignoring_case(field.name, name))
            return &field.value;
    return nullptr;
}

std::size_t count_fields(const Fields &fields, ByteView name)
{
    return static_cast<std::size_t>(
        std::count_if(fields.begin(), fields.end(),
                      [&](const Field &field) { return equals_ignoring_case(field.name, name); }));
}

bool has_member(const Fields &fields, ByteView name, ByteView member)
{
    bool found = false;
    for_each_member(fields, name,
                    [&](ByteView each) { found = found || equals_ignoring_case(each, member); });
    return found;
}

std::optional<Line> first_line(ByteView bytes)
{
    const std::size_t end = bytes.find('\n');
    if (end == ByteView::npos)
        return std::nullopt;
    Line line{bytes.substr(0, end), end + 1, false};
    if (!line.text.empty() && line.text.back() == '\r') {
        line.text.remove_suffix(1);
        line.well_ended = line.text.find('\r') == ByteView::npos;
    }
    return line;
}

std::optional<RequestLine> parse_request_line(ByteView line)
{
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == ByteView::npos || first == last)
        return std::nullopt;
    RequestLine request;
    request.method = line.substr(0, first);
    request.target = line.substr(first + 1, last - first - 1);
    const bool is_good = is_token(request.method) && !request.target.empty() &&
                         std::all_of(request.target.begin(), request.target.end(), is_visible);
    if (!is_good || !parse_version(line.substr(last + 1), request.major, request.minor))
        return std::nullopt;
    return request;
}

std::optional<StatusLine> parse_status_line(ByteView line)
{
    StatusLine status;
    constexpr std::size_t code_at = 9; // "HTTP/1.1 "
    if (line.size() < code_at + 3 || !parse_version(line.substr(0, 8), status.major, status.minor))
        return std::nullopt;
    const std::optional<std::uint64_t> code = parse_decimal(line.substr(code_at, 3));
    if (line[code_at - 1] != ' ' || !code || *code < 100)
        return std::nullopt;
    status.status = static_cast<int>(*code);
    const ByteView rest = line.substr(code_at + 3);
    if (!rest.empty() && rest.front() != ' ')
        return std::nullopt;
    status.reason = rest.substr(rest.empty() ? 0 : 1);
    if (!std::all_of(status.reason.begin(), status.reason.end(), is_value_char))
        return std::nullopt;
    return status;
}

std::optional<Field> parse_field_line(ByteView line)
{
    const std::size_t colon = line.find(':');
    if (colon == ByteView::npos || !is_token(line.substr(0, colon)))
        return std::nullopt;
    const ByteView value = trim(line.substr(colon + 1));
    if (!std::all_of(value.begin(), value.end(), is_value_char))
        return std::nullopt;
    return Field{std::string(line.substr(0, colon)), std::string(value)};
}

std::optional<Target> parse_target(ByteView target)
{
    if (target == "*")
        return Target{"*", ""};
    const std::size_t scheme = target.find("://");
    if (scheme != ByteView::npos && scheme < target.find('/')) { // RFC 9112 3.2.2
        const ByteView name = target.substr(0, scheme);
        if (!equals_ignoring_case(name, "http") && !equals_ignoring_case(name, "https"))
            return std::nullopt;
        target.remove_prefix(scheme + 3);
        target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
        if (target.empty())
            return Target{"/", ""};
        if (target.front() == '?')
            return Target{"/", std::string(target.substr(1))};
    }
    if (target.empty() || target.front() != '/' || target.find('#') != ByteView::npos)
        return std::nullopt;
    const std::size_t mark = std::min(target.find('?'), target.size());
    return Target{std::string(target.substr(0, mark)),
                  std::string(target.substr(std::min(mark + 1, target.size())))};
}

Framing framing_of_request(const Fields &fields, unsigned minor)
{
    Framing framing;
    const bool has_length = find_field(fields, "Content-Length") != nullptr;
    if (find_field(fields, "Transfer-Encoding") != nullptr) {
        const Codings codings = codings_of(fields);
        framing.kind = Framing::Kind::Chunked;
        if (minor == 0)
            framing.problem = FramingProblem::CodingInOldVersion;
        else if (has_length)
            framing.problem = FramingProblem::LengthAndCoding;
        else if (codings.chunked != 1 || !codings.chunked_last)
            framing.problem = codings.chunked == 0 ? FramingProblem::UnknownCoding
                                                   : FramingProblem::ChunkedNotLast;
        else if (codings.count != 1)
            framing.problem = FramingProblem::UnknownCoding;
    } else if (has_length) {
        read_length(fields, framing);
    }
    return framing;
}

Framing framing_of_response(const Fields &fields, unsigned minor, int status, Method asked)
{
    if (asked == Method::Head || status < 200 || status == 204 || status == 304)
        return {};
    Framing framing = framing_of_request(fields, minor);
    if (framing.kind == Framing::Kind::None)
        framing.kind = Framing::Kind::UntilClose;
    return framing;
}

bool ends_connection(const Fields &fields, unsigned minor)
{
    if (has_member(fields, "Connection", "close"))
        return true;
    return minor == 0 && !has_member(fields, "Connection", "keep-alive");
}

ChunkReader::Result ChunkReader::read(ByteView &bytes, std::string &content,
                                      std::uint64_t content_max)
{
    while (!bytes.empty()) {
        if (stage_ == Stage::Data) {
            const std::size_t piece =
                static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
            content.append(bytes.substr(0, piece));
            bytes.remove_prefix(piece);
            left_ -= piece;
            if (left_ == 0)
                stage_ = Stage::DataEnd;
            continue;
        }
        const Result result = read_line(bytes, content_max - content.size());
        if (result != Result::More)
            return result;
        if (stage_ != Stage::Data && first_line(bytes) == std::nullopt)
            break;
    }
    const bool is_too_long = stage_ != Stage::Data && bytes.size() > limits::chunk_line_bytes_max &&
                             (stage_ != Stage::Trailer || bytes.size() > limits::head_bytes_max);
    return is_too_long ? Result::Bad : Result::More;
}

/// One line of the framing; More also when it is not there yet.
ChunkReader::Result ChunkReader::read_line(ByteView &bytes, std::uint64_t room)
{
    const std::optional<Line> line = first_line(bytes);
    if (!line)
        return Result::More;
    const std::size_t length_max =
        stage_ == Stage::Trailer ? limits::head_bytes_max : limits::chunk_line_bytes_max;
    if (!line->well_ended || line->text.size() > length_max)
        return Result::Bad;
    bytes.remove_prefix(line->taken);
    if (stage_ == Stage::DataEnd) {
        stage_ = Stage::Size;
        return line->text.empty() ? Result::More : Result::Bad;
    }
    if (stage_ == Stage::Trailer) {
        trailer_bytes_ += line->taken;
        if (line->text.empty())
            return Result::Complete;
        const bool is_good = parse_field_line(line->text).has_value();
        return is_good && trailer_bytes_ <= limits::head_bytes_max ? Result::More : Result::Bad;
    }
    // What follows a semicolon are extensions; a recipient must ignore those it does not know.
    const std::size_t semicolon = std::min(line->text.find(';'), line->text.size());
    const ByteView digits = trim(line->text.substr(0, semicolon));
    const std::optional<std::uint64_t> size = parse_chunk_size(digits);
    const bool has_space_in_front = line->text.substr(0, digits.size()) != digits;
    if (!size || has_space_in_front)
        return Result::Bad;
    if (*size > room)
        return Result::TooLarge;
    left_ = *size;
    stage_ = left_ == 0 ? Stage::Trailer : Stage::Data;
    return Result::More;
}

void append_chunked(std::string &out, ByteView content)
{
    while (!content.empty()) {
        const ByteView piece = content.substr(0, limits::chunk_bytes);
        out += fmt::format("{:x}\r\n", piece.size());
        out += piece;
        out += "\r\n";
        content.remove_prefix(piece.size());
    }
    out += "0\r\n\r\n";
}

bool is_sendable(const Field &field)
{
    return is_token(field.name) &&
           std::all_of(field.value.begin(), field.value.end(), is_value_char);
}

} // namespace mailscope::http
