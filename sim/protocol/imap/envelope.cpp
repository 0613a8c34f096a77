// ENVELOPE of a letter; see envelope.h.
#include "sim/protocol/imap/envelope.h"

#include "sim/core/text.h"
#include "sim/mail/limits.h"
#include "sim/mail/message.h"
#include "sim/mail/tokens.h"
#include "sim/protocol/imap/grammar.h"

#include <array>
#include <optional>
#include <utility>

namespace mailscope::imap
{

namespace
{

/// Fields in the order of the envelope.
enum Field : std::size_t
{
    Date,
    Subject,
    From,
    Sender,
    ReplyTo,
    To,
    Cc,
    Bcc,
    InReplyTo,
    MessageIdField,
    FieldCount
};
constexpr std::array<ByteView, FieldCount> field_names = {
    "Date", "Subject", "From", "Sender",      "Reply-To",
    "To",   "Cc",      "Bcc",  "In-Reply-To", "Message-ID"};

using Fields = std::array<std::optional<std::string>, FieldCount>;

Fields read_fields(ByteView letter)
{
    Fields fields;
    mail::FieldReader reader(letter);
    while (const std::optional<mail::HeaderField> field = reader.next())
        for (std::size_t i = 0; i < FieldCount; ++i)
            if (!fields[i] && field->name.size() == field_names[i].size() &&
                equals_ignoring_case(field->name, field_names[i]))
                fields[i] = mail::unfold(field->raw_body);
    return fields;
}

/// Writes the addresses of a field (RFC 5322 3.4) as lists of four strings, one by one.
class AddressWriter
{
public:
    AddressWriter(std::string &out, ByteView field_body) : out_(out), in_(field_body) {}

    /// Appends "(...)" or NIL when there is no address.
    void write()
    {
        const std::size_t begin = out_.size();
        out_ += '(';
        while (written_ < mail::limits::addresses_max && step())
            ;
        finish_entry();
        finish_group();
        out_ += ')';
        if (written_ == 0)
            out_.replace(begin, ByteView::npos, "NIL");
    }

private:
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
            mailbox_ = std::exchange(local_, std::string());
            host_ = read_domain();
            phrase_.clear();
        } else if (in_.take(',')) {
            finish_entry();
        } else if (in_.take(';')) {
            finish_entry();
            finish_group();
        } else if (in_.take(':')) {
            start_group();
        } else {
            const ByteView atom = in_.run(is_dot_atext);
            if (atom.empty())
                in_.skip_one();
            else
                add_word(std::string(atom));
        }
        return true;
    }

    static bool is_dot_atext(char c) { return c == '.' || mail::is_atext(c); }

    void add_word(const std::string &word)
    {
        local_ += word;
        if (!phrase_.empty())
            phrase_ += ' ';
        phrase_ += word;
    }

    /// "<@route:local@domain>" after its "<".
    void read_angle_address()
    {
        name_ = std::exchange(phrase_, std::string());
        local_.clear();
        mailbox_.emplace();
        while (!in_.at_end() && !in_.take('>')) {
            in_.skip_blanks();
            if (in_.peek() == '"') {
                *mailbox_ += in_.quoted_string();
            } else if (in_.take('@')) {
                host_ = read_domain();
                if (!in_.take(':') && in_.peek() != ',')
                    continue;
                route_ += '@' + std::exchange(host_, std::string());
                mailbox_.emplace();
            } else {
                const ByteView atom = in_.run(is_dot_atext);
                *mailbox_ += atom;
                if (atom.empty() && !in_.at_end() && in_.peek() != '>')
                    in_.skip_one();
            }
        }
    }

    std::string read_domain()
    {
        in_.skip_blanks();
        if (in_.peek() != '[')
            return std::string(in_.run(is_dot_atext));
        const std::string literal(in_.run([](char c) { return c != ']' && c != '>'; }));
        return in_.take(']') ? literal + ']' : literal;
    }

    void start_group()
    {
        finish_group();
        in_group_ = true;
        write_one({}, {}, std::exchange(phrase_, std::string()), std::nullopt);
        local_.clear();
    }

    void finish_group()
    {
        if (std::exchange(in_group_, false))
            write_one({}, {}, std::nullopt, std::nullopt);
    }

    void finish_entry()
    {
        if (!mailbox_ && !local_.empty()) // A local part without a domain.
            mailbox_ = std::exchange(local_, std::string());
        if (mailbox_) {
            const std::string comment = in_.take_comment(); // "a@b (Name)"
            write_one(name_.empty() ? comment : name_, route_, mailbox_, host_);
        }
        name_.clear();
        phrase_.clear();
        local_.clear();
        route_.clear();
        host_.clear();
        mailbox_.reset();
    }

    void write_one(const std::string &name, const std::string &route,
                   const std::optional<std::string> &mailbox,
                   const std::optional<std::string> &host)
    {
        const auto or_nil = [&](const std::string &text) {
            append_nstring(out_, text.empty() ? std::nullopt : std::optional<std::string>(text));
            out_ += ' ';
        };
        out_ += '(';
        or_nil(name);
        or_nil(route);
        append_nstring(out_, mailbox);
        out_ += ' ';
        append_nstring(out_, host);
        out_ += ')';
        ++written_;
    }

    std::string &out_;
    mail::TokenReader in_;
    std::string phrase_; ///< words so far: a display name, a group's name
    std::string local_;  ///< the same without blanks: a local part
    std::string name_;
    std::string route_;
    std::string host_;
    std::optional<std::string> mailbox_;
    std::size_t written_ = 0;
    bool in_group_ = false;
};

void append_addresses(std::string &out, const std::optional<std::string> &field)
{
    if (field)
        AddressWriter(out, *field).write();
    else
        out += "NIL";
}

} // namespace

void append_envelope(std::string &out, ByteView letter)
{
    Fields fields = read_fields(letter);
    // RFC 3501 7.4.2: a missing Sender or Reply-To is that of From.
    for (const Field field : {Sender, ReplyTo})
        if (!fields[field] || fields[field]->empty())
            fields[field] = fields[From];
    out += '(';
    for (std::size_t i = 0; i < FieldCount; ++i) {
        if (i != 0)
            out += ' ';
        if (i >= From && i <= Bcc)
            append_addresses(out, fields[i]);
        else
            append_nstring(out, fields[i]);
    }
    out += ')';
}

} // namespace mailscope::imap
