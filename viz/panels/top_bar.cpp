// What is open, and how it is shown; tabs, help and tooltips.
#include "viz/draw/shapes.h"
#include "viz/panels/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mailscope::viz
{

namespace
{

/// What is open, between the product's name and `right`; a click leads to the library.
void draw_title(const PanelContext &context, const Rect &area, const CardRow &open, float right)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const float y = area.y + area.h / 2;
    const float left = area.x + 156;
    const float wide = std::min(340.0F, right - left - 10);
    const Rect box{left, y - 15, wide, 30};
    const Touch chosen = ui.touch("title", box, context.words.view("library"));
    ui.fill(box, chosen.hovered ? mixed(t.panel, t.text, 0.08F) : t.panel, 7);
    ui.frame(box, t.line, 7);
    const Mark mark = open.trouble != Mark::None ? open.trouble : Mark::Letter;
    draw_mark(ui, mark, {box.x + 18, y}, mark == Mark::Letter ? 7.0F : 8.0F);
    ui.text(Style::Bold14, box.x + 36, y, t.text, ui.fit(Style::Bold14, open.title, wide - 62));
    draw_sign(ui, Sign::Down, {box.right() - 16, y}, t.text2);
    if (chosen.pressed)
        ui.intend(Act::Library);
    const float space = right - box.right() - 20;
    if (space > 120)
        ui.text(Style::Text13, box.right() + 14, y, t.text2,
                ui.fit(Style::Text13, open.summary, space));
}

} // namespace

void draw_top_bar(const PanelContext &context, const Rect &area, const CardRow *open)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const UiState &state = context.state;
    const float y = area.y + area.h / 2;
    const Rect home{area.x + 10, area.y + 4, 132, area.h - 8};
    const Touch touch = ui.touch("library", home, context.words.view("library"));
    if (touch.pressed)
        ui.intend(Act::Library);
    draw_logo(ui, {area.x + 30, y});
    ui.text(Style::Bold17, area.x + 54, y, t.text, "mailscope");
    float right = area.right() - 10;
    const auto round = [&](std::string_view name, auto draw, Act act, std::int64_t number) {
        const Point c{right - 14, y};
        const Touch pressed =
            ui.touch(name, {c.x - 14, c.y - 14, 28, 28}, context.words.view(name));
        ui.circle(c, 13, pressed.hovered ? t.raised : t.panel);
        ui.ring(c, 13, t.line2, 1);
        draw(c);
        if (pressed.pressed)
            ui.intend(act, number);
        right -= 38;
    };
    round(
        "help", [&](Point c) { ui.text(Style::Bold13, c.x, c.y, t.text, "?", Align::Centre); },
        Act::Help, 0);
    round(
        "theme", [&](Point c) { draw_sign(ui, state.dark ? Sign::Moon : Sign::Sun, c, t.text); },
        Act::DarkTheme, state.dark ? 0 : 1);
    const auto choice = [&](std::string_view id, float wide, const std::vector<std::string> &labels,
                            int chosen) {
        right -= wide;
        const int pressed = ui.segments(id, {right, y - 14, wide, 28}, labels, chosen);
        right -= 12;
        return pressed;
    };
    constexpr std::array<int, 4> scales = {100, 125, 150, 200};
    const bool narrow = area.w < 1100;
    if (!narrow) {
        const auto now = static_cast<int>(state.scale * 100 + 0.5F);
        const auto found = std::find(scales.begin(), scales.end(), now);
        const int next = found == scales.end() || found + 1 == scales.end() ? 100 : found[1];
        const Rect box{right - 62, y - 14, 62, 28};
        const Touch pressed = ui.touch("scale", box, context.words.view("scale"));
        ui.fill(box, pressed.hovered ? t.raised : t.panel, 7);
        ui.frame(box, t.line, 7);
        ui.text(Style::Bold13, box.centre().x, y, t.text, fmt::format("{}%", now), Align::Centre);
        if (pressed.pressed)
            ui.intend(Act::Scale, next);
        right -= 74;
    }
    const int language =
        choice("language", 136, {"日本語", "English"}, state.language == "ja" ? 0 : 1);
    if (language >= 0)
        ui.intend(Act::Language, 0, language == 0 ? "ja" : "en");
    if (open == nullptr)
        return;
    if (!narrow) {
        const int side =
            choice("compare", 136, {context.words.view("single"), context.words.view("compare")},
                   state.screen == Screen::Compare ? 1 : 0);
        if (side >= 0 && (side == 1) != (state.screen == Screen::Compare))
            ui.intend(Act::Compare);
    }
    draw_live_button(context, {right - 84, y - 14, 84, 28});
    right -= 96;
    draw_title(context, area, *open, right);
}

