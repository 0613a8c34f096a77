// The dialog at a moment.
#include "sim/core/text.h"
#include "viz/model/views.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t dialog_lines = 3;     ///< of one reply, folded
constexpr std::size_t unfolded_lines = 400; ///< of one reply or letter
constexpr std::size_t dialog_rows = 400;
constexpr std::size_t steps_back = 20'000; ///< that are looked through for a conversation
constexpr std::size_t talks_max = 60;

/// Whether the server of the conversation sent the record: as its lines before and after tell.
bool is_from_server(const Records &records, std::size_t index)
{
    constexpr std::size_t reach = 400;
    const Record &record = records[index];
    const auto tells = [&](std::size_t i) {
        return records[i].conversation == record.conversation &&
               (records[i].kind == RecordKind::CommandSent ||
                records[i].kind == RecordKind::ReplySent);
    };
    const auto answer = [&](std::size_t i) {
        return (records[i].kind == RecordKind::ReplySent) == (records[i].host == record.host);
    };
    for (std::size_t i = index; i-- > 0 && index - i < reach;)
        if (tells(i))
            return answer(i);
    for (std::size_t i = index; i < std::min(index + reach, records.size()); ++i)
        if (tells(i))
            return answer(i);
    return false;
}

std::string chip_of(const Records &records, std::size_t index, bool &filled)
{
    const Record &record = records[index];
    filled = false;
    switch (record.kind) {
    case RecordKind::CommandSent:
        return "C";
    case RecordKind::ReplySent:
        filled = true;
        return "S";
    case RecordKind::ContentSent:
    case RecordKind::CiphertextSent:
        filled = is_from_server(records, index);
        return filled ? "S" : "C";
    case RecordKind::QuestionAsked:
    case RecordKind::QuerySent:
        return "Q";
    case RecordKind::ReferralReceived:
    case RecordKind::AnswerReceived:
    case RecordKind::QuestionAnswered:
        filled = true;
        return "R";
    default:
        return {};
    }
}

DialogRow dialog_row(const Moment &now, std::size_t index, bool is_now)
{
    const StoryStep &step = now.story.steps()[index];
    const Record &record = now.records[step.record];
    DialogRow row;
    row.record = static_cast<int>(step.record);
    row.chip = chip_of(now.records, step.record, row.filled);
    row.mark = step.mark;
    row.trouble = step.trouble;
    const bool content =
        record.kind == RecordKind::ContentSent || record.kind == RecordKind::CiphertextSent;
    const bool unfolded = now.state.unfolded.count(row.record) != 0;
    if (content && (!unfolded || record.kind == RecordKind::CiphertextSent))
        row.lines = {now.words.headline(record)};
    else if (info_of(record.kind).layer == Layer::Line)
        row.lines = lines_of(record.text.view());
    else if (!row.chip.empty())
        row.lines = {printable(trim(record.text.view()))};
    if (record.kind == RecordKind::ContentSent && !unfolded) {
        const std::string_view text = record.text.view();
        row.folded = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
    const std::size_t most = unfolded ? unfolded_lines : is_now ? dialog_lines : 1;
    row.can_fold = unfolded && (content || row.lines.size() > 1);
    if (row.lines.size() > (unfolded ? unfolded_lines : dialog_lines)) {
        row.folded = row.lines.size() - most;
        row.lines.resize(most);
    }
    row.gloss = now.words.sentence(now.records, record);
    row.is_now = is_now;
    return row;
}

bool is_talk(const StoryExchange &exchange)
{
    return (!exchange.conversation.is_none() || exchange.mark == Mark::Dns) &&
           !exchange.client.is_none() && !exchange.server.is_none();
}

/// The exchange whose conversation is shown: the one chosen, that of the present step, or the last
/// one before it.
std::size_t shown_exchange(const Moment &now)
{
    const std::vector<StoryExchange> &exchanges = now.story.exchanges();
    const std::size_t here = now.story.steps()[now.step()].exchange;
    if (now.state.talk >= 0 && static_cast<std::size_t>(now.state.talk) <= here)
        return static_cast<std::size_t>(now.state.talk);
    std::size_t shown = here;
    while (shown > 0 && exchanges[shown].conversation.is_none() &&
           exchanges[shown].mark != Mark::Dns && here - shown < 4 &&
           exchanges[shown].last - exchanges[shown].first < 2)
        --shown;
    return shown;
}

std::string talk_title(const Moment &now, const StoryExchange &exchange)
{
    if (exchange.client.is_none())
        return {};
    std::string title = now.words.host(exchange.client);
    if (!exchange.server.is_none())
        title += " ⇄ " + now.words.host(exchange.server);
    return title;
}

bool same_talk(const StoryExchange &a, const StoryExchange &b)
{
    return !a.conversation.is_none() && a.conversation == b.conversation;
}

/// Every conversation so far once, the newest first.
void add_talks(const Moment &now, std::size_t shown, DialogView &view)
{
    const std::vector<StoryExchange> &exchanges = now.story.exchanges();
    const std::vector<StoryStep> &steps = now.story.steps();
    const std::size_t last = now.step();
    for (std::size_t i = steps[last].exchange + 1; i-- > 0 && view.talks.size() < talks_max;) {
        const StoryExchange &exchange = exchanges[i];
        if (!is_talk(exchange))
            continue;
        TalkRow *known = nullptr;
        for (TalkRow &row : view.talks)
            if (same_talk(exchanges[static_cast<std::size_t>(row.exchange)], exchange))
                known = &row;
        if (known == nullptr) {
            view.talks.push_back({static_cast<int>(i),
                                  talk_title(now, exchange),
                                  {},
                                  exchange.mark,
                                  Mark::None,
                                  false});
            known = &view.talks.back();
        }
        known->time = clock_text(now.records[steps[exchange.first].record].at);
        known->is_shown = known->is_shown || i == shown || same_talk(exchanges[shown], exchange);
        for (std::size_t step = exchange.first; step <= std::min(exchange.last, last); ++step)
            if (steps[step].trouble != Mark::None)
                known->trouble = steps[step].trouble;
    }
}

} // namespace

DialogView dialog_view(const Moment &now)
{
    DialogView view;
    const std::vector<StoryStep> &steps = now.story.steps();
    if (steps.empty())
        return view;
    const std::size_t last = now.step();
    const std::size_t shown = shown_exchange(now);
    const StoryExchange &exchange = now.story.exchanges()[shown];
    const bool chosen = now.state.talk >= 0;
    view.title = talk_title(now, exchange);
    add_talks(now, shown, view);
    const std::size_t reach = chosen ? last : std::min(last, steps_back);
    for (std::size_t i = last + 1; i-- > last - reach && view.rows.size() < dialog_rows;) {
        const StoryStep &step = steps[i];
        const Record &record = now.records[step.record];
        const bool same =
            exchange.conversation.is_none()
                ? step.exchange == shown
                : record.conversation == exchange.conversation || step.exchange == shown;
        if (same || (i == last && !chosen))
            view.rows.push_back(dialog_row(now, i, i == last));
        if (exchange.conversation.is_none() && step.exchange < shown)
            break;
    }
    std::reverse(view.rows.begin(), view.rows.end());
    // What went over TLS is shown as the two ends read it.
    const auto is_secret = [&](const DialogRow &row) {
        return now.records[static_cast<std::size_t>(row.record)].kind == RecordKind::TlsEstablished;
    };
    if (std::any_of(view.rows.begin(), view.rows.end(), is_secret))
        view.note = std::string(now.words.catalogue().ui("decrypted"));
    return view;
}

} // namespace mailscope::viz
