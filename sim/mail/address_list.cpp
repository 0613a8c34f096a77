// Address lists of header fields (RFC 5322 3.4, obsolete forms of 4.4), read leniently.
#include "sim/core/text.h"
#include "sim/mail/address.h"
#include "sim/mail/encoded_word.h"
#include "sim/mail/limits.h"
#include "sim/mail/tokens.h"

#include <string_view>
#include <utility>

namespace mailscope::mail
{

namespace
{

/// Reads one entry after the other. An entry is a phrase of words that turns out to be a display
/// name (before "<"), a group's name (before ":") or a local part (before "@").
class ListReader
{
public:
    explicit ListReader(std::string_view field_body) : in_(field_body) {}

    std::vector<NamedAddress> read()
    {
        while (step())
            if (addresses_.size() >= limits::addresses_max)
                return std::move(addresses_);
        finish_entry();
        return std::move(addresses_);
    }

private:
    /// Takes the next token; false at the end.
    bool step()
    {
        in_.skip_blanks();
        if (in_.at_end())
            return false;
        if (in_.peek() == '"') {
            add_word(in_.quoted_string());
        } else if (in_.take('<')) {
            read_angle_address();
        } else if (in_.take('@')) {
            entry_.address = Address{std::exchange(local_, std::string()), read_domain()};
            phrase_.clear();
        } else if (in_.take(',') || in_.take(';')) {
            finish_entry();
        } else if (in_.take(':')) {
            start_entry();
        } else {
            const std::string_view atom = in_.run(is_dot_atext);
            if (atom.empty())
                in_.skip_one();
            else
                add_word(atom);
        }
        return true;
    }

    static bool is_dot_atext(char c) { return c == '.' || is_atext(c); }

    void add_word(std::string_view word)
    {
        local_ += word;
        if (!phrase_.empty())
            phrase_ += ' ';
        phrase_ += word;
    }

    /// "<local@domain>" after its "<", a route before it ignored.
    void read_angle_address()
    {
        entry_.name = std::exchange(phrase_, std::string());
        local_.clear();
        while (!in_.at_end() && in_.peek() != '>') {
            in_.skip_blanks();
            if (in_.peek() == '"') {
                local_ += in_.quoted_string();
            } else if (in_.take('@')) {
                entry_.address = Address{std::exchange(local_, std::string()), read_domain()};
            } else if (in_.take(':')) {
                entry_.address = Address();
                local_.clear();
            } else if (const std::string_view atom = in_.run(is_dot_atext); !atom.empty()) {
                local_ += atom;
            } else if (!in_.at_end() && in_.peek() != '>') {
                in_.skip_one();
            }
        }
        in_.take('>');
    }

    std::string read_domain()
    {
        std::string domain;
        in_.skip_blanks();
        if (in_.peek() == '[') {
            domain = in_.run([](char c) { return c != ']' && c != '>' && c != ','; });
            if (in_.take(']'))
                domain += ']';
            return domain;
        }
        for (;;) {
            in_.skip_blanks();
            if (!domain.empty() && domain.back() != '.' && in_.peek() != '.')
                return domain;
            const std::string_view part = in_.run(is_dot_atext);
            if (part.empty())
                return domain;
            domain += part;
        }
    }

    void start_entry()
    {
        entry_ = NamedAddress();
        phrase_.clear();
        local_.clear();
        in_.take_comment();
    }

    void finish_entry()
    {
        const std::string comment = in_.take_comment();
        const Address &address = entry_.address;
        const bool whole = !address.local_part.empty() && !address.domain.empty();
        if (whole && is_valid_utf8(address.local_part) && is_valid_utf8(address.domain)) {
            entry_.name = decode_words(entry_.name.empty() ? comment : entry_.name);
            addresses_.push_back(std::move(entry_));
        }
        start_entry();
    }

    TokenReader in_;
    NamedAddress entry_;
    std::string phrase_;
    std::string local_;
    std::vector<NamedAddress> addresses_;
};

} // namespace

std::vector<NamedAddress> parse_address_list(std::string_view field_body)
{
    return ListReader(field_body).read();
}

} // namespace mailscope::mail
