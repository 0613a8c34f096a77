// How letters and replies are shown in a few lines.
#include "sim/cli/letter_text.h"

#include "sim/cli/text_layout.h"
#include "sim/core/text.h"
#include "sim/mail/letter.h"

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

/// A letter as it was before it went on the wire: no dot at the end, none doubled (RFC 5321 4.5.2,
/// RFC 1939 3).
std::string without_transparency(ByteView sent)
{
    std::string letter;
    while (!sent.empty()) {
        const std::size_t end = std::min(sent.find('\n'), sent.size() - 1);
        std::string_view line = sent.substr(0, end + 1);
        sent.remove_prefix(line.size());
        if (trim(line) == "." && sent.empty())
            break;
        if (line.front() == '.')
            line.remove_prefix(1);
        letter += line;
    }
    return letter;
}

/// Whether something in the letter is written in another way than people read it.
bool is_encoded(ByteView letter)
{
    constexpr std::array<std::string_view, 4> marks = {
        "=?", "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable",
        "Content-Type: multipart/"};
    return std::any_of(marks.begin(), marks.end(),
                       [&](std::string_view mark) { return letter.find(mark) != ByteView::npos; });
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

std::vector<std::string> readable_letter(ByteView sent)
{
    constexpr std::size_t text_lines_max = 8;
    const std::string message = without_transparency(sent);
    if (!is_encoded(message))
        return {};
    const mail::ReadLetter letter = mail::read_message(message);
    std::vector<std::string> shown = {printable(letter.subject)};
    for (const std::string &line : lines_of(letter.text)) {
        if (shown.size() > text_lines_max)
            break;
        shown.push_back(printable(line));
    }
    for (const mail::AttachmentSummary &file : letter.attachments)
        shown.push_back("[" + (file.name.empty() ? "" : printable(file.name) + ", ") +
                        file.media_type + ", " + std::to_string(file.size) + "]");
    return shown;
}

} // namespace mailscope::cli
