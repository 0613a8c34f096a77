// From what a person typed into a form to addresses and an envelope.
#include "sim/hosts/typed_letter.h"

#include "sim/core/text.h"

#include <string_view>
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
