// From what a person writes to a message and its envelope.
#include "sim/core/limits.h"
#include "sim/core/rng.h"
#include "sim/core/text.h"
#include "sim/hosts/mail_client.h"
#include "sim/hosts/typed_letter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

/// People an address book keeps by itself; common programs stop collecting somewhere as well.
constexpr std::size_t collected_addresses_max = 1000;

} // namespace

void change(Draft &draft, const DraftChanges &changes)
{
    draft.to = changes.to.value_or(draft.to);
    draft.cc = changes.cc.value_or(draft.cc);
    draft.subject = changes.subject.value_or(draft.subject);
    draft.text = changes.text.value_or(draft.text);
    draft.attachments = changes.attachments.value_or(draft.attachments);
    draft.charset = changes.charset.value_or(draft.charset);
    draft.notify_success |= changes.notify_success;
    if (changes.from)
        draft.from = changes.from;
}

DraftChanges all_of(const Draft &draft)
{
    return {draft.to,          draft.cc,   draft.subject, draft.text,
            draft.attachments, draft.from, draft.charset, draft.notify_success};
}

/// The file of that name and size: always the same, and as dense as a photograph.
SharedBytes MailClient::content_of(const DraftAttachment &file)
{
    if (!file.content.empty())
        return file.content;
    const std::size_t size =
        static_cast<std::size_t>(std::min<std::uint64_t>(file.size, limits::message_bytes_max / 2));
    Rng rng(file.size, file.name);
    std::string bytes;
    bytes.reserve(size + 8);
    while (bytes.size() < size) {
        const std::uint64_t word = rng.next();
        for (unsigned shift = 0; shift < 64; shift += 8)
            bytes.push_back(static_cast<char>(word >> shift & 0xFFU));
    }
    return SharedBytes::copy_of(ByteView(bytes).substr(0, size));
}

std::string MailClient::new_message_id(const Env &env, std::string_view domain)
{
    const mail::CivilTime at = mail::to_civil(env.date());
    const bool usable = !domain.empty() && domain.front() != '[' && is_ascii(domain);
    return fmt::format("<{:04}{:02}{:02}{:02}{:02}{:02}.{}.{}@{}>", at.year, at.month, at.day,
                       at.hour, at.minute, at.second, ++letters_, index_,
                       usable ? domain : std::string_view(env.directory.name_of(env.host)));
}

std::string MailClient::usual_sender() const
{
    const std::string &address = settings_->from.empty() ? settings_->address : settings_->from;
    return settings_->display_name.empty()
               ? address
               : fmt::format("\"{}\" <{}>", settings_->display_name, address);
}

mail::Letter MailClient::compose(const Env &env, const Draft &draft)
{
    const auto typed = [&](const std::vector<std::string> &texts) {
        std::vector<std::string> addresses;
        addresses.reserve(texts.size());
        for (const std::string &text : texts)
            addresses.push_back(with_addresses(text, *address_book_));
        return typed_addresses(addresses);
    };
    mail::Letter letter;
    const std::string &usual = settings_->from.empty() ? settings_->address : settings_->from;
    letter.from = typed_addresses({draft.from ? *draft.from : usual}).front();
    if (letter.from.name.empty())
        letter.from.name = settings_->display_name;
    letter.to = typed(draft.to);
    letter.cc = typed(draft.cc);
    letter.subject = draft.subject;
    letter.text = draft.text;
    for (const DraftAttachment &file : draft.attachments)
        letter.attachments.push_back({file.name, file.media_type, content_of(file)});
    letter.date = env.date();
    letter.message_id = new_message_id(env, letter.from.address.domain);
    letter.in_reply_to = draft.in_reply_to;
    letter.charset = draft.charset;
    return letter;
}

void MailClient::remember(const mail::NamedAddress &address)
{
    const auto is_same = [&](const mail::NamedAddress &known) {
        return mail::same_mailbox(known.address, address.address);
    };
    if (address_book_->size() < collected_addresses_max &&
        std::none_of(address_book_->begin(), address_book_->end(), is_same))
        address_book_.edit().push_back(address);
}

void MailClient::write_and_send(Env &env, const Draft &draft)
{
    if (browser_) {
        last_draft_.emplace(draft);
        return order_web(env,
                         {Browser::Wish::Send, {}, web_form(all_of(draft), usual_sender()), {}});
    }
    const mail::Letter letter = compose(env, draft);
    OutboxEntry entry;
    entry.envelope = envelope_of(letter, draft.notify_success);
    entry.message = env.messages.name(letter.message_id);
    const SharedBytes content = SharedBytes::copy_of(mail::build_message(letter));

    Record written = env.record(RecordKind::LetterWritten);
    written.message = entry.message;
    written.value = static_cast<std::int64_t>(content.size());
    if (env.keeps(written.kind))
        written.text = SharedBytes::copy_of(letter.subject);
    env.note(std::move(written));

    last_draft_.emplace(draft);
    last_uid_ = 0;
    if (entry.envelope.recipients.empty())
        return give_up_action(env, "no recipient");
    const mail::StoreResult<std::uint32_t> uid = store_.deliver(
        user_, outbox_folder_, {content, env.now, entry.message, mail::letter_flag::seen});
    if (!uid)
        return give_up_action(env, no_room);
    for (const auto *list : {&letter.to, &letter.cc})
        for (const mail::NamedAddress &address : *list)
            remember(address);
    entry.uid = *uid;
    last_uid_ = *uid;
    outbox_.push_back(std::move(entry));
    send_outbox(env);
}

Result<void> MailClient::answer(Env &env, mail::Answering how, const DraftChanges &written,
                                std::string_view subject)
{
    if (browser_) {
        const bool reply = how == mail::Answering::Reply;
        order_web(env, {reply ? Browser::Wish::Reply : Browser::Wish::Forward,
                        std::string(subject),
                        web_form(written, {}),
                        {}});
        return {};
    }
    const mail::StoredLetter *old = find_letter(subject, false);
    if (old == nullptr)
        return fail(no_letter(subject));
    const std::uint32_t uid = old->uid;
    const mail::Letter begun = mail::answer_to(old->content.view(), how);
    Draft draft;
    for (const mail::NamedAddress &to : begun.to)
        draft.to.push_back(as_typed(to));
    draft.subject = begun.subject;
    for (const mail::Attachment &file : begun.attachments)
        draft.attachments.push_back(
            {file.name, file.media_type, file.content.size(), file.content});
    draft.in_reply_to = begun.in_reply_to;
    change(draft, written);
    draft.text = mail::text_above(draft.text, begun.text);
    write_and_send(env, draft);
    if (how == mail::Answering::Reply && last_uid_ != 0)
        outbox_.back().answers = uid;
    return {};
}

Result<void> MailClient::resend(Env &env, const DraftChanges &changes)
{
    if (!last_draft_)
        return fail("nothing was written yet");
    Draft draft = **last_draft_;
    change(draft, changes);
    const auto old = std::find_if(outbox_.begin(), outbox_.end(), [&](const OutboxEntry &entry) {
        return entry.uid == last_uid_ && entry.state != OutboxState::Sending;
    });
    if (old != outbox_.end())
        forget(old->uid);
    write_and_send(env, draft);
    return {};
}

} // namespace mailscope
