// Reads and writes the lines of IMAP; see grammar.h.
#include "sim/protocol/imap/grammar.h"

#include "sim/core/text.h"
#include "sim/mail/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace mailscope::imap
{

namespace
{

/// In the order of Verb.
constexpr std::array<ByteView, 33> command_names = {
    "?",        "CAPABILITY",   "NOOP",      "LOGOUT",    "ID",
    "STARTTLS", "AUTHENTICATE", "LOGIN",     "SELECT",    "EXAMINE",
    "CREATE",   "DELETE",       "RENAME",    "SUBSCRIBE", "UNSUBSCRIBE",
    "LIST",     "LSUB",         "NAMESPACE", "STATUS",    "APPEND",
    "IDLE",     "GETQUOTAROOT", "GETQUOTA",  "SETQUOTA",  "CHECK",
    "CLOSE",    "UNSELECT",     "EXPUNGE",   "SEARCH",    "FETCH",
    "STORE",    "COPY",         "MOVE"};

struct NamedFlag
{
    ByteView name;
    std::uint32_t flag;
};
/// In the order in which Dovecot writes them.
constexpr NamedFlag system_flags[] = {{"\\Answered", mail::letter_flag::answered},
                                      {"\\Flagged", mail::letter_flag::flagged},
                                      {"\\Deleted", mail::letter_flag::deleted},
                                      {"\\Seen", mail::letter_flag::seen},
                                      {"\\Draft", mail::letter_flag::draft}};

constexpr std::array<ByteView, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_control(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
}

/// ATOM-CHAR of RFC 3501 9; octets above 127 are let through, as RFC 6855 and servers do.
bool is_atom_char(char c)
{
    return !is_control(c) && ByteView(" (){%*\"\\]").find(c) == ByteView::npos;
}

bool is_astring_char(char c) { return is_atom_char(c) || c == ']'; }
bool is_list_char(char c) { return is_astring_char(c) || c == '%' || c == '*'; }
bool is_word_char(char c) { return !is_control(c) && ByteView(" ()").find(c) == ByteView::npos; }

/// A number or "*" of a sequence set; 0 for "*".
std::optional<std::uint32_t> sequence_number(ByteView text)
{
    if (text == "*")
        return 0;
    const std::optional<std::uint64_t> number = parse_decimal(text);
    if (!number || *number == 0 || *number > std::numeric_limits<std::uint32_t>::max())
        return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

/// The calendar day of "1-Jan-2026" or " 1-Jan-2026".
std::optional<mail::CivilTime> civil_day(ByteView text)
{
    const std::size_t first = text.find('-');
    const std::size_t second = first == ByteView::npos ? ByteView::npos : text.find('-', first + 1);
    if (second == ByteView::npos)
        return std::nullopt;
    const std::optional<std::uint64_t> day = parse_decimal(trim(text.substr(0, first)));
    const ByteView month = text.substr(first + 1, second - first - 1);
    const ByteView year_text = text.substr(second + 1);
    const std::optional<std::uint64_t> year = parse_decimal(year_text);
    const auto found = std::find_if(months.begin(), months.end(), [&](ByteView each) {
        return equals_ignoring_case(each, month);
    });
    if (!day || *day == 0 || *day > 31 || found == months.end() || !year || year_text.size() != 4)
        return std::nullopt;
    mail::CivilTime civil;
    civil.year = static_cast<std::int32_t>(*year);
    civil.month = static_cast<std::int32_t>(found - months.begin()) + 1;
    civil.day = static_cast<std::int32_t>(*day);
    return civil;
}

/// Two digits at `at`, not above `most`.
std::optional<std::int32_t> two_digits(ByteView text, std::size_t at, std::uint64_t most)
{
    const std::optional<std::uint64_t> value = parse_decimal(text.substr(at, 2));
    if (!value || *value > most)
        return std::nullopt;
    return static_cast<std::int32_t>(*value);
}

} // namespace

ByteView to_string(Verb verb) { return command_names[static_cast<std::size_t>(verb)]; }

Verb parse_verb(ByteView name)
{
    for (std::size_t i = 1; i < command_names.size(); ++i)
        if (equals_ignoring_case(name, command_names[i]))
            return static_cast<Verb>(i);
    return Verb::Unknown;
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

std::optional<LiteralAnnounced> announced_literal(ByteView line)
{
    if (line.empty() || line.back() != '}')
        return std::nullopt;
    const std::size_t open = line.rfind('{');
    if (open == ByteView::npos)
        return std::nullopt;
    ByteView digits = line.substr(open + 1, line.size() - open - 2);
    LiteralAnnounced literal;
    if (!digits.empty() && digits.back() == '+') {
        literal.waits = false;
        digits.remove_suffix(1);
    }
    const std::optional<std::uint64_t> size = parse_decimal(digits);
    if (!size)
        return std::nullopt;
    literal.size = *size;
    return literal;
}

// ---- ArgumentReader

bool ArgumentReader::take(char c)
{
    if (at_end() || text_[position_] != c)
        return false;
    ++position_;
    return true;
}

bool ArgumentReader::take_word(ByteView word)
{
    if (!starts_with_ignoring_case(rest(), word))
        return false;
    position_ += word.size();
    return true;
}

template <class Belongs> ByteView ArgumentReader::run(Belongs belongs)
{
    const std::size_t begin = position_;
    while (!at_end() && belongs(text_[position_]))
        ++position_;
    return text_.substr(begin, position_ - begin);
}

std::optional<ByteView> ArgumentReader::atom()
{
    const ByteView found = run(is_atom_char);
    return found.empty() ? std::nullopt : std::optional<ByteView>(found);
}

std::optional<ByteView> ArgumentReader::word()
{
    const ByteView found = run(is_word_char);
    return found.empty() ? std::nullopt : std::optional<ByteView>(found);
}

std::optional<std::string> ArgumentReader::string()
{
    if (peek() == '"')
        return quoted();
    return peek() == '{' ? literal() : std::nullopt;
}

std::optional<std::string> ArgumentReader::astring()
{
    if (peek() == '"' || peek() == '{')
        return string();
    const ByteView found = run(is_astring_char);
    return found.empty() ? std::nullopt : std::optional<std::string>(found);
}

std::optional<std::string> ArgumentReader::list_pattern()
{
    if (peek() == '"' || peek() == '{')
        return string();
    const ByteView found = run(is_list_char);
    return found.empty() ? std::nullopt : std::optional<std::string>(found);
}

std::optional<std::string> ArgumentReader::quoted()
{
    std::string content;
    for (++position_; !at_end(); ++position_) {
        char c = text_[position_];
        if (c == '"') {
            ++position_;
            return content;
        }
        if (c == '\\') {
            if (++position_ == text_.size())
                return std::nullopt;
            c = text_[position_];
        }
        if (c == '\r' || c == '\n' || c == '\0')
            return std::nullopt;
        content += c;
    }
    return std::nullopt;
}

std::optional<std::string> ArgumentReader::literal()
{
    const std::optional<Line> line = first_line(rest());
    if (!line)
        return std::nullopt;
    const std::optional<LiteralAnnounced> announced = announced_literal(line->text);
    if (!announced || line->text.rfind('{') != 0 ||
        announced->size > text_.size() - position_ - line->taken)
        return std::nullopt;
    const std::size_t begin = position_ + line->taken;
    position_ = begin + announced->size;
    return std::string(text_.substr(begin, announced->size));
}

std::optional<std::uint32_t> ArgumentReader::number()
{
    const std::optional<std::uint64_t> value = parse_decimal(run(is_ascii_digit));
    if (!value || *value > std::numeric_limits<std::uint32_t>::max())
        return std::nullopt;
    return static_cast<std::uint32_t>(*value);
}

std::optional<std::vector<std::string>> ArgumentReader::word_list(std::size_t most)
{
    if (!take('('))
        return std::nullopt;
    std::vector<std::string> words;
    while (!take(')')) {
        if (!words.empty() && !space())
            return std::nullopt;
        const std::optional<ByteView> next = word();
        if (!next || words.size() == most)
            return std::nullopt;
        words.emplace_back(*next);
    }
    return words;
}

std::optional<Command> parse_command(ByteView text)
{
    ArgumentReader in(text);
    const std::optional<ByteView> tag = in.atom();
    if (!tag || tag->find('+') != ByteView::npos || tag->size() > limits::tag_bytes_max)
        return std::nullopt;
    Command command;
    command.tag = *tag;
    if (!in.space())
        return command;
    std::optional<ByteView> name = in.atom();
    command.name = to_upper(name.value_or(ByteView()));
    command.verb = parse_verb(command.name);
    const ByteView arguments = in.rest();
    if (command.name == "UID" && in.space()) {
        name = in.atom();
        command.name += ' ' + to_upper(name.value_or(ByteView()));
        const Verb verb = parse_verb(name.value_or(ByteView()));
        if (verb == Verb::Fetch || verb == Verb::Store || verb == Verb::Search ||
            verb == Verb::Copy || verb == Verb::Move || verb == Verb::Expunge)
            command.verb = verb;
        command.by_uid = true;
    } else {
        in = ArgumentReader(arguments);
    }
    (void)in.space();
    command.arguments = text.size() - in.rest().size();
    return command;
}

// ---- Sequence sets

std::optional<SequenceSet> parse_sequence_set(ByteView text)
{
    SequenceSet set;
    while (true) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const ByteView range = text.substr(0, comma);
        const std::size_t colon = std::min(range.find(':'), range.size());
        const std::optional<std::uint32_t> first = sequence_number(range.substr(0, colon));
        const std::optional<std::uint32_t> last =
            colon == range.size() ? first : sequence_number(range.substr(colon + 1));
        if (!first || !last || set.size() == limits::sequence_ranges_max)
            return std::nullopt;
        set.push_back({*first, *last});
        if (comma == text.size())
            return set;
        text.remove_prefix(comma + 1);
    }
}

SequenceSet resolved(const SequenceSet &set, std::uint32_t largest)
{
    SequenceSet ranges;
    for (SequenceRange range : set) {
        range.first = range.first == 0 ? largest : range.first;
        range.last = range.last == 0 ? largest : range.last;
        if (range.first > range.last)
            std::swap(range.first, range.last);
        range.last = std::min(range.last, largest);
        if (range.first <= range.last && range.first != 0)
            ranges.push_back(range);
    }
    std::sort(ranges.begin(), ranges.end(), [](const SequenceRange &a, const SequenceRange &b) {
        return a.first != b.first ? a.first < b.first : a.last < b.last;
    });
    SequenceSet disjoint;
    for (const SequenceRange &range : ranges) {
        if (!disjoint.empty() && range.first <= disjoint.back().last)
            disjoint.back().last = std::max(disjoint.back().last, range.last);
        else
            disjoint.push_back(range);
    }
    return disjoint;
}

std::string sequence_text(const std::vector<std::uint32_t> &numbers)
{
    std::string text;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t end = i + 1;
        while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1)
            ++end;
        if (!text.empty())
            text += ',';
        text += fmt::format("{}", numbers[i]);
        if (end - i > 1)
            text += fmt::format(":{}", numbers[end - 1]);
        i = end;
    }
    return text;
}

