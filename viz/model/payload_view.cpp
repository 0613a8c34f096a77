// Fields of what a packet carries, by the records that tell what was said.
#include "viz/model/payload_view.h"

#include "sim/core/text.h"
#include "viz/model/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t records_ahead = 64;    ///< a line may wait for its segment
constexpr std::size_t records_back = 20'000; ///< to the beginning of the connection
constexpr std::size_t value_octets = 200;    ///< of a field that are told

bool is_said(RecordKind kind)
{
    return kind == RecordKind::CommandSent || kind == RecordKind::ReplySent ||
           kind == RecordKind::ContentSent || kind == RecordKind::CiphertextSent;
}

/// Where the line that begins at `from` ends, without its line end.
std::size_t line_end(ByteView text, std::size_t from)
{
    const std::size_t end = std::min(text.find('\n', from), text.size());
    return end > from && text[end - 1] == '\r' ? end - 1 : end;
}

std::size_t next_line(ByteView text, std::size_t from)
{
    return std::min(text.find('\n', from), text.size() - 1) + 1;
}

/// Tells one stretch: the fields of its record, as far as they lie in the packet.
class Teller
{
public:
    Teller(const Records &records, const Talk &talk, const Stretch &stretch, std::size_t base,
           InspectorView &view)
        : records_(records), talk_(talk), stretch_(stretch), record_(records[stretch.record]),
          text_(record_.text.view()), base_(base), view_(view)
    {
        place_ = static_cast<std::size_t>(
            std::find(talk.lines.begin(), talk.lines.end(), stretch.record) - talk.lines.begin());
    }

    void tell();

private:
    void part(std::string_view name, std::size_t from, std::size_t to);
    void command();
    void smtp_path(std::size_t from, std::size_t end);
    void reply();
    void smtp_reply();
    void pop3_reply();
    void imap_reply();
    void imap_line(std::size_t from, std::size_t end);
    void http_head();
    void header_fields(std::size_t from, std::size_t end);
    void content();
    void letter();
    void tls_records();

    const Record *said_before(std::size_t place, bool by_sender) const;
    bool answers_challenge() const;
    bool is_letter() const;
    std::string_view asked() const;
    std::optional<ByteView> letter_so_far() const;
    bool is_chunk() const;

    const Records &records_;
    const Talk &talk_;
    const Stretch &stretch_;
    const Record &record_;
    ByteView text_;
    std::size_t base_;
    InspectorView &view_;
    std::size_t place_ = 0; ///< of the record among the lines
};

/// A field from one place of the record's text to another; what lies outside the packet is left
/// out.
void Teller::part(std::string_view name, std::size_t from, std::size_t to)
{
    const std::size_t begin = std::max(from, stretch_.from);
    const std::size_t end = std::min(to, stretch_.from + stretch_.length);
    if (begin >= end)
        return;
    view_.fields.push_back({view_.layers.size() - 1, printable(name, 40),
                            printable(text_.substr(begin, end - begin), value_octets),
                            base_ + stretch_.offset + begin - stretch_.from, end - begin});
}

void Teller::tell()
{
    switch (record_.kind) {
    case RecordKind::CommandSent:
        return record_.protocol == Protocol::Http ? http_head() : command();
    case RecordKind::ReplySent:
        return reply();
    case RecordKind::ContentSent:
        return content();
    default:
        return tls_records();
    }
}

/// The record before that place of the conversation, by the same side or by the other one.
const Record *Teller::said_before(std::size_t place, bool by_sender) const
{
    while (place-- > 0) {
        const Record &record = records_[talk_.lines[place]];
        if (record.kind != RecordKind::CiphertextSent && (record.host == record_.host) == by_sender)
            return &record;
    }
    return nullptr;
}

/// Whether a client's line is no command, but what the server asked for: SMTP's 334, and "+" of
/// POP3 and IMAP (RFC 4954 4, RFC 5034 4, RFC 3501 7.5).
bool Teller::answers_challenge() const
{
    for (std::size_t i = place_; i-- > 0;) {
        const Record &record = records_[talk_.lines[i]];
        if (record.kind == RecordKind::CiphertextSent)
            continue;
        if (record.host == record_.host)
            return false;
        if (record_.protocol == Protocol::Smtp)
            return record.code == 334;
        const ByteView said = record.text.view();
        if (record_.protocol == Protocol::Pop3)
            return said.starts_with("+ ");
        for (std::size_t from = 0; from < said.size(); from = next_line(said, from)) {
            if (said[from] == '+')
                return true;
            if (said[from] != '*')
                return false;
        }
    }
    return false;
}

