// A letter in the inspector.
#include "viz/model/letter_view.h"

#include "sim/core/text.h"
#include "sim/mail/letter.h"
#include "sim/world/world.h"
#include "viz/model/last_change.h"
#include "viz/model/views.h"

#include <algorithm>
#include <optional>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t lines_max = 400;

/// Opened in a mailbox: "bob@example.jp 7".
std::string stored_letter(const World &world, const std::string &place)
{
    const std::size_t space = place.rfind(' ');
    const auto uid =
        space == std::string::npos ? std::nullopt : parse_decimal(place.substr(space + 1));
    if (!uid)
        return {};
    for (const mail::Store &store : world.stores)
        for (std::uint32_t user = 0; user < store.user_count(); ++user) {
            const mail::Mailbox &box = store.mailbox(mail::UserId{user});
            if (box.user != place.substr(0, space))
                continue;
            const auto *letter = box.inbox().find(static_cast<std::uint32_t>(*uid));
            return letter == nullptr ? std::string() : std::string(letter->content.view());
        }
    return {};
}

/// The last record up to now in which the letter's content went over a wire.
std::optional<std::size_t> last_sent(const Moment &now)
{
    const MessageId message = now.record().message;
    if (message.is_none())
        return std::nullopt;
    for (std::size_t i = now.index() + 1; i-- > 0;)
        if (now.records[i].message == message && now.records[i].kind == RecordKind::ContentSent)
            return i;
    return std::nullopt;
}

class LetterRows
{
public:
    explicit LetterRows(const Moment &now) : now_(now), source_(letter_source(now)) {}

    std::vector<FactRow> make()
    {
        add_why();
        if (now_.state.letter.empty())
            add_way();
        if (!source_.empty()) {
            add_reading();
            add_source();
        }
        return std::move(rows_);
    }

private:
    void heading(std::string_view name)
    {
        rows_.push_back({now_.words.view(name), {}, true, Mark::None, -1, {}});
    }
    void row(std::string text, std::string value = {}, int record = -1)
    {
        if (rows_.size() < lines_max)
            rows_.push_back({std::move(text), std::move(value), false, Mark::None, record, {}});
    }
    void add_why();
    void add_way();
    void add_envelope(std::size_t sent);
    void add_reading();
    void add_source();
    int record_of_trace(std::string_view line) const;

    const Moment &now_;
    std::string source_;
    std::vector<FactRow> rows_;
};

/// The question why the letter is where it is; its answer is a chain of causes.
void LetterRows::add_why()
{
    const int arrival = arrival_of_letter(now_);
    if (arrival < 0)
        return;
    row(now_.words.view("why-letter"));
    rows_.back().why = arrival;
}

void LetterRows::add_way()
{
    const MessageId message = now_.record().message;
    if (message.is_none())
        return;
    heading("hops");
    for (std::size_t i = 0; i <= now_.index(); ++i) {
        const Record &record = now_.records[i];
        if (record.message != message)
            continue;
        if (record.kind == RecordKind::ContentSent)
            row(now_.words.host(record.host) + " → " + now_.words.host(record.peer),
                clock_text(record.at), static_cast<int>(i));
        if (record.kind == RecordKind::Delivered)
            row(now_.words.sentence(now_.records, record), clock_text(record.at),
                static_cast<int>(i));
    }
    if (const std::optional<std::size_t> sent = last_sent(now_))
        add_envelope(*sent);
}

/// What was said before the content in the same conversation.
void LetterRows::add_envelope(std::size_t sent)
{
    const ConnectionId conversation = now_.records[sent].conversation;
    std::vector<std::size_t> said;
    for (std::size_t i = sent; i-- > 0;) {
        const Record &record = now_.records[i];
        if (record.conversation != conversation)
            continue;
        if (record.kind == RecordKind::ContentSent)
            break;
        const std::string verb = to_upper(record.text.view().substr(0, 4));
        if (record.kind == RecordKind::CommandSent && (verb == "RCPT" || verb == "MAIL"))
            said.push_back(i);
        if (record.kind == RecordKind::CommandSent && verb == "MAIL")
            break;
    }
    if (said.empty())
        return;
    heading("envelope");
    for (auto i = said.rbegin(); i != said.rend(); ++i)
        row(now_.words.headline(now_.records[*i]), {}, static_cast<int>(*i));
}

void LetterRows::add_reading()
{
    const mail::ReadLetter read = mail::read_message(source_);
    heading("as-read");
    row(read.subject);
    for (const std::string &line : lines_of(read.text))
        row(line);
    for (const mail::AttachmentSummary &file : read.attachments)
        row(printable(file.name), std::to_string(file.size) + " B");
}

/// The host named after "by" wrote the line when it had taken the letter (RFC 5321 4.4).
int LetterRows::record_of_trace(std::string_view line) const
{
    const std::size_t by = line.find("by ");
    if (by == std::string_view::npos)
        return -1;
    const std::string_view rest = line.substr(by + 3);
    const std::string_view host = rest.substr(0, rest.find_first_of(" ;("));
    for (std::size_t i = now_.index() + 1; i-- > 0;) {
        const Record &record = now_.records[i];
        if (record.kind == RecordKind::ContentSent && now_.words.host(record.peer) == host &&
            (now_.record().message.is_none() || record.message == now_.record().message))
            return static_cast<int>(i);
    }
    return -1;
}

void LetterRows::add_source()
{
    heading("header");
    bool in_header = true;
    std::string whole; // A header field with its folded lines.
    std::size_t first = 0;
    const auto tie = [&] {
        if (whole.starts_with("Received:") && first < rows_.size())
            rows_[first].record = record_of_trace(whole);
    };
    for (const std::string &line : lines_of(source_)) {
        if (in_header && line.empty()) {
            tie();
            in_header = false;
            heading("body");
            continue;
        }
        if (in_header && line.front() != ' ' && line.front() != '\t') {
            tie();
            whole.clear();
            first = rows_.size();
        }
        if (in_header)
            whole += line;
        row(line);
    }
}

} // namespace

std::string letter_source(const Moment &now)
{
    if (!now.state.letter.empty())
        return stored_letter(now.world, now.state.letter);
    if (now.records.empty())
        return {};
    const std::optional<std::size_t> sent = last_sent(now);
    return sent ? std::string(now.records[*sent].text.view()) : std::string();
}

std::vector<FactRow> letter_rows(const Moment &now) { return LetterRows(now).make(); }

} // namespace mailscope::viz