Rect draw_side_tabs(const PanelContext &context, const Rect &area, bool with_ladder)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    constexpr std::array<const char *, 3> names = {"ladder", "dialog", "packet-and-host"};
    float x = area.x + 4;
    for (std::size_t i = with_ladder ? 0 : 1; i < names.size(); ++i) {
        const std::string name = context.words.view(names[i]);
        const float wide = ui.width(Style::Bold13, name) + 24;
        const bool chosen = static_cast<std::size_t>(context.state.side) == i ||
                            (!with_ladder && i == 1 && context.state.side == SideTab::Ladder);
        const Rect box{x, area.y, wide, 26};
        const Touch touch = ui.touch(std::string("side.") + names[i], box);
        if (chosen)
            ui.fill({box.x, box.y, box.w, box.h + 8}, t.panel, 8);
        ui.text(chosen ? Style::Bold13 : Style::Text13, box.centre().x, box.centre().y,
                chosen || touch.hovered ? t.text : t.text3, name, Align::Centre);
        if (touch.pressed)
            ui.intend(Act::SelectSide, static_cast<std::int64_t>(i));
        x += wide + 2;
    }
    return {area.x, area.y + 26, area.w, area.h - 26};
}

namespace
{

/// Less motion can be had without the keyboard, too.
void draw_motion_switch(const PanelContext &context, const Rect &row)
{
    Ui &ui = context.ui;
    const Touch touch = ui.touch("motion", row);
    if (touch.hovered)
        ui.frame(row, ui.theme.text, 6);
    const Point box{row.right() - 16, row.centre().y};
    ui.frame({box.x - 8, box.y - 8, 16, 16}, ui.theme.text, 4, 1.5F);
    if (context.state.reduced_motion)
        draw_sign(ui, Sign::Check, box, ui.theme.text, 0.8F);
    if (touch.pressed)
        ui.intend(Act::ReducedMotion);
}

} // namespace

