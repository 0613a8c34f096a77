// Reading a message as a mail client shows it.
#include "sim/mail/encoded_word.h"
#include "sim/mail/letter.h"
#include "sim/mail/message.h"
#include "sim/mail/mime.h"

namespace mailscope::mail
{

namespace
{

/// Sorts parts into what is shown as text and what is listed as an attachment.
class PartSorter
{
public:
    PartSorter(ByteView message, ReadLetter &letter)
        : message_(message), tree_(parse_parts(message)), letter_(letter)
    {
    }

    void sort() { visit(0); }

private:
    const Part &part(std::uint32_t index) const { return tree_.parts[index]; }

    /// True for text that is shown in place.
    static bool is_shown(const Part &part)
    {
        return (part.type.value == "text/plain" || part.type.value == "text/html") &&
               part.disposition.value != "attachment" && part.encoding != TransferEncoding::Unknown;
    }

    void visit(std::uint32_t index)
    {
        const Part &here = part(index);
        if (here.type.value == "multipart/alternative" && !here.children.empty())
            visit(chosen_alternative(here));
        else if (here.is_multipart() && !here.children.empty())
            for (const std::uint32_t child : here.children)
                visit(child);
        else if (is_shown(here))
            letter_.text += decoded_text(message_, here);
        else
            list(index);
    }

    /// Plain text where there is some; otherwise the last, which is the richest (RFC 2046 5.1.4).
    std::uint32_t chosen_alternative(const Part &alternatives) const
    {
        for (const std::uint32_t child : alternatives.children)
            if (part(child).type.value == "text/plain")
                return child;
        return alternatives.children.back();
    }

    void list(std::uint32_t index)
    {
        const Part &here = part(index);
        AttachmentSummary summary;
        summary.name = here.file_name();
        summary.media_type = here.type.value;
        summary.size = decoded_body(message_, here).size();
        summary.part = index;
        letter_.attachments.push_back(summary);
    }

    ByteView message_;
    PartTree tree_;
    ReadLetter &letter_;
};

std::vector<NamedAddress> addresses_of(const MessageView &view, std::string_view field_name)
{
    const HeaderField *field = view.find(field_name);
    return field == nullptr ? std::vector<NamedAddress>() : parse_address_list(field->raw_body);
}

} // namespace

ReadLetter read_message(ByteView message)
{
    const MessageView view(message);
    ReadLetter letter;
    letter.from = addresses_of(view, "From");
    letter.to = addresses_of(view, "To");
    letter.cc = addresses_of(view, "Cc");
    letter.reply_to = addresses_of(view, "Reply-To");
    letter.subject = decode_words(view.text_of("Subject"));
    letter.message_id = view.text_of("Message-ID");
    letter.in_reply_to = view.text_of("In-Reply-To");
    if (const Result<DateTime> date = parse_date(view.text_of("Date")))
        letter.date = *date;
    PartSorter(message, letter).sort();
    return letter;
}

} // namespace mailscope::mail
