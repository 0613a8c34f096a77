// Tokens of structured header fields (RFC 5322 3.2).
#include "sim/mail/tokens.h"

#include "sim/core/text.h"

namespace mailscope::mail
{

bool is_atext(char c)
{
    constexpr std::string_view symbols = "!#$%&'*+-/=?^_`{|}~";
    return is_ascii_letter(c) || is_ascii_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
           symbols.find(c) != std::string_view::npos;
}

void TokenReader::skip_blanks()
{
    while (!at_end()) {
        const char c = text_[position_];
        if (c == '(')
            skip_comment();
        else if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            ++position_;
        else
            return;
    }
}

void TokenReader::skip_comment()
{
    comment_.clear();
    std::size_t depth = 0;
    while (!at_end()) {
        const char c = text_[position_++];
        if (c == '(' && depth++ == 0)
            continue;
        if (c == ')' && --depth == 0)
            return;
        if (c == '\\' && !at_end())
            comment_ += text_[position_++];
        else if (c != '\r' && c != '\n')
            comment_ += c;
    }
}

std::string TokenReader::quoted_string()
{
    std::string content;
    ++position_;
    while (!at_end()) {
        const char c = text_[position_++];
        if (c == '"')
            break;
        if (c == '\\' && !at_end())
            content += text_[position_++];
        else if (c != '\r' && c != '\n')
            content += c;
    }
    return content;
}

std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    result += '"';
    return result;
}

} // namespace mailscope::mail
