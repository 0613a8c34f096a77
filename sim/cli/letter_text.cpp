// How letters and replies are shown in a few lines.
#include "sim/cli/letter_text.h"

#include "sim/cli/text_layout.h"
#include "sim/core/text.h"
#include "sim/mail/letter.h"
#include "sim/mail/status_report.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mailscope::cli
{
namespace
{

constexpr std::size_t body_lines_max = 8;
constexpr std::size_t header_lines_max = 40;

/// Encoded octets: a long line of base64's letters only.
bool is_base64(std::string_view line)
{
    constexpr std::size_t shortest = 32;
    return line.size() >= shortest && std::all_of(line.begin(), line.end(), [](char c) {
               return is_ascii_letter(c) || is_ascii_digit(c) || c == '+' || c == '/' || c == '=';
           });
}

std::string left_out(std::size_t lines, const Catalogue &catalogue)
{
    return fill(catalogue.ui("cli.lines-left-out"), {{"count", std::to_string(lines)}});
}

/// What a delivery report says for machines about each recipient (RFC 3464 2.3).
std::vector<std::string> report_fields(ByteView message)
{
    std::vector<std::string> fields;
    const Result<mail::StatusReport> report = mail::parse_status_report(message);
    if (!report)
        return fields;
    for (const mail::RecipientStatus &recipient : report->recipients) {
        fields.push_back("Final-Recipient: " + recipient.final_recipient.type + "; " +
                         recipient.final_recipient.value);
        fields.push_back("Action: " + std::string(mail::name_of(recipient.action)));
        fields.push_back("Status: " + recipient.status);
        if (!recipient.diagnostic_code.is_absent())
            fields.push_back("Diagnostic-Code: " + recipient.diagnostic_code.type + "; " +
                             recipient.diagnostic_code.value);
    }
    return fields;
}

} // namespace

std::vector<std::string> lines_of(ByteView text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        lines.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<std::string> abbreviated_letter(ByteView message, const Catalogue &catalogue)
{
    std::vector<std::string> shown;
    const std::vector<std::string> lines = lines_of(message);
    std::size_t i = 0;
    for (; i < lines.size() && !lines[i].empty(); ++i)
        if (i < header_lines_max)
            shown.push_back(printable(lines[i]));
    std::size_t body = 0;
    std::size_t skipped = 0;
    for (; i < lines.size(); ++i) {
        const bool encoded = is_base64(lines[i]) && i > 0 && is_base64(lines[i - 1]);
        const bool last = i + 1 == lines.size();
        if (!last && (encoded || body >= body_lines_max)) {
            ++skipped;
            continue;
        }
        if (skipped > 0)
            shown.push_back(left_out(std::exchange(skipped, 0), catalogue));
        shown.push_back(printable(lines[i]));
        ++body;
    }
    return shown;
}

std::string message_in(const Record &content)
{
    ByteView sent = content.text.view();
    if (content.protocol != Protocol::Smtp && content.protocol != Protocol::Pop3)
        return std::string(sent);
    std::string message;
    while (!sent.empty()) {
        const std::size_t end = std::min(sent.find('\n'), sent.size() - 1);
        std::string_view line = sent.substr(0, end + 1);
        sent.remove_prefix(line.size());
        if (trim(line) == "." && sent.empty())
            break;
        if (line.front() == '.')
            line.remove_prefix(1);
        message += line;
    }
    return message;
}

bool is_encoded(ByteView message)
{
    constexpr std::array<std::string_view, 4> marks = {
        "=?", "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable",
        "Content-Type: multipart/"};
    return std::any_of(marks.begin(), marks.end(),
                       [&](std::string_view mark) { return message.find(mark) != ByteView::npos; });
}

std::vector<std::string> readable_text(ByteView message, std::size_t lines_max,
                                       const Catalogue &catalogue)
{
    const mail::ReadLetter letter = mail::read_message(message);
    std::vector<std::string> shown;
    const std::vector<std::string> lines = lines_of(letter.text);
    for (const std::string &line : lines)
        if (shown.size() < lines_max)
            shown.push_back(printable(line));
    if (lines.size() > shown.size())
        shown.push_back(left_out(lines.size() - shown.size(), catalogue));
    for (const mail::AttachmentSummary &file : letter.attachments) {
        shown.push_back("[" + (file.name.empty() ? "" : printable(file.name) + ", ") +
                        file.media_type + ", " + std::to_string(file.size) + "]");
        if (file.media_type == "message/delivery-status" ||
            file.media_type == "message/global-delivery-status")
            for (const std::string &field : report_fields(message))
                shown.push_back("  " + printable(field));
    }
    return shown;
}

} // namespace mailscope::cli
