// What a reply or a forwarded letter begins with.
#include "sim/mail/answer.h"

#include "sim/core/text.h"
#include "sim/mail/mime.h"

#include <algorithm>
#include <string_view>

namespace mailscope::mail
{

namespace
{

/// "Re: " once, however often a letter goes back and forth (RFC 5322 3.6.5).
std::string with_prefix(std::string_view prefix, std::string_view subject)
{
    const bool has_it = equals_ignoring_case(subject.substr(0, prefix.size()), prefix);
    return has_it ? std::string(subject) : std::string(prefix) + " " + std::string(subject);
}

std::string with_quote_marks(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        // What is quoted already gets no blank more (RFC 3676 4.5).
        result += line.empty() || line.front() == '>' ? ">" : "> ";
        result += line;
        result += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

std::string listed(const std::vector<NamedAddress> &addresses)
{
    std::string text;
    for (const NamedAddress &each : addresses) {
        text += text.empty() ? "" : ", ";
        text += each.name.empty() ? to_string(each.address)
                                  : each.name + " <" + to_string(each.address) + ">";
    }
    return text;
}

/// The fields that a person wants to see of a forwarded letter.
std::string short_header(const ReadLetter &letter)
{
    std::string header = "-------- Forwarded Message --------\n";
    header += "Subject: " + letter.subject + "\n";
    if (letter.date)
        header += "Date: " + format_date(*letter.date) + "\n";
    header += "From: " + listed(letter.from) + "\n";
    header += "To: " + listed(letter.to) + "\n";
    if (!letter.cc.empty())
        header += "Cc: " + listed(letter.cc) + "\n";
    return header + "\n";
}

} // namespace

std::vector<Attachment> attachments_of(ByteView message)
{
    const PartTree tree = parse_parts(message);
    std::vector<Attachment> files;
    for (const AttachmentSummary &file : read_message(message).attachments)
        files.push_back({file.name, file.media_type,
                         SharedBytes::copy_of(decoded_body(message, tree.parts[file.part]))});
    return files;
}

Letter answer_to(ByteView message, Answering how)
{
    const ReadLetter old = read_message(message);
    Letter letter;
    if (how == Answering::Reply) {
        letter.to = old.reply_to.empty() ? old.from : old.reply_to;
        letter.subject = with_prefix("Re:", old.subject);
        letter.text = with_quote_marks(old.text);
        letter.in_reply_to = old.message_id;
    } else {
        letter.subject = with_prefix("Fwd:", old.subject);
        letter.text = short_header(old) + old.text;
        letter.attachments = attachments_of(message);
    }
    return letter;
}

std::string text_above(const std::string &written, const std::string &below)
{
    if (written.empty() || below.empty())
        return written + below;
    return written + (written.back() == '\n' ? "\n" : "\n\n") + below;
}

} // namespace mailscope::mail