void Teller::command()
{
    const std::size_t end = line_end(text_, 0);
    if (answers_challenge())
        return part(record_.protocol == Protocol::Imap ? "continuation" : "credentials", 0, end);
    std::size_t verb = 0;
    if (record_.protocol == Protocol::Imap) {
        verb = std::min(text_.find(' '), end);
        part("tag", 0, verb);
        verb = std::min(verb + 1, end);
    }
    std::size_t space = std::min(text_.find(' ', verb), end);
    if (record_.protocol == Protocol::Imap &&
        equals_ignoring_case(text_.substr(verb, space - verb), "UID")) // Half of a command's name.
        space = std::min(text_.find(' ', space + 1), end);
    part("verb", verb, space);
    const ByteView name = text_.substr(verb, space - verb);
    const bool path = record_.protocol == Protocol::Smtp &&
                      (equals_ignoring_case(name, "MAIL") || equals_ignoring_case(name, "RCPT"));
    if (path)
        smtp_path(space + 1, end);
    else
        part("argument", space + 1, end);
}

/// "FROM:<alice@example.com> SIZE=577" (RFC 5321 4.1.1.2).
void Teller::smtp_path(std::size_t from, std::size_t end)
{
    const std::size_t open = text_.find(':', from) + 1;
    if (open == 0 || open > end)
        return part("argument", from, end);
    const std::size_t close = std::min(text_.find(' ', open + 1), end);
    part(starts_with_ignoring_case(text_.substr(from), "FROM") ? "reverse path" : "forward path",
         open, close);
    part("parameters", close + 1, end);
}

void Teller::reply()
{
    switch (record_.protocol) {
    case Protocol::Smtp:
        return smtp_reply();
    case Protocol::Pop3:
        return pop3_reply();
    case Protocol::Imap:
        return imap_reply();
    case Protocol::Http:
        return http_head();
    default:
        return part("text", 0, text_.size());
    }
}

void Teller::smtp_reply()
{
    constexpr std::size_t code = 3;
    for (std::size_t from = 0; from < text_.size(); from = next_line(text_, from)) {
        const std::size_t end = line_end(text_, from);
        std::size_t at = std::min(from + code, end);
        part("reply", from, at);
        at = std::min(at + 1, end);
        const std::size_t space = std::min(text_.find(' ', at), end);
        if (parse_status(text_.substr(at, space - at)) != 0) {
            part("status", at, space);
            at = std::min(space + 1, end);
        }
        part("text", at, end);
    }
}

/// "-ERR [AUTH] Authentication failed." (RFC 1939 3, RFC 2449 8)
void Teller::pop3_reply()
{
    const std::size_t end = line_end(text_, 0);
    std::size_t at = std::min(text_.find(' '), end);
    part("indicator", 0, at);
    at = std::min(at + 1, end);
    const std::size_t close = text_.find(']', at);
    if (at < end && text_[at] == '[' && close < end) {
        part("response code", at, close + 1);
        at = std::min(close + 2, end);
    }
    part("text", at, end);
}

void Teller::imap_reply()
{
    std::size_t from = 0;
    const Record *before = said_before(place_, true);
    if (before != nullptr && before->kind == RecordKind::ContentSent) {
        // The response goes on behind its literal.
        part("data", 0, line_end(text_, 0));
        from = next_line(text_, 0);
    }
    for (; from < text_.size(); from = next_line(text_, from))
        imap_line(from, line_end(text_, from));
}

/// "* 3 EXISTS", "a2 OK Logged in", "+ idling" (RFC 3501 7).
void Teller::imap_line(std::size_t from, std::size_t end)
{
    const std::size_t tag = std::min(text_.find(' ', from), end);
    const char first = text_[from];
    part(first == '*' ? "untagged" : first == '+' ? "continuation" : "tag", from, tag);
    std::size_t at = std::min(tag + 1, end);
    if (first != '+') {
        std::size_t word = std::min(text_.find(' ', at), end);
        if (at < end && is_ascii_digit(text_[at])) {
            part("number", at, word);
            at = std::min(word + 1, end);
            word = std::min(text_.find(' ', at), end);
        }
        part("response", at, word);
        at = std::min(word + 1, end);
    }
    const std::size_t close = text_.find(']', at);
    if (at < end && text_[at] == '[' && close < end) {
        part("response code", at, close + 1);
        at = std::min(close + 2, end);
    }
    part("data", at, end);
}

/// The first line of a request or a response, and its header fields (RFC 9112 2.1).
void Teller::http_head()
{
    const std::size_t end = line_end(text_, 0);
    const std::size_t one = std::min(text_.find(' '), end);
    const std::size_t two = std::min(text_.find(' ', one + 1), end);
    const bool request = record_.kind == RecordKind::CommandSent;
    part(request ? "method" : "version", 0, one);
    part(request ? "target" : "status code", one + 1, two);
    part(request ? "version" : "reason", two + 1, end);
    if (end < text_.size())
        header_fields(next_line(text_, 0), text_.size());
}

