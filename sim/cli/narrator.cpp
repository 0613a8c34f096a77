// A run as a lesson to read.
#include "sim/cli/narrator.h"

#include "sim/cli/letter_text.h"
#include "sim/cli/loading.h"
#include "sim/cli/text_layout.h"
#include "sim/core/text.h"
#include "sim/mail/letter.h"
#include "sim/trace/topic.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::cli
{
namespace
{

constexpr std::size_t gutter = 11; ///< columns for the time

/// What a mark takes in front of a text.
constexpr std::size_t mark_columns = 3;

bool is_dns_step(RecordKind kind)
{
    // The other side of these steps is told by what the asking side says.
    return kind != RecordKind::QueryReceived && kind != RecordKind::NameServerAnswered &&
           kind != RecordKind::CacheMiss && kind != RecordKind::AnswerSent;
}

/// Whether the record tells of what came from the peer, not of what was said to it.
bool comes_from_peer(RecordKind kind)
{
    return kind == RecordKind::ReferralReceived || kind == RecordKind::AliasFollowed ||
           kind == RecordKind::AnswerReceived || kind == RecordKind::LameServer ||
           kind == RecordKind::ResponseIgnored;
}

bool is_connection_step(RecordKind kind)
{
    switch (kind) {
    case RecordKind::ConnectionFailed:
    case RecordKind::ConnectionLost:
    case RecordKind::TlsEstablished:
    case RecordKind::TlsFailed:
        return true;
    default:
        return false;
    }
}

std::string upper_name(Protocol protocol) { return to_upper(to_string(protocol)); }

std::string_view mark_of(const Record &record)
{
    switch (trouble_of(record)) {
    case Trouble::Permanent:
        return "×";
    case Trouble::Temporary:
        return "!";
    case Trouble::None:
        break;
    }
    return "●";
}

Style style_of_event(const Record &record)
{
    return trouble_of(record) == Trouble::None ? Style::Plain : Style::Bad;
}

} // namespace

std::string clock_text(SimTime time)
{
    const std::int64_t ms = nanoseconds_since_start(time) / 1'000'000;
    const std::int64_t seconds = ms / 1000;
    const std::int64_t hours = seconds / 3600;
    if (hours < 1)
        return fmt::format("{}:{:02}.{:03}", seconds / 60, seconds % 60, ms % 1000);
    if (hours < 24)
        return fmt::format("{}:{:02}:{:02}", hours, seconds / 60 % 60, seconds % 60);
    return fmt::format("{}d {:02}:{:02}:{:02}", hours / 24, hours % 24, seconds / 60 % 60,
                       seconds % 60);
}

Style style_of(Protocol protocol)
{
    switch (protocol) {
    case Protocol::Smtp:
        return Style::Smtp;
    case Protocol::Dns:
        return Style::Dns;
    case Protocol::Pop3:
    case Protocol::Imap: // One colour for what mail programs read by.
        return Style::Pop3;
    case Protocol::Tls:
        return Style::Tls;
    case Protocol::Tcp:
    case Protocol::Udp:
        return Style::Tcp;
    default:
        return Style::Plain;
    }
}

void tell_rule(std::string_view text, Output &out)
{
    std::string rule;
    for (std::size_t i = display_width(text) + 4; i < out.columns(); ++i)
        rule += "─";
    out.line(out.styled(Style::Heading, "── " + std::string(text) + " ") +
             out.styled(Style::Dim, rule));
}

std::string Narrator::host(HostId id) const
{
    return !id.is_none() && id.value < telling_.hosts.size() ? telling_.hosts[id.value]
                                                             : std::string("?");
}

bool Narrator::is_told(const Record &record) const
{
    const Layer layer = info_of(record.kind).layer;
    if (layer == Layer::Story || layer == Layer::Mail)
        return true;
    if (telling_.detail == Detail::Story)
        return false;
    if (telling_.detail == Detail::Packets)
        return true;
    switch (layer) {
    case Layer::Dns:
        return is_dns_step(record.kind);
    case Layer::Connection:
        return is_connection_step(record.kind);
    case Layer::Packet:
        return false;
    default:
        return true;
    }
}

std::string Narrator::sentence(const Record &record) const
{
    const net::Packet *packet = record.packet < telling_.records.packet_count()
                                    ? &telling_.records.packet(record.packet)
                                    : nullptr;
    const std::vector<std::string> keys = topic_keys(record, packet);
    const Entry *entry = telling_.catalogue.find_first(keys);
    return entry == nullptr ? std::string()
                            : fill(entry->say, topic_values(record, telling_.hosts,
                                                            telling_.catalogue.language()));
}

Narrator::Narrator(Telling telling, Output &out) : telling_(telling), out_(out)
{
    if (!telling.with_lesson || telling.detail == Detail::Story)
        return;
    for (const MomentSpec &moment : telling.scenario.lesson) {
        Result<Query> query = Query::parse(moment.when, telling.hosts);
        moments_.push_back(query ? std::optional<Query>(std::move(*query)) : std::nullopt);
    }
}

void Narrator::tell(std::size_t index)
{
    const Record &record = telling_.records[index];
    if (is_told(record))
        tell_record(record);
    tell_moments(record);
}

void Narrator::tell_in_short(std::size_t index)
{
    const Record &record = telling_.records[index];
    const Layer layer = info_of(record.kind).layer;
    if (layer == Layer::Story || layer == Layer::Mail)
        tell_record(record);
    for (std::optional<Query> &moment : moments_)
        if (moment && moment->matches(record))
            moment.reset();
}

void Narrator::tell_fork() { tell_heading(ui("cli.fork")); }

/// What the lesson says when something happens for the first time.
void Narrator::tell_moments(const Record &record)
{
    for (std::size_t i = 0; i < moments_.size(); ++i) {
        if (!moments_[i] || !moments_[i]->matches(record))
            continue;
        moments_[i].reset();
        tell_moment(telling_.scenario.lesson[i], record);
    }
}

void Narrator::tell_moment(const MomentSpec &moment, const Record &record)
{
    const std::string_view language = telling_.catalogue.language();
    blank();
    if (!moment.topic.empty()) {
        const Entry &entry = telling_.catalogue.get(moment.topic);
        const TextValues values =
            topic_values(record, telling_.hosts, telling_.catalogue.language());
        aside(fill(entry.say, values));
        aside(fill(entry.detail, values));
    }
    aside(in_language(moment.say, language));
    const std::string &question = in_language(moment.question, language);
    if (!question.empty()) {
        aside("? " + question);
        char letter = 'a';
        for (const ChoiceSpec &choice : moment.choices)
            aside(std::string(1, letter++) + ") " + in_language(choice.text, language), 2);
        letter = 'a';
        for (const ChoiceSpec &choice : moment.choices) {
            if (choice.correct)
                aside("✓ " + std::string(1, letter) + ": " + in_language(choice.why, language));
            ++letter;
        }
    }
    out_.line();
    after_blank_ = true;
    conversation_ = ConnectionId{};
}

/// A paragraph of the lesson, beside what happens.
void Narrator::aside(std::string_view text, std::size_t indent)
{
    if (text.empty())
        return;
    const std::string left = std::string(4, ' ') + "▌ " + std::string(indent, ' ');
    for (const std::string &line : wrap(text, out_.columns() - 6 - indent))
        out_.line(out_.styled(Style::Lesson, left) + line);
    after_blank_ = false;
}

void Narrator::tell_record(const Record &record)
{
    switch (info_of(record.kind).layer) {
    case Layer::Story:
        if (record.kind == RecordKind::SceneBegan)
            tell_scene(record);
        else
            tell_event(record);
        break;
    case Layer::Mail:
        tell_event(record);
        if (record.kind == RecordKind::LetterRead)
            tell_reading(record);
        break;
    case Layer::Dns:
        tell_dns(record);
        break;
    case Layer::Line:
        tell_line(record);
        break;
    case Layer::Connection:
        tell_connection(record);
        break;
    case Layer::Packet:
        tell_packet(record);
        break;
    }
    tell_trouble(record);
}

void Narrator::blank()
{
    if (!after_blank_)
        out_.line();
    after_blank_ = true;
}

/// One step: the time where it is new, a mark, and the text, broken where it must be.
void Narrator::put(const Record &record, std::string_view mark, Style style, std::string_view text)
{
    const std::size_t room = out_.columns() - gutter - mark_columns;
    put_lines(record, mark, style, wrap(text, room));
}

void Narrator::put_lines(const Record &record, std::string_view mark, Style style,
                         std::span<const std::string> lines)
{
    std::string time = clock_text(record.at);
    const std::string shown = time == last_time_ ? std::string() : time;
    last_time_ = std::move(time);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view left = i == 0 ? std::string_view(shown) : std::string_view();
        const std::string_view sign = i == 0 ? mark : std::string_view();
        out_.line(out_.styled(Style::Dim, padded(left, gutter)) +
                  out_.styled(style, padded(sign, mark_columns) + lines[i]));
    }
    after_blank_ = false;
}

