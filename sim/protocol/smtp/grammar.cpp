// The grammar of SMTP: commands, paths, parameters, replies.
#include "sim/protocol/smtp/grammar.h"

#include "sim/core/text.h"

#include <algorithm>
#include <array>

namespace mailscope::smtp
{

namespace
{

struct VerbName
{
    Verb verb;
    std::string_view name;
};

// The most frequent ones first.
constexpr std::array<VerbName, 15> verb_names{{{Verb::Rcpt, "RCPT"},
                                               {Verb::Mail, "MAIL"},
                                               {Verb::Data, "DATA"},
                                               {Verb::Ehlo, "EHLO"},
                                               {Verb::Quit, "QUIT"},
                                               {Verb::Helo, "HELO"},
                                               {Verb::Lhlo, "LHLO"},
                                               {Verb::Rset, "RSET"},
                                               {Verb::Noop, "NOOP"},
                                               {Verb::Auth, "AUTH"},
                                               {Verb::StartTls, "STARTTLS"},
                                               {Verb::Bdat, "BDAT"},
                                               {Verb::Vrfy, "VRFY"},
                                               {Verb::Etrn, "ETRN"},
                                               {Verb::Help, "HELP"}}};

std::string_view skip_spaces(std::string_view text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    return text;
}

/// The text up to the first space.
std::string_view first_word(std::string_view text)
{
    return {text.data(), static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank) -
                                                  text.begin())};
}

/// Atext of RFC 5321 4.1.2, and every octet above 127 (RFC 6531 3.3). One addition: what a lenient
/// server meets in local parts is decided by quoting alone, so only specials end an atom.
constexpr OctetSet atom_octets([](unsigned char c) {
    return c > 0x20 && c != 0x7F &&
           std::string_view("()<>[]:;@\\,.\"").find(static_cast<char>(c)) == std::string_view::npos;
});

bool is_dot_string(std::string_view text)
{
    bool after_atom = false;
    for (const char c : text) {
        if (c == '.' ? !after_atom : !atom_octets.has(c))
            return false;
        after_atom = c != '.';
    }
    return after_atom;
}

/// Length of the quoted string at the start of `text` with its quotes, or 0.
std::size_t quoted_length(std::string_view text)
{
    if (text.empty() || text.front() != '"')
        return 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            return i + 1;
        else if (static_cast<unsigned char>(text[i]) < 0x20)
            return 0;
    }
    return 0;
}

bool is_domain(std::string_view text)
{
    if (text.size() >= 3 && text.front() == '[' && text.back() == ']') {
        const std::string_view inside = text.substr(1, text.size() - 2);
        return inside.find_first_of("[]\\ <>@") == std::string_view::npos;
    }
    return text.size() <= 255 && is_dot_string(text);
}

/// A mailbox, a lone local part, or an empty local part with a domain where lenient.
bool is_mailbox(std::string_view text, PathSyntax syntax)
{
    const std::size_t quoted = quoted_length(text);
    const std::size_t at = quoted != 0 ? quoted : text.find('@');
    const std::string_view local = text.substr(0, at);
    const bool empty_allowed = syntax == PathSyntax::Lenient && at == 0;
    if (quoted == 0 && !is_dot_string(local) && !empty_allowed)
        return false;
    if (at >= text.size())
        return true;
    return text[at] == '@' && is_domain(text.substr(at + 1));
}

/// Where the path in angle brackets at the start of `text` ends, behind '>', or 0.
std::size_t bracketed_length(std::string_view text)
{
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            const std::size_t quoted = quoted_length(text.substr(i));
            if (quoted == 0)
                return 0;
            i += quoted - 1;
        } else if (text[i] == '>') {
            return i + 1;
        }
    }
    return 0;
}

/// The path behind its source route "@a,@b:".
std::string_view without_route(std::string_view path)
{
    if (path.empty() || path.front() != '@')
        return path;
    const std::size_t colon = path.find(':');
    return colon == std::string_view::npos ? path : path.substr(colon + 1);
}

bool is_capital_hex(char c) { return is_ascii_digit(c) || (c >= 'A' && c <= 'F'); }

unsigned hex_value(char c)
{
    return static_cast<unsigned>(is_ascii_digit(c) ? c - '0' : c - 'A' + 10);
}

/// Takes a number of 1 to 3 digits off the front; nothing when there is none.
std::optional<std::uint16_t> take_number(std::string_view &text)
{
    std::uint16_t value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 3 && is_ascii_digit(text[digits]))
        value = static_cast<std::uint16_t>(value * 10 + (text[digits++] - '0'));
    if (digits == 0 || (digits > 1 && text.front() == '0'))
        return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

/// The front of a reply line: code and status, 24 octets at most.
struct Head
{
    std::array<char, 24> octets{};
    std::size_t length = 0;

    void octet(char c) { octets[length++ % octets.size()] = c; }

    void number(unsigned value)
    {
        if (value >= 10)
            number(value / 10);
        octet(static_cast<char>('0' + value % 10));
    }
};

