// The ladder at a moment.
#include "sim/core/text.h"
#include "viz/model/stop_rule.h"
#include "viz/model/views.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t folds_from = 3; ///< steps in a finished exchange that become one row

class LadderMaker
{
public:
    LadderMaker(const Moment &now, LadderRoom room)
        : now_(now), rows_max_(std::max<std::size_t>(room.rows, 1)), finished_lanes_(room.lanes),
          lanes_max_(room.lanes + 1)
    {
    }

    LadderView make()
    {
        if (now_.story.steps().empty())
            return {};
        const std::size_t last = now_.step();
        if (now_.state.ladder_filtered && !now_.state.filter.empty())
            return filtered(last);
        if (now_.state.grain == Grain::Record)
            return records();
        if (now_.state.show_why)
            return causes(last);
        const std::size_t here = now_.story.steps()[last].exchange;
        for (std::size_t exchange = here + 1; exchange-- > 0 && !full_;)
            add_exchange(exchange, last, exchange == here);
        return finished(last + 1 == now_.story.steps().size());
    }

private:
    LadderView filtered(std::size_t last);
    LadderView records();
    LadderView causes(std::size_t last);
    LadderView finished(bool ends);
    void add_row(const StoryStep &step, std::string number, bool is_now);
    void add_pause(std::size_t record, std::size_t before);
    int lane(HostId host);
    bool has_lanes(HostId a, HostId b, std::size_t most) const;
    void add_exchange(std::size_t index, std::size_t last, bool is_current);
    void add_step(std::size_t index, bool is_now);
    std::int64_t talk_of(const StoryExchange &exchange) const;
    Direction fold_ends(const StoryExchange &exchange) const;
    void name_lanes();
    void add_pins();

    const Moment &now_;
    std::size_t rows_max_;
    std::size_t finished_lanes_; ///< that what is over may fill up
    std::size_t lanes_max_;      ///< for the rows that are added now
    LadderView view_;
    std::vector<HostId> lanes_;
    bool full_ = false;
};

int LadderMaker::lane(HostId host)
{
    const auto found = std::find(lanes_.begin(), lanes_.end(), host);
    if (found != lanes_.end())
        return static_cast<int>(found - lanes_.begin());
    lanes_.push_back(host);
    return static_cast<int>(lanes_.size()) - 1;
}

bool LadderMaker::has_lanes(HostId a, HostId b, std::size_t most) const
{
    const auto takes_one = [&](HostId host) {
        return !host.is_none() && std::find(lanes_.begin(), lanes_.end(), host) == lanes_.end();
    };
    const std::size_t more = (takes_one(a) ? 1U : 0U) + (takes_one(b) && b != a ? 1U : 0U);
    return lanes_.size() + more <= most;
}

LadderView LadderMaker::finished(bool ends)
{
    std::reverse(view_.rows.begin(), view_.rows.end());
    name_lanes();
    add_pins();
    view_.ends = ends;
    return std::move(view_);
}

/// Only what the query matches; nothing is folded.
LadderView LadderMaker::filtered(std::size_t last)
{
    const Result<StopRule> rule = StopRule::parse(now_.state.filter, now_.words.hosts());
    for (std::size_t i = last + 1; rule && i-- > 0 && !full_;)
        if (rule->matches(now_.records[now_.story.steps()[i].record]))
            add_step(i, i == last);
    return finished(last + 1 == now_.story.steps().size());
}

