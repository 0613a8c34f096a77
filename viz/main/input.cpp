// Keys, and the fields in which text is typed.
#include "viz/draw/shapes.h"
#include "viz/main/app.h"
#include "viz/model/changes.h"
#include "viz/model/stop_rule.h"
#include "viz/panels/panels.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace mailscope::viz
{
namespace
{

/// A field of Dear ImGui in our colours; gives true when the text has changed.
bool text_field(const PanelContext &context, const char *id, const Rect &box, const char *hint,
                std::array<char, 256> &buffer)
{
    const Theme &t = context.ui.theme;
    Fonts &fonts = context.ui.fonts;
    fonts.want(Style::Text14, hint);
    fonts.want(Style::Text14, buffer.data());
    ImGui::PushFont(fonts.font(Style::Text14));
    ImGui::SetWindowFontScale(1 / fonts.scale());
    ImGui::PushStyleColor(ImGuiCol_FrameBg, t.panel);
    ImGui::PushStyleColor(ImGuiCol_Text, t.text);
    ImGui::PushStyleColor(ImGuiCol_TextDisabled, t.text3);
    ImGui::PushStyleColor(ImGuiCol_TextSelectedBg, mixed(t.panel, t.text, 0.25F));
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::SetNextItemWidth(box.w);
    const bool changed = ImGui::InputTextWithHint(id, hint, buffer.data(), buffer.size());
    ImGui::PopStyleColor(4);
    ImGui::SetWindowFontScale(1);
    ImGui::PopFont();
    return changed;
}

std::array<char, 256> buffer_of(const std::string &text)
{
    std::array<char, 256> buffer{};
    std::memcpy(buffer.data(), text.data(), std::min(text.size(), buffer.size() - 1));
    return buffer;
}

bool pressed(ImGuiKey key) { return ImGui::IsKeyPressed(key); }

} // namespace

void App::draw_search(PanelContext &context, const Rect &area)
{
    const Rect box{area.x + 252, area.y + 8, std::min(420.0F, area.w - 700), 30};
    if (box.w < 120)
        return;
    context.ui.fill(box, context.ui.theme.panel, 7);
    context.ui.frame(box, context.ui.theme.line, 7);
    draw_sign(context.ui, Sign::Search, {box.x + 18, box.centre().y}, context.ui.theme.text2);
    std::array<char, 256> buffer = buffer_of(state_.search);
    if (std::exchange(state_.filter_open, false))
        ImGui::SetKeyboardFocusHere();
    const std::string hint = words_->view("find-lesson");
    if (text_field(context, "##search", {box.x + 32, box.y + 4, box.w - 70, 22}, hint.c_str(),
                   buffer))
        context.ui.intend(Act::Search, 0, buffer.data());
    // Enter goes to the first lesson that was found; Enter again opens it.
    const auto card = std::find_if(items_.before.begin(), items_.before.end(),
                                   [](const Item &item) { return item.id.starts_with("card."); });
    if (ImGui::IsItemDeactivated() && pressed(ImGuiKey_Enter) && card != items_.before.end())
        items_.focus = card->id;
    context.ui.key_cap({box.right() - 30, box.y + 6, 19, 19}, "/");
}

/// The query over all records, above the timeline.
void App::draw_filter(PanelContext &context, const Rect &window)
{
    if (!state_.filter_open || state_.screen == Screen::Library || lesson_->records().empty())
        return;
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const float wide = std::min(680.0F, window.w - 40);
    const Rect box{window.w / 2 - wide / 2, window.h - 226, wide, 100};
    ui.touch("filter.ground", box);
    ui.card(box);
    ui.frame(box, t.line2, 10);
    draw_sign(ui, Sign::Search, {box.x + 22, box.y + 22}, t.text2);
    std::array<char, 256> buffer = buffer_of(state_.filter);
    if (ImGui::IsWindowAppearing() || !ImGui::IsAnyItemActive())
        ImGui::SetKeyboardFocusHere();
    if (text_field(context, "##filter", {box.x + 40, box.y + 9, box.w - 60, 24},
                   "protocol:smtp reply:5xx host:mx.example.jp", buffer))
        ui.intend(Act::SetFilter, 0, buffer.data());
    std::string found;
    if (const Result<StopRule> rule = StopRule::parse(state_.filter, words_->hosts())) {
        found = words_->view("matches",
                             {{"count", std::to_string(lesson_->count(state_.filter, *rule))}});
    } else {
        found = rule.error().message;
    }
    ui.text(Style::Text12, box.x + 18, box.y + 48, t.text2,
            ui.fit(Style::Text12, found, box.w - 36));
    draw_query_choices(context, {box.x + 14, box.y + 62, box.w - 28, 28});
}

/// Queries that are often wanted, as buttons, and what is done with the query.
void App::draw_query_choices(PanelContext &context, const Rect &row)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const Record &record = lesson_->records()[state_.record];
    std::vector<std::string> queries = {"trouble:any", "kind:cache-miss", "queue:1"};
    if (record.protocol != Protocol::None)
        queries.push_back("protocol:" + std::string(to_string(record.protocol)));
    if (!record.host.is_none())
        queries.push_back("at:" + words_->host(record.host));
    float x = row.x;
    const auto pill = [&](const std::string &id, const std::string &label, Style style, bool on) {
        const float wide = ui.width(style, label) + 20;
        const Rect box{x, row.y, wide, row.h};
        const Touch touch = ui.touch(id, box);
        ui.fill(box, touch.hovered ? mixed(t.raised, t.text, 0.08F) : t.raised, 7);
        ui.frame(box, on ? t.text : t.line, 7, on ? 2.0F : 1.0F);
        ui.text(style, box.centre().x, box.centre().y, t.text, label, Align::Centre);
        x += wide + 6;
        return touch.pressed;
    };
    const std::string stop = words_->view("stop-here");
    const std::string only = words_->view("only-these");
    const float rest = ui.width(Style::Text12, stop) + ui.width(Style::Text12, only) + 52;
    for (std::size_t i = 0; i < queries.size(); ++i)
        if (x + ui.width(Style::Mono12, queries[i]) + 26 < row.right() - rest &&
            pill("query." + std::to_string(i), queries[i], Style::Mono12, false))
            ui.intend(Act::SetFilter, 0, queries[i]);
    x = row.right() - rest + 6;
    if (pill("filter.stop", stop, Style::Text12, state_.stops_at_match))
        ui.intend(Act::StopAtMatch);
    if (pill("filter.ladder", only, Style::Text12, state_.ladder_filtered))
        ui.intend(Act::FilterLadder);
}