bool take_dot(std::string_view &text)
{
    if (text.empty() || text.front() != '.')
        return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

std::string_view to_string(Verb verb)
{
    for (const VerbName &entry : verb_names)
        if (entry.verb == verb)
            return entry.name;
    return "?";
}

Command parse_command(std::string_view line)
{
    line = skip_spaces(line);
    Command command;
    command.word = first_word(line);
    command.arguments = trim(line.substr(command.word.size()));
    for (const VerbName &entry : verb_names) {
        if (equals_ignoring_case(command.word, entry.name)) {
            command.verb = entry.verb;
            break;
        }
    }
    return command;
}

std::string_view take_word(std::string_view &rest)
{
    const std::string_view word = first_word(rest);
    rest = skip_spaces(rest.substr(word.size()));
    return word;
}

std::optional<ParsedPath> parse_path(std::string_view text, PathSyntax syntax)
{
    text = skip_spaces(text);
    const bool bracketed = !text.empty() && text.front() == '<';
    if (!bracketed && (syntax == PathSyntax::Strict || text.empty()))
        return std::nullopt;
    ParsedPath path;
    if (bracketed) {
        const std::size_t length = bracketed_length(text);
        if (length == 0 || (length < text.size() && text[length] != ' ' && text[length] != '\t'))
            return std::nullopt;
        path.mailbox = without_route(text.substr(1, length - 2));
        path.rest = skip_spaces(text.substr(length));
        if (length == 2)
            return path;
    } else {
        path.rest = text;
        path.mailbox = take_word(path.rest);
    }
    if (!is_mailbox(path.mailbox, syntax))
        return std::nullopt;
    return path;
}

std::string describe_bad_path(std::string_view text, std::string_view role)
{
    text = trim(text);
    const std::size_t end = text.find('>');
    const std::string_view path = end == std::string_view::npos ? text : text.substr(0, end + 1);
    std::string_view mailbox = path;
    if (!mailbox.empty() && mailbox.front() == '<')
        mailbox.remove_prefix(1);
    if (!mailbox.empty() && mailbox.back() == '>')
        mailbox.remove_suffix(1);
    const std::string fault(path);
    if (mailbox.empty() || mailbox.front() == '@')
        return fault + ": missing or malformed local part";
    if (mailbox.find('@') == std::string_view::npos)
        return fault + ": " + std::string(role) + " address must contain a domain";
    return fault + ": domain missing or malformed";
}

std::string unquoted_mailbox(std::string_view mailbox)
{
    const std::size_t quoted = quoted_length(mailbox);
    if (quoted == 0)
        return std::string(mailbox);
    std::string local;
    for (std::size_t i = 1; i + 1 < quoted; ++i) {
        if (mailbox[i] == '\\')
            ++i;
        local.push_back(mailbox[i]);
    }
    if (!is_dot_string(local))
        return std::string(mailbox);
    return local.append(mailbox.substr(quoted));
}

std::optional<Parameter> take_parameter(std::string_view &rest)
{
    const std::string_view text = take_word(rest);
    if (text.empty())
        return std::nullopt;
    const std::size_t equals = text.find('=');
    Parameter parameter;
    parameter.text = text;
    parameter.keyword = text.substr(0, equals);
    parameter.has_value = equals != std::string_view::npos;
    if (parameter.has_value)
        parameter.value = text.substr(equals + 1);
    return parameter;
}

std::optional<Notify> parse_notify(std::string_view value)
{
    Notify notify;
    for (bool more = true; more;) {
        const std::size_t comma = value.find(',');
        const std::string_view word = value.substr(0, comma);
        more = comma != std::string_view::npos;
        value.remove_prefix(more ? comma + 1 : value.size());
        if (equals_ignoring_case(word, "NEVER"))
            notify.never = true;
        else if (equals_ignoring_case(word, "SUCCESS"))
            notify.success = true;
        else if (equals_ignoring_case(word, "FAILURE"))
            notify.failure = true;
        else if (equals_ignoring_case(word, "DELAY"))
            notify.delay = true;
        else
            return std::nullopt;
    }
    // RFC 3461 4.1: NEVER stands alone.
    if (notify.never && (notify.success || notify.failure || notify.delay))
        return std::nullopt;
    return notify;
}

std::string to_string(Notify notify)
{
    std::string text;
    const auto add = [&text](bool set, std::string_view word) {
        if (!set)
            return;
        if (!text.empty())
            text.push_back(',');
        text.append(word);
    };
    add(notify.never, "NEVER");
    add(notify.success, "SUCCESS");
    add(notify.failure, "FAILURE");
    add(notify.delay, "DELAY");
    return text;
}

bool is_xtext(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c < '!' || c > '~' || c == '=')
            return false;
        if (c != '+')
            continue;
        if (i + 2 >= text.size() || !is_capital_hex(text[i + 1]) || !is_capital_hex(text[i + 2]))
            return false;
        i += 2;
    }
    return true;
}

std::string xtext_encode(std::string_view text)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        if (c >= '!' && c <= '~' && c != '+' && c != '=') {
            result.push_back(c);
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        result.push_back('+');
        result.push_back(digits[octet >> 4U]);
        result.push_back(digits[octet & 15U]);
    }
    return result;
}

