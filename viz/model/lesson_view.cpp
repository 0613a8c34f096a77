// The lesson card, the Why list and the timeline at a moment.
#include "sim/core/text.h"
#include "sim/trace/query.h"
#include "viz/model/letter_fate.h"
#include "viz/model/views.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t why_rows_max = 5;
constexpr std::size_t bars_max = 1500;
constexpr std::size_t chapters_max = 40;

/// How much a record in a chain of causes tells; higher is better.
int weight(const Record &record)
{
    const int trouble = trouble_of(record) != Trouble::None ? 4 : 0;
    switch (info_of(record.kind).layer) {
    case Layer::Story:
        return trouble + 6;
    case Layer::Mail:
        return trouble + 5;
    case Layer::Line:
        return trouble + 2;
    case Layer::Dns:
        return trouble + 3;
    default:
        return trouble;
    }
}

void add_code(const Moment &now, const Record &record, LessonView &view)
{
    const Words &words = now.words;
    if (record.protocol == Protocol::Smtp && record.code >= 200) {
        const std::string code = std::to_string(record.code);
        view.anatomy.push_back(
            {code.substr(0, 1), words.view("code." + code.substr(0, 1) + "xx"), false});
        view.anatomy.push_back(
            {code.substr(1, 1), words.view("code.x" + code.substr(1, 1) + "x"), false});
        view.anatomy.push_back({code.substr(2, 1), words.view("code.detail"), false});
    }
    if (record.status != 0) {
        const std::string status = to_string_status(record.status);
        const Entry *entry = words.catalogue().find("status." + status);
        if (entry == nullptr)
            entry = words.code_entry(record);
        std::string meaning = entry == nullptr ? std::string() : std::string(entry->title);
        // A title may begin with the code itself, which stands above already.
        while (!meaning.empty() && (is_ascii_digit(meaning.front()) || meaning.front() == '.' ||
                                    meaning.front() == ' '))
            meaning.erase(0, 1);
        // X.0.0 is "other undefined status" (RFC 3463 3.1); nothing else has no words.
        if (meaning.empty())
            meaning = words.view("code.undefined");
        view.anatomy.push_back({status, meaning, true});
    }
}

/// A refusal goes by its reply code, which is what people look for; the enhanced status has its
/// place in the anatomy.
std::string code_title(const Record &record, std::string title)
{
    const std::string status = to_string_status(record.status) + " ";
    if (record.protocol == Protocol::Smtp && record.code >= 400 && title.starts_with(status))
        title.replace(0, status.size(), std::to_string(record.code) + " ");
    return title;
}

void add_trouble(const Moment &now, const Record &record, const Entry *entry, LessonView &view)
{
    const Entry *code = now.words.code_entry(record);
    for (const Entry *source : {code, entry}) {
        if (source == nullptr)
            continue;
        if (view.cause.empty())
            view.cause = now.words.filled(source->cause, record);
        if (view.advice.empty())
            view.advice = now.words.filled(source->remedy, record);
        if (view.rfc.empty())
            view.rfc = source->rfc;
        if (view.fault.empty() && source->lasting != Lasting::None) {
            constexpr std::string_view sides[] = {"fault-nobody", "fault-sender", "fault-recipient",
                                                  "fault-server", "fault-network"};
            view.fault = std::string(
                now.words.catalogue().ui(sides[static_cast<std::size_t>(source->fault)]));
            view.fault += " · ";
            view.fault += now.words.catalogue().ui(
                source->lasting == Lasting::Temporary ? "temporary-error" : "permanent-error");
        }
    }
}

/// The lesson's moments that come with the present step, in their order.
std::vector<std::size_t> moments_here(const Moment &now, const std::vector<std::size_t> &moments)
{
    const std::size_t step = now.step();
    const std::size_t first = step == 0 ? 0 : now.story.steps()[step - 1].record + 1;
    std::vector<std::size_t> here;
    for (std::size_t i = 0; i < moments.size(); ++i)
        if (moments[i] >= first && moments[i] <= now.index())
            here.push_back(i);
    return here;
}

/// The last question of the present step.
void add_question(const Moment &now, const std::vector<std::size_t> &moments, LessonView &view)
{
    for (const std::size_t i : moments_here(now, moments)) {
        const MomentSpec &moment = now.scenario.lesson[i];
        const std::string &question = now.words.choose(moment.question);
        if (question.empty())
            continue;
        view.question = static_cast<int>(i);
        view.question_text = question;
        view.choices.clear();
        for (const ChoiceSpec &choice : moment.choices)
            view.choices.push_back(
                {now.words.choose(choice.text), now.words.choose(choice.why), choice.correct});
    }
}