void draw_help(const PanelContext &context, const Rect &window)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    constexpr std::array<std::array<const char *, 2>, 36> keys = {{
        {"Space", "play"},
        {"← →", "grain.step"},
        {"Alt ← →", "grain.record"},
        {"Shift ← →", "grain.exchange"},
        {"Ctrl ← →", "grain.scene"},
        {"Home End", "key.ends"},
        {"E / Shift E", "key.errors"},
        {"1–9", "key.numbers"},
        {"Enter", "check"},
        {"W", "why"},
        {"D", "key.deeper"},
        {"B", "key.change"},
        {"L", "key.live"},
        {"[ ]", "key.branches"},
        {"C", "compare"},
        {"O", "key.talks"},
        {"U", "key.lines"},
        {"Z", "fit"},
        {"F", "key.focus-map"},
        {"/", "key.search"},
        {"N / Shift N", "key.next-match"},
        {"S", "key.stop"},
        {"T", "theme"},
        {"G", "key.language"},
        {"M", "key.motion"},
        {"Ctrl + / −", "scale"},
        {"P / Shift P", "key.picture"},
        {"Ctrl (Shift) C", "key.copy"},
        {"Tab", "key.focus"},
        {"F6 / Shift F6", "key.panel"},
        {"↑ ↓", "key.rows"},
        {"R", "key.bars"},
        {"F5", "reload"},
        {"F1 / ?", "keys"},
        {"Ctrl Q", "key.quit"},
        {"Esc", "key.back"},
    }};
    constexpr std::size_t rows = (keys.size() + 1) / 2;
    ui.touch("help.ground", window);
    ui.fill(window, faded(t.canvas, 0.7F));
    const float wide = std::min(720.0F, window.w - 24);
    const float pitch = std::min(28.0F, (window.h - 90) / static_cast<float>(rows));
    const float tall = 72 + pitch * static_cast<float>(rows);
    const Rect box{window.x + (window.w - wide) / 2, window.y + (window.h - tall) / 2, wide, tall};
    ui.card(box);
    ui.frame(box, t.line2, 10);
    ui.text(Style::Bold17, box.x + 22, box.y + 28, t.text, context.words.view("keys"));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const float x = box.x + 22 + (i >= rows ? wide / 2 : 0);
        const float y = box.y + 64 + pitch * static_cast<float>(i % (rows));
        const std::string key = keys[i][0];
        ui.key_cap({x, y - 10, 104, 20}, key);
        // Some of these words are tooltips, too, and name their key at the end.
        std::string what = context.words.view(keys[i][1]);
        what.resize(std::min({what.size(), what.find(" ("), what.find("（")}));
        ui.text(Style::Text13, x + 114, y, t.text, ui.fit(Style::Text13, what, wide / 2 - 148));
        if (key == "M")
            draw_motion_switch(context, {x - 4, y - 12, wide / 2 - 26, 24});
    }
}

void draw_tooltip(const PanelContext &context, const Rect &window)
{
    Ui &ui = context.ui;
    if (ui.tooltip().empty())
        return;
    const Theme &t = ui.theme;
    const std::vector<std::string> lines = ui.wrap(Style::Text12, ui.tooltip(), 320);
    float wide = 0;
    for (const std::string &line : lines)
        wide = std::max(wide, ui.width(Style::Text12, line));
    Rect box{ui.tooltip_at().x, ui.tooltip_at().y, wide + 18,
             10 + 18 * static_cast<float>(lines.size())};
    box.x = std::clamp(box.x, window.x + 4, window.right() - box.w - 4);
    box.y = std::clamp(box.y, window.y + 4, window.bottom() - box.h - 4);
    ui.fill(box, t.text, 6);
    float y = box.y + 14;
    for (const std::string &line : lines) {
        ui.text(Style::Text12, box.x + 9, y, t.canvas, line);
        y += 18;
    }
}

void draw_problems(const PanelContext &context, const Rect &area, const std::string &file,
                   const std::vector<std::string> &problems)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    ui.card(area);
    ui.clip(area);
    draw_octagon(ui, Mark::Permanent, {area.x + 30, area.y + 30}, 10);
    ui.text(Style::Bold17, area.x + 50, area.y + 30, t.text, context.words.view("file-problems"));
    ui.text(Style::Mono12, area.x + 22, area.y + 56, t.text2, file);
    float y = area.y + 76;
    for (const std::string &problem : problems)
        for (const std::string &line : lines_of(problem)) {
            // Words wrap; a line of the file with the mark below it stays as it is.
            const bool is_file = line.starts_with(' ');
            const std::vector<std::string> shown =
                is_file ? std::vector<std::string>{ui.fit(Style::Mono13, line, area.w - 44)}
                        : ui.wrap(Style::Mono13, line, area.w - 44);
            for (const std::string &part : shown) {
                if (y < area.bottom() - 80)
                    ui.text(Style::Mono13, area.x + 22, y + 9, t.text, part);
                y += 20;
            }
        }
    if (ui.button("reload", {area.x + 22, area.bottom() - 48, 140, 33},
                  context.words.view("reload"), true))
        ui.intend(Act::Reload);
    if (ui.button("close-problems", {area.x + 174, area.bottom() - 48, 140, 33},
                  context.words.view("back")))
        ui.intend(Act::Escape);
    ui.unclip();
}

} // namespace mailscope::viz
