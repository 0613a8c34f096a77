// Which records make a sequence diagram, and its Mermaid form.
#include "sim/trace/sequence.h"

#include "sim/core/text.h"

#include <algorithm>

namespace mailscope
{
namespace
{

bool is_arrow(const Record &record)
{
    switch (record.kind) {
    case RecordKind::CommandSent:
    case RecordKind::ReplySent:
    case RecordKind::ContentSent:
    case RecordKind::CiphertextSent:
    case RecordKind::QuerySent:
    case RecordKind::QuestionAsked:
    case RecordKind::AnswerSent:
    case RecordKind::NameServerAnswered:
        return !record.peer.is_none() && record.peer != record.host;
    default:
        return false;
    }
}

bool is_note(const Record &record)
{
    const Layer layer = info_of(record.kind).layer;
    const bool trouble = trouble_of(record) != Trouble::None;
    if (record.host.is_none())
        return false;
    if (layer == Layer::Story || layer == Layer::Mail)
        return true;
    return trouble && (layer == Layer::Dns || layer == Layer::Connection);
}

/// The first line, without what no picture can show, cut at a whole character.
std::string label_of(const Record &record)
{
    const std::string_view text = trim(record.text.view());
    std::string label;
    for (std::string_view rest = text.substr(0, text.find_first_of("\r\n")); !rest.empty();) {
        const std::size_t length = utf8_sequence_length(rest);
        if (label.size() + length > label_octets_max)
            return label + "…";
        const bool printable = length > 1 || (length == 1 && rest.front() >= ' ');
        label += printable && rest.front() != '\x7F' ? rest.substr(0, length) : "?";
        rest.remove_prefix(std::max<std::size_t>(1, length));
    }
    if (record.kind == RecordKind::ContentSent || record.kind == RecordKind::CiphertextSent)
        return std::string(info_of(record.kind).name) + " (" + std::to_string(text.size()) + ")";
    if (label.empty() || !is_arrow(record))
        return std::string(info_of(record.kind).name) + (label.empty() ? "" : ": ") + label;
    return label;
}

/// What Mermaid would take for syntax.
std::string mermaid_text(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '#' || c == ';' || c == '<' || c == '>' || c == '"' || c == '%')
            result += "#" + std::to_string(static_cast<int>(c)) + ";";
        else
            result += c;
    }
    return result;
}

} // namespace

Sequence sequence_of(const Records &records)
{
    Sequence sequence;
    const auto take_part = [&](HostId host) {
        if (!host.is_none() &&
            std::find(sequence.lanes.begin(), sequence.lanes.end(), host) == sequence.lanes.end())
            sequence.lanes.push_back(host);
    };
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Record &record = records[i];
        const bool arrow = is_arrow(record);
        if (!arrow && !is_note(record))
            continue;
        take_part(record.host);
        if (arrow)
            take_part(record.peer);
        SequenceStep step;
        step.record = i;
        step.at = record.at;
        step.from = record.host;
        step.to = arrow ? record.peer : HostId{};
        step.protocol = info_of(record.kind).layer == Layer::Dns ? Protocol::Dns : record.protocol;
        step.trouble = trouble_of(record);
        step.is_reply = record.kind == RecordKind::ReplySent ||
                        record.kind == RecordKind::AnswerSent ||
                        record.kind == RecordKind::NameServerAnswered;
        step.label = label_of(record);
        sequence.steps.push_back(std::move(step));
    }
    return sequence;
}

std::string write_sequence_mermaid(const Sequence &sequence,
                                   std::span<const std::string> host_names,
                                   const SequenceWords &words)
{
    std::string out;
    if (!words.title.empty())
        out += "---\ntitle: " + mermaid_text(words.title) + "\n---\n";
    out += "sequenceDiagram\n";
    const auto lane = [](HostId host) { return "h" + std::to_string(host.value); };
    for (const HostId host : sequence.lanes)
        out +=
            "    participant " + lane(host) + " as " + mermaid_text(host_names[host.value]) + "\n";
    for (const SequenceStep &step : sequence.steps) {
        std::string label = mermaid_text(step.label);
        if (step.trouble != Trouble::None)
            label.insert(0, step.trouble == Trouble::Permanent ? "⯃ " : "⯄ ");
        if (step.to.is_none())
            out += "    Note over " + lane(step.from) + ": " + label + "\n";
        else
            out += "    " + lane(step.from) + (step.is_reply ? "-->>" : "->>") + lane(step.to) +
                   ": " + label + "\n";
    }
    return out;
}

} // namespace mailscope