/// Each field with the lines that it is folded into (RFC 5322 2.2.3).
void Teller::header_fields(std::size_t from, std::size_t end)
{
    while (from < end && from < stretch_.from + stretch_.length) {
        std::size_t stop = line_end(text_, from);
        std::size_t next = next_line(text_, from);
        while (next < end && is_blank(text_[next])) {
            stop = line_end(text_, next);
            next = next_line(text_, next);
        }
        const std::size_t colon = text_.find(':', from);
        if (colon < stop) {
            std::size_t value = colon + 1;
            while (value < stop && is_blank(text_[value]))
                ++value;
            const std::size_t known = view_.fields.size();
            part(text_.substr(from, colon - from), from, stop);
            // The name stands before it already.
            if (view_.fields.size() > known && from >= stretch_.from)
                view_.fields.back().value =
                    printable(text_.substr(value, stop - value), value_octets);
        }
        from = next;
    }
}

void Teller::content()
{
    if (is_letter())
        return letter();
    const bool dotted = record_.protocol == Protocol::Pop3 && text_.ends_with(".\r\n");
    const std::size_t end = text_.size() - (dotted ? 3 : 0);
    part(record_.protocol == Protocol::Pop3   ? "listing"
         : record_.protocol == Protocol::Imap ? "literal"
                                              : "content",
         0, end);
    if (dotted)
        part("end of data", end, text_.size());
}

/// The command of POP3 that the content answers: each reply but the greeting answers one.
std::string_view Teller::asked() const
{
    std::size_t replies = 0;
    for (std::size_t i = 0; i < place_; ++i)
        replies += records_[talk_.lines[i]].kind == RecordKind::ReplySent ? 1U : 0U;
    for (const std::size_t line : talk_.lines)
        if (records_[line].kind == RecordKind::CommandSent && replies-- == 2)
            return records_[line].text.view();
    return {};
}

/// Whether the content is a letter, or the beginning of one.
bool Teller::is_letter() const
{
    const Record *before = said_before(place_, true);
    switch (record_.protocol) {
    case Protocol::Smtp:
        return true;
    case Protocol::Pop3:
        return starts_with_ignoring_case(asked(), "RETR") ||
               starts_with_ignoring_case(asked(), "TOP");
    case Protocol::Imap: {
        if (before == nullptr || before->kind != RecordKind::ReplySent)
            return true; // What a client appends.
        const ByteView said = before->text.view();
        const std::size_t open = said.rfind("BODY[");
        return open == ByteView::npos || said.substr(open).starts_with("BODY[]") ||
               said.substr(open).starts_with("BODY[HEADER");
    }
    default:
        return false;
    }
}

/// Whether the content came by BDAT, whose chunks have no dot at their end (RFC 3030 2).
bool Teller::is_chunk() const
{
    const Record *before = said_before(place_, true);
    return before != nullptr && before->kind == RecordKind::CommandSent &&
           starts_with_ignoring_case(before->text.view(), "BDAT");
}

/// What came of the same letter in records before this one; nothing when this is its beginning.
std::optional<ByteView> Teller::letter_so_far() const
{
    const bool chunk = is_chunk();
    for (std::size_t i = place_; i-- > 0;) {
        const Record &record = records_[talk_.lines[i]];
        if (record.host != record_.host || record.kind == RecordKind::CiphertextSent)
            continue;
        if (record.kind == RecordKind::ContentSent)
            return record.text.view();
        if (!chunk || !starts_with_ignoring_case(record.text.view(), "BDAT"))
            return std::nullopt;
    }
    return std::nullopt;
}

void Teller::letter()
{
    constexpr ByteView blank = "\r\n\r\n";
    const bool by_lines = record_.protocol == Protocol::Smtp || record_.protocol == Protocol::Pop3;
    const bool dotted = by_lines && !is_chunk() && text_.ends_with("\r\n.\r\n");
    const bool only_dot = by_lines && text_ == ".\r\n";
    const std::size_t end = text_.size() - (dotted || only_dot ? 3 : 0);
    std::size_t body = 0;
    const std::optional<ByteView> before = letter_so_far();
    if (!before || before->find(blank) == ByteView::npos) {
        const std::size_t found = text_.starts_with("\r\n") ? 0 : text_.find(blank);
        const std::size_t head = found == ByteView::npos ? end : found == 0 ? 0 : found + 2;
        header_fields(0, std::min(head, end));
        body = std::min(head + 2, end);
    }
    part("letter body", body, end);
    if (end < text_.size())
        part("end of data", end, text_.size());
}

