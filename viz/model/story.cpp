// Steps, exchanges, chapters.
#include "viz/model/story.h"

#include "viz/model/words.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

bool begins_chapter(RecordKind kind)
{
    switch (kind) {
    case RecordKind::SceneBegan:
    case RecordKind::SubmissionBegan:
    case RecordKind::DeliveryBegan:
    case RecordKind::FailureReported:
    case RecordKind::FetchBegan:
    case RecordKind::ChangeMade:
        return true;
    default:
        return false;
    }
}

/// Whether who speaks in it was asked before.
bool is_answer(RecordKind kind)
{
    return kind == RecordKind::ReplySent || kind == RecordKind::ReferralReceived ||
           kind == RecordKind::AnswerReceived || kind == RecordKind::LameServer ||
           kind == RecordKind::QuestionAnswered;
}

bool has_conversation(const Record &record)
{
    const Layer layer = info_of(record.kind).layer;
    return (layer == Layer::Line || layer == Layer::Connection) && !record.conversation.is_none();
}

} // namespace

bool is_step(const Record &record)
{
    switch (info_of(record.kind).layer) {
    case Layer::Packet:
        return false;
    case Layer::Connection:
        return record.kind != RecordKind::ConnectionOpening &&
               record.kind != RecordKind::ConnectionAccepted &&
               record.kind != RecordKind::ConnectionEnding;
    case Layer::Dns:
        // The other side of these is told by what the asking side says.
        return record.kind != RecordKind::QueryReceived &&
               record.kind != RecordKind::NameServerAnswered &&
               record.kind != RecordKind::AnswerSent;
    default:
        return true;
    }
}

Direction direction_of(const Record &record)
{
    switch (record.kind) {
    case RecordKind::ReferralReceived:
    case RecordKind::AnswerReceived:
    case RecordKind::LameServer:
    case RecordKind::QuestionAnswered:
        return {record.peer, record.host};
    default:
        break;
    }
    const Layer layer = info_of(record.kind).layer;
    if (layer == Layer::Mail || layer == Layer::Story || record.kind == RecordKind::CacheHit ||
        record.kind == RecordKind::CacheMiss || record.kind == RecordKind::NegativeCached)
        return {record.host, HostId{}};
    return {record.host, record.peer};
}

void Story::grow(const Records &records)
{
    for (; known_ < records.size(); ++known_)
        if (is_step(records[known_]))
            add_step(records[known_], known_);
}

void Story::add_step(const Record &record, std::size_t index)
{
    const Direction way = direction_of(record);
    StoryStep step{index, 0, 0, mark_of(record), trouble_mark(record), way.from, way.to};
    if (step.from.is_none())
        step = {index, 0, 0, step.mark, step.trouble, record.host, HostId{}};
    marks_ |= 1U << static_cast<unsigned>(step.mark) | 1U << static_cast<unsigned>(step.trouble);
    const bool talks = has_conversation(record);
    const bool dns = info_of(record.kind).layer == Layer::Dns;
    bool goes_on = !exchanges_.empty();
    if (goes_on) {
        const StoryExchange &last = exchanges_.back();
        if (talks)
            goes_on = last.conversation == record.conversation;
        else if (dns)
            goes_on = last.mark == Mark::Dns;
        else
            goes_on = last.client == record.host || last.server == record.host;
        goes_on = goes_on && !begins_chapter(record.kind);
    }
    if (!goes_on) {
        const bool reply = is_answer(record.kind);
        exchanges_.push_back({steps_.size(), steps_.size(), step.mark,
                              talks ? record.conversation : ConnectionId{},
                              reply ? step.to : step.from, reply ? step.from : step.to});
    }
    StoryExchange &exchange = exchanges_.back();
    exchange.last = steps_.size();
    if (exchange.mark == Mark::Tcp && talks)
        exchange.mark = step.mark;
    step.exchange = exchanges_.size() - 1;
    if (chapters_.empty() || begins_chapter(record.kind))
        chapters_.push_back({steps_.size(), steps_.size(), index});
    chapters_.back().last = steps_.size();
    step.chapter = chapters_.size() - 1;
    steps_.push_back(step);
}

std::size_t Story::step_at(std::size_t record) const
{
    const auto after =
        std::upper_bound(steps_.begin(), steps_.end(), record,
                         [](std::size_t wanted, const StoryStep &s) { return wanted < s.record; });
    return after == steps_.begin() ? 0 : static_cast<std::size_t>(after - steps_.begin()) - 1;
}

