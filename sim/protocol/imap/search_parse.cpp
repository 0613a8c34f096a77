// Reading the keys of SEARCH; see search.h.
#include "sim/core/text.h"
#include "sim/mail/charset.h"
#include "sim/protocol/imap/search.h"

#include <optional>
#include <utility>

namespace mailscope::imap
{

namespace
{

using KeyWhat = SearchKey::What;

/// How a key's argument is read.
enum class Argument : std::uint8_t
{
    None,
    Text,
    Keyword,
    Day,
    Number,
    FieldText, ///< a field's name and a text
    Uids,
    Key, ///< NOT
    TwoKeys
};

struct NamedKey
{
    ByteView name;
    KeyWhat what;
    Argument argument = Argument::None;
    std::uint32_t flag = 0;
};

namespace flag = mail::letter_flag;

constexpr NamedKey keys[] = {
    {"ALL", KeyWhat::All},
    {"ANSWERED", KeyWhat::HasFlag, Argument::None, flag::answered},
    {"DELETED", KeyWhat::HasFlag, Argument::None, flag::deleted},
    {"DRAFT", KeyWhat::HasFlag, Argument::None, flag::draft},
    {"FLAGGED", KeyWhat::HasFlag, Argument::None, flag::flagged},
    {"SEEN", KeyWhat::HasFlag, Argument::None, flag::seen},
    {"UNANSWERED", KeyWhat::LacksFlag, Argument::None, flag::answered},
    {"UNDELETED", KeyWhat::LacksFlag, Argument::None, flag::deleted},
    {"UNDRAFT", KeyWhat::LacksFlag, Argument::None, flag::draft},
    {"UNFLAGGED", KeyWhat::LacksFlag, Argument::None, flag::flagged},
    {"UNSEEN", KeyWhat::LacksFlag, Argument::None, flag::seen},
    {"RECENT", KeyWhat::Recent},
    {"OLD", KeyWhat::Old},
    {"NEW", KeyWhat::New},
    {"KEYWORD", KeyWhat::HasKeyword, Argument::Keyword},
    {"UNKEYWORD", KeyWhat::LacksKeyword, Argument::Keyword},
    {"BEFORE", KeyWhat::Before, Argument::Day},
    {"ON", KeyWhat::On, Argument::Day},
    {"SINCE", KeyWhat::Since, Argument::Day},
    {"SENTBEFORE", KeyWhat::SentBefore, Argument::Day},
    {"SENTON", KeyWhat::SentOn, Argument::Day},
    {"SENTSINCE", KeyWhat::SentSince, Argument::Day},
    {"LARGER", KeyWhat::Larger, Argument::Number},
    {"SMALLER", KeyWhat::Smaller, Argument::Number},
    {"BCC", KeyWhat::Field, Argument::Text},
    {"CC", KeyWhat::Field, Argument::Text},
    {"FROM", KeyWhat::Field, Argument::Text},
    {"SUBJECT", KeyWhat::Field, Argument::Text},
    {"TO", KeyWhat::Field, Argument::Text},
    {"HEADER", KeyWhat::Field, Argument::FieldText},
    {"BODY", KeyWhat::Body, Argument::Text},
    {"TEXT", KeyWhat::Text, Argument::Text},
    {"UID", KeyWhat::Uids, Argument::Uids},
    {"NOT", KeyWhat::Not, Argument::Key},
    {"OR", KeyWhat::Or, Argument::TwoKeys},
};

/// Reads keys into a program, the innermost first. What goes wrong first is kept.
class KeyReader
{
public:
    explicit KeyReader(ByteView text) : in_(text) {}

    tl::expected<SearchProgram, SearchProblem> read()
    {
        if (in_.take_word("CHARSET ") && !read_charset())
            return tl::unexpected<SearchProblem>(problem_);
        if (!read_sequence(0, false))
            return tl::unexpected<SearchProblem>(problem_);
        return std::move(program_);
    }

private:
    bool refuse(std::string message)
    {
        if (problem_.message.empty())
            problem_.message = std::move(message);
        return false;
    }

    bool read_charset()
    {
        const std::optional<std::string> charset = in_.astring();
        if (!charset || !in_.space())
            return refuse("Missing charset argument");
        charset_ = *charset;
        problem_.unknown_charset = !mail::to_utf8(charset_, ByteView()).has_value();
        return problem_.unknown_charset ? refuse("Unknown charset") : true;
    }