void App::draw_change_box(PanelContext &context, const Rect &window)
{
    if (!state_.changes_open || lesson_ == nullptr || state_.screen != Screen::Lesson)
        return;
    const Rect field = draw_changes(context, window, changes_view(moment()));
    if (field.w <= 0)
        return;
    std::array<char, 256> buffer = buffer_of(state_.change_value);
    if (!ImGui::IsAnyItemActive())
        ImGui::SetKeyboardFocusHere();
    if (text_field(context, "##change", field, "", buffer))
        context.ui.intend(Act::TypeChange, 0, buffer.data());
}

/// The bar between panels that has the keyboard's focus.
bool App::move_bar(Point by)
{
    constexpr std::string_view prefix = "bar.";
    if (!items_.focus.starts_with(prefix))
        return false;
    apply({Act::DragBar, items_.focus[prefix.size()] - '0', {}, by});
    return true;
}

/// Up and down: through the things of a panel, and where there is nothing more, scrolling.
void App::handle_rows(int direction)
{
    constexpr float far = 60;
    const float by = far * static_cast<float>(direction);
    if (move_bar({0, by / 3}) || items_.move_row(direction))
        return;
    if (state_.screen == Screen::Library)
        apply({Act::Scroll, 0, {}, {0, state_.library_scroll + 2 * by}});
    else if (items_.focused_panel() == 4 || state_.side == SideTab::Inspector)
        apply({Act::ScrollFacts, 0, {}, {0, state_.facts_scroll + by}});
    else
        apply({Act::ScrollDialog, 0, {}, {0, state_.dialog_scroll - by}});
}

void App::handle_arrows(int direction)
{
    if (move_bar({20.0F * static_cast<float>(direction), 0}))
        return;
    const ImGuiIO &io = ImGui::GetIO();
    const bool on = direction > 0;
    Act act = on ? Act::StepOn : Act::StepBack;
    if (io.KeyShift)
        act = on ? Act::ExchangeOn : Act::ExchangeBack;
    else if (io.KeyCtrl)
        act = on ? Act::SceneOn : Act::SceneBack;
    else if (io.KeyAlt)
        act = on ? Act::RecordOn : Act::RecordBack;
    apply({act, 0, {}, {}});
}

void App::handle_digits()
{
    for (int i = 0; i < 9; ++i)
        if (pressed(static_cast<ImGuiKey>(ImGuiKey_1 + i)) && lesson_ != nullptr) {
            const LessonView view = lesson_view(moment(), lesson_->moments(), remedies_now());
            const auto number = static_cast<std::size_t>(i);
            if (view.question >= 0 && number < view.choices.size())
                apply({Act::Choose, i, {}, {}});
            else if (view.question < 0 && number < view.remedies.size())
                apply({Act::TryRemedy, 0, view.remedies[number].id, {}});
        }
}

