// Items of FETCH; see fetch_items.h.
#include "sim/protocol/imap/fetch_items.h"

#include "sim/core/text.h"
#include "sim/mail/message.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::imap
{

namespace
{

using ItemWhat = FetchItem::What;
using SectionWhat = Section::What;

struct NamedItem
{
    ByteView name;
    ItemWhat what;
};
constexpr NamedItem simple_items[] = {{"FLAGS", ItemWhat::Flags},
                                      {"UID", ItemWhat::Uid},
                                      {"INTERNALDATE", ItemWhat::InternalDate},
                                      {"RFC822.SIZE", ItemWhat::Size},
                                      {"ENVELOPE", ItemWhat::Envelope},
                                      {"BODYSTRUCTURE", ItemWhat::BodyStructure},
                                      {"BODY", ItemWhat::Body},
                                      {"RFC822", ItemWhat::Rfc822},
                                      {"RFC822.HEADER", ItemWhat::Rfc822Header},
                                      {"RFC822.TEXT", ItemWhat::Rfc822Text}};

/// RFC 3501 6.4.5: names for several items.
struct Macro
{
    ByteView name;
    std::size_t items; ///< so many of the list below
};
constexpr Macro macros[] = {{"FAST", 3}, {"ALL", 4}, {"FULL", 5}};
constexpr ItemWhat macro_items[] = {ItemWhat::Flags, ItemWhat::InternalDate, ItemWhat::Size,
                                    ItemWhat::Envelope, ItemWhat::Body};

FetchItem simple_item(ItemWhat what)
{
    FetchItem item;
    item.what = what;
    item.peek = what != ItemWhat::Rfc822 && what != ItemWhat::Rfc822Text;
    if (what == ItemWhat::Rfc822Header)
        item.section.what = SectionWhat::Header;
    if (what == ItemWhat::Rfc822Text)
        item.section.what = SectionWhat::Text;
    return item;
}

bool is_name_char(char c) { return is_ascii_letter(c) || is_ascii_digit(c) || c == '.'; }

/// Reads one item after the other.
class ItemReader
{
public:
    explicit ItemReader(ByteView text) : in_(text) {}

    Result<std::vector<FetchItem>> read()
    {
        const bool list = in_.take('(');
        do {
            if (items_.size() == limits::fetch_items_max)
                return fail("Too many items");
            if (const Result<void> item = read_item(list); !item)
                return fail(item.error().message);
        } while (list && in_.space());
        if ((list && !in_.take(')')) || !in_.at_end())
            return fail("Invalid arguments");
        return std::move(items_);
    }

private:
    std::string take_name()
    {
        std::string name;
        for (; is_name_char(in_.peek()); (void)in_.take(in_.peek()))
            name += ascii_upper(in_.peek());
        return name;
    }

    Result<void> read_item(bool in_list)
    {
        const std::string name = take_name();
        if (name.empty())
            return fail("Invalid arguments");
        if (in_.peek() == '[')
            return read_section(name);
        for (const Macro &macro : macros) {
            if (name != macro.name || in_list)
                continue;
            for (std::size_t i = 0; i < macro.items; ++i)
                items_.push_back(simple_item(macro_items[i]));
            return {};
        }
        for (const NamedItem &each : simple_items) {
            if (name != each.name)
                continue;
            items_.push_back(simple_item(each.what));
            return {};
        }
        return fail("Unknown parameter: " + name);
    }

    Result<void> read_section(const std::string &name)
    {
        if (name != "BODY" && name != "BODY.PEEK")
            return fail("Unknown parameter: " + name);
        (void)in_.take('[');
        FetchItem item;
        item.what = ItemWhat::Section;
        item.peek = name == "BODY.PEEK";
        if (!read_part(item.section) || !read_section_text(item.section))
            return fail("Invalid BODY[..] parameter: Unknown section");
        if (!in_.take(']'))
            return fail("Invalid BODY[..] parameter: Missing ']'");
        if (in_.take('<')) {
            item.offset = in_.number();
            const bool dot = in_.take('.');
            const std::optional<std::uint32_t> count = in_.number();
            if (!item.offset || !dot || !count || *count == 0 || !in_.take('>'))
                return fail("Invalid BODY[..] parameter: Invalid partial");
            item.count = *count;
        }
        items_.push_back(std::move(item));
        return {};
    }

    /// "1.2." or "1.2" or nothing.
    bool read_part(Section &section)
    {
        while (is_ascii_digit(in_.peek())) {
            const std::optional<std::uint32_t> number = in_.number();
            if (!number || *number == 0 || section.part.size() == limits::section_levels_max)
                return false;
            section.part.push_back(*number);
            if (!in_.take('.'))
                return true;
        }
        return section.part.empty() || in_.peek() != ']'; // "1." is no section
    }

    bool read_section_text(Section &section)
    {
        const std::string name = take_name();
        if (name == "MIME" && !section.part.empty())
            section.what = SectionWhat::Mime;
        else if (name == "TEXT")
            section.what = SectionWhat::Text;
        else if (name == "HEADER")
            section.what = SectionWhat::Header;
        else if (name == "HEADER.FIELDS" || name == "HEADER.FIELDS.NOT")
            return read_field_names(section, name == "HEADER.FIELDS");
        else
            return name.empty();
        return true;
    }

    bool read_field_names(Section &section, bool wanted)
    {
        section.what = wanted ? SectionWhat::HeaderFields : SectionWhat::HeaderFieldsNot;
        if (!in_.space() || !in_.take('('))
            return false;
        do {
            const std::optional<std::string> field = in_.astring();
            if (!field || section.fields.size() == limits::header_fields_max)
                return false;
            section.fields.push_back(to_upper(*field));
        } while (in_.space());
        return in_.take(')');
    }

    ArgumentReader in_;
    std::vector<FetchItem> items_;
};

/// The part that a section names; nullptr when there is none. A letter that is no multipart is its
/// own part 1 (RFC 3501 6.4.5); a message inside a letter counts on from its own parts.
const mail::Part *find_part(const mail::PartTree &tree, const std::vector<std::uint32_t> &numbers)
{
    const mail::Part *part = &tree.parts.front();
    for (std::size_t level = 0; level < numbers.size(); ++level) {
        const std::uint32_t number = numbers[level];
        if (level > 0 && part->is_message() && !part->children.empty())
            part = &tree.parts[part->children.front()];
        else if (level > 0 && !part->is_multipart())
            return nullptr;
        if (part->is_multipart() && !part->children.empty()) {
            if (number > part->children.size())
                return nullptr;
            part = &tree.parts[part->children[number - 1]];
        } else if (number != 1) {
            return nullptr;
        }
    }
    return part;
}

/// Fields of a header that are wanted, or those that are not, and the empty line.
ByteView some_fields(ByteView message, const Section &section, std::string &kept)
{
    kept.clear();
    mail::FieldReader reader(message);
    while (const std::optional<mail::HeaderField> field = reader.next()) {
        const bool named =
            std::any_of(section.fields.begin(), section.fields.end(), [&](const std::string &name) {
                return equals_ignoring_case(name, field->name);
            });
        if (named == (section.what == SectionWhat::HeaderFields))
            kept += message.substr(field->offset, field->size);
    }
    kept += "\r\n";
    return kept;
}

} // namespace

Result<std::vector<FetchItem>> parse_fetch_items(ByteView text) { return ItemReader(text).read(); }

std::string response_name(const FetchItem &item)
{
    for (const NamedItem &each : simple_items)
        if (each.what == item.what)
            return std::string(each.name);
    std::string name = "BODY[";
    for (const std::uint32_t number : item.section.part)
        name += fmt::format("{}{}", name.back() == '[' ? "" : ".", number);
    static constexpr ByteView texts[] = {"",     "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT",
                                         "TEXT", "MIME"};
    const ByteView text = texts[static_cast<std::size_t>(item.section.what)];
    if (!text.empty() && !item.section.part.empty())
        name += '.';
    name += text;
    if (!item.section.fields.empty()) {
        name += " (";
        for (const std::string &field : item.section.fields) {
            name += name.back() == '(' ? "" : " ";
            append_astring(name, field);
        }
        name += ')';
    }
    name += ']';
    if (item.offset)
        name += fmt::format("<{}>", *item.offset);
    return name;
}

bool needs_parts(const FetchItem &item)
{
    return item.what == ItemWhat::Body || item.what == ItemWhat::BodyStructure ||
           !item.section.part.empty();
}

ByteView section_of(ByteView letter, const mail::PartTree &tree, const Section &section,
                    std::string &kept)
{
    ByteView message = letter;
    if (!section.part.empty()) {
        const mail::Part *part = find_part(tree, section.part);
        if (part == nullptr)
            return ByteView();
        if (section.what == SectionWhat::Mime)
            return letter.substr(part->header_offset, part->body_offset - part->header_offset);
        const ByteView body = mail::raw_body(letter, *part);
        if (section.what == SectionWhat::All)
            return body;
        if (!part->is_message()) // Only a message has a HEADER and a TEXT.
            return ByteView();
        message = body;
    }
    if (section.what == SectionWhat::All)
        return message;
    if (section.what == SectionWhat::HeaderFields || section.what == SectionWhat::HeaderFieldsNot)
        return some_fields(message, section, kept);
    mail::FieldReader reader(message);
    while (reader.next())
        ;
    return section.what == SectionWhat::Header ? message.substr(0, reader.body_offset())
                                               : message.substr(reader.body_offset());
}

} // namespace mailscope::imap