void add_bars(const Moment &now, std::size_t group, TimelineView &view)
{
    const std::vector<StoryStep> &steps = now.story.steps();
    SimTime before = steps.empty() ? SimTime() : now.records[steps.front().record].at;
    for (std::size_t i = 0; i < steps.size(); i += group) {
        const StoryStep &step = steps[i];
        const Record &record = now.records[step.record];
        const auto octets = static_cast<float>(record.text.size());
        Mark trouble = step.trouble;
        for (std::size_t k = i; k < std::min(i + group, steps.size()); ++k)
            if (steps[k].trouble != Mark::None && trouble != Mark::Permanent)
                trouble = steps[k].trouble;
        view.bars.push_back({static_cast<int>(step.record), step.mark, trouble,
                             std::clamp(std::log2(1 + octets) / 11, 0.15F, 1.0F),
                             record.at - before >= pause_from});
        before = record.at;
    }
}

/// Of many chapters, those that have room for their title.
void add_chapters(const Moment &now, std::size_t group, TimelineView &view)
{
    const std::vector<StoryStep> &steps = now.story.steps();
    const std::vector<StoryChapter> &chapters = now.story.chapters();
    for (std::size_t i = 0; i < chapters.size(); ++i) {
        const StoryChapter &chapter = chapters[i];
        const bool is_now = steps[now.step()].chapter == i;
        if (chapters.size() > chapters_max && !is_now &&
            (chapter.last - chapter.first + 1) * chapters_max < steps.size())
            continue;
        const Record &record = now.records[chapter.record];
        const Entry *entry = now.words.entry(now.records, record);
        std::string title = record.kind == RecordKind::SceneBegan || entry == nullptr
                                ? now.words.headline(record)
                                : std::string(entry->title);
        view.chapters.push_back({std::move(title), chapter.first / group, chapter.last / group,
                                 is_now, static_cast<int>(steps[chapter.first].record),
                                 record.kind == RecordKind::SceneBegan});
    }
}

/// Of the causes between effect and root those that tell most, in their order; of equals those
/// nearer to the root.
void keep_telling(const Moment &now, std::vector<std::size_t> &between)
{
    constexpr std::size_t most = why_rows_max - 2;
    if (between.size() <= most)
        return;
    std::vector<std::pair<int, std::size_t>> ranked;
    ranked.reserve(between.size());
    for (std::size_t i = 0; i < between.size(); ++i)
        ranked.emplace_back(weight(now.records[between[i]]), i);
    std::partial_sort(ranked.begin(), ranked.begin() + most, ranked.end(), std::greater<>());
    std::vector<std::size_t> places;
    places.reserve(most);
    for (std::size_t i = 0; i < most; ++i)
        places.push_back(ranked[i].second);
    std::sort(places.begin(), places.end());
    std::vector<std::size_t> kept;
    kept.reserve(most);
    for (const std::size_t place : places)
        kept.push_back(between[place]);
    between = std::move(kept);
}

} // namespace

std::vector<std::size_t> lesson_moments(const Scenario &scenario, const Records &records,
                                        const std::vector<std::string> &hosts)
{
    std::vector<std::size_t> moments(scenario.lesson.size(), 0);
    grow_moments(moments, 0, scenario, records, hosts);
    return moments;
}

void grow_moments(std::vector<std::size_t> &moments, std::size_t known, const Scenario &scenario,
                  const Records &records, const std::vector<std::string> &hosts)
{
    for (std::size_t moment = 0; moment < moments.size(); ++moment) {
        if (moments[moment] < known)
            continue; // It has come.
        const Result<Query> query = Query::parse(scenario.lesson[moment].when, hosts);
        std::size_t i = query ? known : records.size();
        while (i < records.size() && !query->matches(records[i]))
            ++i;
        moments[moment] = i;
    }
}

