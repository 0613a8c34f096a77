// Tokens of structured header fields (RFC 5322 3.2): white space, comments, quoted strings, atoms.
//
// Dates, address lists and MIME parameters are read with this one reader. It accepts UTF-8 in atoms
// and quoted strings (RFC 6532 3.2) and ends what is not closed at the end of the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace mailscope::mail
{

/// "atext" of RFC 5322 3.2.3, octets of UTF-8 included.
bool is_atext(char c);

/// Reads a field body from front to back.
class TokenReader
{
public:
    explicit TokenReader(std::string_view text) : text_(text) {}

    bool at_end() const { return position_ >= text_.size(); }

    /// The next character; 0 at the end.
    char peek() const { return at_end() ? '\0' : text_[position_]; }

    /// Takes the next character when it is `c`.
    bool take(char c)
    {
        if (at_end() || text_[position_] != c)
            return false;
        ++position_;
        return true;
    }

    /// Goes over one character; not at the end.
    void skip_one() { ++position_; }

    /// Goes over white space, line ends and comments. The text of the last comment, without its
    /// parentheses, is kept for `last_comment`.
    void skip_blanks();

    /// The longest run of characters that `belongs` accepts; may be empty.
    template <class Predicate> std::string_view run(Predicate belongs)
    {
        const std::size_t begin = position_;
        while (!at_end() && belongs(text_[position_]))
            ++position_;
        return text_.substr(begin, position_ - begin);
    }

    /// The content of the quoted string that begins here, backslashes resolved. The next
    /// character must be its opening quote.
    std::string quoted_string();

    /// The last comment since the last call; empty when there was none.
    std::string take_comment() { return std::exchange(comment_, std::string()); }

private:
    void skip_comment();

    std::string_view text_;
    std::size_t position_ = 0;
    std::string comment_;
};

/// `text` between double quotes, with a backslash before `"` and `\`.
std::string quoted(std::string_view text);

} // namespace mailscope::mail