/// The chain of causes, and of the present exchange as much as there is room for.
LadderView LadderMaker::causes(std::size_t last)
{
    const std::vector<StoryStep> &steps = now_.story.steps();
    std::vector<std::size_t> chain;
    for (const WhyRow &why : why_rows(now_)) {
        const std::size_t step = now_.story.step_at(static_cast<std::size_t>(why.record));
        if (steps[step].record == static_cast<std::size_t>(why.record) && step <= last)
            chain.push_back(step);
    }
    const std::size_t first = now_.story.exchanges()[steps[last].exchange].first;
    const std::size_t spare = rows_max_ > chain.size() ? rows_max_ - chain.size() : 1;
    const std::size_t reach = std::min(last - first + 1, spare);
    for (std::size_t i = last + 1; i-- > last + 1 - reach && !full_;)
        add_row(steps[i], std::to_string(i + 1), i == last);
    for (const std::size_t step : chain)
        if (step + reach <= last && !full_)
            add_row(steps[step], std::to_string(step + 1), false);
    return finished(last + 1 == steps.size());
}

/// Each record for itself, packets too.
LadderView LadderMaker::records()
{
    for (std::size_t i = now_.index() + 1; i-- > 0 && !full_;)
        add_row(step_of(now_.records[i], i, now_.world), std::to_string(now_.records[i].id.value),
                i == now_.index());
    return finished(now_.index() + 1 == now_.records.size());
}

/// Long after what stands above it, a row says how long.
void LadderMaker::add_pause(std::size_t record, std::size_t before)
{
    const Duration wait = now_.records[record].at - now_.records[before].at;
    if (wait < pause_from || view_.rows.empty() || view_.rows.size() >= rows_max_)
        return;
    LadderRow row;
    row.record = static_cast<int>(record);
    row.kind = LadderKind::Pause;
    row.from = row.to = view_.rows.back().from;
    row.label = now_.words.view("later", {{"text", clock_text(SimTime() + wait)}});
    view_.rows.push_back(std::move(row));
}

void LadderMaker::add_step(std::size_t index, bool is_now)
{
    const StoryStep &step = now_.story.steps()[index];
    add_row(step, std::to_string(index + 1), is_now);
    if (index > 0)
        add_pause(step.record, now_.story.steps()[index - 1].record);
}

void LadderMaker::add_row(const StoryStep &step, std::string number, bool is_now)
{
    if (step.from.is_none())
        return; // A scene's heading happens nowhere.
    if (!has_lanes(step.from, step.to, lanes_max_) || view_.rows.size() >= rows_max_) {
        full_ = true;
        return;
    }
    LadderRow row;
    row.record = static_cast<int>(step.record);
    row.number = std::move(number);
    row.kind = step.to.is_none() || step.to == step.from ? LadderKind::Note : LadderKind::Arrow;
    row.from = lane(step.from);
    row.to = step.to.is_none() ? row.from : lane(step.to);
    row.mark = step.mark;
    row.trouble = step.trouble;
    const Record &record = now_.records[step.record];
    row.label = row.kind == LadderKind::Arrow ? now_.words.short_headline(record)
                                              : now_.words.headline(record);
    row.is_now = is_now;
    view_.rows.push_back(std::move(row));
}

/// The number of a conversation; of an exchange without one, a number of its own.
std::int64_t LadderMaker::talk_of(const StoryExchange &exchange) const
{
    return exchange.conversation.is_none()
               ? static_cast<std::int64_t>(now_.story.steps()[exchange.first].record) * 2 + 1
               : static_cast<std::int64_t>(exchange.conversation.value) * 2;
}

/// Between which hosts a finished exchange stands folded: its two, or the one of them for which
/// there is a lane. None where there is none.
Direction LadderMaker::fold_ends(const StoryExchange &exchange) const
{
    const HostId server = exchange.server.is_none() ? exchange.client : exchange.server;
    const auto fits = [&](HostId a, HostId b) { return has_lanes(a, b, finished_lanes_); };
    if (fits(exchange.client, server))
        return {exchange.client, server};
    if (fits(exchange.client, exchange.client))
        return {exchange.client, exchange.client};
    if (fits(server, server))
        return {server, server};
    return {};
}

