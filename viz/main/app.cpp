// One frame of the app.
#include "viz/main/app.h"

#include "sim/core/text.h"
#include "sim/scenario/parse.h"
#include "viz/model/stop_rule.h"
#include "viz/panels/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mailscope::viz
{
namespace
{

constexpr float step_seconds = 1.1F;  ///< at speed 1: on its way, and time to read
constexpr float still_seconds = 1.5F; ///< with reduced motion
constexpr float octets_a_second = 25; ///< read: a Latin letter is one octet, a Japanese one three
constexpr float reading_most = 8;     ///< seconds for one saying

std::string name_of(const std::string &path)
{
    const std::size_t slash = path.find_last_of("/\\");
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

} // namespace

App::App(const FaceFiles &faces, UiState state) : state_(std::move(state)), fonts_(faces)
{
    renew_words();
}

void App::renew_words()
{
    static const Scenario nothing;
    static const Directory nobody;
    words_ = std::make_unique<Words>(state_.language, lesson_ ? lesson_->scenario() : nothing,
                                     lesson_ ? lesson_->directory() : nobody);
    std::vector<CardRow> cards = bad_cards_;
    for (const Scenario &scenario : library_) {
        CardRow card = card_of(scenario, state_.language);
        const auto done = state_.done.find(name_of(card.file));
        card.done = done != state_.done.end() && done->second < 0;
        cards.push_back(std::move(card));
    }
    library_view_ = library_view(std::move(cards), *words_);
    if (lesson_)
        open_card_ = card_of(lesson_->scenario(), state_.language);
    for (Beside &beside : beside_)
        beside.words = std::make_unique<Words>(state_.language, beside.lesson->scenario(),
                                               beside.lesson->directory());
}

void App::set_library(const std::vector<std::string> &files)
{
    library_.clear();
    bad_cards_.clear();
    for (const std::string &file : files) {
        ParseResult parsed = parse_scenario_file(file);
        if (parsed.is_good()) {
            parsed.scenario.file = file;
            library_.push_back(std::move(parsed.scenario));
            continue;
        }
        CardRow card;
        card.file = file;
        card.title = name_of(file);
        card.trouble = Mark::Permanent;
        for (const Diagnostic &problem : parsed.diagnostics)
            card.problems.push_back(to_string(problem));
        card.summary = card.problems.front();
        bad_cards_.push_back(std::move(card));
    }
    renew_words();
}

/// The scenario in the file; nothing, with its problems to be shown, when there is none.
std::optional<Scenario> App::parse(const std::string &file)
{
    ParseResult parsed = parse_scenario_file(file);
    problems_.clear();
    problem_file_ = file;
    for (const Diagnostic &problem : parsed.diagnostics)
        problems_.push_back(to_string(problem));
    if (!problems_.empty())
        return std::nullopt;
    parsed.scenario.file = file;
    return std::move(parsed.scenario);
}

void App::open(const std::string &file)
{
    std::optional<Scenario> scenario = parse(file);
    if (!scenario)
        return;
    Result<std::unique_ptr<Lesson>> lesson = Lesson::open(std::move(*scenario));
    if (!lesson) {
        problems_.push_back(lesson.error().message);
        return;
    }
    const bool served = std::exchange(live_, nullptr) != nullptr;
    show(std::move(*lesson), file);
    if (served)
        notify("live-ended", {});
}

void App::show(std::unique_ptr<Lesson> lesson, const std::string &file)
{
    const bool again = file == file_ && lesson_ != nullptr;
    const std::size_t kept = again ? state_.record : 0;
    lesson_ = std::move(lesson);
    file_ = file;
    state_.screen = Screen::Lesson;
    state_.last_file = name_of(file);
    state_.answers.clear();
    state_.host = -1;
    state_.playing = false;
    state_.serves = false;
    state_.live_open = false;
    state_.show_why = false;
    state_.why_of = -1;
    state_.unfolded.clear();
    state_.open_talks.clear();
    beside_.clear();
    if (!again)
        state_.camera = {};
    const std::vector<StoryStep> &steps = lesson_->story().steps();
    set_record(again ? kept : steps.empty() ? 0 : steps.front().record);
    renew_words();
}

Moment App::moment() const
{
    return {lesson_->scenario(),
            lesson_->records(),
            lesson_->timeline().world(),
            lesson_->story(),
            *words_,
            state_,
            &lesson_->traffic()};
}

void App::set_record(std::size_t record)
{
    const std::size_t count = lesson_->records().size();
    state_.record = count == 0 ? 0 : std::min(record, count - 1);
    state_.progress = 0;
    state_.chosen = -1;
    state_.field = -1;
    state_.notice.clear();
    state_.talk = -1;
    state_.talks_open = false;
    state_.dialog_scroll = 0;
    lesson_->seek(state_.record);
    // A chain of causes stays while the reader goes along it.
    if (state_.why_of >= 0) {
        const std::vector<std::size_t> chain =
            causes_of(lesson_->records(), static_cast<std::size_t>(state_.why_of));
        if (std::find(chain.begin(), chain.end(), state_.record) == chain.end())
            state_.why_of = -1;
    }
    note_progress();
}

/// The record of the present step.
int App::step_record() const
{
    if (lesson_ == nullptr || lesson_->story().steps().empty())
        return -1;
    const Story &story = lesson_->story();
    return static_cast<int>(story.steps()[story.step_at(state_.record)].record);
}

void App::note_progress()
{
    if (live_ != nullptr)
        return; // What programs do is no lesson that could be finished.
    int &seen = state_.done[name_of(file_)];
    const std::size_t step = lesson_->story().step_at(state_.record);
    if (step + 1 == lesson_->story().steps().size())
        seen = -1;
    else if (seen >= 0)
        seen = std::max(seen, static_cast<int>(step));
}

bool App::go_to(const std::string &place)
{
    if (lesson_ == nullptr)
        return false;
    const Records &records = lesson_->records();
    if (place.starts_with("#")) {
        const std::optional<std::uint64_t> number = parse_decimal(place.substr(1));
        if (!number)
            return false;
        const auto found = records.find(RecordId{static_cast<std::uint32_t>(*number)});
        if (!found)
            return false;
        set_record(*found);
        return true;
    }
    char *end = nullptr;
    const double seconds = std::strtod(place.c_str(), &end);
    if (end == place.c_str() || seconds < 0)
        return false;
    const SimTime time(
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
    std::size_t last = 0;
    for (std::size_t i = 0; i < records.size() && records[i].at <= time; ++i)
        last = i;
    // A time is meant to show a step, not a packet on its way.
    const std::vector<StoryStep> &steps = lesson_->story().steps();
    set_record(steps.empty() ? last : steps[lesson_->story().step_at(last)].record);
    return true;
}

bool App::prepare_fonts(float scale)
{
    if (fonts_.builds() != 0 && !fonts_.is_incomplete() && fonts_.scale() == scale)
        return false;
    fonts_.build(scale);
    return true;
}

bool App::has_question_open() const
{
    const LessonView view = lesson_view(moment(), lesson_->moments(), {});
    return view.question >= 0 && state_.answers.count(view.question) == 0;
}

/// Remedies are offered once something has gone wrong, and at the end.
std::vector<RemedyRow> App::remedies_now() const
{
    const std::vector<StoryStep> &steps = lesson_->story().steps();
    const std::size_t now = steps.empty() ? 0 : lesson_->story().step_at(state_.record);
    bool offered = now + 1 == steps.size();
    for (std::size_t i = 0; i <= now && i < steps.size() && !offered; ++i)
        offered = offered || steps[i].trouble != Mark::None;
    return offered ? lesson_->remedies(*words_) : std::vector<RemedyRow>();
}

/// How long the present step is shown while playing: what the lesson says takes time to read.
float App::seconds_here() const
{
    const float step = state_.reduced_motion ? still_seconds : step_seconds;
    const std::string said = lesson_saying(moment(), lesson_->moments());
    return step + std::min(static_cast<float>(said.size()) / octets_a_second, reading_most);
}

/// Where playing goes from here: one more of the grain, but past no moment of the lesson.
std::size_t App::next_stop() const
{
    const std::size_t next =
        lesson_->story().forward(state_.record, state_.grain, lesson_->records().size());
    std::size_t stop = next;
    for (const std::size_t moment : lesson_->moments())
        if (moment > state_.record && moment < stop)
            stop = moment;
    return stop;
}

/// Time passes while playing; it stops where the lesson asks and at the end.
void App::play_on(float seconds)
{
    if (!state_.playing || lesson_ == nullptr || state_.screen == Screen::Library)
        return;
    float left = seconds * state_.speed * (is_live_now() ? live_pace(steps_waiting()) : 1.0F);
    // Faster than frames come, several steps are gone through in one.
    while (state_.playing) {
        const float whole = seconds_here();
        const float rest = (1 - state_.progress) * whole;
        if (left < rest) {
            state_.progress += left / whole;
            break;
        }
        left -= rest;
        const std::size_t next = next_stop();
        if (next == state_.record) {
            state_.playing = is_live_now(); // There, more may come.
            state_.progress = 1;
            break;
        }
        const std::size_t before = state_.record;
        set_record(next);
        stop_where_wanted(before);
        if (has_question_open())
            state_.playing = false;
    }
    if (!state_.playing)
        state_.progress = 0;
}

/// Between two steps of playing: what the reader wants to stop at may lie between them.
void App::stop_where_wanted(std::size_t before)
{
    if (!state_.stops_at_match)
        return;
    const Result<StopRule> rule = StopRule::parse(state_.filter, words_->hosts());
    if (!rule || rule->is_empty())
        return;
    const std::size_t last = state_.record;
    const std::optional<std::size_t> found = lesson_->find(*rule, before + 1, last);
    if (!found)
        return lesson_->seek(last);
    set_record(*found);
    state_.playing = false;
    notify("stopped", state_.filter);
}

void App::draw_lesson_screen(PanelContext &context, const ScreenLayout &screen)
{
    const Moment now = moment();
    const bool focus = screen.kind == LayoutKind::Focus;
    const bool wide = screen.kind == LayoutKind::Wide;
    // In the order in which the keyboard goes through them.
    context.ui.panel = 0;
    draw_lesson(context, screen.lesson, lesson_view(now, lesson_->moments(), remedies_now()));
    context.ui.panel = 1;
    draw_map(context, screen.map, map_view(now, lesson_->layout()));
    context.ui.panel = 2;
    Rect side = screen.dialog;
    if (!focus)
        draw_ladder(context, screen.ladder, ladder_view(now, ladder_room(screen.ladder)));
    context.ui.panel = 3;
    if (!wide)
        side = draw_side_tabs(context, screen.dialog, focus);
    if (!wide && state_.side == SideTab::Inspector)
        draw_inspector(context, side, inspector_view(now));
    else if (focus && state_.side == SideTab::Ladder)
        draw_ladder(context, side, ladder_view(now, ladder_room(side)));
    else
        draw_dialog(context, side, dialog_view(now));
    context.ui.panel = 4;
    if (wide)
        draw_inspector(context, screen.inspector, inspector_view(now));
    context.ui.panel = 5;
    draw_timeline(context, screen.timeline, timeline_view(now, lesson_->timeline()));
    context.ui.panel = 6;
    draw_split_bars(context, screen);
}

void App::frame(float width, float height, float seconds)
{
    handle_keys();
    poll_live();
    play_on(seconds);
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({width, height});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::Begin("mailscope", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav |
                     ImGuiWindowFlags_NoBringToFrontOnFocus);
    Ui ui(*ImGui::GetWindowDrawList(), theme(), fonts_, items_);
    PanelContext context{ui, state_, *words_};
    const Rect window{0, 0, width, height};
    window_ = window;
    ui.fill(window, ui.theme.canvas);
    const ScreenLayout screen = layout_screen(width, height, state_.shares);
    const bool lesson = state_.screen != Screen::Library && lesson_ != nullptr;
    const bool compare = lesson && state_.screen == Screen::Compare && !beside_.empty();
    if (!lesson) {
        const Rect below{0, screen.top.h, width, height - screen.top.h};
        draw_library(context, below, library_view_);
    } else if (compare) {
        draw_compare_screen(context, screen);
    } else {
        draw_lesson_screen(context, screen);
    }
    ui.panel = 7;
    draw_top_bar(context, screen.top, lesson ? &open_card_ : nullptr);
    if (!lesson)
        draw_search(context, screen.top);
    if (!problems_.empty())
        draw_problems(context, window.inner(80), problem_file_, problems_);
    if (state_.help)
        draw_help(context, window);
    draw_filter(context, window);
    draw_change_box(context, window);
    if (lesson && live_ != nullptr && state_.live_open)
        draw_live(context, window, live_->view());
    draw_notice(context, screen.timeline, state_.notice);
    draw_tooltip(context, window);
    ImGui::End();
    ImGui::PopStyleVar();
    items_.turn();
    if (!ImGui::GetIO().MouseDown[0])
        items_.held.clear();
    state_.why_hovered = 0; // As long as the mouse rests there, it is said again.
    for (const Intent &intent : ui.intents)
        apply(intent);
}

} // namespace mailscope::viz