// ---- Flags and dates

std::uint32_t system_flag(ByteView name)
{
    for (const NamedFlag &each : system_flags)
        if (equals_ignoring_case(each.name, name))
            return each.flag;
    return 0;
}

std::string flags_text(std::uint32_t flags, bool recent, const std::vector<std::string> &keywords)
{
    std::string text;
    const auto add = [&text](ByteView name) {
        if (!text.empty())
            text += ' ';
        text += name;
    };
    for (const NamedFlag &each : system_flags)
        if ((flags & each.flag) != 0)
            add(each.name);
    if (recent)
        add("\\Recent");
    for (std::size_t i = 0; i < keywords.size(); ++i)
        if ((flags & mail::letter_flag::first_keyword << i) != 0)
            add(keywords[i]);
    return text;
}

bool is_keyword(ByteView name)
{
    return !name.empty() && name.size() <= limits::flag_bytes_max &&
           std::all_of(name.begin(), name.end(), is_atom_char) && is_ascii(name);
}

std::optional<mail::DateTime> parse_date_time(ByteView text)
{
    // "01-Jan-2026 09:00:00 +0900": day and month have a fixed width.
    if (text.size() != 26 || text[11] != ' ' || text[14] != ':' || text[17] != ':' ||
        text[20] != ' ' || (text[21] != '+' && text[21] != '-'))
        return std::nullopt;
    std::optional<mail::CivilTime> civil = civil_day(text.substr(0, 11));
    const std::optional<std::int32_t> hour = two_digits(text, 12, 23);
    const std::optional<std::int32_t> minute = two_digits(text, 15, 59);
    const std::optional<std::int32_t> second = two_digits(text, 18, 59);
    const std::optional<std::int32_t> zone_hours = two_digits(text, 22, 23);
    const std::optional<std::int32_t> zone_minutes = two_digits(text, 24, 59);
    if (!civil || !hour || !minute || !second || !zone_hours || !zone_minutes)
        return std::nullopt;
    civil->hour = *hour;
    civil->minute = *minute;
    civil->second = *second;
    const std::int32_t offset = *zone_hours * 60 + *zone_minutes;
    return mail::from_civil(*civil, text[21] == '-' ? -offset : offset);
}