/// Keys that stand for an intent by themselves.
void App::handle_letters()
{
    const ImGuiIO &io = ImGui::GetIO();
    struct Key
    {
        ImGuiKey key;
        Act act;
        std::int64_t number;
    };
    const std::array<Key, 26> keys = {{
        {ImGuiKey_Space, Act::Play, 0},
        {ImGuiKey_Home, Act::GoToStart, 0},
        {ImGuiKey_End, Act::GoToEnd, 0},
        {ImGuiKey_E, io.KeyShift ? Act::LastTrouble : Act::NextTrouble, 0},
        {ImGuiKey_W, Act::FollowWhy, 0},
        {ImGuiKey_D, Act::Deeper, 0},
        {ImGuiKey_C, Act::Compare, 0},
        {ImGuiKey_Z, Act::FitMap, 0},
        {ImGuiKey_F, Act::FocusMap, 0},
        {ImGuiKey_Slash, Act::OpenFilter, 0},
        {ImGuiKey_T, Act::DarkTheme, state_.dark ? 0 : 1},
        {ImGuiKey_G, Act::Language, 0},
        {ImGuiKey_M, Act::ReducedMotion, 0},
        {ImGuiKey_P, Act::SavePicture, io.KeyShift ? 1 : 0},
        {ImGuiKey_B, Act::OpenChanges, 0},
        {ImGuiKey_S, Act::StopAtMatch, 0},
        {ImGuiKey_N, Act::FindNext, io.KeyShift ? -1 : 1},
        {ImGuiKey_LeftBracket, Act::NextBranch, -1},
        {ImGuiKey_RightBracket, Act::NextBranch, 1},
        {ImGuiKey_U, Act::Unfold, -1},
        {ImGuiKey_L, Act::Live, 0},
        {ImGuiKey_O, Act::OpenTalks, 0},
        {ImGuiKey_R, Act::ResetBars, 0},
        {ImGuiKey_F5, Act::Reload, 0},
        {ImGuiKey_F6, Act::NextPanel, io.KeyShift ? -1 : 1},
        {ImGuiKey_F1, Act::Help, 0},
    }};
    if (!io.KeyCtrl)
        for (const Key &key : keys)
            if (pressed(key.key) && !(key.key == ImGuiKey_Slash && io.KeyShift))
                apply({key.act, key.number, {}, {}});
}

void App::handle_keys()
{
    const ImGuiIO &io = ImGui::GetIO();
    if (pressed(ImGuiKey_Escape))
        apply({Act::Escape, 0, {}, {}});
    if (state_.filter_open && state_.screen == Screen::Lesson && pressed(ImGuiKey_Enter))
        apply({Act::FindNext, io.KeyShift ? -1 : 1, {}, {}});
    if (state_.changes_open && io.WantTextInput && pressed(ImGuiKey_Enter))
        apply({Act::DoChange, 0, {}, {}});
    if (io.KeyCtrl && pressed(ImGuiKey_Q))
        apply({Act::Quit, 0, {}, {}});
    if (io.WantTextInput)
        return;
    if (pressed(ImGuiKey_Tab))
        items_.move_focus(io.KeyShift ? -1 : 1);
    if (pressed(ImGuiKey_Enter) && !items_.focus.empty())
        items_.focus_pressed = true;
    else if (pressed(ImGuiKey_Enter))
        apply({Act::Check, 0, {}, {}});
    if (pressed(ImGuiKey_RightArrow))
        handle_arrows(1);
    if (pressed(ImGuiKey_LeftArrow))
        handle_arrows(-1);
    if (pressed(ImGuiKey_DownArrow))
        handle_rows(1);
    if (pressed(ImGuiKey_UpArrow))
        handle_rows(-1);
    handle_letters();
    if (io.KeyShift && pressed(ImGuiKey_Slash))
        apply({Act::Help, 0, {}, {}});
    if (io.KeyCtrl && pressed(ImGuiKey_C)) {
        const CopyWhat what = io.KeyShift                          ? CopyWhat::Transcript
                              : state_.tab == InspectorTab::Letter ? CopyWhat::Letter
                                                                   : CopyWhat::Line;
        apply({Act::Copy, static_cast<std::int64_t>(what), {}, {}});
    }
    const int percent = static_cast<int>(state_.scale * 100 + 0.5F);
    if (io.KeyCtrl && (pressed(ImGuiKey_Equal) || pressed(ImGuiKey_KeypadAdd)))
        apply({Act::Scale, percent + 25, {}, {}});
    if (io.KeyCtrl && (pressed(ImGuiKey_Minus) || pressed(ImGuiKey_KeypadSubtract)))
        apply({Act::Scale, percent - 25, {}, {}});
    handle_digits();
}

} // namespace mailscope::viz
