// Compare mode: stories side by side at the same simulated time.
#include "sim/scenario/parse.h"
#include "viz/main/app.h"
#include "viz/panels/panels.h"

#include <algorithm>
#include <utility>

namespace mailscope::viz
{

void App::open_beside(const std::vector<std::string> &files)
{
    constexpr std::size_t columns_max = 3;
    if (lesson_ == nullptr)
        return;
    beside_.clear();
    for (const std::string &file : files) {
        ParseResult parsed = parse_scenario_file(file);
        if (!parsed.is_good()) {
            problem_file_ = file;
            for (const Diagnostic &problem : parsed.diagnostics)
                problems_.push_back(to_string(problem));
            return;
        }
        Result<std::unique_ptr<Lesson>> lesson = Lesson::open(std::move(parsed.scenario));
        if (!lesson || beside_.size() + 1 == columns_max)
            continue;
        Beside beside;
        beside.lesson = std::move(*lesson);
        beside_.push_back(std::move(beside));
    }
    beside_are_files_ = true;
    renew_words();
    if (!beside_.empty())
        state_.screen = Screen::Compare;
}

/// The main story beside the branch that is open, or beside another one, or beside its first
/// remedy; stories that were named on the command line stay.
void App::begin_compare()
{
    if (lesson_->story().steps().empty())
        return;
    if (!beside_are_files_ || beside_.empty()) {
        beside_.clear();
        const std::uint32_t branch = lesson_->timeline().current().value;
        const std::size_t record = state_.record;
        Beside beside;
        beside.lesson = lesson_->copy();
        if (branch != 0 || lesson_->timeline().branch_count() > 1) {
            beside.lesson->switch_to(std::max(branch, 1U));
        } else if (!lesson_->scenario().remedies.empty()) {
            const RemedySpec &remedy = lesson_->scenario().remedies.front();
            beside.lesson->try_remedy(remedy);
        } else {
            return; // There is nothing else that could be compared.
        }
        const Timeline &timeline = beside.lesson->timeline();
        beside.title = words_->view(
            "what-if",
            {{"text", branch_title(lesson_->scenario(), *words_, timeline, timeline.current())}});
        beside_.push_back(std::move(beside));
        beside_are_files_ = false;
        if (branch != 0)
            lesson_->switch_to(0);
        renew_words();
        set_record(record);
    }
    state_.screen = Screen::Compare;
}

void App::draw_compare_screen(PanelContext &context, const ScreenLayout &screen)
{
    std::vector<Moment> moments = {moment()};
    std::vector<std::string> titles = {beside_are_files_ ? std::string()
                                                         : words_->view("main-story")};
    // At its end the first story waits for the others, which may be longer.
    const bool ended = state_.record + 1 >= lesson_->records().size() ||
                       state_.record >= lesson_->story().steps().back().record;
    const SimTime time = ended ? time_never : lesson_->records()[state_.record].at;
    for (Beside &beside : beside_) {
        const Records &records = beside.lesson->records();
        std::size_t last = 0;
        for (std::size_t i = 0; i < records.size() && records[i].at <= time; ++i)
            last = i;
        const Story &story = beside.lesson->story();
        if (!story.steps().empty())
            last = story.steps()[story.step_at(last)].record;
        beside.state.record = last;
        beside.lesson->seek(last);
        moments.push_back({beside.lesson->scenario(), records, beside.lesson->timeline().world(),
                           story, *beside.words, beside.state});
        titles.push_back(beside.title);
    }
    CompareView view = compare_view(moments, titles);
    const TimelineView timeline = timeline_view(moment(), lesson_->timeline());
    view.chapters = scenes_of(timeline.chapters);
    const Rect area{screen.map.x, screen.top.bottom() + 4, screen.timeline.w,
                    screen.timeline.y - screen.top.bottom() - 12};
    draw_compare(context, area, view);
    draw_timeline(context, screen.timeline, timeline);
}

} // namespace mailscope::viz
