// From what a person typed into a form to addresses and an envelope.
#include "sim/hosts/typed_letter.h"

#include "sim/core/text.h"
#include "sim/mail/mime.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

void append_addresses(std::vector<mail::NamedAddress> &list, std::string_view typed)
{
    std::vector<mail::NamedAddress> read = mail::parse_address_list(typed);
    if (read.empty()) {
        std::string raw(trim(typed));
        std::erase_if(raw, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
        read.push_back({{}, {std::move(raw), {}}});
    }
    for (mail::NamedAddress &address : read)
        list.push_back(std::move(address));
}

/// An address as an envelope carries it; what was typed, where that was no address.
std::string envelope_address(const mail::Address &address)
{
    return address.domain.empty() ? address.local_part : mail::to_string(address);
}

} // namespace

std::vector<mail::NamedAddress> typed_addresses(const std::vector<std::string> &typed)
{
    std::vector<mail::NamedAddress> list;
    for (const std::string &text : typed)
        append_addresses(list, text);
    return list;
}

std::string with_addresses(std::string_view typed, std::span<const mail::NamedAddress> address_book)
{
    std::string text;
    while (true) {
        const std::size_t comma = typed.find(',');
        const std::string_view piece = typed.substr(0, comma);
        const auto known = std::find_if(
            address_book.begin(), address_book.end(), [&](const mail::NamedAddress &each) {
                return !each.name.empty() && equals_ignoring_case(each.name, trim(piece));
            });
        if (known == address_book.end())
            text += piece;
        else
            text += (text.empty() ? "" : " ") + as_typed(*known);
        if (comma == std::string_view::npos)
            return text;
        text += ',';
        typed.remove_prefix(comma + 1);
    }
}

std::string as_typed(const mail::NamedAddress &address)
{
    if (address.name.empty())
        return mail::to_string(address.address);
    std::string quoted; // RFC 5322 3.2.4
    for (const char c : address.name) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return fmt::format("\"{}\" <{}>", quoted, mail::to_string(address.address));
}

std::string as_typed_list(const std::vector<mail::NamedAddress> &addresses)
{
    std::string text;
    for (const mail::NamedAddress &each : addresses) {
        text += text.empty() ? "" : ", ";
        text += as_typed(each);
    }
    return text;
}

mail::TextCharset charset_of(ByteView message)
{
    const mail::PartTree tree = mail::parse_parts(message);
    const bool in_jis =
        std::any_of(tree.parts.begin(), tree.parts.end(), [](const mail::Part &part) {
            return equals_ignoring_case(part.type.parameter("charset"), "iso-2022-jp");
        });
    return in_jis ? mail::TextCharset::Iso2022Jp : mail::TextCharset::Utf8;
}

smtp::Envelope envelope_of(const mail::Letter &letter, bool notify_success)
{
    smtp::Envelope envelope;
    envelope.reverse_path = envelope_address(letter.from.address);
    envelope.smtputf8 = mail::needs_utf8(letter);
    if (envelope.smtputf8)
        envelope.body = smtp::Body::EightBitMime;
    smtp::Notify notify;
    notify.success = notify_success;
    notify.failure = notify_success;
    for (const auto *list : {&letter.to, &letter.cc})
        for (const mail::NamedAddress &to : *list)
            envelope.recipients.push_back({envelope_address(to.address), notify, {}});
    return envelope;
}

} // namespace mailscope
