// Reading what a server says; see responses.h.
#include "sim/protocol/imap/responses.h"

#include "sim/core/text.h"
#include "sim/protocol/imap/mailbox_name.h"

#include <array>

namespace mailscope::imap
{

namespace
{

struct NamedUse
{
    ByteView name;
    mail::SpecialUse use;
};
constexpr std::array<NamedUse, 5> uses = {{{"\\Drafts", mail::SpecialUse::Drafts},
                                           {"\\Sent", mail::SpecialUse::Sent},
                                           {"\\Trash", mail::SpecialUse::Trash},
                                           {"\\Junk", mail::SpecialUse::Junk},
                                           {"\\Archive", mail::SpecialUse::Archive}}};

/// Takes a word and the space behind it off the front.
ByteView take_word(ByteView &text)
{
    const std::size_t end = std::min(text.find(' '), text.size());
    const ByteView word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

/// Goes over one value: a word, a string, or a list of values.
bool skip_value(ArgumentReader &in, std::size_t depth)
{
    if (depth > limits::value_depth_max)
        return false;
    if (in.peek() == '"' || in.peek() == '{')
        return in.string().has_value();
    if (!in.take('('))
        return in.word().has_value();
    while (!in.take(')')) {
        if (!skip_value(in, depth + 1))
            return false;
        (void)in.space();
    }
    return true;
}

} // namespace

std::optional<Response> parse_response(ByteView text)
{
    Response response;
    if (text.substr(0, 1) == "+") {
        response.kind = Response::Kind::Continuation;
        response.rest = trim(text.substr(1));
        return response;
    }
    response.tag = take_word(text);
    response.kind = response.tag == "*" ? Response::Kind::Untagged : Response::Kind::Tagged;
    response.word = take_word(text);
    if (response.tag.empty() || response.word.empty() || !is_ascii(response.word))
        return std::nullopt;
    if (is_ascii_digit(response.word.front())) {
        ArgumentReader number(response.word);
        const std::optional<std::uint32_t> value = number.number();
        if (!value || !number.at_end() || response.kind == Response::Kind::Tagged)
            return std::nullopt;
        response.number = *value;
        response.word = take_word(text);
    }
    response.rest = text;
    if (text.substr(0, 1) == "[" && text.find(']') != ByteView::npos)
        response.code = text.substr(1, text.find(']') - 1);
    const bool status = response.word == "OK" || response.word == "NO" || response.word == "BAD";
    if (response.kind == Response::Kind::Tagged && !status)
        return std::nullopt;
    return response;
}

std::optional<std::uint32_t> code_number(ByteView code, ByteView name)
{
    if (!equals_ignoring_case(take_word(code), name))
        return std::nullopt;
    return ArgumentReader(code).number();
}

bool has_word(ByteView words, ByteView word)
{
    while (!words.empty())
        if (equals_ignoring_case(take_word(words), word))
            return true;
    return false;
}

std::optional<ListedFolder> parse_list(ByteView rest)
{
    ArgumentReader in(rest);
    const std::optional<std::vector<std::string>> attributes = in.word_list(limits::flags_max);
    if (!attributes || !in.space() || !skip_value(in, 0) || !in.space())
        return std::nullopt;
    const std::optional<std::string> name = in.astring();
    const std::optional<std::string> utf8 = name ? from_wire_name(*name) : std::nullopt;
    if (!utf8)
        return std::nullopt;
    ListedFolder folder;
    folder.name = *utf8;
    for (const std::string &attribute : *attributes) {
        if (equals_ignoring_case(attribute, "\\Noselect"))
            folder.selectable = false;
        for (const NamedUse &each : uses)
            if (equals_ignoring_case(attribute, each.name))
                folder.special_use = each.use;
    }
    return folder;
}

std::optional<Fetched> parse_fetched(ByteView rest)
{
    ArgumentReader in(rest);
    Fetched fetched;
    if (!in.take('('))
        return std::nullopt;
    while (!in.take(')')) {
        const std::optional<ByteView> name = in.word();
        if (!name || !in.space())
            return std::nullopt;
        if (equals_ignoring_case(*name, "UID")) {
            const std::optional<std::uint32_t> uid = in.number();
            if (!uid)
                return std::nullopt;
            fetched.uid = *uid;
        } else if (equals_ignoring_case(*name, "FLAGS")) {
            const std::optional<std::vector<std::string>> flags = in.word_list(limits::flags_max);
            if (!flags)
                return std::nullopt;
            fetched.flags = 0;
            for (const std::string &flag : *flags)
                *fetched.flags |= system_flag(flag);
        } else if (equals_ignoring_case(*name, "INTERNALDATE")) {
            const std::optional<std::string> date = in.string();
            fetched.date = date ? parse_date_time(*date) : std::nullopt;
        } else if (equals_ignoring_case(*name, "BODY[]") && !in.take_word("NIL")) {
            fetched.body = in.string();
            if (!fetched.body)
                return std::nullopt;
        } else if (in.peek() != ' ' && in.peek() != ')' && !skip_value(in, 0)) {
            return std::nullopt;
        }
        (void)in.space();
    }
    return fetched;
}

} // namespace mailscope::imap