void Narrator::gloss(std::string_view text)
{
    if (text.empty())
        return;
    const std::size_t indent = gutter + mark_columns + 2;
    for (const std::string &line : wrap(text, out_.columns() - indent))
        out_.line(std::string(indent, ' ') + out_.styled(Style::Dim, line));
    after_blank_ = false;
}

void Narrator::labelled(std::string_view label, std::string_view text)
{
    if (text.empty())
        return;
    const std::string start = fill(ui("cli.label"), {{"text", std::string(label)}});
    const std::size_t indent = gutter + mark_columns + 2;
    const std::size_t hanging = display_width(start);
    const std::vector<std::string> lines = wrap(text, out_.columns() - indent - hanging);
    for (std::size_t i = 0; i < lines.size(); ++i)
        out_.line(std::string(indent, ' ') +
                  (i == 0 ? out_.styled(Style::Heading, start) : std::string(hanging, ' ')) +
                  lines[i]);
}

void Narrator::tell_heading(std::string_view text)
{
    blank();
    tell_rule(text, out_);
    after_blank_ = false;
    last_time_.clear();
}

void Narrator::tell_scene(const Record &record)
{
    const std::string_view both = record.text.view();
    const std::size_t end = std::min(both.find('\n'), both.size());
    const LocalText heading{std::string(both.substr(0, end)),
                            std::string(both.substr(std::min(end + 1, both.size())))};
    tell_heading(in_language(heading, telling_.catalogue.language()));
}