/// Type, version, length; what is in it only its receiver reads (RFC 8446 5.1).
void Teller::tls_records()
{
    constexpr std::size_t head = 5;
    for (std::size_t at = 0; at + head <= text_.size();) {
        const std::size_t length =
            static_cast<std::size_t>(static_cast<unsigned char>(text_[at + 3])) << 8U |
            static_cast<unsigned char>(text_[at + 4]);
        const unsigned type = static_cast<unsigned char>(text_[at]);
        const std::size_t known = view_.fields.size();
        part("record type", at, at + 1);
        if (view_.fields.size() > known)
            view_.fields.back().value = fmt::format("{} {}", type,
                                                    type == 22   ? "handshake"
                                                    : type == 23 ? "application_data"
                                                    : type == 21 ? "alert"
                                                    : type == 20 ? "change_cipher_spec"
                                                                 : "");
        const auto number = [&](std::string_view name, std::size_t from, std::string value) {
            const std::size_t before = view_.fields.size();
            part(name, from, from + 2);
            if (view_.fields.size() > before)
                view_.fields.back().value = std::move(value);
        };
        number("version", at + 1,
               fmt::format("0x{:02x}{:02x}", static_cast<unsigned char>(text_[at + 1]),
                           static_cast<unsigned char>(text_[at + 2])));
        number("length", at + 3, std::to_string(length));
        const std::size_t before = view_.fields.size();
        part(type == 22 ? "handshake message" : "ciphertext", at + head, at + head + length);
        if (view_.fields.size() > before)
            view_.fields.back().value = fmt::format("{} B", view_.fields.back().length);
        at += head + length;
    }
}

/// Which octets of the stream that the sender's records make lie in the segment.
std::vector<Stretch> cut_stretches(const Records &records, const Talk &talk,
                                   const net::Packet &packet, std::uint32_t first)
{
    const std::size_t begin = packet.sequence - first;
    const ByteView payload = packet.payload.view();
    std::vector<Stretch> found;
    std::size_t at = 0;
    bool encrypted = false;
    for (const std::size_t line : talk.lines) {
        const Record &record = records[line];
        if (record.host != talk.sender)
            continue;
        encrypted = encrypted || record.kind == RecordKind::CiphertextSent;
        // What is said over TLS is on the wire as the ciphertext that follows.
        if (encrypted && record.kind != RecordKind::CiphertextSent)
            continue;
        const std::size_t from = std::max(at, begin);
        const std::size_t to = std::min(at + record.text.size(), begin + payload.size());
        if (from < to) {
            if (payload.substr(from - begin, to - from) !=
                record.text.view().substr(from - at, to - from))
                return {};
            found.push_back({line, from - begin, to - from, from - at});
        }
        at += record.text.size();
    }
    return found;
}

} // namespace

Talk talk_around(const Records &records, std::size_t index, const net::Packet &packet)
{
    Talk talk;
    if (packet.transport != net::Transport::Tcp || packet.payload.view().empty())
        return talk;
    const std::size_t end = std::min(records.size(), index + records_ahead);
    std::optional<std::uint32_t> first;
    for (std::size_t i = end; i-- > 0 && end - i < records_back && !first;) {
        const Record &record = records[i];
        if (record.conversation != packet.conversation)
            continue;
        if (record.kind == RecordKind::PacketSent && record.packet < records.packet_count()) {
            const net::Packet &sent = records.packet(record.packet);
            if (talk.sender.is_none() && sent.number == packet.number)
                talk.sender = record.host;
            else if (talk.sender == record.host && (sent.flags & net::tcp_flag::syn) != 0)
                first = sent.sequence + 1;
        } else if (!talk.sender.is_none() && is_said(record.kind)) {
            talk.lines.push_back(i);
        }
    }
    std::reverse(talk.lines.begin(), talk.lines.end());
    if (first)
        talk.stretches = cut_stretches(records, talk, packet, *first);
    if (!talk.stretches.empty())
        talk.protocol = records[talk.stretches.front().record].protocol;
    return talk;
}

void describe_payload(const Records &records, const Talk &talk, std::size_t present,
                      std::size_t base, InspectorView &view)
{
    view.focus = base;
    for (const bool first : {true, false})
        for (const Stretch &stretch : talk.stretches) {
            if ((stretch.record == present) != first)
                continue;
            if (first)
                view.focus = base + stretch.offset;
            Teller(records, talk, stretch, base, view).tell();
        }
}

} // namespace mailscope::viz