    /// Keys up to the end, or up to ")": all of them must hold.
    bool read_sequence(std::size_t depth, bool in_parentheses)
    {
        SearchKey all;
        all.what = KeyWhat::And;
        do {
            const std::optional<std::uint32_t> key = read_key(depth);
            if (!key)
                return false;
            all.children.push_back(*key);
        } while (in_.space());
        if (in_parentheses ? !in_.take(')') : !in_.at_end())
            return refuse("Invalid arguments");
        program_.push_back(std::move(all));
        return true;
    }

    std::optional<std::uint32_t> last_key() const
    {
        return static_cast<std::uint32_t>(program_.size() - 1);
    }

    std::optional<std::uint32_t> read_key(std::size_t depth)
    {
        if (depth > limits::search_depth_max || program_.size() > limits::search_keys_max) {
            (void)refuse("Too complex");
            return std::nullopt;
        }
        if (in_.take('('))
            return read_sequence(depth + 1, true) ? last_key() : std::nullopt;
        const std::optional<ByteView> word = in_.word();
        if (!word) {
            (void)refuse("Missing argument");
            return std::nullopt;
        }
        SearchKey key;
        if (is_ascii_digit(word->front()) || word->front() == '*') {
            const std::optional<SequenceSet> set = parse_sequence_set(*word);
            if (!set) {
                (void)refuse("Invalid messageset");
                return std::nullopt;
            }
            key.what = KeyWhat::Numbers;
            key.set = *set;
        } else if (!read_named(*word, key, depth)) {
            return std::nullopt;
        }
        program_.push_back(std::move(key));
        return last_key();
    }

    bool read_named(ByteView name, SearchKey &key, std::size_t depth)
    {
        for (const NamedKey &each : keys) {
            if (!equals_ignoring_case(each.name, name))
                continue;
            key.what = each.what;
            key.number = each.flag;
            key.field = each.what == KeyWhat::Field ? std::string(each.name) : std::string();
            return each.argument == Argument::None || read_argument(each.argument, key, depth) ||
                   refuse("Invalid argument for " + std::string(each.name));
        }
        return refuse("Unknown argument " + to_upper(name));
    }

    bool read_argument(Argument argument, SearchKey &key, std::size_t depth)
    {
        if (!in_.space())
            return false;
        switch (argument) {
        case Argument::FieldText: {
            const std::optional<std::string> field = in_.astring();
            if (!field || !in_.space())
                return false;
            key.field = *field;
            return read_text(key);
        }
        case Argument::Text:
        case Argument::Keyword:
            return read_text(key);
        case Argument::Day: {
            const std::optional<std::string> text = in_.astring();
            const std::optional<std::int64_t> day = text ? parse_day(*text) : std::nullopt;
            key.day = day.value_or(0);
            return day.has_value();
        }
        case Argument::Number: {
            const std::optional<std::uint32_t> number = in_.number();
            key.number = number.value_or(0);
            return number.has_value();
        }
        case Argument::Uids: {
            const std::optional<ByteView> word = in_.word();
            std::optional<SequenceSet> set = word ? parse_sequence_set(*word) : std::nullopt;
            key.set = std::move(set).value_or(SequenceSet());
            return !key.set.empty();
        }
        case Argument::TwoKeys:
            return read_child(key, depth) && in_.space() && read_child(key, depth);
        default:
            return read_child(key, depth);
        }
    }

    bool read_child(SearchKey &key, std::size_t depth)
    {
        const std::optional<std::uint32_t> child = read_key(depth + 1);
        if (child)
            key.children.push_back(*child);
        return child.has_value();
    }

    bool read_text(SearchKey &key)
    {
        const std::optional<std::string> text = in_.astring();
        const Result<std::string> utf8 =
            mail::to_utf8(charset_, text ? ByteView(*text) : ByteView());
        if (!text || !utf8)
            return false;
        key.text = to_lower(*utf8);
        return true;
    }

    ArgumentReader in_;
    std::string charset_ = "utf-8"; // Without CHARSET US-ASCII, of which it is an extension.
    SearchProgram program_;
    SearchProblem problem_;
};

} // namespace

tl::expected<SearchProgram, SearchProblem> parse_search(ByteView text)
{
    return KeyReader(text).read();
}

} // namespace mailscope::imap