void Narrator::tell_event(const Record &record)
{
    const bool story = info_of(record.kind).layer == Layer::Story;
    if (story)
        blank();
    conversation_ = ConnectionId{};
    std::string text = sentence(record);
    if (text.empty())
        text = summary(record);
    put(record, mark_of(record),
        story && style_of_event(record) == Style::Plain ? Style::Heading : style_of_event(record),
        printable(text));
}

std::string Narrator::summary(const Record &record) const
{
    std::string text;
    if (!record.host.is_none())
        text += host(record.host);
    if (!record.peer.is_none())
        text += " → " + host(record.peer);
    text += (text.empty() ? "" : "  ") + std::string(info_of(record.kind).name);
    const std::string_view what = trim(record.text.view());
    const std::string_view line = what.substr(0, what.find_first_of("\r\n"));
    if (!line.empty())
        text += ": " + printable(line);
    return text;
}

void Narrator::tell_dns(const Record &record)
{
    if (conversation_.value != ConnectionId::none_value)
        conversation_ = ConnectionId{};
    std::string text = "DNS  ";
    if (record.peer.is_none())
        text += host(record.host);
    else if (comes_from_peer(record.kind))
        text += host(record.peer) + " → " + host(record.host);
    else
        text += host(record.host) + " → " + host(record.peer);
    put(record, mark_of(record) == "●" ? "◇" : mark_of(record),
        trouble_of(record) == Trouble::None ? Style::Dns : Style::Bad,
        text + ": " + printable(trim(record.text.view())));
    gloss(sentence(record));
}

/// Names the two sides when another conversation has the word.
void Narrator::heading(const Record &record)
{
    if (conversation_ == record.conversation && !conversation_.is_none())
        return;
    conversation_ = record.conversation;
    blank();
    const bool from_client = record.kind != RecordKind::ReplySent;
    const HostId client = from_client ? record.host : record.peer;
    const HostId server = from_client ? record.peer : record.host;
    put(record, "", style_of(record.protocol),
        upper_name(record.protocol) + "  " + host(client) + " → " + host(server));
}

void Narrator::tell_line(const Record &record)
{
    heading(record);
    const std::string_view text = record.text.view();
    if (record.kind == RecordKind::ContentSent)
        return tell_content(record);
    if (record.kind == RecordKind::CiphertextSent) {
        put(record, "··", Style::Tls,
            fill(ui("cli.ciphertext"), {{"size", std::to_string(text.size())}}));
        return gloss(sentence(record));
    }
    const bool reply = record.kind == RecordKind::ReplySent;
    const Style style =
        trouble_of(record) == Trouble::None ? style_of(record.protocol) : Style::Bad;
    const std::size_t room = out_.columns() - gutter - mark_columns;
    std::vector<std::string> shown;
    for (const std::string &line : lines_of(text))
        for (std::string &part : wrap(printable(line), room))
            shown.push_back(std::move(part));
    put_lines(record, reply ? "S:" : "C:", style, shown);
    gloss(sentence(record));
}

void Narrator::tell_content(const Record &record)
{
    // Content follows from the line that announced it: a server's own reply, or else a command.
    const std::optional<std::size_t> announced = telling_.records.find(record.because);
    const bool is_servers = announced &&
                            telling_.records[*announced].kind == RecordKind::ReplySent &&
                            telling_.records[*announced].host == record.host;
    std::string_view what = "cli.content";
    if (record.protocol == Protocol::Http)
        what = "cli.page";
    else if (record.protocol == Protocol::Pop3 && record.message.is_none())
        what = "cli.rest";
    put(record, is_servers ? "S:" : "C:", style_of(record.protocol),
        fill(ui(what), {{"size", std::to_string(record.text.size())}}));
    tell_letter(record);
    gloss(sentence(record));
}

