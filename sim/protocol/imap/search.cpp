// Asking letters whether they fit the keys of SEARCH; see search.h.
#include "sim/protocol/imap/search.h"

#include "sim/core/text.h"
#include "sim/mail/date.h"
#include "sim/mail/encoded_word.h"
#include "sim/mail/message.h"
#include "sim/mail/mime.h"

#include <algorithm>
#include <optional>

namespace mailscope::imap
{

namespace
{

using KeyWhat = SearchKey::What;

bool contains(const std::string &text, ByteView lower_case)
{
    return to_lower(text).find(lower_case) != std::string::npos;
}

bool field_contains(ByteView letter, ByteView name, ByteView text)
{
    mail::FieldReader reader(letter);
    while (const std::optional<mail::HeaderField> field = reader.next())
        if (equals_ignoring_case(field->name, name) &&
            (text.empty() || contains(mail::decode_words(mail::unfold(field->raw_body)), text)))
            return true;
    return false;
}

bool header_contains(ByteView letter, ByteView text)
{
    mail::FieldReader reader(letter);
    while (const std::optional<mail::HeaderField> field = reader.next())
        if (contains(std::string(field->name) + ": " +
                         mail::decode_words(mail::unfold(field->raw_body)),
                     text))
            return true;
    return false;
}

/// Only what a person reads is searched: texts, not the base64 of pictures.
bool body_contains(ByteView letter, ByteView text)
{
    const mail::PartTree tree = mail::parse_parts(letter);
    return std::any_of(tree.parts.begin(), tree.parts.end(), [&](const mail::Part &part) {
        return part.is_text() && contains(mail::decoded_text(letter, part), text);
    });
}

/// The day in the Date field, in the zone that it names (RFC 3501 6.4.4: "disregarding time and
/// timezone").
std::optional<std::int64_t> sent_day(ByteView letter)
{
    const Result<mail::DateTime> date = mail::parse_date(mail::MessageView(letter).text_of("Date"));
    if (!date)
        return std::nullopt;
    const mail::CivilTime civil = mail::to_civil(*date);
    return mail::days_from_civil(civil.year, civil.month, civil.day);
}

bool is_in(const SequenceSet &ranges, std::uint32_t number)
{
    const auto above = std::upper_bound(
        ranges.begin(), ranges.end(), number,
        [](std::uint32_t value, const SequenceRange &range) { return value < range.first; });
    return above != ranges.begin() && number <= std::prev(above)->last;
}

bool fits_date(const SearchKey &key, const SearchedLetter &searched)
{
    const bool sent = key.what == KeyWhat::SentBefore || key.what == KeyWhat::SentOn ||
                      key.what == KeyWhat::SentSince;
    const std::optional<std::int64_t> day =
        sent ? sent_day(searched.letter.content.view()) : std::optional<std::int64_t>(searched.day);
    if (!day)
        return false;
    if (key.what == KeyWhat::Before || key.what == KeyWhat::SentBefore)
        return *day < key.day;
    if (key.what == KeyWhat::On || key.what == KeyWhat::SentOn)
        return *day == key.day;
    return *day >= key.day;
}

bool fits_text(const SearchKey &key, ByteView letter)
{
    if (key.what == KeyWhat::Field)
        return field_contains(letter, key.field, key.text);
    return (key.what == KeyWhat::Text && header_contains(letter, key.text)) ||
           body_contains(letter, key.text);
}

bool fits_key(const SearchProgram &program, std::uint32_t index, const SearchedLetter &searched)
{
    const SearchKey &key = program[index];
    const auto fits_child = [&](std::uint32_t child) { return fits_key(program, child, searched); };
    switch (key.what) {
    case KeyWhat::All:
        return true;
    case KeyWhat::HasFlag:
    case KeyWhat::HasKeyword:
        return (searched.flags & key.number) != 0;
    case KeyWhat::LacksFlag:
    case KeyWhat::LacksKeyword:
        return (searched.flags & key.number) == 0;
    case KeyWhat::Recent:
        return searched.recent;
    case KeyWhat::Old:
        return !searched.recent;
    case KeyWhat::New:
        return searched.recent && (searched.flags & mail::letter_flag::seen) == 0;
    case KeyWhat::Larger:
        return searched.letter.content.size() > key.number;
    case KeyWhat::Smaller:
        return searched.letter.content.size() < key.number;
    case KeyWhat::Numbers:
        return is_in(key.set, searched.number);
    case KeyWhat::Uids:
        return is_in(key.set, searched.letter.uid);
    case KeyWhat::Not:
        return !fits_child(key.children.front());
    case KeyWhat::Or:
        return std::any_of(key.children.begin(), key.children.end(), fits_child);
    case KeyWhat::And:
        return std::all_of(key.children.begin(), key.children.end(), fits_child);
    case KeyWhat::Field:
    case KeyWhat::Body:
    case KeyWhat::Text:
        return fits_text(key, searched.letter.content.view());
    default:
        return fits_date(key, searched);
    }
}

} // namespace

void bind(SearchProgram &program, const SearchedMailbox &mailbox)
{
    for (SearchKey &key : program) {
        if (key.what == KeyWhat::Numbers)
            key.set = resolved(key.set, mailbox.largest_number);
        else if (key.what == KeyWhat::Uids)
            key.set = resolved(key.set, mailbox.largest_uid);
        else if (key.what == KeyWhat::HasKeyword || key.what == KeyWhat::LacksKeyword)
            key.number = mailbox.folder.keyword_flag(key.text);
    }
}

bool fits(const SearchProgram &program, const SearchedLetter &searched)
{
    return fits_key(program, static_cast<std::uint32_t>(program.size() - 1), searched);
}

} // namespace mailscope::imap
