// The small language in which records are searched, filtered and expected.
//
//   protocol:smtp reply:5xx host:mx.example.jp
//
// Words separated by blanks, each `key:value`; a record matches when every word does, and a word
// with a leading "-" when the rest of it does not. One language for the command line, scenarios
// (expectations, lesson moments) and views.
//
//   kind:NAME      the kind, by its name in record.cpp; a final * stands for any rest
//   layer:NAME     story, mail, dns, line, connection, packet
//   protocol:NAME  smtp, pop3, imap, dns, tcp, udp, tls
//   host:NAME      where it happened; peer:NAME the other side; at:NAME either of them
//   reply:CODE     an SMTP reply code, an x for any digit: 5xx, 45x, 550
//   status:X.Y.Z   an enhanced status code; a * for any part: 5.2.*
//   trouble:WORD   any, temporary, permanent, none
//   message:N      the letter number N
//   text:WORDS     the text contains this, case matters; quotes around blanks: text:"RCPT TO"
#pragma once

#include "sim/core/result.h"
#include "sim/trace/record.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

class Query
{
public:
    /// Reads a query. `host_names` by HostId; a name that is not there is an error that says so.
    [[nodiscard]] static Result<Query> parse(std::string_view text,
                                             std::span<const std::string> host_names);

    /// True for every record when the query is empty.
    bool matches(const Record &record) const;

private:
    enum class Key : std::uint8_t
    {
        Kind,
        Layer,
        Protocol,
        Host,
        Peer,
        At,
        Reply,
        Status,
        Trouble,
        Message,
        Text,
    };

    struct Term
    {
        Key key = Key::Text;
        bool negated = false;
        std::uint32_t number = 0; ///< the value where it is one of an enumeration or an id
        std::string text;         ///< the value where it is compared as text
    };

    static Result<Term> parse_term(std::string_view key, std::string_view value,
                                   std::span<const std::string> host_names);
    static bool holds(const Term &term, const Record &record);

    std::vector<Term> terms_;
};

} // namespace mailscope