std::vector<WhyRow> why_rows(const Moment &now)
{
    if (now.records.empty())
        return {};
    const std::size_t effect =
        now.state.why_of >= 0 && static_cast<std::size_t>(now.state.why_of) < now.records.size()
            ? static_cast<std::size_t>(now.state.why_of)
            : now.index();
    std::vector<std::size_t> chain = causes_of(now.records, effect);
    // Effect and root stay; between them what tells most.
    std::vector<std::size_t> between;
    for (std::size_t i = 1; i + 1 < chain.size(); ++i)
        if (is_step(now.records[chain[i]]))
            between.push_back(chain[i]);
    keep_telling(now, between);
    std::vector<std::size_t> shown = {chain.front()};
    shown.insert(shown.end(), between.begin(), between.end());
    if (chain.size() > 1)
        shown.push_back(chain.back());
    std::vector<WhyRow> rows;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        WhyRow row;
        row.record = static_cast<int>(shown[i]);
        row.number = static_cast<int>(i) + 1;
        row.text = now.words.sentence(now.records, now.records[shown[i]]);
        row.is_root = i + 1 == shown.size();
        row.is_now = shown[i] == now.index();
        row.is_future = shown[i] > now.index();
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string lesson_saying(const Moment &now, const std::vector<std::size_t> &moments)
{
    std::string all;
    if (now.records.empty() || now.story.steps().empty())
        return all;
    for (const std::size_t i : moments_here(now, moments)) {
        const MomentSpec &moment = now.scenario.lesson[i];
        std::string said = now.words.choose(moment.say);
        if (!moment.topic.empty())
            said.insert(0, now.words.filled(now.words.catalogue().get(moment.topic).say,
                                            now.records[moments[i]]));
        // Two may come together.
        if (!said.empty() && !all.empty())
            all += now.words.language() == "ja" ? "" : " ";
        all += said;
    }
    return all;
}

LessonView lesson_view(const Moment &now, const std::vector<std::size_t> &moments,
                       const std::vector<RemedyRow> &remedies)
{
    LessonView view;
    view.steps = now.story.steps().size();
    view.remedies = remedies;
    if (now.records.empty() || view.steps == 0)
        return view;
    view.step = now.step() + 1;
    const Record &record = now.record();
    const Entry *entry = now.words.entry(now.records, record);
    const Mark trouble = trouble_mark(record);
    view.mark = trouble != Mark::None ? trouble : mark_of(record);
    if (entry != nullptr) {
        view.title = entry->title;
        view.say = now.words.filled(entry->say, record);
        view.detail = now.words.filled(entry->detail, record);
        view.rfc = entry->rfc;
    } else {
        view.title = std::string(info_of(record.kind).name);
    }
    if (record.kind == RecordKind::SceneBegan)
        view.title = now.words.headline(record);
    view.moment = lesson_saying(now, moments);
    add_question(now, moments, view);
    if (trouble != Mark::None) {
        const std::string fate = letter_fate(now);
        if (!fate.empty())
            view.say += (now.words.language() == "ja" ? "" : " ") + fate;
        if (const Entry *code = now.words.code_entry(record); code != nullptr)
            view.title = code_title(record, std::string(code->title));
        add_code(now, record, view);
        add_trouble(now, record, entry, view);
    }
    view.why = why_rows(now);
    return view;
}

std::string branch_title(const Scenario &scenario, const Words &words, const Timeline &timeline,
                         BranchId branch)
{
    if (!timeline.parent_of(branch))
        return {};
    const std::string &name = timeline.name_of(branch);
    for (const RemedySpec &remedy : scenario.remedies)
        if (remedy.id == name)
            return words.choose(remedy.label);
    return name;
}

TimelineView timeline_view(const Moment &now, const Timeline &timeline)
{
    TimelineView view;
    const std::vector<StoryStep> &steps = now.story.steps();
    // In a long story a bar stands for several steps.
    const std::size_t group = steps.size() / bars_max + 1;
    view.now = steps.empty() ? 0 : now.step() / group;
    view.step = steps.empty() ? 0 : now.step() + 1;
    add_bars(now, group, view);
    add_chapters(now, group, view);
    if (!now.records.empty())
        view.time = clock_text(now.record().at);
    for (std::uint32_t i = 0; i < timeline.branch_count(); ++i) {
        const BranchId branch{i};
        BranchRow row;
        row.branch = static_cast<int>(i);
        row.name = branch_title(now.scenario, now.words, timeline, branch);
        row.is_current = branch == timeline.current();
        const std::size_t shared = timeline.shared_records(branch);
        row.from = shared == 0 ? 0 : now.story.step_at(shared - 1) / group;
        view.branches.push_back(std::move(row));
    }
    return view;
}

} // namespace mailscope::viz