std::string xtext_decode(std::string_view xtext)
{
    std::string result;
    for (std::size_t i = 0; i < xtext.size(); ++i) {
        if (xtext[i] == '+' && i + 2 < xtext.size()) {
            result.push_back(
                static_cast<char>(hex_value(xtext[i + 1]) << 4U | hex_value(xtext[i + 2])));
            i += 2;
        } else {
            result.push_back(xtext[i]);
        }
    }
    return result;
}

std::string to_string(EnhancedStatus status)
{
    if (status.is_none())
        return {};
    return std::to_string(status.kind) + '.' + std::to_string(status.subject) + '.' +
           std::to_string(status.detail);
}

EnhancedStatus take_status(std::string_view &text)
{
    std::string_view rest = text;
    const std::optional<std::uint16_t> kind = take_number(rest);
    if (!kind || (*kind != 2 && *kind != 4 && *kind != 5) || !take_dot(rest))
        return {};
    const std::optional<std::uint16_t> subject = take_number(rest);
    if (!subject || !take_dot(rest))
        return {};
    const std::optional<std::uint16_t> detail = take_number(rest);
    if (!detail || (!rest.empty() && rest.front() != ' '))
        return {};
    text = rest.empty() ? rest : rest.substr(1);
    return {static_cast<std::uint8_t>(*kind), *subject, *detail};
}

std::string to_string(const Reply &reply)
{
    std::string text = std::to_string(reply.code);
    if (!reply.status.is_none())
        text += ' ' + to_string(reply.status);
    if (!reply.text.empty())
        text += ' ' + reply.text;
    for (char &c : text)
        if (c == '\n')
            c = ' ';
    return text;
}

void encode_reply(OutputBuffer &out, int code, EnhancedStatus status, std::string_view text)
{
    Head head;
    head.number(static_cast<unsigned>(code));
    const std::size_t separator = head.length;
    head.octet(' ');
    if (!status.is_none()) {
        head.number(status.kind);
        head.octet('.');
        head.number(status.subject);
        head.octet('.');
        head.number(status.detail);
        head.octet(' ');
    }
    out.begin(OutputKind::Reply);
    for (bool more = true; more;) {
        const std::size_t line_end = text.find('\n');
        more = line_end != std::string_view::npos;
        head.octets[separator] = more ? '-' : ' ';
        out.append({head.octets.data(), head.length});
        out.append(text.substr(0, line_end));
        out.append("\r\n");
        if (more)
            text.remove_prefix(line_end + 1);
    }
}

ReplyParser::Status ReplyParser::add(std::string_view line)
{
    const bool has_code = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' &&
                          is_ascii_digit(line[1]) && is_ascii_digit(line[2]);
    // RFC 5321 4.2: a client takes a code without text behind it for a whole reply.
    const char separator = line.size() > 3 ? line[3] : ' ';
    if (!has_code || (separator != ' ' && separator != '-'))
        return Status::Malformed;
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    const bool first = complete_;
    if (first) {
        reply_.code = code;
        reply_.status = EnhancedStatus{};
        reply_.text.clear();
        lines_ = 0;
        complete_ = false;
    }
    if (code != reply_.code || ++lines_ > limits::reply_lines_max)
        return Status::Malformed;
    std::string_view text = line.size() > 4 ? line.substr(4) : std::string_view();
    std::string_view behind = text;
    const EnhancedStatus status = take_status(behind);
    if (!status.is_none() && status.kind == code / 100) {
        text = behind;
        if (first)
            reply_.status = status;
    }
    if (!first)
        reply_.text.push_back('\n');
    else if (separator == '-')
        reply_.text.reserve(256); // an EHLO reply
    reply_.text.append(text);
    complete_ = separator == ' ';
    return complete_ ? Status::Complete : Status::Incomplete;
}

ServerOffers parse_offers(std::string_view ehlo_text)
{
    ServerOffers offers;
    offers.esmtp = true;
    std::size_t line_end = ehlo_text.find('\n');
    while (line_end != std::string_view::npos) {
        ehlo_text.remove_prefix(line_end + 1);
        line_end = ehlo_text.find('\n');
        std::string_view rest = ehlo_text.substr(0, line_end);
        const std::string_view keyword = take_word(rest);
        const auto is = [keyword](std::string_view name) {
            return equals_ignoring_case(keyword, name);
        };
        offers.pipelining |= is("PIPELINING");
        offers.starttls |= is("STARTTLS");
        offers.eight_bit_mime |= is("8BITMIME");
        offers.dsn |= is("DSN");
        offers.smtputf8 |= is("SMTPUTF8");
        offers.enhanced_status |= is("ENHANCEDSTATUSCODES");
        if (is("SIZE")) {
            offers.size = true;
            offers.size_limit = parse_decimal(take_word(rest)).value_or(0);
        }
        while (is("AUTH") && !rest.empty()) {
            const std::string_view mechanism = take_word(rest);
            offers.auth_plain |= equals_ignoring_case(mechanism, "PLAIN");
            offers.auth_login |= equals_ignoring_case(mechanism, "LOGIN");
        }
    }
    return offers;
}

} // namespace mailscope::smtp