std::size_t Story::forward(std::size_t record, Grain grain, std::size_t records) const
{
    if (steps_.empty() || grain == Grain::Record)
        return std::min(record + 1, records == 0 ? 0 : records - 1);
    const std::size_t now = step_at(record);
    std::size_t next = now + 1;
    if (grain == Grain::Exchange)
        next = exchanges_[steps_[now].exchange].last + 1;
    if (grain == Grain::Chapter)
        next = chapters_[steps_[now].chapter].last + 1;
    if (record < steps_[now].record)
        next = now;
    return steps_[std::min(next, steps_.size() - 1)].record;
}

std::size_t Story::backward(std::size_t record, Grain grain) const
{
    if (steps_.empty() || grain == Grain::Record)
        return record == 0 ? 0 : record - 1;
    const std::size_t now = step_at(record);
    if (record > steps_[now].record && grain == Grain::Step)
        return steps_[now].record;
    std::size_t first = now;
    if (grain == Grain::Exchange)
        first = exchanges_[steps_[now].exchange].first;
    if (grain == Grain::Chapter)
        first = chapters_[steps_[now].chapter].first;
    if (first < now)
        return steps_[first].record;
    if (now == 0)
        return steps_[0].record;
    if (grain == Grain::Exchange)
        return steps_[exchanges_[steps_[now - 1].exchange].first].record;
    if (grain == Grain::Chapter)
        return steps_[chapters_[steps_[now - 1].chapter].first].record;
    return steps_[now - 1].record;
}

std::optional<std::size_t> Story::next_trouble(std::size_t record) const
{
    for (const StoryStep &step : steps_)
        if (step.record > record && step.trouble != Mark::None)
            return step.record;
    return std::nullopt;
}

std::optional<std::size_t> Story::last_trouble(std::size_t record) const
{
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step)
        if (step->record < record && step->trouble != Mark::None)
            return step->record;
    return std::nullopt;
}

StoryStep step_of(const Record &record, std::size_t index, const World &world)
{
    const Direction way = direction_of(record);
    StoryStep step{index, 0, 0, mark_of(record), trouble_mark(record), way.from, way.to};
    if (step.mark == Mark::None && info_of(record.kind).layer == Layer::Packet)
        step.mark = Mark::Tcp;
    if (info_of(record.kind).layer != Layer::Packet || record.link.is_none())
        return step;
    const net::Link &link = world.network.links()[record.link.value];
    const std::vector<net::Interface> &ends = world.network.interfaces();
    const HostId first = ends[link.interfaces[0]].host;
    const HostId other = first == record.host ? ends[link.interfaces[1]].host : first;
    const bool arrived =
        record.kind == RecordKind::PacketArrived || record.kind == RecordKind::PortClosed;
    step.from = arrived ? other : record.host;
    step.to = arrived ? record.host : other;
    return step;
}

std::optional<std::uint32_t> packet_of(const Records &records, std::size_t index)
{
    constexpr std::size_t reach = 64;
    const auto kept = [&](const Record &record) { return record.packet < records.packet_count(); };
    const Record &record = records[index];
    if (kept(record))
        return record.packet;
    const std::size_t end = std::min(records.size(), index + reach);
    // A line may wait until the window opens, and share a segment with others.
    const std::string_view line = record.text.view().substr(0, 40);
    const bool is_line = info_of(record.kind).layer == Layer::Line && !line.empty();
    for (std::size_t i = index + 1; is_line && i < end; ++i)
        if (records[i].host == record.host && kept(records[i]) &&
            records.packet(records[i].packet).payload.view().find(line) != std::string_view::npos)
            return records[i].packet;
    for (std::size_t i = index + 1; i < end; ++i)
        if (records[i].because == record.id && kept(records[i]))
            return records[i].packet;
    const std::vector<std::size_t> causes = causes_of(records, index);
    for (std::size_t i = 1; i < std::min<std::size_t>(causes.size(), 4); ++i)
        if (kept(records[causes[i]]))
            return records[causes[i]].packet;
    return std::nullopt;
}

std::vector<std::size_t> causes_of(const Records &records, std::size_t index)
{
    std::vector<std::size_t> chain = {index};
    for (RecordId cause = records[index].because; !cause.is_none();) {
        const std::optional<std::size_t> found = records.find(cause);
        if (!found || *found >= chain.back())
            break;
        chain.push_back(*found);
        cause = records[*found].because;
    }
    return chain;
}

} // namespace mailscope::viz