/// A line of a letter as it is on the wire.
void Narrator::show_wire(Style style, std::string_view text)
{
    show_beside(style, wrap_wire(text, letter_room()));
}

/// A line of a letter as a person reads it, with the blanks that it begins with.
void Narrator::show_text(std::string_view text)
{
    const std::size_t room = letter_room();
    const std::size_t blanks = std::min({text.find_first_not_of(' '), text.size(), room / 2});
    std::vector<std::string> lines = wrap(text.substr(blanks), room - blanks);
    for (std::string &line : lines)
        line.insert(0, blanks, ' ');
    show_beside(Style::Plain, lines);
}

void Narrator::show_beside(Style style, std::span<const std::string> lines)
{
    const std::string indent(gutter + mark_columns, ' ');
    for (const std::string &line : lines)
        out_.line(indent + out_.styled(Style::Dim, "│ ") + out_.styled(style, line));
    after_blank_ = false;
}

std::size_t Narrator::letter_room() const { return out_.columns() - gutter - mark_columns - 2; }

/// The letter as it is on the wire. Where it was shown before, only what was put on top since.
void Narrator::tell_letter(const Record &record)
{
    const std::vector<std::string> lines =
        abbreviated_letter(record.text.view(), telling_.catalogue);
    std::string &before = shown_[record.message.value];
    const bool again =
        !before.empty() && std::find(lines.begin(), lines.end(), before) != lines.end();
    for (const std::string &line : lines) {
        if (again && line == before) {
            show_wire(Style::Dim, ui("cli.as-before"));
            break;
        }
        show_wire(style_of(record.protocol), line);
    }
    if (!again && is_encoded(record.text.view())) {
        constexpr std::size_t text_lines_max = 8;
        const std::string message = message_in(record);
        out_.line(std::string(gutter + mark_columns, ' ') +
                  out_.styled(Style::Heading, ui("cli.reads")));
        show_text(printable(mail::read_message(message).subject));
        for (const std::string &line : readable_text(message, text_lines_max, telling_.catalogue))
            show_text(line);
    }
    if (!lines.empty())
        before = lines.front();
}

/// The opened letter, as it came to the device.
void Narrator::tell_reading(const Record &record)
{
    constexpr std::size_t text_lines_max = 40;
    std::size_t i = telling_.records.find(record.id).value_or(0);
    while (i > 0 && !(telling_.records[i].kind == RecordKind::ContentSent &&
                      telling_.records[i].protocol != Protocol::Http &&
                      telling_.records[i].message == record.message))
        --i;
    if (i == 0 || record.message.is_none())
        return;
    const std::string message = message_in(telling_.records[i]);
    const mail::ReadLetter letter = mail::read_message(message);
    const auto field = [&](std::string_view label, std::string_view text) {
        show_text(fill(ui("cli.label"), {{"text", std::string(ui(label))}}) + printable(text));
    };
    for (const mail::NamedAddress &from : letter.from)
        field("cli.letter-from",
              from.name + (from.name.empty() ? "<" : " <") + to_string(from.address) + ">");
    field("cli.letter-subject", letter.subject);
    show_text("");
    for (const std::string &line : readable_text(message, text_lines_max, telling_.catalogue))
        show_text(line);
}

void Narrator::tell_connection(const Record &record)
{
    put(record, mark_of(record), style_of_event(record), "TCP  " + summary(record));
    gloss(sentence(record));
}

void Narrator::tell_packet(const Record &record)
{
    put(record, "·", trouble_of(record) == Trouble::None ? Style::Tcp : Style::Bad,
        summary(record));
}

void Narrator::tell_trouble(const Record &record)
{
    if (trouble_of(record) == Trouble::None || info_of(record.kind).layer == Layer::Packet)
        return;
    const std::vector<std::string> codes = code_keys(record);
    const Entry *entry = telling_.catalogue.find_first(codes);
    if (entry == nullptr) {
        const std::vector<std::string> topics = topic_keys(record);
        entry = telling_.catalogue.find_first(topics);
    }
    if (entry == nullptr || (entry->cause.empty() && entry->remedy.empty()))
        return;
    if (!explained_.insert(entry->key).second)
        return;
    const TextValues values = topic_values(record, telling_.hosts, telling_.catalogue.language());
    labelled(ui("cause"), fill(entry->cause, values));
    labelled(ui("remedy"), fill(entry->remedy, values));
}

} // namespace mailscope::cli
