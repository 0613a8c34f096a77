// The one place where intents become changes.
#include "sim/scenario/play.h"
#include "viz/main/app.h"
#include "viz/model/changes.h"
#include "viz/model/map_words.h"
#include "viz/model/stop_rule.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::viz
{

void App::apply(const Intent &intent)
{
    if (lesson_ != nullptr && state_.screen != Screen::Library &&
        (apply_live(intent) || apply_walk(intent) || apply_lesson(intent) || apply_change(intent)))
        return;
    if (!apply_look(intent))
        apply_app(intent);
}

bool App::apply_walk(const Intent &intent)
{
    const Story &story = lesson_->story();
    const std::size_t count = lesson_->records().size();
    const auto walk = [&](Grain grain, bool on) {
        state_.playing = false;
        set_record(on ? story.forward(state_.record, grain, count)
                      : story.backward(state_.record, grain));
        return true;
    };
    switch (intent.act) {
    case Act::StepOn:
        return walk(state_.grain, true);
    case Act::StepBack:
        return walk(state_.grain, false);
    case Act::RecordOn:
        return walk(Grain::Record, true);
    case Act::RecordBack:
        return walk(Grain::Record, false);
    case Act::ExchangeOn:
        return walk(Grain::Exchange, true);
    case Act::ExchangeBack:
        return walk(Grain::Exchange, false);
    case Act::SceneOn:
        return walk(Grain::Chapter, true);
    case Act::SceneBack:
        return walk(Grain::Chapter, false);
    case Act::NextTrouble:
    case Act::LastTrouble: {
        const std::optional<std::size_t> found = intent.act == Act::NextTrouble
                                                     ? story.next_trouble(state_.record)
                                                     : story.last_trouble(state_.record);
        state_.playing = false;
        set_record(found.value_or(state_.record));
        return true;
    }
    case Act::GoToRecord:
        set_record(static_cast<std::size_t>(std::max<std::int64_t>(0, intent.number)));
        return true;
    case Act::GoToStep:
        if (!story.steps().empty())
            set_record(story
                           .steps()[std::min(static_cast<std::size_t>(intent.number),
                                             story.steps().size() - 1)]
                           .record);
        return true;
    case Act::GoToStart:
        set_record(story.steps().empty() ? 0 : story.steps().front().record);
        return true;
    case Act::GoToEnd:
        set_record(story.steps().empty() ? count : story.steps().back().record);
        return true;
    case Act::Play:
        state_.playing = !state_.playing && !has_question_open();
        state_.progress = 0;
        return true;
    case Act::SetSpeed:
        state_.speed = static_cast<float>(intent.number) / 1000;
        return true;
    case Act::SetGrain:
        state_.grain = static_cast<Grain>(intent.number);
        return true;
    default:
        return false;
    }
}

bool App::apply_lesson(const Intent &intent)
{
    switch (intent.act) {
    case Act::TryRemedy:
        if (const RemedySpec *remedy = find_remedy(lesson_->scenario(), intent.text)) {
            state_.why_of = -1;
            state_.playing = false;
            set_record(lesson_->try_remedy(*remedy));
        }
        return true;
    case Act::SwitchBranch:
        state_.why_of = -1;
        set_record(lesson_->switch_to(static_cast<std::size_t>(intent.number)));
        return true;
    case Act::NextBranch: {
        state_.why_of = -1;
        const auto count = static_cast<std::int64_t>(lesson_->timeline().branch_count());
        const std::int64_t now = lesson_->timeline().current().value;
        set_record(
            lesson_->switch_to(static_cast<std::size_t>((now + intent.number + count) % count)));
        return true;
    }
    case Act::Choose:
        state_.chosen = static_cast<int>(intent.number);
        return true;
    case Act::Check:
    case Act::Skip: {
        const LessonView view = lesson_view(moment(), lesson_->moments(), {});
        if (view.question >= 0 && (intent.act == Act::Skip || state_.chosen >= 0) &&
            state_.answers.count(view.question) == 0)
            state_.answers[view.question] = intent.act == Act::Skip ? -1 : state_.chosen;
        return true;
    }
    case Act::Deeper:
        state_.deeper = !state_.deeper;
        return true;
    case Act::FollowWhy:
        state_.show_why = !state_.show_why;
        if (!state_.show_why)
            state_.why_of = -1;
        return true;
    case Act::WhyOf:
        state_.playing = false;
        state_.why_of = static_cast<int>(intent.number);
        state_.show_why = true;
        return true;
    case Act::FocusMap:
        focus_map();
        return true;
    case Act::MoveHost: {
        const HostId host = lesson_->directory().find(intent.text);
        if (!host.is_none()) {
            const std::string key = state_.place_key(intent.text);
            const auto placed = state_.moved_hosts.find(key);
            const Point at = placed == state_.moved_hosts.end()
                                 ? lesson_->layout().hosts[host.value]
                                 : placed->second;
            state_.moved_hosts[key] = {at.x + intent.by.x, at.y + intent.by.y};
        }
        return true;
    }
    default:
        return false;
    }
}

/// The keyboard goes to the map, and the map close up to where it happens now; from there, back.
void App::focus_map()
{
    constexpr float close = 2;
    items_.focus = "map";
    if (state_.camera.zoom > 1.5F) {
        state_.camera = {};
        return;
    }
    const MapView map = map_view(moment(), lesson_->layout());
    Point at = map.callout ? map.callout->at : Point{map.width / 2, map.height / 2};
    if (!map.flights.empty()) {
        const std::vector<Point> &path = map.flights.front().path;
        at = path[path.size() / 2];
    }
    const Rect area = layout_screen(window_.w, window_.h, state_.shares).map;
    state_.camera = {close, 0, 0};
    const MapLens lens = map_lens(area, map, state_.camera);
    const Point there = lens.at(at);
    state_.camera.x = area.centre().x - there.x;
    state_.camera.y = area.centre().y - there.y;
}

bool App::apply_look(const Intent &intent)
{
    switch (intent.act) {
    case Act::SelectHost:
        state_.facts_scroll = 0;
        state_.host = state_.host == intent.number ? -1 : static_cast<int>(intent.number);
        state_.engine = 0;
        if (state_.tab != InspectorTab::State)
            state_.tab = InspectorTab::Host;
        state_.side = SideTab::Inspector;
        return true;
    case Act::SelectTab:
        state_.tab = static_cast<InspectorTab>(intent.number);
        state_.facts_scroll = 0;
        state_.letter.clear();
        return true;
    case Act::SelectEngine:
        state_.engine = static_cast<std::size_t>(intent.number);
        state_.facts_scroll = 0;
        return true;
    case Act::SelectSide:
        state_.side = static_cast<SideTab>(intent.number);
        return true;
    case Act::HoverField:
        state_.field = static_cast<int>(intent.number);
        return true;
    case Act::HoverWhy:
        state_.why_hovered = static_cast<int>(intent.number);
        return true;
    case Act::SetFilter:
        state_.filter = intent.text;
        return true;
    case Act::OpenFilter:
        state_.filter_open = true;
        return true;
    case Act::StopAtMatch:
        state_.stops_at_match = !state_.stops_at_match;
        return true;
    case Act::FilterLadder:
        state_.ladder_filtered = !state_.ladder_filtered;
        return true;
    case Act::OpenTalks:
        state_.talks_open = !state_.talks_open;
        return true;
    case Act::SelectTalk:
        state_.talk = static_cast<int>(intent.number);
        state_.talks_open = false;
        state_.dialog_scroll = 0;
        return true;
    case Act::Unfold:
        unfold(intent.number < 0 ? step_record() : static_cast<int>(intent.number));
        return true;
    case Act::FoldTalk:
        if (state_.open_talks.erase(intent.number) == 0)
            state_.open_talks.insert(intent.number);
        return true;
    case Act::ScrollDialog:
        state_.dialog_scroll = std::max(0.0F, intent.by.y);
        return true;
    case Act::DragBar:
        state_.shares = moved(state_.shares, static_cast<SplitBar>(intent.number), intent.by,
                              layout_screen(window_.w, window_.h, state_.shares));
        return true;
    case Act::ResetBars:
        state_.shares = {};
        return true;
    case Act::OpenLetter:
        state_.letter = intent.text;
        state_.tab = InspectorTab::Letter;
        state_.facts_scroll = 0;
        return true;
    case Act::ScrollFacts:
        state_.facts_scroll = std::max(0.0F, intent.by.y);
        return true;
    case Act::PanMap:
        state_.camera.x += intent.by.x;
        state_.camera.y += intent.by.y;
        return true;
    case Act::ZoomMap:
        state_.camera.zoom =
            std::clamp(state_.camera.zoom * static_cast<float>(intent.number) / 1000, 0.5F, 4.0F);
        return true;
    case Act::OpenKey:
        state_.key_open = !state_.key_open;
        return true;
    case Act::FitMap:
        state_.camera = {};
        std::erase_if(state_.moved_hosts, [&](const auto &moved) {
            return moved.first.starts_with(state_.place_key(""));
        });
        return true;
    default:
        return false;
    }
}

void App::apply_app(const Intent &intent)
{
    switch (intent.act) {
    case Act::Open:
        open(intent.text);
        break;
    case Act::Compare:
        if (state_.screen == Screen::Compare)
            state_.screen = Screen::Lesson;
        else if (lesson_ != nullptr)
            begin_compare();
        break;
    case Act::Library:
        state_.screen = Screen::Library;
        state_.playing = false;
        renew_words();
        break;
    case Act::Reload:
        open(problem_file_.empty() ? file_ : problem_file_);
        break;
    case Act::Language:
        state_.language = !intent.text.empty()      ? intent.text
                          : state_.language == "ja" ? "en"
                                                    : "ja";
        renew_words();
        break;
    case Act::DarkTheme:
        state_.dark = intent.number != 0;
        break;
    case Act::Scale:
        state_.scale = std::clamp(static_cast<float>(intent.number) / 100, 1.0F, 2.0F);
        break;
    case Act::ReducedMotion:
        state_.reduced_motion = !state_.reduced_motion;
        break;
    case Act::Help:
        state_.help = !state_.help;
        break;
    case Act::Escape:
        if (!problems_.empty())
            problems_.clear();
        else if (state_.help)
            state_.help = false;
        else if (state_.talks_open)
            state_.talks_open = false;
        else if (state_.key_open)
            state_.key_open = false;
        else if (state_.changes_open)
            state_.changes_open = false;
        else if (state_.filter_open)
            state_.filter_open = false;
        else if (!state_.letter.empty())
            state_.letter.clear();
        else if (state_.why_of >= 0)
            state_.why_of = -1;
        else if (state_.talk >= 0)
            state_.talk = -1;
        else if (state_.host >= 0)
            state_.host = -1;
        else
            items_.focus.clear();
        break;
    case Act::ChooseTopic:
        state_.topic = static_cast<std::size_t>(intent.number);
        state_.library_scroll = 0;
        break;
    case Act::SetLevel:
        state_.levels ^= 1U << static_cast<unsigned>(intent.number);
        break;
    case Act::Search:
        state_.search = intent.text;
        state_.library_scroll = 0;
        break;
    case Act::Scroll:
        state_.library_scroll = std::max(0.0F, intent.by.y);
        break;
    case Act::Copy:
        copy(static_cast<CopyWhat>(intent.number));
        break;
    case Act::NextPanel:
        items_.move_panel(intent.number > 0 ? 1 : -1);
        break;
    case Act::Quit:
        quit_ = true;
        break;
    case Act::SavePicture:
        picture_wanted_ = intent.number == 1 ? panel_under_mouse() : window_;
        break;
    default:
        break;
    }
}

bool App::apply_change(const Intent &intent)
{
    switch (intent.act) {
    case Act::FindNext:
        find_matching(static_cast<int>(intent.number));
        return true;
    case Act::OpenChanges:
        state_.playing = false;
        state_.changes_open = !state_.changes_open;
        state_.change.clear();
        return true;
    case Act::PickChange: {
        state_.change = intent.text;
        for (const Change &change : changes_at(moment(), host_to_change(moment())))
            if (change.id == intent.text) {
                state_.change_value = change.value;
                if (!change.takes_value)
                    do_change({});
                break;
            }
        return true;
    }
    case Act::TypeChange:
        state_.change_value = intent.text;
        return true;
    case Act::DoChange:
        do_change(state_.change_value);
        return true;
    default:
        return false;
    }
}

/// Shows all lines of a row of the dialogue, or folds them; what is above stays where it was.
void App::unfold(int record)
{
    constexpr float line_height = 18;
    const auto lines = [&] {
        if (lesson_ == nullptr)
            return std::size_t{0};
        for (const DialogRow &row : dialog_view(moment()).rows)
            if (row.record == record)
                return row.lines.size();
        return std::size_t{0};
    };
    const auto before = static_cast<float>(lines());
    if (state_.unfolded.erase(record) == 0)
        state_.unfolded.insert(record);
    const float more = (static_cast<float>(lines()) - before) * line_height;
    state_.dialog_scroll = std::max(0.0F, state_.dialog_scroll + more);
}

/// Forks the story here with the change that was picked.
void App::do_change(const std::string &value)
{
    for (const Change &change : changes_at(moment(), host_to_change(moment())))
        if (change.id == state_.change) {
            const std::string where = words_->short_host(host_to_change(moment()));
            if (is_live_now()) {
                live_->order(order_with(change, value));
                state_.changes_open = false;
                state_.playing = true;
                return notify("live-changed", change.label);
            }
            const std::string name = change.takes_value
                                         ? fmt::format("{}: {} {}", where, change.label, value)
                                         : fmt::format("{}: {}", where, change.label);
            state_.why_of = -1;
            set_record(lesson_->change(order_with(change, value), name));
            state_.changes_open = false;
            state_.change.clear();
            return;
        }
}

void App::copy(CopyWhat what)
{
    if (lesson_ == nullptr || state_.screen == Screen::Library)
        return;
    const std::string text = copy_text(moment(), what);
    constexpr const char *words[] = {"copied.line", "copied.transcript", "copied.letter"};
    if (text.empty())
        return notify("nothing-here", {});
    ImGui::SetClipboardText(text.c_str());
    notify(words[static_cast<std::size_t>(what)], {});
}

void App::notify(std::string_view word, const std::string &text)
{
    state_.notice = words_->view(word, {{"text", text}});
}

std::string App::picture_name() const
{
    const std::string name = state_.last_file.substr(0, state_.last_file.find('.'));
    return fmt::format("mailscope-{}-{}", name.empty() ? std::string("view") : name,
                       lesson_ == nullptr ? 0 : lesson_->story().step_at(state_.record) + 1);
}

/// The panel that the mouse is on; the whole window where it is on none.
Rect App::panel_under_mouse() const
{
    if (state_.screen != Screen::Lesson)
        return window_;
    const ScreenLayout screen = layout_screen(window_.w, window_.h, state_.shares);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    for (const Rect &panel : {screen.map, screen.lesson, screen.ladder, screen.dialog,
                              screen.inspector, screen.timeline})
        if (panel.contains(mouse.x, mouse.y))
            return panel;
    return window_;
}

/// Goes to the next record, or the one before, that the rule matches.
void App::find_matching(int direction)
{
    const Result<StopRule> rule = StopRule::parse(state_.filter, words_->hosts());
    if (!rule || rule->is_empty())
        return;
    state_.playing = false;
    const std::size_t here = state_.record;
    const std::size_t end = lesson_->records().size();
    std::optional<std::size_t> found;
    if (direction > 0 && here + 1 < end)
        found = lesson_->find(*rule, here + 1, end - 1);
    else if (direction < 0 && here > 0)
        found = lesson_->find(*rule, here - 1, 0);
    if (found)
        return set_record(*found);
    lesson_->seek(here);
    notify("no-match", {});
}

} // namespace mailscope::viz