std::string date_time_text(mail::DateTime date)
{
    const mail::CivilTime civil = mail::to_civil(date);
    const std::int32_t offset =
        date.offset_minutes < 0 ? -date.offset_minutes : date.offset_minutes;
    return fmt::format("{:02}-{}-{:04} {:02}:{:02}:{:02} {}{:02}{:02}", civil.day,
                       months[static_cast<std::size_t>(civil.month - 1)], civil.year, civil.hour,
                       civil.minute, civil.second, date.offset_minutes < 0 ? '-' : '+', offset / 60,
                       offset % 60);
}

std::optional<std::int64_t> parse_day(ByteView text)
{
    const std::optional<mail::CivilTime> civil = civil_day(text);
    if (!civil)
        return std::nullopt;
    return mail::days_from_civil(civil->year, civil->month, civil->day);
}

// ---- Writing

void append_string(std::string &out, ByteView text)
{
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c != '\0' && c != '\r' && c != '\n' && static_cast<unsigned char>(c) < 0x80;
    });
    if (!plain) {
        out += fmt::format("{{{}}}\r\n", text.size());
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
}

void append_nstring(std::string &out, const std::optional<std::string> &text)
{
    if (text)
        append_string(out, *text);
    else
        out += "NIL";
}

void append_astring(std::string &out, ByteView text)
{
    const bool atom = !text.empty() && std::all_of(text.begin(), text.end(), is_astring_char) &&
                      is_ascii(text) && !equals_ignoring_case(text, "NIL");
    if (atom)
        out += text;
    else
        append_string(out, text);
}

} // namespace mailscope::imap