void LadderMaker::add_exchange(std::size_t index, std::size_t last, bool is_current)
{
    const StoryExchange &exchange = now_.story.exchanges()[index];
    lanes_max_ = is_current ? finished_lanes_ + 1 : finished_lanes_;
    const std::size_t end = std::min(exchange.last, last);
    const std::size_t steps = end - exchange.first + 1;
    const bool is_open = now_.state.open_talks.count(talk_of(exchange)) != 0;
    const bool folds = steps > 1 && (now_.state.grain >= Grain::Exchange || steps >= folds_from ||
                                     !has_lanes(exchange.client, exchange.server, finished_lanes_));
    if (is_current || !folds || is_open) {
        const std::size_t below = view_.rows.size();
        for (std::size_t step = end + 1; step-- > exchange.first && !full_;)
            add_step(step, is_current && step == last);
        // Its lowest row folds it again: that one is seen whenever any of them is.
        if (!is_current && folds && view_.rows.size() > below)
            view_.rows[below].talk = talk_of(exchange);
        return;
    }
    const Direction ends = fold_ends(exchange);
    if (ends.from.is_none() || view_.rows.size() >= rows_max_) {
        full_ = true;
        return;
    }
    LadderRow row;
    row.record = static_cast<int>(now_.story.steps()[exchange.first].record);
    row.number = std::to_string(exchange.first + 1);
    row.kind = LadderKind::Folded;
    row.from = lane(ends.from);
    row.to = lane(ends.to);
    row.mark = exchange.mark;
    for (std::size_t step = exchange.first; step <= end; ++step)
        if (now_.story.steps()[step].trouble != Mark::None)
            row.trouble = now_.story.steps()[step].trouble;
    row.label = now_.words.view("folded", {{"count", std::to_string(steps)}});
    row.talk = talk_of(exchange);
    view_.rows.push_back(std::move(row));
    if (exchange.first > 0)
        add_pause(now_.story.steps()[exchange.first].record,
                  now_.story.steps()[exchange.first - 1].record);
}

/// The numbers of the Why list at the rows that show its steps, or hold them folded.
void LadderMaker::add_pins()
{
    if (!now_.state.show_why)
        return;
    for (const WhyRow &why : why_rows(now_)) {
        LadderRow *best = nullptr;
        for (LadderRow &row : view_.rows)
            if (row.record >= 0 && row.record <= why.record && row.kind != LadderKind::Pause)
                best = &row;
        const bool holds =
            best != nullptr && (best->record == why.record || best->kind == LadderKind::Folded);
        if (holds && best->pin == 0)
            best->pin = why.number;
    }
}

/// Lanes in the order of travel: by the place of their hosts in the directory, devices of the
/// sender first as they were made; then rows are told the new numbers.
void LadderMaker::name_lanes()
{
    std::vector<HostId> order = lanes_;
    const auto rank = [&](HostId host) {
        // Who spoke first in the story stands to the left.
        for (std::size_t i = 0; i < now_.story.steps().size(); ++i)
            if (now_.story.steps()[i].from == host || now_.story.steps()[i].to == host)
                return i * 2 + (now_.story.steps()[i].from == host ? 0 : 1);
        return now_.story.steps().size() * 2;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](HostId a, HostId b) { return rank(a) < rank(b); });
    const auto renumber = [&](int lane) {
        const auto found =
            std::find(order.begin(), order.end(), lanes_[static_cast<std::size_t>(lane)]);
        return static_cast<int>(found - order.begin());
    };
    for (LadderRow &row : view_.rows) {
        row.from = renumber(row.from);
        row.to = renumber(row.to);
    }
    for (const HostId host : order) {
        const HostInfo &info = now_.world.directory->hosts[host.value];
        const Region &region = now_.world.directory->regions[info.region];
        view_.lanes.push_back(
            {now_.words.short_host(host),
             region.kind == RegionKind::Organisation || region.kind == RegionKind::Provider
                 ? region.name
                 : std::string()});
    }
}

} // namespace

LadderView ladder_view(const Moment &now, LadderRoom room) { return LadderMaker(now, room).make(); }

} // namespace mailscope::viz
